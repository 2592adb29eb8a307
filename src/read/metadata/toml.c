/* TOML 1.0 (toml.io/en/v1.0.0), for front matter: no library in C for it is in Debian 12. */
#include "read/metadata/tree.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Each key is compared with those before it: fewer values than other formats may have. */
enum { MAX_KEY_PARTS = 16, MAX_VALUES = 10 * 1000 };

struct parser {
	struct arena *arena;
	const char *s, *end;
	int line;
	struct metadata_value *root, *table; /* that keys are put into */
	size_t count;                        /* of values */
	struct buf text;                     /* of the string that is read */
	const char *problem;                 /* what is wrong, when anything is */
};

static bool fail(struct parser *p, const char *problem)
{
	if (!p->problem)
		p->problem = problem;
	return false;
}

static bool toml_at(const struct parser *p, const char *mark)
{
	size_t n = strlen(mark);
	return (size_t)(p->end - p->s) >= n && memcmp(p->s, mark, n) == 0;
}

static bool at_end_of_line(const struct parser *p)
{
	return p->s == p->end || *p->s == '\n' || toml_at(p, "\r\n");
}

static void skip_blanks(struct parser *p)
{
	while (p->s < p->end && (*p->s == ' ' || *p->s == '\t'))
		p->s++;
}

static void skip_comment(struct parser *p)
{
	if (p->s < p->end && *p->s == '#')
		while (!at_end_of_line(p))
			p->s++;
}

static void skip_line_end(struct parser *p)
{
	p->s += toml_at(p, "\r\n");
	if (p->s < p->end) {
		p->s++;
		p->line++;
	}
}

/* Blanks, comments and line ends: in arrays, and between lines. */
static void toml_skip_space(struct parser *p)
{
	for (;;) {
		skip_blanks(p);
		skip_comment(p);
		if (p->s == p->end || !at_end_of_line(p))
			return;
		skip_line_end(p);
	}
}

static struct metadata_value *toml_add(struct parser *p, struct metadata_value *parent,
				       const char *key, enum metadata_kind kind)
{
	if (++p->count > MAX_VALUES) {
		fail(p, "too many values");
		return NULL;
	}
	return metadata_add(p->arena, parent, key, kind, p->line);
}

/* --- Strings --- */

/* A backslash and what follows it, in a basic string. */
static bool read_escape(struct parser *p, bool multi)
{
	static const char letters[] = "btnfre\"\\", meanings[] = "\b\t\n\f\r\033\"\\";
	if (++p->s == p->end)
		return fail(p, "a string is not closed");
	const char *letter = memchr(letters, *p->s, sizeof letters - 1);
	size_t digits = *p->s == 'u' ? 4 : *p->s == 'U' ? 8 : 0;
	if (letter) {
		buf_putc(&p->text, meanings[letter - letters]);
		p->s++;
		return true;
	}
	if (digits && (size_t)(p->end - p->s) > digits) {
		char hex[9] = "", *stop;
		memcpy(hex, p->s + 1, digits);
		unsigned long cp = strtoul(hex, &stop, 16);
		if (*stop || strspn(hex, "0123456789abcdefABCDEF") != digits || cp > 0x10FFFF ||
		    (cp >= 0xD800 && cp < 0xE000))
			return fail(p, "\\u in a string needs the digits of a character");
		buf_put_utf8(&p->text, (uint32_t)cp);
		p->s += digits + 1;
		return true;
	}
	/* a backslash at the end of a line takes it and the white space after it out */
	const char *start = p->s;
	skip_blanks(p);
	if (multi && at_end_of_line(p)) {
		while (p->s < p->end && (at_end_of_line(p) || *p->s == ' ' || *p->s == '\t')) {
			if (at_end_of_line(p))
				skip_line_end(p);
			else
				p->s++;
		}
		return true;
	}
	p->s = start;
	return fail(p, "a string has a backslash that escapes nothing; write \\\\, or use '…'");
}

/* "…", '…', """…""" or '''…'''. */
static const char *read_string(struct parser *p)
{
	char quote = *p->s;
	const char triple[] = {quote, quote, quote, '\0'};
	bool multi = toml_at(p, triple);
	p->s += multi ? 3 : 1;
	if (multi && at_end_of_line(p))
		skip_line_end(p);
	buf_truncate(&p->text, 0);
	for (;;) {
		if (p->s == p->end || (!multi && at_end_of_line(p))) {
			fail(p, "a string is not closed");
			return NULL;
		}
		if (multi ? toml_at(p, triple) : *p->s == quote)
			break;
		if (*p->s == '\\' && quote == '"') {
			if (!read_escape(p, multi))
				return NULL;
		} else if (at_end_of_line(p)) {
			buf_putc(&p->text, '\n');
			skip_line_end(p);
		} else {
			buf_putc(&p->text, *p->s++);
		}
	}
	p->s += multi ? 3 : 1;
	/* up to two quotation marks may stand before the three that end it */
	for (int i = 0; multi && i < 2 && p->s < p->end && *p->s == quote; i++)
		buf_putc(&p->text, *p->s++);
	p->arena->failed |= p->text.failed;
	return metadata_clean(p->arena, p->text.data, p->text.len);
}

/* --- Keys --- */

static bool is_bare(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-';
}

static const char *read_key_part(struct parser *p)
{
	const char *start = p->s;
	if (p->s < p->end && (*p->s == '"' || *p->s == '\''))
		return read_string(p);
	while (p->s < p->end && is_bare(*p->s))
		p->s++;
	if (p->s > start)
		return metadata_clean(p->arena, start, (size_t)(p->s - start));
	fail(p, "a key is missing; write it as in: title = \"…\"");
	return NULL;
}

/* A key with dots. Returns how many parts it has; 0 after an error. */
static size_t toml_read_key(struct parser *p, const char *parts[MAX_KEY_PARTS])
{
	for (size_t count = 0; count < MAX_KEY_PARTS;) {
		skip_blanks(p);
		parts[count] = read_key_part(p);
		if (!parts[count++])
			return 0;
		skip_blanks(p);
		if (p->s == p->end || *p->s != '.')
			return count;
		p->s++;
	}
	fail(p, "a key has too many parts");
	return 0;
}

/* The table of that name, made if absent; of an array of tables, the last one. */
static struct metadata_value *open_table(struct parser *p, struct metadata_value *in,
					 const char *name)
{
	struct metadata_value *found = metadata_find(in, name);
	if (!found)
		return toml_add(p, in, name, METADATA_MAP);
	if (found->kind == METADATA_LIST && found->last)
		found = found->last;
	if (found->kind == METADATA_MAP)
		return found;
	fail(p, "a key is used as a table, but has a value already");
	return NULL;
}

static struct metadata_value *open_tables(struct parser *p, struct metadata_value *in,
					  const char *const *names, size_t count)
{
	if (count >= METADATA_MAX_DEPTH)
		fail(p, "nested too deep");
	for (size_t i = 0; in && i < count; i++)
		in = open_table(p, in, names[i]);
	return in;
}

/* --- Values --- */

static bool read_value(struct parser *p, struct metadata_value *parent, const char *key, int depth);

static bool read_array(struct parser *p, struct metadata_value *list, int depth)
{
	p->s++;
	for (;;) {
		toml_skip_space(p);
		if (p->s == p->end)
			return fail(p, "an array is not closed by ]");
		if (*p->s == ']') {
			p->s++;
			return true;
		}
		if (!read_value(p, list, NULL, depth))
			return false;
		toml_skip_space(p);
		if (p->s < p->end && *p->s == ',')
			p->s++;
		else if (p->s == p->end || *p->s != ']')
			return fail(p, p->s == p->end ? "an array is not closed by ]"
						      : "in an array a comma or ] is missing");
	}
}

/* The place of a key that may have dots, in a table: *key is its last part. */
static struct metadata_value *key_place(struct parser *p, struct metadata_value *table,
					const char **key)
{
	const char *parts[MAX_KEY_PARTS];
	size_t count = toml_read_key(p, parts);
	if (!count)
		return NULL;
	*key = parts[count - 1];
	struct metadata_value *place = open_tables(p, table, parts, count - 1);
	if (place && metadata_find(place, *key)) {
		fail(p, "a key is there twice");
		return NULL;
	}
	return place;
}

static bool read_key_and_value(struct parser *p, struct metadata_value *table, int depth)
{
	const char *key;
	struct metadata_value *place = key_place(p, table, &key);
	if (!place)
		return false;
	if (p->s == p->end || *p->s != '=')
		return fail(p, "after a key there is no \"=\"");
	p->s++;
	skip_blanks(p);
	return read_value(p, place, key, depth);
}

static bool read_inline_table(struct parser *p, struct metadata_value *map, int depth)
{
	p->s++;
	for (;;) {
		toml_skip_space(p);
		if (p->s == p->end)
			return fail(p, "a table is not closed by }");
		if (*p->s == '}') {
			p->s++;
			return true;
		}
		if (!read_key_and_value(p, map, depth))
			return false;
		toml_skip_space(p);
		if (p->s < p->end && *p->s == ',')
			p->s++;
		else if (p->s == p->end || *p->s != '}')
			return fail(p, p->s == p->end ? "a table is not closed by }"
						      : "in a table a comma or } is missing");
	}
}

/* A number, a date, a time, true or false: as it is written. */
static const char *read_plain(struct parser *p)
{
	const char *start = p->s;
	while (p->s < p->end && (is_bare(*p->s) || strchr("+.:", *p->s)))
		p->s++;
	/* a space may stand between a date and a time */
	if (p->s - start == 10 && start[4] == '-' && start[7] == '-' && p->end - p->s > 3 &&
	    p->s[0] == ' ' && p->s[1] >= '0' && p->s[1] <= '2' && p->s[3] == ':') {
		p->s++;
		while (p->s < p->end && (is_bare(*p->s) || strchr("+.:", *p->s)))
			p->s++;
	}
	size_t len = (size_t)(p->s - start);
	bool is_word = (len == 4 && memcmp(start, "true", 4) == 0) ||
		       (len == 5 && memcmp(start, "false", 5) == 0) ||
		       (len && strchr("+-0123456789", *start)) ||
		       (len == 3 && (memcmp(start, "inf", 3) == 0 || memcmp(start, "nan", 3) == 0));
	if (!is_word) {
		fail(p, len ? "a text needs quotation marks, as in: title = \"…\""
			    : "after \"=\" there is no value");
		return NULL;
	}
	return metadata_clean(p->arena, start, len);
}

static bool read_value(struct parser *p, struct metadata_value *parent, const char *key, int depth)
{
	char c = p->s < p->end ? *p->s : '\0';
	enum metadata_kind kind = c == '['   ? METADATA_LIST
				  : c == '{' ? METADATA_MAP
					     : METADATA_TEXT;
	if (depth >= METADATA_MAX_DEPTH)
		return fail(p, "nested too deep");
	struct metadata_value *value = toml_add(p, parent, key, kind);
	if (!value)
		return false;
	if (kind == METADATA_LIST)
		return read_array(p, value, depth + 1);
	if (kind == METADATA_MAP)
		return read_inline_table(p, value, depth + 1);
	value->text = c == '"' || c == '\'' ? read_string(p) : read_plain(p);
	return value->text != NULL;
}

/* --- Lines --- */

/* "[table]" or "[[array of tables]]". */
static bool read_header(struct parser *p)
{
	const char *parts[MAX_KEY_PARTS];
	bool array = toml_at(p, "[[");
	p->s += array ? 2 : 1;
	size_t count = toml_read_key(p, parts);
	if (!count)
		return false;
	if (!toml_at(p, array ? "]]" : "]"))
		return fail(p, "a table's name is not closed by ]");
	p->s += array ? 2 : 1;
	if (!array) {
		p->table = open_tables(p, p->root, parts, count);
		return p->table != NULL;
	}
	struct metadata_value *in = open_tables(p, p->root, parts, count - 1);
	struct metadata_value *list = in ? metadata_find(in, parts[count - 1]) : NULL;
	if (in && !list)
		list = toml_add(p, in, parts[count - 1], METADATA_LIST);
	if (list && list->kind != METADATA_LIST)
		return fail(p, "an array of tables has another value already");
	p->table = list ? toml_add(p, list, NULL, METADATA_MAP) : NULL;
	return p->table != NULL;
}

static bool toml_read_lines(struct parser *p)
{
	for (;;) {
		toml_skip_space(p);
		if (p->s == p->end)
			return true;
		if (!(*p->s == '[' ? read_header(p) : read_key_and_value(p, p->table, 0)))
			return false;
		skip_blanks(p);
		skip_comment(p);
		if (!at_end_of_line(p))
			return fail(p, "after a value there is more on the line");
	}
}

struct metadata_value *toml_parse_tree(struct arena *arena, const char *text, size_t len,
				       const char *where, int first_line,
				       struct chapbook_error *err)
{
	struct parser p = {
		.arena = arena, .s = text, .end = text + len, .line = first_line, .text = BUF_INIT};
	p.root = p.table = toml_add(&p, NULL, NULL, METADATA_MAP);
	bool done = p.root && toml_read_lines(&p);
	buf_release(&p.text);
	if (arena->failed)
		error_memory(err);
	else if (!done)
		metadata_fail(err, where, p.line, p.problem ? p.problem : "not TOML");
	return done && !arena->failed ? p.root : NULL;
}
