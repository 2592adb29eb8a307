/* Saved pages: what they are packed in, and where they are from. */
#include "article/tree.h"
#include "base/buf.h"
#include "base/gzip.h"
#include "media/load.h"
#include "read/mhtml.h"
#include "read/read.h"

#include <libdeflate.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PARAGRAPH                                                                                  \
	"<p>The ferry has crossed the harbour for more than a hundred years, and has never once "  \
	"been on time. Nobody minds, for the view is good, the tea is hot, and the captain knows " \
	"everyone by name, from the first passenger to the last one.</p>"

/* --- gzip --- */

static size_t compress(const char *text, size_t size, char *out, size_t room)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t n = libdeflate_gzip_compress(c, text, size, out, room);
	libdeflate_free_compressor(c);
	return n;
}

static void expect_gzip(const char *bytes, size_t size, size_t limit, enum chapbook_code code,
			size_t wanted)
{
	struct chapbook_error err = {0};
	char *out = NULL;
	size_t got = 0;
	assert_int_equal(gzip_read(bytes, size, limit, &out, &got, &err), code ? -1 : 0);
	assert_int_equal(err.code, code);
	if (code == CHAPBOOK_OK) {
		assert_int_equal(got, wanted);
		assert_int_equal(out[got], 0);
	}
	free(out);
}

static void test_gzip(void **state)
{
	(void)state;
	static char zeros[1000 * 1000];
	char packed[4000];
	size_t one = compress("ferry", 5, packed, sizeof packed);
	size_t two = one + compress(zeros, 2000, packed + one, sizeof packed - one);
	assert_true(gzip_is(packed, one));
	assert_false(gzip_is(packed, 10));
	expect_gzip(packed, one, 100, CHAPBOOK_OK, 5);
	expect_gzip(packed, two, 10000, CHAPBOOK_OK, 2005); /* two members */
	memset(packed + two, 0xFF, 3);
	expect_gzip(packed, two + 3, 10000, CHAPBOOK_OK, 2005); /* and what is none */
	expect_gzip(packed, two, 2004, CHAPBOOK_E_LIMIT, 0);
	expect_gzip(packed, two, 2005, CHAPBOOK_OK, 2005);
	expect_gzip(packed, one - 5, 100, CHAPBOOK_E_INPUT, 0); /* cut */
	packed[one - 6] ^= 1;
	expect_gzip(packed, one, 100, CHAPBOOK_E_INPUT, 0); /* broken */
	/* a bomb; and one that only says so */
	size_t bomb = compress(zeros, sizeof zeros, packed, sizeof packed);
	expect_gzip(packed, bomb, 100 * 1000, CHAPBOOK_E_LIMIT, 0);
	expect_gzip(packed, bomb, 1000 * 1000, CHAPBOOK_OK, sizeof zeros);
	memset(packed + bomb - 4, 0x7F, 4);
	expect_gzip(packed, bomb, SIZE_MAX / 2, CHAPBOOK_E_INPUT, 0);
}

/* --- Where a page is from --- */

static struct article *read_page(const char *name, const char *bytes, size_t size, const char *url)
{
	struct chapbook_error err = {0};
	struct article *a = article_new();
	struct read_input in = {.name = name, .bytes = bytes, .size = size, .url = url};
	if (read_article(a, &in, NULL, &err) != 0)
		fail_msg("%s", err.message);
	return a;
}

static void expect_from(const char *top, const char *url, const char *source, const char *base,
			const char *retrieved)
{
	struct buf page = BUF_INIT;
	buf_printf(&page, "%s<body><h1>The slow ferry</h1>" PARAGRAPH PARAGRAPH PARAGRAPH, top);
	struct article *a = read_page("page", page.data, page.len, url);
	const char *const pairs[][2] = {
		{a->source_url, source}, {a->base_url, base}, {a->retrieved, retrieved}};
	for (size_t i = 0; i < 3; i++) {
		if (!pairs[i][1])
			assert_null(pairs[i][0]);
		else
			assert_string_equal(pairs[i][0], pairs[i][1]);
	}
	article_free(a);
	buf_release(&page);
}

static void test_from(void **state)
{
	(void)state;
	expect_from("<!DOCTYPE html>\n<!-- saved from url=(0025)https://example.org/a/b.h -->\n"
		    "<html><head>",
		    NULL, "https://example.org/a/b.h", NULL, NULL);
	expect_from(
		"<!DOCTYPE html><html><head><!--\n Page saved with SingleFile \n"
		" url: https://example.org/c?d \n saved date: Fri Jul 02 2021 10:00:00 GMT+0200\n"
		"-->",
		NULL, "https://example.org/c?d", NULL, "2021-07-02");
	expect_from("<html><head><meta name=savepage-url content='https://example.org/e'>", NULL,
		    "https://example.org/e", NULL, NULL);
	expect_from("<html data-scrapbook-source='https://example.org/f'>", NULL,
		    "https://example.org/f", NULL, NULL);
	/* the caller knows better; a base is relative to that */
	expect_from("<!-- saved from url=(0025)https://example.org/a/b.h --><html><head>"
		    "<base target=x><base href='/deep/'>",
		    "https://example.net/g", "https://example.net/g", "https://example.net/deep/",
		    NULL);
	expect_from("<html><head><base href='https://cdn.example.org/'>", NULL, NULL,
		    "https://cdn.example.org/", NULL);
	expect_from("<!-- saved from url=(0014)file:///C:/x.h --><html>", NULL, NULL, NULL, NULL);
}

/* --- Web archives --- */

#define GIF_BASE64 "R0lGODlhAgADAIAAAAAAAP///yH5BAEAAAAALAAAAAACAAMAAAICRAE7"
#define GIF_BYTES                                                                                  \
	"GIF89a\2\0\3\0\x80\0\0\0\0\0\xFF\xFF\xFF!\xF9\4\1\0\0\0\0,\0\0\0\0\2\0\3\0\0\2\2\x44\1;"
#define IMAGES                                                                                     \
	"<figure><img src=3D\"cid:one@x\" alt=3D\"1\"><figcaption>The ferry at dawn, before the "  \
	"f=\r\n"                                                                                   \
	"irst passenger.</figcaption></figure>"                                                    \
	"<figure><img src=3D\"/img/two%20b.gif\" alt=3D\"2\"><figcaption>Caf=C3=A9.</figcaption>"  \
	"</figure>"

static const char archive[] = "From: <Saved by Blink>\r\n"
			      "Snapshot-Content-Location: https://example.org/a/page.html\r\n"
			      "Date: Fri, 2 Jul 2021 10:00:00 -0000\r\n"
			      "MIME-Version: 1.0\r\n"
			      "Content-Type: multipart/related;\r\n"
			      "\ttype=\"text/html\";\r\n"
			      "\tboundary=\"----=_b\\\"1\"\r\n"
			      "\r\n"
			      "preamble\r\n"
			      "------=_b\"1\r\n"
			      "Content-Type: text/css\r\n"
			      "Content-Location: https://example.org/x.css\r\n"
			      "\r\n"
			      "p {}\r\n"
			      "------=_b\"1\r\n"
			      "Content-Type: multipart/alternative; boundary=inner\r\n"
			      "\r\n"
			      "--inner\r\n"
			      "Content-Type: text/plain\r\n"
			      "\r\n"
			      "plain\r\n"
			      "--inner\r\n"
			      "Content-Type: text/html; charset=utf-8\r\n"
			      "Content-Transfer-Encoding: quoted-printable\r\n"
			      "Content-Location:\r\n"
			      " https://example.org/a/page.html\r\n"
			      "\r\n"
			      "<h1>The slow ferry</h1>" PARAGRAPH PARAGRAPH IMAGES PARAGRAPH "\r\n"
			      "--inner--\r\n"
			      "------=_b\"1\r\n"
			      "Content-Type: image/gif\r\n"
			      "Content-ID: <one@x>\r\n"
			      "Content-Transfer-Encoding: base64\r\n"
			      "\r\n" GIF_BASE64 "\r\n"
			      "------=_b\"1\r\n"
			      "Content-Type: image/gif\r\n"
			      "Content-Transfer-Encoding: binary\r\n"
			      "Content-Location: https://example.org/img/two%20b.gif\r\n"
			      "\r\n" GIF_BYTES "\r\n"
			      "------=_b\"1--\r\n"
			      "epilogue";

static void test_archive(void **state)
{
	(void)state;
	struct article *a = read_page("page", archive, sizeof archive - 1, NULL);
	assert_string_equal(a->source_url, "https://example.org/a/page.html");
	assert_string_equal(a->retrieved, "2021-07-02");
	assert_int_equal(a->parts.count, 2);
	assert_string_equal(a->parts.items[0].url, "cid:one@x");
	assert_int_equal(a->parts.items[0].size, sizeof GIF_BYTES - 1);
	assert_int_equal(media_load(a, NULL, NULL, NULL, NULL), 0);
	assert_int_equal(a->image_refs.count, 2);
	struct buf text = BUF_INIT;
	tree_put_text(&text, a->body);
	assert_non_null(strstr(text.data, "before the first passenger."));
	assert_non_null(strstr(text.data, "Café."));
	assert_null(strstr(text.data, "plain"));
	buf_release(&text);
	article_free(a);
}

/* Cut anywhere, an archive gives a page, or an error. */
static void test_cut_archive(void **state)
{
	(void)state;
	for (size_t size = 0; size < sizeof archive; size += 3) {
		struct chapbook_error err = {0};
		struct article *a = article_new();
		char *bytes = malloc(size + 1);
		memcpy(bytes, archive, size);
		bytes[size] = '\0';
		struct read_input in = {.name = "page.mht", .bytes = bytes, .size = size};
		if (read_article(a, &in, NULL, &err) != 0)
			assert_int_equal(err.code, CHAPBOOK_E_INPUT);
		article_free(a);
		free(bytes);
	}
}

static void test_no_archive(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"", "Dear all: hello", "From: x\n\nContent-Type: multipart/related; boundary=x\n",
		"Content-Type: text/plain\n\n", "Content-Type: multipart/related\n\n"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_false(mhtml_is(texts[i], strlen(texts[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gzip),       cmocka_unit_test(test_from),
		cmocka_unit_test(test_archive),    cmocka_unit_test(test_cut_archive),
		cmocka_unit_test(test_no_archive),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
