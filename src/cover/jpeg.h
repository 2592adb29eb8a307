/* JPEG by TurboJPEG, libjpeg-turbo's own interface: to and from pixels as cairo has them
 * (CAIRO_FORMAT_RGB24, 0x00rrggbb). Loaded when it is first needed. */
#ifndef COVER_JPEG_H
#define COVER_JPEG_H

#include "chapbook.h"

#include <stddef.h>
#include <stdint.h>

/* Whether the library is there. */
bool jpeg_load(void);

struct jpeg_page {
	const uint32_t *pixels;
	unsigned width, height;
	bool grey;
	size_t max_bytes; /* the quality is lowered until the file is no larger, if it can be */
};

/* In one pass; the library must be there. The JPEG is free()d by the caller. */
int jpeg_encode(const struct jpeg_page *page, char **bytes, size_t *size,
		struct chapbook_error *err);

/* A JPEG's pixels, reduced by an eighth or more while its smaller side keeps `least` pixels. What
 * is missing of a picture that is cut off is grey. NULL when it cannot be decoded or has four inks.
 * Colour profiles and Exif's orientation mean nothing to it. Free()d by the caller. */
uint32_t *jpeg_decode(const void *bytes, size_t size, unsigned least, unsigned *width,
		      unsigned *height);

#endif
