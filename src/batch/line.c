#include "batch/line.h"

#include "base/userinfo.h"
#include "base/utf8.h"

#include <string.h>

static const char *const status_names[] = {
	[CHAPBOOK_MADE] = "made",
	[CHAPBOOK_FAILED] = "failed",
	[CHAPBOOK_UNAVAILABLE] = "unavailable",
};
enum { STATUS_COUNT = sizeof status_names / sizeof *status_names };

/* --- Writing --- */

static void line_put_text(struct buf *out, const char *name, const char *text)
{
	struct buf clean = BUF_INIT;
	if (!text)
		return;
	utf8_clean(&clean, text, strlen(text));
	userinfo_cut(clean.data);
	buf_printf(out, "%s\"%s\":\"", out->data[out->len - 1] == '{' ? "" : ",", name);
	buf_put_json(out, clean.data);
	buf_putc(out, '"');
	out->failed |= clean.failed;
	buf_release(&clean);
}

void line_put(struct buf *out, const struct chapbook_entry *e)
{
	buf_putc(out, '{');
	line_put_text(out, "key", e->key);
	line_put_text(out, "input", e->input);
	line_put_text(out, "digest", e->digest);
	line_put_text(out, "status", status_names[e->status]);
	line_put_text(out, "file", e->file);
	line_put_text(out, "identity", e->identity);
	line_put_text(out, "reason", e->reason);
	if (e->missing)
		buf_printf(out, ",\"missing\":%llu", e->missing);
	buf_printf(out, ",\"ms\":%llu}\n", e->ms);
}

/* --- Reading --- */

struct scanner {
	const char *s, *end;
	struct arena *arena;
};

static void line_skip_space(struct scanner *in)
{
	while (in->s < in->end && (*in->s == ' ' || *in->s == '\t' || *in->s == '\r'))
		in->s++;
}

/* Whether the next character that is not white space is `c`, which is then behind. */
static bool line_take(struct scanner *in, char c)
{
	line_skip_space(in);
	if (in->s == in->end || *in->s != c)
		return false;
	in->s++;
	return true;
}

static int hex_value(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* The four digits behind "\u"; -1: there are none. */
static long take_unit(struct scanner *in)
{
	long unit = 0;
	if (in->end - in->s < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = hex_value(*in->s++);
		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	return unit;
}

static bool take_code_point(struct scanner *in, struct buf *out)
{
	long unit = take_unit(in);
	char bytes[4];
	if (unit >= 0xD800 && unit <= 0xDBFF) {
		if (in->end - in->s < 6 || in->s[0] != '\\' || in->s[1] != 'u')
			return false;
		in->s += 2;
		long low = take_unit(in);
		if (low < 0xDC00 || low > 0xDFFF)
			return false;
		unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
	}
	if (unit <= 0 || (unit >= 0xD800 && unit <= 0xDFFF))
		return false;
	buf_append(out, bytes, utf8_write((uint32_t)unit, bytes));
	return true;
}

static bool take_escape(struct scanner *in, struct buf *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	if (in->s == in->end)
		return false;
	char c = *in->s++;
	if (c == 'u')
		return take_code_point(in, out);
	const char *at = c ? strchr(from, c) : NULL;
	if (at)
		buf_putc(out, to[at - from]);
	return at != NULL;
}

/* A string, in the arena. NULL: there is none. */
static char *take_string(struct scanner *in)
{
	struct buf text = BUF_INIT;
	char *copy = NULL;
	bool valid = line_take(in, '"'), closed = false;
	while (valid && !closed && in->s < in->end) {
		const char *start = in->s;
		while (in->s < in->end && *in->s != '"' && *in->s != '\\' &&
		       (unsigned char)*in->s >= 0x20)
			in->s++;
		buf_append(&text, start, (size_t)(in->s - start));
		if (in->s == in->end)
			break;
		char c = *in->s++;
		closed = c == '"';
		valid = closed || (c == '\\' && take_escape(in, &text));
	}
	if (valid && closed && utf8_is_clean(text.data, text.len))
		copy = arena_dup(in->arena, text.data);
	in->arena->failed |= text.failed;
	buf_release(&text);
	return copy;
}

/* A number, true, false or null; *number is 0 where it is no whole number. */
static bool line_take_word(struct scanner *in, unsigned long long *number)
{
	static const char *const words[] = {"true", "false", "null"};
	const char *start = in->s;
	*number = 0;
	while (in->s < in->end && *in->s && strchr("+-.0123456789Eaeflnrstu", *in->s))
		in->s++;
	size_t len = (size_t)(in->s - start);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (len == strlen(words[i]) && memcmp(start, words[i], len) == 0)
			return true;
	for (const char *c = start; c < in->s && *c >= '0' && *c <= '9'; c++)
		*number = *number < 1ULL << 59 ? *number * 10 + (unsigned long long)(*c - '0')
					       : *number;
	for (const char *c = start; c < in->s; c++)
		if (!strchr("+-.0123456789Ee", *c))
			return false;
	return len && strchr("-0123456789", *start);
}

static bool line_set_text(struct chapbook_entry *e, const char *name, const char *text)
{
	const struct {
		const char *name;
		const char **field;
	} fields[] = {{"key", &e->key},   {"input", &e->input},       {"digest", &e->digest},
		      {"file", &e->file}, {"identity", &e->identity}, {"reason", &e->reason}};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (strcmp(name, fields[i].name) == 0)
			*fields[i].field = text;
	if (strcmp(name, "status") != 0)
		return true;
	for (int i = 0; i < STATUS_COUNT; i++)
		if (strcmp(text, status_names[i]) == 0)
			e->status = (enum chapbook_status)i;
	return true;
}

static bool take_member(struct scanner *in, struct chapbook_entry *e)
{
	const char *name = take_string(in);
	unsigned long long number;
	if (!name || !line_take(in, ':'))
		return false;
	line_skip_space(in);
	if (in->s < in->end && *in->s == '"') {
		const char *text = take_string(in);
		return text && line_set_text(e, name, text);
	}
	if (!line_take_word(in, &number))
		return false;
	if (strcmp(name, "missing") == 0)
		e->missing = number;
	else if (strcmp(name, "ms") == 0)
		e->ms = number;
	return true;
}

bool line_parse(struct chapbook_entry *e, const char *line, size_t len, struct arena *arena)
{
	struct scanner in = {line, line + len, arena};
	*e = (struct chapbook_entry){.status = (enum chapbook_status)STATUS_COUNT};
	bool valid = line_take(&in, '{');
	for (bool more = valid; valid && more; more = line_take(&in, ','))
		valid = take_member(&in, e);
	valid = valid && line_take(&in, '}');
	line_skip_space(&in);
	return valid && in.s == in.end && e->key && *e->key && e->digest &&
	       (int)e->status < STATUS_COUNT && (e->status != CHAPBOOK_MADE || e->file) &&
	       !arena->failed;
}
