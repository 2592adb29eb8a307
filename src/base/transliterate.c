#include "base/transliterate.h"

#include "base/buf.h"
#include "base/library.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define LIBRARY "libicui18n.so." U_ICU_VERSION_SHORT
/* The functions' names carry ICU's version: utrans_openU_72. */
#define NAME_OF(function)      NAME_AS_TEXT(function)
#define NAME_AS_TEXT(function) #function

enum { MAX_TEXT = 4000 }; /* UTF-16 units; titles are shorter */

struct icu_calls {
	__typeof__(&utrans_openU) open;
	__typeof__(&utrans_transUChars) transliterate;
	__typeof__(&utrans_close) close;
};

/* Written once, under a pthread_once(). */
static struct icu_calls icu_calls;
static bool icu_loaded;

static void transliterate_load(void)
{
	static const struct library_symbol symbols[] = {
		{NAME_OF(utrans_openU), offsetof(struct icu_calls, open)},
		{NAME_OF(utrans_transUChars), offsetof(struct icu_calls, transliterate)},
		{NAME_OF(utrans_close), offsetof(struct icu_calls, close)},
	};
	void *library = library_open(LIBRARY);
	icu_loaded = library &&
		     library_find(library, symbols, sizeof symbols / sizeof *symbols, &icu_calls);
}

/* ICU's rules for a language. "Any-Latin" alone writes Cyrillic by ISO 9, whose letters are lost
 * without their accents: "Suki" for what is "Shchuki" by BGN. */
static const char *rules_of(const char *language)
{
	static const struct {
		const char *language, *rules;
	} known[] = {
		{"be", "Belarusian-Latin/BGN; Any-Latin; Latin-ASCII"},
		{"bg", "Bulgarian-Latin/BGN; Any-Latin; Latin-ASCII"},
		{"kk", "Kazakh-Latin/BGN; Any-Latin; Latin-ASCII"},
		{"ky", "Kirghiz-Latin/BGN; Any-Latin; Latin-ASCII"},
		{"mk", "Macedonian-Latin/BGN; Any-Latin; Latin-ASCII"},
		{"mn", "Mongolian-Latin/BGN; Any-Latin; Latin-ASCII"},
		{"sr", "Serbian-Latin/BGN; Any-Latin; Latin-ASCII"},
		{"uk", "Ukrainian-Latin/BGN; Any-Latin; Latin-ASCII"},
	};
	size_t len = language ? strcspn(language, "-") : 0;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strlen(known[i].language) == len &&
		    strncmp(known[i].language, language, len) == 0)
			return known[i].rules;
	return "Russian-Latin/BGN; Any-Latin; Latin-ASCII";
}

bool transliterate_put(struct buf *out, const char *text, const char *language)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	UErrorCode status = U_ZERO_ERROR;
	UChar rules[100], units[MAX_TEXT];
	char utf8[3 * MAX_TEXT];
	int32_t len = 0, limit, bytes = 0;
	pthread_once(&once, transliterate_load);
	if (!icu_loaded)
		return false;
	u_uastrcpy(rules, rules_of(language));
	UTransliterator *t = icu_calls.open(rules, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	u_strFromUTF8(units, MAX_TEXT, &len, text, -1, &status);
	limit = len;
	if (U_SUCCESS(status))
		icu_calls.transliterate(t, units, &len, MAX_TEXT, 0, &limit, &status);
	u_strToUTF8(utf8, sizeof utf8, &bytes, units, len, &status);
	icu_calls.close(t);
	if (U_FAILURE(status))
		return false;
	buf_append(out, utf8, (size_t)bytes);
	return true;
}
