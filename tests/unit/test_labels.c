/* The book's own words and dates, in every language of the tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/embedded.h"
#include "base/utf8.h"
#include "book/dates.h"
#include "book/labels.h"

static void test_lookup(void **state)
{
	(void)state;
	static const struct {
		const char *tag, *row;
	} rows[] = {
		{"en", "en"},           {"en-GB", "en"},      {"EN-us", "en"},
		{"zh", "zh"},           {"zh-CN", "zh"},      {"zh-Hans-CN", "zh"},
		{"zh-Hant", "zh-Hant"}, {"zh-TW", "zh-Hant"}, {"zh-Hant-HK", "zh-Hant"},
		{"und", "en"},          {"tlh", "en"},        {"", "en"},
		{"fr-", "fr"},          {"frr", "en"},        {NULL, "en"},
		{"pt-BR", "pt"},        {"nn-NO", "nb"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(labels_find(rows[i].tag)->language, rows[i].row);
	assert_string_equal(labels_find("de")->text[LABEL_CONTENTS], "Inhalt");
	assert_string_equal(labels_find("zh-SG")->text[LABEL_COLOPHON], "关于本书");
	assert_string_equal(labels_find("ja")->text[LABEL_CONTENTS], "目次");
	assert_string_equal(label_name(LABEL_COLOPHON), "colophon");
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;
	for (const char *p = text; (p = strstr(p, what)); p++)
		n++;
	return n;
}

/* Each sentence has the holes that it is filled with, and no others. */
static void check_holes(const struct labels *labels)
{
	static const struct {
		enum label label;
		size_t paper, date, address;
	} rows[] = {{LABEL_FIRST_PUBLISHED_IN_ON, 1, 1, 0},
		    {LABEL_FIRST_PUBLISHED_IN, 1, 0, 0},
		    {LABEL_FIRST_PUBLISHED_ON, 0, 1, 0},
		    {LABEL_READ_AT, 0, 0, 1}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *text = labels->text[rows[i].label];
		if (count(text, "{paper}") != rows[i].paper ||
		    count(text, "{date}") != rows[i].date ||
		    count(text, "{address}") != rows[i].address ||
		    count(text, "{") != rows[i].paper + rows[i].date + rows[i].address)
			fail_msg("%s: \"%s\"", labels->language, text);
	}
}

/* Every row of the file is whole: as many cells as columns, none empty, patterns in place, a row
 * of dates for it. */
static void test_rows(void **state)
{
	(void)state;
	const struct embedded_file *file = embedded_find("assets/labels.tsv");
	assert_non_null(file);
	assert_true(utf8_is_clean(file->data, file->size));
	size_t languages = 0;
	for (const char *line = strchr(file->data, '\n') + 1; *line;
	     line = strchr(line, '\n') + 1) {
		char tag[16] = "";
		size_t tabs = 0, len = strcspn(line, "\n");
		memcpy(tag, line, strcspn(line, "\t"));
		for (size_t i = 0; i < len; i++) {
			tabs += line[i] == '\t';
			if (line[i] == '\t' && (line[i + 1] == '\t' || line[i + 1] == '\n'))
				fail_msg("%s has an empty cell", tag);
		}
		if (tabs != LABEL_COUNT)
			fail_msg("%s has %zu cells, not %d", tag, tabs, LABEL_COUNT);
		const struct labels *labels = labels_find(tag);
		assert_string_equal(labels->language, tag);
		for (int i = 0; i < LABEL_COUNT; i++) {
			size_t wanted = i == LABEL_BY ||
					(i >= LABEL_TRANSLATED_BY && i <= LABEL_PHOTOGRAPHS_BY);
			if (count(labels->text[i], "%s") != wanted ||
			    count(labels->text[i], "%") != wanted)
				fail_msg("%s: %s is \"%s\"", tag, label_name((enum label)i),
					 labels->text[i]);
		}
		check_holes(labels);
		struct buf date = BUF_INIT;
		date_put(&date, "2021-07-02", tag);
		if (strcmp(date.data, "2021-07-02") == 0)
			fail_msg("%s has no dates", tag);
		buf_release(&date);
		languages++;
	}
	assert_true(languages >= 11);
}

static void test_joint(void **state)
{
	(void)state;
	const struct labels *en = labels_find("en"), *zh = labels_find("zh");
	assert_string_equal(labels_joint(en, 0, 3), "");
	assert_string_equal(labels_joint(en, 1, 3), ", ");
	assert_string_equal(labels_joint(en, 2, 3), " and ");
	assert_string_equal(labels_joint(zh, 1, 3), "、");
	assert_string_equal(labels_joint(labels_find("ar"), 1, 2), " و");
}

static void test_dates(void **state)
{
	(void)state;
	static const struct {
		const char *language, *w3c, *expected;
	} rows[] = {
		{"en", "2021-07-02", "2 July 2021"},
		{"en", "2021-07-02T23:59:59+02:00", "2 July 2021"},
		{"en", "2021-07", "July 2021"},
		{"en", "2021", "2021"},
		/* A region may write dates in its own way. */
		{"en-US", "2017-01-13", "January 13, 2017"},
		{"en-us", "2017-01", "January 2017"},
		{"en-GB", "2017-01-13", "13 January 2017"},
		{"en-CA", "2017-01-13", "January 13, 2017"},
		{"ar", "2019-02-08", "8 فبراير 2019"},
		{"ar-EG", "2019-02-08", "٨ فبراير ٢٠١٩"},
		{"ar-LB", "2019-02-08", "٨ شباط ٢٠١٩"},
		{"ar-LB", "2019-12-08",
		 "٨ كانون\xC2\xA0"
		 "الأول ٢٠١٩"},
		{"ar-TN", "2019-02-08", "8 فيفري 2019"},
		{"de-AT", "2017-01-13", "13. Jänner 2017"},
		{"sw", "2021-07-02", "2 July 2021"},
		{NULL, "2021-07-02", "2 July 2021"},
		{"de", "2021-03-01", "1. März 2021"},
		{"fr", "2021-08-01", "1er août 2021"},
		{"fr", "2021-08-02", "2 août 2021"},
		{"es", "2021-12-31", "31 de diciembre de 2021"},
		{"ru", "2021-07-02", "2 июля 2021 г."},
		{"ru", "2021-07", "июль 2021 г."},
		{"pl", "2021-05", "maj 2021"},
		{"pl", "2021-05-03", "3 maja 2021"},
		{"zh", "2021-07-02", "2021年7月2日"},
		{"ja", "2021-07", "2021年7月"},
		{"ko", "2021-07-02", "2021년 7월 2일"},
		{"hu", "2021-07-02", "2021. július 2."},
		{"fa", "2021-07-02", "۲ ژوئیهٔ ۲۰۲۱"},
		{"he", "2021-07-02", "2 ביולי 2021"},
		{"fi", "2021-07-02", "2. heinäkuuta 2021"},
		/* What is no date stays as it is. */
		{"en", "last summer", "last summer"},
		{"en", "2021-13-01", "2021-13-01"},
		{"en", "2021-7-1", "2021-7-1"},
		{"en", "2021-07T10:00Z", "2021-07T10:00Z"},
		{"en", "", ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf out = BUF_INIT;
		date_put(&out, rows[i].w3c, rows[i].language);
		assert_string_equal(out.data, rows[i].expected);
		buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_joint),
		cmocka_unit_test(test_dates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
