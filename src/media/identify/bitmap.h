/* Device-independent bitmaps, which BMP files and most icons hold: what their headers say. Their
 * pixels are decoded in media/fit/bitmap.c. */
#ifndef MEDIA_IDENTIFY_BITMAP_H
#define MEDIA_IDENTIFY_BITMAP_H

#include <stdbool.h>
#include <stddef.h>

struct bitmap {
	unsigned width, height;
	unsigned bits;    /* a pixel */
	bool icon, alpha; /* an icon's mask counts as well */
	bool runs;        /* RLE, so that pixels may take any number of bytes */
	const unsigned char *header, *palette, *pixels;
	size_t header_size;      /* with the colour masks behind it */
	size_t colours, entry;   /* in the palette; bytes of each */
	size_t pixel_bytes;      /* that are there */
	size_t pixel_bytes_most; /* that mean anything */
};

struct icon {
	const unsigned char *bytes; /* of its largest picture */
	size_t size;
	bool png; /* else a DIB without a file header */
};

/* All borrow the bytes. -1: broken, or of a form that no program writes. */
int bitmap_open_bmp(const unsigned char *p, size_t size, struct bitmap *bitmap);
int icon_find(const unsigned char *p, size_t size, struct icon *icon);
int bitmap_open_icon(const struct icon *icon, struct bitmap *bitmap);

enum { BITMAP_MAX_HEAD = 14 + 124 + 12 + 4 * 256 };

/* All that stands before the pixels in a BMP file, or an icon of this one picture: the same facts,
 * nothing between them, and a palette that lacks no colour. Returns its bytes. */
size_t bitmap_head(const struct bitmap *bitmap, unsigned char head[BITMAP_MAX_HEAD]);

#endif
