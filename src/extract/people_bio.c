#include "extract/people_parts.h"

#include "article/phrases.h"
#include "base/utf8.h"

#include <string.h>

enum { LONGEST_LABEL = 60, SHORTEST_PROSE = 25, SHORTEST_LINKED = 80, MOST_AUTHORS = 20 };

static bool ends_sentence(const char *s, size_t len)
{
	static const char *const ends[] = {".", "!", "?", ".\"", ".)", "。", "！", "।", "۔", ".”"};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(ends[i]);
		if (len >= n && memcmp(s + len - n, ends[i], n) == 0)
			return true;
	}
	return false;
}

bool is_bio_prose(const struct line *line, const char *text, size_t len)
{
	uint32_t first = 0;
	if (len)
		utf8_decode(text, len, &first);
	unsigned chars = cp_is_cjk(first) ? line->chars * 5 / 2 : line->chars;
	if (chars < SHORTEST_PROSE || line->heading)
		return false;
	if (line->link_chars * 10 >= line->chars * 7 && chars < SHORTEST_LINKED)
		return false;
	if (chars < LONGEST_LABEL || line->link_chars * 3 >= line->chars)
		return !phrase_at(PHRASE_NOT_BIO, text, len) &&
		       (chars >= LONGEST_LABEL || ends_sentence(text, len));
	return true;
}

/* Whether the text has a word of the name in it. */
static bool speaks_of(const char *text, const char *name)
{
	for (const char *s = name; *s;) {
		size_t n = strcspn(s, " ");
		char word[64];
		if (n >= 3 && n < sizeof word) {
			memcpy(word, s, n);
			word[n] = '\0';
			if (strstr(text, word))
				return true;
		}
		s += n + (s[n] == ' ');
	}
	return false;
}

struct author *bio_author(const struct article *a, const struct bio *bio)
{
	if (bio->name)
		return author_like(a, bio->name, strlen(bio->name));
	struct author *found = author_alone(a);
	for (size_t i = 0; !found && i < a->authors.count && i < MOST_AUTHORS; i++)
		if (a->authors.items[i].name && speaks_of(bio->text.data, a->authors.items[i].name))
			found = &a->authors.items[i];
	return found;
}

void bio_give(struct article *a, struct author *author, const struct buf *text)
{
	/* what the page shows may be a shorter form of what it says to machines */
	if (text->len == 0 || (author->bio && strlen(author->bio) >= text->len))
		return;
	author->bio = NULL;
	article_fill(a, &author->bio, text->data, text->len);
}
