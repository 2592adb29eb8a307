/* Writing a body tree as XHTML, by the element table: EPUB 3.3 section 6.1, XML syntax. */
#ifndef ARTICLE_XHTML_H
#define ARTICLE_XHTML_H

#include "article/article.h"
#include "base/buf.h"

#include <libxml/tree.h>
#include <stddef.h>

/* Append the children of `node`. Empty elements that are not void are written with an end tag;
 * svg and math get their namespaces declared. The tree must satisfy article/elements.h. */
void xhtml_put_children(struct buf *out, const xmlNode *node);

/* The block that xhtml_put_children() of `node` writes at a line (from 1 on): the last that begins
 * there or before; NULL when there is none. */
xmlNode *xhtml_find_line(xmlNode *node, size_t line);

/* Append an article's body as a document by itself, outside a book. It has no title page, so the
 * standfirst comes first. */
void xhtml_put_document(struct buf *out, const struct article *a);

#endif
