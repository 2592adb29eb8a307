/* Making any tree a valid body. */
#ifndef SANITISE_SANITISE_H
#define SANITISE_SANITISE_H

#include "base/diag.h"

#include <libxml/tree.h>

/* Make everything below `root` satisfy article/elements.h and article/article.h's form: unknown
 * elements give way to their children, scripts, forms, event handlers, `javascript:` and the like
 * go, ids are made unique and valid, links to nowhere lose their href, content models are mended
 * (text in ul, block in p, nested a, table parts in order). No visible text is lost. Bounded in
 * depth: what is nested deeper than 200 elements is flattened. */
void sanitise(xmlNode *root, struct diag *diag);

/* The same for an SVG document's bytes (parsed with no network, no entities, no DTD): scripts,
 * event handlers, foreignObject, external references and animations that fire scripts go. White
 * paper is put below the drawing (svg_put_ground()). Appends the cleaned document to `out`. Returns
 * -1 when it is no SVG. */
struct buf;
int sanitise_svg(const char *bytes, size_t size, struct buf *out, bool *changed,
		 struct chapbook_error *err);

#endif
