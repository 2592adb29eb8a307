/* Forms that sites write in many ways: one case for each class of page. */
#include "page_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void check(const char *body, const char *expected)
{
	char *got = page_case_run(body, structure_normalise);
	assert_string_equal(got, expected);
	free(got);
}

static void test_headings(void **state)
{
	(void)state;
	check("<h2>Tea<a class=headerlink href='#tea'>\xC2\xB6</a></h2>", "<h2>Tea</h2>");
	check("<h2><a class=anchor href='#tea'>Tea</a></h2>",
	      "<h2><span class=\"anchor\">Tea</span></h2>");
	check("<h2>Tea <a class=permalink href='#tea'>Copy link</a></h2>", "<h2>Tea </h2>");
	check("<h2>Tea <a href='#fn1'>1</a></h2>", "<h2>Tea <a href=\"#fn1\">1</a></h2>");
	check("<h3>Tea<span class=mw-editsection>[edit]</span></h3>", "<h3>Tea</h3>");
	check("<div role=heading aria-level=4>Tea</div>",
	      "<h4 role=\"heading\" aria-level=\"4\">Tea</h4>");
	check("<h3><button aria-expanded=false>Tea?</button></h3>",
	      "<h3><span aria-expanded=\"false\">Tea?</span></h3>");
	check("<h3>Tea <button>Copy</button></h3>", "<h3>Tea <button>Copy</button></h3>");
	check("<details><summary><h2>Tea</h2></summary><p>Hot.</p></details>",
	      "<div><div><h2>Tea</h2></div>\n<p>Hot.</p></div>");
}

static void test_code(void **state)
{
	(void)state;
	check("<pre>a\n\tb</pre>", "<pre>a\n\tb</pre>");
	check("<pre class='language-c hl'><code><span class=k>int</span> a;\n</code></pre>",
	      "<pre><code class=\"language-c\">int a;</code></pre>");
	check("<div class='highlight-source-js'><pre>a<br>b</pre></div>",
	      "<div class=\"highlight-source-js\"><pre><code "
	      "class=\"language-js\">a\nb</code></pre></div>");
	check("<pre class='brush: sql; toolbar: false'>x</pre>",
	      "<pre><code class=\"language-sql\">x</code></pre>");
	/* A line an element, some of them empty; numbers and buttons beside them. */
	check("<pre><code><div class=ec-line><div class=gutter>1</div><div>a</div></div>"
	      "<div class=ec-line><div class=gutter>2</div><div></div></div>"
	      "<div class=ec-line><div class=gutter>3</div><div>  b</div></div></code></pre>",
	      "<pre><code>a\n\n  b</code></pre>");
	check("<pre><code><span class=line>a</span><span "
	      "class=line>b</span></code><button>Copy</button></pre>",
	      "<pre><code>a\nb</code></pre>");
	check("<pre><code><span class=line>a</span>\n<span class=line>b</span></code></pre>",
	      "<pre><code>a\nb</code></pre>");
	check("<pre><code><span style='display:flex'><span style='user-select:none'> 1</span>"
	      "<span>a\n</span></span><span "
	      "style='display:flex'><span>b</span></span></code></pre>",
	      "<pre><code>a\nb</code></pre>");
	check("<pre><div><span>1</span><div>a</div></div><div><span>2</span><div>b</div></div></"
	      "pre>",
	      "<pre>1  a\n2  b</pre>");
	/* What has a meaning in code stays. */
	check("<pre>see <a href='x.html' class=c>x</a> <b>now</b></pre>",
	      "<pre>see <a href=\"x.html\">x</a> <b>now</b></pre>");
}

static void test_code_tables(void **state)
{
	(void)state;
	check("<table class=highlighttable><tr><td class=linenos><pre>1\n2</pre></td>\n"
	      "<td class=code><div><pre><code "
	      "class=language-go>a\nb</code></pre></div></td></tr></table>",
	      "<pre><code class=\"language-go\">a\nb</code></pre>");
	check("<table><tr><td class=blob-num></td><td class=blob-code>a</td></tr>\n"
	      "<tr><td class=blob-num></td><td class=blob-code></td></tr>\n"
	      "<tr><td class=blob-num></td><td class=blob-code>b</td></tr></table>",
	      "<pre><code>a\n\nb</code></pre>");
	check("<table><tr><td>Tea<td><code>hot</code><tr><td>Ice<td>cold</table>",
	      "<table><tbody><tr><td>Tea</td>\n<td><code>hot</code></td></tr>\n"
	      "<tr><td>Ice</td>\n<td>cold</td></tr></tbody></table>");
}

static void test_code_boxes(void **state)
{
	(void)state;
	check("<p>Say</p><code>a<br>b</code>", "<p>Say</p>\n<pre><code>a\nb</code></pre>");
	check("<code><pre>a\nb</pre></code>", "<pre><code>a\nb</code></pre>");
	check("<div class=code-block data-lang=http>GET /\nHost: a</div>",
	      "<pre data-lang=\"http\"><code class=\"language-http\">GET /\nHost: a</code></pre>");
	check("<div class=code-block><p>Not code.</p></div>",
	      "<div class=\"code-block\"><p>Not code.</p></div>");
}

static void test_formulas(void **state)
{
	(void)state;
	check("<p>If <span class=katex><span class=katex-mathml><math><mi>g</mi></math></span>"
	      "<span class=katex-html aria-hidden=true>g</span></span>.</p>",
	      "<p>If <math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mi>g</mi></math>.</p>");
	check("<p><span class=math-inline data-math='\\frac12'><span>12</span></span></p>",
	      "<p><span class=\"math\">\\(\\frac12\\)</span></p>");
	check("<p><mjx-container "
	      "display=true><mjx-math>a</mjx-math><mjx-assistive-mml><math><mi>a</mi></math>"
	      "</mjx-assistive-mml></mjx-container></p>",
	      "<p><math xmlns=\"http://www.w3.org/1998/Math/MathML\" "
	      "display=\"block\"><mi>a</mi></math></p>");
	check("<p>A <span class=MathJax_Preview></span><span class=MathJax>E=m</span>"
	      "<script type='math/tex'>E=m</script> b.</p>",
	      "<p>A <span class=\"math\">\\(E=m\\)</span> b.</p>");
	check("<p><img src=latex.png></p>", "<p><img src=\"latex.png\"/></p>");
	check("<p><img src='https://example.org/latex?%5Cfrac%7Ba%7D%7Bb%7D'></p>",
	      "<p><img src=\"https://example.org/latex?%5Cfrac%7Ba%7D%7Bb%7D\" "
	      "alt=\"\\frac{a}{b}\"/></p>");
}

static void test_players(void **state)
{
	(void)state;
	const char *link = "<p><a class=\"embed\" href=\"https://www.youtube.com/watch?v=abcdefg\">"
			   "Video (YouTube)</a></p>";
	check("<iframe src='//www.youtube.com/embed/abcdefg?rel=0'></iframe>", link);
	check("<iframe data-src='https://www.youtube-nocookie.com/embed/abcdefg' "
	      "title='YouTube video player'></iframe>",
	      link);
	check("<lite-youtube videoid=abcdefg><span>Play</span></lite-youtube>", link);
	check("<div class=youtube-player data-video-id=abcdefg></div>", link);
	check("<object><embed src='http://www.youtube.com/v/abcdefg&amp;hl=en'></object>",
	      "<div><p><a class=\"embed\" href=\"https://www.youtube.com/watch?v=abcdefg\">"
	      "Video (YouTube)</a></p></div>");
	/* Once, though it stands there twice. */
	check("<iframe data-src='https://player.vimeo.com/video/123456' title='A walk'></iframe>"
	      "<iframe src='https://player.vimeo.com/video/123456'></iframe>",
	      "<p><a class=\"embed\" href=\"https://vimeo.com/123456\">A walk</a></p>");
	check("<iframe "
	      "src='https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/"
	      "1&amp;a=b'>"
	      "</iframe>",
	      "<p><a class=\"embed\" href=\"https://api.soundcloud.com/tracks/1\">Audio "
	      "(SoundCloud)</a></p>");
	check("<iframe src='https://ads.example.org/x'></iframe>",
	      "<iframe src=\"https://ads.example.org/x\"></iframe>");
	check("<video poster=p.jpg title='A walk'><source src=a.mp4></video>",
	      "<p><a class=\"embed\" href=\"a.mp4\"><img src=\"p.jpg\" alt=\"A walk\"/></a></p>");
	check("<p>Hear <audio src=a.mp3></audio></p>",
	      "<p>Hear <a class=\"embed\" href=\"a.mp3\">Audio</a></p>");
}

static void test_tables(void **state)
{
	(void)state;
	const char *data = "<table><tbody><tr><td>Tea</td>\n<td>hot</td></tr>\n"
			   "<tr><td>Ice</td>\n<td>cold</td></tr></tbody></table>";
	check("<table><tr><td>Tea<td>hot<tr><td>Ice<td>cold</table>", data);
	check("<table><tr><td>Tea</td></tr></table>",
	      "<div><div><div><div>Tea</div></div></div></div>");
	check("<table role=presentation><tr><td>Tea<td>hot<tr><td>Ice<td>cold</table>",
	      "<div><div><div><div>Tea</div>\n<div>hot</div></div>\n"
	      "<div><div>Ice</div>\n<div>cold</div></div></div></div>");
	/* What holds a table is none, unless it has heads. */
	char outer[1000], expected[1000];
	snprintf(outer, sizeof outer, "<table><tr><td>%s<td>x<tr><td>y<td>z</table>", data);
	snprintf(expected, sizeof expected,
		 "<div><div><div><div>%s</div>\n<div>x</div></div>\n"
		 "<div><div>y</div>\n<div>z</div></div></div></div>",
		 data);
	check(outer, expected);
	check("<table><tr><th>A<th>B<th>C</table>",
	      "<table><tbody><tr><th>A</th>\n<th>B</th>\n<th>C</th></tr></tbody></table>");
}

/* The body with its notes back at the end. */
static void check_notes(const char *body, const char *expected)
{
	struct page *page = page_case_new(body);
	struct buf out = BUF_INIT;
	structure_normalise(page);
	notes_bring(page);
	page_case_put(&out, page);
	assert_string_equal(out.data, expected);
	buf_release(&out);
	page_case_free(page);
}

#define REF(id, back, label)                                                                       \
	"<a href=\"#" id "\" id=\"" back "\" epub:type=\"noteref\" role=\"doc-noteref\">" label    \
	"</a>"
#define NOTE(id, back, label, text)                                                                \
	"<aside epub:type=\"footnote\" role=\"doc-footnote\" id=\"" id "\"><p>"                    \
	"<a role=\"doc-backlink\" href=\"#" back "\">" label "</a> " text "</p></aside>"

static void test_linked_notes(void **state)
{
	(void)state;
	check_notes("<p>Tea.<sup><a href='#fn1' id='r1'>1</a></sup></p><h2>Footnotes</h2>"
		    "<ol><li id=fn1>Green. <a href='#r1'>\xE2\x86\xA9</a></li></ol><p>End.</p>",
		    "<p>Tea.<sup>" REF("fn1", "r1", "1") "</sup></p>\n<p>End.</p>\n" NOTE(
			    "fn1", "r1", "1", "Green. "));
	/* The page's own address; the note's number is there once. */
	check_notes(
		"<p>Tea <a href='https://example.org/news/story.html#note-2' id=b>[2]</a></p>"
		"<p id='note-2'><a href='#b'>[2]</a> Green.</p>",
		"<p>Tea " REF("note-2", "b", "[2]") "</p>\n" NOTE("note-2", "b", "[2]", "Green."));
	/* Sources stay a list; so do places that are no notes. */
	check_notes("<p>Tea<sup><a href='#cite_note-1'>[1]</a></sup></p>"
		    "<ol class=references><li id=cite_note-1>A book.</li></ol>",
		    "<p>Tea<sup><a href=\"#cite_note-1\">[1]</a></sup></p>\n"
		    "<ol class=\"references\"><li id=\"cite_note-1\" data-note=\"cite_note-1\">A "
		    "book.</li></ol>");
	check_notes("<p>See <a href='#s2'>2</a></p><div id=s2>Two.</div>",
		    "<p>See <a href=\"#s2\">2</a></p>\n<div id=\"s2\">Two.</div>");
}

static void test_loose_notes(void **state)
{
	(void)state;
	check_notes(
		"<p>Tea.<sup>1</sup> Two.<sup>2</sup></p><hr><p><sup>1</sup> "
		"Green.</p><ul><li>Hot.</li></ul>"
		"<p><sup>2</sup> Black.</p>",
		"<p>Tea.<sup><a id=\"ref-note-1-0-0\" epub:type=\"noteref\" role=\"doc-noteref\" "
		"href=\"#note-1-0\">1</a></sup> Two.<sup><a id=\"ref-note-2-1-0\" "
		"epub:type=\"noteref\" "
		"role=\"doc-noteref\" href=\"#note-2-1\">2</a></sup></p>\n"
		"<aside epub:type=\"footnote\" role=\"doc-footnote\" id=\"note-1-0\"><p>"
		"<a role=\"doc-backlink\" href=\"#ref-note-1-0-0\">1</a> <sup></sup>Green.</p>\n"
		"<ul><li>Hot.</li></ul></aside>\n"
		"<aside epub:type=\"footnote\" role=\"doc-footnote\" id=\"note-2-1\"><p>"
		"<a role=\"doc-backlink\" href=\"#ref-note-2-1-0\">2</a> <sup></sup>"
		"Black.</p></aside>");
	/* Powers are no notes. */
	check_notes("<p>10<sup>2</sup></p>", "<p>10<sup>2</sup></p>");
}

static void test_sidenotes(void **state)
{
	(void)state;
	check_notes("<p>Tea<label for=s></label><input id=s><span class=sidenote>Green, if you ask "
		    "me.</span>.</p>",
		    "<p>Tea<label for=\"s\"></label><input id=\"s\"></input><sup>"
		    "<a id=\"ref-sidenote-1-0\" epub:type=\"noteref\" role=\"doc-noteref\" "
		    "href=\"#sidenote-1\">1</a></sup>.</p>\n" NOTE("sidenote-1", "ref-sidenote-1-0",
								   "1", "Green, if you ask me."));
	/* It is there twice. */
	check_notes("<p>Tea<sup><a href='#fn1' id=b>1</a></sup><span class=sidenote>Green, if you "
		    "ask me.</span></p>"
		    "<p id=fn1>Green, if you ask me.</p>",
		    "<p>Tea<sup>" REF("fn1", "b",
				      "1") "</sup>"
					   "<template class=\"sidenote\">Green, if you ask "
					   "me.</template></p>\n" NOTE("fn1", "b", "1",
								       "Green, if you ask me."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headings),    cmocka_unit_test(test_code),
		cmocka_unit_test(test_code_tables), cmocka_unit_test(test_code_boxes),
		cmocka_unit_test(test_tables),      cmocka_unit_test(test_linked_notes),
		cmocka_unit_test(test_loose_notes), cmocka_unit_test(test_sidenotes),
		cmocka_unit_test(test_formulas),    cmocka_unit_test(test_players),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
