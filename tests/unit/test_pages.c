/* Articles that sites give in several pages: where the next one is, and how they are joined. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "article/join.h"
#include "article/tree.h"
#include "article/url.h"
#include "body_check.h"
#include "page_cases.h"
#include "read/markdown/markdown.h"

/* --- The next page --- */

/* What a page at `url` with a link rel=next to `href` is taken to go on with; "": nothing. */
static void check_next(const char *url, const char *href, const char *expected)
{
	char html[512];
	snprintf(html, sizeof html,
		 "<p>Text.</p><p><a class=x rel=\"nofollow next\" href=\"%s\">go on</a>", href);
	struct page *page = page_case_new(html);
	assert_non_null(page);
	page->url = url;
	next_page_find(page);
	const char *next = page->a->next_url ? page->a->next_url : "";
	if (strcmp(next, expected) != 0)
		fail_msg("%s -> %s: got '%s', not '%s'", url, href, next, expected);
	page_case_free(page);
}

static void test_next(void **state)
{
	(void)state;
	static const char *const pages[][2] = {
		{"https://a.example/story", "?page=2"},
		{"https://a.example/story", "/story/2"},
		{"https://a.example/story/", "/story/2/"},
		{"https://a.example/story/", "page/2/"},
		{"https://a.example/story.html", "story-2.html"},
		{"https://a.example/story.html", "story_2.html"},
		{"https://a.example/story.html", "story-p2.html"},
		{"https://a.example/story", "/story?page=1"}, /* from 0 */
		{"https://a.example/story?page=2", "?page=3"},
		{"https://a.example/story?page=9&x=y", "?page=10&x=y"},
		{"https://a.example/story/2", "/story/3"},
		{"https://a.example/12345/story/page/9/", "/12345/story/page/10/"},
		{"https://a.example/story?id=7", "?id=7&pg=2"},
	};
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		struct buf whole = BUF_INIT;
		assert_true(url_resolve(&whole, pages[i][1], pages[i][0], URL_LINK));
		check_next(pages[i][0], pages[i][1], whole.data);
		buf_release(&whole);
	}
}

/* Sites also call the next of their articles so. */
static void test_not_next(void **state)
{
	(void)state;
	static const char *const others[][2] = {
		{"https://a.example/story", "/other-story"},
		{"https://a.example/story", "https://b.example/story?page=2"},
		{"https://a.example/2021/05/story", "/2021/06/other"},
		{"https://a.example/article/12345", "/article/12346"},
		{"https://a.example/story?page=2", "?page=4"},
		{"https://a.example/story?page=2", "?page=1"},
		{"https://a.example/story", "/story/3"},
		{"https://a.example/story", "/story"},
		{"https://a.example/story", "/story#more"},
		{"https://a.example/story", "/story/comments"},
		{"https://a.example/story", "javascript:next()"},
		{"https://a1.example/", "https://a2.example/"},
		{"https://a.example/top-10", "/top-10-more"},
		{"https://a.example/day-5-of-it", "/day-5-of-it-2024"},
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		check_next(others[i][0], others[i][1], "");
}

/* --- Joining --- */

static struct article *from_markdown(const char *text)
{
	struct article *a = article_new();
	assert_int_equal(read_markdown(a, text, strlen(text), 1, NULL, NULL), 0);
	return a;
}

static void check_joined(const char *first, const char *second, const char *expected)
{
	struct article *a = from_markdown(first), *b = from_markdown(second);
	struct buf out = BUF_INIT;
	const xmlNode *at = NULL;
	article_join(a, b);
	article_free(b);
	assert_false(article_failed(a));
	const char *wrong = body_check(a->body, &at);
	if (wrong)
		fail_msg("%s at <%s>", wrong, tree_name(at));
	xhtml_put_children(&out, a->body);
	assert_string_equal(out.data, expected);
	buf_release(&out);
	article_free(a);
}

static void test_join(void **state)
{
	(void)state;
	check_joined("One *two* three.\n", "- four\n  - five\n- six\n\nseven",
		     "<p>One <em>two</em> three.</p>\n"
		     "<ul><li>four<ul><li>five</li></ul></li>\n<li>six</li></ul>\n"
		     "<p>seven</p>");
	/* notes stay at the end, and their links their own */
	struct article *a = from_markdown("A[^1]\n\n[^1]: note a\n"),
		       *b = from_markdown("B[^1]\n\n[^1]: note b\n");
	article_join(a, b);
	article_free(b);
	const xmlNode *at = NULL;
	assert_null(body_check(a->body, &at));
	xmlNode *last = tree_last(a->body), *before = tree_prev(last);
	while (tree_is_text(before))
		before = tree_prev(before);
	assert_true(tree_is(last, "aside"));
	assert_true(tree_is(before, "aside"));
	assert_string_not_equal(tree_get(last, "id"), tree_get(before, "id"));
	xmlNode *link = tree_find(a->body, NULL, "a");
	assert_string_equal(tree_get(link, "href") + 1, tree_get(before, "id"));
	while (link && strcmp(tree_get(link, "href") + 1, tree_get(last, "id")) != 0)
		link = tree_find(a->body, link, "a");
	assert_non_null(link);
	article_free(a);
}

static void test_join_picture(void **state)
{
	(void)state;
	check_joined("![](x.jpg \"One\")\n\nText.\n", "![](x.jpg \"One\")\n\nMore.\n",
		     "<figure><img src=\"x.jpg\"/><figcaption>One</figcaption></figure>\n"
		     "<p>Text.</p>\n<p>More.</p>");
	check_joined("![](x.jpg \"One\")\n\nText.\n", "![](y.jpg \"Two\")\n\nMore.\n",
		     "<figure><img src=\"x.jpg\"/><figcaption>One</figcaption></figure>\n"
		     "<p>Text.</p>\n"
		     "<figure><img src=\"y.jpg\"/><figcaption>Two</figcaption></figure>\n"
		     "<p>More.</p>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_not_next),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_join_picture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
