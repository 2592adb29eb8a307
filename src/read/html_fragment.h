/* A piece of HTML, as it stands in a Markdown text, to a tree. */
#ifndef READ_HTML_FRAGMENT_H
#define READ_HTML_FRAGMENT_H

#include "article/article.h"
#include "chapbook.h"

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

/* Parse `html` (clean UTF-8) as HTML5 does the inside of a body, and append what comes out to
 * `parent`. Comments, scripts and the like are left out. The names of svg and math elements are
 * theirs; attributes carry their prefix ("xlink:href"). The result is to be sanitised. Bounded:
 * elements deeper than 500 give way, and CHAPBOOK_E_LIMIT when the tree would be a hundred times
 * as large as the text. */
int html_fragment_parse(xmlNode *parent, const char *html, size_t len, struct chapbook_error *err);

/* Parse a whole page (clean UTF-8) as browsers do. The document's root is `html`, with `head` and
 * `body` below it. Bodies of scripts and style sheets are not parsed; those of type
 * application/ld+json are appended to `json_ld` (strings in `arena`), those that say mathematics
 * stay ("math/tex"). NULL on error. Bounded as above. */
xmlDoc *html_document_parse(const char *html, size_t len, struct string_list *json_ld,
			    struct arena *arena, struct chapbook_error *err);

/* --- Tags, for whoever wants to know which are open --- */

struct html_tag {
	size_t len;       /* of the whole, from "<" to ">" */
	const char *name; /* in the text, as it was written */
	size_t name_len;
	bool end; /* "</…" */
	bool self_closing;
	size_t attributes; /* how many */
};

/* Read the tag at `html`, which begins with "<". False when there is none: then "<" is text. */
bool html_tag_read(const char *html, size_t len, struct html_tag *tag);
/* Whether the tag's name is this one, in lower case. */
bool html_tag_is(const struct html_tag *tag, const char *name);
/* Whether it opens something that an end tag closes: no void element, none whose end tag may be
 * left out (p, li, td, …). */
bool html_tag_nests(const struct html_tag *tag);

#endif
