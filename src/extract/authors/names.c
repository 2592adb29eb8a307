#include "extract/authors/authors.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "lang/byline.h"
#include "lang/name.h"
#include "lang/phrases.h"

#include <string.h>

enum {
	MAX_AUTHORS = 50, /* that a text is compared with */
	MAX_WORDS = 20
};

struct word {
	const char *s;
	size_t len;
};

/* The next letter or digit at *i, in lower case, 0 at the end; *i is behind it. */
static uint32_t next_letter(const char *s, size_t len, size_t *i)
{
	while (*i < len) {
		uint32_t cp;
		*i += utf8_decode(s + *i, len - *i, &cp);
		if (cp_is_letter(cp) || ascii_is_digit(cp))
			return cp_lower(cp);
	}
	return 0;
}

static bool names_goes_on(const char *s, size_t len, size_t at)
{
	uint32_t cp;
	if (at >= len)
		return false;
	utf8_decode(s + at, len - at, &cp);
	return cp_is_letter(cp) && !cp_is_cjk(cp);
}

size_t name_at(const char *text, size_t len, const char *name)
{
	size_t name_len = strlen(name), i = 0, j = 0, end = 0;
	for (;;) {
		uint32_t want = next_letter(name, name_len, &j);
		if (!want)
			return end && !names_goes_on(text, len, end) ? end : 0;
		if (next_letter(text, len, &i) != want)
			return 0;
		end = i;
	}
}

bool name_is(const char *text, size_t len, const char *name)
{
	size_t end = name_at(text, len, name);
	return end && next_letter(text, len, &end) == 0;
}

static size_t author_count(const struct article *a)
{
	return a->authors.count < MAX_AUTHORS ? a->authors.count : MAX_AUTHORS;
}

struct author *author_at(const struct article *a, const char *text, size_t len, size_t *used)
{
	for (size_t i = 0; i < author_count(a); i++) {
		struct author *author = &a->authors.items[i];
		*used = author->name ? name_at(text, len, author->name) : 0;
		if (*used)
			return author;
	}
	return NULL;
}

/* The words of a text, of more than one letter; of a name, without positions ("PhD") and
 * particles ("van"). */
static size_t split_words(const char *s, size_t len, bool name, struct word *words)
{
	size_t count = 0;
	for (size_t i = 0; i < len && count < MAX_WORDS;) {
		size_t n = 0;
		while (i + n < len && !strchr(" \t\n.,:;!?(|", s[i + n]))
			n++;
		if (utf8_length(s + i, n) > 1 && !(name && ((s[i] >= 'a' && s[i] <= 'z') ||
							    phrase_is(PHRASE_POSITION, s + i, n))))
			words[count++] = (struct word){s + i, n};
		i += n + 1;
	}
	return count;
}

/* How many words two texts have in common; *least is how many the shorter one has. */
static size_t count_common(const char *a, size_t alen, const char *b, size_t blen, bool names,
			   size_t *least)
{
	struct word aw[MAX_WORDS], bw[MAX_WORDS];
	size_t an = split_words(a, alen, names, aw), bn = split_words(b, blen, names, bw),
	       common = 0;
	for (size_t i = 0; i < an; i++)
		for (size_t j = 0; j < bn; j++)
			if (aw[i].len == bw[j].len &&
			    strncasecmp(aw[i].s, bw[j].s, aw[i].len) == 0) {
				common++;
				break;
			}
	*least = an < bn ? an : bn;
	return common;
}

double share_of_words(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t least, common = count_common(a, alen, b, blen, false, &least);
	return least ? (double)common / (double)least : 0;
}

struct author *author_like(const struct article *a, const char *name, size_t len)
{
	struct author *found = NULL;
	for (size_t i = 0; i < author_count(a); i++) {
		struct author *author = &a->authors.items[i];
		size_t least, common = author->name
					       ? count_common(author->name, strlen(author->name),
							      name, len, true, &least)
					       : 0;
		if (common && (common > 1 || common >= least || author_count(a) == 1) &&
		    (!found || common > 1))
			found = author;
	}
	return found;
}

struct author *author_alone(const struct article *a)
{
	return a->authors.count == 1 && a->authors.items[0].name ? &a->authors.items[0] : NULL;
}

bool is_name(const char *text, size_t len)
{
	return name_is_personal(text, len) && !phrase_is_occupation(text, len) &&
	       !byline_has_position(text, len);
}
