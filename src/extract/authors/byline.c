#include "extract/authors/byline.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "base/word_list.h"
#include "extract/page/phrases.h"
#include "lang/byline.h"
#include "lang/date.h"
#include "lang/name.h"
#include "lang/phrases.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { MAX_LINE_BYTES = 400, MAX_NAMES = 40, MAX_NAME_BYTES = 120 };

struct line_reader {
	struct page *page;
	struct string_list *names;
	bool sure;
};

/* Past marks and spaces. */
static void skip_marks(const char **s, size_t *len)
{
	uint32_t cp;
	while (*len) {
		size_t n = utf8_decode(*s, *len, &cp);
		if (!cp_is_space(cp) && !(cp < 0x80 && strchr(":,;.-/|*#([\"'", (int)cp)) &&
		    cp != 0xFF1A && cp != 0x2013 && cp != 0x2014 && cp != 0x2022 && cp != 0xB7 &&
		    cp != 0x3010 && cp != 0xFF08)
			break;
		*s += n;
		*len -= n;
	}
}

static void trim_end(const char *s, size_t *len)
{
	static const char *const marks[] = {"：", "–", "—", "•", "】", "）", "·", "，", "、", "…"};
	for (bool more = true; more && *len;) {
		more = false;
		if (strchr(" :,;-/|*)]\"'\t", s[*len - 1])) {
			--*len;
			more = true;
		}
		for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
			size_t n = strlen(marks[i]);
			if (*len >= n && memcmp(s + *len - n, marks[i], n) == 0) {
				*len -= n;
				more = true;
			}
		}
	}
}

bool author_line_starts(const char *text, size_t len)
{
	skip_marks(&text, &len);
	const char *last = memrchr(text, ' ', len);
	if (last && phrase_is(PHRASE_BY, last + 1, len - (size_t)(last + 1 - text)))
		return true;
	return byline_label(text, len) || phrase_at(PHRASE_BY, text, len) ||
	       phrase_is(PHRASE_BY_MARK, text, len);
}

static bool byline_is_address(const char *s, size_t len)
{
	return memmem(s, len, "://", 3) || memmem(s, len, "www.", 4) || memmem(s, len, ".com/", 5);
}

/* A mail address, or a number: no name, but one may follow. */
static bool is_contact(const char *s, size_t len)
{
	const char *at = memchr(s, '@', len);
	if (at && at > s && !memchr(s, ' ', len))
		return memchr(at, '.', len - (size_t)(at - s)) != NULL;
	for (size_t i = 0; i < len; i++)
		if (!strchr("0123456789 +-()/.", s[i]))
			return false;
	return true;
}

static size_t count_words(const char *s, size_t len)
{
	size_t count = 0;
	for (size_t i = 0; i < len; i++)
		count += s[i] != ' ' && (i == 0 || s[i - 1] == ' ');
	return count;
}

/* "PhD", "M.D.", "RD", "Jr.": what may follow a name after a comma. */
static bool is_credential(const char *s, size_t len)
{
	size_t upper = 0, letters = 0;
	if (len < 2 || len > 12 || memchr(s, ' ', len))
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] >= 0x80)
			return false;
		upper += s[i] >= 'A' && s[i] <= 'Z';
		letters += (s[i] | 32) >= 'a' && (s[i] | 32) <= 'z';
	}
	return upper >= 1 && upper * 2 >= letters;
}

/* Where the name ends in "Ann Brown in London", "Ann Brown for The Daily", "Ann Brown 3 May". */
static size_t name_end(const char *s, size_t len)
{
	static const char *const words_after[] = {" in ", " for ", " at ",  " from ", " on ",
						  " is ", " of ",  " par ", " für ",  " pour "};
	size_t end = len;
	for (size_t i = 0; i < sizeof words_after / sizeof *words_after; i++) {
		const char *p = memmem(s, end, words_after[i], strlen(words_after[i]));
		if (p && p > s)
			end = (size_t)(p - s);
	}
	const char *paren = memchr(s, '(', end);
	if (paren && paren > s)
		end = (size_t)(paren - s);
	for (size_t i = 1; i < end; i++)
		if (ascii_is_digit(s[i]) && s[i - 1] == ' ')
			end = i;
	return end;
}

static void byline_add_name(struct line_reader *r, const char *s, size_t len)
{
	char *name = arena_dupn(&r->page->arena, s, len);
	char **slot = name ? ARENA_PUSH(&r->page->arena, *r->names) : NULL;
	if (slot)
		*slot = name;
}

/* Accounts that come with the software; labels. */
static bool is_placeholder_name(const char *s, size_t len)
{
	if (phrase_is(PHRASE_BY, s, len) || phrase_is(PHRASE_BY_MARK, s, len))
		return true;
	return word_list_has_case(
		"admin administrator webmaster author wordpress root null undefined none unknown",
		s, len);
}

/* "Feb 11" */
static bool is_day_of_year(struct line_reader *r, const char *s, size_t len)
{
	enum { MAX_DAY = 24 };
	size_t start, end;
	const char *text = len <= MAX_DAY && strpbrk(s, "0123456789")
				   ? arena_printf(&r->page->arena, "%.*s 2000", (int)len, s)
				   : NULL;
	return text && date_find(&r->page->arena, text, strlen(text), &start, &end) && start == 0;
}

/* One name, or what stands where one might. Returns whether the line continues. */
static bool byline_read_item(struct line_reader *r, const char *s, size_t len, bool first,
			     bool sure)
{
	skip_marks(&s, &len);
	trim_end(s, &len);
	if (len == 0 || is_contact(s, len))
		return true;
	if (phrase_whole(SAYS(RELATED) | SAYS(MORE) | SAYS(SHARE) | SAYS(NAV) | SAYS(SIGNUP), s,
			 len) ||
	    is_placeholder_name(s, len) || is_day_of_year(r, s, len))
		return false;
	if (len > MAX_NAME_BYTES || r->names->count >= MAX_NAMES || byline_is_address(s, len))
		return false;
	if (!first && is_credential(s, len) && r->names->count) {
		char **last = &r->names->items[r->names->count - 1];
		*last = arena_printf(&r->page->arena, "%s, %.*s", *last ? *last : "", (int)len, s);
		return true;
	}
	size_t personal = name_end(s, len);
	while (personal && s[personal - 1] == ' ')
		personal--;
	trim_end(s, &personal);
	if (name_is_personal(s, personal) && (first || !byline_has_position(s, personal))) {
		byline_add_name(r, s, personal);
		return true;
	}
	if (!sure || (!first && (byline_has_position(s, len) || count_words(s, len) < 2)) ||
	    count_words(s, len) > 6)
		return false;
	byline_add_name(r, s, len);
	return true;
}

/* A separator of names at s[at]: bytes, or 0. */
static size_t separator(const char *s, size_t len, size_t at)
{
	if (s[at] == '/' && at + 1 < len && ((at && s[at - 1] == ' ') || s[at + 1] == ' '))
		return 1;
	return len - at >= 3 && memcmp(s + at, "／", 3) == 0 ? 3 : byline_joint(s, len, at);
}

/* Where the part of the line ends that names people: at a bar, a dot in the middle, a spaced dash,
 * a word that says when. */
static size_t line_end(const char *s, size_t len)
{
	static const char *const ends[] = {" | ", "|",    " • ", "•",  " · ", " – ",     " — ",
					   " - ", " // ", " » ", "@ ", "►",   "\xC2\xA9"};
	for (size_t i = 1; i < len; i++) {
		for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
			if (len - i >= strlen(ends[k]) &&
			    memcmp(s + i, ends[k], strlen(ends[k])) == 0)
				return i;
		if (s[i - 1] == ' ' && (phrase_at(PHRASE_PUBLISHED, s + i, len - i) ||
					phrase_at(PHRASE_UPDATED, s + i, len - i)))
			return i;
	}
	return len;
}

/* "Brown, Ann B." is one person, the family first. */
static bool read_inverted(struct line_reader *r, const char *s, size_t len)
{
	const char *comma = memchr(s, ',', len);
	size_t family = comma ? (size_t)(comma - s) : 0, given = family + 1;
	if (!family || memchr(comma + 1, ',', len - family - 1) ||
	    memchr(comma + 1, ';', len - family - 1))
		return false;
	while (given < len && s[given] == ' ')
		given++;
	if (given == len || count_words(s, family) != 1 ||
	    count_words(s + given, len - given) > 2 || is_credential(s + given, len - given) ||
	    byline_has_position(s, len))
		return false;
	char *name = arena_printf(&r->page->arena, "%.*s %.*s", (int)(len - given), s + given,
				  (int)family, s);
	if (!name || !name_is_personal(name, strlen(name)))
		return false;
	byline_add_name(r, name, strlen(name));
	return true;
}

/* "Centre for Research and Teaching", "Linny and Peter": no names of people part at such an "and".
 */
static bool read_whole(struct line_reader *r, const char *s, size_t len)
{
	enum { MAX_WORDS = 8 };
	size_t first = 0;
	while (first < len && !separator(s, len, first))
		first++;
	if (first == len || !(s[first] == '&' || (s[first] | 32) >= 'a') || memchr(s, ',', len) ||
	    memchr(s, ';', len) || len > MAX_NAME_BYTES || count_words(s, len) > MAX_WORDS)
		return false;
	size_t end = first;
	while (end && s[end - 1] == ' ')
		end--;
	if (name_is_personal(s, end))
		return false;
	byline_add_name(r, s, len);
	return true;
}

static void byline_read_names(struct line_reader *r, const char *s, size_t len, bool sure)
{
	bool first = true;
	len = line_end(s, len);
	if (sure && (read_inverted(r, s, len) || read_whole(r, s, len)))
		return;
	for (size_t i = 0, start = 0; i <= len;) {
		bool end = i == len;
		size_t n = end ? 1 : separator(s, len, i);
		if (n) {
			if (!byline_read_item(r, s + start, i - start, first, sure))
				return;
			first = first && r->names->count == 0;
			start = i + n;
		}
		i += n ? n : 1;
	}
}

static void byline_read_line(struct line_reader *r, const char *s, size_t len)
{
	size_t start, end;
	skip_marks(&s, &len);
	if (len == 0 || len > MAX_LINE_BYTES || strncmp(s, "http", 4) == 0)
		return;
	size_t by = byline_label(s, len);
	if (!by) /* "Published on 3 May 2021 by Ann Brown" */
		for (size_t i = 1; i < len && !by; i++)
			if (s[i - 1] == ' ') {
				size_t n = phrase_at(PHRASE_BY, s + i, len - i);
				by = n && i + n < len && s[i + n] == ' ' ? i + n : 0;
				if (by && r->sure && !name_is_personal(s + by + 1, len - by - 1))
					by = 0;
			}
	if (!by) {
		char *date = date_find(&r->page->arena, s, len, &start, &end);
		if (date && start == 0)
			return;
	}
	if (!by && (phrase_at(PHRASE_PUBLISHED, s, len) || phrase_at(PHRASE_UPDATED, s, len)))
		return;
	s += by;
	len -= by;
	skip_marks(&s, &len);
	while ((by = byline_label(s, len)) != 0) { /* "By: By Ann Brown" */
		s += by;
		len -= by;
		skip_marks(&s, &len);
	}
	if (date_find(&r->page->arena, s, len, &start, &end) && start > 0)
		len = start; /* "Ann Brown July 3, 2021" */
	byline_read_names(r, s, len, r->sure);
}

void author_line_read(struct page *page, const char *text, bool sure, struct string_list *names)
{
	struct line_reader r = {page, names, sure};
	size_t count = names->count;
	while (*text && names->count == count) {
		size_t len = strcspn(text, "\n");
		byline_read_line(&r, text, len);
		text += len + (text[len] == '\n');
	}
}
