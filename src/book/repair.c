/* The last resort for what a check of the finished book finds: see book.h. */
#include "book/book.h"

#include "article/elements.h"
#include "article/tree.h"
#include "article/xhtml.h"
#include "book/parts.h"
#include "media/place.h"

#include <string.h>

/* --- Pages --- */

/* What stands for an element: its text, with a place for every id. */
static xmlNode *plain_copy(xmlNode *node)
{
	xmlNode *copy = tree_detached(node, "div");
	for (xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n)) {
		const char *text = tree_is(n, "img") ? tree_get(n, "alt") : tree_text_value(n);
		const struct element *el = element_find(tree_name(n));
		if (el && (el->flags & EL_BREAK) && tree_first(copy))
			tree_text(copy, " ", 1);
		if (tree_get(n, "id"))
			tree_set(tree_element(copy, "span"), "id", tree_get(n, "id"));
		if (text)
			tree_text(copy, text, strlen(text));
	}
	return copy;
}

/* The element itself, or the next around it, that may hold text under a name that may stand where
 * it stands. */
static xmlNode *replaceable(xmlNode *node, const xmlNode *body)
{
	for (; node && node != body; node = tree_parent(node)) {
		const struct element *el = element_find(tree_name(node));
		if (el && !(el->flags & EL_VOID) &&
		    ((el->flags & EL_FLOW) || !(el->flags & EL_HOLDS_ONLY)))
			return node;
	}
	return NULL;
}

static void repair_make_plain(xmlNode *node)
{
	const struct element *el = element_find(tree_name(node));
	const char *name = NULL, *value = NULL;
	xmlNode *copy = plain_copy(node);
	for (const xmlAttr *a; (a = tree_attr_next(node, NULL, &name, &value)) != NULL;) {
		if (strcmp(name, "id") == 0 && !(a = tree_attr_next(node, a, &name, &value)))
			break;
		tree_set(node, name, NULL);
	}
	for (xmlNode *child; (child = tree_first(node)) != NULL;)
		tree_remove(child);
	if (el && (el->flags & EL_FLOW) && !(el->flags & EL_HOLDS_PHRASING))
		tree_rename(node, "div");
	tree_move_children(copy, node);
}

/* Every block of the page, of which the first alone may be a heading. */
static bool make_page_plain(struct page *page)
{
	bool any = false;
	for (xmlNode *n = tree_first_element(page->body); n; n = tree_next_element(n)) {
		bool first = n == tree_first_element(page->body);
		if (replaceable(n, page->body) != n)
			continue;
		if (tree_heading_level(n) && (!first || page->heading_is_article_title))
			tree_rename(n, "p");
		repair_make_plain(n);
		any = true;
	}
	return any;
}

bool book_simplify(struct page *page, size_t line, enum book_part part)
{
	if (!page->body)
		return false;
	xmlNode *node = line && part != BOOK_PAGE ? xhtml_find_line(page->body, line) : NULL;
	node = replaceable(node, page->body);
	while (node && part == BOOK_OUTER_BLOCK && tree_parent(node) != page->body)
		node = tree_parent(node);
	bool done = node != NULL;
	if (node)
		repair_make_plain(node);
	else
		done = make_page_plain(page);
	book_note_content(page);
	return done;
}

/* --- Pictures --- */

static void drop_cover_page(struct book *book)
{
	for (size_t i = 0; i < book->pages.count; i++)
		book->pages.items[i].dropped |= book->pages.items[i].kind == PAGE_COVER;
}

static void drop_portraits(struct author_list *authors, const char *file)
{
	for (size_t i = 0; i < authors->count; i++) {
		struct author *author = &authors->items[i];
		if (author->portrait && strcmp(author->portrait, file) == 0)
			author->portrait = NULL;
	}
}

bool book_drop_picture(struct book *book, struct resource *picture)
{
	if (picture->is_cover && picture->is_drawn)
		return false;
	if (picture->is_cover)
		drop_cover_page(book);
	for (size_t i = 0; i < book->pages.count; i++) {
		xmlNode *body = book->pages.items[i].body;
		for (xmlNode *img = tree_find(body, NULL, "img"), *next; img; img = next) {
			const char *src = tree_get(img, "src");
			next = tree_find(body, img, "img");
			if (!src || strcmp(src, picture->file) != 0)
				continue;
			if (tree_is(tree_parent(img), "picture"))
				tree_unwrap(tree_parent(img));
			if (tree_is(tree_prev(img), "source"))
				tree_remove(tree_prev(img));
			place_lost(img, NULL);
		}
	}
	for (size_t i = 0; i < book->photos.count; i++)
		if (book->photos.items[i].resource == picture)
			book->photos.items[i].resource = NULL;
	drop_portraits(&book->authors, picture->file);
	for (size_t i = 0; i < book->article_count; i++)
		drop_portraits(&book->articles[i]->authors, picture->file);
	if (picture->original)
		book->resources.items[picture->original - 1].dropped = true;
	picture->dropped = true;
	return true;
}
