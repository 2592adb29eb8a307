/* CSS as drawings have it: what of it may be in a book. An allow-list after CSS Syntax Level 3:
 * what is kept is well-formed by itself, loads nothing, and refers to parts of the same drawing
 * alone. */
#ifndef ARTICLE_CSS_H
#define ARTICLE_CSS_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Whether EPUB forbids the property in style sheets and style attributes (EPUB 3.3, section
 * 6.3.1.3: direction, unicode-bidi). */
bool css_property_is_forbidden(const char *name, size_t len);

/* The end of the comment of which the text up to `end` is the rest, behind its "/" and "*"; NULL
 * when it is not closed. */
const char *css_comment_end(const char *text, const char *end);

/* Says what "url(#ID)" is to refer to: the id to write, or NULL when it leads nowhere and is to go
 * with the declaration that has it. */
struct css_references {
	const char *(*find)(void *ctx, const char *id);
	void *ctx;
};

/* Append one value, of a presentation attribute or a declaration. Returns whether it may be kept;
 * if not, `out` is as it was. */
bool css_put_value(struct buf *out, const char *value, size_t len,
		   const struct css_references *refs);

/* Append the declarations of a style attribute that may be kept, separated by ";". Returns whether
 * all of them were. */
bool css_put_declarations(struct buf *out, const char *text, size_t len,
			  const struct css_references *refs);

/* Append the rules of a style sheet that may be kept, @media rules among them; comments and other
 * at-rules are left out. Returns whether all rules and declarations were kept. */
bool css_put_sheet(struct buf *out, const char *text, size_t len,
		   const struct css_references *refs);
/* The same for a drawing in a page: each selector reaches only what is in the element with the id
 * `scope`, and that element; ids in selectors become those that `refs` finds. */
bool css_put_scoped_sheet(struct buf *out, const char *text, size_t len,
			  const struct css_references *refs, const char *scope);

#endif
