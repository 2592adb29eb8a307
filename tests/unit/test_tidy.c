/* What was found, as a chapter. */
#include "page_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void check(const char *body, const char *expected)
{
	char *got = page_case_run(body, body_normalise);
	assert_string_equal(got, expected);
	free(got);
}

static void test_boxes(void **state)
{
	(void)state;
	check("<div class=a><section><h2>Tea</h2><div><p>Hot.</p></div></section></div>",
	      "<h2>Tea</h2>\n<p>Hot.</p>");
	check("<div>Tea <b>is</b> hot.</div><div> </div>", "<p>Tea <b>is</b> hot.</p>");
	check("<div>Tea <b>is</b><p>hot.</p>Very.</div>",
	      "<p>Tea <b>is</b></p>\n<p>hot.</p>\n<p>Very.</p>");
	check("Tea<div>is</div>hot", "<p>Tea</p>\n<p>is</p>\n<p>hot</p>");
	check("<ul><li><div>Tea</div></li><li><div>Hot</div><div>tea</div></li></ul>",
	      "<ul><li>Tea</li>\n<li><p>Hot</p>\n<p>tea</p></li></ul>");
	check("<blockquote>Tea</blockquote>", "<blockquote><p>Tea</p></blockquote>");
	check("<div class='admonition tip'><div "
	      "class=admonition-title>Tip</div><div>Hot.</div></div>",
	      "<aside class=\"callout\"><p>Tip</p>\n<p>Hot.</p></aside>");
	check("<div><pre>a\n b</pre></div>", "<pre>a\n b</pre>");
}

static void test_inline(void **state)
{
	(void)state;
	check("<p><font color=red><span class=x>Tea</span></font> <span "
	      "lang=fr>th\xC3\xA9</span></p>",
	      "<p>Tea <span lang=\"fr\" xml:lang=\"fr\">th\xC3\xA9</span></p>");
	check("<p>Tea <abbr title=Tea class=y>T</abbr> <i> </i></p>",
	      "<p>Tea <abbr title=\"Tea\">T</abbr> </p>");
	check("<p><a href='#x'>Tea</a> <span id=x>x</span> <span id=y>y</span></p>",
	      "<p><a href=\"#x\">Tea</a> <span id=\"x\">x</span> y</p>");
	check("<div id=x><section id=z><h2>Tea</h2></section></div><p><a href='#x'>Up</a></p>",
	      "<h2 id=\"x\">Tea</h2>\n<p><a href=\"#x\">Up</a></p>");
	check("<aside class='a pull-quote'>Tea</aside>",
	      "<aside class=\"pullquote\"><p>Tea</p></aside>");
	check("<p class='big credit' style='x'>Tea <span class=credit>Photo</span></p>",
	      "<p>Tea <span class=\"credit\">Photo</span></p>");
}

static void test_breaks(void **state)
{
	(void)state;
	check("<div><br>Tea<br> <br>is<br>hot.<br></div>", "<p>Tea</p>\n<p>is<br/>hot.</p>");
	check("<p><span>Tea<br><br>is</span></p>", "<p>Tea</p>\n<p>is</p>");
	check("<p class=verse>Tea<br><br>is</p>", "<p class=\"verse\">Tea<br/><br/>is</p>");
}

static void test_empty(void **state)
{
	(void)state;
	check("<p>Tea</p><p>&nbsp;</p><ul><li> </li></ul><h2> </h2><div><p></p></div>",
	      "<p>Tea</p>");
	check("<p><a href='#n'>Tea</a></p><div id=n></div><p>x</p>",
	      "<p><a href=\"#n\">Tea</a></p>\n<span id=\"n\"></span><p>x</p>");
	check("<table><tr><td></td><td>Tea</td></tr></table>",
	      "<table><tbody><tr><td></td>\n<td>Tea</td></tr></tbody></table>");
	check("<p>Tea</p><h2>More</h2><h3>Even more</h3>", "<p>Tea</p>");
	check("<h2>Tea</h2><p><img src=a.jpg></p>", "<h2>Tea</h2>\n<p><img src=\"a.jpg\"/></p>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boxes),
		cmocka_unit_test(test_inline),
		cmocka_unit_test(test_breaks),
		cmocka_unit_test(test_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
