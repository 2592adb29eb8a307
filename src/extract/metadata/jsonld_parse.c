#include "base/ascii.h"
#include "base/buf.h"
#include "extract/metadata/jsonld.h"

#include <string.h>

/* --- Mending --- */

struct mender {
	struct buf *out;
	const char *s;
	size_t len;
};

static size_t jsonld_parse_skip_space(const struct mender *m, size_t i)
{
	while (i < m->len && ascii_is_xml_space(m->s[i]))
		i++;
	return i;
}

/* Whether the quote at `i` ends its string: what follows is what may follow a string. */
static bool ends_string(const struct mender *m, size_t i)
{
	i = jsonld_parse_skip_space(m, i + 1);
	if (i == m->len || m->s[i] == ':' || m->s[i] == '}' || m->s[i] == ']')
		return true;
	if (m->s[i] != ',')
		return false;
	i = jsonld_parse_skip_space(m, i + 1);
	return i == m->len || strchr("\"{[}],-0123456789tfn", m->s[i]);
}

/* An escape sequence, with the backslash, at `i`: as it stands when JSON has it. Returns bytes
 * taken. */
static size_t put_escape(const struct mender *m, size_t i)
{
	char c = i + 1 < m->len ? m->s[i + 1] : '\0';
	if (c == 'u' && i + 6 <= m->len && strspn(m->s + i + 2, "0123456789abcdefABCDEF") >= 4) {
		bool high = (m->s[i + 2] | 32) == 'd' && strchr("89abAB", m->s[i + 3]);
		bool low = (m->s[i + 2] | 32) == 'd' && strchr("cdefCDEF", m->s[i + 3]);
		bool pair = high && i + 12 <= m->len && m->s[i + 6] == '\\' && m->s[i + 7] == 'u' &&
			    (m->s[i + 8] | 32) == 'd' && strchr("cdefCDEF", m->s[i + 9]) &&
			    strspn(m->s + i + 8, "0123456789abcdefABCDEF") >= 4;
		if (strncmp(m->s + i + 2, "0000", 4) == 0 || low || (high && !pair))
			return 6;
		buf_append(m->out, m->s + i, pair ? 12 : 6);
		return pair ? 12 : 6;
	}
	if (c && strchr("\"\\/bfnrt", c)) {
		buf_append(m->out, m->s + i, 2);
		return 2;
	}
	return 1;
}

/* The string with its opening quote at `i`. Returns where it ends. */
static size_t jsonld_parse_put_string(const struct mender *m, size_t i)
{
	buf_putc(m->out, '"');
	for (i++; i < m->len;) {
		char c = m->s[i];
		if (c == '"' && ends_string(m, i))
			break;
		if (c == '\\') {
			i += put_escape(m, i);
			continue;
		}
		if (c == '"')
			buf_puts(m->out, "\\\"");
		else if (c == '\n' || c == '\t')
			buf_puts(m->out, c == '\n' ? "\\n" : "\\t");
		else if ((unsigned char)c >= ' ')
			buf_putc(m->out, c);
		i++;
	}
	buf_putc(m->out, '"');
	return i + 1;
}

/* The end of a comment at `i`, or `i`. A "//" comment is one only before CDATA marks: it may as
 * well be what is left of an address. */
static size_t skip_comment(const struct mender *m, size_t i)
{
	static const char *const marks[] = {"<!--", "-->", "<![CDATA[", "]]>", "//"};
	for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
		if (m->len - i >= strlen(marks[k]) &&
		    memcmp(m->s + i, marks[k], strlen(marks[k])) == 0)
			return i + strlen(marks[k]);
	if (m->len - i >= 4 && m->s[i] == '/' && m->s[i + 1] == '*') {
		const char *end = memmem(m->s + i + 2, m->len - i - 2, "*/", 2);
		return end ? (size_t)(end - m->s) + 2 : m->len;
	}
	return i;
}

/* All of it. Outside strings a comma stands only between two values. */
static void mend(const struct mender *m)
{
	char last = '\0'; /* what was put last, but for commas */
	bool comma = false;
	for (size_t i = 0; i < m->len;) {
		char c = m->s[i];
		size_t end = skip_comment(m, i);
		if (end > i) {
			i = end;
			continue;
		}
		if (c == ',') {
			comma = true;
			i++;
			continue;
		}
		if (ascii_is_xml_space(c) || (unsigned char)c < ' ' || c == ';') {
			buf_putc(m->out, ' ');
			i++;
			continue;
		}
		bool closing = c == '}' || c == ']';
		/* a comma forgotten between two members */
		bool missing = (last == '}' || last == ']') && (c == '"' || c == '{');
		if (last && !closing && (comma || missing) && !strchr("{[:,", last))
			buf_putc(m->out, ',');
		comma = false;
		last = c;
		if (c == '"') {
			i = jsonld_parse_put_string(m, i);
		} else {
			buf_putc(m->out, c);
			i++;
		}
	}
}

/* --- Parsing --- */

/* jansson 2.14 does not report when its scanner finds no memory for a letter: the text has one
 * letter less, or is wrong. It shows when the same is not read another time. */
static bool jsonld_parse_is_whole(const json_t *value, const char *text, size_t len)
{
	json_t *again = json_loadb(text, len, JSON_DISABLE_EOF_CHECK, NULL);
	bool same = value ? json_equal(value, again) : !again;
	json_decref(again);
	return same;
}

/* Append the values that stand in a row in `text` to `list`. Returns whether all of it was JSON. */
static bool parse_all(json_t *list, const char *text, size_t len, bool *failed)
{
	for (size_t i = 0; i < len;) {
		json_error_t error;
		if (ascii_is_xml_space(text[i]) || text[i] == ',' || text[i] == ';') {
			i++;
			continue;
		}
		json_t *value = json_loadb(text + i, len - i, JSON_DISABLE_EOF_CHECK, &error);
		*failed |= !jsonld_parse_is_whole(value, text + i, len - i);
		if (!value) {
			*failed |= !error.text[0] ||
				   json_error_code(&error) == json_error_out_of_memory;
			return false;
		}
		if (json_array_append_new(list, value) != 0)
			*failed = true;
		i += error.position > 0 ? (size_t)error.position : 1;
	}
	return true;
}

/* Quotes that a template escaped for HTML: in JSON they stand for themselves. */
static void put_unquoted(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = len - i >= 6 && memcmp(s + i, "&quot;", 6) == 0   ? 6
			   : len - i >= 5 && memcmp(s + i, "&#34;", 5) == 0  ? 5
			   : len - i >= 6 && memcmp(s + i, "&#034;", 6) == 0 ? 6
									     : 0;
		buf_putc(out, n ? '"' : s[i]);
		i += n ? n : 1;
	}
}

json_t *jsonld_parse(const char *text, size_t len, bool *failed)
{
	struct buf unquoted = BUF_INIT, mended = BUF_INIT;
	json_t *list = json_array();
	if (!list) {
		*failed = true;
		return NULL;
	}
	if (!parse_all(list, text, len, failed) && !*failed) {
		json_array_clear(list);
		if (!memchr(text, '"', len)) {
			put_unquoted(&unquoted, text, len);
			text = unquoted.data;
			len = unquoted.len;
		}
		mend(&(struct mender){&mended, text, len});
		parse_all(list, mended.data, mended.len, failed);
	}
	*failed |= unquoted.failed || mended.failed;
	buf_release(&unquoted);
	buf_release(&mended);
	if (*failed || json_array_size(list) == 0) {
		json_decref(list);
		return NULL;
	}
	return list;
}
