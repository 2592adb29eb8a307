#include "base/utf8.h"
#include "read/text/text.h"

#include <string.h>

bool text_is_uncased(uint32_t cp)
{
	return cp_is_letter(cp) && !cp_is_upper(cp) && !cp_is_lower(cp);
}

uint32_t text_first_letter(const char *s, size_t len)
{
	uint32_t cp;
	for (size_t i = 0; i < len;) {
		i += utf8_decode(s + i, len - i, &cp);
		if (cp_is_letter(cp))
			return cp;
		if (i > 64) /* a row of marks */
			break;
	}
	return 0;
}

/* The last code point of s[0..len), and the bytes it takes. */
static size_t last_char(const char *s, size_t len, uint32_t *cp)
{
	size_t n = 1;
	*cp = 0;
	if (len == 0)
		return 0;
	while (n < len && n < 4 && ((unsigned char)s[len - n] & 0xC0) == 0x80)
		n++;
	utf8_decode(s + len - n, n, cp);
	return n;
}

uint32_t text_last_char(const char *s, size_t len)
{
	uint32_t cp;
	last_char(s, len, &cp);
	return cp;
}

static bool closes(uint32_t cp)
{
	return cp == '"' || cp == '\'' || cp == ')' || cp == ']' || cp == 0x201D || cp == 0x2019 ||
	       cp == 0xBB || cp == 0x203A || cp == 0x300D || cp == 0x300F || cp == 0xFF09 ||
	       cp == 0x3011 || cp == '*' || cp == '_';
}

bool text_ends_sentence(const char *s, size_t len)
{
	uint32_t cp;
	for (int i = 0; i < 4; i++) {
		len -= last_char(s, len, &cp);
		if (!closes(cp))
			break;
	}
	switch (cp) {
	case '.':
	case '!':
	case '?':
	case 0x2026:
	case 0x3002:
	case 0xFF01:
	case 0xFF1F:
	case 0x61F:
	case 0x6D4:
	case 0x964:
	case 0x965:
	case 0xFF0E:
	case 0x203D:
		return true;
	default:
		return false;
	}
}

bool text_ends_open(const char *s, size_t len)
{
	switch (text_last_char(s, len)) {
	case ',':
	case ';':
	case ':':
	case '-':
	case 0x2013:
	case 0x2014:
	case 0xFF0C:
	case 0x3001:
	case 0xFF1A:
	case 0xFF1B:
	case 0x60C:
	case 0x61B:
	case '(':
	case 0x2015:
	case '=':
	case '+':
		return true;
	default:
		return false;
	}
}

/* Columns by a character's first byte: 0 for the bytes that follow; two for U+3000 to U+DFFF and
 * from U+F000 on, nearly all of which are wide. */
static unsigned char_columns(unsigned char byte)
{
	if (byte < 0x80)
		return 1;
	if (byte < 0xC0)
		return 0;
	return (byte >= 0xE3 && byte != 0xEE) ? 2 : 1;
}

unsigned text_columns(const char *s, size_t len)
{
	size_t i = 0, columns = 0;
	while (i < len) {
		uint64_t w;
		while (len - i >= 8) { /* ASCII, eight at a time */
			memcpy(&w, s + i, 8);
			if (w & 0x8080808080808080u)
				break;
			i += 8;
			columns += 8;
		}
		size_t stop = len - i < 8 ? len : i + 8;
		for (; i < stop; i++)
			columns += char_columns((unsigned char)s[i]);
	}
	return columns > UINT32_MAX / 4 ? UINT32_MAX / 4 : (unsigned)columns;
}

bool line_is_rule(const struct line *line, char *mark)
{
	/* three bytes each; the first three may stand alone */
	static const char ornaments[] = "⁂❦❧◆◇※＊☆★•—–─━…●";
	const char *s = line->text;
	size_t len = line->len, count = 0;
	if (len == 0 || (unsigned char)s[0] == ' ' || line->width > 200)
		return false;
	if ((unsigned char)s[0] < 0x80) {
		*mark = s[0];
		if (!strchr("-=~*_#^", s[0]))
			return false;
		for (size_t i = 0; i < len; i++) {
			if (s[i] == s[0])
				count++;
			else if (s[i] != ' ' && s[i] != '\t')
				return false;
		}
		return count >= 3 || (count == 1 && s[0] == '#');
	}
	if (len < 3 || ((unsigned char)s[0] != 0xE2 && (unsigned char)s[0] != 0xEF))
		return false;
	const char *at = memmem(ornaments, sizeof ornaments - 1, s, 3);
	if (!at)
		return false;
	*mark = '*';
	for (size_t i = 0; i < len;) {
		if (s[i] == ' ') {
			i++;
		} else if (len - i >= 3 && memcmp(s + i, at, 3) == 0) {
			i += 3;
			count++;
		} else {
			return false;
		}
	}
	return count >= 3 || at - ornaments < 9;
}

/* The next code point that counts when comparing, 0 at the end. */
static uint32_t next_counted(const char *s, size_t len, size_t *at)
{
	uint32_t cp;
	while (*at < len) {
		*at += utf8_decode(s + *at, len - *at, &cp);
		if (cp_is_space(cp) || cp == '"' || cp == '\'' || (cp >= 0x2018 && cp <= 0x201F))
			continue;
		return cp_lower(cp);
	}
	return 0;
}

bool text_same(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t i = 0, j = 0;
	uint32_t ca, cb;
	do {
		ca = next_counted(a, alen, &i);
		cb = next_counted(b, blen, &j);
		if (ca != cb)
			return false;
	} while (ca);
	return true;
}
