#include "extract/page/lines.h"

#include "article/elements.h"
#include "article/tree.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <string.h>

enum { MAX_NODES = 3000 };

static bool is_block(const xmlNode *node)
{
	const struct element *el = element_find(tree_name(node));
	return el ? (el->flags & EL_BREAK) || tree_is(node, "br")
		  : page_name_is_in(node, "body main address center form fieldset hgroup search "
					  "menu dir legend amp-sidebar");
}

static bool is_silent(const xmlNode *node)
{
	return page_name_is_in(node, "script style noscript template button select textarea svg "
				     "iframe object audio video head");
}

static bool is_apart(const xmlNode *node)
{
	return page_name_is_in(node, "figure table pre blockquote") ||
	       tree_has_class(node, "embed") || /* a player */
	       (tree_is(node, "aside") && tree_get(node, "epub:type"));
}

/* Where a walk stands. */
struct place {
	struct page *page;
	const xmlNode *root;
	struct line_list list;
	struct line *open;      /* the line that continues, or NULL */
	const xmlNode *block;   /* the innermost block that is open */
	const xmlNode *apart;   /* the outermost element that sets its lines apart */
	const xmlNode *heading; /* the innermost heading */
	const xmlNode *link;
	unsigned items; /* lists that are open */
};

static void lines_enter(struct place *at, const xmlNode *node)
{
	if (is_block(node)) {
		at->open = NULL;
		at->block = node;
	}
	if (!at->apart && is_apart(node))
		at->apart = node;
	if (!at->heading && tree_heading_level(node))
		at->heading = node;
	if (!at->link && tree_is(node, "a"))
		at->link = node;
	at->items += tree_is(node, "li");
}

static void lines_leave(struct place *at, const xmlNode *node)
{
	if (is_block(node)) {
		at->open = NULL;
		at->block = tree_parent(node);
		while (at->block != at->root && !is_block(at->block))
			at->block = tree_parent(at->block);
	}
	if (at->apart == node)
		at->apart = NULL;
	if (at->heading == node)
		at->heading = NULL;
	if (at->link == node)
		at->link = NULL;
	at->items -= tree_is(node, "li");
}

static unsigned count_chars(const char *s)
{
	unsigned count = 0;
	bool space = true;
	for (; *s; s++) {
		bool blank = *s == ' ' || *s == '\t' || *s == '\n' || *s == '\r' || *s == '\f';
		count += ((*s & 0xC0) != 0x80) && !(blank && space);
		/* U+3000 to U+D7FF */
		count += (unsigned char)*s >= 0xE3 && (unsigned char)*s <= 0xED;
		space = blank;
	}
	return count;
}

static void add_text(struct place *at, xmlNode *text)
{
	if (tree_is_space(text))
		return;
	if (!at->open) {
		at->open = ARENA_PUSH(&at->page->arena, at->list);
		if (!at->open)
			return;
		*at->open = (struct line){.first = text,
					  .block = at->block,
					  .heading = tree_heading_level(at->heading),
					  .apart = at->apart != NULL,
					  .item = at->items > 0};
	}
	unsigned chars = count_chars(tree_text_value(text));
	at->open->last = text;
	at->open->chars += chars;
	if (at->link)
		at->open->link_chars += chars;
}

struct line_list lines_of(struct page *page, const xmlNode *root)
{
	struct place at = {.page = page, .root = root, .block = root};
	const xmlNode *node = root;
	while (node) {
		const xmlNode *next = NULL;
		if (tree_is_text(node)) {
			add_text(&at, (xmlNode *)node);
		} else if (tree_is_element(node) && !is_silent(node)) {
			if (node != root)
				lines_enter(&at, node);
			next = tree_first(node);
			if (!next && node != root)
				lines_leave(&at, node);
		}
		while (!next && node && node != root) {
			next = tree_next(node);
			if (!next) {
				node = tree_parent(node);
				if (node && node != root)
					lines_leave(&at, node);
			}
		}
		node = next;
	}
	return at.list;
}

static void lines_put_text(struct buf *out, const xmlNode *root, const struct line *line,
			   const char *between)
{
	size_t start = out->len;
	for (const xmlNode *n = line->first; n; n = tree_walk(root, n)) {
		if (tree_is_text(n)) {
			buf_puts(out, tree_text_value(n));
			buf_puts(out, between);
		}
		if (n == line->last)
			break;
	}
	buf_fold_space(out, start);
}

void line_put_text(struct buf *out, const xmlNode *root, const struct line *line)
{
	lines_put_text(out, root, line, "");
}

void line_put_words(struct buf *out, const xmlNode *root, const struct line *line)
{
	lines_put_text(out, root, line, " ");
}

/* Whether there is nothing in it but white space. */
static bool lines_is_empty(const xmlNode *node)
{
	for (const xmlNode *n = tree_first(node); n; n = tree_next(n))
		if (!tree_is(n, "br") && !tree_is_space(n))
			return false;
	return true;
}

void line_remove(const xmlNode *root, const struct line *line)
{
	xmlNode *next;
	for (xmlNode *n = line->first; n; n = next) {
		bool last = n == line->last;
		next = tree_walk(root, n);
		if (tree_is_text(n)) {
			xmlNode *up = tree_parent(n);
			tree_remove(n);
			while (up != root && lines_is_empty(up)) {
				n = up;
				up = tree_parent(n);
				if (next && tree_parent(next) == n)
					next = tree_walk_skip(root, n);
				tree_remove(n);
			}
		}
		if (last)
			break;
	}
}

bool lines_are_few(const xmlNode *root, size_t chars)
{
	size_t nodes = 0, count = 0;
	for (const xmlNode *n = tree_walk(root, NULL); n; n = tree_walk(root, n)) {
		count += count_chars(tree_text_value(n));
		if (++nodes > MAX_NODES || count > chars)
			return false;
	}
	return true;
}
