/* What the preflight knows of HTML's elements: HTML Living Standard, section 4, as EPUB 3.3 takes
 * it over. A table of its own, apart from article/elements.h, so that what made a page is not also
 * its judge; and it knows all of HTML, as other people's books use it. */
#ifndef CHECK_HTML_H
#define CHECK_HTML_H

#include <stdint.h>

/* What may stand in an element. */
enum html_model {
	MODEL_ANY, /* not ours to judge: other namespaces, template */
	MODEL_EMPTY,
	MODEL_TEXT, /* characters alone */
	MODEL_PHRASING,
	MODEL_FLOW,
	MODEL_SAME,     /* what the parent may hold */
	MODEL_METADATA, /* head */
	MODEL_LIST,     /* the elements of `children`, no text */
	MODEL_MIXED,    /* the elements of `children` and phrasing: ruby, summary, … */
	MODEL_FLOW_AND, /* the elements of `children` and flow: figure, details, fieldset, … */
	MODEL_SAME_AND, /* the elements of `children` and what the parent may hold: video, object */
};

/* Where an element may stand (HE_PHRASING implies that it may stand in flow), and groups whose
 * nesting is restricted; the latter double as bits of "is inside one". */
enum html_flag {
	HE_PHRASING = 1 << 0,
	HE_FLOW = 1 << 1,
	HE_METADATA = 1 << 2,
	HE_CHILD = 1 << 3,       /* only where a parent's `children` names it */
	HE_INTERACTIVE = 1 << 4, /* not in a and button */
	HE_HEADING = 1 << 5,
	HE_NO_TYPE = 1 << 6, /* no epub:type */
	HE_IN_A = 1 << 7,
	HE_IN_BUTTON = 1 << 8,
	HE_IN_FORM = 1 << 9,
	HE_IN_HEADER = 1 << 10, /* header, footer */
	HE_IN_ADDRESS = 1 << 11,
	HE_IN_DFN = 1 << 12,
	HE_IN_LABEL = 1 << 13,
	HE_IN_CAPTION = 1 << 14,
	HE_IN_MEDIA = 1 << 15, /* audio, video */
	HE_IN_METER = 1 << 16,
	HE_IN_PROGRESS = 1 << 17,
	HE_IN_MAP = 1 << 18,
	HE_IN_OBJECT = 1 << 19,
	HE_IN_PICTURE = 1 << 20,
	HE_SECTION = 1 << 21, /* section, nav, article, aside: not in address */
	HE_NO_ROLE = 1 << 22, /* no role */
};

enum html_name {
#define HTML(name, ...) HTML_##name,
#include "check/html_table.h"
#undef HTML
	HTML_COUNT
};

struct html_element {
	const char *name;
	uint32_t flags;  /* enum html_flag */
	uint32_t inside; /* HE_IN_… that must not be above it */
	enum html_model model;
	const char *children;   /* separated by spaces; also the script-supporting elements */
	const char *attributes; /* beside the global ones */
};

/* NULL when HTML has no such element. */
const struct html_element *html_find(const char *name);
enum html_name html_name(const struct html_element *el);

/* Whether `name` is an attribute without namespace that every element may have. */
int html_is_global_attribute(const char *name);

#endif
