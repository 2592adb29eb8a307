#include "article/figcaption.h"

#include "article/tree.h"
#include "base/buf.h"
#include "lang/caption.h"

#include <string.h>

/* The text node of the caption that has byte `at` of its text, and where in the node that is. */
static xmlNode *text_at(const xmlNode *figcaption, size_t at, size_t *within)
{
	for (xmlNode *n = tree_walk(figcaption, NULL); n; n = tree_walk(figcaption, n)) {
		size_t len = tree_is_text(n) ? strlen(tree_text_value(n)) : 0;
		if (at < len) {
			*within = at;
			return n;
		}
		at -= len;
	}
	return NULL;
}

/* Move all of the caption from byte `within` of `text` on into a new span at its end. */
static void wrap_from(xmlNode *figcaption, xmlNode *text, size_t within)
{
	xmlNode *span = tree_detached(figcaption, "span"), *top = text;
	const char *value = tree_text_value(text);
	tree_set(span, "class", "credit");
	tree_text(span, value + within, strlen(value + within));
	tree_set_text(text, value, within);
	/* Elements that the caption and the credit share end where the credit begins. */
	for (; tree_parent(top) != figcaption; top = tree_parent(top))
		while (tree_next(top))
			tree_append(span, tree_next(top));
	while (tree_next(top))
		tree_append(span, tree_next(top));
	tree_append(figcaption, span);
	for (xmlNode *n = text; n != figcaption && !tree_first(n) && !*tree_text_value(n);) {
		xmlNode *up = tree_parent(n);
		tree_remove(n);
		n = up;
	}
}

void caption_mark_credit(xmlNode *figcaption)
{
	struct buf all = BUF_INIT;
	struct credit credit;
	size_t within;
	for (xmlNode *n = tree_walk(figcaption, NULL); n; n = tree_walk(figcaption, n)) {
		if (tree_has_class(n, "credit")) {
			buf_release(&all);
			return;
		}
		if (tree_is_text(n))
			buf_puts(&all, tree_text_value(n));
	}
	/* what follows the credit (a stop, a space) is part of it */
	if (!all.failed && credit_find(all.data, all.len, &credit)) {
		xmlNode *text = text_at(figcaption, credit.whole_start, &within);
		if (text)
			wrap_from(figcaption, text, within);
	}
	if (all.failed)
		tree_fail(figcaption);
	buf_release(&all);
}
