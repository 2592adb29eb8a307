/* What a page's elements say of the article: meta, link, microdata, names of parts, headings, dates
 * and bylines in sight. */
#ifndef EXTRACT_METADATA_SCAN_H
#define EXTRACT_METADATA_SCAN_H

#include "extract/metadata/claims.h"

/* One walk over the page. */
void meta_scan(struct claims *c);

#endif
