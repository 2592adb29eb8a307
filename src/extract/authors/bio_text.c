#include "extract/authors/authors.h"

#include "article/tree.h"
#include "base/utf8.h"
#include "lang/bio_line.h"
#include "lang/phrases.h"

#include <string.h>

enum {
	LONGEST_LABEL = 90,
	SHORTEST_OPEN = 40,
	LONGEST_BUTTON = 30,
	SHORTEST_PROSE = 25,
	SHORTEST_LINKED = 80,
	MAX_AUTHORS = 20,
	LONGEST_BIO = 1200
};

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

/* "comments (42) hits (23925)": a page's counters. */
static bool has_counters(const char *text, size_t len)
{
	size_t counters = 0;
	for (size_t i = 0; i + 2 < len; i++) {
		size_t digits = text[i] == '(' ? strspn(text + i + 1, "0123456789") : 0;
		counters += digits && i + 1 + digits < len && text[i + 1 + digits] == ')';
	}
	return counters >= 2;
}

bool is_bio_prose(const struct line *line, const char *text, size_t len)
{
	uint32_t first = 0;
	if (len)
		utf8_decode(text, len, &first);
	unsigned chars = cp_is_cjk(first) ? line->chars * 5 / 2 : line->chars;
	if (chars < SHORTEST_PROSE || line->heading || has_counters(text, len))
		return false;
	bool sentence = ends_sentence(text, len);
	if (line->link_chars * 10 >= line->chars * 7 && (!sentence || chars < SHORTEST_LINKED))
		return false;
	if ((chars < LONGEST_LABEL || line->link_chars * 3 >= line->chars) &&
	    phrase_at(PHRASE_NOT_BIO, text, len))
		return false;
	return sentence || chars >= LONGEST_LABEL ||
	       (chars >= SHORTEST_OPEN && phrase_is_occupation(text, len));
}

size_t trim_bio(const char *text, size_t len)
{
	for (size_t at = len; at > 0 && len - at < LONGEST_BUTTON; at--)
		if (text[at - 1] == ' ' && ends_sentence(text, at - 1) &&
		    phrase_at(PHRASE_NOT_BIO, text + at, len - at))
			return at - 1;
	return len;
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
	for (size_t i = 0; !found && i < a->authors.count && i < MAX_AUTHORS; i++)
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

void skip_wrapping(const char **s, size_t *len)
{
	while (*len > 1 && strchr("([*_-~", **s)) {
		++*s;
		--*len;
	}
	while (*len > 3 && (!strncmp(*s, "（", 3) || !strncmp(*s, "【", 3) ||
			    !strncmp(*s, "—", 3) || !strncmp(*s, "–", 3) || !strncmp(*s, "■", 3))) {
		*s += 3;
		*len -= 3;
	}
	utf8_trim(s, len);
}

/* Whether all of the line is in italics: how bios are often set. */
static bool is_italic(const struct line *line)
{
	const xmlNode *up = tree_parent(line->first);
	for (int i = 0; i < 4 && up && up != line->block; i++, up = tree_parent(up))
		if (page_name_is_in(up, "em i") && lines_are_few(line->block, line->chars + 8))
			return true;
	return false;
}

/* Pages set their bios apart: a name in ideographs need not be a common one. */
static bool says_writer(const char *s, size_t len, const struct bio_line *start)
{
	uint32_t first;
	utf8_decode(s, len, &first);
	return bio_names_writer(s, len, start) ||
	       (cp_is_cjk(first) && phrase_is_occupation(s + start->rest, len - start->rest));
}

bool is_bio_line(struct page *page, const struct line *line, const char *s, size_t len,
		 bool may_add, const char **name)
{
	const struct article *a = page->a;
	size_t used;
	struct bio_line start;
	if (line->chars > LONGEST_BIO || line->heading || line->item)
		return false;
	skip_wrapping(&s, &len);
	*name = NULL;
	size_t label = phrase_at(PHRASE_ABOUT, s, len);
	if (label && label < len && strchr(":-", s[label])) {
		s += label + 1;
		len -= label + 1;
		utf8_trim(&s, &len);
	} else {
		label = phrase_at(PHRASE_AUTHOR_IS, s, len);
	}
	const struct author *author = author_at(a, s, len, &used);
	if (author) {
		*name = author->name;
		if (s[used] == ':')
			return false; /* a reference to the piece, or an interview */
		/* a company may well be what the piece is about */
		return label ||
		       (is_name(author->name, strlen(author->name)) && is_bio_prose(line, s, len));
	}
	if (bio_line_read(s, len, &start)) {
		size_t own = start.names[0].len;
		author = author_like(a, s, own);
		*name = author ? author->name : arena_dupn(&page->arena, s, own);
		return label || author ||
		       (!start.comma && says_writer(s, len, &start) &&
			(may_add || is_italic(line)));
	}
	return label != 0;
}
