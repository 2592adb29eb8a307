/* How much of what is below each element: one walk for the whole tree. */
#ifndef EXTRACT_PAGE_MEASURE_H
#define EXTRACT_PAGE_MEASURE_H

#include "extract/page/names.h"

struct measure {
	name_set names; /* names_of() */
	unsigned chars; /* of text, white space folded: code points, those of East Asian scripts
			   twice */
	unsigned link_chars; /* of these, in links (half of those that lead within the page) */
	unsigned own_chars;  /* of the text that is not in a block below: a block's own line */
	unsigned own_links;  /* of these, in links */
	unsigned sentences;  /* ends of sentences */
	unsigned paragraphs; /* p of some words, and blocks with a paragraph's amount of own text */
	unsigned images;     /* img, picture, video, svg */
	unsigned headings, inputs, links;
	unsigned order; /* number of the element in document order */
};

/* Measure all elements below and at `root`. The measures live in the page's arena; an element made
 * afterwards has none, and those of others do not follow changes: measure anew after them. */
void measure_all(struct page *page, xmlNode *root);

/* Of a node measured by the last measure_all(); a zero measure for others. */
const struct measure *measure_of(const xmlNode *node);

/* link_chars by chars, 0 to 1. */
double measure_link_density(const struct measure *m);

#endif
