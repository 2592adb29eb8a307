#include "base/utf8.h"
#include "lang/caption.h"
#include "lang/name.h"
#include "read/text/text.h"

#include <string.h>

enum {
	HEAD_BLOCKS = 12, /* how far down bylines and dates are searched for */
	TITLE_COLUMNS = 160,
	STANDFIRST_COLUMNS = 600,
};

static bool head_has_letter(const char *s, size_t len)
{
	return text_first_letter(s, len) != 0;
}

/* "Q:", "A.", "JOHN:": a speaker. */
static bool starts_with_speaker(const char *s, size_t len)
{
	size_t i = 0;
	while (i < len && i < 20 && s[i] >= 'A' && s[i] <= 'Z')
		i++;
	return i > 0 && i + 1 < len && (s[i] == ':' || (i == 1 && s[i] == '.')) &&
	       s[i + 1] == ' ' && (i <= 2 || s[i] == ':');
}

/* A title: short, with a capital, no sentence, nothing that other rules know. */
static bool may_be_title(struct text_reader *r, const struct block *b, const char *s, size_t len)
{
	bool bare;
	uint32_t first = text_first_letter(s, len);
	if (b->kind != BLOCK_PARAGRAPH || b->quote || b->width > TITLE_COLUMNS ||
	    b->end - b->first > 3)
		return false;
	if (!head_has_letter(s, len) || cp_is_lower(first) || text_ends_open(s, len))
		return false;
	uint32_t last = text_last_char(s, len);
	if (text_ends_sentence(s, len) && last != '?' && last != '!' && last != 0xFF1F &&
	    last != 0xFF01 && last != 0x2026 && last != 0x61F &&
	    !(last >= 0x2019 && last <= 0x201D))
		return false;
	struct credit credit;
	if (memmem(s, len, "://", 3) || starts_with_speaker(s, len) || strchr("([", s[0]) ||
	    (credit_find(s, len, &credit) && credit.sure))
		return false;
	if (r->block_count > 1 && text_chapter_rank(s, len, &bare) != RANK_NONE)
		return false;
	return true;
}

/* Where the value begins in "Title: …"; 0 when the line is something else. */
static size_t title_label(const char *s, size_t len)
{
	size_t n = phrase_at(PHRASE_TITLE, s, len);
	if (!n || n >= len)
		return 0;
	size_t colon = s[n] == ':' ? 1 : len - n > 3 && memcmp(s + n, "：", 3) == 0 ? 3 : 0;
	if (!colon)
		return 0;
	const char *value = s + n + colon;
	size_t value_len = len - n - colon;
	utf8_trim(&value, &value_len);
	return value_len ? (size_t)(value - s) : 0;
}

/* Take the title from a block. One that was given overrules it: the line is removed, unless it is
 * all there is. */
static void take_title(struct text_reader *r, struct block *b, const char *s, size_t len,
		       const char *why)
{
	bool same = r->a->title && text_same(s, len, r->a->title, strlen(r->a->title));
	if (article_fill(r->a, &r->a->title, s, len)) {
		text_guess(r, DIAG_GUESS_TITLE, b, "title: %s", why);
		b->kind = BLOCK_GONE;
	} else if (same || (r->given.title && r->block_count > 1)) {
		if (!same)
			text_guess(r, DIAG_GUESS_TITLE, b,
				   "not used as the title: another was given");
		b->kind = BLOCK_GONE;
	}
}

/* "Title: …", "Subject: …". */
static bool take_labelled_title(struct text_reader *r, struct block *b, const char *s, size_t len)
{
	size_t at = title_label(s, len);
	if (!at)
		return false;
	take_title(r, b, s + at, len - at, "from a header line");
	return true;
}

/* "From: Ann Brown <ann@example.org>": the author of a letter; the line is kept. */
static void take_sender(struct text_reader *r, const struct block *b, const char *s, size_t len)
{
	size_t end = 6;
	if (len < 8 || memcmp(s, "From: ", 6) != 0 || article_has_author(r->a))
		return;
	while (end < len && s[end] != '<' && s[end] != '(')
		end++;
	const char *name = s + 6;
	size_t name_len = end - 6;
	utf8_trim(&name, &name_len);
	if (!name_is_personal(name, name_len))
		return;
	if (article_author(r->a, arena_dupn(&r->a->arena, name, name_len)))
		diag_add(r->diag, DIAG_GUESS_AUTHOR, text_line_number(r, b),
			 "author \"%.*s\": the sender of the letter", (int)name_len, name);
}

/* Whether one of the next `most` blocks that are left is a byline or a date, with nothing but
 * short paragraphs before it. */
static bool is_before_byline(struct text_reader *r, size_t i, int most, bool date_only)
{
	for (size_t k = i + 1; k < r->block_count && most > 0; k++) {
		struct block *b = &r->blocks[k];
		if (b->kind == BLOCK_GONE || b->kind == BLOCK_SEPARATOR || b->kind == BLOCK_CAPTION)
			continue;
		if (b->kind != BLOCK_PARAGRAPH || b->width > STANDFIRST_COLUMNS)
			return false;
		struct head_line said;
		size_t len;
		const char *s = text_of(r, b, &len);
		if (b->end - b->first == 1 && text_read_byline(r, s, len, 0, false, &said) &&
		    (said.is_date || (!date_only && !said.bare)))
			return true;
		most--;
	}
	return false;
}

/* "Opinion", "Politics": the section, over the title. The book prints it there, too. */
static bool head_take_section(struct text_reader *r, size_t i, const char *s, size_t len)
{
	struct block *b = &r->blocks[i];
	if (!b->alone || !phrase_is(PHRASE_SECTION, s, len) || i + 1 >= r->block_count)
		return false;
	bool filled = article_fill(r->a, &r->a->section, s, len);
	if (!filled && !r->given.section &&
	    !text_same(s, len, r->a->section, strlen(r->a->section)))
		return false;
	const struct block *next = &r->blocks[i + 1];
	const char *title = text_of(r, next, &len);
	if (!may_be_title(r, next, title, len)) {
		if (filled)
			r->a->section = NULL;
		return false;
	}
	if (filled)
		text_guess(r, DIAG_GUESS_TITLE, b, "the section: it is above the title");
	b->kind = BLOCK_GONE;
	return true;
}

/* Whether the text has the word, written small: then it is no one's name. */
static bool has_small(const struct text_reader *r, const char *word, size_t len)
{
	struct buf small = BUF_INIT;
	bool found = false;
	uint32_t cp;
	for (size_t i = 0; i < len;) {
		char utf8[4];
		i += utf8_decode(word + i, len - i, &cp);
		buf_append(&small, utf8, utf8_write(cp_lower(cp), utf8));
	}
	for (size_t i = 0; i < r->line_count && !found && !small.failed; i++) {
		const char *s = r->lines[i].text, *end = s + r->lines[i].len;
		while (!found &&
		       (s = memmem(s, (size_t)(end - s), small.data, small.len)) != NULL) {
			const char *after = s + small.len;
			bool starts = s == r->lines[i].text || s[-1] == ' ';
			utf8_decode(after, (size_t)(end - after), &cp);
			found = starts && (after == end || !cp_is_letter(cp));
			s = after;
		}
	}
	buf_release(&small);
	return found;
}

/* A name alone in its line under the title, with prose below: the author. In scripts with capitals
 * a short heading looks the same; its words stand in the text, too. */
static bool is_lone_author(struct text_reader *r, size_t i, const char *s, size_t len)
{
	uint32_t first;
	size_t next = i + 1;
	if (!r->blocks[i].alone || !name_is_personal(s, len) ||
	    phrase_is(PHRASE_LONE_HEADING, s, len) || phrase_is(PHRASE_SECTION, s, len))
		return false;
	while (next < r->block_count && r->blocks[next].kind == BLOCK_CAPTION)
		next++;
	if (next == r->block_count || !block_is_prose(r, &r->blocks[next]))
		return false;
	utf8_decode(s, len, &first);
	if (!cp_is_upper(first))
		return name_has_family(s, len);
	for (size_t at = 0; at < len;) {
		size_t n = 0;
		while (at + n < len && s[at + n] != ' ')
			n++;
		if (n >= 3 && has_small(r, s + at, n))
			return false;
		at += n + 1;
	}
	return true;
}

/* Read a line of byline and date. Returns false when it is none. */
static bool take_byline(struct text_reader *r, size_t i, bool titled, bool after_date)
{
	struct block *b = &r->blocks[i];
	struct head_line said;
	size_t len;
	const char *s = text_of(r, b, &len);
	if (b->end - b->first != 1 || !text_read_byline(r, s, len, 0, false, &said))
		return false;
	if (said.bare && !titled) /* "Global Ties" is as good a title as a name */
		return false;
	if (said.bare && !said.is_date) {
		bool next = is_before_byline(r, i, 1, true);
		s = text_of(r, b, &len); /* the look ahead used the same buffer */
		if (!after_date && !next && !is_lone_author(r, i, s, len))
			return false;
	}
	text_read_byline(r, s, len, text_line_number(r, b), true, &said);
	text_place_byline(r, b, &said);
	return true;
}

void text_read_head(struct text_reader *r)
{
	bool titled = r->titled, dated = false;
	size_t before_byline = SIZE_MAX, i = 0;
	for (; i < r->block_count && i < HEAD_BLOCKS; i++) {
		struct block *b = &r->blocks[i];
		size_t len;
		if (b->kind == BLOCK_SEPARATOR) {
			b->kind = BLOCK_GONE;
			continue;
		}
		if (b->kind == BLOCK_HEADING && !titled &&
		    (b->rank == RANK_DOUBLE || b->rank == RANK_SINGLE)) {
			const char *s = text_of(r, b, &len);
			take_title(r, b, s, len, "the first line, and underlined");
			titled = true;
			continue;
		}
		if (b->kind == BLOCK_CAPTION) /* a picture between title and text */
			continue;
		if (b->kind != BLOCK_PARAGRAPH)
			break;
		const char *s = text_of(r, b, &len);
		if (!titled && take_labelled_title(r, b, s, len)) {
			titled = true;
			continue;
		}
		take_sender(r, b, s, len);
		if ((titled || r->block_count > 1) && take_byline(r, i, titled, dated)) {
			dated = r->a->published != NULL;
			continue;
		}
		s = text_of(r, b, &len);
		if (b->header) /* what no field has */
			continue;
		if (!titled && head_take_section(r, i, s, len))
			continue;
		if (!titled && may_be_title(r, b, s, len)) {
			take_title(r, b, s, len, "the first line: short, and no sentence");
			titled = true;
			continue;
		}
		/* between title and byline; the last such paragraph may be the standfirst */
		if (titled && b->width <= STANDFIRST_COLUMNS && is_before_byline(r, i, 3, false)) {
			b = &r->blocks[i];
			b->cls = "subtitle";
			before_byline = i;
			continue;
		}
		break;
	}
	if (titled)
		text_find_standfirst(r, i, before_byline);
}
