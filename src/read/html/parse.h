/* HTML to a tree, as HTML5 has it. */
#ifndef READ_HTML_PARSE_H
#define READ_HTML_PARSE_H

#include "article/article.h"
#include "chapbook.h"

#include <libxml/tree.h>
#include <stddef.h>

/* Parse `html` (clean UTF-8) as HTML5 does the inside of a body, and append what comes out to
 * `parent`. Comments, scripts and the like are left out; what is left open does not take in the
 * text behind it; a tag that is no element of HTML, SVG or MathML is text; "/>" closes any element.
 * The names of svg and math elements are theirs; attributes carry their prefix
 * ("xlink:href"). The result is to be sanitised. Bounded: elements deeper than 500 give way, and
 * those that only change the look when the tree would be many times as large as the text. */
int html_fragment_parse(xmlNode *parent, const char *html, size_t len, struct chapbook_error *err);

/* Parse a whole page (clean UTF-8) as browsers do. The document's root is `html`, with `head` and
 * `body` below it. Comments, style sheets and scripts are left out; scripts of type
 * application/ld+json are appended to `json_ld` (strings in `arena`), those that say mathematics
 * stay ("math/tex"). `noscript` elements stand where browsers that run scripts have them, with
 * their content as elements. White space beside blocks is left out. NULL on error. Bounded as
 * above. */
xmlDoc *html_document_parse(const char *html, size_t len, struct string_list *json_ld,
			    struct arena *arena, struct chapbook_error *err);

#endif
