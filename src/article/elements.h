/* The XHTML elements a body may hold: one table for the code that writes, cleans or checks it.
 * Content model: HTML Living Standard, section 4, as EPUB 3.3 section 6.1 takes it over. */
#ifndef ARTICLE_ELEMENTS_H
#define ARTICLE_ELEMENTS_H

#include <stdbool.h>
#include <stddef.h>

enum element_flag {
	EL_VOID = 1 << 0,           /* no end tag, no content: br, img, hr, wbr, … */
	EL_PHRASING = 1 << 1,       /* may stand among text */
	EL_FLOW = 1 << 2,           /* may stand where blocks stand */
	EL_HOLDS_FLOW = 1 << 3,     /* takes blocks (and text) */
	EL_HOLDS_PHRASING = 1 << 4, /* takes text and phrasing only: p, h1, span, … */
	EL_HOLDS_ONLY = 1 << 5,     /* takes certain elements only: ul, table, dl, ruby, … */
	EL_TRANSPARENT = 1 << 6,    /* takes what its parent takes: a, ins, del */
	EL_PRE = 1 << 7,            /* white space counts: pre */
	EL_BREAK = 1 << 8,          /* the writer may put a line feed after it: p, div, li, … */
};

struct element {
	const char *name;
	unsigned flags;
	const char *attributes; /* allowed beside the global ones, separated by spaces */
};

/* NULL when the element may not stand in a body. Constant time. */
const struct element *element_find(const char *name);
/* Whether `attr` is allowed on it (global, its own; never an event handler). */
bool element_allows(const struct element *el, const char *attr);

#endif
