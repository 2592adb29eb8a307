/* Pango, cairo and librsvg, which libvips draws text and drawings with: asked directly where a
 * cover is laid out, because libvips measures a text only by drawing it, and cannot say whether
 * there is a font for it. Loaded when the first cover is drawn. */
#ifndef COVER_PANGO_H
#define COVER_PANGO_H

#include <librsvg/rsvg.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <stdbool.h>

/* Their functions, by their own names: `p->pango_layout_new(…)`. */
struct pango {
#define PANGO_CALL(library, name) __typeof__(&name) name;
#include "cover/pango_table.h"
#undef PANGO_CALL
};

/* Loaded once in a process; NULL where one of them cannot be had. Their messages on stderr are
 * turned off where libvips is loaded first. */
const struct pango *pango_load(void);

#endif
