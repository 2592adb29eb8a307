#include "extract/passes.h"

#include "article/tree.h"

void hidden_drop(struct page *page)
{
	for (xmlNode *n = tree_walk(page->body, NULL), *next; n; n = next) {
		if (page_name_is_in(n, "script style noscript template form button input select "
				       "textarea object embed link meta")) {
			next = tree_walk_skip(page->body, n);
			tree_remove(n);
		} else {
			next = tree_walk(page->body, n);
		}
	}
}
