/* XHTML: pages by the rules of XML. */
#ifndef READ_HTML_XHTML_H
#define READ_HTML_XHTML_H

#include "base/buf.h"

#include <stdbool.h>

/* Whether a page is XHTML: by its name (.xhtml, .xht), its media type, or an XML declaration and
 * the namespace. `name` and `type` may be NULL. */
bool xhtml_is(const char *name, const char *type, const char *text, size_t len);

/* Why a page could not be read as XML. */
struct xhtml_problem {
	int line;
	bool is_limit; /* it exceeds one; else it is not well-formed */
	char reason[160];
};

/* Append the page (clean UTF-8) as HTML that means the same to an HTML parser: empty elements have
 * end tags, CDATA is text, entities are replaced. HTML's entities are known without the DTD, which
 * is never loaded; nor are external entities. What entities grow to is bounded (by libxml2, and to
 * 10 times the page's size), so is depth (256). False with *problem filled in: it is not
 * well-formed, or beyond a bound; nothing is appended. */
bool xhtml_put_html(struct buf *out, const char *text, size_t len, struct xhtml_problem *problem);

#endif
