#include "book/parts.h"

#include "article/tree.h"
#include "base/buf.h"
#include "media/metadata/metadata.h"

char *book_heading_title(struct book *book, const xmlNode *heading)
{
	struct buf text = BUF_INIT;
	for (const xmlNode *n = tree_walk(heading, NULL); n;) {
		if (tree_is(n, "rt") || tree_is(n, "rp") ||
		    (tree_is(n, "a") && tree_get(n, "epub:type"))) {
			n = tree_walk_skip(heading, n); /* a reading, or the number of a note */
			continue;
		}
		if (tree_is_text(n))
			buf_puts(&text, tree_text_value(n));
		else if (tree_is(n, "br"))
			buf_putc(&text, ' ');
		else if (tree_is(n, "img") && tree_get(n, "alt"))
			buf_puts(&text, tree_get(n, "alt"));
		n = tree_walk(heading, n);
	}
	buf_fold_space(&text, 0);
	char *title = arena_dup(&book->arena, text.len ? text.data : "…");
	buf_end(&text, &book->arena.failed);
	return title;
}
