/* What would cost cmark-gfm 0.29 more than linear time is found before it is parsed. Prices are
 * upper bounds, in steps of about a nanosecond. */
#include "read/markdown/markdown.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/find.h"

#include <string.h>

/* The price that a text of this length may have: far above that of any text written by hand. */
static double highest_price(size_t len)
{
	return 1e7 + 100 * (double)len;
}

/* --- Bare addresses --- */

/* Whether the address with its "://" or "www." at `s` stands alone: "](http://…)", "[x]: http://…"
 * and "<http://…>" are links of their own. */
static bool limits_is_bare(const char *text, const char *s)
{
	while (s > text && ascii_is_alpha(s[-1]))
		s--;
	if (s > text && s[-1] == '<')
		return false;
	if (s > text + 1 && s[-1] == '(' && s[-2] == ']')
		return false;
	while (s > text && s[-1] == ' ')
		s--;
	return !(s > text + 1 && s[-1] == ':' && s[-2] == ']');
}

/* Whether there may be a bare URL or e-mail address in the text. The extension that finds them
 * makes cmark stop at every "w" and ":", which trebles its time and memory. */
static bool has_bare_address(const char *text, size_t len)
{
	const char *end = text + len;
	for (const char *s = text; (s = memchr(s, ':', (size_t)(end - s))) != NULL; s++)
		if (end - s > 3 && s[1] == '/' && s[2] == '/' && limits_is_bare(text, s))
			return true;
	for (const char *s = text; (s = memchr(s, '@', (size_t)(end - s))) != NULL; s++)
		if (s > text && end - s > 1 && (unsigned char)s[-1] > ' ' &&
		    (unsigned char)s[1] > ' ')
			return true;
	for (const char *s = text; (s = find_mark(s, (size_t)(end - s), "www.")) != NULL; s++)
		if (limits_is_bare(text, s))
			return true;
	return false;
}

/* For each address cmark reads to the end of the run of characters that are not white space, and
 * that again for each ")" at its end. */
static double run_price(const char *s, const char *end)
{
	size_t len = 0, closes = 0;
	for (; s + len < end && (unsigned char)s[len] > ' '; len++)
		closes += s[len] == ')';
	return (double)len * (double)(closes + 1);
}

/* For each "@" in a line cmark may copy the line. */
static double mail_price(const char *text, size_t len)
{
	const char *end = text + len, *line = text;
	double price = 0;
	while (line < end) {
		const char *eol = memchr(line, '\n', (size_t)(end - line));
		eol = eol ? eol : end;
		for (const char *s = line; (s = memchr(s, '@', (size_t)(eol - s))) != NULL; s++)
			price += (double)(eol - line);
		line = eol + 1;
	}
	return price;
}

static bool is_start_of_address(const char *s, const char *end)
{
	return (end - s > 3 && memcmp(s, "://", 3) == 0) ||
	       (end - s > 4 && memcmp(s, "www.", 4) == 0);
}

static bool has_cheap_addresses(const char *text, size_t len)
{
	const char *end = text + len;
	double price = mail_price(text, len), most = highest_price(len);
	for (const char *s = text; s < end && price <= most; s++)
		if ((*s == ':' || *s == 'w') && is_start_of_address(s, end))
			price += run_price(s, end);
	return price <= most;
}

/* --- Paragraphs --- */

/* What a paragraph holds that cmark compares with all of the rest of it. */
struct paragraph_cost {
	size_t start, lines;
	size_t images, closes; /* "![" and "]" */
	size_t delimiters;     /* "*", "_", "~" */
	size_t unclosed[3];    /* "<?", "<!x", "<![CDATA[" since the last that ended it */
	size_t columns;        /* of the table, if there is one */
	double pipes;          /* the squares of their numbers in a line */
};

static double paragraph_price(const struct paragraph_cost *p, size_t end)
{
	double length = (double)(end - p->start);
	return (double)(p->images + p->delimiters) * (double)p->closes +
	       length * (double)(p->unclosed[0] + p->unclosed[1] + p->unclosed[2]);
}

/* All that stands before a delimiter row is looked through for the header, from the start for each
 * line; and each cell is compared with those before it in its row. */
static double table_price(const struct paragraph_cost *p, size_t end)
{
	return p->columns ? (double)p->lines * (double)(end - p->start) + p->pipes : 0;
}

static void limits_weigh(struct paragraph_cost *p, const char *s, size_t left)
{
	switch (s[0]) {
	case '<':
		if (left > 1 && s[1] == '?')
			p->unclosed[0]++;
		else if (left > 2 && s[1] == '!')
			p->unclosed[s[2] == '[' ? 2 : 1]++;
		break;
	case '>':
		p->unclosed[1] = 0;
		if (left > 0 && s[-1] == '?')
			p->unclosed[0] = 0;
		if (s[-1] == ']' && s[-2] == ']')
			p->unclosed[2] = 0;
		break;
	case '!':
		p->images += left > 1 && s[1] == '[';
		break;
	case ']':
		p->closes++;
		break;
	default:
		p->delimiters++;
	}
}

/* How many columns the table has if this line is its delimiter row, or 0. */
static size_t delimiter_columns(const char *line, size_t len)
{
	size_t bars = 0, dashes = 0;
	for (size_t i = 0; i < len; i++) {
		if (!memchr("|-: \t>\r", line[i], 7))
			return 0;
		bars += line[i] == '|';
		dashes += line[i] == '-';
	}
	return dashes ? bars + 1 : 0;
}

static size_t count_byte(const char *s, size_t len, char byte)
{
	size_t count = 0;
	for (const char *end = s + len; (s = memchr(s, byte, (size_t)(end - s))) != NULL; s++)
		count++;
	return count;
}

/* Whether a byte stands in the text more often than that. */
static bool has_many(const char *text, size_t len, char byte, int most)
{
	const char *end = text + len;
	for (; (text = memchr(text, byte, (size_t)(end - text))) != NULL; text++)
		if (most-- == 0)
			return true;
	return false;
}

static size_t count_indent(const char *line, size_t len)
{
	size_t n = 0;
	while (n < len && n < 4 && line[n] == ' ')
		n++;
	return n;
}

/* Whether a list's item or a heading begins at `s`: both end a paragraph. */
static bool is_item_or_heading(const char *s, size_t len)
{
	size_t marks = 0;
	while (marks < len && marks < 7 && s[marks] == '#')
		marks++;
	if (marks == 0 && len && memchr("-+*", s[0], 3))
		marks = 1;
	if (marks == 0 || marks == 7 || marks == len || s[marks] != ' ')
		return false;
	while (marks < len && (s[marks] == ' ' || s[marks] == '\t' || s[marks] == '\r'))
		marks++;
	return marks < len;
}

/* Whether no paragraph continues in this line: it is blank, in quotes or not, or begins an item or
 * a heading. */
static bool is_new_block(const char *line, size_t len)
{
	size_t at = count_indent(line, len);
	if (at < 4 && is_item_or_heading(line + at, len - at))
		return true;
	while (at < len && line[at] == '>') {
		at++;
		size_t indent = count_indent(line + at, len - at);
		if (indent == 4)
			break;
		at += indent;
	}
	while (at < len && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r'))
		at++;
	return at == len;
}

/* What is searched for in a text. */
struct cost_scan {
	bool marks, tables;
	double price, tables_price, cells;
};

static void weigh_line(struct cost_scan *w, struct paragraph_cost *p, const char *text,
		       size_t start, size_t end)
{
	static const bool counts[256] = {['<'] = true, ['>'] = true, ['!'] = true, [']'] = true,
					 ['*'] = true, ['_'] = true, ['~'] = true};
	if (is_new_block(text + start, end - start)) {
		w->price += paragraph_price(p, start);
		*p = (struct paragraph_cost){.start = start};
	}
	for (size_t k = start < 2 ? 2 : start; k < end && w->marks; k++)
		if (counts[(unsigned char)text[k]])
			limits_weigh(p, text + k, end - k);
	if (!w->tables)
		return;
	size_t columns = delimiter_columns(text + start, end - start),
	       pipes = count_byte(text + start, end - start, '|');
	p->pipes += (double)pipes * (double)pipes;
	p->lines++;
	w->cells += (double)p->columns;
	if (columns) {
		p->columns = columns;
		w->tables_price += table_price(p, end);
		p->lines = 0;
		p->pipes = 0;
	} else if (p->columns) {
		w->tables_price += (double)pipes * (double)pipes;
	}
}

int markdown_check_limits(const char *text, size_t len, int first_line,
			  struct markdown_syntax *syntax, struct chapbook_error *err)
{
	const double most = highest_price(len);
	struct cost_scan w = {
		.marks = has_many(text, len, '<', 500) || has_many(text, len, '!', 500) ||
			 has_many(text, len, ']', 1000),
		.tables = memchr(text, '|', len) || find_mark(text, len, ":-") ||
			  find_mark(text, len, "-:"),
	};
	struct paragraph_cost p = {0};
	int line = first_line;
	for (size_t i = 0; i < len && (w.marks || w.tables); line++) {
		const char *eol = memchr(text + i, '\n', len - i);
		size_t end = eol ? (size_t)(eol - text) : len;
		weigh_line(&w, &p, text, i, end);
		if (w.price + paragraph_price(&p, end) > most)
			return error_set(err, CHAPBOOK_E_LIMIT,
					 "line %d: the paragraph has too many brackets", line);
		i = end + 1;
	}
	syntax->tables = w.tables_price <= most && w.cells <= 5e4 + (double)len;
	syntax->costly_addresses = false;
	syntax->autolinks = has_bare_address(text, len);
	if (syntax->autolinks && !has_cheap_addresses(text, len)) {
		syntax->autolinks = false;
		syntax->costly_addresses = true;
	}
	return 0;
}
