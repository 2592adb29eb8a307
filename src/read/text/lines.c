#include "base/utf8.h"
#include "read/text/text.h"

#include <stdlib.h>
#include <string.h>

enum {
	MIN_WRAP = 50,
	MAX_WRAP = 100, /* columns at which people and programs break lines */
	MAX_GAP = 8,    /* so far from full may a line end that is not a program's */
};

/* Take the white space at the start of p..end; returns columns (tabs go to the next eighth). */
static const char *skip_indent(const char *p, const char *end, unsigned *columns)
{
	while (p < end) {
		if (*p == ' ') {
			++*columns;
			p++;
		} else if (*p == '\t') {
			*columns = (*columns / 8 + 1) * 8;
			p++;
		} else if ((unsigned char)*p >= 0xC2) {
			uint32_t cp;
			size_t n = utf8_decode(p, (size_t)(end - p), &cp);
			if (!cp_is_space(cp))
				break;
			*columns += cp == 0x3000 ? 2 : 1;
			p += n;
		} else {
			break;
		}
	}
	return p;
}

/* Read one line: "> " marks, indent, text. */
static void lines_read_line(struct line *line, const char *p, const char *end)
{
	unsigned columns = 0;
	const char *start = p;
	p = skip_indent(p, end, &columns);
	/* ">" quotes when white space, another ">" or nothing follows */
	while (p < end && *p == '>' &&
	       (p + 1 == end || p[1] == ' ' || p[1] == '>' || p[1] == '\t')) {
		if (line->quote < MAX_TEXT_QUOTE)
			line->quote++;
		p++;
		columns = 0;
		start = p;
		p = skip_indent(p, end, &columns);
	}
	/* the space after a mark is part of it */
	if (line->quote && columns && start < end)
		columns--;
	line->text = p;
	line->len = (size_t)(end - p);
	line->indent = columns > 1000 ? 1000 : (unsigned short)columns;
	/* the white space at the end; nearly always there is none */
	while (line->len) {
		unsigned char last = (unsigned char)p[line->len - 1];
		if (last == ' ' || last == '\t') {
			line->len--;
		} else if (last >= 0x80) {
			uint32_t cp = text_last_char(p, line->len);
			if (!cp_is_space(cp))
				break;
			line->len -= cp < 0x800 ? 2 : 3;
		} else {
			break;
		}
	}
	line->width = text_columns(p, line->len);
}

void text_cut_lines(struct text_reader *r, const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	size_t count = 1;
	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		count++;
		p++;
	}
	r->lines = calloc(count, sizeof *r->lines);
	if (!r->lines) {
		r->failed = true;
		return;
	}
	p = text;
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		lines_read_line(&r->lines[r->line_count++], p, nl ? nl : end);
		p = nl ? nl + 1 : end;
	}
}

unsigned line_first_word(const struct line *line)
{
	uint32_t cp;
	size_t i = 0;
	while (i < line->len && i < 400) {
		size_t n = utf8_decode(line->text + i, line->len - i, &cp);
		if (cp_is_space(cp))
			break;
		i += n;
		if (cp_is_cjk(cp)) /* may be broken after any of them */
			break;
	}
	return text_columns(line->text, i);
}

int line_gap(const struct line *line, const struct line *next, unsigned limit)
{
	return (int)limit - (int)(line->width + 1 + line_first_word(next));
}

size_t text_chunk_end(const struct text_reader *r, size_t i)
{
	size_t end = i + 1;
	while (end < r->line_count && r->lines[end].len && r->lines[end].quote == r->lines[i].quote)
		end++;
	return end;
}

/* What the lines of the text say together. */
struct survey {
	size_t widths[MAX_WRAP + 1]; /* of lines that another one follows */
	size_t pairs;                /* how many such lines, of at most MAX_WRAP columns */
	size_t indents[16];
};

static void survey_lines(const struct text_reader *r, struct survey *s)
{
	for (size_t i = 0; i < r->line_count; i++) {
		const struct line *line = &r->lines[i];
		if (line->len == 0)
			continue;
		if (line->indent < 16)
			s->indents[line->indent]++;
		unsigned width = line->width + line->indent;
		if (i + 1 < r->line_count && line[1].len && line[1].quote == line->quote &&
		    width <= MAX_WRAP) {
			s->widths[width]++;
			s->pairs++;
		}
	}
}

/* The column that nearly all broken lines stay within: all but one in fifty. */
static unsigned wrap_column(const struct survey *s)
{
	size_t beyond = 0;
	for (unsigned width = MAX_WRAP; width > 0; width--) {
		beyond += s->widths[width];
		if (beyond * 50 > s->pairs)
			return width;
	}
	return 0;
}

/* How a chunk would do as a paragraph wrapped at `wrap`. */
struct fit {
	size_t pairs, full, capitals;
	bool too_long;
};

static struct fit fit_chunk(const struct text_reader *r, size_t first, size_t end, unsigned wrap)
{
	struct fit fit = {0};
	for (size_t i = first; i < end; i++)
		fit.too_long |= r->lines[i].width > wrap + 20;
	for (size_t i = first; i + 1 < end && !fit.too_long; i++) {
		const struct line *next = &r->lines[i + 1];
		uint32_t cp = 0;
		fit.pairs++;
		fit.full +=
			line_gap(&r->lines[i], next, wrap - r->lines[i].indent % wrap) <= MAX_GAP;
		utf8_decode(next->text, next->len, &cp);
		fit.capitals += cp_is_upper(cp);
	}
	return fit;
}

void text_find_layout(struct text_reader *r)
{
	struct survey s = {0};
	survey_lines(r, &s);
	for (unsigned i = 1; i < 16; i++)
		if (s.indents[i] > s.indents[r->indent])
			r->indent = i;
	size_t lines = 0, deep = 0;
	for (unsigned i = 0; i < 16; i++) {
		lines += s.indents[i];
		deep += i >= r->indent + 4 ? s.indents[i] : 0;
	}
	r->indents_quote = deep * 4 < lines;
	unsigned wrap = wrap_column(&s);
	size_t in_chunks = 0, fitting = 0, pairs = 0, lone_pairs = 0;
	if (wrap >= MIN_WRAP) {
		for (size_t i = 0, end; i < r->line_count; i = end) {
			end = i + 1;
			if (r->lines[i].len == 0)
				continue;
			end = text_chunk_end(r, i);
			struct fit fit = fit_chunk(r, i, end, wrap);
			if (fit.pairs == 0 || fit.too_long)
				continue;
			in_chunks += end - i;
			/* most lines full; a line that continues with a capital is typical of verse
			 */
			if (fit.full * 5 < fit.pairs * 4 || fit.capitals * 5 >= fit.pairs * 3)
				continue;
			fitting += end - i;
			if (fit.pairs == 1)
				lone_pairs++;
			else
				pairs += fit.pairs;
		}
	}
	/* One pair of lines fits by chance, more than two hardly. */
	if (fitting * 10 >= in_chunks * 3 && pairs * 2 + lone_pairs >= 4)
		r->wrap = wrap;
	if (!diag_listening(r->diag))
		return;
	if (r->wrap)
		diag_add(r->diag, DIAG_GUESS_LAYOUT, 0,
			 "lines are hard-wrapped at %u columns and are joined into paragraphs: "
			 "most end "
			 "where the next word would not have fitted",
			 r->wrap);
	else
		diag_add(r->diag, DIAG_GUESS_LAYOUT, 0,
			 "each line is a paragraph: lines do not end at a common column");
}
