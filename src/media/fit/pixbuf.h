/* gdk-pixbuf, which librsvg, and so libvips, brings: for bitmaps, which libvips itself can read
 * only through ImageMagick. That takes as long to load as libvips, for 24 million pixels five
 * seconds and files in /tmp, reads its policy from where the sandbox does not let it, and refuses
 * what is cut off. Loaded when the first bitmap must be changed. */
#ifndef MEDIA_FIT_PIXBUF_H
#define MEDIA_FIT_PIXBUF_H

#include <gdk-pixbuf/gdk-pixbuf.h>

/* Its functions, by their own names: `p->gdk_pixbuf_fill(…)`. */
struct pixbuf {
#define PIXBUF_CALL(name) __typeof__(&name) name;
#include "media/fit/pixbuf_table.h"
#undef PIXBUF_CALL
};

/* Loaded once in a process; NULL where it is not installed. Its messages on stderr are turned off
 * where libvips is loaded first. */
const struct pixbuf *pixbuf_load(void);

#endif
