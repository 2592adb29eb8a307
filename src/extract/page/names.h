/* What the names that a page's makers gave its parts say: class, id, role, itemprop and the like.
 *
 * The rules are rows of assets/page_names.tsv:
 *
 *   kind <tab> where <tab> pattern|pattern|… <tab> what for <tab> where from
 *
 * `where` is "class" (class and id), "role", "itemprop", "rel", "data" (data-testid,
 * data-component, data-type, data-qa), or "tag" (the element's name). A name is inspected in words:
 * lower-cased and parted at what is no letter or digit and where a capital follows a small letter
 * ("authorBio", "author_bio" and "author-bio" are all "author bio"). A pattern is words in a row,
 * anywhere in one name; a final * stands for any ending of its last word; a first = wants the
 * name to be just this ("=meta" is not "meta-bar"). */
#ifndef EXTRACT_PAGE_NAMES_H
#define EXTRACT_PAGE_NAMES_H

#include "extract/page/page.h"

#include <stdint.h>

/* The kinds: a row each in name_table.h, which says what each means. */
enum name_kind {
#define NAME_KIND(id, name) NAME_##id,
#include "extract/page/name_table.h"
#undef NAME_KIND
	NAME_COUNT
};

typedef uint64_t name_set;
#define NAMED(id) ((name_set)1 << NAME_##id)

/* All kinds that the element's own names say. Remembered for each distinct value: cheap. */
name_set names_of(struct page *page, const xmlNode *node);

#endif
