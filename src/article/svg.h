/* What SVG drawings in books are made of: one table for what cleans them and what checks them.
 * SVG 1.1 appendices K and L, and what SVG 2 renamed. */
#ifndef ARTICLE_SVG_H
#define ARTICLE_SVG_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether an element may be in a drawing: no scripts, no animation, nothing from elsewhere, no HTML
 * inside, no links. */
bool svg_allows_element(const char *name);

/* What an attribute's value is. */
enum svg_kind {
	SVG_VALUE,     /* numbers, words, CSS values that may have "url(#id)" in them */
	SVG_TEXT,      /* any text */
	SVG_WORD,      /* one of `choices` */
	SVG_ID,        /* the name of the element */
	SVG_LANGUAGE,  /* a language tag */
	SVG_STYLE,     /* declarations of CSS */
	SVG_LINK,      /* "#id", or of an image a data: URL */
	SVG_REFERENCE, /* a value whose "url(#id)" must be an element of `choices` */
};

struct svg_attribute {
	const char *name; /* "xlink:href", "xml:lang": prefixes are written as usual */
	enum svg_kind kind;
	const char *choices; /* separated by spaces */
};

/* NULL when it may not be in a drawing: event handlers, animation, names of other namespaces, and
 * what is no name. */
const struct svg_attribute *svg_attribute_find(const char *name);

/* Whether `word` is one of the attribute's choices. */
bool svg_has_choice(const struct svg_attribute *attribute, const char *word);

/* Put white paper below a drawing, for readers whose pages are black. Not when it has light colours
 * alone, or, unless it is a file of its own, the colour of the text around it. Returns whether it
 * was done. */
bool svg_put_ground(xmlNode *svg, bool is_file);

#endif
