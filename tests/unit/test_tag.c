/* Language tags: the canonical form and the direction. */
#include "lang/tag.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *tag, *normal; /* NULL: not valid */
	bool rtl;
} cases[] = {
	{"en-us", "en-US", false},
	{"en_GB", "en-GB", false},
	{"ZH-hant-tw", "zh-Hant-TW", false},
	{"DE-1996", "de-1996", false},
	{"es-419", "es-419", false},
	{"EN-X-AB", "en-x-ab", false},
	{"PT", "pt", false},
	{"sl-rozaj-biske-1994", "sl-rozaj-biske-1994", false},
	{"en-u-nu-latn-ca-buddhist", "en-u-nu-latn-ca-buddhist", false},
	{"und", "und", false},
	{"zxx", "zxx", false},
	/* deprecated, extended, grandfathered, of catalogues */
	{"iw", "he", true},
	{"iw-IL", "he-IL", true},
	{"in", "id", false},
	{"ji", "yi", true},
	{"jw", "jv", false},
	{"mo", "ro", false},
	{"zh-yue-HK", "yue-HK", false},
	{"zh-cmn-Hans", "cmn-Hans", false},
	{"sgn-be-fr", "sfb", false},
	{"ger", "de", false},
	{"deu-AT", "de-AT", false},
	{"per", "fa", true},
	{"eng", "en", false},
	/* right to left by the language, the script, the region */
	{"AR", "ar", true},
	{"ar-Latn", "ar-Latn", false},
	{"arz", "arz", true},
	{"he-Latn", "he-Latn", false},
	{"fa-AF", "fa-AF", true},
	{"prs", "prs", true},
	{"ur", "ur", true},
	{"ps", "ps", true},
	{"ckb", "ckb", true},
	{"ku", "ku", false},
	{"ku-arab", "ku-Arab", true},
	{"sd", "sd", true},
	{"sd-Deva", "sd-Deva", false},
	{"ug", "ug", true},
	{"dv", "dv", true},
	{"nqo", "nqo", true},
	{"syr", "syr", true},
	{"PA-ARAB", "pa-Arab", true},
	{"pa-PK", "pa-PK", true},
	{"pa", "pa", false},
	{"az-arab", "az-Arab", true},
	{"uz", "uz", false},
	{"ff-Adlm", "ff-Adlm", true},
	{"rhg", "rhg", true},
	{"sam", "sam", true},
	{"hbo", "hbo", true},
	{"hbo-Latn", "hbo-Latn", false},
	/* not valid */
	{"English", NULL, false},
	{"en-", NULL, false},
	{"e", NULL, false},
	{"de-DE,en", NULL, false},
	{"", NULL, false},
};

static void test_tags(void **state)
{
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *tag = lang_tag_normalise(&arena, cases[i].tag);
		if (!cases[i].normal) {
			assert_null(tag);
			continue;
		}
		assert_non_null(tag);
		assert_string_equal(tag, cases[i].normal);
		if (lang_tag_is_rtl(tag) != cases[i].rtl)
			fail_msg("%s: direction", tag);
	}
	assert_false(arena.failed);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tags),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
