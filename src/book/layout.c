#include "book/layout.h"

#include "article/svg.h"
#include "article/tree.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum {
	ICON = 64,        /* the side of the largest viewBox of an icon */
	MAX_SOURCE = 200, /* bytes of a line that says where a quotation is from */
};

struct layout {
	struct book *book;
	const struct article *article;
	bool rtl;
	struct {
		xmlNode **items;
		size_t count, cap;
	} tables; /* outer ones before those in them */
};

static xmlNode *next_but_space(xmlNode *node)
{
	do
		node = tree_next(node);
	while (tree_is_space(node));
	return node;
}

static bool is_alone(const xmlNode *node)
{
	const xmlNode *parent = tree_parent(node);
	for (const xmlNode *n = tree_first(parent); n; n = tree_next(n))
		if (n != node && !tree_is_space(n))
			return false;
	return true;
}

/* --- Paragraphs --- */

/* Spaces at the start of a paragraph are its indent, which the style sheet makes: U+3000, and
 * others that are not folded. */
static void strip_indent(xmlNode *p)
{
	xmlNode *text = tree_first(p);
	while (tree_is_element(text) && tree_first(text))
		text = tree_first(text);
	const char *s = tree_text_value(text);
	size_t at = 0, len = strlen(s), n;
	uint32_t cp;
	for (; at < len; at += n) {
		n = utf8_decode(s + at, len - at, &cp);
		if (!cp_is_space(cp))
			break;
	}
	if (at == 0 || at == len || at == strspn(s, " \t\r\n"))
		return;
	struct buf rest = BUF_INIT;
	buf_puts(&rest, s + at);
	if (rest.failed)
		tree_fail(p);
	tree_set_text(text, rest.data, rest.len);
	buf_release(&rest);
}

/* Whether the text begins as a line that names a source does: with a dash. */
static bool begins_with_dash(const char *s)
{
	static const char *const dashes[] = {"—", "–", "―", "--", "⸺", "~ "};
	for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
		if (strncmp(s, dashes[i], strlen(dashes[i])) == 0)
			return true;
	return false;
}

/* The last line of a quotation, when it says where that is from. */
static void mark_source(xmlNode *quote)
{
	xmlNode *last = tree_last(quote);
	while (last && !tree_is_element(last))
		last = tree_is_space(last) ? tree_prev(last) : NULL;
	if (!tree_is(last, "p") && !tree_is(last, "footer") && !tree_is(last, "cite"))
		return;
	if (last == tree_first_element(quote))
		return;
	struct buf text = BUF_INIT;
	tree_put_text(&text, last);
	const xmlNode *first = tree_first_element(last);
	bool named = !tree_is(last, "p") || (tree_is(first, "cite") && is_alone(first));
	if (text.len <= MAX_SOURCE && (named || begins_with_dash(text.data))) {
		if (tree_is(last, "cite"))
			last = tree_wrap(last, "p");
		tree_set(last, "class", "source");
	}
	if (text.failed)
		tree_fail(quote);
	buf_release(&text);
}

/* --- Pictures --- */

/* The sides of a viewBox: "0 0 24 24". */
static bool layout_is_icon(const xmlNode *svg)
{
	const char *box = tree_get(svg, "viewBox");
	double x, y, width, height;
	if (!box || tree_get(svg, "width") || tree_get(svg, "height"))
		return false;
	return sscanf(box, "%lf%*[ ,]%lf%*[ ,]%lf%*[ ,]%lf", &x, &y, &width, &height) == 4 &&
	       width > 0 && width <= ICON && height > 0 && height <= ICON;
}

/* Remove it, and what holds nothing else. A place that links lead to is kept. */
static void remove_with_shells(xmlNode *node)
{
	xmlNode *up = tree_parent(node);
	while ((tree_is(up, "a") || tree_is(up, "span") || tree_is(up, "p")) && is_alone(node) &&
	       !tree_get(up, "id")) {
		node = up;
		up = tree_parent(node);
	}
	tree_remove(node);
	if (tree_is(up, "a") && !tree_first(up)) {
		tree_set(up, "href", NULL);
		tree_rename(up, "span");
	}
}

static bool layout_has_text(const xmlNode *svg)
{
	for (const xmlNode *n = tree_walk(svg, NULL); n; n = tree_walk(svg, n))
		if (tree_is_text(n) && !tree_is_space(n))
			return true;
	return false;
}

/* An icon is as large as a letter, and has its colour. One that is all that a link shows has no
 * name that a screen reader could say: it is removed. */
static void normalise_drawing(xmlNode *svg)
{
	const xmlNode *up = tree_parent(svg);
	while (tree_is(up, "span") && is_alone(svg))
		up = tree_parent(up);
	bool in_link = tree_is(up, "a") && is_alone(svg) && !layout_has_text(svg);
	if (!layout_is_icon(svg)) {
		svg_put_ground(svg, false);
		return;
	}
	if (in_link) {
		remove_with_shells(svg);
		return;
	}
	tree_set(svg, "width", "1em");
	tree_set(svg, "height", "1em");
	if (!tree_get(svg, "fill") && !tree_get(svg, "style"))
		tree_set(svg, "fill", "currentColor");
}

/* A link that shows a picture only is called by its alt text. */
static void name_link(xmlNode *img)
{
	const char *alt = tree_get(img, "alt");
	if (alt && !*alt && tree_is(tree_parent(img), "a") && is_alone(img))
		tree_set(img, "alt", NULL); /* book_add_images() gives it one */
}

/* --- Notes --- */

/* The mark of a note is raised outside of its link, as readers that open notes in a window
 * expect: `sup` > `a`, not `a` > `sup`. */
static void raise_note_mark(xmlNode *link)
{
	for (xmlNode *n = tree_find(link, NULL, "sup"), *next; n; n = next) {
		next = tree_find(link, n, "sup");
		tree_unwrap(n);
	}
	if (!tree_is(tree_parent(link), "sup"))
		tree_wrap(link, "sup");
}

/* --- All of it --- */

static void layout_place(struct layout *l, xmlNode *node)
{
	if (tree_is(node, "p")) {
		if (!tree_has_class(node, "verse"))
			strip_indent(node);
	} else if (tree_is(node, "a")) {
		const char *role = tree_get(node, "role");
		if (role && strcmp(role, "doc-noteref") == 0)
			raise_note_mark(node);
	} else if (tree_is(node, "img")) {
		name_link(node);
	} else if (tree_is(node, "pre")) {
		layout_code(node, l->rtl);
	} else if (tree_is(node, "code")) {
		if (l->rtl)
			tree_set(node, "dir", "ltr");
	} else if (tree_is(node, "table")) {
		xmlNode **slot = ARENA_PUSH(&l->book->arena, l->tables);
		if (slot)
			*slot = node;
	} else if (tree_is(node, "th")) {
		if (tree_is_blank(node)) { /* names nothing */
			tree_rename(node, "td");
			tree_set(node, "scope", NULL);
		}
	} else if (tree_is(node, "blockquote")) {
		mark_source(node);
	} else if (tree_is(node, "details")) {
		tree_set(node, "open", "open");
	} else if (tree_is(node, "aside")) {
		if (!tree_get(node, "role")) /* landmarks would need names */
			tree_set(node, "role",
				 tree_has_class(node, "pullquote") ? "doc-pullquote" : "note");
	}
}

/* What may be removed, in front of the walk: rules that follow rules, icons. */
static xmlNode *normalise_and_continue(struct layout *l, xmlNode *node)
{
	const xmlNode *body = l->article->body;
	xmlNode *next = tree_walk(body, node);
	if (tree_is(node, "hr")) {
		while (tree_is(next_but_space(node), "hr"))
			tree_remove(next_but_space(node));
		return tree_walk(body, node);
	}
	if (tree_is(node, "svg")) {
		next = tree_walk_skip(body, node);
		normalise_drawing(node);
		return next;
	}
	if (tree_is(node, "math"))
		return tree_walk_skip(body, node);
	layout_place(l, node);
	return tree_is(node, "pre") ? tree_walk_skip(body, node) : tree_walk(body, node);
}

void book_lay_out(struct book *book, struct article *article)
{
	struct layout l = {.book = book, .article = article, .rtl = article->direction == DIR_RTL};
	for (xmlNode *n = tree_walk(article->body, NULL); n;)
		n = normalise_and_continue(&l, n);
	for (size_t i = l.tables.count; i > 0; i--)
		layout_table(book, article, l.tables.items[i - 1]);
}
