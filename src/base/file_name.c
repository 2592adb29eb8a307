#include "base/file_name.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/transliterate.h"
#include "base/utf8.h"
#include "base/word_list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

enum {
	MAX_SLUG = 60, /* of a name in Latin letters, in bytes */
	MAX_TITLE =
		500, /* of a title that are inspected, in UTF-16 units: far more than a name has */
};

/* --- Latin --- */

/* Append a slug of [a-z0-9-]: Latin letters without their accents, other letters dropped, at most
 * `max` bytes, cut at a word. May append nothing. */
static void slug_put(struct buf *out, const char *text, size_t max)
{
	size_t start = out->len, word = out->len, len = strlen(text);
	bool gap = false;
	for (size_t i = 0; i < len && out->len - start <= max;) {
		uint32_t cp;
		i += utf8_decode(text + i, len - i, &cp);
		char letters[3] = "";
		if ((cp >= 'a' && cp <= 'z') || ascii_is_digit(cp))
			letters[0] = (char)cp;
		else if (cp >= 'A' && cp <= 'Z')
			letters[0] = (char)(cp + 'a' - 'A');
		else if (cp >= 0xC0 && cp < 0x180)
			letters[latin_plain_letters(cp, letters)] = '\0';
		else if (cp == '\'' || cp == 0x2019 || (cp >= 0x2B9 && cp <= 0x2BF))
			continue; /* "China's" is one word; so is "alʿrby" */
		if (!letters[0]) {
			gap = true;
			continue;
		}
		if (gap && out->len > start) {
			word = out->len;
			buf_putc(out, '-');
		}
		gap = false;
		buf_puts(out, letters);
	}
	if (out->len - start > max)
		buf_truncate(out, word > start ? word : start + max);
}

/* --- Unicode: a title as UTF-16, for ICU --- */

struct title {
	UChar units[4 * MAX_TITLE]; /* normalising makes it longer */
	int32_t len;
};

/* The beginning of a title in UTF-8; false where it cannot be converted. */
static bool title_from_utf8(struct title *t, const char *text)
{
	UErrorCode status = U_ZERO_ERROR;
	size_t len = strnlen(text, MAX_TITLE);
	while (len && ((unsigned char)text[len] & 0xC0) == 0x80)
		len--;
	u_strFromUTF8(t->units, MAX_TITLE, &t->len, text, (int32_t)len, &status);
	return U_SUCCESS(status);
}

static bool title_normalise(struct title *t, const UNormalizer2 *form, UErrorCode *status)
{
	struct title from = *t;
	t->len = unorm2_normalize(form, from.units, from.len, t->units, 4 * MAX_TITLE, status);
	return U_SUCCESS(*status);
}

static bool is_latin(const struct title *t)
{
	UChar32 c;
	for (int32_t i = 0; i < t->len;) {
		UErrorCode status = U_ZERO_ERROR;
		U16_NEXT(t->units, i, t->len, c);
		if (u_isalpha(c) && uscript_getScript(c, &status) != USCRIPT_LATIN)
			return false;
	}
	return true;
}

static bool file_name_is_mark(UChar32 c)
{
	return U_GET_GC_MASK(c) & U_GC_M_MASK;
}

static void put_unit(struct buf *out, UChar32 c)
{
	buf_put_utf8(out, (unsigned)c);
}

/* Letters with their accents taken off, as far as they can be taken apart: "Việt" is "Viet". */
static void file_name_put_plain(struct buf *out, struct title *t)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar32 c;
	if (!title_normalise(t, unorm2_getNFDInstance(&status), &status))
		return;
	for (int32_t i = 0; i < t->len;) {
		U16_NEXT(t->units, i, t->len, c);
		if (!file_name_is_mark(c))
			put_unit(out, c);
	}
}

/* --- Names in the title's own script --- */

enum kind { KEPT, MARK, JOINER, DROPPED, GAP };

/* What is invisible is dropped, but for the joiners that Persian and the scripts of India write
 * with. */
static enum kind file_name_kind_of(UChar32 c)
{
	if (c < 0x80 && isalnum((int)c))
		return KEPT;
	if (c == '\'' || c == 0x2019) /* "China's" is one word */
		return DROPPED;
	if (u_isUWhiteSpace(c) || (c < 0x80 && c > ' ' && c != 0x7F))
		return GAP;
	if (c == 0x200C || c == 0x200D)
		return JOINER;
	if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
	    (U_GET_GC_MASK(c) & (U_GC_C_MASK)))
		return DROPPED;
	if (file_name_is_mark(c))
		return MARK;
	return U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_SO_MASK | U_GC_SM_MASK |
				   U_GC_SC_MASK)
		       ? KEPT
		       : GAP;
}

/* Leave of the title what a file name may have. */
static void keep_letters(struct title *t)
{
	struct title from = *t;
	bool gap = false;
	UChar32 c, joiner = 0;
	t->len = 0;
	for (int32_t i = 0; i < from.len;) {
		U16_NEXT(from.units, i, from.len, c);
		enum kind kind = file_name_kind_of(c);
		if (kind == GAP || kind == JOINER) {
			gap |= kind == GAP;
			joiner = kind == JOINER ? c : 0;
			continue;
		}
		if (kind == DROPPED || (kind == MARK && (gap || t->len == 0)))
			continue;
		if (gap && t->len)
			t->units[t->len++] = '-';
		else if (joiner && t->len)
			t->units[t->len++] = (UChar)joiner;
		gap = false;
		joiner = 0;
		U16_APPEND_UNSAFE(t->units, t->len, c);
	}
}

static int32_t utf8_size(const UChar *units, int32_t len)
{
	int32_t size = 0;
	UErrorCode status = U_ZERO_ERROR;
	u_strToUTF8(NULL, 0, &size, units, len, &status);
	return size;
}

/* Cut at the last user-perceived character that ends within `max` bytes; at a word, where that
 * leaves at least half. */
static void file_name_cut(struct title *t, size_t max)
{
	UErrorCode status = U_ZERO_ERROR;
	if ((size_t)utf8_size(t->units, t->len) <= max)
		return;
	UBreakIterator *breaks = ubrk_open(UBRK_CHARACTER, "", t->units, t->len, &status);
	int32_t end = 0, next = 0;
	while (U_SUCCESS(status) && (next = ubrk_next(breaks)) != UBRK_DONE &&
	       (size_t)utf8_size(t->units, next) <= max)
		end = next;
	ubrk_close(breaks);
	int32_t word = end;
	while (word > 0 && t->units[word] != '-')
		word--;
	t->len = word >= end / 2 && word > 0 ? word : end;
	while (t->len && t->units[t->len - 1] == '-')
		t->len--;
}

static void put_letters(struct buf *out, struct title *t, size_t max)
{
	UChar32 c;
	keep_letters(t);
	file_name_cut(t, max);
	for (int32_t i = 0; i < t->len;) {
		U16_NEXT(t->units, i, t->len, c);
		put_unit(out, c);
	}
}

/* --- Both --- */

/* Windows's names of devices, which no file may have there, whatever its extension. */
static bool is_device(const char *name)
{
	static const char *const numbered[] = {"com", "lpt"};
	static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6",
					     "7", "8", "9", "¹", "²", "³"};
	if (word_list_has_case("con prn aux nul", name, strlen(name)))
		return true;
	for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++)
		for (size_t k = 0; k < sizeof digits / sizeof *digits; k++)
			if (strncasecmp(name, numbered[i], 3) == 0 &&
			    strcmp(name + 3, digits[k]) == 0)
				return true;
	return false;
}

static bool is_ascii(const char *text)
{
	while (*text && !(*text & 0x80))
		text++;
	return !*text;
}

static void file_name_put_name(struct buf *out, const char *text, const struct file_name_options *o)
{
	size_t slug_max = o->max < MAX_SLUG ? o->max : MAX_SLUG, start = out->len;
	UErrorCode status = U_ZERO_ERROR;
	struct title title;
	struct buf plain = BUF_INIT;
	if (is_ascii(text)) {
		slug_put(out, text, slug_max);
		return;
	}
	if (!title_from_utf8(&title, text) ||
	    !title_normalise(&title, unorm2_getNFCInstance(&status), &status))
		return;
	if (o->ascii && !is_latin(&title)) {
		if (transliterate_put(&plain, text, o->language))
			slug_put(out, plain.data, slug_max);
	} else if (is_latin(&title)) {
		struct title apart = title;
		file_name_put_plain(&plain, &apart);
		slug_put(out, plain.data, slug_max);
	}
	if (out->len == start && !o->ascii)
		put_letters(out, &title, o->max);
	buf_end(&plain, &out->failed);
}

void file_name_put(struct buf *out, const char *title, const struct file_name_options *options)
{
	size_t start = out->len;
	file_name_put_name(out, title, options);
	if (!out->failed && is_device(out->data + start))
		buf_putc(out, '_');
}
