/* What becomes of a book in which the preflight finds something: the last resort. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "article/tree.h"
#include "epub/epub.h"
#include "job/job.h"
#include "package/package.h"

static const char svg_good[] =
	"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
static const char svg_bad[] = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">"
			      "<use href=\"#none\"/></svg>";

static void add_picture(struct article *a, const char *name, const char *bytes, const char *alt)
{
	struct image *image = ARENA_PUSH(&a->arena, a->images);
	struct image_ref *ref = ARENA_PUSH(&a->arena, a->image_refs);
	image->ref = ref->ref = arena_dup(&a->arena, name);
	ref->image = a->images.count - 1;
	image->media_type = "image/svg+xml";
	image->bytes = bytes;
	image->size = strlen(bytes);
	image->width = image->height = 9;
	xmlNode *figure = tree_element(a->body, "figure"), *img = tree_element(figure, "img");
	tree_set(img, "src", name);
	tree_set(img, "alt", alt);
	tree_leaf(figure, "figcaption", "A caption.");
}

struct run {
	struct chapbook_job *job;
	struct book *book;
	struct package package;
	struct diag diag;
	struct chapbook_error err;
	unsigned told;
	char text[400];
};

static void on_message(void *ctx, const struct chapbook_message *m)
{
	struct run *run = ctx;
	run->told++;
	snprintf(run->text, sizeof run->text, "%s", m->text);
	assert_string_equal(m->id, "repaired");
}

static xmlNode *body(struct run *run)
{
	for (size_t i = 0; i < run->book->pages.count; i++)
		if (run->book->pages.items[i].body)
			return run->book->pages.items[i].body;
	fail_msg("no chapter");
	return NULL;
}

/* `cover`: the picture that the article has as its cover, or NULL. */
static void start_with(struct run *run, const char *cover)
{
	struct article *a = article_new();
	struct book_options options = {.epoch = 0};
	*run = (struct run){.job = chapbook_job_new()};
	run->diag = (struct diag){.fn = on_message, .ctx = run};
	run->job->templates = template_set_new(template_load, &run->job->dirs, true);
	article_fill(a, &a->title, "A Title", SIZE_MAX);
	article_fill(a, &a->language, "en", SIZE_MAX);
	memset(a->digest, 'd', 64);
	tree_leaf(a->body, "p", "One.");
	xmlNode *list = tree_element(a->body, "ul");
	tree_leaf(list, "li", "two");
	tree_leaf(tree_leaf(list, "li", "three "), "a", "place");
	tree_set(tree_find(list, NULL, "a"), "id", "here");
	tree_set(tree_leaf(tree_leaf(a->body, "p", "Four "), "a", "link"), "href", "#here");
	add_picture(a, "good.svg", svg_good, "Good");
	add_picture(a, "bad.svg", svg_bad, "Bad");
	article_collect_figures(a);
	article_fill(a, &a->cover_ref, cover, SIZE_MAX);
	run->book = book_new(&a, 1, &options, &run->err);
	assert_non_null(run->book);
	assert_int_equal(book_finish(run->book, &options, NULL, &run->err), 0);
	assert_int_equal(book_drop_picture(run->book, &run->book->resources.items[1]), true);
}

static void start(struct run *run)
{
	start_with(run, NULL);
}

/* Write and check the book; what the chapter is then. */
static const char *finish(struct run *run)
{
	assert_int_equal(epub_write(run->book, run->job->templates, 1, &run->package, &run->err),
			 0);
	if (preflight(run->job, run->book, &run->package, &run->diag, &run->err) != 0)
		return NULL;
	const struct entry *page = package_find(&run->package, "EPUB/chapter-1.xhtml");
	assert_non_null(page);
	static char text[8192];
	snprintf(text, sizeof text, "%.*s", (int)page->size, page->bytes);
	return text;
}

static void stop(struct run *run)
{
	package_release(&run->package);
	book_free(run->book);
	chapbook_job_free(run->job);
}

static void test_nothing(void **state)
{
	struct run run;
	(void)state;
	start(&run);
	const char *page = finish(&run);
	assert_non_null(strstr(page, "<p>One.</p>"));
	assert_int_equal(run.told, 0);
	stop(&run);
}

/* One block is replaced by its text, with the places in it; others are not touched. */
static void test_block(void **state)
{
	struct run run;
	(void)state;
	start(&run);
	xmlNode *item = tree_parent(tree_find(body(&run), NULL, "a"));
	tree_set(item, "foo:bar", "not well-formed");
	tree_set(item, "class", "gone");
	const char *page = finish(&run);
	assert_non_null(strstr(page, "<li>three <span id=\"here\"></span>place</li>"));
	assert_non_null(strstr(page, "<li>two</li>"));
	assert_non_null(strstr(page, "href=\"#here\""));
	assert_int_equal(run.told, 1);
	assert_non_null(strstr(run.text, "EPUB/chapter-1.xhtml:"));
	assert_non_null(strstr(run.text, "please report it"));
	stop(&run);
}

/* What is wrong in more places than one, and what no line is known of. */
static void test_page(void **state)
{
	struct run run;
	(void)state;
	start(&run);
	tree_set(tree_find(body(&run), NULL, "p"), "foo:bar", "x");
	tree_set(tree_find(body(&run), NULL, "ul"), "foo:bar", "x");
	tree_leaf(body(&run), "h1", "A second h1");
	const char *page = finish(&run);
	assert_non_null(page);
	static const char *const kept[] = {"One.", "two", "three", "Four", "A second h1", "Good"};
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		assert_non_null(strstr(page, kept[i]));
	assert_true(run.told >= 2);
	stop(&run);
}

static void test_many(void **state)
{
	struct run run;
	(void)state;
	start(&run);
	for (int i = 0; i < 20; i++)
		tree_set(tree_leaf(body(&run), "p", "More."), "foo:bar", "x");
	const char *page = finish(&run);
	assert_non_null(page);
	assert_null(strstr(page, "foo:bar"));
	stop(&run);
}

/* A picture is left out; its caption and its alt text are kept. */
static void test_picture(void **state)
{
	struct run run;
	(void)state;
	start(&run);
	run.book->resources.items[0].bytes = svg_bad;
	run.book->resources.items[0].size = strlen(svg_bad);
	const char *page = finish(&run);
	assert_non_null(page);
	assert_null(strstr(page, "<img"));
	assert_non_null(strstr(page, "Good"));
	assert_non_null(strstr(page, "A caption."));
	assert_null(package_find(&run.package, "EPUB/image-1.svg"));
	assert_int_equal(run.told, 1);
	stop(&run);
}

static const char *package_document(const struct run *run)
{
	static char text[16384];
	const struct entry *opf = package_find(&run->package, "EPUB/package.opf");
	assert_non_null(opf);
	snprintf(text, sizeof text, "%.*s", (int)opf->size, opf->bytes);
	return text;
}

static void break_cover(struct run *run)
{
	start_with(run, "good.svg");
	assert_int_equal(chapbook_job_add_bytes(run->job, "a.md", "x", 1, &run->err), 0);
	assert_ptr_equal(book_cover_picture(run->book), &run->book->resources.items[0]);
	assert_int_equal(run->book->pages.items[0].kind, PAGE_COVER);
	run->book->resources.items[0].bytes = svg_bad;
	run->book->resources.items[0].size = strlen(svg_bad);
}

/* A picture of the cover that is not valid is replaced by a cover that is drawn. */
static void test_cover(void **state)
{
	struct run run;
	(void)state;
	break_cover(&run);
	const struct page *page = &run.book->pages.items[0];
	assert_non_null(finish(&run));
	assert_null(package_find(&run.package, "EPUB/image-1.svg"));
	assert_true(package_find(&run.package, "EPUB/cover.jpg") ||
		    package_find(&run.package, "EPUB/cover.png"));
	assert_non_null(package_find(&run.package, "EPUB/cover.xhtml"));
	assert_ptr_equal(page, &run.book->pages.items[0]);
	assert_int_equal(run.told, 1);
	stop(&run);
}

/* Without a cover that is drawn, the page of the lost one is in no part of the book. */
static void test_no_cover(void **state)
{
	struct run run;
	(void)state;
	break_cover(&run);
	run.job->no_cover = true;
	assert_non_null(finish(&run));
	assert_null(package_find(&run.package, "EPUB/cover.xhtml"));
	assert_null(book_cover_picture(run.book));
	assert_null(strstr(package_document(&run), "cover"));
	stop(&run);
}

/* What is said of accessibility is true of what is left. */
static void test_accessibility(void **state)
{
	struct run run;
	(void)state;
	start(&run);
	run.job->no_cover = true;
	xmlNode *p = tree_element(body(&run), "p");
	tree_leaf(tree_element(p, "math"), "mi", "x");
	tree_set(p, "foo:bar", "x");
	run.book->resources.items[0].bytes = svg_bad;
	run.book->resources.items[0].size = strlen(svg_bad);
	for (size_t i = 0; i < run.book->pages.count; i++)
		if (run.book->pages.items[i].body)
			run.book->pages.items[i].has_mathml = true;
	book_assess_accessibility(run.book, &run.job->book);
	assert_non_null(finish(&run));
	const char *opf = package_document(&run);
	assert_null(strstr(opf, "MathML"));
	assert_null(strstr(opf, "visual"));
	assert_null(strstr(opf, "alternativeText"));
	assert_non_null(strstr(opf, "textual"));
	stop(&run);
}

/* What is in no article cannot be replaced: the error names the place. */
static void test_hopeless(void **state)
{
	struct run run;
	(void)state;
	start(&run);
	run.book->modified = arena_dup(&run.book->arena, "never");
	assert_null(finish(&run));
	assert_int_equal(run.err.code, CHAPBOOK_E_INTERNAL);
	assert_non_null(strstr(run.err.message, "please report it"));
	stop(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),       cmocka_unit_test(test_block),
		cmocka_unit_test(test_page),          cmocka_unit_test(test_many),
		cmocka_unit_test(test_picture),       cmocka_unit_test(test_cover),
		cmocka_unit_test(test_no_cover),      cmocka_unit_test(test_hopeless),
		cmocka_unit_test(test_accessibility),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
