/* Pictures of web pages, their captions and credits: a case for each class of page. */
#include "page_cases.h"

#include "article/tree.h"
#include "extract/figures/candidates.h"
#include "extract/page/measure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* The addresses of the pictures that are left, separated by spaces. */
static void check_src(const char *body, const char *expected)
{
	struct page *page = page_case_new(body);
	struct buf out = BUF_INIT;
	images_resolve(page);
	for (xmlNode *n = tree_find(page->body, NULL, "img"); n;
	     n = tree_find(page->body, n, "img"))
		buf_printf(&out, "%s%s", out.len ? " " : "", tree_get(n, "src"));
	assert_string_equal(out.data, expected);
	buf_release(&out);
	page_case_free(page);
}

#define BLANK "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

static void test_lazy(void **state)
{
	(void)state;
	check_src("<img src='a/lake.jpg'>", "a/lake.jpg");
	check_src("<img src='" BLANK "' data-src='a/lake.jpg'>", "a/lake.jpg");
	check_src("<img data-original='/a/lake?id=5&amp;s=2'>", "/a/lake?id=5&s=2");
	check_src("<img src='/img/blank.gif' data-lazy-src='a/lake.jpg'>", "a/lake.jpg");
	check_src("<img src='a/lake.jpg?w=20' data-src='a/lake.jpg?w=1000'>", "a/lake.jpg?w=1000");
	check_src("<img src='a/lake-thumb.jpg' data-orig-file='a/lake.jpg'>", "a/lake.jpg");
	check_src("<img nitro-lazy-src='a/lake.webp'>", "a/lake.webp");
	check_src("<img src='a/lake.jpg' data-hover='a/boat.jpg' data-share-url='/a/news/'>",
		  "a/lake.jpg");
	check_src("<img data-props='{\"alt\":\"a/b\",\"src\":\"https:\\/\\/x.org\\/lake.jpg\"}'>",
		  "https://x.org/lake.jpg");
	check_src("<amp-img src='a/lake.jpg' width=900 height=600><noscript><img src='a/lake.jpg'>"
		  "</noscript></amp-img>",
		  "a/lake.jpg");
	check_src("<lazy-image src='a/lake.jpg'></lazy-image>", "a/lake.jpg");
}

static void test_srcset(void **state)
{
	(void)state;
	check_src("<img src='a/s.jpg' srcset='a/m.jpg 640w, a/l.jpg 1600w, a/x.jpg 6000w'>",
		  "a/l.jpg");
	check_src("<img src='a/s.jpg' srcset='a/m.jpg 1.5x, a/l.jpg 2x'>", "a/l.jpg");
	check_src("<img srcset='/c/w_300,h_200/lake.jpg 300w,/c/w_900,h_600/lake.jpg 900w'>",
		  "/c/w_900,h_600/lake.jpg");
	check_src("<img src='" BLANK "' data-srcset='a/m.jpg 640w, a/l.jpg 1600w'>", "a/l.jpg");
	/* what a browser has saved beside the page */
	check_src("<img srcset='https://x.org/l.jpg 2000w' src='./News_files/s.jpg'>",
		  "./News_files/s.jpg");
	/* what e-readers show, unless that is much smaller */
	check_src("<picture><source type='image/webp' srcset='a/l.webp 1600w'>"
		  "<source srcset='a/l.jpg 1600w'><img src='a/s.jpg'></picture>",
		  "a/l.jpg");
	check_src("<picture><source type='image/webp' srcset='a/l.webp 1600w'>"
		  "<img src='a/s.jpg?w=100'></picture>",
		  "a/l.webp");
	check_src(
		"<picture><source media='(min-width: 1200px)' srcset='a/l.jpg'>"
		"<source media='(max-width: 600px)' srcset='a/m.jpg'><img src='a/s.jpg'></picture>",
		"a/l.jpg");
	check_src("<picture><source media='(prefers-color-scheme: dark)' srcset='a/dark.png 2000w'>"
		  "<img src='a/light.png'></picture>",
		  "a/light.png");
}

static void test_noscript(void **state)
{
	(void)state;
	check_src("<img class=lazy src='" BLANK "'><noscript><img src='a/lake.jpg'></noscript>",
		  "a/lake.jpg");
	check_src("<div><img src='" BLANK "' data-src='a/lake-300x200.jpg'></div>"
		  "<noscript><img src='a/lake.jpg'></noscript>",
		  "a/lake.jpg");
	check_src("<figure><noscript><img src='a/lake.jpg'></noscript></figure>", "a/lake.jpg");
	check_src("<p>Text.</p><noscript><img height=1 width=1 src='//t.org/tr?id=1'></noscript>",
		  "");
}

static void test_unseen(void **state)
{
	(void)state;
	check_src("<img src='/count.gif' width=1 height=1><img src='/spacer.gif'>", "");
	check_src("<img src='" BLANK "'>", "");
	check_src("<img src=\"data:image/svg+xml,%3Csvg viewBox='0 0 4 3'/%3E\">", "");
	check_src("<img srcset='a/lake.jpg 900w' width=0 height=0>", "a/lake.jpg");
	check_src("<div class=hero-image style=\"background-image: url('a/lake.jpg')\"></div>",
		  "a/lake.jpg");
	check_src("<div class=box style=\"background-image: url('a/lake.jpg')\"></div>", "");
	char *got = page_case_run("<p>Well <img class=emoji alt='ok' src='a/1f44d.png'></p>",
				  images_resolve);
	assert_string_equal(got, "<p>Well ok</p>");
	free(got);
}

static void test_same_picture(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{"https://x.org/up/lake-1024x683.jpg", "/up/lake.jpg", true},
		{"https://x.org/up/lake.jpg?w=640&q=80", "https://cdn.x.org/up/lake.webp", true},
		{"/_next/image?url=https%3A%2F%2Fx.org%2Fup%2Flake.jpg&w=640", "/up/lake.jpg",
		 true},
		{"https://x.org/thumb/a/lake.jpg/320px-lake.jpg", "https://x.org/a/lake.jpg", true},
		{"https://c.org/w_300,c_fill/up/lake.jpg", "https://c.org/up/lake.jpg", true},
		{"/up/lake-p-500.jpg", "/up/lake.jpg", true},
		{"/up/csm_lake_5984f850ea.jpg", "/up/csm_lake_52027b3fb0.jpg", true},
		{"/2020/lake.jpg", "/2021/lake.jpg", false},
		{"/up/lake-1.jpg", "/up/lake-2.jpg", false},
		{"/photo.php?id=1&w=300", "/photo.php?id=2&w=300", false},
		{"/photo.php?id=1&w=300", "/photo.php?id=1&w=900", true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf a = BUF_INIT, b = BUF_INIT;
		picture_put_key(&a, cases[i].a, false);
		picture_put_key(&b, cases[i].b, false);
		if ((strcmp(a.data, b.data) == 0) != cases[i].same)
			fail_msg("%s: %s; %s: %s", cases[i].a, a.data, cases[i].b, b.data);
		buf_release(&a);
		buf_release(&b);
	}
}

static void check(const char *body, const char *expected)
{
	char *got = page_case_run(body, figures_bind);
	assert_string_equal(got, expected);
	free(got);
}

#define IMG   "<img src=\"lake.jpg\"/>"
#define BOUND "<figure>" IMG "<figcaption>The lake.</figcaption></figure>"

static void test_captions(void **state)
{
	(void)state;
	check("<figure>" IMG "<figcaption><p>The lake.</p></figcaption></figure>",
	      "<figure>" IMG "<figcaption>The lake.</figcaption></figure>");
	check("<figure><div><a href='lake-large.jpg'>" IMG "</a></div><figcaption>The lake."
	      "</figcaption></figure>",
	      BOUND);
	check("<figure><div>" IMG "</div><div>The lake.</div></figure>", BOUND);
	check("<div class=wp-caption>" IMG "<p class=wp-caption-text>The lake.</p></div>",
	      "<div class=\"wp-caption\">" BOUND "</div>");
	check("<p>" IMG "<span class=caption>The lake.</span></p>", BOUND "\n<p></p>");
	check("<dl class=gallery-item><dt>" IMG
	      "</dt><dd class=gallery-caption>The lake.</dd></dl>",
	      "<div class=\"gallery-item\">" BOUND "</div>");
	check("<figure>" IMG "</figure><div class=caption>The lake.</div>", BOUND);
	check("<table><tr><td>" IMG "</td></tr><tr><td>The lake.</td></tr></table>", BOUND);
	check("<figure><figure>" IMG "</figure><figcaption>The lake.</figcaption></figure>",
	      "<div>" BOUND "</div>");
	check("<figure data-caption='&lt;p&gt;The lake.&lt;/p&gt;'>" IMG "</figure>",
	      "<figure>" IMG "<figcaption>The lake.</figcaption></figure>");
	check("<p>" IMG "</p><p>The lake. Photo: Ann Brown</p>",
	      "<figure>" IMG "<figcaption>The lake. <span class=\"credit\">Photo: Ann "
	      "Brown</span></figcaption></figure>");
	/* not everything beside a picture is its caption */
	check("<div>" IMG "<p>The lake.</p></div>", "<div>" IMG "<p>The lake.</p></div>");
	check("<figure>" IMG "</figure><figure><table><tr><td>1</td></tr></table><figcaption>Sizes."
	      "</figcaption></figure>",
	      "<figure>" IMG
	      "</figure>\n<figure><table><tbody><tr><td>1</td></tr></tbody></table>\n"
	      "<figcaption>Sizes.</figcaption></figure>");
}

static void test_groups(void **state)
{
	(void)state;
	check("<figure><img src=a.jpg><img src=b.jpg><figcaption>Two lakes.</figcaption></figure>",
	      "<figure><img src=\"a.jpg\"/></figure>\n"
	      "<figure><img src=\"b.jpg\"/><figcaption>Two lakes.</figcaption></figure>");
	check("<figure><div><img src=a.jpg><p class=caption>One.</p></div>"
	      "<div><img src=b.jpg><p class=caption>Two.</p></div></figure>",
	      "<figure><img src=\"a.jpg\"/><figcaption>One.</figcaption></figure>\n"
	      "<figure><img src=\"b.jpg\"/><figcaption>Two.</figcaption></figure>");
}

static void test_credits(void **state)
{
	(void)state;
	check("<figure>" IMG "<figcaption>The lake. <span class=photo-credit>Ann "
	      "Brown</span></figcaption></figure>",
	      "<figure>" IMG "<figcaption>The lake. <span class=\"credit\">Ann "
	      "Brown</span></figcaption></figure>");
	check("<figure>" IMG "<div class=credit>Ann Brown</div><figcaption>The lake.</figcaption>"
	      "</figure>",
	      "<figure>" IMG "<figcaption><span class=\"credit\">Ann Brown</span> The "
	      "lake.</figcaption></figure>");
	check("<figure>" IMG "<figcaption>The lake. (Photo: Ann Brown)</figcaption></figure>",
	      "<figure>" IMG "<figcaption>The lake. <span class=\"credit\">(Photo: Ann "
	      "Brown)</span></figcaption></figure>");
	/* labels for screen readers, a second copy of the caption */
	check("<figure>" IMG "<figcaption><span>Image caption</span>The lake.</figcaption>"
	      "<div class=caption>The lake.</div><b>Enlarge</b></figure>",
	      BOUND);
}

static void test_doubles(void **state)
{
	(void)state;
	char *got = page_case_run("<p><img src='/a/lake-300x200.jpg'></p><p>Text.</p>"
				  "<figure><img src='/a/lake.jpg'><figcaption>The lake."
				  "</figcaption></figure><p><img src='/a/lake-80x80.jpg'></p>",
				  figures_finish);
	assert_string_equal(got, "<p>Text.</p>\n<figure><img src=\"/a/lake.jpg\"/><figcaption>The "
				 "lake.</figcaption></figure>");
	free(got);
	got = page_case_run("<p>Press <img src='/k.png'> and <img src='/k.png'>.</p>"
			    "<p><img src='/icon.png' width=24 height=24></p>",
			    figures_finish);
	assert_string_equal(got, "<p>Press <img src=\"/k.png\"/> and <img src=\"/k.png\"/>.</p>");
	free(got);
}

static void test_facts(void **state)
{
	(void)state;
	static const struct image_fact fact = {
		.url = "https://example.org/a/lake.jpg", .caption = "Lake", .credit = "Ann Brown"};
	struct page *page =
		page_case_new("<p><img src='/a/lake-300x200.jpg'></p><figure><img "
			      "src='/a/b.jpg'><figcaption>A boat.</figcaption></figure>");
	struct image_fact *slot = ARENA_PUSH(&page->arena, page->image_facts);
	*slot = fact;
	figures_finish(page);
	struct buf out = BUF_INIT;
	page_case_put(&out, page);
	assert_string_equal(out.data, "<figure><img src=\"/a/lake-300x200.jpg\"/><figcaption><span "
				      "class=\"credit\">Ann Brown</span></figcaption></figure>\n"
				      "<figure><img src=\"/a/b.jpg\"/><figcaption>A boat."
				      "</figcaption></figure>");
	buf_release(&out);
	page_case_free(page);
}

#define PROSE                                                                                      \
	"<p>The ferry was late again, and nobody at the pier could say when the next one would "   \
	"leave for the islands in the north.</p>"

/* The article is the element with the id; the picture that the metadata name is lake.jpg. */
static void check_lead(const char *body, bool named, const char *expected)
{
	struct page *page = page_case_new(body);
	for (xmlNode *n = tree_walk(page->body, NULL); n; n = tree_walk(page->body, n))
		if (tree_get(n, "id"))
			page->content = n;
	if (named)
		article_fill(page->a, &page->a->lead_image,
			     "https://example.org/up/lake-1200x630.jpg", SIZE_MAX);
	measure_all(page, page->body);
	lead_take(page);
	lead_place(page);
	const xmlNode *first = tree_first_element(page->content);
	const xmlNode *img = tree_is(first, "figure") ? tree_find(first, NULL, "img") : NULL;
	assert_string_equal(img ? tree_get(img, "src") : "", expected);
	page_case_free(page);
}

static void test_lead(void **state)
{
	(void)state;
	const char *lake = "/up/lake-640x480.jpg";
	check_lead("<h1>Ferries</h1><div><img src='/up/lake-640x480.jpg'></div><div id=a>" PROSE
		   "</div>",
		   true, lake);
	check_lead("<div id=a><h1>Ferries</h1><div class=ad><img "
		   "src='/up/lake-640x480.jpg'></div>" PROSE "</div>",
		   true, lake);
	check_lead("<div class=hero><img src='/up/boat.jpg'></div><div id=a>" PROSE "</div>", true,
		   "/up/boat.jpg");
	check_lead("<h1>Ferries</h1><div class=hero><img src='/up/boat.jpg'></div><div id=a>" PROSE
		   "</div>",
		   false, "/up/boat.jpg");
	/* it is there; a logo; another article's */
	check_lead("<h1>Ferries</h1><div class=hero><img src='/up/lake.jpg'></div><div id=a>" PROSE
			   PROSE "<p><img src='/up/lake.jpg'></p></div>",
		   true, "");
	check_lead("<h1>Ferries</h1><div class=hero><img class=logo src='/up/l.png'></div>"
		   "<div id=a>" PROSE "</div>",
		   false, "");
	check_lead(
		"<h1>Ferries</h1><div class=hero><a href='/other'><img src='/up/b.jpg'></a></div>"
		"<div id=a>" PROSE "</div>",
		false, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lazy),         cmocka_unit_test(test_srcset),
		cmocka_unit_test(test_noscript),     cmocka_unit_test(test_unseen),
		cmocka_unit_test(test_same_picture), cmocka_unit_test(test_captions),
		cmocka_unit_test(test_groups),       cmocka_unit_test(test_credits),
		cmocka_unit_test(test_doubles),      cmocka_unit_test(test_facts),
		cmocka_unit_test(test_lead),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
