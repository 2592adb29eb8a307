/* What scripts a text is in: how its lines are set, which fonts are searched for. */
#include "base/utf8.h"
#include "cover/parts.h"

#include <math.h>
#include <string.h>

/* More room between lines, where letters are as high as the line, or marks stand on them. */
#define WIDE_LEADING   1.12
#define JOINED_LEADING 1.3
#define HEBREW_LEADING 1.04
#define ARABIC_LEADING 1.16
#define HINDI_LEADING  1.14

#define ADDRESS_MARKS "/_=@"

/* Scripts that stack marks or join letters: Hebrew to Myanmar, Khmer, Mongolian. */
static bool is_joined(uint32_t cp)
{
	return (cp >= 0x0590 && cp <= 0x109F) || (cp >= 0x1780 && cp <= 0x18AF);
}

/* How much more room lines want for a letter. */
static double leading_of(uint32_t cp)
{
	if (cp >= 0x0590 && cp <= 0x05FF)
		return HEBREW_LEADING;
	if (cp >= 0x0600 && cp <= 0x06FF)
		return ARABIC_LEADING;
	if (cp >= 0x0900 && cp <= 0x097F) /* Devanagari */
		return HINDI_LEADING;
	return is_joined(cp) ? JOINED_LEADING : cp_is_cjk(cp) ? WIDE_LEADING : 1;
}

/* A language for each script, for texts without a known language: Pango would take the user's own,
 * and the cover would depend on who makes it. By Unicode's blocks. */
static const struct {
	uint32_t first, last;
	const char *language;
} samples[] = {
	{0x0041, 0x024F, "en"}, {0x0370, 0x03FF, "el"}, {0x0400, 0x052F, "ru"},
	{0x0530, 0x058F, "hy"}, {0x0590, 0x05FF, "he"}, {0x0600, 0x077F, "ar"},
	{0x0900, 0x097F, "hi"}, {0x0980, 0x09FF, "bn"}, {0x0A00, 0x0A7F, "pa"},
	{0x0A80, 0x0AFF, "gu"}, {0x0B00, 0x0B7F, "or"}, {0x0B80, 0x0BFF, "ta"},
	{0x0C00, 0x0C7F, "te"}, {0x0C80, 0x0CFF, "kn"}, {0x0D00, 0x0D7F, "ml"},
	{0x0D80, 0x0DFF, "si"}, {0x0E00, 0x0E7F, "th"}, {0x0E80, 0x0EFF, "lo"},
	{0x0F00, 0x0FFF, "bo"}, {0x1000, 0x109F, "my"}, {0x10A0, 0x10FF, "ka"},
	{0x1100, 0x11FF, "ko"}, {0x1200, 0x139F, "am"}, {0x1780, 0x17FF, "km"},
	{0x1800, 0x18AF, "mn"}, {0x1E00, 0x1EFF, "en"}, {0x1F00, 0x1FFF, "el"},
	{0x3040, 0x30FF, "ja"}, {0x3130, 0x318F, "ko"}, {0xAC00, 0xD7AF, "ko"},
	{0xFB50, 0xFDFF, "ar"}, {0xFE70, 0xFEFC, "ar"},
};

static const char *script_sample_of(uint32_t cp, const char *ideographs)
{
	for (size_t i = 0; i < sizeof samples / sizeof *samples && cp >= samples[i].first; i++)
		if (cp <= samples[i].last)
			return cp_is_letter(cp) ? samples[i].language : NULL;
	return cp_is_cjk(cp) ? ideographs : NULL;
}

/* Whether ideographs are Japanese or Korean: kana or hangul among them decide. */
static const char *ideographs_of(const char *text, size_t len)
{
	uint32_t cp;
	for (size_t i = 0; i < len;) {
		i += utf8_decode(text + i, len - i, &cp);
		const char *language = script_sample_of(cp, NULL);
		if (language && cp_is_cjk(cp))
			return language;
	}
	return "zh-cn";
}

/* Whether the page's own language is written in the script of a letter. */
static bool is_own(const struct cover_setter *setter, uint32_t cp)
{
	return setter->p->pango_language_includes_script(
		setter->language, (PangoScript)setter->p->g_unichar_get_script(cp));
}

/* What is no letter belongs to the one before it, or at the beginning to the first. */
static void find_runs(struct cover_script *script, const struct cover_setter *setter,
		      const char *text, size_t len)
{
	const char *ideographs = ideographs_of(text, len), *before = NULL;
	bool begun = false;
	for (size_t step, i = 0; i < len; i += step) {
		uint32_t cp;
		step = utf8_decode(text + i, len - i, &cp);
		const char *sample = script_sample_of(cp, ideographs), *language = sample;
		if (!sample)
			language = before;
		else if (is_own(setter, cp))
			language = NULL;
		if (language && (!before || strcmp(before, language) != 0)) {
			if (script->run_count == COVER_RUNS)
				return;
			script->runs[script->run_count++] = (struct cover_run){
				.start = begun ? (unsigned)i : 0, .language = language};
		}
		if (language)
			script->runs[script->run_count - 1].end = (unsigned)(i + step);
		before = language;
		begun |= sample != NULL;
	}
}

void cover_script_read(struct cover_script *script, const struct cover_setter *setter,
		       const char *text, size_t len)
{
	bool joined = false;
	*script = (struct cover_script){.cased = true, .words = true, .leading = 1};
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		i += utf8_decode(text + i, len - i, &cp);
		joined |= is_joined(cp);
		script->leading = fmax(script->leading, leading_of(cp));
		script->cased &= !cp_is_letter(cp) || cp_is_upper(cp) || cp_is_lower(cp);
		script->words &= cp >= 128 || !strchr(ADDRESS_MARKS, (int)cp);
	}
	script->cased &= !joined;
	find_runs(script, setter, text, len);
}
