#include "read/html/parts.h"

#include "base/ascii.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

struct name {
	const char *name;
	uint16_t cp;
};

/* The names that pages use most (of the 2,231 that there are), sorted. */
static const struct name names[] = {
	{"Aacute", 0xC1},   {"Agrave", 0xC0},  {"Auml", 0xC4},     {"Ccedil", 0xC7},
	{"Eacute", 0xC9},   {"Egrave", 0xC8},  {"Ouml", 0xD6},     {"Uuml", 0xDC},
	{"aacute", 0xE1},   {"acirc", 0xE2},   {"agrave", 0xE0},   {"amp", '&'},
	{"apos", '\''},     {"aring", 0xE5},   {"atilde", 0xE3},   {"auml", 0xE4},
	{"bull", 0x2022},   {"ccedil", 0xE7},  {"copy", 0xA9},     {"darr", 0x2193},
	{"deg", 0xB0},      {"eacute", 0xE9},  {"ecirc", 0xEA},    {"egrave", 0xE8},
	{"emsp", 0x2003},   {"ensp", 0x2002},  {"euml", 0xEB},     {"euro", 0x20AC},
	{"frac12", 0xBD},   {"gt", '>'},       {"hellip", 0x2026}, {"iacute", 0xED},
	{"icirc", 0xEE},    {"iexcl", 0xA1},   {"igrave", 0xEC},   {"iquest", 0xBF},
	{"iuml", 0xEF},     {"laquo", 0xAB},   {"larr", 0x2190},   {"ldquo", 0x201C},
	{"lsaquo", 0x2039}, {"lsquo", 0x2018}, {"lt", '<'},        {"mdash", 0x2014},
	{"middot", 0xB7},   {"minus", 0x2212}, {"nbsp", 0xA0},     {"ndash", 0x2013},
	{"ntilde", 0xF1},   {"oacute", 0xF3},  {"ocirc", 0xF4},    {"ograve", 0xF2},
	{"oslash", 0xF8},   {"otilde", 0xF5},  {"ouml", 0xF6},     {"para", 0xB6},
	{"pound", 0xA3},    {"quot", '"'},     {"raquo", 0xBB},    {"rarr", 0x2192},
	{"rdquo", 0x201D},  {"reg", 0xAE},     {"rsaquo", 0x203A}, {"rsquo", 0x2019},
	{"sect", 0xA7},     {"shy", 0xAD},     {"szlig", 0xDF},    {"thinsp", 0x2009},
	{"times", 0xD7},    {"trade", 0x2122}, {"uacute", 0xFA},   {"ucirc", 0xFB},
	{"ugrave", 0xF9},   {"uuml", 0xFC},    {"zwj", 0x200D},    {"zwnj", 0x200C},
};

struct stretch {
	const char *s;
	size_t len;
};

static int reference_compare(const void *key, const void *item)
{
	const struct stretch *a = key;
	const char *name = ((const struct name *)item)->name;
	int order = strncmp(a->s, name, a->len);
	return order != 0 || strlen(name) == a->len ? order : -1;
}

/* "&#…": section 13.2.5.75 on. */
static enum html_reference reference_read_number(const char *s, size_t len, uint32_t *cp,
						 size_t *taken)
{
	bool hex = len > 2 && (s[2] | 32) == 'x';
	size_t i = hex ? 3 : 2, start = i;
	uint32_t value = 0;
	for (; i < len; i++) {
		char c = s[i];
		uint32_t digit = ascii_is_digit(c) ? (uint32_t)(c - '0')
				 : hex && (c | 32) >= 'a' && (c | 32) <= 'f'
					 ? (uint32_t)((c | 32) - 'a') + 10
					 : 99;
		if (digit == 99)
			break;
		if (value <= 0x10FFFF)
			value = value * (hex ? 16 : 10) + digit;
	}
	if (i == start)
		return HTML_REFERENCE_NONE;
	if (utf8_windows_1252(value))
		value = utf8_windows_1252(value);
	if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
		value = 0xFFFD;
	*cp = value;
	*taken = i + (i < len && s[i] == ';');
	return HTML_REFERENCE_KNOWN;
}

enum html_reference html_reference_read(const char *s, size_t len, bool in_attribute, uint32_t *cp,
					size_t *taken)
{
	size_t n = 1;
	*taken = 1;
	if (len > 1 && s[1] == '#')
		return reference_read_number(s, len, cp, taken);
	while (n < len && (ascii_is_alnum(s[n])))
		n++;
	/* No name has one letter; and in an attribute "&name=" is a part of an address. */
	if (n < 3 || (in_attribute && n < len && s[n] == '='))
		return HTML_REFERENCE_NONE;
	*taken = n;
	if (n == len || s[n] != ';')
		return HTML_REFERENCE_UNKNOWN;
	*taken = n + 1;
	const struct stretch key = {s + 1, n - 1};
	const struct name *name = bsearch(&key, names, sizeof names / sizeof *names, sizeof *names,
					  reference_compare);
	if (!name)
		return HTML_REFERENCE_UNKNOWN;
	*cp = name->cp;
	return HTML_REFERENCE_KNOWN;
}

void html_put_resolved(struct buf *out, const char *s, size_t len, bool in_attribute)
{
	const char *end = s + len;
	while (s < end) {
		const char *amp = memchr(s, '&', (size_t)(end - s));
		uint32_t cp;
		size_t taken;
		buf_append(out, s, (size_t)((amp ? amp : end) - s));
		if (!amp)
			return;
		if (html_reference_read(amp, (size_t)(end - amp), in_attribute, &cp, &taken) !=
		    HTML_REFERENCE_KNOWN) {
			buf_append(out, amp, taken);
		} else {
			char utf8[4];
			size_t n = utf8_write(cp, utf8);
			if (utf8_is_clean(utf8, n))
				buf_append(out, utf8, n);
		}
		s = amp + taken;
	}
}
