/* The Markdown reader: every tests/markdown/NAME.md is read and held to NAME.xhtml, which begins
 * with what was found about the article. CASE=NAME runs one and prints what came out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "article/xhtml.h"
#include "base/buf.h"
#include "base/file.h"
#include "body_check.h"
#include "read/markdown/markdown.h"

#define FOLDER "tests/markdown"

static struct article *read_checked(const char *text, size_t len)
{
	struct chapbook_error err = {0};
	const xmlNode *at = NULL;
	struct article *a = article_new();
	if (read_markdown(a, text, len, 1, NULL, &err) != 0)
		fail_msg("%s", err.message);
	const char *wrong = body_check(a->body, &at);
	if (wrong)
		fail_msg("%s at <%s> of: %.200s", wrong, tree_name(at), text);
	return a;
}

static void put_article(struct buf *out, const struct article *a)
{
	if (a->title)
		buf_printf(out, "<!-- title: %s -->\n", a->title);
	for (size_t i = 0; i < a->authors.count; i++)
		buf_printf(out, "<!-- author: %s -->\n", a->authors.items[i].name);
	xhtml_put_children(out, a->body);
	buf_putc(out, '\n');
}

static void test_samples(void **state)
{
	const char *wanted = getenv("CASE");
	size_t count = 0;
	DIR *dir = opendir(FOLDER);
	(void)state;
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		const char *dot = strrchr(entry->d_name, '.');
		if (!dot || strcmp(dot, ".md") != 0)
			continue;
		char path[300], expected_path[300];
		int stem = (int)(dot - entry->d_name);
		snprintf(path, sizeof path, FOLDER "/%s", entry->d_name);
		snprintf(expected_path, sizeof expected_path, FOLDER "/%.*s.xhtml", stem,
			 entry->d_name);
		if (wanted && (strlen(wanted) != (size_t)stem ||
			       memcmp(wanted, entry->d_name, (size_t)stem) != 0))
			continue;
		char *text = NULL, *expected = NULL;
		size_t len = 0, expected_len = 0;
		assert_int_equal(file_read(path, 1000000, &text, &len, NULL), 0);
		struct article *a = read_checked(text, len);
		struct buf out = BUF_INIT;
		put_article(&out, a);
		if (wanted)
			puts(out.data);
		else if (file_read(expected_path, 1000000, &expected, &expected_len, NULL) != 0)
			fail_msg("%s is missing", expected_path);
		else if (strcmp(out.data, expected) != 0)
			fail_msg("%s differs:\n%s\ninstead of\n%s", path, out.data, expected);
		count++;
		buf_release(&out);
		article_free(a);
		free(text);
		free(expected);
	}
	closedir(dir);
	assert_true(count >= (wanted ? 1 : 9));
}

static void repeat(struct buf *out, const char *piece, int times)
{
	for (int i = 0; i < times; i++)
		buf_puts(out, piece);
}

/* A valid body, or a clear refusal; in bounded time and stack either way. */
static void test_nests(void **state)
{
	static const char *const pieces[][3] = {
		{"> ", "x", ""},
		{"- ", "x", ""},
		{"1. ", "x", ""},
		{"[", "x", "]"},
		{"*a **b ", "x", " b** a*"},
		{"![", "x", "](u)"},
		{"<div>\n\n", "x", ""},
		{"<b>", "x", ""},
		{"`", "x", ""},
		{"[^1] ", "x", ""},
		{"![[]()", "x", ""},
		{"a <![CDATA[", "x", ""},
		{"a <?", "x", ""},
		{"~~", "x", "~~"},
		{"# a\n", "x", ""},
		{"&#1;", "x", ""},
		{"|a", "|\n", "|-"},
		{"<svg>", "x", ""},
		{"![a](", "x", ")"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct buf text = BUF_INIT;
		repeat(&text, pieces[i][0], 50000);
		buf_puts(&text, pieces[i][1]);
		repeat(&text, pieces[i][2], 50000);
		repeat(&text, "\nx", 1000);
		struct chapbook_error err = {0};
		struct article *a = article_new();
		if (read_markdown(a, text.data, text.len, 1, NULL, &err) == 0) {
			const xmlNode *at = NULL;
			const char *wrong = body_check(a->body, &at);
			if (wrong)
				fail_msg("%s at <%s> of many \"%s\"", wrong, tree_name(at),
					 pieces[i][0]);
		} else {
			assert_int_equal(err.code, CHAPBOOK_E_LIMIT);
		}
		article_free(a);
		buf_release(&text);
	}
}

/* Raw HTML in pieces: whatever is opened in one block and closed in another. */
static void test_raw_pieces(void **state)
{
	static const char *const pieces[] = {
		"<div>",      "</div>",        "<table><tr><td>",
		"</table>",   "<b>",           "</b>",
		"<ul>",       "<li>",          "<!-- c -->",
		"<script>",   "</script>",     "text",
		"*em*",       "<p>",           "<svg><title>",
		"<textarea>", "<h2 id=a>",     "[l](#a)",
		"> q",        "- item",        "1. <i>x",
		"![](a.png)", "`<b>`",         "<details><summary>",
		"</details>", "<a href='#a'>", "<pre>",
		"[^1]",       "<math><mi>",    "\n[^1]: note <div>\n",
	};
	enum { PIECES = sizeof pieces / sizeof *pieces };
	unsigned random = 1;
	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct buf text = BUF_INIT;
		for (int i = 0; i < 12; i++) {
			random = random * 1103515245 + 12345;
			buf_puts(&text, pieces[(random >> 16) % PIECES]);
			buf_puts(&text, (random >> 8) % 3 ? "\n\n" : " ");
		}
		article_free(read_checked(text.data, text.len));
		buf_release(&text);
	}
}

static void check_plain(const char *markdown, const char *words)
{
	struct buf out = BUF_INIT;
	markdown_put_plain(&out, markdown, strlen(markdown));
	assert_string_equal(out.data, words);
	buf_release(&out);
}

static void test_plain_words(void **state)
{
	(void)state;
	check_plain("*The* `quick` [fox](u) &amp; <b>more</b>", "The quick fox & more");
	check_plain("one\n\ntwo", "one two");
	check_plain("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name");
}

/* cmark-gfm has state of its own that threads share. */
static void *read_many(void *arg)
{
	static const char text[] = "a ~~b~~ https://example.org | c\n\n|a|b|\n|-|-|\n|c|d|\n";
	long *good = arg;
	for (int i = 0; i < 300; i++) {
		struct article *a = article_new();
		if (read_markdown(a, text, sizeof text - 1, 1, NULL, NULL) == 0 &&
		    tree_find(a->body, NULL, "del") && tree_find(a->body, NULL, "table") &&
		    tree_find(a->body, NULL, "a"))
			++*good;
		article_free(a);
	}
	return NULL;
}

static void test_threads(void **state)
{
	pthread_t threads[4];
	long good[4] = {0};
	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_many, &good[i]), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(good[i], 300);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),    cmocka_unit_test(test_nests),
		cmocka_unit_test(test_raw_pieces), cmocka_unit_test(test_plain_words),
		cmocka_unit_test(test_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
