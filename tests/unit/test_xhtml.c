/* The XHTML writer: trees in, markup out, which an XML parser reads back as the same tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "article/tree.h"
#include "article/xhtml.h"

static void copy(xmlNode *to, const xmlNode *from)
{
	for (const xmlAttr *a = from->properties; a; a = a->next) {
		xmlChar *value = xmlNodeListGetString(from->doc, a->children, 1);
		tree_set(to, (const char *)a->name, value ? (const char *)value : "");
		xmlFree(value);
	}
	for (const xmlNode *n = from->children; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE)
			copy(tree_element(to, (const char *)n->name), n);
		else if (n->content)
			tree_text(to, (const char *)n->content, strlen((const char *)n->content));
}

/* A document from markup; `epub` and `xlink` prefixes stay what they are: plain names. */
static xmlDoc *parse(const char *markup)
{
	struct buf text = BUF_INIT;
	buf_printf(&text, "<body>%s</body>", markup);
	xmlDoc *parsed = xmlReadMemory(text.data, (int)text.len, NULL, "UTF-8",
				       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	buf_release(&text);
	assert_non_null(parsed);
	xmlDoc *doc = tree_doc_new("body");
	copy(tree_root(doc), xmlDocGetRootElement(parsed));
	xmlFreeDoc(parsed);
	return doc;
}

static void check(const char *markup, const char *expected)
{
	xmlDoc *doc = parse(markup);
	struct buf out = BUF_INIT;
	xhtml_put_children(&out, tree_root(doc));
	assert_false(out.failed);
	assert_string_equal(out.data, expected);
	buf_release(&out);
	tree_doc_free(doc);
}

static void test_markup(void **state)
{
	(void)state;
	check("", "");
	check("<p>a</p>", "<p>a</p>");
	/* Void elements have no end tag; others have one even when empty. */
	check("<p><br/><img src='a.png' alt=''/></p><hr/><p/>",
	      "<p><br/><img src=\"a.png\" alt=\"\"/></p>\n<hr/>\n<p></p>");
	check("<p>a<span/>b<i></i></p>", "<p>a<span></span>b<i></i></p>");
	/* What XML wants escaped, in text and in attributes. */
	check("<p>&lt;a&gt; &amp; ]]&gt; \"q\"</p>", "<p>&lt;a&gt; &amp; ]]&gt; &quot;q&quot;</p>");
	check("<a href='?a=1&amp;b=\"2\"' title='&lt;'>x</a>",
	      "<a href=\"?a=1&amp;b=&quot;2&quot;\" title=\"&lt;\">x</a>");
	check("<p>é 漢字 𝄞</p>", "<p>é 漢字 𝄞</p>");
}

/* Wherever in a long text a character stands that must be escaped. */
static void test_long_text(void **state)
{
	(void)state;
	for (size_t at = 0; at < 130; at++) {
		char text[131], expected[200];
		memset(text, 'a', 130);
		text[130] = '\0';
		text[at] = "&<>\""[at % 4];
		static const char *const escapes[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
		snprintf(expected, sizeof expected, "%.*s%s%s", (int)at, text, escapes[at % 4],
			 text + at + 1);
		struct buf out = BUF_INIT;
		xmlDoc *doc = tree_doc_new("body");
		tree_text(tree_root(doc), text, 130);
		xhtml_put_children(&out, tree_root(doc));
		assert_string_equal(out.data, expected);
		buf_release(&out);
		tree_doc_free(doc);
	}
}

static void test_line_breaks(void **state)
{
	(void)state;
	/* Between blocks, never at the end, nor where there is white space already. */
	check("<p>a</p><p>b</p> <p>c</p>", "<p>a</p>\n<p>b</p> <p>c</p>");
	check("<ul><li>a</li><li><p>b</p><p>c</p></li></ul>",
	      "<ul><li>a</li>\n<li><p>b</p>\n<p>c</p></li></ul>");
	/* White space is text in pre, and inside of lines. */
	check("<pre>a\n  <b>b</b>\n</pre>", "<pre>a\n  <b>b</b>\n</pre>");
	check("<p>a<b>b</b><i>c</i><br/><br/>d</p>", "<p>a<b>b</b><i>c</i><br/><br/>d</p>");
	check("<blockquote>text<p>a</p>text</blockquote>",
	      "<blockquote>text<p>a</p>text</blockquote>");
}

static void test_language(void **state)
{
	(void)state;
	check("<p lang='fr'>a</p>", "<p lang=\"fr\" xml:lang=\"fr\">a</p>");
	check("<svg lang='fr'><text lang='de'>a</text></svg>",
	      "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	      "xmlns:xlink=\"http://www.w3.org/1999/xlink\" xml:lang=\"fr\">"
	      "<text xml:lang=\"de\">a</text></svg>");
}

static void test_foreign(void **state)
{
	(void)state;
	check("<p><math><mi>x</mi><mspace/><mi/></math><i/></p><p>b</p>",
	      "<p><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mi>x</mi><mspace/><mi/>"
	      "</math><i></i></p>\n<p>b</p>");
	check("<svg viewBox='0 0 1 1'><title>t</title><a><path d='M0 0'/></a><svg/></svg><p/>",
	      "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	      "xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 1 1\"><title>t</title>"
	      "<a><path d=\"M0 0\"/></a><svg/></svg><p></p>");
}

/* Depth is only the input's matter. */
static void test_depth(void **state)
{
	(void)state;
	enum { DEPTH = 200000 };
	xmlDoc *doc = tree_doc_new("body");
	xmlNode *node = tree_root(doc);
	for (int i = 0; i < DEPTH; i++)
		node = tree_element(node, "div");
	tree_text(node, "deep", 4);
	struct buf out = BUF_INIT;
	xhtml_put_children(&out, tree_root(doc));
	assert_int_equal(out.len, DEPTH * strlen("<div></div>") + 4);
	assert_memory_equal(out.data + DEPTH * 5, "deep</div></div>", 16);
	buf_release(&out);
	tree_doc_free(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_markup),      cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_line_breaks), cmocka_unit_test(test_language),
		cmocka_unit_test(test_foreign),     cmocka_unit_test(test_depth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
