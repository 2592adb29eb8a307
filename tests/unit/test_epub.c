/* From a book to a package: every fact is where DESIGN's tables say that readers look for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "article/tree.h"
#include "base/embedded.h"
#include "epub/epub.h"

/* A picture of one pixel. */
static const unsigned char pixel[] = {
	0x89, 'P',  'N',  'G',  '\r', '\n', 0x1A, '\n', 0,    0,    0,    13,   'I',  'H',
	'D',  'R',  0,    0,    0,    1,    0,    0,    0,    1,    8,    4,    0,    0,
	0,    0xB5, 0x1C, 0x0C, 0x02, 0,    0,    0,    0x0B, 'I',  'D',  'A',  'T',  0x78,
	0xDA, 0x63, 0x64, 0xF8, 0x0F, 0x00, 0x01, 0x05, 0x01, 0x01, 0x27, 0x18, 0xE3, 0x66,
	0,    0,    0,    0,    'I',  'E',  'N',  'D',  0xAE, 0x42, 0x60, 0x82};

static void set(struct article *a, char **field, const char *value)
{
	article_fill(a, field, value, SIZE_MAX);
}

static void add_figure(struct article *a, const char *src, const char *alt, const char *caption,
		       const char *credit)
{
	xmlNode *figure = tree_element(a->body, "figure");
	if (src) {
		xmlNode *img = tree_element(figure, "img");
		tree_set(img, "src", src);
		tree_set(img, "alt", alt);
	}
	xmlNode *text = tree_leaf(figure, "figcaption", caption);
	tree_set(tree_leaf(text, "span", credit), "class", "credit");
}

static void add_image(struct article *a, const char *name)
{
	struct image *image = ARENA_PUSH(&a->arena, a->images);
	struct image_ref *ref = ARENA_PUSH(&a->arena, a->image_refs);
	image->ref = ref->ref = arena_dup(&a->arena, name);
	image->media_type = "image/png";
	image->bytes = pixel;
	image->size = sizeof pixel;
	image->width = image->height = 1;
}

static struct article *make_article(const char *title)
{
	struct article *a = article_new();
	assert_non_null(a);
	set(a, &a->title, title);
	set(a, &a->subtitle, "A <short> piece");
	set(a, &a->standfirst, "What it is about.");
	struct author *author = article_author(a, "Ann Brown");
	set(a, &author->bio, "Ann Brown writes.\n\nShe & her dog walk.");
	set(a, &author->url, "https://example.org/ann?a=1&b=2");
	set(a, &a->publisher, "The Paper");
	set(a, &a->section, "Weather");
	set(a, &a->published, "2021-07-02");
	set(a, &a->modified, "2021-08-01T10:00:00Z");
	set(a, &a->retrieved, "2024-01-15");
	set(a, &a->language, "en");
	set(a, &a->canonical_url, "https://example.org/ice");
	set(a, &a->rights, "© 2021 Ann Brown");
	set(a, &a->series.name, "Waters");
	set(a, &a->series.type, "series");
	set(a, &a->series.position, "2");
	set(a, &a->cover_ref, "lake.png");
	memset(a->digest, 'd', 64);
	char **subject = ARENA_PUSH(&a->arena, a->subjects);
	*subject = arena_dup(&a->arena, "lakes");
	add_image(a, "lake.png");
	tree_leaf(a->body, "p", "First & foremost.");
	add_figure(a, "lake.png", "A grey lake", "The lake ", "(Photo/Ann Brown)");
	tree_leaf(a->body, "h2", "A bet");
	tree_leaf(a->body, "p", "It began.");
	tree_leaf(a->body, "h3", "A bell");
	add_figure(a, NULL, NULL, "The bell ", "(Photo/Otto Reed)");
	article_collect_figures(a);
	return a;
}

struct fixture {
	struct book *book;
	struct template_set *templates;
	struct package package;
};

static void make(struct fixture *f, struct article **articles, size_t count,
		 const struct book_options *options)
{
	static struct template_dirs dirs;
	struct chapbook_error err = {0};
	*f = (struct fixture){0};
	f->book = book_new(articles, count, options, &err);
	if (!f->book || book_finish(f->book, options, NULL, &err) != 0)
		fail_msg("%s", err.message);
	f->templates = template_set_new(template_load, &dirs, true);
	if (epub_write(f->book, f->templates, 2, &f->package, &err))
		fail_msg("%s", err.message);
}

static void drop(struct fixture *f)
{
	package_release(&f->package);
	template_set_free(f->templates);
	book_free(f->book);
}

static xmlDoc *parse(const struct fixture *f, const char *name)
{
	const struct entry *entry = package_find(&f->package, name);
	if (!entry)
		fail_msg("%s is not in the package", name);
	xmlDoc *doc = xmlReadMemory(entry->bytes, (int)entry->size, name, NULL, XML_PARSE_NONET);
	if (!doc)
		fail_msg("%s is not well-formed", name);
	return doc;
}

/* The string value of an XPath expression; the caller xmlFree()s it. */
static char *evaluate(const struct fixture *f, const char *name, const char *expression)
{
	static const char *const spaces[][2] = {
		{"o", "http://www.idpf.org/2007/opf"},
		{"dc", "http://purl.org/dc/elements/1.1/"},
		{"n", "http://www.daisy.org/z3986/2005/ncx/"},
		{"h", "http://www.w3.org/1999/xhtml"},
		{"epub", "http://www.idpf.org/2007/ops"},
	};
	xmlDoc *doc = parse(f, name);
	xmlXPathContext *ctx = xmlXPathNewContext(doc);
	for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
		xmlXPathRegisterNs(ctx, (const xmlChar *)spaces[i][0],
				   (const xmlChar *)spaces[i][1]);
	xmlXPathObject *result = xmlXPathEvalExpression((const xmlChar *)expression, ctx);
	if (!result)
		fail_msg("bad expression: %s", expression);
	char *text = (char *)xmlXPathCastToString(result);
	xmlXPathFreeObject(result);
	xmlXPathFreeContext(ctx);
	xmlFreeDoc(doc);
	return text;
}

struct expectation {
	const char *file, *expression, *expected;
};

static void check(const struct fixture *f, const struct expectation *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char path[100];
		snprintf(path, sizeof path, "EPUB/%s", rows[i].file);
		char *text = evaluate(f, path, rows[i].expression);
		if (strcmp(text, rows[i].expected) != 0)
			fail_msg("%s: %s\nis       %s\nnot      %s", path, rows[i].expression, text,
				 rows[i].expected);
		xmlFree(text);
	}
}

#define META(id, property) "string(//o:meta[@refines='" id "'][@property='" property "'])"

static void test_package_document(void **state)
{
	(void)state;
	static const struct expectation rows[] = {
		{"package.opf", "//o:package/@version", "3.0"},
		{"package.opf", "//dc:identifier[@id=//o:package/@unique-identifier]",
		 "urn:uuid:e3b6d2a8-0000"},
		{"package.opf", "//dc:title[1]", "Ice & Water"},
		{"package.opf", "//o:meta[@refines=concat('#',//dc:title[1]/@id)]", "main"},
		{"package.opf", "//dc:title[2]", "A <short> piece"},
		{"package.opf", "//o:meta[@refines=concat('#',//dc:title[2]/@id)]", "subtitle"},
		{"package.opf", "//dc:creator[@id='creator-1']", "Ann Brown"},
		{"package.opf", META("#creator-1", "role"), "aut"},
		{"package.opf", "string(//o:meta[@property='role']/@scheme)", "marc:relators"},
		{"package.opf", META("#creator-1", "file-as"), "Brown, Ann"},
		{"package.opf", META("#creator-1", "schema:description"),
		 "Ann Brown writes.\n\nShe & her dog walk."},
		{"package.opf", "//o:link[@refines='#creator-1'][@rel='schema:url']/@href",
		 "https://example.org/ann?a=1&b=2"},
		{"package.opf", META("#image-1", "schema:caption"), "The lake"},
		{"package.opf", META("#image-1", "schema:creditText"), "Ann Brown"},
		{"package.opf", META("#image-1", "schema:description"), "A grey lake"},
		{"package.opf", META("chapter-1.xhtml#photo-2", "schema:caption"), "The bell"},
		{"package.opf", META("chapter-1.xhtml#photo-2", "schema:creditText"), "Otto Reed"},
		{"package.opf", "//dc:source", "https://example.org/ice"},
		{"package.opf", META("#source-1", "dcterms:date"), "2024-01-15"},
		{"package.opf", "string-length(//o:meta[@property='schema:sha256'])", "64"},
		{"package.opf", "//dc:date", "2021-07-02"},
		{"package.opf", "//o:meta[@property='dcterms:created']", "2021-07-02"},
		{"package.opf", "//o:meta[@property='dcterms:modified']", "2021-08-01T10:00:00Z"},
		{"package.opf", "//dc:publisher", "The Paper"},
		{"package.opf", "//dc:rights", "© 2021 Ann Brown"},
		{"package.opf", "//dc:subject", "lakes"},
		{"package.opf", "//dc:language", "en"},
		{"package.opf", "//o:link[@rel='record']/@href", "record.jsonld"},
		{"package.opf", "//o:meta[@property='belongs-to-collection']", "Waters"},
		{"package.opf", "//o:meta[@property='collection-type']", "series"},
		{"package.opf", "//o:meta[@property='group-position']", "2"},
		{"package.opf", "//o:meta[@name='calibre:series']/@content", "Waters"},
		{"package.opf", "//o:meta[@name='calibre:series_index']/@content", "2"},
		{"package.opf", "//o:meta[@property='schema:accessMode'][1]", "textual"},
		{"package.opf", "count(//o:meta[@property='schema:accessibilitySummary'])", "1"},
		/* Nobody evaluated it. */
		{"package.opf", "count(//o:meta[@property='dcterms:conformsTo'])", "0"},
		/* The cover, for readers old and new. */
		{"package.opf", "//o:item[@properties='cover-image']/@href", "image-1.png"},
		{"package.opf", "//o:item[@id=//o:meta[@name='cover']/@content]/@href",
		 "image-1.png"},
		{"package.opf", "//o:reference[@type='cover']/@href", "cover.xhtml"},
		{"package.opf", "//o:item[@id=//o:spine/@toc]/@href", "toc.ncx"},
		{"package.opf", "//o:item[@properties='nav']/@href", "nav.xhtml"},
		{"package.opf", "count(//o:itemref)", "2"},
		{"package.opf", "count(//o:itemref[not(@idref=//o:item/@id)])", "0"},
		{"package.opf", "string(//o:spine/@page-progression-direction)", ""},
	};
	struct article *article = make_article("Ice & Water");
	struct identifier *identifier = ARENA_PUSH(&article->arena, article->identifiers);
	identifier->value = arena_dup(&article->arena, "urn:uuid:e3b6d2a8-0000");
	struct fixture f;
	make(&f, &article, 1, &(struct book_options){.epoch = -1, .split_level = -1});
	check(&f, rows, sizeof rows / sizeof *rows);
	drop(&f);
}

static void test_pages(void **state)
{
	(void)state;
	static const struct expectation rows[] = {
		{"chapter-1.xhtml", "//h:header/h:h1", "Ice & Water"},
		{"chapter-1.xhtml", "//h:header/h:p[@class='kicker']", "Weather"},
		{"chapter-1.xhtml", "//h:header/h:p[@class='subtitle']", "A <short> piece"},
		{"chapter-1.xhtml", "//h:header/h:p[@class='standfirst']", "What it is about."},
		{"chapter-1.xhtml", "//h:header/h:p[@class='byline']", "By Ann Brown"},
		{"chapter-1.xhtml", "//h:header/h:p[@class='byline']//h:a/@href",
		 "https://example.org/ann?a=1&b=2"},
		{"chapter-1.xhtml", "//h:header//h:time", "2 July 2021"},
		{"chapter-1.xhtml", "//h:header//h:time/@datetime", "2021-07-02"},
		{"chapter-1.xhtml", "//h:header//h:a[@class='publisher']", "The Paper"},
		{"cover.xhtml", "//h:img/@src", "image-1.png"},
		{"cover.xhtml", "//h:img/@role", "doc-cover"},
		{"chapter-1.xhtml", "//h:section/@role", "doc-chapter"},
		{"chapter-1.xhtml", "count(//h:h1)", "1"},
		{"chapter-1.xhtml", "//h:header/following-sibling::*[1]", "First & foremost."},
		{"chapter-1.xhtml", "//h:figure[@id='photo-1']/h:img/@src", "image-1.png"},
		{"chapter-1.xhtml", "//h:figure[@id='photo-1']//h:span[@class='credit']",
		 "(Photo/Ann Brown)"},
		{"chapter-1.xhtml", "//h:html/@lang", "en"},
		{"chapter-1.xhtml", "//h:html/@xml:lang", "en"},
		{"chapter-1.xhtml", "//h:html/@dir", "ltr"},
		/* The photo that is lost says so; the other does not. */
		{"chapter-1.xhtml", "//h:figure[@id='photo-2']//h:figcaption",
		 "Photo not included: The bell (Photo/Otto Reed)"},
		{"chapter-1.xhtml", "count(//h:span[@class='missing-note'])", "1"},
		/* At the end of the text: the bio, which says the name itself, and where the
		 * article comes from. */
		{"chapter-1.xhtml", "local-name(//h:section/*[last()])", "footer"},
		{"chapter-1.xhtml", "count(//h:footer//h:p[@class='author-line'])", "0"},
		{"chapter-1.xhtml", "//h:footer/h:div/h:p[1]", "Ann Brown writes."},
		{"chapter-1.xhtml", "//h:footer/h:div/h:p[1]//h:a/@href",
		 "https://example.org/ann?a=1&b=2"},
		{"chapter-1.xhtml", "//h:footer/h:div/h:p[2]", "She & her dog walk."},
		{"chapter-1.xhtml", "//h:footer/h:p[@class='origin']",
		 "First published in The Paper on 2 July 2021. © 2021 Ann Brown. Read it at "
		 "example.org/ice."},
		{"chapter-1.xhtml", "count(//h:script)", "0"},
		{"nav.xhtml", "//h:nav[@epub:type='toc']/@role", "doc-toc"},
		{"nav.xhtml", "//h:nav[@epub:type='toc']/h:ol/h:li[1]/h:a", "Ice & Water"},
		{"nav.xhtml", "//h:nav[@epub:type='toc']/h:ol/h:li[1]/h:ol/h:li/h:a", "A bet"},
		{"nav.xhtml", "//h:nav[@epub:type='toc']//h:ol/h:li/h:ol/h:li/h:ol/h:li/h:a",
		 "A bell"},
		/* Two photos, one of them lost, are no list. */
		{"nav.xhtml", "count(//h:nav[@epub:type='loi'])", "0"},
		{"nav.xhtml", "//h:nav[@epub:type='landmarks']/@hidden", "hidden"},
		{"nav.xhtml", "count(//h:nav[@epub:type='landmarks']//h:a)", "2"},
		{"nav.xhtml", "//h:a[@epub:type='bodymatter']/@href", "chapter-1.xhtml"},
		{"toc.ncx", "//n:meta[@name='dtb:depth']/@content", "3"},
		{"toc.ncx", "//n:docAuthor/n:text", "Ann Brown"},
		{"toc.ncx", "//n:navPoint/n:navPoint/n:navPoint/n:navLabel/n:text", "A bell"},
		{"toc.ncx", "count(//n:navTarget)", "0"},
		/* Gapless: as many different numbers as there are, the last the highest. */
		{"toc.ncx", "count(//*[@playOrder])", "3"},
		{"toc.ncx", "//n:navPoint[1]/@playOrder", "1"},
		{"toc.ncx", "count(//*[@playOrder][@playOrder=preceding::*/@playOrder])", "0"},
	};
	struct article *article = make_article("Ice & Water");
	struct fixture f;
	make(&f, &article, 1, &(struct book_options){.epoch = -1, .split_level = -1});
	check(&f, rows, sizeof rows / sizeof *rows);

	char *uid = evaluate(&f, "EPUB/toc.ncx", "//n:meta[@name='dtb:uid']/@content");
	char *identifier = evaluate(&f, "EPUB/package.opf", "//dc:identifier[1]");
	assert_string_equal(uid, identifier);
	xmlFree(uid);
	xmlFree(identifier);
	const struct entry *record = package_find(&f.package, "EPUB/record.jsonld");
	assert_non_null(record);
	json_t *json = json_loadb(record->bytes, record->size, 0, NULL);
	assert_non_null(json);
	assert_string_equal(json_string_value(json_object_get(json, "@type")), "NewsArticle");
	assert_string_equal(json_string_value(json_object_get(json, "headline")), "Ice & Water");
	const json_t *image = json_array_get(json_object_get(json, "image"), 1);
	assert_string_equal(json_string_value(json_object_get(image, "creditText")), "Otto Reed");
	json_decref(json);
	drop(&f);
}

/* Title page and contents page, when they are asked for. */
static void test_front_pages(void **state)
{
	(void)state;
	static const struct expectation rows[] = {
		{"title.xhtml", "//h:section/@epub:type", "titlepage"},
		{"title.xhtml", "//h:h1", "Ice"},
		{"title.xhtml", "//h:p[@class='byline']", "By Ann Brown"},
		{"title.xhtml", "//h:time", "2 July 2021"},
		{"chapter-1.xhtml", "count(//h:header)", "0"},
		{"chapter-1.xhtml", "//h:h1", "Ice"},
		{"package.opf", "count(//o:itemref)", "4"},
		{"package.opf", "count(//o:itemref[@linear])", "0"},
		{"package.opf", "//o:reference[@type='toc']/@href", "nav.xhtml"},
		{"nav.xhtml", "//h:a[@epub:type='toc']/@href", "nav.xhtml#toc"},
		{"nav.xhtml", "//h:a[@epub:type='titlepage']/@href", "title.xhtml"},
	};
	struct article *article = make_article("Ice");
	struct fixture f;
	make(&f, &article, 1,
	     &(struct book_options){.epoch = -1,
				    .split_level = -1,
				    .title_page = CHOICE_YES,
				    .contents_page = CHOICE_YES});
	check(&f, rows, sizeof rows / sizeof *rows);
	drop(&f);
}

/* From three photos on there is a list of them, at the end; those that are lost are not in it. */
static void test_photo_list(void **state)
{
	(void)state;
	static const struct expectation rows[] = {
		{"chapter-1.xhtml", "//h:section/*[last()]/@id", "photos-2"},
		{"chapter-1.xhtml", "count(//h:section[@epub:type='loi']//h:li)", "4"},
		{"chapter-1.xhtml", "//h:section[@epub:type='loi']//h:li[1]/h:a/@href",
		 "chapter-1.xhtml#photo-1"},
		{"chapter-1.xhtml", "//h:section[@epub:type='loi']//h:li[1]", "The lake"},
		/* Neither a file's name nor a number: the credit, the heading above. */
		{"chapter-1.xhtml", "//h:section[@epub:type='loi']//h:li[2]", "Photo: Bo Li"},
		{"chapter-1.xhtml", "//h:section[@epub:type='loi']//h:li[3]", "A bell"},
		{"chapter-1.xhtml", "//h:section[@epub:type='loi']//h:li[4]",
		 "A word and a word and a word and a word and a word and a word and a word and a "
		 "word and a…"},
		{"nav.xhtml", "count(//h:nav[@epub:type='loi']//h:li)", "4"},
		{"nav.xhtml", "//h:nav[@epub:type='loi']/@hidden", "hidden"},
		{"nav.xhtml", "//h:a[@epub:type='loi']/@href", "chapter-1.xhtml#photos-2"},
		{"toc.ncx", "count(//n:navTarget)", "4"},
	};
	struct article *article = make_article("Ice");
	add_figure(article, "lake.png", NULL, "IMG_2041.JPG", "(Photo/Bo Li)");
	add_figure(article, "lake.png", "photo.jpg", "", "");
	add_figure(article, "lake.png", NULL,
		   "A word and a word and a word and a word and a word and a word and a word and "
		   "a word and a word",
		   "");
	tree_set(tree_leaf(article->body, "p", "An id that is taken."), "id", "photos");
	article->figures.count = 0;
	article_collect_figures(article);
	struct fixture f;
	make(&f, &article, 1, &(struct book_options){.epoch = -1, .split_level = -1});
	check(&f, rows, sizeof rows / sizeof *rows);
	drop(&f);
}

/* The container's order, and every file as readers old and new want it. */
static void test_entries(void **state)
{
	(void)state;
	static const char *const names[] = {"mimetype",
					    "META-INF/container.xml",
					    "EPUB/package.opf",
					    "EPUB/toc.ncx",
					    "EPUB/cover.xhtml",
					    "EPUB/nav.xhtml",
					    "EPUB/chapter-1.xhtml",
					    "EPUB/style.css",
					    "EPUB/record.jsonld",
					    "EPUB/image-1.png"};
	static const char declaration[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
	struct article *article = make_article("Ice");
	struct fixture f;
	make(&f, &article, 1, &(struct book_options){.epoch = -1, .split_level = -1});
	assert_int_equal(f.package.count, sizeof names / sizeof *names);
	for (size_t i = 0; i < f.package.count; i++) {
		const struct entry *entry = &f.package.entries[i];
		assert_string_equal(entry->name, names[i]);
		assert_int_equal(entry->stored, i == 0 || i == f.package.count - 1);
		if (i >= 1 && i < 7)
			assert_memory_equal(entry->bytes, declaration, strlen(declaration));
		if (i >= 4 && i < 7)
			assert_memory_equal(entry->bytes + strlen(declaration), "<!DOCTYPE html>",
					    15);
	}
	assert_string_equal(f.package.entries[0].bytes, "application/epub+zip");
	drop(&f);
}

static void test_several(void **state)
{
	(void)state;
	static const struct expectation rows[] = {
		{"chapter-1.xhtml", "//h:header//h:p[@class='byline']", "By Ann Brown"},
		{"chapter-2.xhtml", "//h:header/h:h1", "Second"},
		{"chapter-2.xhtml", "//h:header//h:time", "2 July 2021"},
		/* Each has its own authors and origin at its end. */
		{"chapter-1.xhtml", "//h:footer/h:div/h:p[1]", "Ann Brown writes."},
		{"chapter-2.xhtml", "count(//h:footer/h:p[@class='origin'])", "1"},
		{"package.opf", "count(//o:itemref)", "5"},
		{"title.xhtml", "//h:h1", "First · Second"},
		{"package.opf", "count(//dc:source)", "2"},
		/* One picture, shown twice: each caption finds its own. */
		{"package.opf", META("#image-1", "schema:caption"), "The lake"},
		{"package.opf", META("chapter-2.xhtml#photo-1", "schema:caption"), "The lake"},
		{"package.opf", "//o:meta[@property='dcterms:conformsTo']", "WCAG"},
		{"package.opf", "//o:meta[@property='a11y:certifiedBy']/@refines", "#conformance"},
	};
	struct article *articles[] = {make_article("First"), make_article("Second")};
	struct fixture f;
	make(&f, articles, 2,
	     &(struct book_options){.epoch = 0,
				    .split_level = -1,
				    .conforms_to = "WCAG",
				    .certified_by = "Somebody"});
	check(&f, rows, sizeof rows / sizeof *rows);
	drop(&f);
}

static void test_directions(void **state)
{
	(void)state;
	struct article *article = article_new();
	set(article, &article->title, "暦");
	set(article, &article->language, "ja");
	article->vertical = true;
	tree_leaf(article->body, "p", "湖");
	struct fixture f;
	make(&f, &article, 1, &(struct book_options){.epoch = 0});
	char *progression =
		evaluate(&f, "EPUB/package.opf", "//o:spine/@page-progression-direction");
	assert_string_equal(progression, "rtl");
	xmlFree(progression);
	assert_non_null(strstr(package_find(&f.package, "EPUB/style.css")->bytes, "vertical-rl"));
	drop(&f);

	article = article_new();
	set(article, &article->title, "بحيرة");
	set(article, &article->language, "ar");
	tree_leaf(article->body, "p", "ماء");
	make(&f, &article, 1, &(struct book_options){.epoch = 0, .theme = "modern"});
	static const struct expectation rows[] = {
		{"package.opf", "//o:spine/@page-progression-direction", "rtl"},
		{"chapter-1.xhtml", "//h:html/@dir", "rtl"},
		{"nav.xhtml", "//h:h1", "المحتويات"},
	};
	check(&f, rows, sizeof rows / sizeof *rows);
	assert_null(strstr(package_find(&f.package, "EPUB/style.css")->bytes, "vertical-rl"));
	drop(&f);
}

/* The list of themes that help and messages print is the list of those that there are. */
static void test_themes(void **state)
{
	(void)state;
	static const char prefix[] = "assets/theme-", suffix[] = ".css";
	char found[200] = "";
	for (size_t i = 0; i < embedded_count; i++) {
		const char *name = embedded_files[i].name;
		if (strncmp(name, prefix, strlen(prefix)) != 0)
			continue;
		size_t len = strlen(name) - strlen(prefix) - strlen(suffix);
		snprintf(found + strlen(found), sizeof found - strlen(found), "%s%.*s",
			 *found ? ", " : "", (int)len, name + strlen(prefix));
	}
	assert_string_equal(found, EPUB_THEMES);
	assert_true(epub_has_theme("default"));
	assert_false(epub_has_theme("no-such-theme"));
	assert_false(epub_has_theme("../base"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_package_document), cmocka_unit_test(test_pages),
		cmocka_unit_test(test_front_pages),      cmocka_unit_test(test_photo_list),
		cmocka_unit_test(test_entries),          cmocka_unit_test(test_several),
		cmocka_unit_test(test_directions),       cmocka_unit_test(test_themes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
