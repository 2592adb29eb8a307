#include "lang/tag.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/word_list.h"

#include <string.h>
#include <strings.h>
#include <unicode/uloc.h>

static bool all_alpha(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!ascii_is_alpha(s[i]))
			return false;
	return true;
}

/* Tags of old that the grammar lists one by one; those of its form need no place here. */
static bool is_grandfathered(const char *tag, size_t len)
{
	return word_list_has_case(
		"en-GB-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo "
		"i-pwn i-tao i-tay i-tsu sgn-BE-FR sgn-BE-NL sgn-CH-DE",
		tag, len);
}

bool lang_tag_is_well_formed(const char *tag, size_t len)
{
	enum { LANGUAGE, EXTLANG, SCRIPT, REGION, VARIANT, EXTENSION, PRIVATE } stage = LANGUAGE;
	int extlangs = 0;
	bool wants_more = false; /* a singleton must be followed by something */
	if (len == 0)
		return false;
	if (is_grandfathered(tag, len))
		return true;
	for (size_t i = 0; i <= len;) {
		const char *dash = i < len ? memchr(tag + i, '-', len - i) : NULL;
		size_t n = dash ? (size_t)(dash - tag) - i : len - i;
		const char *s = tag + i;
		bool alpha = all_alpha(s, n);
		if (n < 1 || n > 8)
			return false;
		for (size_t j = 0; j < n; j++)
			if (!ascii_is_alpha(s[j]) && !ascii_is_digit(s[j]))
				return false;
		if (stage == PRIVATE || (stage == EXTENSION && n >= 2)) {
			wants_more = false;
		} else if (n == 1) {
			if (wants_more || (stage == LANGUAGE && (s[0] | 32) != 'x'))
				return false;
			stage = (s[0] | 32) == 'x' ? PRIVATE : EXTENSION;
			wants_more = true;
		} else if (stage == LANGUAGE) {
			if (!alpha || n < 2)
				return false;
			stage = n <= 3 ? EXTLANG : SCRIPT;
		} else if (stage == EXTLANG && alpha && n == 3 && extlangs < 3) {
			extlangs++;
		} else if (stage <= SCRIPT && alpha && n == 4) {
			stage = REGION;
		} else if (stage <= REGION &&
			   ((alpha && n == 2) || (n == 3 && ascii_are_digits(s, n)))) {
			stage = VARIANT;
		} else if (n >= 5 || (n == 4 && ascii_is_digit(s[0]))) {
			stage = VARIANT;
		} else {
			return false;
		}
		i += n + 1;
	}
	return !wants_more;
}

bool lang_tag_is_valid(const char *tag)
{
	enum { MAX_TAG = 100 };
	size_t len = strlen(tag), language = strcspn(tag, "-");
	return (language == 2 || language == 3) && len <= MAX_TAG &&
	       lang_tag_is_well_formed(tag, len);
}

/* The case that RFC 5646 section 2.1.1 recommends, in place. */
static void recase(char *tag)
{
	bool first = true, after_single = false;
	for (char *p = tag; *p;) {
		size_t len = strcspn(p, "-");
		for (size_t i = 0; i < len; i++)
			if (ascii_is_alpha(p[i]))
				p[i] |= 0x20;
		bool plain = !first && !after_single;
		size_t capitals = plain && len == 2 ? 2 : plain && len == 4 ? 1 : 0;
		for (size_t i = 0; i < capitals; i++)
			if (ascii_is_alpha(p[i]))
				p[i] &= ~0x20;
		after_single = after_single || len == 1;
		first = false;
		p += len + (p[len] == '-');
	}
}

/* The length of the language and its extended languages ("zh-yue" of "zh-yue-HK"). */
static size_t language_length(const char *tag)
{
	size_t len = strcspn(tag, "-");
	for (size_t next; tag[len] == '-'; len += 1 + next) {
		next = strcspn(tag + len + 1, "-");
		if (next != 3 || !all_alpha(tag + len + 1, next))
			break;
	}
	return len;
}

/* The codes of ISO 639-2/B, which catalogues use; they are not in the registry, and ICU does not
 * know them. */
static const char *of_catalogue(const char *code)
{
	static const char *const codes[][2] = {
		{"alb", "sq"}, {"arm", "hy"}, {"baq", "eu"}, {"bur", "my"}, {"chi", "zh"},
		{"cze", "cs"}, {"dut", "nl"}, {"fre", "fr"}, {"geo", "ka"}, {"ger", "de"},
		{"gre", "el"}, {"ice", "is"}, {"mac", "mk"}, {"mao", "mi"}, {"may", "ms"},
		{"per", "fa"}, {"rum", "ro"}, {"slo", "sk"}, {"tib", "bo"}, {"wel", "cy"},
	};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strcmp(codes[i][0], code) == 0)
			return codes[i][1];
	return NULL;
}

/* What stands for a language today, in `out`; the language itself where ICU has nothing better. */
static const char *current_language(const char *language, char out[ULOC_FULLNAME_CAPACITY])
{
	char locale[ULOC_FULLNAME_CAPACITY];
	UErrorCode status = U_ZERO_ERROR;
	int32_t parsed = 0;
	const char *known = of_catalogue(language);
	if (known)
		return known;
	uloc_forLanguageTag(language, locale, sizeof locale, &parsed, &status);
	uloc_toLanguageTag(locale, out, ULOC_FULLNAME_CAPACITY, true, &status);
	bool whole = U_SUCCESS(status) && status != U_STRING_NOT_TERMINATED_WARNING &&
		     (size_t)parsed == strlen(language);
	return whole ? out : language;
}

char *lang_tag_normalise(struct arena *arena, const char *tag)
{
	char language[ULOC_FULLNAME_CAPACITY], current[ULOC_FULLNAME_CAPACITY];
	char *own = arena_dup(arena, tag);
	for (char *s = own; s && *s; s++)
		if (*s == '_')
			*s = '-';
	if (!own || !lang_tag_is_valid(own))
		return NULL;
	recase(own);
	size_t len = is_grandfathered(own, strlen(own)) ? strlen(own) : language_length(own);
	memcpy(language, own, len);
	language[len] = '\0';
	return arena_printf(arena, "%s%s", current_language(language, current), own + len);
}

bool lang_tag_is_rtl(const char *tag)
{
	/* Right-to-left languages that CLDR gives no likely script. */
	static const char *const more[] = {"hbo", "mid", "prs", "sam", "syc"};
	char locale[ULOC_FULLNAME_CAPACITY];
	UErrorCode status = U_ZERO_ERROR;
	uloc_forLanguageTag(tag, locale, sizeof locale, NULL, &status);
	if (U_FAILURE(status))
		return false;
	char script[ULOC_SCRIPT_CAPACITY];
	bool has_script = uloc_getScript(locale, script, sizeof script, &status) > 0;
	size_t len = strcspn(tag, "-");
	for (size_t i = 0; i < sizeof more / sizeof *more && !has_script; i++)
		if (strlen(more[i]) == len && strncmp(more[i], tag, len) == 0)
			return true;
	return uloc_isRightToLeft(locale);
}
