#include "source/plain.h"

#include "base/ascii.h"
#include "base/utf8.h"

#include <libxml/HTMLparser.h>
#include <nettle/base64.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_ENTITY = 40 };

/* The length of the tag or comment at `s` ("<"), or 0. */
static size_t tag_length(const char *s, size_t len)
{
	if (len < 3 || !(ascii_is_alpha(s[1]) || ((s[1] == '/') && ascii_is_alpha(s[2])) ||
			 (s[1] == '!' && s[2] == '-')))
		return 0;
	const char *end = len > 4 && memcmp(s, "<!--", 4) == 0 ? memmem(s + 4, len - 4, "-->", 3)
							       : memchr(s, '>', len);
	if (!end)
		return 0;
	return (size_t)(end - s) + (*end == '>' ? 1 : 3);
}

/* The reference at `s` ("&"): its code point and its length, or 0. */
static size_t read_entity(const char *s, size_t len, uint32_t *cp)
{
	char name[MAX_ENTITY];
	size_t n = 1;
	while (n < len && n < MAX_ENTITY - 1 && (ascii_is_alnum(s[n]) || (n == 1 && s[n] == '#')))
		n++;
	if (n < 3 || n == len || s[n] != ';')
		return 0;
	memcpy(name, s + 1, n - 1);
	name[n - 1] = '\0';
	if (name[0] == '#') {
		bool hex = name[1] == 'x' || name[1] == 'X';
		unsigned long value = strtoul(name + 1 + hex, NULL, hex ? 16 : 10);
		*cp = value >= 0x80 && value < 0xA0 ? utf8_windows_1252((uint32_t)value)
						    : (uint32_t)value;
		return value > 0 && value <= 0x10FFFF && !(value >= 0xD800 && value < 0xE000)
			       ? n + 1
			       : 0;
	}
	if (strcmp(name, "apos") == 0) {
		*cp = '\'';
		return n + 1;
	}
	const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);
	if (!entity)
		return 0;
	*cp = entity->value;
	return n + 1;
}

bool plain_has_markup(const char *text, size_t len)
{
	uint32_t cp;
	for (size_t i = 0; i < len; i++)
		if ((text[i] == '<' && tag_length(text + i, len - i)) ||
		    (text[i] == '&' && read_entity(text + i, len - i, &cp)))
			return true;
	return false;
}

/* Tags that stand inside a word; others part words. */
static bool is_inline_tag(const char *tag, size_t len)
{
	static const char *const names[] = {"b",    "i",    "em",  "strong", "a",    "span", "sub",
					    "sup",  "u",    "s",   "small",  "code", "cite", "abbr",
					    "font", "mark", "del", "ins",    "q",    "tt",   "wbr"};
	size_t start = 1 + (tag[1] == '/'), n = start;
	while (n < len && ascii_is_alnum(tag[n]))
		n++;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == n - start &&
		    strncasecmp(names[i], tag + start, n - start) == 0)
			return true;
	return false;
}

void plain_put_html(struct buf *out, const char *html, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n = html[i] == '<' ? tag_length(html + i, len - i) : 0;
		if (n) {
			if (!is_inline_tag(html + i, n))
				buf_putc(out, ' ');
			i += n;
		} else if (html[i] == '&' && (n = read_entity(html + i, len - i, &cp)) > 0) {
			buf_put_utf8(out, cp);
			i += n;
		} else {
			buf_putc(out, html[i++]);
		}
	}
}

void plain_put_base64(struct buf *out, const char *text, size_t len)
{
	struct base64_decode_ctx ctx;
	base64_decode_init(&ctx);
	for (size_t i = 0; i < len; i++) {
		uint8_t byte;
		char c = text[i];
		if (!ascii_is_alnum(c) && c != '+' && c != '/')
			continue;
		if (base64_decode_single(&ctx, &byte, c) == 1)
			buf_putc(out, (char)byte);
	}
}
