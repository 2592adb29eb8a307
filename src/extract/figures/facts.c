/* What a page says of its pictures outside its text (JSON-LD), where the text says nothing. */
#include "extract/figures/figures.h"

#include "article/tree.h"
#include "base/buf.h"
#include "extract/figures/candidates.h"

#include <string.h>

/* Characters: what is shorter, or no sentence, is a title or a file's name in most pages. */
enum { MIN_CAPTION = 40, MAX_CREDIT = 160 };

static bool is_sentence(const char *text)
{
	size_t len = strlen(text);
	return len >= MIN_CAPTION && strchr(".!?", text[len - 1]) != NULL;
}

static bool has_credit(const xmlNode *caption)
{
	for (const xmlNode *n = tree_walk(caption, NULL); n; n = tree_walk(caption, n))
		if (tree_has_class(n, "credit"))
			return true;
	return false;
}

static bool facts_contain(const xmlNode *caption, const char *text)
{
	struct buf all = BUF_INIT;
	tree_put_text(&all, caption);
	bool said = strstr(all.data, text) != NULL;
	if (all.failed)
		tree_fail(caption);
	buf_release(&all);
	return said;
}

/* The figure that the picture is in, or could be in: alone in its paragraph. */
static xmlNode *figure_for(struct page *page, xmlNode *img)
{
	xmlNode *up = tree_parent(img);
	if (tree_is(up, "a"))
		up = tree_parent(up);
	if (tree_is(up, "figure"))
		return up;
	if (!tree_is(up, "p") || tree_next_element(tree_first_element(up)))
		return NULL;
	for (const xmlNode *n = tree_first(up); n; n = tree_next(n))
		if (tree_is_text(n) && !tree_is_space(n))
			return NULL;
	xmlNode *figure = figure_make(page, up, img);
	tree_remove(up);
	return figure;
}

static void facts_report(struct page *page, xmlNode *img, const struct image_fact *fact)
{
	const char *alt = tree_get(img, "alt"), *title = page->a->title;
	const char *caption = fact->caption, *credit = fact->credit;
	if (caption && (!is_sentence(caption) || (alt && strcmp(alt, caption) == 0) ||
			(title && strcmp(title, caption) == 0)))
		caption = NULL;
	if (credit && strlen(credit) > MAX_CREDIT)
		credit = NULL;
	xmlNode *figure = caption || credit ? figure_for(page, img) : NULL;
	xmlNode *own = figure_caption(figure);
	if (!figure || (own && (!credit || has_credit(own) || facts_contain(own, credit))))
		return;
	if (!own) {
		own = tree_element(figure, "figcaption");
		if (caption)
			tree_text(own, caption, strlen(caption));
	}
	if (credit && !(caption && strstr(caption, credit))) {
		if (tree_first(own))
			tree_text(own, " ", 1);
		tree_set(tree_leaf(own, "span", credit), "class", "credit");
	}
	if (!tree_first(own))
		tree_remove(own);
	page_note(page, "picture-fact", img, "%s%s%s", caption ? caption : "", credit ? " / " : "",
		  credit ? credit : "");
}

void figures_report_facts(struct page *page)
{
	struct map facts = MAP_INIT;
	struct buf key = BUF_INIT;
	for (size_t i = 0; i < page->image_facts.count; i++) {
		struct image_fact *fact = &page->image_facts.items[i];
		buf_truncate(&key, 0);
		picture_put_key(&key, fact->url, true);
		char *own = key.len ? arena_dup(&page->arena, key.data) : NULL;
		if (own && !map_find(&facts, own))
			map_set(&facts, own, fact);
	}
	for (xmlNode *n = facts.count ? tree_find(page->content, NULL, "img") : NULL, *next; n;
	     n = next) {
		next = tree_find(page->content, n, "img");
		const char *src = tree_get(n, "src");
		buf_truncate(&key, 0);
		if (src)
			picture_put_key(&key, src, true);
		const struct image_fact *fact = key.len ? map_find(&facts, key.data) : NULL;
		if (fact)
			facts_report(page, n, fact);
	}
	page->arena.failed |= key.failed || facts.failed;
	buf_release(&key);
	map_release(&facts);
}
