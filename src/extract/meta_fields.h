/* From the claims of a page to the fields of its article: who is believed. Each fills its field in
 * page->a if it is still unknown. */
#ifndef EXTRACT_META_FIELDS_H
#define EXTRACT_META_FIELDS_H

#include "extract/claims.h"

/* meta_title.c: the title, without the site's name; sets headline_order. */
void meta_take_title(struct claims *c);
/* meta_author.c */
void meta_take_authors(struct claims *c);
/* meta_date.c: when it was published, when it was changed. */
void meta_take_dates(struct claims *c);

#endif
