/* The plain text reader: every tests/text/NAME.txt with a NAME.expect is read and held to it. The
 * lines of an .expect file, in any order but that headings, authors and captions are all named in
 * theirs:
 *   title, standfirst, published, language: the field's value, or absent: not checked
 *   author: a name; bio: of the author named last; "no author" is checked when none is named
 *   heading: all of them, in order; caption: all, each followed by its credit if it has one
 *   count ELEMENT: how many are in the body; class NAME: how many elements have it
 *   text: stands in the text of the body, white space folded; order: A < B, likewise
 *   href: of some link; wrapped: the column that --explain tells
 *   lost: the words of the text that may be missing from body and fields (labels, date forms)
 * and always: no word is lost, the body's form is right, and two runs say the same. */
#include "body_check.h"

#include "article/article.h"
#include "base/buf.h"
#include "base/file.h"
#include "lang/detect.h"
#include "read/charset/charset.h"
#include "read/text/text.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER "tests/text"

static void remember_layout(void *ctx, const struct chapbook_message *m)
{
	if (strcmp(m->id, "guess-layout") == 0)
		buf_puts(ctx, m->text);
}

static struct article *read_string(const char *text, size_t len, struct diag *diag)
{
	struct chapbook_error err = {0};
	struct article *a = article_new();
	assert_non_null(a);
	assert_int_equal(read_text(a, text, len, 1, diag, &err), 0);
	const xmlNode *at = NULL;
	const char *wrong = body_check(a->body, &at);
	if (wrong)
		fail_msg("%s, at %s", wrong, tree_name(at));
	article_collect_figures(a);
	return a;
}

/* --- Words, as a reader of the book sees them --- */

struct words {
	char **items;
	size_t count, cap;
};

static void words_add(struct words *w, const char *s, size_t len)
{
	if (w->count == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 256;
		w->items = realloc(w->items, w->cap * sizeof *w->items);
		assert_non_null(w->items);
	}
	w->items[w->count++] = strndup(s, len);
}

/* Letters and digits in a row; an ideograph alone; marks and signs do not count. */
static void words_read(struct words *w, const char *s, size_t len)
{
	char word[256];
	size_t n = 0;
	uint32_t cp;
	for (size_t i = 0; i < len;) {
		i += utf8_decode(s + i, len - i, &cp);
		bool counts = cp_is_letter(cp) || (cp >= '0' && cp <= '9');
		if (n && (!counts || cp_is_cjk(cp) || n > sizeof word - 8)) {
			words_add(w, word, n);
			n = 0;
		}
		if (!counts)
			continue;
		n += utf8_write(cp_lower(cp), word + n);
		if (cp_is_cjk(cp)) {
			words_add(w, word, n);
			n = 0;
		}
	}
	if (n)
		words_add(w, word, n);
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void words_sort(struct words *w)
{
	if (w->count)
		qsort(w->items, w->count, sizeof *w->items, compare_words);
}

static void words_release(struct words *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->items[i]);
	free(w->items);
}

/* The marks of list items, which a reading system prints. */
static void put_item_mark(struct buf *out, const xmlNode *li)
{
	const xmlNode *list = tree_parent(li);
	if (!tree_is(list, "ol"))
		return;
	const char *start = tree_get(list, "start");
	long n = start ? strtol(start, NULL, 10) : 1;
	for (const xmlNode *p = tree_prev(li); p; p = tree_prev(p))
		n += tree_is(p, "li");
	if (tree_get(list, "type"))
		buf_printf(out, " %c ", (char)('a' + n - 1));
	else
		buf_printf(out, " %ld ", n);
}

static void put_field(struct buf *out, const char *value)
{
	if (value) {
		buf_puts(out, value);
		buf_putc(out, '\n');
	}
}

/* All that the book has of the text. Inline elements set no words apart, all others do. */
static void put_article(struct buf *out, const struct article *a)
{
	put_field(out, a->title);
	put_field(out, a->standfirst);
	for (size_t i = 0; i < a->authors.count; i++) {
		put_field(out, a->authors.items[i].name);
		put_field(out, a->authors.items[i].bio);
	}
	for (const xmlNode *n = tree_walk(a->body, NULL); n; n = tree_walk(a->body, n)) {
		if (tree_is_text(n)) {
			buf_puts(out, tree_text_value(n));
			continue;
		}
		if (!tree_is(n, "a") && !tree_is(n, "span"))
			buf_putc(out, '\n');
		if (tree_is(n, "li"))
			put_item_mark(out, n);
		/* a block also ends the words of the block before it */
		if (tree_parent(n) == a->body)
			buf_putc(out, '\n');
	}
	assert_false(out->failed);
}

/* Every word of the text, as often as it is there, is in the article or in `lost`. */
static void check_words(const char *name, const char *text, size_t len, const struct article *a,
			const char *lost)
{
	struct words given = {0}, shown = {0};
	struct buf out = BUF_INIT;
	put_article(&out, a);
	words_read(&given, text, len);
	words_read(&shown, out.data, out.len);
	struct words allowed = {0};
	words_read(&allowed, lost, strlen(lost));
	words_sort(&given);
	words_sort(&shown);
	words_sort(&allowed);
	for (size_t i = 0, j = 0; i < given.count; i++) {
		while (j < shown.count && strcmp(shown.items[j], given.items[i]) < 0)
			j++;
		if (j < shown.count && strcmp(shown.items[j], given.items[i]) == 0) {
			j++;
			continue;
		}
		if (!allowed.count || !bsearch(&given.items[i], allowed.items, allowed.count,
					       sizeof *allowed.items, compare_words))
			fail_msg("%s: lost \"%s\"", name, given.items[i]);
	}
	words_release(&given);
	words_release(&shown);
	words_release(&allowed);
	buf_release(&out);
}

/* --- The cases --- */

static void check_equal(const char *name, const char *what, const char *found, const char *expected)
{
	if (!found || strcmp(found, expected) != 0)
		fail_msg("%s: %s is \"%s\", expected \"%s\"", name, what, found ? found : "(none)",
			 expected);
}

static unsigned count_nodes(const struct article *a, const char *element, const char *cls)
{
	unsigned count = 0;
	for (const xmlNode *n = tree_walk(a->body, NULL); n; n = tree_walk(a->body, n))
		count += element ? tree_is(n, element) : tree_has_class(n, cls);
	return count;
}

static bool has_href(const struct article *a, const char *href)
{
	for (const xmlNode *n = tree_walk(a->body, NULL); n; n = tree_walk(a->body, n))
		if (tree_get(n, "href") && strcmp(tree_get(n, "href"), href) == 0)
			return true;
	return false;
}

static xmlNode *next_heading(const struct article *a, const xmlNode *after)
{
	for (xmlNode *n = tree_walk(a->body, after); n; n = tree_walk(a->body, n))
		if (tree_heading_level(n))
			return n;
	return NULL;
}

/* How far the lists that an .expect file names in full have been checked. */
struct progress {
	const char *name;
	const struct article *a;
	const char *text, *layout;
	size_t authors, figures, headings;
	const xmlNode *heading;
	const char *lost;
};

static void check_heading(struct progress *p, const char *expected)
{
	struct buf text = BUF_INIT;
	p->heading = next_heading(p->a, p->heading);
	if (p->heading)
		tree_put_text(&text, p->heading);
	check_equal(p->name, "heading", p->heading ? text.data : NULL, expected);
	p->headings++;
	buf_release(&text);
}

static void check_bio(struct progress *p, const char *expected)
{
	assert_true(p->authors > 0);
	struct buf bio = BUF_INIT;
	put_field(&bio, p->a->authors.items[p->authors - 1].bio);
	for (char *c = bio.data; *c; c++)
		if (*c == '\n')
			*c = c[1] ? ' ' : '\0';
	check_equal(p->name, "bio", bio.data, expected);
	buf_release(&bio);
}

static void check_line(struct progress *p, char *line)
{
	const struct article *a = p->a;
	char *value = strstr(line, ": ");
	assert_non_null(value);
	*value = '\0';
	value += 2;
	if (strcmp(line, "title") == 0) {
		check_equal(p->name, line, a->title, value);
	} else if (strcmp(line, "standfirst") == 0) {
		check_equal(p->name, line, a->standfirst, value);
	} else if (strcmp(line, "published") == 0) {
		check_equal(p->name, line, a->published, value);
	} else if (strcmp(line, "language") == 0) {
		check_equal(p->name, line, language_detect(p->text, strlen(p->text)), value);
	} else if (strcmp(line, "author") == 0) {
		check_equal(p->name, line,
			    p->authors < a->authors.count ? a->authors.items[p->authors].name
							  : NULL,
			    value);
		p->authors++;
	} else if (strcmp(line, "bio") == 0) {
		check_bio(p, value);
	} else if (strcmp(line, "heading") == 0) {
		check_heading(p, value);
	} else if (strcmp(line, "caption") == 0) {
		check_equal(p->name, line,
			    p->figures < a->figures.count ? a->figures.items[p->figures].caption
							  : NULL,
			    value);
		p->figures++;
	} else if (strcmp(line, "credit") == 0) {
		assert_true(p->figures > 0);
		check_equal(p->name, line, a->figures.items[p->figures - 1].credit, value);
	} else if (strncmp(line, "count ", 6) == 0) {
		unsigned found = count_nodes(a, line + 6, NULL);
		if (found != strtoul(value, NULL, 10))
			fail_msg("%s: %u %s, expected %s", p->name, found, line + 6, value);
	} else if (strncmp(line, "class ", 6) == 0) {
		unsigned found = count_nodes(a, NULL, line + 6);
		if (found != strtoul(value, NULL, 10))
			fail_msg("%s: %u of class %s, expected %s", p->name, found, line + 6,
				 value);
	} else if (strcmp(line, "text") == 0 || strcmp(line, "order") == 0) {
		struct buf text = BUF_INIT;
		tree_put_text(&text, a->body);
		char *second = strcmp(line, "order") == 0 ? strstr(value, " < ") : NULL;
		if (second)
			*second = '\0';
		const char *at = strstr(text.data, value);
		if (!at || (second && !strstr(at, second + 3)))
			fail_msg("%s: \"%s\" does not stand in the body so", p->name, value);
		buf_release(&text);
	} else if (strcmp(line, "href") == 0) {
		if (!has_href(a, value))
			fail_msg("%s: no link to %s", p->name, value);
	} else if (strcmp(line, "wrapped") == 0) {
		char words[64];
		unsigned column = (unsigned)strtoul(value, NULL, 10), found = 0;
		const char *at = strstr(p->layout, " at ");
		if (at)
			sscanf(at, " at %u %63s", &found, words);
		if (found + 2 < column || found > column)
			fail_msg("%s: %s, expected %s columns", p->name, p->layout, value);
	} else if (strcmp(line, "lost") == 0) {
		p->lost = value;
	} else {
		fail_msg("%s: unknown line \"%s\" in .expect", p->name, line);
	}
}

static char *slurp(const char *name, const char *suffix, size_t *len)
{
	char path[512];
	struct chapbook_error err = {0};
	char *bytes;
	snprintf(path, sizeof path, FOLDER "/%s.%s", name, suffix);
	if (file_read(path, 1 << 20, &bytes, len, &err) < 0)
		return NULL;
	return bytes;
}

static void check_case(const char *name)
{
	size_t size, expect_size;
	char *expect = slurp(name, "expect", &expect_size);
	if (!expect)
		return;
	char *bytes = slurp(name, "txt", &size);
	assert_non_null(bytes);
	struct buf text = BUF_INIT, layout = BUF_INIT;
	struct diag diag = {.fn = remember_layout, .ctx = &layout};
	assert_int_equal(
		charset_decode(&text, bytes, size, &(struct charset_hints){0}, &diag, NULL), 0);
	struct article *a = read_string(text.data, text.len, &diag);
	struct progress p = {
		.name = name, .a = a, .text = text.data, .layout = layout.data, .lost = ""};
	for (char *line = strtok(expect, "\n"); line; line = strtok(NULL, "\n"))
		check_line(&p, line);
	if (p.authors != a->authors.count)
		fail_msg("%s: %zu authors, expected %zu", name, a->authors.count, p.authors);
	if (p.figures != a->figures.count)
		fail_msg("%s: %zu captions, expected %zu", name, a->figures.count, p.figures);
	if ((p.headings || strstr(name, "no-")) && (p.heading = next_heading(a, p.heading))) {
		struct buf more = BUF_INIT;
		tree_put_text(&more, p.heading);
		if (p.headings)
			fail_msg("%s: unexpected heading \"%s\"", name, more.data);
		buf_release(&more);
	}
	check_words(name, text.data, text.len, a, p.lost);
	article_free(a);
	buf_release(&text);
	buf_release(&layout);
	free(bytes);
	free(expect);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void test_cases(void **state)
{
	(void)state;
	DIR *dir = opendir(FOLDER);
	assert_non_null(dir);
	char *names[512];
	size_t count = 0, only = 0;
	const char *wanted = getenv("CASE");
	for (struct dirent *e; (e = readdir(dir)) && count < 512;) {
		size_t len = strlen(e->d_name);
		if (len > 4 && strcmp(e->d_name + len - 4, ".txt") == 0)
			names[count++] = strndup(e->d_name, len - 4);
	}
	closedir(dir);
	qsort(names, count, sizeof *names, by_name);
	for (size_t i = 0; i < count; i++) {
		if (!wanted || strcmp(wanted, names[i]) == 0) {
			check_case(names[i]);
			only++;
		}
		free(names[i]);
	}
	assert_true(wanted || only >= 25);
}

/* --- What the caller said comes first --- */

static const char article_text[] =
	"The Last Ferry\n\nBy Ann Brown\n\n"
	"The ferry that links the two halves of the harbour has carried "
	"passengers since before anyone can remember.\n\n"
	"Last spring the council voted to replace it with a bridge, and the "
	"mayor left by a side door.\n";

static void test_given_title_is_the_same(void **state)
{
	(void)state;
	struct article *a = article_new();
	a->title = arena_dup(&a->arena, "the last  ferry");
	assert_int_equal(read_text(a, article_text, strlen(article_text), 1, NULL, NULL), 0);
	assert_string_equal(a->title, "the last  ferry");
	assert_int_equal(count_nodes(a, "p", NULL), 2);
	assert_null(next_heading(a, NULL));
	article_free(a);
}

static void test_given_title_differs(void **state)
{
	(void)state;
	struct article *a = article_new();
	a->title = arena_dup(&a->arena, "A Bridge");
	article_author(a, "Carl Diaz");
	assert_int_equal(read_text(a, article_text, strlen(article_text), 1, NULL, NULL), 0);
	assert_string_equal(a->title, "A Bridge");
	struct buf text = BUF_INIT;
	assert_int_equal(a->authors.count, 1);
	tree_put_text(&text, a->body);
	assert_null(strstr(text.data, "The Last Ferry"));
	assert_null(strstr(text.data, "By Ann Brown"));
	buf_release(&text);
	article_free(a);
}

static void test_given_author_gets_the_bio(void **state)
{
	(void)state;
	static const char text[] =
		"The ferry that links the two halves of the harbour has carried "
		"passengers since before anyone can remember.\n\n"
		"Last spring the council voted to replace it with a bridge, and the "
		"mayor left by a side door.\n\n"
		"Ann Brown lives by the sea.\n\nThe author is a sailor.\n";
	struct article *a = article_new();
	article_author(a, "Ann Brown");
	assert_int_equal(read_text(a, text, strlen(text), 1, NULL, NULL), 0);
	assert_int_equal(a->authors.count, 1);
	assert_string_equal(a->authors.items[0].bio, "The author is a sailor.");
	article_free(a);
}

static void test_explains_with_lines(void **state)
{
	(void)state;
	struct buf told = BUF_INIT;
	struct diag diag = {.fn = remember_layout, .ctx = &told, .file = "x.txt"};
	struct article *a = read_string(article_text, strlen(article_text), &diag);
	assert_non_null(strstr(told.data, "paragraph"));
	article_free(a);
	buf_release(&told);
}

/* --- Whatever comes in: no crash, a body in good form, no word lost --- */

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Pieces that the rules look for, in any order. None of them is announced as a field, so that none
 * may lose a word: what goes by "By" or "Published" has cases of its own. */
static const char *const pieces[] = {
	"The Last Ferry",
	("A line of prose that goes on for a good while and ends with a stop, as lines of prose "
	 "will do."),
	"short line",
	"Ann Brown is a professor of law.",
	"He said no more",
	"- item",
	"* item",
	"  - nested",
	"1. one",
	"2. two",
	"3) three",
	"(a) letter",
	"(b) letter",
	"• round",
	"[1] a note",
	"[2] another",
	"See [1] and [2] and [3].",
	"> quoted",
	"> > twice",
	">",
	"* * *",
	"-----",
	"=====",
	"~~~~~",
	"⁂",
	"CHAPTER I",
	"Chapter 2: Of Boats",
	"第一章 海港",
	"一、标题",
	"ALL CAPITALS",
	"1.1 Numbered",
	"IV. ROMAN",
	"[Image: a cat]",
	"A cat on a wall (Photo/Xinhua)",
	"Photo: Ann Brown",
	"渡船（图/港口日报）",
	"渡船连接着海港的两岸。",
	"    indented by four",
	"\tindented by a tab",
	"a   b   c",
	"http://example.org/(a).",
	"me@example.org,",
	"word-",
	"soft\xC2\xADhyphen\xC2\xAD",
	"dash—",
	"　　全角缩进的一行文字",
	"العبارة الأخيرة",
	"The author is unknown.",
	"“Quoted.”",
	"Summary: a short one that sums up all of it, and more.",
	"...",
	"#",
	"[",
	"[1]",
	"(",
	"@",
	"://",
	"www.",
	"www.example.org",
	"x",
	"\xCC\x81",
};

/* Ways of writing the heading of a chapter, alone before prose. */
static void test_chapter_headings(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		bool heading;
	} cases[] = {
		{"Chapter 4", true},
		{"Chapter.3", true},
		{"chapter 1", true},
		{" chapter.844 河边", true},
		{"CHAPTER 5", true},
		{"【第一节】", true},
		{"【第一节 河边】", true},
		{"（一）", true},
		{"第一章 海港", true},
		{"chapter 4 of the book says so", false},
		{"section one was read", false},
		{"chapter.xhtml is the file", false},
		{"【海港】的船", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[2000];
		static const char prose[] =
			"The boats came in one by one, as they do on every evening of the year, "
			"and "
			"the lamp was lit at six, before the rain began to fall on the harbour.";
		int n = snprintf(text, sizeof text, "A Title\n\n%s\n\n%s\n\n%s\n\n%s\n\n%s\n",
				 prose, prose, cases[i].line, prose, prose);
		struct article *a = read_string(text, (size_t)n, NULL);
		bool found = tree_find(a->body, NULL, "h2") || tree_find(a->body, NULL, "h3");
		if (found != cases[i].heading)
			fail_msg("%s: %s", cases[i].line, found ? "a heading" : "no heading");
		article_free(a);
	}
}

static void test_random_texts(void **state)
{
	(void)state;
	unsigned seed = 20210702;
	for (int round = 0; round < 3000; round++) {
		struct buf text = BUF_INIT, seen = BUF_INIT;
		unsigned lines = next_random(&seed) % 40;
		for (unsigned i = 0; i < lines; i++) {
			const char *piece =
				pieces[next_random(&seed) % (sizeof pieces / sizeof *pieces)];
			/* a broken word may be joined: then it is another word */
			if (strcmp(piece, "word-") == 0 || strncmp(piece, "soft", 4) == 0)
				piece = "dash —";
			buf_puts(&text, piece);
			buf_puts(&text, next_random(&seed) % 3 ? "\n" : "\n\n");
		}
		struct article *a = read_string(text.data, text.len, NULL);
		char name[32];
		snprintf(name, sizeof name, "round %d", round);
		check_words(name, text.data, text.len, a, "");
		article_free(a);
		buf_release(&text);
		buf_release(&seen);
	}
}

static void test_wrapped_random_texts(void **state)
{
	(void)state;
	unsigned seed = 72;
	for (int round = 0; round < 1000; round++) {
		struct buf text = BUF_INIT;
		unsigned column = 0, width = 50 + next_random(&seed) % 40;
		for (unsigned i = 0; i < 400; i++) {
			char word[16];
			unsigned len = 1 + next_random(&seed) % 9;
			for (unsigned k = 0; k < len; k++)
				word[k] = (char)('a' + next_random(&seed) % 26);
			word[len] = '\0';
			bool paragraph = next_random(&seed) % 60 == 0;
			if (paragraph || column + 1 + len > width) {
				buf_puts(&text, paragraph ? ".\n\n" : "\n");
				column = 0;
			} else if (column) {
				buf_putc(&text, ' ');
				column++;
			}
			buf_puts(&text, word);
			column += len;
		}
		struct article *a = read_string(text.data, text.len, NULL);
		check_words("wrapped", text.data, text.len, a, "");
		article_free(a);
		buf_release(&text);
	}
}

static void test_nothing_and_little(void **state)
{
	(void)state;
	static const char *const texts[] = {"",
					    "\n",
					    "\n\n\n",
					    " ",
					    "x",
					    ">",
					    "-",
					    "- ",
					    "[1]",
					    "[1] x",
					    "===",
					    "a\n===",
					    "===\na\n===",
					    ">>>>>>>>>>>>>>>> deep",
					    "\t",
					    "1.",
					    "1. ",
					    "*\n*\n*",
					    "　",
					    "By",
					    "By ",
					    "Published",
					    "()"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct article *a = read_string(texts[i], strlen(texts[i]), NULL);
		article_free(a);
	}
}

/* Cost grows with the text, not with its square: a million of whatever a rule looks at takes
 * seconds at most, even under a sanitizer. */
static void test_many_of_each(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct buf text = BUF_INIT;
		for (int k = 0; k < 20000; k++) {
			buf_puts(&text, pieces[i]);
			buf_puts(&text, i % 2 ? "\n" : "\n\n");
		}
		struct chapbook_error err = {0};
		struct article *a = article_new();
		assert_int_equal(read_text(a, text.data, text.len, 1, NULL, &err), 0);
		article_free(a);
		/* and all on one line */
		for (size_t k = 0; k < text.len; k++)
			if (text.data[k] == '\n')
				text.data[k] = ' ';
		a = article_new();
		assert_int_equal(read_text(a, text.data, text.len, 1, NULL, &err), 0);
		article_free(a);
		buf_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_given_title_is_the_same),
		cmocka_unit_test(test_given_title_differs),
		cmocka_unit_test(test_given_author_gets_the_bio),
		cmocka_unit_test(test_explains_with_lines),
		cmocka_unit_test(test_nothing_and_little),
		cmocka_unit_test(test_chapter_headings),
		cmocka_unit_test(test_random_texts),
		cmocka_unit_test(test_wrapped_random_texts),
		cmocka_unit_test(test_many_of_each),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
