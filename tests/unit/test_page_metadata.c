/* What pages say of their articles outside the text. */
#include "base/buf.h"
#include "extract/authors/byline.h"
#include "extract/metadata/jsonld.h"
#include "extract/page/passes.h"
#include "read/html/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct page *read_page(const char *head, const char *body)
{
	struct arena arena = ARENA_INIT;
	struct string_list json_ld = {0};
	struct buf html = BUF_INIT;
	buf_printf(&html, "<!DOCTYPE html><html%s</head><body>%s</body></html>", head, body);
	xmlDoc *doc = html_document_parse(html.data, html.len, &json_ld, &arena, NULL);
	struct page *page = page_new(doc, "https://www.daily.example/news/story.html");
	assert_non_null(page);
	page->json_ld = json_ld;
	page->a = article_new();
	assert_non_null(page->a);
	metadata_read(page);
	assert_false(page->arena.failed);
	page->json_ld = (struct string_list){0};
	buf_release(&html);
	arena_release(&arena);
	return page;
}

static void drop_page(struct page *page)
{
	article_free(page->a);
	page_free(page);
}

/* A field by its name; all authors in one string. */
static const char *field(struct page *page, const char *name)
{
	struct article *a = page->a;
	char *all = NULL;
	if (strcmp(name, "authors") == 0) {
		for (size_t i = 0; i < a->authors.count; i++)
			all = arena_printf(&page->arena, "%s%s%s", all ? all : "", all ? "; " : "",
					   a->authors.items[i].name);
		return all;
	}
	if (strcmp(name, "subjects") == 0) {
		for (size_t i = 0; i < a->subjects.count; i++)
			all = arena_printf(&page->arena, "%s%s%s", all ? all : "", all ? "; " : "",
					   a->subjects.items[i]);
		return all;
	}
	if (strcmp(name, "direction") == 0)
		return a->direction == DIR_RTL ? "rtl" : a->direction == DIR_LTR ? "ltr" : NULL;
	const struct {
		const char *name, *value;
	} fields[] = {
		{"title", a->title},
		{"subtitle", a->subtitle},
		{"published", a->published},
		{"modified", a->modified},
		{"site", a->publisher},
		{"section", a->section},
		{"description", a->description},
		{"language", a->language},
		{"image", a->lead_image},
		{"canonical", a->canonical_url},
		{"licence", a->rights},
		{"bio", a->authors.count ? a->authors.items[0].bio : NULL},
		{"url", a->authors.count ? a->authors.items[0].url : NULL},
		{"portrait", a->authors.count ? a->authors.items[0].portrait : NULL},
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (strcmp(fields[i].name, name) == 0)
			return fields[i].value;
	fail_msg("no field %s", name);
	return NULL;
}

struct page_case {
	const char *head, *body, *field, *want;
};

static void check_pages(const struct page_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct page *page = read_page(cases[i].head, cases[i].body);
		const char *got = field(page, cases[i].field);
		if ((got && cases[i].want) ? strcmp(got, cases[i].want) != 0 : got != cases[i].want)
			fail_msg("case %zu: %s is \"%s\", not \"%s\"", i, cases[i].field,
				 got ? got : "(none)", cases[i].want ? cases[i].want : "(none)");
		drop_page(page);
	}
}
#define CHECK_PAGES(cases) check_pages(cases, sizeof(cases) / sizeof *(cases))

#define LD(json) "><head><script type='application/ld+json'>" json "</script>"

static void test_title(void **state)
{
	(void)state;
	static const struct page_case cases[] = {
		/* the site's name is known, or is the address, or has the shape of one */
		{"><head><meta property=og:site_name content='The Daily'>"
		 "<meta property=og:title content='Rain over the lake - The Daily'>",
		 "", "title", "Rain over the lake"},
		{"><head><title>Daily: Rain over the lake</title>", "", "title",
		 "Rain over the lake"},
		{"><head><title>Rain over the lake again | Weather Times</title>", "", "title",
		 "Rain over the lake again"},
		{"><head><title>Half-life: a long story about sums</title>", "", "title",
		 "Half-life: a long story about sums"},
		/* the headline that agrees with what is told, not the site's */
		{"><head><title>Rain over the big lake - Daily</title>",
		 "<h1>The Daily</h1><h1>Rain over the big lake today</h1><h1>Other news</h1>",
		 "title", "Rain over the big lake today"},
		{LD("{\"@type\":\"NewsArticle\",\"headline\":\"Rain over the lake\"}"),
		 "<h1><span>Weather</span> <span>Rain over the lake</span></h1>", "title",
		 "Rain over the lake"},
		/* a lone headline that is long enough; else what is told */
		{"><head><title>start</title>", "<h1>What the rain did to the lake</h1>", "title",
		 "What the rain did to the lake"},
		{"><head><title>Rain over the lake</title>", "<h1>Blog</h1>", "title",
		 "Rain over the lake"},
		/* escaped twice, with markup in it */
		{"><head><title>Rain - The Long Book of Water</title>",
		 "<h1>The Long Book of Water</h1><h2>Rain</h2>", "title", "Rain"},
		{"><head><meta property=og:title content='Ann &amp;amp; Bob&amp;#39;s "
		 "&lt;i&gt;lake&lt;/i&gt;'>",
		 "", "title", "Ann & Bob's lake"},
	};
	CHECK_PAGES(cases);
}

static void test_authors(void **state)
{
	(void)state;
	static const struct page_case cases[] = {
		{LD("{\"@type\":\"Article\",\"author\":[{\"name\":\"Ann Brown\"},"
		    "{\"name\":\"Bob Gray\"}]}"),
		 "", "authors", "Ann Brown; Bob Gray"},
		{LD("{\"@type\":\"Article\",\"author\":\"Ann Brown and Bob Gray\"}"), "", "authors",
		 "Ann Brown; Bob Gray"},
		{"><head><meta name=author content='By Ann Brown, Staff Writer'>", "", "authors",
		 "Ann Brown"},
		{"><head><meta name=citation_author content='Brown, Ann'>"
		 "<meta name=citation_author content='Gray, Bob'>",
		 "", "authors", "Ann Brown; Bob Gray"},
		{"><head><meta name=author content=admin>", "", "authors", NULL},
		/* The paper and its company are authors only where no person is. */
		{"><head><meta name=author content='Cond\xC3\xA9 Nast'>"
		 "<meta property=article:author content='Ida Holm'>",
		 "", "authors", "Ida Holm"},
		{"><head><meta name=author content='Lena Verlag'>"
		 "<meta property=article:author content='Ida Holm'>",
		 "", "authors", "Ida Holm"},
		{"><head><meta name=author content='Ida Holm'>"
		 "<meta property=article:author content='The Daily'>"
		 "<meta property=og:site_name content='The Daily'>",
		 "", "authors", "Ida Holm"},
		{"><head><meta name=author content='Axel Springer SE'>",
		 "<h1>Rain over the lake</h1><p>By Ann Brown</p>", "authors", "Ann Brown"},
		{">",
		 "<h1>Rain over the lake</h1><figure><img src=a.jpg><figcaption>The lake. "
		 "<span class=author>Otto Ray</span></figcaption></figure><p>Rain.</p>",
		 "authors", NULL},
		{"><head><meta property=article:author content='https://social.example/ann'>", "",
		 "authors", NULL},
		/* on the page */
		{">", "<h1>Rain over the lake</h1><p>By Ann Brown</p>", "authors", "Ann Brown"},
		{">", "<h1>Regen über dem See</h1><p>Von Ann Brown und Bob Gray</p>", "authors",
		 "Ann Brown; Bob Gray"},
		{">", "<h1>Rain over the lake</h1><div>Written by</div><div>Ann Brown</div>",
		 "authors", "Ann Brown"},
		{">",
		 "<h1>Rain over the lake</h1><p>Published on 2 May 2021 by <b>Ann Brown</b></p>",
		 "authors", "Ann Brown"},
		{">", "<h1>Rain over the lake</h1><a href='/author/ann'>ann_b</a>", "authors",
		 "ann_b"},
		{">",
		 "<h1>Rain over the lake</h1><div itemprop=author itemscope><img alt=x>"
		 "<span itemprop=name>Ann Brown</span><p>Writes.</p></div>",
		 "authors", "Ann Brown"},
		{">", "<h1>Rain over the lake</h1><p>By the newsdesk 2 May 2021</p>", "authors",
		 "the newsdesk"},
		{">", "<h1>Rain over the lake</h1><p class=author>Feb 11</p>", "authors", NULL},
		{">", "<h1>Rain over the lake</h1><p>Text Link</p>", "authors", NULL},
		{">", "<h1>湖上的雨</h1><p>作者：李四</p>", "authors", "李四"},
		{">", "<h1>Rain over the lake</h1><a rel=author href=/x>More</a>", "authors", NULL},
		/* comments are by others */
		{">",
		 "<h1>Rain</h1><p>Text.</p><div class=comments><p>By Carl Green</p>"
		 "<a rel=author href=/c>carl</a></div><p rel=author></p>"
		 "<a rel=author href=/a>Ann Brown</a>",
		 "authors", "Ann Brown"},
		/* the people before the organisation */
		{LD("{\"@type\":\"Article\",\"author\":{\"@type\":\"Organization\","
		    "\"name\":\"The Daily\"}}"),
		 "<h1>Rain over the lake</h1><p>By Ann Brown</p>", "authors", "Ann Brown"},
		{LD("{\"@type\":\"Article\",\"author\":{\"@type\":\"Organization\","
		    "\"name\":\"The Daily\"}}"),
		 "", "authors", "The Daily"},
	};
	CHECK_PAGES(cases);
}

static void test_json_ld(void **state)
{
	(void)state;
#define GRAPH                                                                                      \
	LD("{\"@graph\":[{\"@type\":\"WebSite\",\"name\":\"The Daily\"},"                          \
	   "{\"@type\":\"WebPage\",\"inLanguage\":\"en-GB\",\"description\":\"Of the page\"},"     \
	   "{\"@type\":[\"Thing\",\"BlogPosting\"],\"headline\":\"Rain\",\"author\":{\"@id\":"     \
	   "\"#ann\"},\"articleSection\":[\"Weather\"],\"keywords\":\"rain, lake\","               \
	   "\"datePublished\":\"2021-05-02T10:00:00+02:00\",\"license\":\"https://l.example/by\"," \
	   "\"articleBody\":\"It <b>rained</b>.\\n All day.\",\"image\":[{\"url\":\"/s.jpg\","     \
	   "\"width\":100},{\"url\":\"/l.jpg\",\"width\":900}]},"                                  \
	   "{\"@type\":\"Person\",\"@id\":\"#ann\",\"name\":\"Ann Brown\",\"url\":\"/people/ann\"" \
	   ",\"description\":\"Ann writes.\",\"image\":{\"contentUrl\":\"/ann.jpg\"}},"            \
	   "{\"@type\":\"BreadcrumbList\",\"itemListElement\":[{\"name\":\"Home\"},"               \
	   "{\"name\":\"News\"},{\"name\":\"Rain\"}]}]}")
	static const struct page_case cases[] = {
		{GRAPH, "", "title", "Rain"},
		{GRAPH, "", "authors", "Ann Brown"},
		{GRAPH, "", "bio", "Ann writes."},
		{GRAPH, "", "url", "https://www.daily.example/people/ann"},
		{GRAPH, "", "portrait", "https://www.daily.example/ann.jpg"},
		{GRAPH, "", "section", "Weather"},
		{"><head><meta property=article:section content=Uncategorized>", "", "section",
		 NULL},
		{"><head><meta property=article:section content=front-page>", "", "section", NULL},
		{"><head><meta property=article:section content='/news/local'>", "", "section",
		 NULL},
		{"><head><meta property=article:section content='lakes, ice'>", "", "section",
		 NULL},
		{"><head><meta property=article:section content=Aktuelles>"
		 "<meta name=section content='Sci-Fi'>",
		 "", "section", "Sci-Fi"},
		{"><head><meta name=keywords content='ice, null, type:article, _ads, lake law, "
		 "Tags'>",
		 "", "subjects", "ice; lake law"},
		{GRAPH, "", "subjects", "rain; lake"},
		{GRAPH, "", "published", "2021-05-02T10:00:00+02:00"},
		{GRAPH, "", "licence", "https://l.example/by"},
		{GRAPH, "", "language", "en-GB"},
		{GRAPH, "", "description", "Of the page"},
		{GRAPH, "", "site", "The Daily"},
		{GRAPH, "", "image", "https://www.daily.example/l.jpg"},
		/* of several articles, the page's */
		{LD("[{\"@type\":\"NewsArticle\",\"headline\":\"Snow\",\"author\":\"Bob "
		    "Gray\"},"
		    "{\"@type\":\"NewsArticle\",\"headline\":\"Rain\",\"author\":\"Ann "
		    "Brown\"}]") "<title>Rain - The Daily</title>",
		 "", "authors", "Ann Brown"},
	};
	CHECK_PAGES(cases);
	struct page *page = read_page(
		LD("{\"@type\":\"ImageObject\",\"url\":\"/l.jpg\",\"caption\":\"The lake\","
		   "\"creditText\":\"Bob Gray\"}"),
		"");
	assert_int_equal(page->image_facts.count, 1);
	assert_string_equal(page->image_facts.items[0].caption, "The lake");
	assert_string_equal(page->image_facts.items[0].credit, "Bob Gray");
	drop_page(page);
}

static void test_json_mended(void **state)
{
	(void)state;
	static const struct {
		const char *text, *json;
	} cases[] = {
		{"{\"a\":1} {\"b\":2};", "[{\"a\":1},{\"b\":2}]"},
		{"{\"a\":\"x\ny\tz\"}", "[{\"a\":\"x\\ny\\tz\"}]"},
		{"{\"a\":1,,\"b\":[1,2,],}", "[{\"a\":1,\"b\":[1,2]}]"},
		{"{\"a\":1 \"b\":2}", NULL},
		{"{\"a\":[1] \"b\":2}", "[{\"a\":[1],\"b\":2}]"},
		{"<!-- //<![CDATA[\n{\"a\":1}\n//]]> -->", "[{\"a\":1}]"},
		{"/* one */ {\"a\":1 /* two */}", "[{\"a\":1}]"},
		{"{&quot;a&quot;:&quot;x&quot;}", "[{\"a\":\"x\"}]"},
		{"{\"a\":\"he said \"no\" to it\",\"b\":1}",
		 "[{\"a\":\"he said \\\"no\\\" to it\",\"b\":1}]"},
		{"{\"a\":\"it\\'s \\x \\ud83d \\u0000 \\u00e9\"}", "[{\"a\":\"it's x   é\"}]"},
		{"{\"a\":\"\\ud83d\\ude00\",}", "[{\"a\":\"😀\"}]"},
		{"{\"a\":1} {\"b\":", "[{\"a\":1}]"},
		{"", NULL},
		{"nonsense", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool failed = false;
		json_t *list = jsonld_parse(cases[i].text, strlen(cases[i].text), &failed);
		char *json = list ? json_dumps(list, JSON_COMPACT) : NULL;
		assert_false(failed);
		if (cases[i].json) {
			if (!json || strcmp(json, cases[i].json) != 0)
				fail_msg("case %zu: %s", i, json ? json : "(none)");
		} else {
			assert_null(json);
		}
		free(json);
		json_decref(list);
	}
}

static void test_dates(void **state)
{
	(void)state;
#define H1 "<h1>Rain over the lake</h1>"
	static const struct page_case cases[] = {
		{"><head><meta property=article:published_time content='2021-05-02T10:00:00Z'>", "",
		 "published", "2021-05-02T10:00:00Z"},
		{"><head><meta name=date content=1619950000>", "", "published",
		 "2021-05-02T10:06:40Z"},
		{">", H1 "<time datetime='2021-05-02' pubdate>yesterday</time>", "published",
		 "2021-05-02"},
		{"><head><meta name=date content=2021-05-04>", H1 "<p>May 2, 2021</p>", "published",
		 "2021-05-02"},
		{LD("{\"@type\":\"Article\",\"datePublished\":\"2015-01-01\"}"),
		 H1 "<p>Updated May 2, 2021</p>", "published", "2021-05-02"},
		{">", H1 "<footer>This page was last modified on <time>May 2, 2021</time></footer>",
		 "published", NULL},
		{">", H1 "<footer>This page was last modified on <time>May 2, 2021</time></footer>",
		 "modified", "2021-05-02"},
		{">", H1 "<p>May 2, 2021</p><p>It rained on 3 March 2020.</p>", "published",
		 "2021-05-02"},
		{">", H1 "<span>Updated:</span> <span>3 May 2021</span> <p>2 May 2021</p>",
		 "published", "2021-05-02"},
		{">", H1 "<span>Updated:</span> <span>3 May 2021</span> <p>2 May 2021</p>",
		 "modified", "2021-05-03"},
		/* by the language, 3/5 is one day or the other */
		{" lang=en-US><head>", H1 "<p>3/5/2021</p>", "published", "2021-03-05"},
		{" lang=en-GB><head>", H1 "<p>3/5/2021</p>", "published", "2021-05-03"},
		{" lang=de><head>", H1 "<p>3.5.21 - 12:00 Uhr</p>", "published", "2021-05-03"},
		/* what the page shows by the headline, before JSON-LD; that before the footer */
		{LD("{\"@type\":\"Article\",\"headline\":\"R\",\"datePublished\":\"2020-01-01\"}"),
		 H1 "<p>2 May 2021</p>", "published", "2021-05-02"},
		{LD("{\"@type\":\"Article\",\"headline\":\"R\",\"datePublished\":\"2020-01-01\"}"),
		 H1 "<footer>2 May 2021</footer>", "published", "2020-01-01"},
		{">", H1 "<p>Text.</p><footer>© 2021 The Daily</footer>", "published", NULL},
		{"><head><meta name=date content='1970-01-01'>", "", "published", NULL},
	};
	CHECK_PAGES(cases);
}

static void test_other_fields(void **state)
{
	(void)state;
	static const struct page_case cases[] = {
		{" lang=en_US><head>", "", "language", "en-US"},
		{" lang=english-language-page><head><meta property=og:locale content=fr_FR>", "",
		 "language", "fr-FR"},
		{" dir=RTL><head>", "", "direction", "rtl"},
		{" lang=ar><head>", "", "direction", "rtl"},
		{" lang=en><head>", "", "direction", NULL},
		{"><head><meta name=description content='  Of  rain. '>", "", "description",
		 "Of rain."},
		/* a summary that repeats the title says nothing */
		{"><head><title>Of rain</title><meta name=description content='Of rain!'>"
		 "<meta name=dc.description content='It fell.'>",
		 "", "description", "It fell."},
		{"><head><meta property=og:image content='/logo.png'>"
		 "<meta name=twitter:image content='../a.jpg'>",
		 "", "image", "https://www.daily.example/a.jpg"},
		{"><head><link rel=canonical href='/rain'>", "", "canonical",
		 "https://www.daily.example/rain"},
		{"><head><meta property='og:site_name' content='The Daily'>"
		 "<meta name=application-name content=App>",
		 "", "site", "The Daily"},
		{">", "<a rel=license href='https://l.example/by'>BY</a>", "licence",
		 "https://l.example/by"},
		{"><head><meta property=article:tag content=Rain><meta property=article:tag "
		 "content=Lake><meta property=article:tag content=rain>",
		 "", "subjects", "Rain; Lake"},
	};
	CHECK_PAGES(cases);
}

/* What is known before stays. */
static void test_known_first(void **state)
{
	(void)state;
	struct page *page = read_page("><head><title>Rain</title>", "<p>By Ann Brown</p>");
	struct string_list names = {0};
	assert_string_equal(page->a->title, "Rain");
	author_line_read(page, "Text: Ann Brown / Fotos: Bob Gray", false, &names);
	assert_int_equal(names.count, 1);
	assert_string_equal(names.items[0], "Ann Brown");
	drop_page(page);
}

static void test_names_in_lines(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		bool sure;
		const char *names;
	} cases[] = {
		{"By Ann Brown and Bob Gray, Staff Writers", false, "Ann Brown|Bob Gray"},
		{"By: Ann Brown | 3 May 2021", false, "Ann Brown"},
		{"by Ann Brown, PhD, and Bob Gray", false, "Ann Brown, PhD|Bob Gray"},
		{"Ann Brown for The Daily", false, "Ann Brown"},
		{"Par Anne Brun et Jean Gris", false, "Anne Brun|Jean Gris"},
		{"newsdesk", true, "newsdesk"},
		{"newsdesk", false, ""},
		{"Linny and Peter", true, "Linny and Peter"},
		{"Centre for Lakes and Rain", true, "Centre for Lakes and Rain"},
		{"https://example.org/ann", true, ""},
		{"Read more", true, ""},
		{"View all posts by Ann Brown", true, "Ann Brown"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct page *page = read_page(">", "");
		struct string_list names = {0};
		struct buf all = BUF_INIT;
		author_line_read(page, cases[i].line, cases[i].sure, &names);
		for (size_t k = 0; k < names.count; k++)
			buf_printf(&all, "%s%s", k ? "|" : "", names.items[k]);
		if (strcmp(all.data, cases[i].names) != 0)
			fail_msg("\"%s\": %s", cases[i].line, all.data);
		buf_release(&all);
		drop_page(page);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_title),       cmocka_unit_test(test_authors),
		cmocka_unit_test(test_json_ld),     cmocka_unit_test(test_json_mended),
		cmocka_unit_test(test_dates),       cmocka_unit_test(test_other_fields),
		cmocka_unit_test(test_known_first), cmocka_unit_test(test_names_in_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
