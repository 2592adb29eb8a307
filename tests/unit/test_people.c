/* Who wrote it: one small page for each way in which pages say so. */
#include "page_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define STORY                                                                                      \
	"<p>The lamps of the old harbour went out one by one, and for an hour nobody in the town " \
	"could say who had told the keeper to leave his post so early.</p>"                        \
	"<p>By morning, the boats had come back, their nets empty, and the talk in the market "    \
	"was "                                                                                     \
	"of nothing else, as it would be for the rest of that long, dark winter.</p>"              \
	"<p>The council met twice, heard eleven witnesses, and could agree on one thing only: "    \
	"that "                                                                                    \
	"the lamps must never again be left to a single man, however faithful he was.</p>"

struct story {
	struct page *page;
	char *body;
};

/* The page, with authors whose names are separated by "|", after the passes. */
static struct story tell(const char *title, const char *authors, const char *html)
{
	struct story s = {.page = page_case_new(html)};
	struct buf out = BUF_INIT;
	struct article *a = s.page->a;
	article_fill(a, &a->title, title, SIZE_MAX);
	for (const char *p = authors; p && *p;) {
		char name[80] = "";
		size_t n = strcspn(p, "|");
		memcpy(name, p, n);
		article_author(a, name);
		p += n + (p[n] == '|');
	}
	author_boxes_take(s.page);
	people_take(s.page);
	header_normalise(s.page);
	page_case_put(&out, s.page);
	s.body = buf_detach(&out, NULL);
	return s;
}

static void forget(struct story *s)
{
	page_case_free(s->page);
	free(s->body);
}

/* A page in which `html` stands behind the story; afterwards the author has the bio, and the body
 * none of it. NULL for bio: there is none, and the body is as it was. */
static void check_behind(const char *authors, const char *html, const char *name, const char *bio)
{
	struct buf page = BUF_INIT;
	buf_printf(&page, "<div>" STORY "%s</div>", html);
	struct story s = tell("The lamps", authors, page.data);
	const struct author_list *list = &s.page->a->authors;
	const struct author *author = NULL;
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].name, name) == 0)
			author = &list->items[i];
	assert_non_null(author);
	if (bio) {
		assert_non_null(author->bio);
		assert_string_equal(author->bio, bio);
		char start[40] = "";
		memcpy(start, bio, strlen(bio) < 30 ? strlen(bio) : 30);
		assert_null(strstr(s.body, start));
	} else {
		assert_null(author->bio);
	}
	assert_non_null(strstr(s.body, "however faithful he was."));
	forget(&s);
	buf_release(&page);
}

static void test_boxes(void **state)
{
	(void)state;
	const char *ann =
		"Ann Brown has kept the harbour's log for this paper since the great storm.";
	check_behind("Ann Brown",
		     "<div class='post-author-box'><img src=a.jpg><h4>Ann Brown</h4><p>Ann Brown "
		     "has kept the harbour's log for this paper since the great storm.</p>"
		     "<p><a href=/ann>View all posts by Ann Brown</a></p></div>",
		     "Ann Brown", ann);
	/* nobody else says who it was */
	check_behind(NULL,
		     "<section class=authorBio><h3>Written by Ann Brown</h3><p>Ann Brown has kept "
		     "the harbour's log for this paper since the great storm.</p></section>",
		     "Ann Brown", ann);
	check_behind(
		NULL,
		"<div class=author-info><a rel=author href=/ann>Ann</a><p>Keeps the harbour's "
		"log for this paper, and has done so since the great storm.</p></div>",
		"Ann",
		"Keeps the harbour's log for this paper, and has done so since the great storm.");
	/* the box of another */
	check_behind("Ann Brown",
		     "<div class=author-bio><h4>Carl Dee</h4><p>Carl Dee is a physician who reads "
		     "all of our pages before they are printed.</p></div>",
		     "Ann Brown", NULL);
	/* nothing but a name and links */
	check_behind("Ann Brown",
		     "<div class=author-box><a href=/ann>Ann Brown</a> <a href=x>Follow</a></div>",
		     "Ann Brown", NULL);
}

static void test_addresses(void **state)
{
	(void)state;
	struct story s =
		tell("The lamps", "Ann Brown",
		     "<div>" STORY "<div class=author-box><img src=https://example.org/a.jpg>"
		     "<a href=/people/ann>Ann Brown</a><p>Ann Brown has kept the log of the "
		     "harbour since the great storm.</p></div></div>");
	const struct author *author = &s.page->a->authors.items[0];
	assert_string_equal(author->url, "https://example.org/people/ann");
	assert_string_equal(author->portrait, "https://example.org/a.jpg");
	forget(&s);
}

/* A page from nowhere: its links lead nowhere. */
static void test_no_address(void **state)
{
	(void)state;
	struct page *page = page_case_new("<div class=author-box><a href=/people/ann>Ann Brown</a>"
					  "<p>Ann Brown has kept the log of the harbour since the "
					  "great storm.</p></div>");
	page->url = NULL;
	const struct author *author = article_author(page->a, "Ann Brown");
	author_boxes_take(page);
	assert_non_null(author->bio);
	assert_null(author->url);
	page_case_free(page);
}

/* Words of others. */
static void test_voices(void **state)
{
	(void)state;
	const char *box = "<div class=author-info><b>Carl Dee</b><p>A keeper of lamps, and a "
			  "teacher of keepers, for forty years.</p></div>";
	struct buf html = BUF_INIT;
	buf_printf(&html, "<blockquote>%s</blockquote>", box);
	check_behind("Ann Brown", html.data, "Ann Brown", NULL);
	buf_truncate(&html, 0);
	buf_printf(&html, "<div class=testimonials>%s</div>", box);
	check_behind("Ann Brown", html.data, "Ann Brown", NULL);
	buf_truncate(&html, 0);
	buf_printf(&html, "<div class=comments>%s</div>", box);
	check_behind("Ann Brown", html.data, "Ann Brown", NULL);
	buf_release(&html);
}

static void test_two_in_a_box(void **state)
{
	(void)state;
	const char *box =
		"<div class=about-authors><h4>Ann Brown</h4><p>Ann has kept the harbour's log for "
		"this paper since the great storm.</p><h4>Carl Dee</h4><p>He draws the maps, and "
		"has "
		"sailed around the island more often than he can say.</p></div>";
	check_behind("Ann Brown|Carl Dee", box, "Ann Brown",
		     "Ann has kept the harbour's log for this paper since the great storm.");
	check_behind("Ann Brown|Carl Dee", box, "Carl Dee",
		     "He draws the maps, and has sailed around the island more often than he can "
		     "say.");
}

static void test_announced(void **state)
{
	(void)state;
	const char *ann = "She has kept the harbour's log for this paper since the great storm.";
	check_behind("Ann Brown",
		     "<h3>About the author</h3><p>She has kept the harbour's log for this paper "
		     "since the great storm.</p>",
		     "Ann Brown", ann);
	check_behind(
		"Ann Brown",
		"<div><div><strong>About Ann Brown</strong></div><div>She has kept the harbour's "
		"log for this paper since the great storm.</div></div>",
		"Ann Brown", ann);
	check_behind("Anna Braun",
		     "<h3>Über die Autorin</h3><p>Sie führt seit dem großen Sturm das "
		     "Logbuch des Hafens für diese Zeitung.</p>",
		     "Anna Braun",
		     "Sie führt seit dem großen Sturm das Logbuch des Hafens für diese Zeitung.");
	check_behind("Ana Pardo",
		     "<p><b>Sobre la autora</b></p><p>Lleva el diario del puerto para este "
		     "periódico desde la gran tormenta.</p>",
		     "Ana Pardo",
		     "Lleva el diario del puerto para este periódico desde la gran tormenta.");
	check_behind("张三",
		     "<h4>作者简介</h4><p>"
		     "张三，港口日志的主编，自大风暴以来一直为本报撰稿，著有多部关于海洋的书籍。"
		     "</p>",
		     "张三",
		     "张三，港口日志的主编，自大风暴以来一直为本报撰稿，著有多部关于海洋的书籍。");
	/* of the author of a book, in a piece by another */
	check_behind(
		"Ann Brown",
		"<h3>About the author</h3><p>Carl Dee is a novelist who lives on an island with "
		"three cats and no telephone.</p>",
		"Ann Brown", NULL);
}

static void test_endings(void **state)
{
	(void)state;
	check_behind("Ann Brown",
		     "<p><em>Ann Brown is a staff writer who keeps the harbour's log.</em></p>"
		     "<p><em>She lives in the lighthouse.</em></p>",
		     "Ann Brown",
		     "Ann Brown is a staff writer who keeps the harbour's log.\n\nShe lives in the "
		     "lighthouse.");
	check_behind(NULL, "<p>Ann Brown is a professor of history at the harbour school.</p>",
		     "Ann Brown", "Ann Brown is a professor of history at the harbour school.");
	check_behind("Ann Brown", "<p>The writer is a pilot of the harbour, now retired.</p>",
		     "Ann Brown", "The writer is a pilot of the harbour, now retired.");
	check_behind("Ann Brown", "<p>— Ann Brown</p>", "Ann Brown", NULL);
	check_behind("Ann Brown", "<h3>Written by Ann Brown</h3>", "Ann Brown", NULL);
	check_behind("Ann Brown",
		     "<h3>Ann Brown</h3><p>Ann Brown is a staff writer who keeps the log.</p>"
		     "<p>More articles by Ann Brown</p>",
		     "Ann Brown", "Ann Brown is a staff writer who keeps the log.");
	/* of whom the story tells */
	check_behind("Ann Brown", "<p>Carl Dee is a keeper and teacher of the old school.</p>",
		     "Ann Brown", NULL);
}

/* A page that opens with `html`: of this, `left` is left. */
static void check_opening(const char *html, const char *left)
{
	struct buf page = BUF_INIT, expected = BUF_INIT;
	buf_printf(&page, "<div>%s" STORY "</div>", html);
	buf_printf(&expected, "<div>%s<p>The lamps of the old", left);
	struct story s = tell("The lamps of the harbour", "Ann Brown", page.data);
	char *end = strstr(s.body, "<p>The lamps of the old");
	assert_non_null(end);
	end[strlen("<p>The lamps of the old")] = '\0';
	for (char *c = s.body, *to = s.body;; c++) {
		if (*c != '\n')
			*to++ = *c;
		if (*c == '\0')
			break;
	}
	assert_string_equal(s.body, expected.data);
	forget(&s);
	buf_release(&page);
	buf_release(&expected);
}

static void test_bio_lines(void **state)
{
	(void)state;
	check_opening("<h1>The Lamps of the Harbour</h1>", "");
	check_opening("<p>By Ann Brown</p><p>Published: July 2, 2021</p><p>5 min read</p>", "");
	check_opening("<p>July 2, 2021 | Ann Brown | Updated July 3, 2021</p>", "");
	check_opening("<p>Von Ann Brown</p><p>Aktualisiert am 2. Juli 2021</p>", "");
	check_opening("<p>Por Ann Brown · 2 de julio de 2021</p>", "");
	check_opening("<p>Reader's Desk | 5 min read</p>", "");
	check_opening("<p><span>By</span><b>Ann Brown</b><i>Jul 2, 2021</i></p>", "");
	check_opening("<p>News</p><h1>The lamps of the harbour, 2021</h1>", "");
	check_opening("<div class=byline><p>Ann Brown for the Harbour Log</p></div>", "");
	check_opening("<p><a href=/towns>Towns</a></p>", "");
	/* these belong to the text */
	check_opening("<h2>A night without light</h2>", "<h2>A night without light</h2>");
	check_opening("<p>How a town lost its light.</p>", "<p>How a town lost its light.</p>");
	check_opening("<p>In July 2021, everything changed.</p>",
		      "<p>In July 2021, everything changed.</p>");
}

static void check_standfirst(const char *head, const char *description, const char *standfirst)
{
	struct buf html = BUF_INIT;
	buf_printf(&html, "<div><h1>The lamps of the harbour</h1>%s</div><div>" STORY "</div>",
		   head);
	struct page *page = page_case_new(html.data);
	article_fill(page->a, &page->a->title, "The lamps of the harbour", SIZE_MAX);
	article_fill(page->a, &page->a->description, description, SIZE_MAX);
	standfirst_take(page);
	buf_truncate(&html, 0);
	page_case_put(&html, page);
	if (standfirst) {
		assert_non_null(page->a->standfirst);
		assert_string_equal(page->a->standfirst, standfirst);
		assert_null(strstr(html.data, standfirst));
	} else {
		assert_null(page->a->standfirst);
	}
	page_case_free(page);
	buf_release(&html);
}

static void test_standfirsts(void **state)
{
	(void)state;
	const char *said = "How a town lost its light for a night, and what it did then.";
	const char *named =
		"<p class=standfirst>How a town lost its light for a night, and what it "
		"did then.</p>";
	check_standfirst(named, NULL, said);
	check_standfirst("<p>By Ann Brown</p><h2>How a town lost its light for a night, and what "
			 "it did then.</h2>",
			 said, said);
	/* nothing says that it is one */
	check_standfirst("<p>How a town lost its light for a night, and what it did then.</p>",
			 NULL, NULL);
	/* the first of the paragraphs, which the page gives as its description */
	check_standfirst(
		STORY,
		"The lamps of the old harbour went out one by one, and for an hour nobody "
		"in the town could say who had told the keeper to leave his post so early.",
		NULL);
	check_standfirst("<ul class=summary><li>How a town lost its light.</li></ul>", NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),    cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_voices),       cmocka_unit_test(test_boxes),
		cmocka_unit_test(test_two_in_a_box), cmocka_unit_test(test_announced),
		cmocka_unit_test(test_endings),      cmocka_unit_test(test_bio_lines),
		cmocka_unit_test(test_standfirsts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
