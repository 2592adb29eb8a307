#include "extract/passes.h"

#include "article/tree.h"
#include "extract/measure.h"

bool content_find(struct page *page, const char **why)
{
	double best = 0;
	measure_all(page, page->body);
	page->content = page->body;
	for (xmlNode *n = page->body; n; n = tree_walk(page->body, n)) {
		const struct measure *m = measure_of(n);
		if (!page_name_is_in(n, "body div section article main td"))
			continue;
		double score = 0;
		for (const xmlNode *c = tree_first_element(n); c; c = tree_next_element(c))
			if (tree_is(c, "p"))
				score += measure_of(c)->chars - measure_of(c)->link_chars;
		if (m->names & (NAMED(CONTENT) | NAMED(BODY)))
			score *= 1.25;
		if (score > best) {
			best = score;
			page->content = n;
		}
	}
	*why = "it has no text";
	return measure_of(page->body)->chars > 0;
}
