/* Sources: what they are, their items, and the articles of items. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/buf.h"
#include "chapbook.h"

/* What the items say, in lines of fields with "|" between. */
static int put_item(void *ctx, const struct chapbook_item *item)
{
	struct buf *out = ctx;
	buf_printf(out, "%s|%s|", item->url ? item->url : "", item->title ? item->title : "");
	for (size_t i = 0; i < item->tag_count; i++)
		buf_printf(out, "%s%s", i ? "," : "", item->tags[i]);
	buf_printf(out, "|%s|%s|%s\n", item->folder ? item->folder : "",
		   item->state ? item->state : "", item->saved ? item->saved : "");
	return 0;
}

static void check_items(const char *bytes, size_t size, const char *format, const char *expected)
{
	struct chapbook_error err = {0};
	struct buf out = BUF_INIT;
	struct chapbook_source *source =
		chapbook_source_open_bytes("list", NULL, bytes, size, &err);
	assert_non_null(source);
	if (format)
		assert_string_equal(chapbook_source_format(source), format);
	else
		assert_null(chapbook_source_format(source));
	if (format)
		assert_int_equal(chapbook_source_read(source, put_item, &out, NULL, NULL, &err), 0);
	assert_string_equal(out.data, expected);
	chapbook_source_free(source);
	buf_release(&out);
}

static void check_text(const char *text, const char *format, const char *expected)
{
	check_items(text, strlen(text), format, expected);
}

static void test_lines(void **state)
{
	(void)state;
	check_text("https://a.example/\n\n# no\nHTTP://b.example/x\tB and C\r\n"
		   "https://c.example/ | One | Two\r",
		   "lines",
		   "https://a.example/|||||\nHTTP://b.example/x|B and C||||\n"
		   "https://c.example/|One | Two||||\n");
	check_text("https://a.example/ is where it began.\n", NULL, "");
	check_text("Words.\nhttps://a.example/\n", NULL, "");
	check_text("", NULL, "");
	check_text("# https://a.example/\n", NULL, "");
}

/* The charset is by the BOM, or by the bytes. */
static void test_charsets(void **state)
{
	(void)state;
	static const char little[] =
		"\xFF\xFEh\0t\0t\0p\0:\0/\0/\0a\0/\0\t\0\xE9\0\x3D\xD8\x00\xDE";
	static const char big[] = "\xFE\xFF\0h\0t\0t\0p\0:\0/\0/\0a\0/\0\t\0\xE9";
	check_items(little, sizeof little - 1, "lines", "http://a/|\xC3\xA9\xF0\x9F\x98\x80||||\n");
	check_items(big, sizeof big - 1, "lines", "http://a/|\xC3\xA9||||\n");
	check_text("\xEF\xBB\xBFhttp://a/\t\xC3\xA9", "lines", "http://a/|\xC3\xA9||||\n");
	check_text("http://a/\tcaf\xE9 \x93x\x94\n", "lines",
		   "http://a/|caf\xC3\xA9 \xE2\x80\x9Cx\xE2\x80\x9D||||\n");
}

static size_t compress_text(const char *text, unsigned char *out, size_t room)
{
	z_stream z = {0};
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY),
			 Z_OK);
	z.next_in = (Bytef *)(uintptr_t)text;
	z.avail_in = (uInt)strlen(text);
	z.next_out = out;
	z.avail_out = (uInt)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	size_t size = z.total_out;
	deflateEnd(&z);
	return size;
}

/* Members of gzip follow each other; one that is cut off or damaged is an error. */
static void test_gzip(void **state)
{
	(void)state;
	unsigned char bytes[400];
	struct chapbook_error err = {0};
	struct buf out = BUF_INIT;
	size_t size = compress_text("http://a/\n", bytes, 200);
	size_t both = size + compress_text("http://b/\n", bytes + size, 200);
	check_items((const char *)bytes, both, "lines", "http://a/|||||\nhttp://b/|||||\n");
	struct chapbook_source *source =
		chapbook_source_open_bytes("x.gz", NULL, bytes, size - 4, &err);
	assert_non_null(source);
	assert_int_equal(chapbook_source_read(source, put_item, &out, NULL, NULL, &err), -1);
	assert_int_equal(err.code, CHAPBOOK_E_INPUT);
	assert_string_equal(err.message, "x.gz: gzip data without an end");
	chapbook_source_free(source);
	buf_release(&out);
}

/* More lines than a block or the first bytes hold. */
static void test_long_list(void **state)
{
	(void)state;
	struct buf text = BUF_INIT, expected = BUF_INIT;
	for (int i = 0; i < 20000; i++) {
		buf_printf(&text, "https://lake.example/%d\tTitle %d\n", i, i);
		buf_printf(&expected, "https://lake.example/%d|Title %d||||\n", i, i);
	}
	check_items(text.data, text.len, "lines", expected.data);
	buf_release(&text);
	buf_release(&expected);
}

/* --- Articles of items --- */

static char *book_of(const struct chapbook_item *item)
{
	struct chapbook_job *job = chapbook_job_new();
	struct chapbook_error err = {0};
	char *html = NULL, *json = NULL;
	assert_int_equal(chapbook_job_add_item(job, item, NULL, &err), 0);
	assert_int_equal(chapbook_job_extract(job, &html, &json, &err), 0);
	size_t size = strlen(html) + strlen(json) + 1;
	char *both = malloc(size);
	snprintf(both, size, "%s%s", html, json);
	free(html);
	free(json);
	chapbook_job_free(job);
	return both;
}

static void test_content(void **state)
{
	(void)state;
	static const char *const tags[] = {"ice", "winter, cold"};
	static const struct chapbook_item_author authors[] = {
		{"Ann Brown", "https://ann.example/"}};
	static const struct chapbook_highlight marks[] = {{"It froze in one night.", "Odd"}};
	static const char html[] = "<p>The lake froze.</p><p>It froze in one night.</p>";
	const struct chapbook_item item = {.url = "https://lake.example/p/1",
					   .title = "A Cold Night",
					   .source = "The Lake",
					   .authors = authors,
					   .author_count = 1,
					   .tags = tags,
					   .tag_count = 2,
					   .highlights = marks,
					   .highlight_count = 1,
					   .note = "Read again.",
					   .language = "en",
					   .published = "2025-03-01",
					   .saved = "2025-04-02",
					   .content = html,
					   .content_size = sizeof html - 1,
					   .content_type = "text/html"};
	char *book = book_of(&item);
	static const char *const wanted[] = {
		"<p>The lake froze.</p>",
		"Highlights</h2>",
		"<blockquote>",
		"<p>Odd</p>",
		"<p>Read again.</p>",
		"A Cold Night",
		"Ann Brown",
		"https://ann.example/",
		"The Lake",
		"winter, cold",
		"\"2025-03-01\"",
		"https://lake.example/p/1",
	};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (!strstr(book, wanted[i]))
			fail_msg("not there: %s in %s", wanted[i], book);
	assert_null(strstr(book, "2025-04-02"));
	free(book);
}

static void test_items_that_are_none(void **state)
{
	(void)state;
	static const struct {
		struct chapbook_item item;
		const char *message;
	} rows[] = {
		{{.title = "T"}, "T: has neither text nor a web address"},
		{{.url = "a.md"}, "item: has neither text nor a web address"},
		{{.url = "https://a.example/feed", .is_source = true},
		 "https://a.example/feed: a source, not an article"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct chapbook_job *job = chapbook_job_new();
		struct chapbook_error err = {0};
		assert_int_equal(chapbook_job_add_item(job, &rows[i].item, NULL, &err), -1);
		assert_int_equal(err.code,
				 rows[i].item.is_source ? CHAPBOOK_E_USAGE : CHAPBOOK_E_INPUT);
		assert_string_equal(err.message, rows[i].message);
		chapbook_job_free(job);
	}
}

/* Addresses of one article, and of others. */
static void test_once(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		bool is_new;
	} rows[] = {
		{"https://www.lake.example/a?x=1", true},
		{"http://lake.example/a/?utm_source=feed&x=1#top", false},
		{"https://lake.example/a?x=1&fbclid=2&gclid=3", false},
		{"https://amp.lake.example/a?x=1", false},
		{"https://lake.example/a/amp/?x=1", false},
		{"https://lake.example/a.amp?x=1", false},
		{"https://lake.example/a?amp=1&x=1", false},
		{"https://lake.example/a?x=1&outputType=amp", false},
		{"https://lake.example/a?x=2", true},
		{"https://lake.example/A?x=1", true},
		{"https://amp.example/a?x=1", true},
		{"https://lake.example/camp", true},
		{"https://lake.example/c", true},
	};
	struct chapbook_job *job = chapbook_job_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct chapbook_item item = {.url = rows[i].url};
		if (chapbook_job_choose_once(job, &item, NULL) != rows[i].is_new)
			fail_msg("%s", rows[i].url);
	}
	const struct chapbook_item texts[] = {{.id = "1", .source = "A"},
					      {.id = "1", .source = "B"},
					      {.content = "x", .content_size = 1},
					      {.content = "y", .content_size = 1}};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_int_equal(chapbook_job_choose_once(job, &texts[i], NULL), 1);
		assert_int_equal(chapbook_job_choose_once(job, &texts[i], NULL), 0);
	}
	chapbook_job_free(job);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),   cmocka_unit_test(test_charsets),
		cmocka_unit_test(test_gzip),    cmocka_unit_test(test_long_list),
		cmocka_unit_test(test_content), cmocka_unit_test(test_items_that_are_none),
		cmocka_unit_test(test_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
