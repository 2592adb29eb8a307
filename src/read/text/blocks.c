#include "base/utf8.h"
#include "read/text/text.h"

#include <stdlib.h>
#include <string.h>

enum {
	MAX_GAP = 8,      /* as far from full as a wrapped line may end */
	VERSE_WIDTH = 60, /* lines that keep their breaks in an unwrapped text are no longer */
	HEAD_LINES = 14,  /* where bylines are searched for */
	SIBLINGS = 30,    /* how many lines further on a list may go on */
};

struct block *text_add_block(struct text_reader *r, enum block_kind kind, size_t first, size_t end)
{
	if (r->block_count == r->block_cap) {
		size_t cap = r->block_cap ? r->block_cap * 2 : 64;
		struct block *moved = realloc(r->blocks, cap * sizeof *moved);
		if (!moved) {
			r->failed = true;
			return NULL;
		}
		r->blocks = moved;
		r->block_cap = cap;
	}
	struct block *b = &r->blocks[r->block_count++];
	*b = (struct block){.first = first,
			    .end = end,
			    .chunk = r->chunk_count,
			    .kind = (unsigned char)kind,
			    .indent = r->lines[first].indent,
			    .quote = r->lines[first].quote};
	for (size_t i = first; i < end; i++) {
		if (b->width < UINT32_MAX / 2)
			b->width += r->lines[i].width + (i > first);
		if (r->lines[i].indent < b->indent)
			b->indent = r->lines[i].indent;
	}
	return b;
}

/* Each line a paragraph of its own. */
static void add_lines(struct text_reader *r, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		struct block *b = text_add_block(r, BLOCK_PARAGRAPH, i, i + 1);
		const struct line *line = &r->lines[i];
		/* deeply indented prose in a text that is not: a quotation */
		if (b && !r->wrap && r->indents_quote && line->indent >= r->indent + 4 &&
		    line->width >= 50 && b->quote < MAX_TEXT_QUOTE)
			b->quote++;
	}
}

static bool is_all_capitals(const struct line *line)
{
	uint32_t cp;
	size_t capitals = 0;
	for (size_t i = 0; i < line->len && i < 400;) {
		i += utf8_decode(line->text + i, line->len - i, &cp);
		if (cp_is_lower(cp))
			return false;
		capitals += cp_is_upper(cp);
	}
	return capitals >= 2;
}

/* Whether short lines of an unwrapped text belong together as they stand: verse, an address.
 * Not when most of them end as sentences do: those are short paragraphs. */
static bool is_verse(const struct text_reader *r, size_t first, size_t end)
{
	size_t stops = 0;
	for (size_t i = first; i < end; i++) {
		if (r->lines[i].width > VERSE_WIDTH)
			return false;
		stops += text_ends_sentence(r->lines[i].text, r->lines[i].len);
	}
	return end - first >= 2 && stops * 10 < (end - first) * 7;
}

/* Whether the chunk after line `end` has long lines: what comes before it is a head. */
static bool is_before_prose(const struct text_reader *r, size_t end)
{
	size_t i = end;
	for (int chunks = 0; chunks < 4; chunks++) {
		while (i < r->line_count && r->lines[i].len == 0)
			i++;
		for (; i < r->line_count && r->lines[i].len; i++)
			if (r->lines[i].width > VERSE_WIDTH)
				return true;
	}
	return false;
}

/* Whether the lines of a wrapped text were wrapped, or broken where their author wanted it. */
static bool is_wrapped(const struct text_reader *r, size_t first, size_t end)
{
	size_t pairs = end - first - 1, shorts = 0, capitals = 0;
	unsigned widest = 0, indent = r->lines[first + (pairs > 0)].indent;
	for (size_t i = first; i < end; i++)
		if (r->lines[i].width > widest)
			widest = r->lines[i].width;
	unsigned limit = r->wrap > indent ? r->wrap - indent : 1;
	/* an indented passage may have a right margin of its own */
	bool own_margin = indent > r->indent && pairs >= 2 && widest >= 40 && widest < limit;
	if (own_margin)
		limit = widest;
	for (size_t i = first; i + 1 < end; i++) {
		uint32_t cp = 0;
		utf8_decode(r->lines[i + 1].text, r->lines[i + 1].len, &cp);
		bool is_short = line_gap(&r->lines[i], &r->lines[i + 1], limit) > MAX_GAP;
		shorts += is_short;
		capitals += cp_is_upper(cp);
	}
	/* verse is set in, too: its lines begin with capitals, or are of all lengths */
	if (own_margin && (capitals * 10 >= pairs * 7 || shorts * 3 > pairs))
		return false;
	return shorts * 2 <= pairs;
}

/* Cut wrapped lines into paragraphs: a new one starts at a line that is indented more than those
 * around it, and after a line that ends a sentence well short of the wrap. */
static void add_wrapped(struct text_reader *r, size_t first, size_t end)
{
	unsigned least = r->lines[first].indent;
	for (size_t i = first; i < end; i++)
		if (r->lines[i].indent < least)
			least = r->lines[i].indent;
	unsigned limit = r->wrap > least ? r->wrap - least : 1;
	size_t start = first;
	for (size_t i = first + 1; i <= end; i++) {
		if (i < end) {
			const struct line *before = &r->lines[i - 1], *line = &r->lines[i];
			bool indented = line->indent >= least + 2 && before->indent < line->indent;
			bool stopped = line_gap(before, line, limit) > MAX_GAP * 2 &&
				       text_ends_sentence(before->text, before->len);
			/* a heading right above its paragraph */
			bool headed = i == first + 1 && end - first > 2 &&
				      before->width * 2 < limit &&
				      !text_ends_open(before->text, before->len) &&
				      line->width * 5 > limit * 4;
			if (!indented && !stopped && !headed)
				continue;
		}
		struct block *b = text_add_block(r, BLOCK_PARAGRAPH, start, i);
		if (b && i - start >= 2 && b->indent >= r->indent + 2 && b->quote < MAX_TEXT_QUOTE)
			b->quote++;
		start = i;
	}
}

/* A chapter's number and its title on the next line. Returns the lines taken. */
static size_t add_chapter_lines(struct text_reader *r, size_t first, size_t end)
{
	const struct line *line = &r->lines[first], *next = line + 1;
	bool bare, next_bare;
	enum heading_rank rank = text_chapter_rank(line->text, line->len, &bare);
	if (rank == RANK_NONE || text_chapter_rank(next->text, next->len, &next_bare) != RANK_NONE)
		return 0;
	bool titled = bare && end - first == 2 && next->width <= VERSE_WIDTH &&
		      !text_ends_sentence(next->text, next->len) &&
		      !text_ends_open(next->text, next->len);
	struct block *b = text_add_block(r, titled ? BLOCK_HEADING : BLOCK_PARAGRAPH, first,
					 first + (titled ? 2 : 1));
	if (b && titled) {
		b->rank = (unsigned char)rank;
		text_guess(r, DIAG_GUESS_HEADING, b, "a chapter's number and, below it, its title");
	}
	return titled ? 2 : 1;
}

/* Lines of one chunk that are nothing special each: paragraphs or verse. */
static void add_plain(struct text_reader *r, size_t first, size_t end)
{
	if (end - first >= 2)
		first += add_chapter_lines(r, first, end);
	size_t count = end - first, too_long = 0;
	if (count <= 1) {
		add_lines(r, first, end);
		return;
	}
	bool capitals = true;
	for (size_t i = first; i < end; i++) {
		too_long += r->lines[i].width > r->wrap + 15;
		capitals = capitals && is_all_capitals(&r->lines[i]);
	}
	bool head = r->block_count == 0 && count <= 3 && is_before_prose(r, end);
	if (head && capitals) { /* one title in capitals over several lines */
		text_add_block(r, BLOCK_PARAGRAPH, first, end);
		return;
	}
	if (r->wrap && too_long * 3 <= count && is_wrapped(r, first, end)) {
		add_wrapped(r, first, end);
		return;
	}
	if (head || (r->wrap ? too_long > 0 : !is_verse(r, first, end))) {
		add_lines(r, first, end);
		return;
	}
	struct block *b = text_add_block(r, BLOCK_VERSE, first, end);
	text_guess(
		r, DIAG_GUESS_BLOCK, b,
		"lines keep their breaks (verse, an address): they are short and do not end where "
		"the next word would not have fitted");
}

/* As above, but lines near the top that are a byline or a date stand by themselves. */
static void add_run(struct text_reader *r, size_t first, size_t end)
{
	size_t start = first;
	if (r->block_count < HEAD_LINES)
		for (size_t i = first; i < end && i < first + HEAD_LINES; i++) {
			struct head_line said;
			if (end - first == 1 ||
			    !text_read_byline(r, r->lines[i].text, r->lines[i].len, 0, false,
					      &said) ||
			    (said.bare && !said.is_date && i + 1 == end))
				continue;
			if (said.bare && !said.is_date) { /* a name: a date must follow */
				struct head_line next;
				if (!text_read_byline(r, r->lines[i + 1].text, r->lines[i + 1].len,
						      0, false, &next) ||
				    !next.is_date)
					continue;
			}
			if (i > start)
				add_plain(r, start, i);
			text_add_block(r, BLOCK_PARAGRAPH, i, i + 1);
			start = i + 1;
		}
	if (start < end)
		add_plain(r, start, end);
}

/* Whether an item may start at a line that follows others in its chunk: its neighbours say so. */
static bool has_sibling(const struct text_reader *r, size_t i, size_t end,
			const struct marker *marker)
{
	const struct line *before = &r->lines[i - 1];
	if (text_last_char(before->text, before->len) == ':' ||
	    text_last_char(before->text, before->len) == 0xFF1A)
		return true;
	for (size_t k = i + 1; k < end && k < i + SIBLINGS; k++) {
		struct marker other;
		if (line_marker(&r->lines[k], &other) && other.kind == marker->kind &&
		    (marker->kind == MARKER_BULLET ? other.number == marker->number
						   : other.number == marker->number + 1))
			return true;
	}
	return false;
}

/* The end of an item's lines: those that are indented under it or that its text wraps onto. */
static size_t item_end(const struct text_reader *r, size_t first, size_t end)
{
	size_t i = first + 1;
	struct marker marker;
	char rule;
	for (; i < end; i++) {
		const struct line *line = &r->lines[i];
		if (line_is_rule(line, &rule) || line_marker(line, &marker))
			break;
		bool under = line->indent > r->lines[first].indent;
		bool wrapped =
			r->wrap && line_gap(&r->lines[i - 1], line,
					    r->wrap - r->lines[i - 1].indent % r->wrap) <= MAX_GAP;
		if (!under && !wrapped)
			break;
	}
	return i;
}

/* A row of marks: with a line of text over it (and perhaps the same row above that), an underlined
 * heading; else a separator. Returns the lines taken. */
static size_t add_rule(struct text_reader *r, size_t first, size_t i, size_t end)
{
	char mark = 0, other;
	line_is_rule(&r->lines[i], &mark);
	enum heading_rank rank =
		mark == '=' || mark == '#' || mark == '*' ? RANK_DOUBLE : RANK_SINGLE;
	bool solid = memchr(r->lines[i].text, ' ', r->lines[i].len) == NULL;
	struct block *before = r->block_count ? &r->blocks[r->block_count - 1] : NULL;
	if (solid && i + 2 < end && line_is_rule(&r->lines[i + 2], &other) && other == mark &&
	    !line_is_rule(&r->lines[i + 1], &other) && r->lines[i + 1].width <= 100) {
		before = text_add_block(r, BLOCK_HEADING, i + 1, i + 2);
		if (before)
			before->rank = (unsigned char)rank;
		text_guess(r, DIAG_GUESS_HEADING, before, "it is between two rows of '%c'", mark);
		return 3;
	}
	if (i > first && solid && before && before->kind == BLOCK_PARAGRAPH &&
	    before->first == i - 1 && before->end == i &&
	    (i - 1 == first || r->lines[i - 2].len == 0) && (unsigned char)mark < 0x80 &&
	    strchr("=-~^_", mark) && r->lines[i - 1].width <= 100 &&
	    r->lines[i].width <= r->lines[i - 1].width * 2 + 10 &&
	    !(text_last_char(r->lines[i - 1].text, r->lines[i - 1].len) == '.' &&
	      r->lines[i].width * 2 < r->lines[i - 1].width)) {
		before->kind = BLOCK_HEADING;
		before->rank = (unsigned char)rank;
		text_guess(r, DIAG_GUESS_HEADING, before, "it is underlined with '%c'", mark);
		return 1;
	}
	text_add_block(r, BLOCK_SEPARATOR, i, i + 1);
	return 1;
}

/* Whether lines are set in columns with runs of spaces or tabs between them. */
static bool is_table(const struct text_reader *r, size_t first, size_t end)
{
	size_t columns = 0;
	if (end - first < 3)
		return false;
	for (size_t i = first; i < end; i++) {
		const struct line *line = &r->lines[i];
		columns += memchr(line->text, '\t', line->len) ||
			   memmem(line->text, line->len, "   ", 3);
		if (columns * 2 < i - first) /* most are not: no need to inspect the rest */
			return false;
	}
	return columns * 5 >= (end - first) * 4;
}

/* Whether the first chunk is a block of headers: "Title: …", "Date: …", at least two lines. */
static bool is_header(const struct text_reader *r, size_t first, size_t end)
{
	if (r->block_count || end - first < 2 || end - first > 20)
		return false;
	for (size_t i = first; i < end; i++) {
		const struct line *line = &r->lines[i];
		const char *colon = memchr(line->text, ':', line->len);
		const char *wide = memmem(line->text, line->len, "：", 3);
		if (!colon || (wide && wide < colon))
			colon = wide;
		if (!colon || colon == line->text ||
		    text_columns(line->text, (size_t)(colon - line->text)) > 24)
			return false;
	}
	return true;
}

static void cut_chunk(struct text_reader *r, size_t first, size_t end)
{
	struct marker marker;
	char rule;
	if (is_header(r, first, end)) {
		add_lines(r, first, end);
		for (size_t i = 0; i < r->block_count; i++)
			r->blocks[i].header = true;
		return;
	}
	if (is_table(r, first, end)) {
		struct block *b = text_add_block(r, BLOCK_TABLE, first, end);
		text_guess(r, DIAG_GUESS_BLOCK, b,
			   "lines keep their spaces: they are set in columns");
		return;
	}
	bool in_list = true; /* at the start of a chunk an item needs no neighbour */
	for (size_t i = first; i < end && !r->failed;) {
		if (line_is_rule(&r->lines[i], &rule)) {
			i += add_rule(r, first, i, end);
			in_list = true;
			continue;
		}
		if (line_marker(&r->lines[i], &marker) &&
		    (in_list || (marker.kind != MARKER_NOTE && has_sibling(r, i, end, &marker)))) {
			size_t stop = item_end(r, i, end);
			struct block *b = text_add_block(
				r, marker.kind == MARKER_NOTE ? BLOCK_NOTE : BLOCK_ITEM, i, stop);
			if (b)
				b->marker = marker;
			i = stop;
			in_list = true;
			continue;
		}
		/* indented under the item above, after a blank line: its next paragraph */
		const struct block *before = r->block_count ? &r->blocks[r->block_count - 1] : NULL;
		bool more =
			i == first && before && before->quote == r->lines[i].quote &&
			(before->kind == BLOCK_ITEM || before->kind == BLOCK_ITEM_MORE) &&
			r->lines[i].indent >= before->indent + (before->kind == BLOCK_ITEM ? 2 : 0);
		size_t stop = i + 1;
		while (stop < end && !line_is_rule(&r->lines[stop], &rule) &&
		       !(line_marker(&r->lines[stop], &marker) && marker.kind != MARKER_NOTE &&
			 (more || has_sibling(r, stop, end, &marker))))
			stop++;
		if (more)
			text_add_block(r, BLOCK_ITEM_MORE, i, stop);
		else
			add_run(r, i, stop);
		i = stop;
		in_list = more;
	}
}

void text_cut_blocks(struct text_reader *r)
{
	for (size_t i = 0; i < r->line_count && !r->failed;) {
		if (r->lines[i].len == 0) {
			i++;
			continue;
		}
		size_t end = text_chunk_end(r, i), before = r->block_count;
		cut_chunk(r, i, end);
		if (r->block_count == before + 1)
			r->blocks[before].alone = true;
		r->chunk_count++;
		i = end;
	}
}
