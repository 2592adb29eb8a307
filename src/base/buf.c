#include "base/buf.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char buf_empty[1] = "";

void buf_reserve(struct buf *b, size_t size)
{
	if (b->failed || size < b->cap - b->len)
		return;
	if (size > SIZE_MAX / 2 - b->len) {
		b->failed = true;
		return;
	}
	size_t need = b->len + size + 1;
	size_t cap = b->cap ? b->cap : 64;
	while (cap < need)
		cap += cap / 2;
	char *data = realloc(b->cap ? b->data : NULL, cap);
	if (!data) {
		b->failed = true;
		return;
	}
	data[b->len] = '\0';
	b->data = data;
	b->cap = cap;
}

void buf_append(struct buf *b, const void *bytes, size_t size)
{
	if (size == 0)
		return;
	if (size >= b->cap - b->len) {
		buf_reserve(b, size);
		if (b->failed)
			return;
	}
	memcpy(b->data + b->len, bytes, size);
	b->len += size;
	b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
	buf_append(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
	buf_append(b, &c, 1);
}

void buf_put_utf8(struct buf *b, unsigned code_point)
{
	char bytes[4];
	buf_append(b, bytes, utf8_write(code_point, bytes));
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	if (n > 0) {
		buf_reserve(b, (size_t)n);
		if (!b->failed) {
			vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
			b->len += (size_t)n;
		}
	}
	va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

/* Whether any of 32 bytes is one of & < > ": two and two differ in one bit, and no branch keeps
 * compilers from making a few vector instructions of it. */
static bool has_xml_special(const char *s)
{
	unsigned char found = 0;
	for (size_t i = 0; i < 32; i++) {
		unsigned char angle = (unsigned char)s[i] & 0xFD,
			      other = (unsigned char)s[i] & 0xFB;
		found |= (unsigned char)((angle == '<') | (other == '"'));
	}
	return found;
}

void buf_put_xml(struct buf *b, const char *s, size_t len)
{
	size_t start = 0;
	for (size_t i = 0; i < len; i++) {
		const char *escape;
		while (len - i > 32 && !has_xml_special(s + i))
			i += 32;
		switch (s[i]) {
		case '&':
			escape = "&amp;";
			break;
		case '<':
			escape = "&lt;";
			break;
		case '>':
			escape = "&gt;";
			break;
		case '"':
			escape = "&quot;";
			break;
		default:
			continue;
		}
		buf_append(b, s + start, i - start);
		buf_puts(b, escape);
		start = i + 1;
	}
	buf_append(b, s + start, len - start);
}

void buf_put_json(struct buf *b, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\') {
			buf_putc(b, '\\');
			buf_putc(b, *s);
		} else if (c == '\n') {
			buf_puts(b, "\\n");
		} else if (c < 0x20 || c == '<' || c == 0x7F) {
			buf_printf(b, "\\u%04x", c);
		} else {
			buf_putc(b, *s);
		}
	}
}

void buf_truncate(struct buf *b, size_t len)
{
	if (len >= b->len)
		return;
	b->len = len;
	b->data[len] = '\0';
}

void buf_fold_space(struct buf *b, size_t start)
{
	size_t out = start;
	for (size_t i = start; i < b->len; i++) {
		char c = b->data[i];
		bool space = c == ' ' || (c >= '\t' && c <= '\r');
		if (!space)
			b->data[out++] = c;
		else if (out > start && b->data[out - 1] != ' ')
			b->data[out++] = ' ';
	}
	if (out > start && b->data[out - 1] == ' ')
		out--;
	buf_truncate(b, out);
}

char *buf_detach(struct buf *b, size_t *len)
{
	buf_reserve(b, 0); /* an empty buffer owns no memory yet */
	char *data = NULL;
	if (b->failed) {
		buf_release(b);
		b->failed = true;
		return NULL;
	}
	data = b->data;
	if (len)
		*len = b->len;
	*b = (struct buf)BUF_INIT;
	return data;
}

void buf_release(struct buf *b)
{
	if (b->cap)
		free(b->data);
	*b = (struct buf)BUF_INIT;
}

void buf_end(struct buf *b, bool *failed)
{
	*failed |= b->failed;
	buf_release(b);
}

char *buf_to_arena(struct buf *b, struct arena *a)
{
	char *copy = b->failed ? NULL : arena_dupn(a, b->data, b->len);
	buf_end(b, &a->failed);
	return copy;
}
