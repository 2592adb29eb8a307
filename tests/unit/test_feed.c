/* Feeds: their entries, as items. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "chapbook.h"
#include "source/feed.h"

static const char *or_dash(const char *s)
{
	return s ? s : "-";
}

/* An item a line: address, title, authors, tags, dates, content with its type and base. */
static int put_item(void *ctx, const struct chapbook_item *item)
{
	struct buf *out = ctx;
	buf_printf(out, "%s|%s|", or_dash(item->url), or_dash(item->title));
	for (size_t i = 0; i < item->author_count; i++)
		buf_printf(out, "%s%s", i ? "," : "", item->authors[i].name);
	buf_puts(out, "|");
	for (size_t i = 0; i < item->tag_count; i++)
		buf_printf(out, "%s%s", i ? "," : "", item->tags[i]);
	buf_printf(out, "|%s|%s|%s|%s|%s%s\n", or_dash(item->published), or_dash(item->updated),
		   or_dash(item->base_url), or_dash(item->content_type), or_dash(item->content),
		   item->is_partial ? "|partial" : "");
	return 0;
}

static int read_feed(const char *bytes, size_t size, struct buf *out, struct chapbook_error *err)
{
	struct chapbook_source *source = chapbook_source_open_bytes(
		"feed.xml", "https://lake.example/feed/all.xml", bytes, size, err);
	assert_non_null(source);
	assert_non_null(chapbook_source_format(source));
	int rc = chapbook_source_read(source, put_item, out, NULL, NULL, err);
	chapbook_source_free(source);
	return rc;
}

static void check_feed(const char *bytes, const char *expected)
{
	struct chapbook_error err = {0};
	struct buf out = BUF_INIT;
	assert_int_equal(read_feed(bytes, strlen(bytes), &out, &err), 0);
	assert_string_equal(out.data, expected);
	buf_release(&out);
}

#define RSS(items)                                                                                 \
	"<rss version='2.0' " NAMESPACES "><channel><title>Lake</title>" items "</channel></rss>"
#define NAMESPACES                                                                                 \
	"xmlns:dc='http://purl.org/dc/elements/1.1/' "                                             \
	"xmlns:content='http://purl.org/rss/1.0/modules/content/' "                                \
	"xmlns:media='http://search.yahoo.com/mrss/'"
#define ATOM(entries) "<feed xmlns='http://www.w3.org/2005/Atom'>" entries "</feed>"

static void test_rss(void **state)
{
	(void)state;
	check_feed(
		RSS("<item><title>One &amp;amp; all</title><link>/one</link>"
		    "<description>A teaser.</description>"
		    "<content:encoded><![CDATA[<p>The whole text.</p>]]></content:encoded>"
		    "<dc:creator>Ann Brown</dc:creator><author>x@y.example (Bo Lee)</author>"
		    "<category>ice</category><category>Ice</category><dc:subject>snow</dc:subject>"
		    "<pubDate>Thu, 01 Jan 2004 19:48:21 EST</pubDate></item>"),
		"https://lake.example/one|One & all|Bo Lee|ice,snow|2004-01-02T00:48:21Z|-|"
		"https://lake.example/feed/all.xml|text/html|<p>The whole text.</p>|partial\n");
	check_feed(RSS("<item><guid>http://a.example/1</guid><title>x</title></item>"
		       "<item><guid isPermaLink='false'>http://a.example/2</guid></item>"
		       "<item><link>http://a.example/3</link><image><link>http://no/</link>"
		       "<title>No</title></image><title>Yes</title></item>"),
		   "http://a.example/1|x|||-|-|-|-|-\n-|-|||-|-|-|-|-\n"
		   "http://a.example/3|Yes|||-|-|-|-|-\n");
}

static void test_atom(void **state)
{
	(void)state;
	check_feed(
		ATOM("<entry xml:base='http://b.example/d/'><title type='html'>A "
		     "&lt;b&gt;bold&lt;/b&gt; one</title>"
		     "<link rel='self' href='no'/><link rel='alternate' href='page'/>"
		     "<author><name>Ann Brown</name><email>ann@b.example</email></author>"
		     "<category term='ice'/><published>2021-07-02T10:00:00+02:00</published>"
		     "<updated>2021-07-03</updated>"
		     "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
		     "<p>1 &lt; 2<br/></p></div></content></entry>"),
		"http://b.example/d/page|A bold one|Ann Brown|ice|2021-07-02T08:00:00Z|2021-07-03|"
		"http://b.example/d/|text/html|<p>1 &lt; 2<br></p>|partial\n");
	check_feed(ATOM("<entry><content type='text'>1 &lt; 2</content>"
			"<source><title>Other</title><id>no</id></source></entry>"
			"<entry><content type='image/png'>iVBORw0KGgo=</content></entry>"),
		   "-|-|||-|-|https://lake.example/feed/all.xml|text/plain|1 < 2\n"
		   "-|-|||-|-|-|-|-\n");
}

/* The fullest text wins; a summary must be much longer than what is called the content. */
static void test_fullest(void **state)
{
	(void)state;
	check_feed(RSS("<item><description>Twelve words that are a little longer than the text."
		       "</description><content:encoded>Shorter text.</content:encoded></item>"),
		   "-|-|||-|-|https://lake.example/feed/all.xml|text/plain|Twelve words that are a "
		   "little longer than the text.\n");
	check_feed(RSS("<item><description>A summary, longer.</description>"
		       "<content:encoded>The text itself.</content:encoded></item>"),
		   "-|-|||-|-|https://lake.example/feed/all.xml|text/plain|The text itself.\n");
}

/* What is not well-formed is read all the same. */
static void test_ill_formed(void **state)
{
	(void)state;
	check_feed(
		"<!DOCTYPE rss [<!ENTITY who \"Ann &lt;Brown>\"> <!ENTITY big \"&who;&who;\">]>\n"
		"<rss><channel><item><title>Caf&eacute; & &who; 1 < 2 \x01&#x1;</title>"
		"<link>http://a.example/?a=1&b=2</link><description>x<br>y</description>"
		"</item><item><title>Two</title>",
		"http://a.example/?a=1&b=2|Caf\xC3\xA9 & Ann <Brown> 1 < 2|||-|-|"
		"https://lake.example/feed/all.xml|text/html|x<br>y|partial\n"
		"-|Two|||-|-|-|-|-\n");
	check_feed(
		"<?xml version='1.0' encoding='windows-1252'?><rss><channel><item><title>caf\xE9 "
		"\x93x\x94</title></item></channel></rss>",
		"-|caf\xC3\xA9 \xE2\x80\x9Cx\xE2\x80\x9D|||-|-|-|-|-\n");
}

static void test_other_formats(void **state)
{
	(void)state;
	check_feed("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
		   "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
		   "<channel rdf:about='http://a.example/'><title>A</title></channel>"
		   "<item rdf:about='http://a.example/1'><title>One</title>"
		   "<dc:date>2004-02-03T10:00Z</dc:date></item></rdf:RDF>",
		   "http://a.example/1|One|||2004-02-03T10:00:00Z|2004-02-03T10:00:00Z|-|-|-\n");
	check_feed("<CHANNEL><ITEM HREF='http://a.example/'><TITLE>C</TITLE></ITEM></CHANNEL>",
		   "http://a.example/|C|||-|-|-|-|-\n");
}

static void test_dates(void **state)
{
	(void)state;
	static const struct {
		const char *text, *date;
	} rows[] = {
		{"Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"},
		{"Thu, 1 Jan 04 19:48 -0330", "2004-01-01T23:18:00Z"},
		{"01-Jan-2004 19:48:21 PST", "2004-01-02T03:48:21Z"},
		{"1 Jan 2004", "2004-01-01"},
		{"Sun Jan  4 16:29:06 PST 2004", "2004-01-05T00:29:06Z"},
		{"Sun Jan 4 16:29:06 2004", "2004-01-04T16:29:06Z"},
		{"2003", "2003"},
		{"2003-12", "2003-12"},
		{"20031231", "2003-12-31"},
		{"2003-365", "2003-12-31"},
		{"2004-366", "2004-12-31"},
		{"03-12-31", "2003-12-31"},
		{"2003-12-31 10:14:55.5", "2003-12-31T10:14:55Z"},
		{"2003-12-31T10:14:55-08:00", "2003-12-31T18:14:55Z"},
		{"20031231T101455Z", "2003-12-31T10:14:55Z"},
		{"2003-02-31", NULL},
		{"yesterday", NULL},
		{"", NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = ARENA_INIT;
		const char *date = feed_date(&arena, rows[i].text, strlen(rows[i].text));
		if (rows[i].date && date)
			assert_string_equal(date, rows[i].date);
		else
			assert_true(!rows[i].date && !date);
		arena_release(&arena);
	}
}

/* The memory for an item is given back: a long feed takes no more than a short one. */
static int count_item(void *ctx, const struct chapbook_item *item)
{
	(void)item;
	return ++*(int *)ctx == 7 ? 7 : 0;
}

static void test_stopping(void **state)
{
	(void)state;
	struct buf text = BUF_INIT;
	struct chapbook_error err = {0};
	int count = 0;
	buf_puts(&text, "<rss><channel>");
	for (int i = 0; i < 3000; i++)
		buf_printf(&text, "<item><title>%d</title></item>", i);
	struct chapbook_source *source =
		chapbook_source_open_bytes("feed", NULL, text.data, text.len, &err);
	assert_int_equal(chapbook_source_read(source, count_item, &count, NULL, NULL, &err), 7);
	assert_int_equal(count, 7);
	chapbook_source_free(source);
	buf_release(&text);
}

/* An export of WordPress: published posts only, and no mail addresses. */
static void test_wordpress(void **state)
{
	static const char export[] =
		"<rss xmlns:wp='http://wordpress.org/export/1.2/' " NAMESPACES "><channel>"
		"<title>Lake</title>"
		"<item><title>Post</title><link>https://lake.example/1</link>"
		"<dc:creator>ann@lake.example</dc:creator>"
		"<content:encoded>Short</content:encoded>"
		"<wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item>"
		"<item><title>Draft</title><wp:post_type>post</wp:post_type>"
		"<wp:status>draft</wp:status></item>"
		"<item><title>Menu</title><wp:post_type>nav_menu_item</wp:post_type>"
		"<wp:status>publish</wp:status></item>"
		"<item><title>Picture</title><wp:post_type>attachment</wp:post_type>"
		"<wp:status>inherit</wp:status></item></channel></rss>";
	struct chapbook_error err = {0};
	struct buf out = BUF_INIT;
	(void)state;
	assert_int_equal(read_feed(export, strlen(export), &out, &err), 0);
	assert_non_null(strstr(out.data, "Post"));
	assert_null(strstr(out.data, "ann@lake.example"));
	assert_null(strstr(out.data, "Draft"));
	assert_null(strstr(out.data, "Menu"));
	assert_null(strstr(out.data, "Picture"));
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rss),           cmocka_unit_test(test_atom),
		cmocka_unit_test(test_fullest),       cmocka_unit_test(test_ill_formed),
		cmocka_unit_test(test_other_formats), cmocka_unit_test(test_dates),
		cmocka_unit_test(test_stopping),      cmocka_unit_test(test_wordpress),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
