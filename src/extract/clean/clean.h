/* What the files of the clean pass (content_clean(), extract/page/passes.h) share. */
#ifndef EXTRACT_CLEAN_CLEAN_H
#define EXTRACT_CLEAN_CLEAN_H

#include "extract/page/page.h"

/* by_name.c: parts with names of boilerplate. */
void clean_named(struct page *page);

/* by_shape.c: rows of teasers, known by their make. */
void clean_shapes(struct page *page);

/* by_shape.c: single teasers, when what stands over several is gone. */
void clean_teasers(struct page *page);

/* by_text.c: lines that say so themselves, what they stand over, and what follows the end. */
void clean_lines(struct page *page);

/* cut.c: take out all below `root` from `first` up to `stop`, which is kept, in document order;
 * NULL means up to the end. Elements that hold `first` go when nothing stands in them before it. */
void clean_cut(xmlNode *root, xmlNode *first, const xmlNode *stop);

#endif
