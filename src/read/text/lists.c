#include "base/ascii.h"
#include "base/utf8.h"
#include "read/text/text.h"

#include <string.h>

/* Bullets that need white space after them, and those that nothing else is written as. */
static size_t bullet(const char *s, size_t len, long *which)
{
	static const char round[] = "•‣◦▪●○■□➢►▶✓"; /* three bytes each */
	if (len > 1 && (s[0] == '-' || s[0] == '*' || s[0] == '+') &&
	    (s[1] == ' ' || s[1] == '\t')) {
		*which = s[0];
		return 1;
	}
	if (len > 2 && memcmp(s, "·", 2) == 0 && s[2] == ' ') {
		*which = 0xB7;
		return 2;
	}
	const char *at = len > 3 && (unsigned char)s[0] == 0xE2
				 ? memmem(round, sizeof round - 1, s, 3)
				 : NULL;
	if (at) {
		*which = 1000 + (long)(at - round);
		return 3;
	}
	return 0;
}

/* Up to `most` digits at s; returns bytes. */
static size_t lists_digits(const char *s, size_t len, size_t most, long *value)
{
	size_t i = 0;
	*value = 0;
	while (i < len && i < most && ascii_is_digit(s[i]))
		*value = *value * 10 + (s[i++] - '0');
	return i < len && ascii_is_digit(s[i]) ? 0 : i;
}

/* "1." "1)" "(1)" "1、" "（1）" "①" "a)" "(a)" "[1]": the mark without the space after it.
 * *tight: it needs no space. */
static size_t ordinal(const char *s, size_t len, struct marker *m, bool *tight)
{
	bool open = s[0] == '(', wide = len > 3 && memcmp(s, "（", 3) == 0, note = s[0] == '[';
	size_t i = wide ? 3 : open || note ? 1 : 0;
	size_t n = lists_digits(s + i, len - i, note ? 4 : 3, &m->number);
	*tight = false;
	m->kind = note ? MARKER_NOTE : MARKER_NUMBER;
	if (!n && !note && !wide && i < len && s[i] >= 'a' && s[i] <= 'z') {
		m->kind = MARKER_LETTER;
		m->number = s[i] - 'a' + 1;
		n = 1;
	}
	if (!n) {
		uint32_t cp;
		size_t taken = utf8_decode(s, len, &cp);
		if (cp < 0x2460 || cp > 0x2473)
			return 0;
		*m = (struct marker){.kind = MARKER_NUMBER, .number = (long)cp - 0x245F};
		*tight = true;
		return taken;
	}
	i += n;
	if (i >= len)
		return 0;
	if (note) {
		*tight = true;
		if (s[i] != ']')
			return 0;
		return i + 1 < len && s[i + 1] == ':' ? i + 2 : i + 1;
	}
	if (wide) {
		*tight = true;
		return len - i > 3 && memcmp(s + i, "）", 3) == 0 ? i + 3 : 0;
	}
	if (open)
		return s[i] == ')' ? i + 1 : 0;
	if (m->kind == MARKER_NUMBER && len - i > 3 &&
	    (memcmp(s + i, "、", 3) == 0 || memcmp(s + i, "．", 3) == 0)) {
		*tight = true;
		return i + 3;
	}
	return s[i] == '.' || s[i] == ')' ? i + 1 : 0;
}

bool line_marker(const struct line *line, struct marker *m)
{
	const char *s = line->text;
	size_t len = line->len;
	bool tight = false;
	*m = (struct marker){0};
	if (len < 2)
		return false;
	/* most lines begin with a letter and a letter */
	unsigned char c = (unsigned char)s[0];
	if (c < 0x80 && c >= 'a' && s[1] != ')' && s[1] != '.')
		return false;
	if (c < 0x80 && !strchr("-*+([", c) && !ascii_is_digit(c) && !(c >= 'a' && c <= 'z'))
		return false;
	size_t at = bullet(s, len, &m->number);
	if (at) {
		m->kind = MARKER_BULLET;
		tight = true;
	} else {
		at = ordinal(s, len, m, &tight);
	}
	size_t end = at;
	while (end < len && (s[end] == ' ' || s[end] == '\t'))
		end++;
	if (!at || end == len || (end == at && !tight)) {
		m->kind = MARKER_NONE;
		return false;
	}
	m->len = (unsigned)end;
	return true;
}

/* A list that is open while its items are read. */
struct open_list {
	size_t first; /* its first item */
	size_t count;
	unsigned indent;
	struct marker last;
};

static void demote(struct block *b)
{
	b->kind = BLOCK_PARAGRAPH;
	b->marker = (struct marker){0};
	b->depth = 0;
	b->starts_list = false;
}

/* The end of a list. One item alone, with none inside it, is no list. */
static void close_list(struct text_reader *r, const struct open_list *list, size_t depth,
		       size_t end)
{
	struct block *first = &r->blocks[list->first];
	if (depth == 0 && list->count == 1 && end == list->first + 1) {
		demote(first);
		return;
	}
	if (depth == 0)
		text_guess(r, DIAG_GUESS_BLOCK, first, "a list: items with the same kind of mark");
}

static bool lists_goes_on(const struct marker *last, const struct marker *next)
{
	if (last->kind != next->kind)
		return false;
	return last->kind == MARKER_BULLET ? last->number == next->number
					   : next->number == last->number + 1;
}

void text_find_lists(struct text_reader *r)
{
	struct open_list open[MAX_TEXT_LIST];
	size_t depth = 0; /* how many are open */
	for (size_t i = 0; i <= r->block_count; i++) {
		struct block *b = i < r->block_count ? &r->blocks[i] : NULL;
		if (b && b->kind == BLOCK_ITEM_MORE && depth) {
			b->depth = (unsigned char)(depth - 1);
			continue;
		}
		bool item = b && b->kind == BLOCK_ITEM;
		bool apart = !item || (depth && r->blocks[open[0].first].quote != b->quote);
		while (depth && (apart || (depth > 1 && b->indent + 1u < open[depth - 1].indent))) {
			depth--;
			close_list(r, &open[depth], depth, i);
		}
		if (b && b->kind == BLOCK_ITEM_MORE)
			demote(b);
		if (!item)
			continue;
		if (depth && depth < MAX_TEXT_LIST && b->indent >= open[depth - 1].indent + 2) {
			open[depth++] = (struct open_list){i, 0, b->indent, b->marker};
			b->starts_list = true;
		} else if (!depth || !lists_goes_on(&open[depth - 1].last, &b->marker)) {
			if (depth) {
				depth--;
				close_list(r, &open[depth], depth, i);
			}
			open[depth++] = (struct open_list){i, 0, b->indent, b->marker};
			b->starts_list = true;
		}
		open[depth - 1].count++;
		open[depth - 1].last = b->marker;
		b->depth = (unsigned char)(depth - 1);
	}
	/* what followed an item that turned out to be none is a paragraph */
	for (size_t i = 0; i < r->block_count; i++)
		if (r->blocks[i].kind == BLOCK_ITEM_MORE &&
		    (i == 0 || (r->blocks[i - 1].kind != BLOCK_ITEM &&
				r->blocks[i - 1].kind != BLOCK_ITEM_MORE)))
			demote(&r->blocks[i]);
}
