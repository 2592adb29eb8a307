#include "lang/bio_line.h"

#include "base/utf8.h"
#include "lang/name.h"
#include "lang/phrases.h"

#include <string.h>

enum { MAX_BYTES = 120, MAX_SPACES = 9 };

/* Cut "Ann Brown and Bob Gray" into names. False when a part is no name. */
static bool read_names(const char *s, size_t len, struct bio_line *line)
{
	line->count = 0;
	for (size_t start = 0, i = 0; i <= len; i++) {
		size_t gap = 0;
		if (i < len && s[i] == ' ') {
			size_t word = phrase_at(PHRASE_AND, s + i + 1, len - i - 1);
			gap = word && i + 1 + word < len && s[i + 1 + word] == ' ' ? word + 2 : 0;
		}
		if (i < len && !gap)
			continue;
		if (line->count == BIO_MAX_NAMES || !name_is_personal(s + start, i - start))
			return false;
		line->names[line->count++] = (struct bio_name){s + start, i - start};
		if (gap) {
			start = i + gap;
			i = start - 1;
		}
	}
	return true;
}

static bool is_arabic(uint32_t cp)
{
	return cp >= 0x600 && cp <= 0x6FF;
}

static bool is_devanagari(uint32_t cp)
{
	return cp >= 0x900 && cp <= 0x97F;
}

bool bio_line_read(const char *text, size_t len, struct bio_line *line)
{
	int spaces = 0;
	uint32_t cp, next = 0;
	*line = (struct bio_line){0};
	for (size_t i = 0; i < len && i < MAX_BYTES;) {
		size_t n = utf8_decode(text + i, len - i, &cp);
		bool space = cp_is_space(cp), comma = cp == ',';
		size_t at = space ? i + n : i, is = 0;
		if (i > 0 && (space || comma || cp_is_cjk(cp)))
			is = comma ? 1 : phrase_at(PHRASE_IS, text + at, len - at);
		if (space && at < len)
			utf8_decode(text + at, len - at, &next);
		/* Arabic has no word for "is" */
		bool job = !is && space && is_arabic(next) &&
			   phrase_at(PHRASE_OCCUPATION, text + at, len - at);
		/* in Hindi it is the last word of the sentence */
		job |= !is && space && spaces == 1 && is_devanagari(next) &&
		       phrase_is_occupation(text + at, len - at);
		if ((is || job) && read_names(text, i, line)) {
			line->rest = at + is;
			line->comma = comma;
			return true;
		}
		if (comma || (space && ++spaces > MAX_SPACES))
			break;
		i += n;
	}
	line->count = 0;
	return false;
}

/* Whether the clause ends with what a writer is, but for a word for "is" behind it. */
static bool clause_ends_with_job(const char *s, size_t len)
{
	static const char *const stops[] = {"。", "，", "、", "；", "．", ".", ",", "（"};
	static const char *const ends[] = {"でもある", "である",   "です",
					   "だ",       "を務める", "として"};
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		const char *at = memmem(s, len, stops[i], strlen(stops[i]));
		len = at ? (size_t)(at - s) : len;
	}
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(ends[i]);
		if (len > n && memcmp(s + len - n, ends[i], n) == 0)
			len -= n;
	}
	uint32_t cp;
	for (size_t i = 0; i < len; i += utf8_decode(s + i, len - i, &cp))
		if (phrase_at(PHRASE_OCCUPATION, s + i, len - i) == len - i)
			return true;
	return false;
}

bool bio_names_writer(const char *text, size_t len, const struct bio_line *line)
{
	const char *rest = text + line->rest;
	size_t left = len - line->rest;
	const struct bio_name *name = &line->names[0];
	uint32_t first;
	if (!phrase_is_occupation(rest, left))
		return false;
	utf8_decode(name->s, name->len, &first);
	if (cp_is_upper(first))
		return true;
	if (is_arabic(first))
		return phrase_at(PHRASE_OCCUPATION, rest, left) != 0;
	if (is_devanagari(first))
		return name_has_family(name->s, name->len);
	bool hangul = first >= 0xAC00 && first <= 0xD7A3;
	return name_has_family(name->s, name->len) && (hangul || clause_ends_with_job(rest, left));
}
