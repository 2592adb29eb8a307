#include "base/utf8.h"

#include "base/buf.h"

#include <string.h>

/* Whether a decoded code point may stand in a book: XML 1.0 section 2.2, less the C1 controls
 * and non-characters that it discourages, and less the BOM. */
static bool is_clean_cp(uint32_t cp)
{
	if (cp < 0x20)
		return cp == '\t' || cp == '\n' || cp == '\r';
	if (cp >= 0x7F && cp < 0xA0)
		return false;
	return cp != 0xFEFF && !(cp >= 0xFDD0 && cp <= 0xFDEF) && (cp & 0xFFFE) != 0xFFFE;
}

/* The length of the longest clean start. Printable ASCII, the bulk of most texts, is passed
 * eight bytes at a time. */
static size_t clean_prefix(const char *s, size_t len)
{
	size_t i = 0;
	while (i < len) {
		while (len - i >= 8) {
			uint64_t w;
			memcpy(&w, s + i, 8);
			/* every byte in 0x20..0x7E: no high bit, none below 0x20, none 0x7F */
			uint64_t high = w & 0x8080808080808080u;
			uint64_t low = (w - 0x2020202020202020u) & ~w & 0x8080808080808080u;
			uint64_t del = (w + 0x0101010101010101u) & 0x8080808080808080u;
			if (high | low | del)
				break;
			i += 8;
		}
		if (i == len)
			break;
		uint32_t cp;
		size_t n = utf8_decode(s + i, len - i, &cp);
		if (!is_clean_cp(cp) ||
		    (cp == UTF8_REPLACEMENT &&
		     !(n == 3 && (unsigned char)s[i] == 0xEF && (unsigned char)s[i + 1] == 0xBF)))
			break;
		i += n;
	}
	return i;
}

bool utf8_is_clean(const char *s, size_t len)
{
	return clean_prefix(s, len) == len;
}

uint32_t utf8_windows_1252(uint32_t cp)
{
	static const uint16_t characters[32] = {
		0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
		0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
		0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
	};
	return cp >= 0x80 && cp < 0xA0 ? characters[cp - 0x80] : 0;
}

/* UTF-8 that was taken for ISO 8859-1: the last character of `out` and those at `s`, a C1 control
 * first, are the bytes of one character. Puts it there; returns the bytes taken of `s`, or 0. */
static size_t put_twice_encoded(struct buf *out, const char *s, size_t len)
{
	char bytes[4];
	size_t count = 0, at = 0;
	uint32_t cp;
	if (out->len < 2 || out->data[out->len - 2] != '\xC3')
		return 0;
	bytes[count++] = (char)((unsigned char)out->data[out->len - 1] | 0x40); /* U+00C0 on */
	while (count < 4 && at < len) {
		size_t n = utf8_decode(s + at, len - at, &cp);
		if (cp < 0x80 || cp > 0xBF)
			break;
		bytes[count++] = (char)cp;
		at += n;
	}
	size_t taken = utf8_decode(bytes, count, &cp);
	if (taken < 2 || cp == UTF8_REPLACEMENT || !is_clean_cp(cp))
		return 0;
	buf_truncate(out, out->len - 2);
	buf_put_utf8(out, cp);
	return 2 * (taken - 1);
}

size_t utf8_clean(struct buf *out, const char *s, size_t len)
{
	size_t lost = 0;
	buf_reserve(out, len);
	for (;;) {
		size_t n = clean_prefix(s, len);
		buf_append(out, s, n);
		s += n;
		len -= n;
		if (len == 0)
			return lost;
		uint32_t cp;
		n = utf8_decode(s, len, &cp);
		size_t twice = cp >= 0x80 && cp < 0xA0 ? put_twice_encoded(out, s, len) : 0;
		if (twice) {
			s += twice;
			len -= twice;
			continue;
		}
		uint32_t meant = utf8_windows_1252(cp);
		if (meant || cp == UTF8_REPLACEMENT)
			buf_put_utf8(out, meant ? meant : cp);
		lost += meant == 0;
		s += n;
		len -= n;
	}
}

size_t utf8_length(const char *s, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xC0) != 0x80;
	return n;
}
