/* Device-independent bitmaps: what BMP files and most icons hold. Read here, for what libvips would
 * read them with (ImageMagick) is far more than a few rows of bytes need. */
#ifndef MEDIA_DIB_H
#define MEDIA_DIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dib {
	unsigned width, height;
	bool top_down, icon;
	unsigned bits;           /* a pixel */
	unsigned compression;    /* DIB_… */
	uint32_t masks[4];       /* of 16 and 32 bits a pixel: red, green, blue, alpha (or 0) */
	unsigned colours, entry; /* in the palette; bytes of each: blue, green, red */
	const unsigned char *palette, *pixels;
	size_t pixel_bytes; /* that are there */
};

enum { DIB_PLAIN, DIB_RLE8, DIB_RLE4, DIB_BITFIELDS, DIB_ALPHA_BITFIELDS = 6 };

struct icon {
	const unsigned char *bytes; /* of its largest picture */
	size_t size;
	bool png; /* else a DIB without a file header */
};

/* All borrow the bytes. -1: broken, or of a form that nobody writes. */
int dib_open_bmp(const unsigned char *p, size_t size, struct dib *dib);
int icon_find(const unsigned char *p, size_t size, struct icon *icon);
int dib_open_icon(const struct icon *icon, struct dib *dib);

/* Its pixels: width x height x RGBA, free()d by the caller; NULL: no memory. Rows that are not
 * there are transparent, and *damaged is set. */
unsigned char *dib_decode(const struct dib *dib, bool *damaged);

#endif
