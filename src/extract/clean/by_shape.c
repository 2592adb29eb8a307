#include "extract/clean/clean.h"

#include "article/tree.h"
#include "extract/figures/candidates.h"
#include "extract/page/measure.h"

#include <string.h>

/* Teasers: several neighbours of one make, each of which is a link to another page with a picture
 * or a heading, and at most a few words more. */

enum {
	MIN_TEASERS = 3,
	MAX_TEXT = 500,  /* characters of one */
	MIN_TEXT = 8,    /* ... */
	OWN_WORDS = 250, /* ... outside links */
};

static bool by_shape_is_teaser(const xmlNode *node)
{
	const struct measure *m = measure_of(node);
	unsigned own = m->chars - m->link_chars;
	/* articles in the article are others */
	if (tree_is(node, "article") && m->chars <= MAX_TEXT)
		return true;
	if (m->links == 0 || m->chars < MIN_TEXT || m->chars > MAX_TEXT || own > OWN_WORDS)
		return false;
	if (!m->images && !m->headings)
		return false;
	return m->link_chars * 10 >= m->chars * 6 ||
	       (m->link_chars * 5 >= m->chars && m->headings && m->images);
}

/* Whether two neighbours are of one make: the same element with the same first class. */
static bool by_shape_is_alike(const xmlNode *a, const xmlNode *b)
{
	const char *class_a = tree_get(a, "class"), *class_b = tree_get(b, "class");
	if (strcmp(tree_name(a), tree_name(b)) != 0)
		return false;
	size_t len = class_a ? strcspn(class_a, " ") : 0;
	return len == (class_b ? strcspn(class_b, " ") : 0) &&
	       (len == 0 || memcmp(class_a, class_b, len) == 0);
}

/* Drop the rows of teasers among the element's children. */
static void drop_rows(struct page *page, xmlNode *parent, unsigned whole)
{
	xmlNode *first = tree_first_element(parent);
	while (first) {
		xmlNode *end = first;
		unsigned count = 0, own = 0, others = 0;
		for (; end && by_shape_is_alike(first, end); end = tree_next_element(end)) {
			own += measure_of(end)->chars - measure_of(end)->link_chars;
			others += !by_shape_is_teaser(end);
			count++;
		}
		if (count >= MIN_TEASERS && others * 5 <= count && own * 3 <= whole) {
			page_note(page, "drop-teasers", first, "%u of them", count);
			for (xmlNode *n = first, *next; n && n != end; n = next) {
				next = tree_next(n);
				tree_remove(n);
			}
		}
		first = end;
	}
}

/* A box that is one link to another page, with a small picture and a heading. */
static bool is_lone_teaser(const struct page *page, const xmlNode *node)
{
	enum { MAX_THUMB = 200 }; /* pixels */
	const struct measure *m = measure_of(node);
	const char *href = NULL;
	bool thumb = false;
	if (!page_name_is_in(node, "div section aside") || m->links == 0 || m->links > 3 ||
	    m->chars < MIN_TEXT || m->chars > MAX_TEXT / 2 || m->images > 1 ||
	    m->link_chars * 10 < m->chars * 9 || !(m->headings || m->images))
		return false;
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n)) {
		int width = tree_is(n, "img") ? picture_length(n, "width") : -1;
		const char *own = tree_is(n, "a") ? tree_get(n, "href") : NULL;
		thumb |= width > 0 && width <= MAX_THUMB;
		if (own && (*own == '#' || (href && strcmp(own, href) != 0)))
			return false;
		href = own ? own : href;
	}
	return href && (!m->images || thumb) && m->headings > 0 &&
	       !(page->url && strcmp(page->url, href) == 0);
}

void clean_shapes(struct page *page)
{
	const struct measure *all = measure_of(page->content);
	xmlNode *next;
	for (xmlNode *n = page->content; n; n = next) {
		if (tree_is_element(n) && !page_name_is_in(n, "pre table math svg p figure")) {
			drop_rows(page, n, all->chars - all->link_chars);
			next = tree_walk(page->content, n == page->content ? NULL : n);
		} else {
			next = tree_walk_skip(page->content, n);
		}
	}
}

/* More of them are a list that the article makes. */
enum { MAX_LONE = 2 };

void clean_teasers(struct page *page)
{
	xmlNode *found[MAX_LONE], *next;
	size_t count = 0;
	for (xmlNode *n = tree_walk(page->content, NULL); n; n = next) {
		bool closed = page_name_is_in(n, "pre table math svg p figure");
		bool teaser = tree_is_element(n) && !closed && is_lone_teaser(page, n);
		next = closed || teaser ? tree_walk_skip(page->content, n)
					: tree_walk(page->content, n);
		if (teaser && count == MAX_LONE)
			return;
		if (teaser)
			found[count++] = n;
	}
	for (size_t i = 0; i < count; i++) {
		page_note(page, "drop-teaser", found[i], "a link to another page");
		tree_remove(found[i]);
	}
}
