/* Dates as people write them. */
#include "lang/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_dates(void **state)
{
	(void)state;
	static const struct {
		const char *text, *date;
	} cases[] = {
		{"2021", "2021"},
		{"2021-07", "2021-07"},
		{"2021-07-02", "2021-07-02"},
		/* the W3C note's own examples */
		{"1997-07-16T19:20+01:00", "1997-07-16T19:20:00+01:00"},
		{"1997-07-16T19:20:30+01:00", "1997-07-16T19:20:30+01:00"},
		{"1997-07-16T19:20:30.45+01:00", "1997-07-16T19:20:30+01:00"},
		{"1994-11-05T13:15:30Z", "1994-11-05T13:15:30Z"},
		{"1994-11-05T08:15:30-05:00", "1994-11-05T08:15:30-05:00"},
		{"2021-07-02 10:00:00", "2021-07-02"}, /* no zone: no time */
		/* RFC 2822, section 3.3 and appendix A */
		{"Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T09:55:06-06:00"},
		{"Fri, 02 Jul 2021 10:00:00 GMT", "2021-07-02T10:00:00Z"},
		{"July 2, 2021", "2021-07-02"},
		{"July 2nd, 2021", "2021-07-02"},
		{"Jul. 2, 2021", "2021-07-02"},
		{"JULY 2 2021", "2021-07-02"},
		{"Friday, July 2, 2021", "2021-07-02"},
		{"July 2, 2021 at 10:30 am", "2021-07-02"},
		{"2 July 2021", "2021-07-02"},
		{"2nd of July, 2021", "2021-07-02"},
		{"July 2021", "2021-07"},
		{"20210702", "2021-07-02"},
		{"2021/7/2", "2021-07-02"},
		{"2021.07.02", "2021-07-02"},
		{"2.7.2021", "2021-07-02"},
		{"7/22/2021", "2021-07-22"},
		{"22/7/2021", "2021-07-22"},
		{"2021年7月2日", "2021-07-02"},
		{"2021 年 7 月 2 日", "2021-07-02"},
		{"２０２１年７月２日", "2021-07-02"},
		{"二〇二一年七月二日", "2021-07-02"},
		{"二〇二一年十二月二十一日", "2021-12-21"},
		{"2021年7月", "2021-07"},
		{"令和3年7月2日", "2021-07-02"},
		{"2021년 7월 2일", "2021-07-02"},
		{"2 de julio de 2021", "2021-07-02"},
		{"viernes, 2 de julio de 2021", "2021-07-02"},
		{"le 2 juillet 2021", "2021-07-02"},
		{"1er août 2021", "2021-08-01"},
		{"2. Juli 2021", "2021-07-02"},
		{"Freitag, 2. Juli 2021", "2021-07-02"},
		{"2 de julho de 2021", "2021-07-02"},
		{"2 luglio 2021", "2021-07-02"},
		{"2 juli 2021", "2021-07-02"},
		{"2 июля 2021 г.", "2021-07-02"},
		{"2 يوليو 2021", "2021-07-02"},
		{"٢ يوليو ٢٠٢١", "2021-07-02"},
		{"2 كانون الثاني 2021", "2021-01-02"},
		{"2 जुलाई 2021", "2021-07-02"},
		{"२ जुलाई २०२१", "2021-07-02"},
		{"29 February 2020", "2020-02-29"},
		{"29 February 2000", "2000-02-29"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = ARENA_INIT;
		char *date = date_parse(&arena, cases[i].text, strlen(cases[i].text));
		if (!date || strcmp(date, cases[i].date) != 0)
			fail_msg("\"%s\" is %s, expected %s", cases[i].text,
				 date ? date : "no date", cases[i].date);
		arena_release(&arena);
	}
}

static void test_no_dates(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		"yesterday",
		"July",
		"July 2",
		"2/7/2021" /* or is it? */,
		"31 June 2021",
		"29 February 2021",
		"29 February 1900",
		"2021-13-01",
		"2021-00-01",
		"2021-07-32",
		"32 July 2021",
		"July 2, 2021 and July 3, 2021",
		"in July 2021 it rained",
		"5 min read",
		"12345",
		"room 2021",
		"1.2.3",
		"19/2021",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct arena arena = ARENA_INIT;
		char *date = date_parse(&arena, texts[i], strlen(texts[i]));
		if (date)
			fail_msg("\"%s\" is %s, expected none", texts[i], date);
		arena_release(&arena);
	}
}

static void test_found_in_text(void **state)
{
	(void)state;
	struct arena arena = ARENA_INIT;
	size_t start, end;
	const char *text = "Kathmandu, July 2, 2021 (Xinhua)";
	assert_string_equal(date_find(&arena, text, strlen(text), &start, &end), "2021-07-02");
	assert_int_equal(start, 11);
	assert_int_equal(end, 23);
	assert_null(date_find(&arena, "Room 2021, July", 15, &start, &end));
	assert_null(date_find(&arena, "no digits here", 14, &start, &end));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_no_dates),
		cmocka_unit_test(test_found_in_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
