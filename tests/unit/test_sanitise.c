/* The sanitiser: whatever HTML comes in, what comes out has a body's form, and says the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "article/xhtml.h"
#include "base/buf.h"
#include "body_check.h"
#include "read/html/parse.h"
#include "sanitise/sanitise.h"

/* The body that comes of a fragment, checked; as XHTML without line ends in *out. */
static void clean(const char *html, struct buf *out)
{
	const xmlNode *at = NULL;
	xmlDoc *doc = tree_doc_new("body");
	xmlNode *body = tree_root(doc);
	assert_int_equal(html_fragment_parse(body, html, strlen(html), NULL), 0);
	sanitise(body, NULL);
	assert_false(tree_failed(doc));
	const char *wrong = body_check(body, &at);
	if (wrong)
		fail_msg("%s at <%s> in: %s", wrong, tree_name(at), html);
	struct buf text = BUF_INIT;
	xhtml_put_children(&text, body);
	buf_truncate(out, 0);
	for (const char *s = text.data; *s; s++)
		if (*s != '\n')
			buf_putc(out, *s);
	buf_release(&text);
	tree_doc_free(doc);
}

static void check_all(const char *const (*cases)[2], size_t count)
{
	struct buf out = BUF_INIT;
	for (size_t i = 0; i < count; i++) {
		clean(cases[i][0], &out);
		assert_string_equal(out.data, cases[i][1]);
	}
	buf_release(&out);
}

#define CHECK_ALL(cases) check_all(cases, sizeof cases / sizeof *cases)

static void test_blocks_and_phrasing(void **state)
{
	static const char *const cases[][2] = {
		{"plain <b>bold</b> text", "<p>plain <b>bold</b> text</p>"},
		{"<b>one<p>two</p>three</b>",
		 "<p><b>one</b></p><p><b>two</b></p><p><b>three</b></p>"},
		{"<h1><div>a</div><div>b</div></h1>", "<h1>a<br/>b</h1>"},
		{"<h2>x<ul><li>y</ul>z</h2>", "<h2>x</h2><ul><li>y</li></ul><p>z</p>"},
		{"<a href=u><div>block</div></a>", "<div><a href=\"u\">block</a></div>"},
		{"<p></p><div></div><h3></h3><ul></ul><i></i>", ""},
		{"<header><footer>f</footer></header>", "<header><div>f</div></header>"},
		{"<pre>a<div>b</div>c</pre>", "<pre>abc</pre>"},
	};
	(void)state;
	/* Line ends are left out by clean(): a pre keeps its own. */
	CHECK_ALL(cases);
}

static void test_parts(void **state)
{
	static const char *const cases[][2] = {
		{"<li>lone", "<ul><li>lone</li></ul>"},
		{"<ul>text<li>a</ul>", "<ul><li>text</li><li>a</li></ul>"},
		{"<ul><li>a<ol><li>b</ol></ul>", "<ul><li>a<ol><li>b</li></ol></li></ul>"},
		{"<ul><li>a</li><ul><li>b</ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"},
		{"<ul><li value=3>a</ul>", "<ul><li>a</li></ul>"},
		{"<dl><dd>d</dl>", "<dl><dt></dt><dd>d</dd></dl>"},
		{"<dl><dt>t</dl>", "<dl><dt>t</dt><dd></dd></dl>"},
		{"<table><tfoot><tr><td>f<tbody><tr><td>b<caption>c</table>",
		 "<table><caption>c</caption><tbody><tr><td>b</td></tr></tbody>"
		 "<tfoot><tr><td>f</td></tr></tfoot></table>"},
		{"<table><caption>only</caption></table>", "<div>only</div>"},
		{"<table><tr><td colspan=0 rowspan=2>x</table>",
		 "<table><tbody><tr><td rowspan=\"2\">x</td></tr></tbody></table>"},
		{"<ruby>a<rt>b</rt>c</ruby>", "<p><ruby>a<rt>b</rt></ruby>c</p>"},
		{"<ruby>a<rp>(</rp><rt>b</rt><rp>)</rp></ruby>",
		 "<p><ruby>a<rp>(</rp><rt>b</rt><rp>)</rp></ruby></p>"},
		{"<ruby>a<rp>(</rp></ruby>", "<p>a</p>"},
		{"<details>a</details>", "<div>a</div>"},
		{"<details><p>a</p><summary>s</summary></details>",
		 "<details><summary>s</summary><p>a</p></details>"},
	};
	(void)state;
	CHECK_ALL(cases);
}

static void test_figures(void **state)
{
	static const char *const cases[][2] = {
		{"<figure><img src=a.png alt=A><figcaption>c</figcaption></figure>",
		 "<figure><img src=\"a.png\" alt=\"A\"/><figcaption>c</figcaption></figure>"},
		{"<figure><a href=u><img src=a.png></a><p>words</p></figure>",
		 "<figure><a href=\"u\"><img "
		 "src=\"a.png\"/></a><figcaption><p>words</p></figcaption>"
		 "</figure>"},
		{"<figure><figcaption>lost</figcaption></figure>",
		 "<figure><figcaption>lost</figcaption></figure>"},
		{"<figure><pre>x</pre><figcaption>c</figcaption></figure>",
		 "<div class=\"figure\"><pre>x</pre><div class=\"caption\">c</div></div>"},
		{"<figure></figure><figcaption>lone</figcaption>", "<div>lone</div>"},
		{"<picture><source srcset=b.webp><img src=a.png></picture>",
		 "<p><img src=\"a.png\"/></p>"},
		{"<img src='javascript:x' alt='words'>", "<p>words</p>"},
		{"<img src='my pic.jpg' width=10px height=50%>",
		 "<p><img src=\"my%20pic.jpg\" width=\"10\"/></p>"},
	};
	(void)state;
	CHECK_ALL(cases);
}

static void test_safety(void **state)
{
	static const char *const cases[][2] = {
		{"a<script>alert(1)</script>b", "<p>ab</p>"},
		{"<script>never closed", "<p>never closed</p>"},
		{"<style>p{}</style><p onclick=x style='color:red'>t</p>", "<p>t</p>"},
		{"<a href=javascript:x>t</a><a href=' JAVASCRIPT:x'>u</a>", "<p>tu</p>"},
		{"<a href='vbscript:x'>t</a><a href='data:text/html,x'>u</a><a "
		 "href='file:///etc'>v</a>",
		 "<p>tuv</p>"},
		{"<iframe src='https://example.org/e' title='Map'></iframe>",
		 "<p><a href=\"https://example.org/e\">Map</a></p>"},
		{"<video src=v.mp4><p>no video</p></video>", "<p><a href=\"v.mp4\">v.mp4</a></p>"},
		{"<object data=x>instead</object>", "<p>instead</p>"},
		{"<svg aria-labelledby=t><rect width=1 /></svg>",
		 "<p><svg xmlns=\"http://www.w3.org/2000/svg\" "
		 "xmlns:xlink=\"http://www.w3.org/1999/xlink\"><rect width=\"1\"/></svg></p>"},
		{"<p>a<a href=#n role=doc-noteref>1</a><p id=n>b</p>",
		 "<p>a<a href=\"#n\">1</a></p><p id=\"n\">b</p>"},
		{"<svg style='a{'><rect style='direction:rtl' width=1 /></svg>",
		 "<p><svg xmlns=\"http://www.w3.org/2000/svg\" "
		 "xmlns:xlink=\"http://www.w3.org/1999/xlink\"><rect width=\"1\"/></svg></p>"},
		{"<svg onload=x><script>1</script><rect width=1 /></svg>",
		 "<p><svg xmlns=\"http://www.w3.org/2000/svg\" "
		 "xmlns:xlink=\"http://www.w3.org/1999/xlink\"><rect width=\"1\"/></svg></p>"},
		{"<form><input type=checkbox checked> x <input type=hidden value=y></form>",
		 "<div>☑ x </div>"},
		{"&#1;a&#xFFFE;b", "<p>ab</p>"},
		{"<!-- c -->a<!-- never closed", "<p>a never closed</p>"},
		{"<math><mfrac><mi>a</mi></mfrac></math>",
		 "<p><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mrow><mi>a</mi></mrow>"
		 "</math></p>"},
	};
	(void)state;
	CHECK_ALL(cases);
}

static void test_ids_and_links(void **state)
{
	static const char *const cases[][2] = {
		{"<p id=a>1<p id=a>2<a href=#a>l</a>",
		 "<p id=\"a\">1</p><p>2<a href=\"#a\">l</a></p>"},
		{"<p id='1 x'>1<a href='#1 x'>l</a>", "<p id=\"_1x\">1<a href=\"#_1x\">l</a></p>"},
		{"<p>x<a name=here></a>y<a href=#here>l</a>",
		 "<p>x<span id=\"here\"></span>y<a href=\"#here\">l</a></p>"},
		{"<x-foo id=c>t</x-foo><a href=#c>l</a>", "<p id=\"c\">t<a href=\"#c\">l</a></p>"},
		{"<a href=#nowhere>l</a>", "<p>l</p>"},
		{"<a href='http://example.org/a b|c'>l</a>",
		 "<p><a href=\"http://example.org/a%20b%7Cc\">l</a></p>"},
		{"<a href='http://exa mple.org/'>l</a><a href='http://[::1'>m</a>", "<p>lm</p>"},
		{"<a href=x>one <a href=y>two</a></a>",
		 "<p><a href=\"x\">one </a><a href=\"y\">two</a></p>"},
	};
	(void)state;
	CHECK_ALL(cases);
}

static void test_obsolete(void **state)
{
	static const char *const cases[][2] = {
		{"<center>c</center>", "<div class=\"align-center\">c</div>"},
		{"<p align=right>r", "<p class=\"align-right\">r</p>"},
		{"<td>x", "<p>x</p>"},
		{"<font color=red>f</font><tt>t</tt><strike>s</strike><big>b</big>",
		 "<p>f<code>t</code><s>s</s>b</p>"},
		{"<acronym title=T>a</acronym>", "<p><abbr title=\"T\">a</abbr></p>"},
		{"<bdo>x</bdo><bdo dir=RTL>y</bdo>", "<p>x<bdo dir=\"rtl\">y</bdo></p>"},
		{"<time>now</time><time datetime=2021-07-02>then</time>",
		 "<p>now<time datetime=\"2021-07-02\">then</time></p>"},
		{"<p lang='x y'>a<p lang=zh-Hant>b",
		 "<p>a</p><p lang=\"zh-Hant\" xml:lang=\"zh-Hant\">b</p>"},
		{"<aside epub:type=footnote role=doc-footnote id=n>no way back</aside>",
		 "<aside id=\"n\"><p>no way back</p></aside>"},
	};
	(void)state;
	CHECK_ALL(cases);
}

/* What is nested without end is flattened, not lost, and costs neither time nor stack. */
static void test_depth(void **state)
{
	static const char *const tags[] = {"div",   "b",          "ul",   "table",
					   "x-foo", "blockquote", "span", "svg"};
	(void)state;
	for (size_t t = 0; t < sizeof tags / sizeof *tags; t++) {
		struct buf html = BUF_INIT, out = BUF_INIT;
		for (int i = 0; i < 100000; i++)
			buf_printf(&html, "<%s>", tags[t]);
		buf_puts(&html, "words in the deep");
		clean(html.data, &out);
		if (strcmp(tags[t], "table") != 0) /* text in tables goes before them */
			assert_non_null(strstr(out.data, "words in the deep"));
		buf_release(&html);
		buf_release(&out);
	}
}

/* Trees that no HTML parser makes. */
static void test_trees(void **state)
{
	static const char *const nests[][3] = {
		{"table", "tr", "td"},
		{"table", "td", "p"},
		{"ul", "p", "li"},
		{"tr", "li", "dt"},
		{"caption", "table", "tr"},
		{"rt", "table", "td"},
		{"a", "a", "details"},
		{"figcaption", "figure", "img"},
		{"summary", "h1", "table"},
		{"col", "td", "figure"},
		{"p", "p", "p"},
		{"dl", "dl", "li"},
		{"ruby", "ruby", "rt"},
		{"math", "mi", "svg"},
		{"svg", "p", "math"},
		{"select", "option", "p"},
		{"header", "nav", "footer"},
		{"pre", "table", "pre"},
	};
	const xmlNode *at = NULL;
	(void)state;
	for (size_t i = 0; i < sizeof nests / sizeof *nests; i++) {
		xmlDoc *doc = tree_doc_new("body");
		xmlNode *node = tree_root(doc);
		for (int k = 0; k < 3; k++) {
			tree_text(node, "x", 1);
			node = tree_element(node, nests[i][k]);
			tree_set(node, "id", "same");
		}
		tree_text(node, "y", 1);
		sanitise(tree_root(doc), NULL);
		const char *wrong = body_check(tree_root(doc), &at);
		if (wrong)
			fail_msg("%s at <%s> of %s/%s/%s", wrong, tree_name(at), nests[i][0],
				 nests[i][1], nests[i][2]);
		tree_doc_free(doc);
	}
}

static int clean_svg(const char *svg, struct buf *out, bool *changed)
{
	buf_truncate(out, 0);
	return sanitise_svg(svg, strlen(svg), out, changed, NULL);
}

static void test_svg_file(void **state)
{
	struct buf out = BUF_INIT;
	bool changed = true;
	(void)state;
	assert_int_equal(
		clean_svg("<svg xmlns='http://www.w3.org/2000/svg'><rect id='a' width='1'/></svg>",
			  &out, &changed),
		0);
	assert_false(changed);
	assert_non_null(strstr(out.data, "<rect id=\"a\" width=\"1\"/>"));
	assert_int_equal(
		clean_svg("<svg xmlns='http://www.w3.org/2000/svg' "
			  "xmlns:x='http://www.w3.org/1999/xlink' "
			  "onload='e()'><script>f()</script><a x:href='http://e.org'><g/></a>"
			  "<image x:href='http://e.org/p.png'/><foreignObject>o</foreignObject>"
			  "<set attributeName='href'/><style>@import 'u';</style></svg>",
			  &out, &changed),
		0);
	assert_true(changed);
	static const char *const gone[] = {"onload", "script", "e.org", "foreign", "set", "import"};
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
		assert_null(strstr(out.data, gone[i]));
	assert_non_null(strstr(out.data, "<g/>"));

	assert_int_equal(clean_svg("<svg>no namespace</svg>", &out, &changed), -1);
	assert_int_equal(
		clean_svg("<svg xmlns='http://www.w3.org/2000/svg'><g></svg>", &out, &changed), -1);
	assert_int_equal(clean_svg("<!DOCTYPE svg [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
				   "<svg xmlns='http://www.w3.org/2000/svg'><text>&e;</text></svg>",
				   &out, &changed),
			 -1);
	assert_int_equal(
		clean_svg("<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
			  "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d "
			  "'&c;&c;&c;&c;&c;&c;&c;'>]>"
			  "<svg xmlns='http://www.w3.org/2000/svg'><text>&d;</text></svg>",
			  &out, &changed),
		-1);
	buf_release(&out);
}

/* What a drawing inside a body becomes, without its outer tags. */
static void test_drawings(void **state)
{
	static const char before[] = "<p><svg xmlns=\"http://www.w3.org/2000/svg\" "
				     "xmlns:xlink=\"http://www.w3.org/1999/xlink\">";
	static const char *const cases[][2] = {
		/* names that XML or the table does not know */
		{"<g inkscape:label=x sketch:type=y v-bind:class='{a:b}' serif:id=z m: l:>",
		 "<g/>"},
		{"<g :class=x @click=y [z]=w *ngIf=v #u data-= data-A=t xml:foo=s xml:base=r "
		 "xlink:title=q xmlns:a=b a:c=d epub:type=footnote>",
		 "<g/>"},
		{"<i:pgf>x</i:pgf><sodipodi:namedview /><rect width=1 />", "<rect width=\"1\"/>"},
		/* languages */
		{"<g lang=v>", "<g/>"},
		{"<g lang=en- xml:lang=en_GB>", "<g/>"},
		{"<g lang=de-CH-1996>", "<g xml:lang=\"de-CH-1996\"/>"},
		/* references */
		{"<use xlink:href=#none /><use href=#none /><use /><g />", "<g/>"},
		{"<use href=#a /><g id=a />", "<use href=\"#a\"/><g id=\"a\"/>"},
		{"<g id='a b' /><use href='#a b' />", "<g id=\"ab\"/><use href=\"#ab\"/>"},
		{"<g id=a fill=url(#none) stroke=url(#a) clip-path=url(#a) mask='url(x.svg#a)' />",
		 "<g id=\"a\"/>"},
		{"<pattern id=a /><g fill='url(\"#a\") red' style='fill:url( \"#a\" )' />",
		 "<pattern id=\"a\"/><g fill=\"url(#a) red\" style=\"fill:url(#a)\"/>"},
		{"<image href=http://e.org/p.png /><image "
		 "href='data:image/png;base64,iVBORw0KGgo='/>",
		 "<image href=\"data:image/png;base64,iVBORw0KGgo=\"/>"},
		/* styles: what is sound of them */
		{"<g style='fill:red;;direction:rtl; stroke : blue ! important;x'>",
		 "<g style=\"fill:red;stroke:blue !important\"/>"},
		{"<g style='fill:red}a{b:c'>", "<g style=\"fill:red\"/>"},
		{"<g style='/* x'>", "<g/>"},
		{"<g style='a:url(x.png);b:image(y);c:expression(z);d:(e;f:\"g;h:\\i'>", "<g/>"},
		{"<g style='font-family:\"A;B\", c;--x:y'>",
		 "<g style=\"font-family:&quot;A;B&quot;, c\"/>"},
		/* only text in titles */
		{"<g><title>a <b>b</b><rect/></title></g>", "<g><title>a b</title></g>"},
		{"<g role=button tabindex=0 aria-label=x />", "<g aria-label=\"x\"/>"},
		{"<g role=img />", "<g role=\"img\"/>"},
	};
	struct buf html = BUF_INIT, out = BUF_INIT, wanted = BUF_INIT;
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		buf_truncate(&html, 0);
		buf_truncate(&wanted, 0);
		buf_printf(&html, "<svg>%s</svg>", cases[i][0]);
		buf_printf(&wanted, "%s%s</svg></p>", before, cases[i][1]);
		clean(html.data, &out);
		assert_string_equal(out.data, wanted.data);
	}
	buf_release(&html);
	buf_release(&out);
	buf_release(&wanted);
}

/* Style sheets of drawings: rules that are sound, and nothing else. */
static void test_svg_styles(void **state)
{
	static const char *const cases[][2] = {
		{"a{fill:red}", "a{fill:red}"},
		{"/* x */ .b , #c > d:hover{ fill : red ;; stroke:blue; }",
		 ".b , #c > d:hover{fill:red;stroke:blue}"},
		{"/* x", NULL},
		{"text{direction:rtl}", NULL},
		{"text{direction:rtl;fill:red}", "text{fill:red}"},
		{"a{fill:red", "a{fill:red}"},
		{"a{b}c{fill:red}", "c{fill:red}"},
		{"a{fill:url(#g)}b{fill:url(#none)}c{fill:url(d.png)}", "a{fill:url(#g)}"},
		{"@import 'x';@font-face{src:url(y)}@foo{a{b:c}}d{e:f}", "d{e:f}"},
		{"@media (min-width:1px){a{b:c}}", "@media (min-width:1px){a{b:c}}"},
		{"a{b{c:d}}e{f:g}", "e{f:g}"},
		{"a..b{c:d},e{f:g}h>{i:j}k{l:m}", "k{l:m}"},
		{"<!-- a{b:c} -->", "a{b:c}"},
		{"a{b:'c;}d{e:f}'}", "a{b:'c;}d{e:f}'}"},
		{"}a{b:c}", "a{b:c}"},
	};
	struct buf svg = BUF_INIT, out = BUF_INIT;
	bool changed = false;
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		buf_truncate(&svg, 0);
		buf_printf(&svg,
			   "<svg xmlns='http://www.w3.org/2000/svg'><pattern id='g'/>"
			   "<style><![CDATA[%s]]></style></svg>",
			   cases[i][0]);
		assert_int_equal(clean_svg(svg.data, &out, &changed), 0);
		char *style = strstr(out.data, "<style>"), *end = strstr(out.data, "</style>");
		if (!cases[i][1]) {
			assert_null(style);
			assert_true(changed);
			continue;
		}
		assert_non_null(style);
		*end = '\0';
		struct buf wanted = BUF_INIT;
		buf_put_xml(&wanted, cases[i][1], strlen(cases[i][1]));
		assert_string_equal(style + strlen("<style>"), wanted.data);
		buf_release(&wanted);
	}
	buf_release(&svg);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_and_phrasing),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_safety),
		cmocka_unit_test(test_ids_and_links),
		cmocka_unit_test(test_obsolete),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_svg_file),
		cmocka_unit_test(test_drawings),
		cmocka_unit_test(test_svg_styles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
