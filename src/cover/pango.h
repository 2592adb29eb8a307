/* Pango and cairo, which lay out and draw covers. Loaded when the first cover is drawn. */
#ifndef COVER_PANGO_H
#define COVER_PANGO_H

#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <stdbool.h>

/* Their functions, by their own names: `p->pango_layout_new(…)`. */
struct pango {
#define PANGO_CALL(library, name) __typeof__(&name) name;
#include "cover/pango_table.h"
#undef PANGO_CALL
};

/* Loaded once in a process, their messages on stderr turned off; NULL where one of them is
 * not installed. */
const struct pango *pango_load(void);

#endif
