#include "extract/passes.h"

#include "article/tree.h"
#include "extract/measure.h"

void content_clean(struct page *page)
{
	const name_set unwanted = NAMED(SHARE) | NAMED(RELATED) | NAMED(SIGNUP) | NAMED(COMMENTS) |
				  NAMED(AD) | NAMED(NAV) | NAMED(CONSENT);
	measure_all(page, page->content);
	for (xmlNode *n = tree_walk(page->content, NULL), *next; n; n = next) {
		if (tree_is_element(n) && (measure_of(n)->names & unwanted)) {
			page_note(page, "drop-named", n, "%u characters", measure_of(n)->chars);
			next = tree_walk_skip(page->content, n);
			tree_remove(n);
		} else {
			next = tree_walk(page->content, n);
		}
	}
}
