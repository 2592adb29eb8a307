/* Which element holds the article: one small page for each class of page. */
#include "page_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define P                                                                                          \
	"<p>The bees came back in April, earlier than in any year that the keepers of the valley " \
	"remember, and nobody could say why. They filled the old hives first, then the new ones, " \
	"and by the middle of May there was no box left that did not hum from dawn to dusk.</p>"
#define TEASERS                                                                                    \
	"<ul><li><a href=/1>A teaser that leads to another page of the site</a></li>"              \
	"<li><a href=/2>Another teaser that leads to another page</a></li>"                        \
	"<li><a href=/3>A third teaser that leads to another page</a></li></ul>"

/* Whether the found content has all of `with` ("|" between them), and nothing of `without`. */
static void finds(const char *body, const char *with, const char *without)
{
	const char *why = NULL;
	struct page *page = page_case_new(body);
	struct buf out = BUF_INIT;
	assert_non_null(page);
	assert_true(content_find(page, &why));
	xhtml_put_children(&out, page->content);
	for (int wanted = 1; wanted >= 0; wanted--)
		for (const char *s = wanted ? with : without; *s;) {
			char part[80];
			size_t len = strcspn(s, "|");
			assert_true(len < sizeof part);
			memcpy(part, s, len);
			part[len] = '\0';
			if ((strstr(out.data, part) != NULL) != wanted)
				fail_msg("\"%s\" %s", part, wanted ? "is missing" : "is there");
			s += len + (s[len] == '|');
		}
	buf_release(&out);
	page_case_free(page);
}

static void test_prose(void **state)
{
	(void)state;
	finds("<div>" TEASERS "</div><div id=x>" P P P "</div><div>" TEASERS "</div>", "The bees",
	      "teaser");
	finds("<table><tr><td>" TEASERS "</td><td>" P P "</td></tr></table>", "The bees", "teaser");
	finds("<div>" TEASERS
	      "</div><div>One line of the piece, of some length, and a comma.<br><br>"
	      "Another line of the piece, which is also of some length.<br><br>The end of it, in a "
	      "line that is long enough to be one.</div>",
	      "One line|Another line|The end", "teaser");
	finds("<pre>On Tuesday somebody wrote to the list.\n&gt; And quoted somebody else.</pre>",
	      "On Tuesday|And quoted", "");
}

static void test_sections(void **state)
{
	(void)state;
	finds("<div>" TEASERS "</div><div><section><h2>One</h2>" P "</section><div class=ad>Buy "
	      "this.</div><section><h2>Two</h2>" P "</section><section><h2>Three</h2>" P
	      "</section></div>",
	      "One|Two|Three", "teaser");
}

static void test_marks(void **state)
{
	(void)state;
	finds("<div><div class=entry-content>" P P
	      "</div><div><p>Somebody else's piece is told here "
	      "in a few words, with a comma.</p></div></div>",
	      "The bees", "Somebody");
	finds("<main><article><div itemprop=articleBody>" P "</div></article><div>" P P P
	      "<p>A remark of a reader, who has much to say about this.</p></div></main>",
	      "The bees", "remark");
	finds("<div class=widget-area>" P P P "</div>", "The bees", "");
	finds("<div id=x>" P "</div><div class=comments>" P
	      "<p>A remark of a reader, who has much to say about this.</p></div><div>" P P
	      "</div>",
	      "The bees", "");
}

/* A part whose name says menu, beside others that are apart: by itself not most of the page. */
static void test_misnamed(void **state)
{
	(void)state;
	const char *remarks = "<div class=comments>" P P P P P "<p>A remark</p></div>";
	struct buf body = BUF_INIT;
	buf_printf(&body, "<div class=content-nav>%s</div>%s%s%s", P P P P P P, remarks, remarks,
		   remarks);
	finds(body.data, "The bees", "remark");
	buf_release(&body);
}

static void test_lede(void **state)
{
	(void)state;
	finds("<header><h1>Bees</h1><p>Nobody knows why the bees of the valley came back early, "
	      "and "
	      "the keepers do not mind.</p></header><div class=ad>Buy this.</div><div "
	      "class=article-body>" P P "</div>",
	      "Nobody knows|The bees", "Buy");
}

static void test_links(void **state)
{
	(void)state;
	finds("<div><p>This site uses cookies, as most "
	      "do.</p></div><main><h1>Resources</h1>" TEASERS P
	      "<p>All of these are worth a visit, says the keeper of this list, who made it in "
	      "May.</p></main>",
	      "teaser|All of these", "cookies");
}

/* Lists of other articles and comments that are longer than the piece. */
static void test_longer(void **state)
{
	(void)state;
#define Q                                                                                          \
	"<p>The council has voted, for the third time this year, to build the bridge after all: "  \
	"of the nine members six were for it, two against, and one had gone home early.</p>"
#define ITEM "<li><h3><a href=/1>The bridge</a></h3>" Q "</li>"
	finds("<div>" P P P P "</div><ul>" ITEM ITEM ITEM ITEM ITEM ITEM ITEM "</ul>", "The bees",
	      "council");
	/* headings that lead nowhere are the piece's own */
#define SECTION "<div><h3>The bridge</h3>" Q "</div>"
	finds("<div><div>" P "</div><div>" SECTION SECTION SECTION SECTION SECTION "</div></div>",
	      "The bees|council", "");
#define COMMENT "<div><b>Ann</b>" Q Q "</div>"
	finds("<div>" P P P P "</div><div class=comments>" COMMENT COMMENT COMMENT COMMENT "</div>",
	      "The bees", "council");
}

/* A few East Asian characters are a sentence. */
static void test_dense(void **state)
{
	(void)state;
	finds("<div>" TEASERS "</div><div><div>蜜蜂四月回来了，没有人能说出原因。</div>"
	      "<div>老蜂箱先满了，新的后来也满了。</div></div>",
	      "蜜蜂|老蜂箱", "teaser");
}

static void test_only_links(void **state)
{
	(void)state;
	finds("<div>" TEASERS "</div><div>" TEASERS "<p>A few words.</p>" TEASERS
	      "<p>And a few more.</p></div>",
	      "A few words|a few more", "");
}

static void test_nothing(void **state)
{
	(void)state;
	const char *why = NULL;
	struct page *page = page_case_new("<div><img src=a.jpg></div>");
	assert_non_null(page);
	assert_false(content_find(page, &why));
	assert_non_null(why);
	page_case_free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prose),   cmocka_unit_test(test_sections),
		cmocka_unit_test(test_marks),   cmocka_unit_test(test_misnamed),
		cmocka_unit_test(test_lede),    cmocka_unit_test(test_links),
		cmocka_unit_test(test_nothing), cmocka_unit_test(test_longer),
		cmocka_unit_test(test_dense),   cmocka_unit_test(test_only_links),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
