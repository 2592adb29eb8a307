#include "base/utf8.h"

#include <endian.h>
#include <string.h>

size_t utf8_decode(const char *s, size_t len, uint32_t *cp)
{
	const unsigned char *u = (const unsigned char *)s;
	unsigned char lead = u[0];
	if (lead < 0x80) {
		*cp = lead;
		return 1;
	}
	/* The Unicode Standard, table 3-7: how many follow, and what the second byte may be. */
	size_t follow;
	unsigned char low = 0x80, high = 0xBF;
	uint32_t value;
	if (lead >= 0xC2 && lead <= 0xDF) {
		follow = 1;
		value = lead & 0x1Fu;
	} else if (lead >= 0xE0 && lead <= 0xEF) {
		follow = 2;
		value = lead & 0x0Fu;
		if (lead == 0xE0)
			low = 0xA0;
		else if (lead == 0xED)
			high = 0x9F;
	} else if (lead >= 0xF0 && lead <= 0xF4) {
		follow = 3;
		value = lead & 0x07u;
		if (lead == 0xF0)
			low = 0x90;
		else if (lead == 0xF4)
			high = 0x8F;
	} else {
		*cp = UTF8_REPLACEMENT;
		return 1;
	}
	size_t i = 1;
	for (; i <= follow; i++) {
		if (i >= len || u[i] < low || u[i] > high) {
			*cp = UTF8_REPLACEMENT;
			return i;
		}
		value = value << 6 | (u[i] & 0x3Fu);
		low = 0x80;
		high = 0xBF;
	}
	*cp = value;
	return i;
}

size_t utf8_write(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

bool cp_is_space(uint32_t cp)
{
	return (cp >= 9 && cp <= 13) || cp == ' ' || cp == 0x85 || cp == 0xA0 || cp == 0x1680 ||
	       (cp >= 0x2000 && cp <= 0x200B) || cp == 0x2028 || cp == 0x2029 || cp == 0x202F ||
	       cp == 0x205F || cp == 0x3000 || cp == 0xFEFF;
}

bool cp_is_cjk(uint32_t cp)
{
	return (cp >= 0x2E80 && cp <= 0x2FDF) || (cp >= 0x3001 && cp <= 0x30FF) ||
	       (cp >= 0x3100 && cp <= 0x312F) || (cp >= 0x31A0 && cp <= 0x31FF) ||
	       (cp >= 0x3400 && cp <= 0x4DBF) || (cp >= 0x4E00 && cp <= 0x9FFF) ||
	       (cp >= 0xAC00 && cp <= 0xD7AF) || (cp >= 0xF900 && cp <= 0xFAFF) ||
	       (cp >= 0xFF00 && cp <= 0xFFEF) || (cp >= 0x20000 && cp <= 0x3FFFF);
}

uint32_t cp_lower(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
	if (cp >= 0xC0 && cp <= 0xDE)
		return cp == 0xD7 ? cp : cp + 32;
	if (cp >= 0x100 && cp <= 0x17F) {
		/* Latin Extended-A: pairs, upper first on even places, but on odd ones in two
		 * stretches; a few have no pair or a far one. */
		if (cp == 0x130)
			return 'i';
		if (cp == 0x131 || cp == 0x138 || cp == 0x149 || cp == 0x17F)
			return cp;
		if (cp == 0x178)
			return 0xFF;
		bool odd_upper = (cp >= 0x139 && cp <= 0x148) || cp >= 0x179;
		return (cp & 1) == odd_upper ? cp + 1 : cp;
	}
	if (cp == 0x1E9E)
		return 0xDF;
	if (cp >= 0x1E00 && cp <= 0x1EFF && !(cp >= 0x1E96 && cp <= 0x1E9F))
		return cp | 1; /* Latin Extended Additional: Vietnamese and others */
	if (cp == 0x1A0 || cp == 0x1AF)
		return cp + 1; /* Vietnamese O and U with horn */
	if (cp >= 0x391 && cp <= 0x3AB && cp != 0x3A2)
		return cp + 32;
	if (cp == 0x386)
		return 0x3AC;
	if (cp >= 0x388 && cp <= 0x38A)
		return cp + 37;
	if (cp == 0x38C)
		return 0x3CC;
	if (cp == 0x38E || cp == 0x38F)
		return cp + 63;
	if (cp >= 0x410 && cp <= 0x42F)
		return cp + 32;
	if (cp >= 0x400 && cp <= 0x40F)
		return cp + 80;
	if (cp >= 0x460 && cp <= 0x481)
		return cp | 1;
	if (cp >= 0x48A && cp <= 0x4BF)
		return cp | 1;
	if (cp >= 0x4D0 && cp <= 0x52F)
		return cp | 1;
	if (cp >= 0x531 && cp <= 0x556)
		return cp + 48;
	return cp;
}

bool cp_is_upper(uint32_t cp)
{
	return cp_lower(cp) != cp;
}

bool cp_is_lower(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'a' && cp <= 'z';
	if (cp >= 0xDF && cp <= 0xFF)
		return cp != 0xF7;
	if (cp >= 0x100 && cp <= 0x17F)
		return !cp_is_upper(cp);
	if (cp >= 0x1E00 && cp <= 0x1EFF)
		return !cp_is_upper(cp);
	return cp == 0x1A1 || cp == 0x1B0 || (cp >= 0x3AC && cp <= 0x3CE) ||
	       (cp >= 0x430 && cp <= 0x45F) || (cp >= 0x460 && cp <= 0x52F && !cp_is_upper(cp)) ||
	       (cp >= 0x561 && cp <= 0x587);
}

bool cp_is_letter(uint32_t cp)
{
	if (cp < 0x80)
		return (cp | 32) >= 'a' && (cp | 32) <= 'z';
	if (cp < 0xC0)
		return cp == 0xAA || cp == 0xB5 || cp == 0xBA;
	if (cp < 0x2000)
		return cp != 0xD7 && cp != 0xF7 && cp != 0x37E && cp != 0x387 &&
		       !(cp >= 0x55A && cp <= 0x55F) && cp != 0x589 && cp != 0x60C && cp != 0x61B &&
		       cp != 0x61F && !(cp >= 0x660 && cp <= 0x66D) && cp != 0x6D4 &&
		       !(cp >= 0x6F0 && cp <= 0x6F9) && cp != 0x964 && cp != 0x965 &&
		       !(cp >= 0x966 && cp <= 0x970) && cp != 0x1680;
	return (cp >= 0x2C00 && cp <= 0x2DFF) || (cp >= 0x3005 && cp <= 0x3007) ||
	       (cp >= 0x3041 && cp <= 0x31FF && cp != 0x30FB) || (cp >= 0x3400 && cp <= 0x4DBF) ||
	       (cp >= 0x4E00 && cp <= 0xA4CF) || (cp >= 0xA640 && cp <= 0xABFF) ||
	       (cp >= 0xAC00 && cp <= 0xD7FF) || (cp >= 0xF900 && cp <= 0xFDCF) ||
	       (cp >= 0xFDF0 && cp <= 0xFDFF) || (cp >= 0xFE70 && cp <= 0xFEFC) ||
	       (cp >= 0xFF21 && cp <= 0xFF3A) || (cp >= 0xFF41 && cp <= 0xFF5A) ||
	       (cp >= 0xFF66 && cp <= 0xFFDC) || (cp >= 0x10000 && cp <= 0x1EFFF) ||
	       (cp >= 0x20000 && cp <= 0x3FFFD);
}

void utf8_trim(const char **s, size_t *len)
{
	uint32_t cp;
	while (*len) {
		size_t n = utf8_decode(*s, *len, &cp);
		if (!cp_is_space(cp))
			break;
		*s += n;
		*len -= n;
	}
	while (*len) {
		size_t n = 1;
		while (n < *len && n < 4 && ((unsigned char)(*s)[*len - n] & 0xC0) == 0x80)
			n++;
		utf8_decode(*s + *len - n, n, &cp);
		if (!cp_is_space(cp))
			break;
		*len -= n;
	}
}

/* Hebrew, Arabic and the others: the blocks of UCD's DerivedBidiClass with the values R and AL. */
static bool is_rtl(uint32_t cp)
{
	return (cp >= 0x590 && cp <= 0x8FF) || (cp >= 0xFB1D && cp <= 0xFDFF) ||
	       (cp >= 0xFE70 && cp <= 0xFEFF) || (cp >= 0x10800 && cp <= 0x10FFF) ||
	       (cp >= 0x1E800 && cp <= 0x1EFFF);
}

int utf8_direction(const char *s)
{
	uint32_t cp;
	for (size_t len = strlen(s), i = 0; i < len;) {
		i += utf8_decode(s + i, len - i, &cp);
		if (cp_is_letter(cp))
			return is_rtl(cp) ? 1 : -1;
	}
	return 0;
}

size_t utf8_drop_invisible(char *s, size_t len)
{
	static const char *const marks[] = {"\xC2\xAD", "\xE2\x80\x8B", "\xE2\x81\xA0",
					    "\xEF\xBB\xBF"};
	size_t out = 0;
	for (size_t i = 0; i < len;) {
		size_t skip = 0;
		for (size_t k = 0; k < sizeof marks / sizeof *marks && !skip; k++) {
			size_t n = strlen(marks[k]);
			skip = len - i >= n && memcmp(s + i, marks[k], n) == 0 ? n : 0;
		}
		if (skip)
			i += skip;
		else
			s[out++] = s[i++];
	}
	s[out] = '\0';
	return out;
}

/* The bytes of `s` as a number, the first one lowest. */
static uint64_t load_word(const char *s)
{
	uint64_t word;
	memcpy(&word, s, sizeof word);
	return le64toh(word);
}

#define EACH_BYTE(n) (UINT64_C(0x0101010101010101) * (n))

/* The bytes that are 0x80 in a word of bytes that are 0x80 or 0. */
static size_t count_marks(uint64_t word)
{
	return (size_t)((word >> 7) * EACH_BYTE(1) >> 56);
}

size_t utf8_count(const char *s, size_t len)
{
	const char *end = s + len;
	size_t count = 0;
	for (; end - s >= 8; s += 8) {
		uint64_t word = load_word(s);
		/* bytes that go on with a character are 10xxxxxx */
		uint64_t rest = word & ~(word << 1) & EACH_BYTE(0x80);
		count += 8 - count_marks(rest);
	}
	for (; s < end; s++)
		count += ((unsigned char)*s & 0xC0) != 0x80;
	return count;
}

void utf8_count_words(const char *s, size_t len, size_t *words, size_t *ideographs)
{
	const char *end = s + len;
	bool inside = false;
	while (s < end) {
		uint64_t word = end - s >= 8 ? load_word(s) : EACH_BYTE(0x80);
		if (!(word &
		      EACH_BYTE(0x80))) { /* eight of ASCII: which are larger than a space? */
			uint64_t ink = (word + EACH_BYTE(0x7F - ' ')) & EACH_BYTE(0x80);
			*words += count_marks(ink & ~(ink << 8 | (inside ? 0x80 : 0)));
			inside = ink >> 63;
			s += 8;
			continue;
		}
		uint32_t cp = (unsigned char)*s;
		if (cp < 0x80) {
			*words += !inside && cp > ' ';
			inside = cp > ' ';
			s++;
			continue;
		}
		s += utf8_decode(s, (size_t)(end - s), &cp);
		bool ideograph = cp >= 0x2E80 && cp_is_cjk(cp), space = cp_is_space(cp);
		*ideographs += ideograph;
		*words += !inside && !ideograph && !space;
		inside = !ideograph && !space;
	}
}
