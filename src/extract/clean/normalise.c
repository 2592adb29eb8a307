/* What was found becomes a chapter: its blocks are the body's children, in paragraphs where they
 * had none, and what only served the page's looks is gone. Two walks, each from the top down, so
 * that nothing is moved more than once. */
#include "extract/page/passes.h"

#include "article/elements.h"
#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"
#include "base/word_list.h"
#include "extract/page/lines.h"
#include "extract/page/names.h"

#include <stdint.h>
#include <string.h>

/* What there is below an element: kept as its data. */
enum {
	HAS_BLOCK = 1,
	HAS_CONTENT = 2, /* text, a picture, … */
	HAS_PLACE = 4,   /* an id that a link leads to */
};

enum { LONGEST_CALLOUT = 2000 };

struct normalisation {
	struct page *page;
	xmlNode *root;
	struct map linked; /* ids that links lead to */
};

/* --- Elements --- */

/* Boxes that have no meaning: the blocks in them take their place. */
static bool is_wrapper(const xmlNode *node)
{
	return page_name_is_in(node, "div section article main header footer center form fieldset "
				     "hgroup nav dialog search details summary address body");
}

/* Inline elements that have none: their attributes may. */
static bool is_plain_inline(const xmlNode *node)
{
	return page_name_is_in(node, "span font nobr big label bdi") ||
	       (!element_find(tree_name(node)) && strchr(tree_name(node), '-'));
}

static bool is_block_name(const xmlNode *node)
{
	const struct element *el = element_find(tree_name(node));
	if (page_name_is_in(node, "rt rp"))
		return false;
	return el ? !(el->flags & EL_PHRASING)
		  : is_wrapper(node) || page_name_is_in(node, "menu dir legend listing xmp");
}

static unsigned has(const xmlNode *node, unsigned what)
{
	return (unsigned)(uintptr_t)tree_data(node) & what;
}

static bool normalise_is_inline(const xmlNode *node)
{
	return !tree_is_element(node) || !(is_block_name(node) || has(node, HAS_BLOCK));
}

/* All that `node` is in has this below it: those above one that knows do already. */
static void mark_above(const struct normalisation *t, const xmlNode *node, unsigned what)
{
	for (xmlNode *up = tree_parent(node); up; up = tree_parent(up)) {
		unsigned known = has(up, ~0u);
		if ((known & what) == what)
			return;
		tree_set_data(up, (void *)(uintptr_t)(known | what));
		if (up == t->root)
			return;
	}
}

/* --- Attributes --- */

static bool class_is_ours(const char *cls)
{
	return word_list_has("callout credit embed math pullquote references verse", cls) ||
	       strncmp(cls, "language-", 9) == 0;
}

/* Whether links may lead to this id. */
static bool is_place(const struct normalisation *t, const char *id)
{
	return t->page->keeps_places || map_find(&t->linked, id) != NULL;
}

static bool keeps_attribute(const struct normalisation *t, const xmlNode *node, const char *name,
			    const char *value)
{
	const struct element *el = element_find(tree_name(node));
	if (strcmp(name, "id") == 0)
		return is_place(t, value);
	if (strcmp(name, "class") == 0)
		return class_is_ours(value);
	if (strcmp(name, "role") == 0)
		return strncmp(value, "doc-", 4) == 0;
	if (strcmp(name, "title") == 0)
		return page_name_is_in(node, "abbr dfn");
	if (strncmp(name, "aria-", 5) == 0 || strcmp(name, "translate") == 0)
		return false;
	return tree_is(node, "a") && strcmp(name, "name") == 0 ? is_place(t, value)
							       : el && element_allows(el, name);
}

static void normalise_drop_attributes(const struct normalisation *t, xmlNode *node)
{
	const char *name, *value;
	for (const xmlAttr *a = tree_attr_next(node, NULL, &name, &value), *next; a; a = next) {
		const char *this_name = name, *this_value = value;
		next = tree_attr_next(node, a, &name, &value);
		if (!keeps_attribute(t, node, this_name, this_value))
			tree_set(node, this_name, NULL);
	}
}

static bool has_attributes(const xmlNode *node)
{
	const char *name, *value;
	return tree_attr_next(node, NULL, &name, &value) != NULL;
}

static void find_linked(struct normalisation *t)
{
	struct arena *arena = &t->page->arena;
	for (xmlNode *n = tree_find(t->root, NULL, "a"); n; n = tree_find(t->root, n, "a")) {
		const char *href = tree_get(n, "href");
		if (!href || *href != '#' || !href[1])
			continue;
		struct buf id = BUF_INIT;
		url_put_decoded(&id, href + 1, strlen(href + 1));
		char *own = arena_dup(arena, id.data), *raw = arena_dup(arena, href + 1);
		if (own && raw) {
			map_set(&t->linked, own, own);
			map_set(&t->linked, raw, raw);
		}
		if (id.failed)
			tree_fail(n);
		buf_release(&id);
	}
}

/* --- The first walk: what there is --- */

/* A note, tip or warning set apart from the text. */
static bool is_callout(const struct normalisation *t, const xmlNode *node)
{
	return (is_wrapper(node) || tree_is(node, "aside")) &&
	       (names_of(t->page, node) & NAMED(CALLOUT)) && lines_are_few(node, LONGEST_CALLOUT);
}

static xmlNode *inspect_markup(struct normalisation *t, xmlNode *node)
{
	const char *text = tree_text_value(node);
	if (text[strspn(text, " \t\r\n\f\xC2\xA0")])
		mark_above(t, node, HAS_CONTENT);
	if (!tree_is_element(node))
		return tree_walk(t->root, node);
	if (page_name_is_in(node, "svg math pre")) {
		unsigned what = HAS_CONTENT | (tree_is(node, "pre") ? HAS_BLOCK : 0);
		bool content = !tree_is_blank(node);
		tree_set_data(node, (void *)(uintptr_t)(content ? HAS_CONTENT : 0));
		if (content)
			mark_above(t, node, what);
		return tree_walk_skip(t->root, node);
	}
	tree_set_data(node, NULL);
	if (page_name_is_in(node, "aside blockquote div") &&
	    names_of(t->page, node) & NAMED(PULLQUOTE))
		tree_set(node, "class", "pullquote");
	bool callout = is_callout(t, node);
	normalise_drop_attributes(t, node);
	if (callout) {
		tree_rename(node, "aside");
		tree_set(node, "class", "callout");
	}
	if (is_plain_inline(node) && !has_attributes(node)) {
		xmlNode *next = tree_walk(t->root, node);
		tree_unwrap(node);
		return next;
	}
	if (tree_get(node, "id") || tree_get(node, "name"))
		mark_above(t, node, HAS_PLACE);
	if (is_block_name(node))
		mark_above(t, node, HAS_BLOCK);
	if (page_name_is_in(node, "img hr audio video iframe object"))
		mark_above(t, node, HAS_CONTENT);
	return tree_walk(t->root, node);
}

/* --- The second walk: what becomes of it --- */

static bool is_blank_text(const xmlNode *node)
{
	const char *text = tree_text_value(node);
	return tree_is_text(node) && !text[strspn(text, " \t\r\n\f\xC2\xA0")];
}

/* Whether a run of inline nodes says anything. */
static bool says_something(const xmlNode *node)
{
	return tree_is_element(node) ? has(node, HAS_CONTENT) ||
					       page_name_is_in(node, "img svg math iframe object")
				     : !is_blank_text(node);
}

/* The inline nodes among the children of `node` stand in paragraphs. */
static void wrap_runs(xmlNode *node)
{
	xmlNode *p = NULL;
	for (xmlNode *n = tree_first(node), *next; n; n = next) {
		next = tree_next(n);
		if (!normalise_is_inline(n)) {
			p = NULL;
			continue;
		}
		if (!p && !says_something(n))
			continue;
		if (!p) {
			p = tree_detached(n, "p");
			tree_set_data(p, (void *)(uintptr_t)HAS_CONTENT);
			tree_insert_before(n, p);
		}
		tree_append(p, n);
	}
}

/* The next node that is not white space. */
static xmlNode *past_space(xmlNode *node)
{
	while (node && is_blank_text(node))
		node = tree_next(node);
	return node;
}

static void drop_until(xmlNode *from, const xmlNode *end)
{
	for (xmlNode *next; from && from != end; from = next) {
		next = tree_next(from);
		tree_remove(from);
	}
}

/* Remove `br` at the ends of a paragraph; two in a row end it. */
static void normalise_breaks(xmlNode *p)
{
	xmlNode *start = tree_first(p);
	for (xmlNode *n = start; n;) {
		if (!tree_is(n, "br")) {
			n = tree_next(n);
			continue;
		}
		xmlNode *end = n;
		size_t count = 0;
		while (tree_is(end, "br")) {
			count++;
			end = past_space(tree_next(end));
		}
		bool at_start = past_space(tree_first(p)) == n;
		if (!at_start && end && count > 1) {
			xmlNode *before = tree_detached(p, "p");
			tree_set_data(before, tree_data(p));
			for (xmlNode *c = tree_first(p), *next; c != n; c = next) {
				next = tree_next(c);
				tree_append(before, c);
			}
			tree_insert_before(p, before);
		}
		if (at_start || !end || count > 1)
			drop_until(n, end);
		n = end;
	}
}

/* Whether it is all that its parent has. */
static bool is_only_child(const xmlNode *node)
{
	for (const xmlNode *n = tree_prev(node); n; n = tree_prev(n))
		if (!is_blank_text(n))
			return false;
	for (const xmlNode *n = tree_next(node); n; n = tree_next(n))
		if (!is_blank_text(n))
			return false;
	return true;
}

/* The place that links to `node` lead to is its first part, or what it is in. */
static void pass_place_on(xmlNode *node)
{
	const char *id = tree_get(node, "id");
	xmlNode *to = id ? tree_first_element(node) : NULL;
	while (to && tree_get(to, "id"))
		to = tree_first_element(to);
	if (id && !to && !tree_get(tree_parent(node), "id"))
		to = tree_parent(node);
	if (to)
		tree_set(to, "id", id);
}

static xmlNode *unwrap(struct normalisation *t, xmlNode *node)
{
	xmlNode *next = tree_walk(t->root, node);
	pass_place_on(node);
	tree_unwrap(node);
	return next;
}

/* The block that an element is in takes its place over; where it is in none, what follows it. */
static void hand_place_over(const struct normalisation *t, const xmlNode *node)
{
	const char *id = tree_get(node, "id");
	xmlNode *to = tree_parent(node);
	if (to == t->root || is_wrapper(to) || tree_get(to, "id"))
		to = past_space(tree_next(node));
	if (to && tree_is_element(to) && !tree_get(to, "id"))
		tree_set(to, "id", id ? id : tree_get(node, "name"));
}

/* An element with nothing in it: only a place that links of this page lead to is kept. */
static xmlNode *normalise_empty(struct normalisation *t, xmlNode *node)
{
	const char *id = tree_get(node, "id") ? tree_get(node, "id") : tree_get(node, "name");
	if (has(node, HAS_PLACE))
		return unwrap(t, node);
	if (id && !map_find(&t->linked, id)) {
		hand_place_over(t, node);
	} else if (id) {
		if (!tree_is(node, "a"))
			tree_rename(node, "span");
		return tree_walk_skip(t->root, node);
	}
	xmlNode *next = tree_walk_skip(t->root, node);
	tree_remove(node);
	return next;
}

static xmlNode *normalise_wrapper(struct normalisation *t, xmlNode *node)
{
	if (has(node, HAS_BLOCK)) {
		wrap_runs(node);
		return unwrap(t, node);
	}
	if (page_name_is_in(tree_parent(node), "li td th dd dt figcaption caption p") &&
	    is_only_child(node))
		return unwrap(t, node);
	if (tree_is(node, "address"))
		return tree_walk(t->root, node);
	tree_rename(node, "p");
	normalise_breaks(node);
	return tree_walk(t->root, node);
}

static xmlNode *normalise_node(struct normalisation *t, xmlNode *node)
{
	if (!tree_is_element(node))
		return tree_walk(t->root, node);
	if (page_name_is_in(node, "svg math pre"))
		return has(node, HAS_CONTENT) ? tree_walk_skip(t->root, node)
					      : normalise_empty(t, node);
	if (page_name_is_in(node, "img hr br wbr col colgroup td th tr rt rp iframe object embed "
				  "audio video input source track param"))
		return tree_walk(t->root, node);
	if (!has(node, HAS_CONTENT))
		return normalise_empty(t, node);
	if (is_wrapper(node))
		return normalise_wrapper(t, node);
	if (tree_is(node, "p")) {
		if (has(node, HAS_BLOCK)) {
			wrap_runs(node);
			return unwrap(t, node);
		}
		if (!tree_has_class(node, "verse"))
			normalise_breaks(node);
	} else if (page_name_is_in(node, "blockquote aside")) {
		wrap_runs(node);
	}
	return tree_walk(t->root, node);
}

/* A heading at the very end names nothing. */
static void normalise_drop_last_headings(struct normalisation *t)
{
	for (xmlNode *last = tree_last(t->root); last; last = tree_last(t->root)) {
		if (tree_heading_level(last))
			page_note(t->page, "last-heading", last, "nothing below it");
		else if (!is_blank_text(last))
			return;
		tree_remove(last);
	}
}

void body_normalise(struct page *page)
{
	struct normalisation t = {.page = page, .root = page->content, .linked = MAP_INIT};
	find_linked(&t);
	tree_set_data(t.root, NULL);
	for (xmlNode *n = tree_first(t.root); n;)
		n = inspect_markup(&t, n);
	wrap_runs(t.root);
	for (xmlNode *n = tree_first(t.root); n;)
		n = normalise_node(&t, n);
	normalise_drop_last_headings(&t);
	if (t.linked.failed)
		page->arena.failed = true;
	map_release(&t.linked);
}
