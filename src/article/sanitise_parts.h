/* The sanitiser's parts: what its files share. See sanitise.c for how it works. */
#ifndef ARTICLE_SANITISE_PARTS_H
#define ARTICLE_SANITISE_PARTS_H

#include "article/elements.h"
#include "article/id_map.h"
#include "base/buf.h"
#include "base/diag.h"

#include <libxml/tree.h>
#include <stdbool.h>

/* sanitise_attributes.c: give `out` those attributes of `source` that are allowed on it, with
 * values that are valid. `extra_class` may be NULL; `ids` NULL leaves ids out. */
void sanitise_attributes(struct id_map *ids, const xmlNode *source, xmlNode *out,
			 const struct element *el, const char *extra_class);
/* Whether `attr` has a value that sanitise_attributes() would keep. */
bool sanitise_has_attribute(const xmlNode *source, const char *name, const char *attr);

/* sanitise_mend.c: put in order what is in an element that is now complete: order and number of
 * parts. It may be renamed, moved into, or removed: `node` is not to be used afterwards. */
void sanitise_mend(xmlNode *node);

/* sanitise_foreign.c: clean an `svg` or `math` subtree in place. False when it cannot be saved:
 * then only its text is used. */
bool sanitise_foreign(struct id_map *ids, xmlNode *node);
/* Whether an SVG element may stay, and an attribute of it with this value. */
bool svg_allows_element(const char *name);
bool svg_allows_attribute(const char *element, const char *attr, const char *value);

#endif
