#include "media/identify/bitmap.h"

#include "media/identify/parts.h"

#include <string.h>

enum { FILE_HEADER = 14, ICON_HEADER = 22 };
enum { CORE = 12, INFO = 40, V2 = 52, V3 = 56, V5 = 124 };
enum { PLAIN, RLE8, RLE4, BITFIELDS };

enum { MAX_ICON = 256 };

/* The most bytes of runs that are taken: gdk-pixbuf counts how far they move to the right, by up to
 * 255 pixels in four bytes, in 31 bits. */
enum { MAX_RUNS = 32 << 20 };

/* Bytes of a row: whole groups of four. */
static size_t row_bytes(const struct bitmap *b, unsigned bits)
{
	return (size_t)(((uint64_t)b->width * bits + 31) / 32 * 4);
}

static bool fits_compression(const struct bitmap *b, unsigned compression)
{
	switch (compression) {
	case PLAIN:
		return b->bits == 1 || b->bits == 4 || b->bits == 8 || b->bits == 16 ||
		       b->bits == 24 || b->bits == 32;
	case RLE8:
		return b->bits == 8;
	case RLE4:
		return b->bits == 4;
	case BITFIELDS:
		return b->bits == 16 || b->bits == 32;
	default:
		return false;
	}
}

/* The header at p and what follows it. The pixels are at `pixels_at` (0: behind the palette). */
static int open_dib(const unsigned char *p, size_t size, size_t pixels_at, bool icon,
		    struct bitmap *b)
{
	*b = (struct bitmap){.icon = icon, .entry = 4, .header = p};
	size_t header = size < 4 ? 0 : le32(p), colours = 0;
	unsigned compression = PLAIN;
	if (header == CORE && size >= CORE && !icon) {
		b->width = le16(p + 4);
		b->height = le16(p + 6);
		b->bits = le16(p + 10);
		b->entry = 3;
	} else if (header >= INFO && header <= V5 && size >= header) {
		uint32_t height = le32(p + 8);
		b->width = le32(p + 4);
		b->height = height >> 31 ? 0 - height : height; /* the top row first, or the last */
		b->bits = le16(p + 14);
		compression = le32(p + 16);
		colours = le32(p + 32);
		b->alpha = compression == BITFIELDS && header >= V3 && le32(p + 52) != 0;
	}
	if (icon) {
		b->height /= 2; /* the mask stands on top */
		b->alpha = true;
		if (b->width > MAX_ICON || b->height > MAX_ICON)
			return -1;
	}
	if (b->width == 0 || b->height == 0 || b->width > INT32_MAX || b->height > INT32_MAX ||
	    !fits_compression(b, compression))
		return -1;
	size_t most = b->bits <= 8 ? (size_t)1 << b->bits : 0;
	if (colours == 0 && most)
		colours = most;
	b->header_size = header + (compression == BITFIELDS && header < V2 ? 12 : 0);
	if (pixels_at == 0)
		pixels_at = b->header_size + colours * b->entry;
	if (pixels_at > size || pixels_at < b->header_size)
		return -1;
	size_t there = (pixels_at - b->header_size) / b->entry;
	b->colours = colours < most ? colours : most;
	if (b->colours > there)
		b->colours = there;
	b->palette = p + b->header_size;
	b->pixels = p + pixels_at;
	b->pixel_bytes = size - pixels_at;
	b->runs = compression == RLE8 || compression == RLE4;
	size_t row = row_bytes(b, b->bits), mask = icon ? row_bytes(b, 1) : 0;
	b->pixel_bytes_most = b->runs ? (size_t)MAX_RUNS : (row + mask) * b->height;
	return b->pixel_bytes >= (b->runs ? 2 : row) ? 0 : -1;
}

int bitmap_open_bmp(const unsigned char *p, size_t size, struct bitmap *bitmap)
{
	if (size < FILE_HEADER + CORE)
		return -1;
	size_t pixels_at = le32(p + 10);
	return pixels_at <= FILE_HEADER ? -1
					: open_dib(p + FILE_HEADER, size - FILE_HEADER,
						   pixels_at - FILE_HEADER, false, bitmap);
}

int icon_find(const unsigned char *p, size_t size, struct icon *icon)
{
	unsigned long best = 0;
	*icon = (struct icon){0};
	size_t count = size < 6 ? 0 : le16(p + 4);
	for (size_t i = 6; count > 0 && i + 16 <= size; i += 16, count--) {
		/* 0 stands for 256; with the same size, that of more colours. */
		unsigned long width = p[i] ? p[i] : 256, height = p[i + 1] ? p[i + 1] : 256;
		unsigned long rank = width * height * 256 + (le16(p + i + 6) & 0xFF);
		size_t bytes = le32(p + i + 8), at = le32(p + i + 12);
		if (rank <= best || at > size || bytes > size - at || bytes < INFO)
			continue;
		best = rank;
		icon->bytes = p + at;
		icon->size = bytes;
	}
	icon->png = icon->size >= 8 && memcmp(icon->bytes, "\x89PNG\r\n\x1A\n", 8) == 0;
	return best ? 0 : -1;
}

int bitmap_open_icon(const struct icon *icon, struct bitmap *bitmap)
{
	return open_dib(icon->bytes, icon->size, 0, true, bitmap);
}

static void put32(unsigned char *p, size_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(value >> 8 * i);
}

size_t bitmap_head(const struct bitmap *b, unsigned char head[BITMAP_MAX_HEAD])
{
	size_t at = b->icon ? ICON_HEADER : FILE_HEADER,
	       header = b->icon ? INFO : b->header_size; /* all that icons may have */
	memset(head, 0, BITMAP_MAX_HEAD);
	memcpy(head + at, b->header, header);
	if (header >= INFO)
		put32(head + at + 32, 0); /* as many colours as there can be */
	memcpy(head + at + header, b->palette, b->colours * b->entry);
	size_t size = at + header + (b->bits <= 8 ? ((size_t)1 << b->bits) * b->entry : 0);
	if (b->icon) {
		put32(head + at, INFO);
		memcpy(head + 2, "\1\0\1", 3);     /* an icon; one picture */
		head[6] = (unsigned char)b->width; /* 256 is 0 */
		head[7] = (unsigned char)b->height;
		put32(head + 14, size);
		put32(head + 18, at);
	} else {
		memcpy(head, "BM", 2);
		put32(head + 10, size);
	}
	return size;
}
