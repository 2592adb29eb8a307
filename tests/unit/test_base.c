/* The base room, against the standards' own examples. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/file_name.h"
#include "base/find.h"
#include "base/id.h"
#include "base/timestamp.h"
#include "base/userinfo.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>

static void test_buf(void **state)
{
	(void)state;
	struct buf b = BUF_INIT;
	assert_string_equal(b.data, "");
	buf_putc(&b, 'a');
	buf_printf(&b, "%d-%s", 12, "x");
	assert_string_equal(b.data, "a12-x");
	buf_truncate(&b, 2);
	buf_put_xml(&b, "<a b=\"c\">&", 10);
	assert_string_equal(b.data, "a1&lt;a b=&quot;c&quot;&gt;&amp;");
	buf_truncate(&b, 0);
	buf_puts(&b, "keep  ");
	size_t start = b.len;
	buf_puts(&b, " \t one\n\ntwo  ");
	buf_fold_space(&b, start);
	assert_string_equal(b.data, "keep  one two");
	buf_truncate(&b, 0);
	buf_put_json(&b, "a\"\\\n\x01</script>");
	assert_string_equal(b.data, "a\\\"\\\\\\n\\u0001\\u003c/script>");
	size_t len;
	char *taken = buf_detach(&b, &len);
	assert_int_equal(len, strlen(taken));
	assert_string_equal(b.data, "");
	free(taken);
	taken = buf_detach(&b, &len);
	assert_non_null(taken);
	assert_int_equal(len, 0);
	free(taken);
	buf_reserve(&b, SIZE_MAX - 5);
	assert_true(b.failed);
	buf_puts(&b, "nothing");
	assert_string_equal(b.data, "");
	buf_release(&b);
}

static void test_arena(void **state)
{
	(void)state;
	struct arena a = ARENA_INIT;
	struct {
		int *items;
		size_t count, cap;
	} list = {0};
	for (int i = 0; i < 10000; i++)
		*(int *)ARENA_PUSH(&a, list) = i;
	for (int i = 0; i < 10000; i++)
		assert_int_equal(list.items[i], i);
	char *large = arena_alloc(&a, 3 << 20);
	assert_non_null(large);
	assert_int_equal(large[(3 << 20) - 1], 0);
	assert_string_equal(arena_printf(&a, "%s %d", "page", 3), "page 3");
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_true(a.failed);
	arena_release(&a);
}

/* RFC 3629 section 4 and The Unicode Standard, table 3-8. */
static void test_utf8_malformed(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"caf\xC3\xA9", "caf\xC3\xA9"},
		{"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"\xF0\x80\x80\x41", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\x41"},
		{"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41",
		 "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\x41"},
		{"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"a\x01\x7F\tb\r\n", "a\tb\r\n"},
		{"x\xEF\xBB\xBFy\xEF\xBF\xBEz\xC2\x81", "xyz"},
		{"12345678\x0Crest of the line", "12345678rest of the line"},
		{"\xEF\xBF\xBD", "\xEF\xBF\xBD"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf out = BUF_INIT;
		size_t lost = utf8_clean(&out, cases[i].in, strlen(cases[i].in));
		assert_string_equal(out.data, cases[i].out);
		assert_true(utf8_is_clean(out.data, out.len));
		assert_int_equal(lost == 0, utf8_is_clean(cases[i].in, strlen(cases[i].in)));
		buf_release(&out);
	}
}

/* Windows-1252 that was taken for ISO 8859-1 on its way into UTF-8. */
/* Eight bytes at a time as one at a time, wherever the characters begin. */
static void test_utf8_count(void **state)
{
	static const char text[] =
		"a b\tc  défg \xE4\xB8\xAD\xE6\x96\x87 \xF0\x9F\x98\x80 end.~! x\x7F";
	(void)state;
	for (size_t from = 0; from < sizeof text; from++)
		for (size_t len = 0; from + len < sizeof text; len++) {
			size_t count = 0;
			for (size_t i = 0; i < len; i++)
				count += ((unsigned char)text[from + i] & 0xC0) != 0x80;
			assert_int_equal(utf8_count(text + from, len), count);
		}
	for (size_t at = 1; at < 40; at++) { /* a word that begins anywhere */
		char line[64];
		size_t words = 0, ideographs = 0;
		memset(line, ' ', sizeof line);
		memcpy(line + at, "ab~\tc\x7F, \xE4\xB8\xAD d", 13);
		utf8_count_words(line, sizeof line, &words, &ideographs);
		assert_int_equal(words, 3);
		assert_int_equal(ideographs, 1);
	}
}

static void test_utf8_c1(void **state)
{
	(void)state;
	struct buf out = BUF_INIT;
	const char *in = "It\xC2\x92s \xC2\x93so\xC2\x94 \xC2\x96 \xC2\x80 5\xC2\x85\xC2\x9F";
	assert_int_equal(utf8_clean(&out, in, strlen(in)), 0);
	assert_string_equal(out.data, "It’s “so” – € 5…Ÿ");
	buf_truncate(&out, 0);
	assert_int_equal(utf8_clean(&out,
				    "a\xC2\x81\xC2\x8D"
				    "b",
				    6),
			 2);
	assert_string_equal(out.data, "ab");
	/* UTF-8 that was encoded twice: U+2019, U+00C9; a letter that only looks so */
	buf_truncate(&out, 0);
	in = "It\xC3\xA2\xC2\x80\xC2\x99s \xC3\x83\xC2\x89t\xC3\xA9 caf\xC3\xA9\xC2\x94 x";
	assert_int_equal(utf8_clean(&out, in, strlen(in)), 0);
	assert_string_equal(out.data, "It’s Été café” x");
	buf_release(&out);
}

static void test_utf8_round_trip(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		char bytes[4];
		uint32_t back;
		size_t n = utf8_write(cp, bytes);
		assert_int_equal(utf8_decode(bytes, n, &back), n);
		assert_int_equal(back, cp);
		assert_int_equal(cp_lower(cp_lower(cp)), cp_lower(cp));
	}
}

static void test_case(void **state)
{
	(void)state;
	static const uint32_t pairs[][2] = {{'A', 'a'},     {0xC9, 0xE9},    {0x141, 0x142},
					    {0x160, 0x161}, {0x178, 0xFF},   {0x17D, 0x17E},
					    {0x391, 0x3B1}, {0x410, 0x430},  {0x401, 0x451},
					    {0x531, 0x561}, {0x1EA4, 0x1EA5}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		assert_int_equal(cp_lower(pairs[i][0]), pairs[i][1]);
		assert_true(cp_is_upper(pairs[i][0]) && !cp_is_lower(pairs[i][0]));
		assert_true(cp_is_lower(pairs[i][1]) && !cp_is_upper(pairs[i][1]));
		assert_true(cp_is_letter(pairs[i][0]) && cp_is_letter(pairs[i][1]));
	}
	assert_false(cp_is_upper(0xD7) || cp_is_lower(0xF7) || cp_is_letter('1'));
	assert_true(cp_is_letter(0x4E2D) && cp_is_cjk(0x4E2D) && cp_is_letter(0x5D0));
	assert_true(cp_is_space(0x3000) && cp_is_space(0xA0) && !cp_is_space('x'));
}

static void test_find_mark(void **state)
{
	static const char text[] = "a ^ [ b ^^[ c [";
	(void)state;
	assert_ptr_equal(find_mark(text, strlen(text), "^["), text + 9);
	assert_ptr_equal(find_mark(text, 11, "^["), text + 9);
	assert_null(find_mark(text, 10, "^[")); /* the mark is cut */
	assert_null(find_mark(text, strlen(text), "[^"));
	assert_null(find_mark(text, 0, "a"));
	assert_ptr_equal(find_mark(text, strlen(text), "a"), text);
	assert_null(find_mark(text, 1, ":::"));
}

/* What the note wants, and what is read besides. */
static void test_when_strict(void **state)
{
	static const struct {
		const char *text;
		bool strict;
	} rows[] = {
		{"2021", true},
		{"2021-07", true},
		{"2021-07-02", true},
		{"2021-07-02T10:00Z", true},
		{"2021-07-02T10:00:00.5+01:00", true},
		{"2021-07-02 10:00Z", false},
		{"2021-07-02T10:00", false},
		{"2021-07-02T10:00+0100", false},
		{"2021-07-02T10:00:00.Z", false},
		{"2021-07-02T10:00.5Z", false},
	};
	struct w3c_date date;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(when_read(rows[i].text, &date));
		assert_int_equal(date.is_strict, rows[i].strict);
	}
	assert_false(when_read("2021-07T10:00Z", &date));
	assert_false(when_read("2021-07-02T10:00:00+1:00", &date));
	assert_true(when_read("2021-07-02T10:00-05:30", &date));
	assert_int_equal(date.day, 2);
	assert_int_equal(date.offset, -(5 * 60 + 30) * 60);
}

static void test_when(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		long long epoch;
	} good[] = {
		{"1970", 0},
		{"2021-07", 1625097600},
		{"2021-07-02", 1625184000},
		{"2021-07-02T10:00:00Z", 1625220000},
		{"2021-07-02T10:00+08:00", 1625191200},
		{"2021-07-02T10:00:00.25-05:30", 1625239800},
		{"2000-02-29", 951782400},
	};
	static const char *const bad[] = {"",
					  "21",
					  "2021-13",
					  "2021-02-29",
					  "1900-02-29",
					  "2021-07-02T25:00Z",
					  "2021-07-02x",
					  "2021-00",
					  "2021-07-00",
					  "yesterday"};
	long long epoch;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(when_parse(good[i].text, &epoch));
		assert_int_equal(epoch, good[i].epoch);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(when_parse(bad[i], &epoch));
	char text[WHEN_TEXT];
	when_format(1625220000, text);
	assert_string_equal(text, "2021-07-02T10:00:00Z");
	/* Every day of ten thousand years, there and back. */
	for (long long day = -719528; day <= 2932896; day++) {
		when_format(day * 86400 + 1, text);
		assert_true(when_parse(text, &epoch));
		assert_int_equal(epoch, day * 86400 + 1);
	}
	assert_string_equal(text, "9999-12-31T00:00:01Z");
	when_format(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59Z");
}

static void test_ids(void **state)
{
	(void)state;
	char digest[SHA256_HEX], uuid[UUID_TEXT];
	/* FIPS 180-2 appendix B.1; RFC 9562 appendix A.4 has the DNS name space: the URL one is
	 * checked against Python's uuid.uuid5(uuid.NAMESPACE_URL, …). */
	sha256_hex("abc", 3, digest);
	assert_string_equal(digest,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	uuid_v5_url("http://www.example.com/", 23, uuid);
	assert_string_equal(uuid, "fcde3c85-2270-590f-9e7c-ee003d65e0e2");
}

static void test_titles_as_file_names(void **state)
{
	(void)state;
	static const struct {
		size_t max;
		const char *in, *out;
	} cases[] = {
		{20, "Inter-Party Ties", "inter-party-ties"},
		{20, "China\xE2\x80\x99s  role: 2 views!", "chinas-role-2-views"},
		{20, "Éléphants à l’œuvre", "elephants-a-loeuvre"},
		{20, "Straße in Łódź", "strasse-in-lodz"},
		{20, "../../etc/passwd", "etc-passwd"},
		{20, "one two three four five six seven", "one-two-three-four"},
		{120, "Việt Nam, Ă và ơ", "viet-nam-a-va-o"},
		{120, "北京的春天", "北京的春天"},
		{120, "Русская весна", "Русская-весна"},
		{120, "  Кто? Что/где\\когда: «всё» <1|2>*\"…\" ... ", "Кто-Что-где-когда-всё-1-2"},
		{120, "《北京》，2024年", "北京-2024年"},
		/* NFC: и + U+0306; e + U+0301 */
		{120, "Йод и \xD0\x98\xCC\x86од", "Йод-и-Йод"},
		{20, "Cafe\xCC\x81", "cafe"},
		/* soft hyphen, zero width space, word joiner, BOM, bidi controls, a control
		   character */
		{120,
		 "Рус\xC2\xADская\xE2\x80\x8B\xE2\x81\xA0\xEF\xBB\xBF "
		 "\xE2\x80\xAEвесна\xE2\x80\xAC\x07",
		 "Русская-весна"},
		/* the zero width non-joiner is a letter's form in Persian */
		{120, "می\xE2\x80\x8Cخواهم\xE2\x80\x8C", "می\xE2\x80\x8Cخواهم"},
		{20, "北京的春天北京的春天", "北京的春天北"},
		{24, "Русская весна снова", "Русская"},
		/* a base and its mark are one letter: नि */
		{9, "ननि", "ननि"},
		{8, "ननि", "न"},
		{20, "👍🏽 да 👩‍👩‍👧", "👍-да"},
		{20, "CON", "con_"},
		{20, "Lpt1", "lpt1_"},
		{20, "Console", "console"},
		{20, "… ?!", ""},
		{20, "", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf out = BUF_INIT;
		file_name_put(&out, cases[i].in, &(struct file_name_options){.max = cases[i].max});
		assert_string_equal(out.data, cases[i].out);
		buf_release(&out);
	}
}

static void test_titles_in_ascii(void **state)
{
	(void)state;
	static const char *const cases[][3] = {
		{"北京的春天", "zh", "bei-jing-de-chun-tian"},
		{"Русская весна: путешествие Щуки", "ru", "russkaya-vesna-puteshestviye-shchuki"},
		{"Щука", NULL, "shchuka"},
		{"Київ", "uk", "kyyiv"},
		{"الربيع العربي", "ar", "alrby-alrby"},
		{"Über die Brücke", "de", "uber-die-brucke"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf out = BUF_INIT;
		file_name_put(&out, cases[i][0],
			      &(struct file_name_options){
				      .max = 120, .ascii = true, .language = cases[i][1]});
		assert_string_equal(out.data, cases[i][2]);
		buf_release(&out);
	}
}

static void test_file_names(void **state)
{
	(void)state;
	static const char *const cases[][3] = {
		{"a/b.txt", "a", "b.txt"}, {"b.txt", ".", "b.txt"}, {"/b", "/", "b"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *dir = file_dirname(cases[i][0]);
		assert_string_equal(dir, cases[i][1]);
		assert_string_equal(file_basename(cases[i][0]), cases[i][2]);
		free(dir);
	}
}

static void test_userinfo(void **state)
{
	static const char *const cases[][2] = {
		{"http://a:b@h/x", "http://h/x"},
		{"see https://a@h and ftp://a:b@c@h:1/@x.", "see https://h and ftp://h:1/@x."},
		{"http://h/@a http://h?a@b http://h#a@b", "http://h/@a http://h?a@b http://h#a@b"},
		{"http://h: no answer for a@b", "http://h: no answer for a@b"},
		{"http://a:b/c@h/", "http://h/"},
		{"http://h:80/a@b http://[::1]:80/a@b", "http://h:80/a@b http://[::1]:80/a@b"},
		{"\"http://a:b@h\"@c", "\"http://h\"@c"},
		{"http://a:b@", "http://"},
		{"://", "://"},
		{"", ""},
	};
	char text[80];
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(text, sizeof text, "%s", cases[i][0]);
		userinfo_cut(text);
		assert_string_equal(text, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_userinfo),
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_utf8_malformed),
		cmocka_unit_test(test_utf8_count),
		cmocka_unit_test(test_utf8_c1),
		cmocka_unit_test(test_utf8_round_trip),
		cmocka_unit_test(test_case),
		cmocka_unit_test(test_when),
		cmocka_unit_test(test_when_strict),
		cmocka_unit_test(test_find_mark),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_titles_as_file_names),
		cmocka_unit_test(test_titles_in_ascii),
		cmocka_unit_test(test_file_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
