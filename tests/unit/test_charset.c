/* Any charset to clean UTF-8. */
#include "base/buf.h"
#include "read/charset/charset.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Ids of the messages, in order. */
static void listen(void *ctx, const struct chapbook_message *m)
{
	buf_printf(ctx, "%s;", m->id);
}

static void expect(const char *bytes, size_t size, const char *charset, const char *text,
		   const char *messages)
{
	struct buf out = BUF_INIT, told = BUF_INIT;
	struct diag diag = {.fn = listen, .ctx = &told};
	struct chapbook_error err = {0};
	assert_int_equal(charset_decode(&out, bytes, size,
					&(struct charset_hints){.given = charset}, &diag, &err),
			 0);
	assert_string_equal(out.data, text);
	assert_int_equal(out.len, strlen(text));
	assert_string_equal(told.data, messages);
	buf_release(&out);
	buf_release(&told);
}

#define EXPECT(bytes, charset, text, messages)                                                     \
	expect(bytes, sizeof bytes - 1, charset, text, messages)

static void test_utf8(void **state)
{
	(void)state;
	EXPECT("", NULL, "", "");
	EXPECT("plain", NULL, "plain", "");
	EXPECT("naïve 渡船", NULL, "naïve 渡船", "");
	EXPECT("\xEF\xBB\xBFmarked", NULL, "marked", "");
	EXPECT("\xEF\xBB\xBFmarked", "windows-1252", "marked", ""); /* the mark knows better */
	EXPECT("na\xC3\xAFve", "utf-8", "naïve", "");
}

static void test_line_ends(void **state)
{
	(void)state;
	EXPECT("a\r\nb\rc\n\rd\r\n", NULL, "a\nb\nc\n\nd\n", "");
	EXPECT("a\fb\vc", NULL, "a\nb\nc", "");
	EXPECT("a\xE2\x80\xA8"
	       "b\xE2\x80\xA9"
	       "c\xE2\x80\xA6",
	       NULL, "a\nb\nc…", "");
}

static void test_broken_utf8(void **state)
{
	(void)state;
	EXPECT("na\xC3\xAFve \xFF!", "UTF-8", "naïve \xEF\xBF\xBD!", "bytes-replaced;");
	EXPECT("a\0b\x01"
	       "c and so on, for a text of more than a hundred letters, so that two of "
	       "them are few enough to be an accident",
	       NULL,
	       "abc and so on, for a text of more than a hundred letters, so that two of them are "
	       "few "
	       "enough to be an accident",
	       "bytes-replaced;");
	/* one bad byte among many good ones does not make it another charset */
	EXPECT("éééééééééééééééééééééééééééééé\xFF", NULL,
	       "éééééééééééééééééééééééééééééé\xEF\xBF\xBD", "bytes-replaced;");
}

static void test_utf16(void **state)
{
	(void)state;
	EXPECT("\xFF\xFEh\0i\0 \0\x21\x6E", NULL, "hi 渡", "");
	EXPECT("\xFE\xFF\0h\0i\0 \x6E\x21", NULL, "hi 渡", "");
	EXPECT("h\0e\0l\0l\0o\0 \0w\0o\0r\0l\0d\0", NULL, "hello world", "guess-charset;");
	EXPECT("\0h\0e\0l\0l\0o\0 \0w\0o\0r\0l\0d", NULL, "hello world", "guess-charset;");
	/* an unpaired surrogate, and half a character at the end */
	EXPECT("\xFF\xFEh\0\0\xD8i\0x", NULL,
	       "h\xEF\xBF\xBD"
	       "i\xEF\xBF\xBD",
	       "bytes-replaced;");
	EXPECT("\xFF\xFE\0\0h\0\0\0i\0\0\0", NULL, "hi", "");
}

static void test_declared(void **state)
{
	(void)state;
	EXPECT("na\xEFve", "ISO-8859-1", "naïve", "");
	EXPECT("\x93quoted\x94", "windows-1252", "“quoted”", "");
	EXPECT("\xB6\xC9\xB4\xAC", "GB18030", "渡船", "");
	EXPECT("\x93n\x82\xB5\x91\x44", "Shift_JIS", "渡し船", "");
	EXPECT("\xD0\xC1\xD2\xCF\xCD", "KOI8-R", "паром", "");
	struct buf out = BUF_INIT;
	struct chapbook_error err = {0};
	assert_int_equal(charset_decode(&out, "x", 1,
					&(struct charset_hints){.given = "no-such-charset"}, NULL,
					&err),
			 -1);
	assert_int_equal(err.code, CHAPBOOK_E_USAGE);
	assert_non_null(strstr(err.message, "no-such-charset"));
	buf_release(&out);
}

/* A longer text in `charset`, made with iconv, comes back whole. */
static void round_trip(const char *text, const char *charset)
{
	char *bytes = malloc(strlen(text) * 4), *in = (char *)(uintptr_t)text, *to = bytes;
	size_t size = strlen(text), room = size * 4;
	iconv_t cd = iconv_open(charset, "UTF-8");
	assert_true(cd != (iconv_t)-1);
	assert_int_equal(iconv(cd, &in, &size, &to, &room), 0);
	iconv_close(cd);
	struct buf out = BUF_INIT;
	assert_int_equal(charset_decode(&out, bytes, (size_t)(to - bytes),
					&(struct charset_hints){0}, NULL, NULL),
			 0);
	if (strcmp(out.data, text) != 0)
		fail_msg("%s was not recognised", charset);
	buf_release(&out);
	free(bytes);
}

static void test_guessed(void **state)
{
	(void)state;
	round_trip("渡船连接着海港的两岸，已经开了一百多年，从来没有准时过。没有人为此抱怨，因为风"
		   "景很好，"
		   "茶也很热，船长总是记得每一位乘客的名字。去年春天，市议会投票决定用一座大桥取代"
		   "它。",
		   "GB18030");
	round_trip("この港の両岸を結ぶ渡し船は、百年以上も前から人々を運んできたが、時間どおりに着"
		   "いたことは"
		   "一度もない。それでも誰も気にしないのは、景色がよく、お茶が熱いからである。",
		   "Shift_JIS");
	round_trip("Паром соединяет два берега гавани уже больше ста лет и ни разу не пришёл "
		   "вовремя. Никто, "
		   "впрочем, не жалуется: вид хорош, чай горяч, а капитан помнит всех по именам.",
		   "windows-1251");
	round_trip("Le bac relie les deux rives du port depuis plus de cent ans et n'est jamais "
		   "arrivé à "
		   "l'heure. Personne ne s'en plaint, car la vue est belle et le thé est chaud.",
		   "windows-1252");
}

/* What a page says of itself, and what comes of it. */
static void expect_page(const char *page, size_t size, const char *label, const char *word)
{
	struct buf out = BUF_INIT;
	char says[64];
	charset_of_page(page, size, says, sizeof says);
	assert_string_equal(says, label);
	assert_int_equal(charset_decode(&out, page, size,
					&(struct charset_hints){.page_label = says, .page = true},
					NULL, NULL),
			 0);
	if (!strstr(out.data, word))
		fail_msg("\"%s\" is not in \"%s\"", word, out.data);
	buf_release(&out);
}

#define EXPECT_PAGE(page, label, word) expect_page(page, sizeof page - 1, label, word)

static void test_pages(void **state)
{
	(void)state;
	/* ISO 8859-1 means windows-1252, and so on */
	EXPECT_PAGE("<meta charset=iso-8859-1><p>\x93na\xEFve\x94 \x80", "iso-8859-1", "“naïve” €");
	EXPECT_PAGE("<meta charset=\"gb2312\"><p>\xB6\xC9\xB4\xAC \x9F\xA9", "gb2312", "渡船 煩");
	EXPECT_PAGE("<META CHARSET='Shift_JIS'><p>\x93n\x82\xB5\x91\x44 \x87\x40", "Shift_JIS",
		    "渡し船 ①");
	EXPECT_PAGE("<meta charset=ks_c_5601-1987><p>\xB3\xAA\xB7\xEB", "ks_c_5601-1987", "나룸");
	EXPECT_PAGE("<meta content='text/html; charset = \"koi8-r\"' http-equiv=Content-Type>"
		    "\xD0\xC1\xD2\xCF\xCD",
		    "koi8-r", "паром");
	EXPECT_PAGE("<?xml version='1.0' encoding='windows-1251'?><html>\xEF\xE0\xF0\xEE\xEC",
		    "windows-1251", "паром");
	/* the first meta, wherever in the head; not in a comment, a script or the body */
	EXPECT_PAGE("<!-- <meta charset=big5> --><script>'<meta charset=big5>'</script><title>x"
		    "</title><meta name=charset content=x><meta charset=windows-1251>"
		    "<meta charset=utf-8>\xEF\xE0\xF0\xEE\xEC",
		    "windows-1251", "паром");
	EXPECT_PAGE("<title>x</title><body><meta charset=big5>ab", "", "ab");
	/* UTF-16 cannot be what it says so in */
	EXPECT_PAGE("<meta charset=utf-16>渡船", "utf-8", "渡船");
	/* UTF-8 all the same; not UTF-8, whatever it says; a name that nobody knows */
	EXPECT_PAGE("<meta charset=gb2312><p>渡船连接着海港的两岸", "gb2312", "渡船连接");
	EXPECT_PAGE(
		"<meta charset=utf-8><p>Le bac relie les deux rives du port depuis plus de cent "
		"ans et n'est jamais arriv\xE9 \xE0 l'heure, car la vue est trop belle; le th\xE9 "
		"est chaud.",
		"utf-8", "arrivé à");
	EXPECT_PAGE("<meta charset=no-such-charset><p>渡船", "no-such-charset", "渡船");
	/* a byte order mark is right */
	EXPECT_PAGE("\xEF\xBB\xBF<meta charset=windows-1252>é", "windows-1252", "é");
}

static void refuse(const char *bytes, size_t size, const char *word)
{
	struct buf out = BUF_INIT;
	struct chapbook_error err = {0};
	assert_int_equal(charset_decode(&out, bytes, size, &(struct charset_hints){0}, NULL, &err),
			 -1);
	assert_int_equal(err.code, CHAPBOOK_E_INPUT);
	if (!strstr(err.message, word))
		fail_msg("\"%s\" does not say \"%s\"", err.message, word);
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

static void test_binary(void **state)
{
	(void)state;
	char noise[4096];
	unsigned seed = 7;
	for (size_t i = 0; i < sizeof noise; i++) {
		seed = seed * 1664525u + 1013904223u;
		noise[i] = (char)(seed >> 24);
	}
	refuse(noise, sizeof noise, "binary");
	memset(noise, 0, sizeof noise);
	refuse(noise, sizeof noise, "binary");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8),        cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_broken_utf8), cmocka_unit_test(test_utf16),
		cmocka_unit_test(test_declared),    cmocka_unit_test(test_guessed),
		cmocka_unit_test(test_binary),      cmocka_unit_test(test_pages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
