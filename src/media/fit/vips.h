/* libvips, loaded when the first picture must be changed or drawn: it and what it needs take some
 * 60 ms to load, which books with fitting pictures do not pay. */
#ifndef MEDIA_FIT_VIPS_H
#define MEDIA_FIT_VIPS_H

#include "chapbook.h"

#include <vips/vips.h>

/* Its functions, by their own names: `v->vips_black(…)`. */
struct vips {
#define VIPS_CALL(name) __typeof__(&name) name;
#include "media/fit/vips_table.h"
#undef VIPS_CALL
};

/* The library, set up: no messages on stderr, no cache of operations, one thread for each picture
 * (many pictures run side by side). Loaded once in a process. NULL where it is not installed. */
const struct vips *vips_load(void);

/* Take libvips's message of what went wrong in this thread into `err`, behind "NAME: " (NULL:
 * alone); returns -1. */
int vips_fail(const struct vips *v, const char *name, struct chapbook_error *err);

#endif
