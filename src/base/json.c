#include "base/json.h"

static void start_value(struct json *j, const char *key)
{
	if (j->depth > 0 && j->line) {
		buf_puts(j->out, j->more ? ", " : "");
	} else if (j->depth > 0) {
		buf_puts(j->out, j->more ? ",\n" : "\n");
		for (unsigned i = 0; i < j->depth; i++)
			buf_puts(j->out, "  ");
	}
	j->more = true;
	if (key)
		buf_printf(j->out, "\"%s\": ", key);
}

void json_open(struct json *j, const char *key, char bracket)
{
	start_value(j, key);
	buf_putc(j->out, bracket);
	if (j->depth < JSON_MAX_DEPTH)
		j->brackets[j->depth] = bracket == '{' ? '}' : ']';
	j->depth++;
	j->more = false;
}

void json_open_line(struct json *j, const char *key, char bracket)
{
	json_open(j, key, bracket);
	if (!j->line)
		j->line = j->depth;
}

void json_close(struct json *j)
{
	bool in_line = j->line != 0, empty = !j->more;
	if (j->line == j->depth)
		j->line = 0;
	j->depth--;
	if (!in_line && !empty) {
		buf_putc(j->out, '\n');
		for (unsigned i = 0; i < j->depth; i++)
			buf_puts(j->out, "  ");
	}
	if (j->depth < JSON_MAX_DEPTH)
		buf_putc(j->out, j->brackets[j->depth]);
	j->more = true;
}

static void json_put_string(struct buf *out, const char *s)
{
	buf_putc(out, '"');
	buf_put_json(out, s);
	buf_putc(out, '"');
}

void json_put(struct json *j, const char *key, const char *value)
{
	start_value(j, key);
	if (value)
		json_put_string(j->out, value);
	else
		buf_puts(j->out, "null");
}

void json_put_known(struct json *j, const char *key, const char *value)
{
	if (value && *value)
		json_put(j, key, value);
}

void json_put_number(struct json *j, const char *key, unsigned long long value)
{
	start_value(j, key);
	buf_printf(j->out, "%llu", value);
}

void json_put_bool(struct json *j, const char *key, bool value)
{
	start_value(j, key);
	buf_puts(j->out, value ? "true" : "false");
}
