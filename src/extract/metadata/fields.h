/* From the claims of a page to the fields of its article: who is believed. Each fills its field in
 * page->a if it is still unknown. */
#ifndef EXTRACT_METADATA_FIELDS_H
#define EXTRACT_METADATA_FIELDS_H

#include "extract/metadata/claims.h"

/* title.c: the title, without the site's name; sets headline_order. */
void meta_take_title(struct claims *c);
/* author.c */
void meta_take_authors(struct claims *c);
/* date.c: when it was published, when it was changed. */
void meta_take_dates(struct claims *c);

#endif
