/* What short texts of web pages say. */
#include "extract/page/phrases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static unsigned whole(const char *text)
{
	return phrase_whole(SAYS(RELATED) | SAYS(COMMENTS) | SAYS(AD), text, strlen(text));
}

static unsigned start(unsigned kinds, const char *text)
{
	return phrase_start(kinds, text, strlen(text));
}

static void test_whole(void **state)
{
	(void)state;
	assert_int_equal(whole("Related articles"), SAYS(RELATED));
	assert_int_equal(whole("RELATED  ARTICLES:"), SAYS(RELATED));
	assert_int_equal(whole(" Don\xE2\x80\x99t miss \xC2\xBB"), SAYS(RELATED));
	assert_int_equal(whole("3 Comments"), SAYS(COMMENTS));
	assert_int_equal(whole("Comments (12)"), SAYS(COMMENTS));
	assert_int_equal(whole("ANZEIGE"), SAYS(AD));
	assert_int_equal(whole("関連記事"), SAYS(RELATED));
	assert_int_equal(whole("Related articles of the constitution"), 0);
	assert_int_equal(whole("Advertisements were few"), 0);
	assert_int_equal(whole(""), 0);
	assert_int_equal(whole("..."), 0);
	assert_int_equal(phrase_whole(SAYS(AD), "Related articles", 16), 0);
}

static void test_start(void **state)
{
	(void)state;
	assert_int_equal(start(SAYS(RELATED_START), "Read also: The bees are back"),
			 SAYS(RELATED_START));
	assert_int_equal(start(SAYS(TAGS_START), "Tags: bees, honey"), SAYS(TAGS_START));
	assert_int_equal(start(SAYS(RELATED_START), "Readers also like honey"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
