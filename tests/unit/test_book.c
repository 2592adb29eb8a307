/* Binding: where chapters start, how headings are renumbered, where links and notes lead. */
#include "article/tree.h"
#include "book/book.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* An article from a line a block: "# One" to "###### Six" are headings, "120" is a paragraph of
 * that many words, "^a" one that refers to note a, "~b" a link to id b, "!a" the note itself. */
static struct article *make_article(const char *title, const char *const *blocks)
{
	struct article *a = article_new();
	assert_non_null(a);
	article_fill(a, &a->title, title, SIZE_MAX);
	article_fill(a, &a->language, "en", SIZE_MAX);
	for (; *blocks; blocks++) {
		const char *b = *blocks;
		char name[] = "h1", target[32];
		if (*b == '#') {
			size_t level = strspn(b, "#");
			name[1] = (char)('0' + level);
			tree_leaf(a->body, name, b + level + 1);
		} else if (*b == '^' || *b == '~') {
			xmlNode *link = tree_leaf(tree_element(a->body, "p"), "a", "see");
			snprintf(target, sizeof target, "#%s", b + 1);
			tree_set(link, "href", target);
			if (*b == '^')
				tree_set(link, "epub:type", "noteref");
		} else if (*b == '!') {
			xmlNode *note = tree_leaf(a->body, "aside", "note");
			tree_set(note, "epub:type", "footnote");
			tree_set(note, "id", b + 1);
		} else {
			xmlNode *p = tree_element(a->body, "p");
			for (int i = atoi(b); i > 0; i--)
				tree_text(p, "word ", 5);
		}
	}
	return a;
}

static struct book *bind_with(struct book_options options, const char *const *blocks)
{
	struct article *a = make_article("Title", blocks);
	struct chapbook_error err = {0};
	options.epoch = -1;
	struct book *book = book_new(&a, 1, &options, &err);
	assert_non_null(book);
	assert_int_equal(book_finish(book, &options, NULL, &err), 0);
	return book;
}

/* The pages as "kind:title" and their headings as levels, for comparing at a glance. */
static void describe(const struct book *book, char *out, size_t size)
{
	size_t len = 0;
	for (size_t i = 0; i < book->pages.count; i++) {
		const struct page *page = &book->pages.items[i];
		if (page->kind != PAGE_CHAPTER)
			continue;
		len += (size_t)snprintf(out + len, size - len, "%s[", page->title);
		for (xmlNode *n = tree_walk(page->body, NULL); n; n = tree_walk(page->body, n))
			if (tree_heading_level(n))
				len += (size_t)snprintf(out + len, size - len, "%d",
							tree_heading_level(n));
		len += (size_t)snprintf(out + len, size - len, "] ");
	}
}

static void expect_with(struct book_options options, const char *const *blocks,
			const char *expected)
{
	char text[512] = "";
	struct book *book = bind_with(options, blocks);
	describe(book, text, sizeof text);
	assert_string_equal(text, expected);
	book_free(book);
}

static void expect_pages(int split_level, const char *const *blocks, const char *expected)
{
	expect_with((struct book_options){.split_level = split_level}, blocks, expected);
}

/* The first page has the title over it: the headings in it begin with h2. */
static void test_split(void **state)
{
	(void)state;
	/* Long sections become chapters; what stands before them joins the first. */
	expect_pages(0, (const char *[]){"80", "## A", "500", "## B", "500", NULL},
		     "Title[2] B[1] ");
	expect_pages(0, (const char *[]){"450", "## A", "500", "## B", "500", NULL},
		     "Title[] A[1] B[1] ");
	expect_pages(0, (const char *[]){"## A", "500", "## B", "500", NULL}, "Title[2] B[1] ");
	/* A short section joins the one before it, or the first the one after. */
	expect_pages(0, (const char *[]){"500", "## A", "50", "## B", "500", "## C", "50", NULL},
		     "Title[2] B[12] ");
	expect_pages(0, (const char *[]){"80", "## A", "390", "## B", "390", NULL}, "Title[22] ");
	/* A section is long with what is under its headings. */
	expect_pages(0,
		     (const char *[]){"500", "## A", "9", "### x", "400", "## B", "9", "### y",
				      "400", NULL},
		     "Title[] A[12] B[12] ");
	/* An article with one heading is one chapter. */
	expect_pages(0, (const char *[]){"500", "## A", "500", NULL}, "Title[2] ");
	/* The shallowest repeated level decides; deeper ones stay inside, without gaps. */
	expect_pages(
		0, (const char *[]){"# P", "9", "## A", "400", "#### x", "9", "## B", "400", NULL},
		"Title[234] B[1] ");
	/* The caller's word. */
	expect_pages(-1, (const char *[]){"80", "## A", "500", "## B", "500", NULL}, "Title[22] ");
	expect_pages(2, (const char *[]){"## A", "4", "### x", "1", "## B", "4", NULL},
		     "Title[23] B[1] ");
	expect_pages(2, (const char *[]){"1", "## A", "4", "## B", "4", NULL},
		     "Title[] A[1] B[1] ");
	/* With a title page, a heading that begins the text is that of the first page. */
	expect_with((struct book_options){.title_page = CHOICE_YES},
		    (const char *[]){"## A", "500", "## B", "500", NULL}, "A[1] B[1] ");
}

/* Words of many letters count for more, and two ideographs for a word. */
static void test_length(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int repeated;
		bool split;
	} rows[] = {
		{"word ", 399, false},       {"word ", 400, true}, {"Vereinigung ", 199, false},
		{"Vereinigung ", 200, true}, {"湖", 796, false},   {"湖", 798, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct article *a = make_article("T", (const char *[]){"500", "## ", NULL});
		struct chapbook_error err = {0};
		for (int section = 0; section < 2; section++) {
			tree_leaf(a->body, "h2", "-"); /* no word of its own */
			xmlNode *p = tree_element(a->body, "p");
			for (int n = rows[i].repeated - (rows[i].text[0] == 'w'); n > 0; n--)
				tree_text(p, rows[i].text, strlen(rows[i].text));
		}
		const struct book_options options = {.epoch = 0};
		struct book *book = book_new(&a, 1, &options, &err);
		assert_non_null(book);
		assert_int_equal(book_finish(book, &options, NULL, &err), 0);
		assert_int_equal(book->chapter_count, rows[i].split ? 3 : 1);
		book_free(book);
	}
}

static void test_large_pieces_are_cut(void **state)
{
	(void)state;
	expect_pages(0,
		     (const char *[]){"# A", "## x", "40000", "## y", "40000", "# B", "400", NULL},
		     "A[1] x[1] y[1] B[1] ");
}

static void test_renumber(void **state)
{
	(void)state;
	expect_pages(
		-1, (const char *[]){"### a", "1", "# b", "1", "###### c", "1", "### d", "1", NULL},
		"Title[2233] ");
}

static const struct page *page_of(const struct book *book, const char *title)
{
	for (size_t i = 0; i < book->pages.count; i++)
		if (book->pages.items[i].kind == PAGE_CHAPTER &&
		    strcmp(book->pages.items[i].title, title) == 0)
			return &book->pages.items[i];
	fail_msg("no page '%s'", title);
	return NULL;
}

static void test_notes_and_links(void **state)
{
	(void)state;
	struct book *book = bind_with((struct book_options){.split_level = 2},
				      (const char *[]){"1", "## A", "~two", "## B", "^one",
						       "~nowhere", "!one", "!two", NULL});
	const struct page *a = page_of(book, "A"), *b = page_of(book, "B");
	/* The note went to the page that refers to it, the one nobody refers to to the last. */
	const xmlNode *notes = tree_last(b->body);
	assert_string_equal(tree_get(notes, "epub:type"), "footnotes");
	assert_string_equal(tree_get(tree_first(notes), "id"), "one");
	assert_string_equal(tree_get(tree_last(notes), "id"), "two");
	assert_string_equal(tree_get(tree_find(b->body, NULL, "a"), "href"), "#one");
	assert_string_equal(tree_get(tree_find(a->body, NULL, "a"), "href"), "chapter-3.xhtml#two");
	assert_null(tree_get(tree_find(b->body, tree_find(b->body, NULL, "a"), "a"), "href"));
	book_free(book);
}

static void describe_toc(const struct toc_entry *entry, int depth, char *out, size_t size)
{
	for (; entry; entry = entry->next) {
		size_t len = strlen(out);
		snprintf(out + len, size - len, "%d%s>%s ", depth, entry->title, entry->href);
		describe_toc(entry->first_child, depth + 1, out, size);
	}
}

static void test_contents(void **state)
{
	(void)state;
	char text[512] = "";
	struct book *book = bind_with(
		(struct book_options){.split_level = 2},
		(const char *[]){"# P", "9", "## A", "#### x", "9", "## B", "# Q", "9", NULL});
	describe_toc(book->toc, 1, text, sizeof text);
	assert_string_equal(text, "1Title>chapter-1.xhtml 1P>chapter-1.xhtml#section-1 "
				  "2A>chapter-2.xhtml 3x>chapter-2.xhtml#section-1 "
				  "2B>chapter-3.xhtml 1Q>chapter-4.xhtml ");
	assert_int_equal(book->toc_depth, 3);
	book_free(book);

	book = bind_with((struct book_options){.split_level = 2, .toc_depth = 1},
			 (const char *[]){"# P", "9", "## A", "9", "# Q", "9", NULL});
	text[0] = '\0';
	describe_toc(book->toc, 1, text, sizeof text);
	assert_string_equal(text, "1Title>chapter-1.xhtml 1P>chapter-1.xhtml#section-1 "
				  "1Q>chapter-3.xhtml ");
	book_free(book);

	/* Sections that share a chapter are listed like those that do not. */
	book = bind_with((struct book_options){0},
			 (const char *[]){"9", "## A", "500", "## B", "500", "### x", "9", "## C",
					  "9", NULL});
	text[0] = '\0';
	describe_toc(book->toc, 1, text, sizeof text);
	assert_string_equal(text, "1Title>chapter-1.xhtml 1A>chapter-1.xhtml#section-1 "
				  "1B>chapter-2.xhtml 2x>chapter-2.xhtml#section-1 "
				  "1C>chapter-2.xhtml#section-2 ");
	book_free(book);
}

static void test_several_articles(void **state)
{
	(void)state;
	struct article *articles[] = {
		make_article("One", (const char *[]){"## A", "500", "## B", "500", NULL}),
		make_article("Two", (const char *[]){"10", NULL}),
	};
	article_author(articles[0], "Ann Brown");
	article_author(articles[1], "Ann Brown");
	article_fill(articles[1], &articles[1]->authors.items[0].bio, "Ann Brown writes.",
		     SIZE_MAX);
	article_author(articles[1], "Bo Lind");
	char text[512] = "";
	struct book_options options = {.epoch = 0};
	struct chapbook_error err = {0};
	struct book *book = book_new(articles, 2, &options, &err);
	assert_non_null(book);
	assert_int_equal(book_finish(book, &options, NULL, &err), 0);
	assert_string_equal(book->title, "One · Two");
	assert_int_equal(book->authors.count, 2);
	assert_string_equal(book->authors.items[0].bio, "Ann Brown writes.");
	assert_string_equal(book->modified, "1970-01-01T00:00:00Z");
	describe_toc(book->toc, 1, text, sizeof text);
	assert_non_null(strstr(text,
			       "1One — Ann Brown>chapter-1.xhtml 2A>chapter-1.xhtml#section-1 "
			       "2B>chapter-2.xhtml 1Two — Ann Brown and Bo Lind>chapter-3.xhtml "));
	book_free(book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_large_pieces_are_cut),
		cmocka_unit_test(test_renumber),
		cmocka_unit_test(test_notes_and_links),
		cmocka_unit_test(test_contents),
		cmocka_unit_test(test_several_articles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
