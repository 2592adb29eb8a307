/* Data and mail, recognised by their structure from beginning to end: a text that only begins like
 * them is a text. */
#include "base/ascii.h"
#include "base/plural.h"
#include "read/sniff/parts.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

/* --- JSON --- */

static const char *string_of(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));
	return value ? value : "";
}

static void put_json(struct buf *what, const json_t *root)
{
	const json_t *log = json_object_get(root, "log");
	if (json_is_array(json_object_get(log, "entries")))
		sniff_put_count(what, "a HAR file",
				json_array_size(json_object_get(log, "entries")), "request",
				"requests");
	else if (strstr(string_of(root, "version"), "jsonfeed.org"))
		sniff_put_count(what, "a JSON feed",
				json_array_size(json_object_get(root, "items")), "entry",
				"entries");
	else if (json_object_get(root, "nbformat"))
		sniff_put_count(what, "a Jupyter notebook",
				json_array_size(json_object_get(root, "cells")), "cell", "cells");
	else if (strcmp(string_of(root, "type"), "FeatureCollection") == 0)
		sniff_put_count(what, "a GeoJSON file", 0, NULL, NULL);
	else if (json_is_array(root))
		sniff_put_count(what, "a JSON array", json_array_size(root), "item", "items");
	else
		sniff_put_count(what, "a JSON object", json_object_size(root), "member", "members");
}

bool sniff_json(const struct sniffed *s, struct buf *what)
{
	size_t len = (size_t)(s->end - s->text);
	if (*s->text != '{' && *s->text != '[')
		return false;
	while (len && strchr(" \t\n\r", s->text[len - 1]))
		len--;
	if (s->text[len - 1] != '}' && s->text[len - 1] != ']')
		return false;
	json_t *root = json_loadb(s->text, len, 0, NULL);
	if (!root) {
		if (!sniff_is_listed("json json5 jsonc geojson har ipynb webmanifest", s->extension,
				     strlen(s->extension)))
			return false;
		buf_puts(what, "JSON with errors in it");
		return true;
	}
	put_json(what, root);
	json_decref(root);
	return true;
}

/* An object a line. */
bool sniff_json_lines(const struct sniffed *s, struct buf *what)
{
	const char *p = s->text, *line;
	size_t len, count = 0;
	if (*s->text != '{')
		return false;
	while (sniff_line(&p, s->end, &line, &len)) {
		if (len == 0)
			continue;
		json_t *value = *line == '{' ? json_loadb(line, len, 0, NULL) : NULL;
		if (!value)
			return false;
		json_decref(value);
		count++;
	}
	sniff_put_count(what, "a file of JSON lines", count, "object", "objects");
	return count > 1;
}

/* --- Tables --- */

enum { MIN_ROWS = 5, MIN_ROWS_NAMED = 2, MIN_FIELDS = 3, MAX_FIELDS = 256, MAX_TABLE_LINES = 2000 };

/* What is counted of a table. */
struct table {
	size_t fields;        /* of the header */
	size_t rows, uneven;  /* below it; those with another number of fields */
	size_t spaced, marks; /* separators with a space behind them, all */
	size_t numbers[MAX_FIELDS];
};

static bool is_number(const char *s, size_t len)
{
	size_t digits = 0;
	for (size_t i = 0; i < len; i++) {
		if (ascii_is_digit(s[i]))
			digits++;
		else if (!strchr("+-.,:/%$ TZ\"", s[i]))
			return false;
	}
	return digits > 0;
}

/* Count the fields of a row; it begins at *p, and ends with its line, or behind it where a quoted
 * field holds line feeds. */
static size_t read_row(const char **p, const char *end, char separator, struct table *table)
{
	const char *s = *p, *start = s;
	size_t fields = 0;
	bool quoted = false;
	for (; s <= end; s++) {
		char c = '\n';
		if (s < end)
			c = *s;
		if (c == '"' && s < end)
			quoted = !quoted;
		if (s < end && (quoted || (c != separator && c != '\n')))
			continue;
		if (table && fields < MAX_FIELDS)
			table->numbers[fields] += is_number(start, (size_t)(s - start));
		fields++;
		start = s + 1;
		if (c == '\n')
			break;
		if (table) {
			table->marks++;
			table->spaced += s + 1 < end && s[1] == ' ';
		}
	}
	*p = s < end ? s + 1 : end;
	return fields;
}

/* A header names columns: short, not numbers, not sentences. */
static bool is_header(const char *line, size_t len, char separator)
{
	const char *start = line, *end = line + len;
	if (len == 0 || strchr(".!?:;", end[-1]))
		return false;
	for (const char *s = line; s <= end; s++) {
		if (s < end && *s != separator)
			continue;
		size_t n = (size_t)(s - start);
		if (n == 0 || n > 40 || is_number(start, n))
			return false;
		start = s + 1;
	}
	return true;
}

static bool is_table(const struct sniffed *s, char separator, bool named, struct table *table)
{
	const char *p = s->text, *line, *header = s->text;
	size_t len;
	*table = (struct table){0};
	if (!sniff_line(&p, s->end, &line, &len) || !is_header(line, len, separator))
		return false;
	table->fields = read_row(&header, s->end, separator, NULL);
	if (table->fields < (named ? 2 : MIN_FIELDS) || table->fields > MAX_FIELDS)
		return false;
	while (p < s->end && table->rows < MAX_TABLE_LINES) {
		if (*p == '\n') {
			p++;
			continue;
		}
		table->uneven += read_row(&p, s->end, separator, table) != table->fields;
		table->rows++;
		if (table->uneven > 3 && table->uneven * 5 > table->rows)
			return false;
	}
	if (table->rows < (named ? MIN_ROWS_NAMED : MIN_ROWS) || table->uneven * 20 > table->rows)
		return false;
	if (named)
		return true;
	if (table->spaced * 5 > table->marks)
		return false;
	for (size_t i = 0; i < table->fields; i++)
		if (table->numbers[i] * 10 >= table->rows * 9)
			return true;
	return false;
}

/* Rows of as many fields as the header has. In a file that is not named so, at least one column is
 * of numbers or dates: lists and verse are full of commas, too. */
bool sniff_table(const struct sniffed *s, struct buf *what)
{
	static const struct {
		char separator;
		const char *name, *extensions;
	} kinds[] = {{',', "a CSV table", "csv"},
		     {'\t', "a table of tab-separated values", "tsv tab csv"},
		     {';', "a CSV table", "csv"}};
	struct table table;
	if (sniff_is_listed("md markdown", s->extension, strlen(s->extension)))
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		bool named =
			sniff_is_listed(kinds[i].extensions, s->extension, strlen(s->extension));
		if (!is_table(s, kinds[i].separator, named, &table))
			continue;
		buf_printf(what, "%s with %zu columns", kinds[i].name, table.fields);
		if (table.rows < MAX_TABLE_LINES)
			buf_printf(what, " and %zu %s", table.rows,
				   plural(table.rows, "row", "rows"));
		return true;
	}
	return false;
}

/* --- Mail: RFC 5322, RFC 4155 --- */

/* The length of a header field's name, or 0. */
static size_t field_name(const char *line, size_t len)
{
	size_t n = 0;
	while (n < len && line[n] > ' ' && line[n] < 0x7F && line[n] != ':')
		n++;
	return n < len && line[n] == ':' ? n : 0;
}

/* Fields that programs write; people who quote a mail keep From, To, Date and Subject. */
bool sniff_mail(const struct sniffed *s, struct buf *what)
{
	static const char machine[] = "message-id mime-version received return-path delivered-to "
				      "dkim-signature content-transfer-encoding x-mailer";
	bool named = sniff_is_listed("eml msg mail", s->extension, strlen(s->extension));
	const char *p = s->text, *line;
	size_t len, from = 0, written = 0;
	(void)what;
	while (sniff_line(&p, s->end, &line, &len) && len > 0) {
		if (*line == ' ' || *line == '\t')
			continue;
		size_t n = field_name(line, len);
		if (n == 0)
			return false;
		from += sniff_is_listed("from", line, n);
		written += sniff_is_listed(machine, line, n);
	}
	return from > 0 && (named || written >= 2);
}

/* "From ann@example.org Fri Jul  2 10:00:00 2021", then fields. */
bool sniff_mailbox(const struct sniffed *s, struct buf *what)
{
	const char *p = s->text, *line;
	size_t len;
	if (s->end - s->text < 5 || memcmp(s->text, "From ", 5) != 0 ||
	    !sniff_line(&p, s->end, &line, &len) || !memchr(line, ':', len) ||
	    !sniff_line(&p, s->end, &line, &len) || (field_name(line, len) == 0 && *line != '>'))
		return false;
	sniff_put_count(what, "a mailbox (mbox)", 1 + sniff_count(s, "\nFrom "), "message",
			"messages");
	return true;
}
