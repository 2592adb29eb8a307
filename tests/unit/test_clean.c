/* What goes from a page and what stays: one case for each class of page. */
#include "page_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* A paragraph of the piece. */
#define P                                                                                          \
	"<p>The bees came back in April, earlier than in any year that the keepers of the valley " \
	"remember, and nobody could say why. They filled the old hives first, then the new ones, " \
	"and by the middle of May there was no box left that did not hum from dawn to dusk.</p>"
#define PIECE P P P

static char *run(const char *body, void pass(struct page *))
{
	return page_case_run(body, pass);
}

static void hidden(const char *body, const char *expected)
{
	char *got = run(body, hidden_drop);
	assert_string_equal(got, expected);
	free(got);
}

/* Whether `part`, in a piece of three paragraphs before and three after it, is there afterwards. */
static bool stays_in(const char *before, const char *part, const char *after)
{
	struct buf page = BUF_INIT;
	buf_printf(&page, "<article>%s%s%s</article>", before, part, after);
	char *got = run(page.data, content_clean);
	bool stays = strstr(got, "XX") != NULL;
	assert_non_null(strstr(got, "The bees came back"));
	free(got);
	buf_release(&page);
	return stays;
}

#define goes(part)                                                                                 \
	do {                                                                                       \
		assert_false(stays_in(PIECE, part, PIECE));                                        \
		assert_false(stays_in(PIECE, part, ""));                                           \
	} while (0)
#define stays(part)                                                                                \
	do {                                                                                       \
		assert_true(stays_in(PIECE, part, PIECE));                                         \
		assert_true(stays_in(PIECE, part, ""));                                            \
	} while (0)

static void test_hidden(void **state)
{
	(void)state;
	hidden("<p>A</p><script>B</script><input value=B><select><option>B</select>", "<p>A</p>");
	hidden("<p hidden>B</p><p style='color:red; display: none'>B</p><p>A</p>", "<p>A</p>");
	hidden("<p>A<span class=sr-only>B</span></p>", "<p>A</p>");
	hidden("<p>A<span class='sm:sr-only'>C</span></p>",
	       "<p>A<span class=\"sm:sr-only\">C</span></p>");
	hidden("<p>A</p><dialog><p>B</p></dialog><p aria-hidden=true>*</p>", "<p>A</p>");
	hidden("<div role=status>Saved.</div><div role=alert>Bees sting.</div>",
	       "<div role=\"alert\">Bees sting.</div>");
	hidden("<a href=x><svg><path d='M0 0'/></svg>A</a>", "<a href=\"x\">A</a>");
	/* not shown yet, but of the piece */
	hidden("<div role=tabpanel hidden>A</div>", "<div role=\"tabpanel\" hidden=\"\">A</div>");
	hidden("<div class=accordion-body style='display:none'>A</div>",
	       "<div class=\"accordion-body\" style=\"display:none\">A</div>");
	hidden("<div hidden id='S:1'>A</div>", "<div hidden=\"\" id=\"S:1\">A</div>");
}

/* What is hidden while a script has not run, or while a dialog is open, may be all there is. */
static void test_all_hidden(void **state)
{
	(void)state;
	hidden("<div aria-hidden=true>" P "</div>", "<div aria-hidden=\"true\">" P "</div>");
	hidden(P "<div style='display:none'>" P "</div>", P);
}

static void test_forms(void **state)
{
	(void)state;
	hidden("<form><p>Your name</p><input></form><p>A</p>", "<p>A</p>");
	char *got = run("<form id=aspnetForm>" PIECE "</form>", hidden_drop);
	assert_non_null(strstr(got, "The bees came back"));
	assert_null(strstr(got, "<form"));
	free(got);
	hidden("<h3><button>Why?</button></h3><button>Send</button>", "<h3><span>Why?</span></h3>");
	hidden("<button><img src=a.jpg></button>", "<div><img src=\"a.jpg\"/></div>");
	hidden("<button aria-expanded=false>What do the bees do in winter?</button>",
	       "<div aria-expanded=\"false\">What do the bees do in winter?</div>");
}

static void test_names(void **state)
{
	(void)state;
	goes("<div class='share-bar'><a href=x>XX</a></div>");
	goes("<ul id=breadcrumbs><li><a href=x>XX</a></li></ul>");
	goes("<div class='inline-newsletter'><p>Every Friday in your inbox. XX</p></div>");
	goes("<div class=relatedPosts><a href=x>XX</a></div>");
	goes("<nav><a href=x>XX</a></nav>");
	goes("<p><span class='tag-list'>XX</span></p>");
	/* what says so only of its state or its size, or holds the piece */
	stays("<div class=has-small-font-size><p>XX</p></div>");
	stays("<h2 id=how-to-share>XX</h2><p>Cut it in two.</p>");
	stays("<section id=sign-up-for-a-course-of-bees><p>XX</p></section>");
	stays("<section id=cookies><h2>Cookies</h2><p>A cookie, as bakers know XX, is best when it "
	      "has cooled for an hour. It keeps for a week, or two, in a box of "
	      "tin.</p></section>");
	goes("<section id=cookies class=bar><h2>Cookies</h2><p>We use cookies, as bakers know XX, "
	     "to make this site better, and to know who reads it. Do you mind? Then say "
	     "so.</p></section>");
	stays("<pre><code><span class=comment>// XX</span></code></pre>");
	stays("<p>See the <a class=popup href=x>XX</a>, which shows it.</p>");
	assert_true(stays_in("", "<div class=share-enabled>" PIECE "<p>XX</p></div>", ""));
	assert_true(stays_in("", "<div class=comments>" PIECE "<p>XX</p></div>", ""));
	assert_false(stays_in(PIECE, "<div class=comments>" PIECE PIECE "<p>XX</p></div>", ""));
}

static void test_buttons(void **state)
{
	(void)state;
	goes("<p><a class='btn btn-primary' href=x>Order XX</a></p>");
	goes("<div class=wp-block-button><a href=x>XX</a></div>");
	stays("<p>Press the <span class=button>XX</span> key, and the bees will come.</p>");
	stays("<div class=button-down-shirts><p>XX</p></div>");
}

static void test_shapes(void **state)
{
	(void)state;
	goes("<div><div class=card><a href=a><img src=a.jpg>XX in the city</a></div>"
	     "<div class=card><a href=b><img src=b.jpg>Honey, a history</a></div>"
	     "<div class=card><a href=c><img src=c.jpg>Wax for the poor</a></div></div>");
	goes("<ul><li><h3><a href=a>XX in the city</a></h3><p>In May.</p></li>"
	     "<li><h3><a href=b>Honey, a history</a></h3><p>Sweet.</p></li>"
	     "<li><h3><a href=c>Wax for the poor</a></h3><p>Hot.</p></li></ul>");
	/* short posts of a thread with long ones */
	stays("<div><article class=post><h4>Ann</h4><img src=a.jpg>XX</article>"
	      "<article class=post><h4>Bob</h4><img src=b.jpg>No.</article>"
	      "<article class=post><h4>Eve</h4>" P P "</article></div>");
	/* parts of a list of the piece */
	stays("<div><div class=card><h3><a href=a>XX</a></h3>" P "</div>"
	      "<div class=card><h3><a href=b>Honey</a></h3>" P "</div>"
	      "<div class=card><h3><a href=c>Wax</a></h3>" P "</div></div>");
	stays("<p>They met <a href=a>Ann of the XX</a>, <a href=b>Bob the keeper</a>, "
	      "<a href=c>Eve and the hive</a>.</p>");
}

static void test_lines(void **state)
{
	(void)state;
	assert_false(stays_in(PIECE, "<p>Read also: <a href=x>XX in the cities</a></p>", P));
	assert_false(stays_in(PIECE, "<p><a href=x>Edit this page</a><span></span></p>", P));
	char *got = run(PIECE "<p>Advertisement</p>" P, content_clean);
	assert_null(strstr(got, "Advertisement"));
	free(got);
	goes("<h3>Related articles</h3><ul><li><a href=x>XX bees in the city</a></li>"
	     "<li><a href=y>Honey XX</a></li></ul>");
	goes("<p>Table of contents</p><ul><li><a href='#a'>XX</a></li></ul>");
	stays("<h4>Related articles</h4><ul><li><a href=x>Honey</a></li><li><a href=y>Wax</a></li>"
	      "</ul><h2><a href=z>XX</a></h2>" P);
	stays("<h2>See also</h2><ul><li><a href=x>XX</a></li></ul>");
	stays("<p>Read more books about bees and you will find XX in all of them.</p>");
	stays("<h3>Share</h3><p>XX of the honey go to the keeper of the valley.</p>");
	stays("<ul><li>Facebook</li><li>XX</li></ul>");
}

static void test_bare_links(void **state)
{
	(void)state;
	goes("<div><a href=x>XX</a></div>");
	goes("<p><a href=x>XX</a></p><p><a href=y>Buy honey</a></p>");
	goes("<h4><a href=x>Related: XX of the city</a></h4>" P);
	stays("<p><a href=x>XX</a></p>");
	stays("<ul><li><a href=x>XX</a></li><li><a href=y>Honey</a></li></ul>");
	stays("<dl><dt><a href=x>XX</a></dt><dd>What bees make.</dd></dl>");
	stays("<div><a href=x><img src=a.jpg>XX</a></div>");
	stays("<section class=related-works><p>No links, but what was said of XX "
	      "before.</p></section>");
}

static void test_end(void **state)
{
	(void)state;
	assert_false(stays_in(PIECE, "<h2>3 comments</h2>",
			      "<div><b>Ann</b><p>I keep bees myself, XX and I can say that they "
			      "came in March.</p></div>"));
	assert_false(stays_in(PIECE PIECE, "<h2>You may also like</h2>",
			      "<div><a href=x>Honey</a><p>What there is in a glass of it, XX and "
			      "what there is not, as the law has it.</p></div>"));
	assert_false(stays_in(PIECE, "<p>Thanks for reading! XX, and share it with a friend.</p>",
			      "<p>Copyright 2024 the keepers</p>"));
	assert_false(
		stays_in(PIECE, "<div class=disclaimer><p>No honey is medicine. XX</p></div>", ""));
	/* the piece goes on */
	assert_true(stays_in(PIECE PIECE, "<h2>You may also like</h2><p><a href=x>Honey</a></p>",
			     P "<p>XX</p>"));
	assert_false(stays_in(PIECE, "<h2>XX</h2>", "")); /* nothing below */
	assert_false(stays_in(PIECE, "<footer><p>Filed under bees. XX</p></footer>", ""));
	assert_true(stays_in(PIECE, "<blockquote><p>Hm.</p><footer>XX</footer></blockquote>", ""));
	/* what is below the notes is looked at after what stood above them is gone */
	assert_true(stays_in(PIECE PIECE, "<h2>2 comments</h2><table><tr><td>Ann</td></tr></table>",
			     "<h2>References</h2><ol><li>XX</li></ol><h2>Related articles</h2>"
			     "<p><a href=x>Honey in the city</a></p>"));
	/* notes after it */
	assert_true(stays_in(PIECE, "<h2>Comments</h2><div>Ann: Nice.</div>",
			     "<h2>References</h2><ol><li>XX</li></ol>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_hidden), cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_forms),      cmocka_unit_test(test_names),
		cmocka_unit_test(test_lines),      cmocka_unit_test(test_buttons),
		cmocka_unit_test(test_shapes),     cmocka_unit_test(test_end),
		cmocka_unit_test(test_bare_links),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
