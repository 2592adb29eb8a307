/* HTML to a tree. */
#include "article/tree.h"
#include "base/buf.h"
#include "read/html/parse.h"
#include "read/html/tag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The tree in one line: name[attribute=value]( … ), texts as they are. */
static void put_tree(struct buf *out, const xmlNode *node)
{
	const char *name, *value;
	for (const xmlNode *n = tree_first(node); n; n = tree_next(n)) {
		if (tree_is_text(n)) {
			buf_puts(out, tree_text_value(n));
			continue;
		}
		buf_puts(out, tree_name(n));
		for (const xmlAttr *a = NULL; (a = tree_attr_next(n, a, &name, &value)) != NULL;)
			buf_printf(out, "[%s=%s]", name, value);
		buf_puts(out, "(");
		put_tree(out, n);
		buf_puts(out, ")");
	}
}

static void expect_page(const char *html, const char *tree)
{
	struct buf out = BUF_INIT;
	struct arena arena = ARENA_INIT;
	struct string_list json_ld = {0};
	xmlDoc *doc = html_document_parse(html, strlen(html), &json_ld, &arena, NULL);
	assert_non_null(doc);
	put_tree(&out, tree_root(doc));
	assert_string_equal(out.data, tree);
	buf_release(&out);
	arena_release(&arena);
	tree_doc_free(doc);
}

/* What is in the body of a page with this in it. */
static void expect(const char *body, const char *tree)
{
	struct buf html = BUF_INIT, wanted = BUF_INIT;
	buf_printf(&html, "<!DOCTYPE html><body>%s", body);
	buf_printf(&wanted, "head()body(%s)", tree);
	expect_page(html.data, wanted.data);
	buf_release(&html);
	buf_release(&wanted);
}

static void test_pages(void **state)
{
	(void)state;
	expect_page("", "head()body()");
	expect_page("<html lang=en><title>A &amp; B</title>\n<p>c", "head(title(A & B))body(p(c))");
	expect_page("<link rel=x><meta charset=utf-8><p>a<body class=b>",
		    "head(link[rel=x]()meta[charset=utf-8]())body[class=b](p(a))");
	expect("<p>a<p>b<table><tr><td>c</table>", "p(a)p(b)table(tbody(tr(td(c))))");
	expect("<table>lost<tr><td>x</table>", "losttable(tbody(tr(td(x))))");
	expect("<b>a<p>b</b>c", "b(a)p(b(b)c)");
	expect("a < b && c", "a < b && c");
	expect("</p></div><br></br>", "p()br()br()");
	expect("<a href=x/>y</a><a href='p q' HREF=z>", "a[href=x/](y)a[href=p q]()");
	expect("<svg viewbox='0 0 1 1'><linearGradient/><a xlink:href=x></svg><math><mi>x</math>",
	       "svg[viewBox=0 0 1 1](linearGradient()a[xlink:href=x]())math(mi(x))");
	expect("<svg><title><b>t</b></title><p>out", "svg(title(b(t)))p(out)");
	expect("<svg><![CDATA[a<b]]></svg><![CDATA[gone]]>", "svg(a<b)");
}

static void test_references(void **state)
{
	(void)state;
	expect("&lt;&rsquo;&#8217;&#x2019;&#150;&nbsp;&notin;&notit;", "<’’’–\xC2\xA0∉¬it;");
	expect("AT&T &unknown; &amp &#0;", "AT&T &unknown; & \xEF\xBF\xBD");
	expect("<a href='?a=1&copy=2&amp;b=3&lang' title='&copy'>&copy=</a>",
	       "a[href=?a=1&copy=2&b=3&lang][title=©](©=)");
	/* characters for private use do not stand for anything else */
	expect("<p>one</p>&#x100000;&#xF0000;", "p(one)\xF4\x80\x80\x80\xF3\xB0\x80\x80");
}

static void test_space(void **state)
{
	(void)state;
	/* white space counts in pre and code, beside text, and not between blocks */
	expect("<div>  \n <p>  a  <b> b </b>\n\n\n    <i>c</i></p>\n\n</div>",
	       "div(p(  a  b( b )\ni(c)))");
	expect("<pre>\n\n  a\n     <b>b</b>     <i>c</i></pre>", "pre(\n  a\n     b(b)     i(c))");
	expect("<code>a     <b>b</b></code>", "code(a     b(b))");
	expect("<textarea>\n a<b></textarea>", "textarea( a<b>)");
}

static void test_scripts(void **state)
{
	(void)state;
	expect("a<script>if (a < b) '<p>'</script><style>p>a{}</style>b", "ab");
	expect("<script><!-- <script>x</script> --></script>y", "y");
	expect("<script><!-- x </script>y", "y");
	expect("<script type='math/tex; mode=display'>a<b</script>",
	       "script[type=math/tex; mode=display](a<b)");
	expect("<iframe src=x><p>no</p></iframe><noembed><p></noembed><noframes><p></noframes>z",
	       "iframe[src=x]()z");
	expect("a<!-- <p> -->b<!--[if IE]><p><![endif]-->c<![if "
	       "!IE]>d<![endif]>e<!-->f<!--x--!>g<?y?>h",
	       "abcdefgh");
	expect("a<!-- never closed", "a");
	expect("a<script>never closed", "a");

	const char *page = "<script type=application/ld+json>{\"a\": \"&amp;<p>\"}</script>"
			   "<p><script type=' Application/LD+JSON; charset=utf-8'>[]</script>";
	struct arena arena = ARENA_INIT;
	struct string_list json_ld = {0};
	tree_doc_free(html_document_parse(page, strlen(page), &json_ld, &arena, NULL));
	assert_int_equal(json_ld.count, 2);
	assert_string_equal(json_ld.items[0], "{\"a\": \"&amp;<p>\"}");
	assert_string_equal(json_ld.items[1], "[]");
	arena_release(&arena);
}

static void test_noscript(void **state)
{
	(void)state;
	/* in the head it does not end it; elsewhere what is in it is a tree by itself */
	expect_page("<noscript><img src=x></noscript><meta name=y>",
		    "head(noscript()meta[name=y]())body()");
	expect("<p>a<noscript><div><img src=x></noscript>b", "p(anoscript(div(img[src=x]()))b)");
	expect("<div><noscript></div><img src=x>&amp;</noscript>c</div>",
	       "div(noscript(img[src=x]()&)c)");
	expect("<noscript>never closed", "noscript(never closed)");
}

static void test_fragments(void **state)
{
	(void)state;
	xmlDoc *doc = tree_doc_new("body");
	struct buf out = BUF_INIT;
	const char *html = "<p>a <b>c</b></p> <title>kept <select>kept <!-- kept <a \"";
	assert_int_equal(html_fragment_parse(tree_root(doc), html, strlen(html), NULL), 0);
	put_tree(&out, tree_root(doc));
	assert_string_equal(out.data, "p(a b(c)) <title>kept <select>kept  kept <a \"");
	buf_release(&out);
	tree_doc_free(doc);
}

/* --- Hostile pages --- */

/* `start`, then `piece` over and over, up to a million bytes. "#" in it becomes a number. */
static xmlDoc *parse_many(const char *start, const char *piece)
{
	struct buf html = BUF_INIT;
	struct arena arena = ARENA_INIT;
	struct string_list json_ld = {0};
	buf_puts(&html, start);
	for (unsigned i = 0; html.len < 1000 * 1000; i++)
		for (const char *s = piece; *s; s++)
			if (*s == '#')
				buf_printf(&html, "%u", i);
			else
				buf_putc(&html, *s);
	buf_puts(&html, "<p>the end");
	xmlDoc *doc = html_document_parse(html.data, html.len, &json_ld, &arena, NULL);
	buf_release(&html);
	arena_release(&arena);
	return doc;
}

static void test_hostile(void **state)
{
	(void)state;
	static const char *const pieces[] = {
		"<b>x",
		"<a>x",
		"<b x=#>y",
		"<a href=#><div>y",
		"<div><b x=#></div>",
		"<p><font color=#>x",
		"<table><tr><td><b x=#>",
		"<table>x",
		"<b><table>",
		"<div>",
		"<span>x",
		"<x y=# z=&q;>",
		"<select><option>",
		"<svg>",
		"<svg><foreignObject>",
		"<math><mi>x",
		"<template>",
		"<form><input>",
		"<button>x",
		"<li><ul>",
		"<h1>x<h2>",
		"<nobr><i x=#>",
		"</p>",
		"</x>",
		"</b><b>",
		"<ruby><rt><rp>",
		"&",
		"&notanything;",
		"&notit",
		"<",
		"</",
		"<!",
		"<noscript><p>x</noscript>",
		"<noscript>",
		"<script><!--",
		"<marquee><applet><object>",
		"<frameset><frame>",
		"<b><i><u><s><em><p>",
	};
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		xmlDoc *doc = parse_many("<!DOCTYPE html><body>", pieces[i]);
		if (!doc)
			fail_msg("%s: no tree", pieces[i]);
		size_t deepest = 0, depth = 0;
		const xmlNode *root = tree_root(doc), *n = root;
		/* depth without walking up for each */
		while (n) {
			if (depth > deepest)
				deepest = depth;
			if (tree_first(n)) {
				n = tree_first(n);
				depth++;
				continue;
			}
			while (n != root && !tree_next(n)) {
				n = tree_parent(n);
				depth--;
			}
			n = n == root ? NULL : tree_next(n);
		}
		if (deepest > 502)
			fail_msg("%s: %zu levels", pieces[i], deepest);
		tree_doc_free(doc);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),    cmocka_unit_test(test_references),
		cmocka_unit_test(test_space),    cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_noscript), cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
