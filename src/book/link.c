/* Links and notes, once it is known which page everything went to. */
#include "book/parts.h"

#include "article/tree.h"

#include <string.h>

static bool has_type(const xmlNode *node, const char *type)
{
	const char *value = tree_get(node, "epub:type");
	return value && strcmp(value, type) == 0;
}

/* Notes are still children of the body, beside the chapters. */
static void find_notes(const struct article *article, struct map *notes)
{
	for (xmlNode *n = tree_first(article->body); n; n = tree_next(n)) {
		const char *id = has_type(n, "footnote") ? tree_get(n, "id") : NULL;
		if (id)
			map_set(notes, id, n);
	}
}

static xmlNode *notes_section(const struct page *page)
{
	xmlNode *last = tree_last(page->body);
	if (has_type(last, "footnotes"))
		return last;
	xmlNode *section = tree_element(page->body, "section");
	tree_set(section, "epub:type", "footnotes");
	tree_set(section, "role", "doc-endnotes");
	tree_set(section, "class", "footnotes");
	tree_set(section, "aria-label", labels_find(page->language)->text[LABEL_FOOTNOTES]);
	return section;
}

/* Move each note to the end of the page that refers to it first. Notes may refer to notes: those
 * that were moved to a page are walked with it. */
static void place_notes(const struct page *page, struct map *notes)
{
	for (xmlNode *n = tree_find(page->body, NULL, "a"); n; n = tree_find(page->body, n, "a")) {
		const char *href = has_type(n, "noteref") ? tree_get(n, "href") : NULL;
		if (!href || href[0] != '#')
			continue;
		xmlNode *note = map_find(notes, href + 1);
		if (note && tree_parent(note) != NULL && !has_type(tree_parent(note), "footnotes"))
			tree_append(notes_section(page), note);
	}
}

/* What nobody refers to is not lost: it ends up on the last page. */
static void place_rest(const struct article *article, const struct page *last)
{
	for (xmlNode *n = tree_first(article->body), *next; n; n = next) {
		next = tree_next(n);
		if (has_type(n, "footnote"))
			tree_append(notes_section(last), n);
	}
}

static void index_page(struct book *book, size_t page, struct map *page_of)
{
	const xmlNode *body = book->pages.items[page].body;
	for (const xmlNode *n = tree_walk(body, NULL); n; n = tree_walk(body, n)) {
		const char *id = tree_get(n, "id");
		if (id)
			book_index_add(book, page_of, id, page + 1);
	}
}

/* A target that has gone takes the link with it, but not its text. */
static void relink(struct book *book, size_t page, struct map *page_of)
{
	const struct labels *labels = labels_find(book->pages.items[page].language);
	const xmlNode *body = book->pages.items[page].body;
	for (xmlNode *n = tree_find(body, NULL, "a"); n; n = tree_find(body, n, "a")) {
		const char *href = tree_get(n, "href");
		if (!href || href[0] != '#')
			continue;
		const char *role = tree_get(n, "role");
		if (role && strcmp(role, "doc-backlink") == 0)
			tree_set(n, "aria-label", labels->text[LABEL_FOOTNOTE_BACK]);
		size_t at = book_index_find(page_of, href + 1);
		if (at == 0)
			tree_set(n, "href", NULL);
		else if (at - 1 != page)
			tree_set(n, "href",
				 arena_printf(&book->arena, "%s%s", book->pages.items[at - 1].file,
					      href));
	}
}

/* Whether anything in the article points at a place in it: most articles have no such link and
 * need no index. */
static bool has_inner_links(const struct article *article)
{
	for (const xmlNode *n = tree_find(article->body, NULL, "a"); n;
	     n = tree_find(article->body, n, "a")) {
		const char *href = tree_get(n, "href");
		if (href && href[0] == '#')
			return true;
	}
	return false;
}

void book_link(struct book *book, const struct article *article, size_t first_page)
{
	size_t end = book->pages.count;
	if (first_page == end)
		return;
	if (!has_inner_links(article)) {
		place_rest(article, &book->pages.items[end - 1]);
		return;
	}
	struct map page_of = MAP_INIT, notes = MAP_INIT;
	find_notes(article, &notes);
	for (size_t i = first_page; i < end; i++)
		place_notes(&book->pages.items[i], &notes);
	place_rest(article, &book->pages.items[end - 1]);
	for (size_t i = first_page; i < end; i++)
		index_page(book, i, &page_of);
	for (size_t i = first_page; i < end; i++)
		relink(book, i, &page_of);
	book->arena.failed |= notes.failed;
	map_release(&page_of);
	map_release(&notes);
}

void book_note_content(struct page *page)
{
	page->has_svg = tree_find(page->body, NULL, "svg") != NULL;
	page->has_mathml = tree_find(page->body, NULL, "math") != NULL;
}
