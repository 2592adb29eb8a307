#include "extract/authors/authors.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "lang/byline.h"
#include "lang/date.h"
#include "lang/name.h"
#include "lang/phrases.h"

#include <string.h>

/* A line is read from left to right: what is known in such lines (authors, dates, "Published", "5
 * min read", the site's name) is passed over, and what is left over is counted. */

enum { LONGEST = 400, MAX_REST = 10, ENOUGH_REST = 30, LONGEST_PERSON = 100, LONGEST_COUNT = 50 };

struct credit_reader {
	struct page *page;
	const char *s;
	size_t len;
	unsigned said;
	size_t letters, rest; /* of the words that are known, and of the others */
};

/* What follows "By" up to the next mark, as the name of somebody who is not known yet. */
static size_t new_name(const char *s, size_t len)
{
	static const char *const marks[] = {",",     ";",   "|", "(", "/", "\n", " on ",
					    " and ", " - ", "·", "•", "–", "—"};
	size_t end = 0;
	bool mark = false;
	while (end < len && !mark) {
		for (size_t i = 0; i < sizeof marks / sizeof *marks && !mark; i++)
			mark = strncmp(s + end, marks[i], strlen(marks[i])) == 0;
		end += !mark;
	}
	while (end && s[end - 1] == ' ')
		end--;
	return is_name(s, end) ? end : 0;
}

static size_t read_who(struct credit_reader *r)
{
	size_t used;
	if (author_at(r->page->a, r->s, r->len, &used)) {
		r->said |= META_WHO;
		return used;
	}
	const char *names[] = {r->page->a->publisher, r->page->a->section};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		used = names[i] ? name_at(r->s, r->len, names[i]) : 0;
		if (used)
			return used;
	}
	return 0;
}

/* A name, with what that person is: "Ann Brown, Attorney at Brown & Co., on …". */
static size_t skip_person(const char *s, size_t len)
{
	size_t end = new_name(s, len);
	if (end && end < len && s[end] == ',') {
		const char *on = memmem(s + end, len - end, " on ", 4);
		size_t rest = on ? (size_t)(on - s) : len;
		end = rest < LONGEST_PERSON ? rest : end;
	}
	return end;
}

static size_t read_label(struct credit_reader *r)
{
	static const struct {
		enum phrase_kind kind;
		unsigned said;
	} kinds[] = {{PHRASE_UPDATED, META_LABEL},
		     {PHRASE_PUBLISHED, META_LABEL},
		     {PHRASE_READING_TIME, META_COUNT},
		     {PHRASE_DATE_WORD, 0},
		     {PHRASE_AND, 0},
		     {PHRASE_POSITION, 0}};
	size_t used = byline_label(r->s, r->len);
	if (used) {
		r->said |= META_LABEL;
		size_t name =
			article_has_author(r->page->a) ? 0 : new_name(r->s + used, r->len - used);
		if (name)
			r->said |= META_WHO;
		return used + name;
	}
	used = phrase_at(PHRASE_CHECKED_BY, r->s, r->len);
	if (used) {
		r->said |= META_LABEL;
		while (used < r->len && strchr(" :", r->s[used]))
			used++;
		return used + skip_person(r->s + used, r->len - used);
	}
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		used = phrase_at(kinds[i].kind, r->s, r->len);
		if (used) {
			r->said |= kinds[i].said;
			return used;
		}
	}
	return 0;
}

static size_t credit_line_read_date(struct credit_reader *r)
{
	size_t start, end;
	if (r->said & META_WHEN && r->len < 4)
		return 0;
	const char *date = date_find(&r->page->arena, r->s, r->len, &start, &end);
	if (!date || start != 0)
		return 0;
	r->said |= META_WHEN;
	return end;
}

static size_t word_length(const char *s, size_t len)
{
	size_t i = 0;
	while (i < len) {
		uint32_t cp;
		size_t n = utf8_decode(s + i, len - i, &cp);
		if (!cp_is_letter(cp) && cp != '\'' && cp != 0x2019)
			break;
		i += n;
		if (cp_is_cjk(cp))
			break;
	}
	return i;
}

unsigned meta_line(struct page *page, const char *text, size_t len)
{
	struct credit_reader r = {.page = page, .s = text, .len = len};
	if (len > LONGEST || page->a->no_guess)
		return 0;
	while (r.len) {
		uint32_t cp;
		size_t n = utf8_decode(r.s, r.len, &cp), used;
		bool digit = ascii_is_digit(cp);
		if (!cp_is_letter(cp) && !digit) {
			used = n;
		} else if ((used = credit_line_read_date(&r)) ||
			   (!digit && (used = read_who(&r))) ||
			   (!digit && (used = read_label(&r)))) {
			r.letters += used;
		} else if (digit) {
			used = strspn(r.s, "0123456789");
		} else {
			used = word_length(r.s, r.len);
			used = used ? used : n;
			r.rest += used;
			if (r.rest > ENOUGH_REST)
				return 0;
		}
		r.s += used;
		r.len -= used;
	}
	bool whole = r.rest == 0 || (r.said & (META_WHO | META_WHEN) && r.rest <= MAX_REST &&
				     r.rest * 2 <= r.letters);
	/* "Reader's Desk | 5 min read" */
	whole |= (r.said & META_COUNT) && len <= LONGEST_COUNT && r.rest * 2 <= len;
	return whole ? r.said : 0;
}
