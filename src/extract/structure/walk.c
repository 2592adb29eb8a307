#include "extract/structure/structure.h"

#include "article/tree.h"

#include <string.h>

xmlNode *walk_into(const struct normaliser *s, xmlNode *node)
{
	return tree_walk(s->page->body, node);
}

xmlNode *walk_past(const struct normaliser *s, xmlNode *node)
{
	return tree_walk_skip(s->page->body, node);
}

xmlNode *walk_remove(const struct normaliser *s, xmlNode *node)
{
	xmlNode *next = walk_past(s, node);
	tree_remove(node);
	return next;
}

void put_text_before(xmlNode *node, const char *text)
{
	xmlNode *holder = tree_detached(node, "span");
	tree_insert_before(node, tree_text(holder, text, strlen(text)));
	tree_remove(holder);
}

bool short_text(struct buf *out, const xmlNode *node)
{
	enum { MAX_NODES = 12, MAX_BYTES = 200 };
	int nodes = 0;
	buf_puts(out, tree_text_value(node));
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n)) {
		buf_puts(out, tree_text_value(n));
		if (++nodes > MAX_NODES || out->len > MAX_BYTES)
			return false;
	}
	buf_fold_space(out, 0);
	return true;
}
