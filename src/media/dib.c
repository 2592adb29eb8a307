#include "media/dib.h"

#include "media/identify_parts.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_HEADER = 14, CORE_HEADER = 12, INFO_HEADER = 40, V2_HEADER = 52, V3_HEADER = 56 };

/* Bytes of a row: whole groups of four. */
static size_t row_bytes(unsigned width, unsigned bits)
{
	return (size_t)(((uint64_t)width * bits + 31) / 32 * 4);
}

/* Where red, green, blue and alpha are in 16 and 32 bits. Returns the bytes of masks that stand
 * between the header and the palette. */
static size_t read_masks(const unsigned char *p, size_t size, size_t header, struct dib *dib)
{
	static const uint32_t of_16[] = {0x7C00, 0x3E0, 0x1F}, of_32[] = {0xFF0000, 0xFF00, 0xFF};
	memcpy(dib->masks, dib->bits == 16 ? of_16 : of_32, sizeof of_16);
	if (dib->compression != DIB_BITFIELDS && dib->compression != DIB_ALPHA_BITFIELDS)
		return 0;
	size_t count = header >= V3_HEADER || dib->compression == DIB_ALPHA_BITFIELDS ? 4 : 3;
	for (size_t i = 0; i < count && INFO_HEADER + 4 * i + 4 <= size; i++)
		dib->masks[i] = le32(p + INFO_HEADER + 4 * i);
	return header >= V2_HEADER ? 0 : 4 * count;
}

static bool fits_compression(const struct dib *dib)
{
	switch (dib->compression) {
	case DIB_PLAIN:
		return dib->bits == 1 || dib->bits == 4 || dib->bits == 8 || dib->bits == 16 ||
		       dib->bits == 24 || dib->bits == 32;
	case DIB_RLE8:
		return dib->bits == 8 && !dib->top_down;
	case DIB_RLE4:
		return dib->bits == 4 && !dib->top_down;
	case DIB_BITFIELDS:
	case DIB_ALPHA_BITFIELDS:
		return dib->bits == 16 || dib->bits == 32;
	default:
		return false;
	}
}

/* The header at p and what follows it. The pixels are at `pixels_at` (0: behind the palette). */
static int open_dib(const unsigned char *p, size_t size, size_t pixels_at, bool icon,
		    struct dib *dib)
{
	*dib = (struct dib){.icon = icon, .entry = 4};
	size_t header = size < 4 ? 0 : le32(p), colours = 0, masks = 0;
	if (header == CORE_HEADER && size >= CORE_HEADER) {
		dib->width = le16(p + 4);
		dib->height = le16(p + 6);
		dib->bits = le16(p + 10);
		dib->entry = 3;
	} else if (header >= INFO_HEADER && size >= header) {
		uint32_t height = le32(p + 8);
		dib->width = le32(p + 4);
		dib->top_down = height >> 31;
		dib->height = dib->top_down ? 0 - height : height;
		dib->bits = le16(p + 14);
		dib->compression = le32(p + 16);
		colours = le32(p + 32);
		masks = read_masks(p, size, header, dib);
	}
	if (icon)
		dib->height /= 2; /* the mask stands on top */
	if (dib->width == 0 || dib->height == 0 || dib->width > INT32_MAX ||
	    dib->height > INT32_MAX || !fits_compression(dib))
		return -1;
	size_t most = dib->bits <= 8 ? (size_t)1 << dib->bits : 0;
	if (colours == 0 && most)
		colours = most;
	size_t at = header + masks, behind = at + colours * dib->entry;
	if (pixels_at == 0)
		pixels_at = behind;
	if (at > size || pixels_at > size || pixels_at < at)
		return -1;
	size_t there = (pixels_at - at) / dib->entry;
	dib->colours = (unsigned)(colours < most ? colours : most);
	if (dib->colours > there)
		dib->colours = (unsigned)there;
	dib->palette = p + at;
	dib->pixels = p + pixels_at;
	dib->pixel_bytes = size - pixels_at;
	bool rows = dib->compression != DIB_RLE8 && dib->compression != DIB_RLE4;
	return dib->pixel_bytes >= (rows ? row_bytes(dib->width, dib->bits) : 2) ? 0 : -1;
}

int dib_open_bmp(const unsigned char *p, size_t size, struct dib *dib)
{
	if (size < FILE_HEADER + CORE_HEADER)
		return -1;
	size_t pixels_at = le32(p + 10);
	return pixels_at <= FILE_HEADER ? -1
					: open_dib(p + FILE_HEADER, size - FILE_HEADER,
						   pixels_at - FILE_HEADER, false, dib);
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
		if (rank <= best || at > size || bytes > size - at || bytes < INFO_HEADER)
			continue;
		best = rank;
		icon->bytes = p + at;
		icon->size = bytes;
	}
	icon->png = icon->size >= 8 && memcmp(icon->bytes, "\x89PNG\r\n\x1A\n", 8) == 0;
	return best ? 0 : -1;
}

int dib_open_icon(const struct icon *icon, struct dib *dib)
{
	return open_dib(icon->bytes, icon->size, 0, true, dib);
}

/* --- Decoding --- */

static void put_colour(const struct dib *dib, unsigned char *out, unsigned index)
{
	const unsigned char *entry = dib->palette + (size_t)index * dib->entry;
	bool there = index < dib->colours;
	out[0] = there ? entry[2] : 0;
	out[1] = there ? entry[1] : 0;
	out[2] = there ? entry[0] : 0;
	out[3] = 255;
}

/* What a mask takes out of a pixel, as 0 to 255. */
static unsigned char masked(uint32_t pixel, uint32_t mask)
{
	if (mask == 0)
		return 0;
	while (!(mask & 1)) {
		mask >>= 1;
		pixel >>= 1;
	}
	return (unsigned char)((uint64_t)(pixel & mask) * 255 / mask);
}

static void decode_row(const struct dib *dib, const unsigned char *row, unsigned char *out)
{
	for (size_t x = 0; x < dib->width; x++, out += 4) {
		uint32_t pixel;
		switch (dib->bits) {
		case 1:
			put_colour(dib, out, row[x / 8] >> (7 - x % 8) & 1);
			break;
		case 4:
			put_colour(dib, out, x % 2 ? row[x / 2] & 15 : row[x / 2] >> 4);
			break;
		case 8:
			put_colour(dib, out, row[x]);
			break;
		case 24:
			out[0] = row[3 * x + 2];
			out[1] = row[3 * x + 1];
			out[2] = row[3 * x];
			out[3] = 255;
			break;
		default:
			pixel = dib->bits == 16 ? le16(row + 2 * x) : le32(row + 4 * x);
			for (int i = 0; i < 3; i++)
				out[i] = masked(pixel, dib->masks[i]);
			out[3] = 255;
			if (dib->masks[3])
				out[3] = masked(pixel, dib->masks[3]);
			else if (dib->icon && dib->bits == 32)
				out[3] = (unsigned char)(pixel >> 24);
		}
	}
}

/* Row y of the picture, which most bitmaps have upside down. */
static unsigned char *row_at(const struct dib *dib, unsigned char *pixels, size_t y)
{
	return pixels + (dib->top_down ? y : dib->height - 1 - y) * dib->width * 4;
}

struct rle {
	const unsigned char *p, *end;
	size_t x, y;
};

/* A pixel of a run; what is right of the picture is not there. */
static void put_run(const struct dib *dib, unsigned char *pixels, struct rle *r, unsigned index)
{
	if (r->x < dib->width)
		put_colour(dib, row_at(dib, pixels, r->y) + r->x * 4, index);
	r->x++;
}

/* The nth of the pixels that start at p. */
static unsigned index_at(const struct dib *dib, const unsigned char *p, size_t n)
{
	return dib->bits == 8 ? p[n] : n % 2 ? p[n / 2] & 15 : p[n / 2] >> 4;
}

/* Runs of pixels, and commands: end of row, end of picture, move, pixels as they are. */
static bool decode_rle(const struct dib *dib, unsigned char *pixels)
{
	struct rle r = {dib->pixels, dib->pixels + dib->pixel_bytes, 0, 0};
	while (r.end - r.p >= 2 && r.y < dib->height) {
		unsigned count = r.p[0], value = r.p[1];
		unsigned char pair[] = {(unsigned char)value, (unsigned char)value};
		r.p += 2;
		if (count > 0) {
			for (unsigned n = 0; n < count; n++)
				put_run(dib, pixels, &r, index_at(dib, pair, n % 2));
		} else if (value == 0) {
			r.x = 0;
			r.y++;
		} else if (value == 1) {
			return true;
		} else if (value == 2) {
			if (r.end - r.p < 2)
				return false;
			r.x += r.p[0];
			r.y += r.p[1];
			r.p += 2;
		} else {
			size_t bytes = dib->bits == 8 ? value : (value + 1) / 2;
			if ((size_t)(r.end - r.p) < bytes)
				return false;
			for (unsigned n = 0; n < value; n++)
				put_run(dib, pixels, &r, index_at(dib, r.p, n));
			bytes += bytes & 1;
			r.p += (size_t)(r.end - r.p) < bytes ? r.end - r.p : (ptrdiff_t)bytes;
		}
	}
	return r.y >= dib->height;
}

/* An icon's mask, behind its pixels: a bit for each that is not there. Where the pixels have
 * their own transparency, that counts. */
static void apply_mask(const struct dib *dib, unsigned char *pixels)
{
	size_t row = row_bytes(dib->width, 1), at = row_bytes(dib->width, dib->bits) * dib->height;
	bool own = false;
	if (dib->bits == 32)
		for (size_t i = 0; i < (size_t)dib->width * dib->height && !own; i++)
			own = pixels[4 * i + 3] != 0;
	if (own)
		return;
	for (size_t y = 0; y < dib->height; y++, at += row) {
		bool there = at + row <= dib->pixel_bytes;
		unsigned char *out = row_at(dib, pixels, y);
		for (size_t x = 0; x < dib->width; x++) {
			bool gone = there && dib->pixels[at + x / 8] >> (7 - x % 8) & 1;
			out[4 * x + 3] = gone ? 0 : 255;
		}
	}
}

unsigned char *dib_decode(const struct dib *dib, bool *damaged)
{
	size_t row = row_bytes(dib->width, dib->bits);
	unsigned char *pixels = calloc((size_t)dib->width * 4, dib->height);
	if (!pixels)
		return NULL;
	if (dib->compression == DIB_RLE8 || dib->compression == DIB_RLE4) {
		*damaged |= !decode_rle(dib, pixels);
	} else {
		for (size_t y = 0; y < dib->height; y++) {
			if (row > dib->pixel_bytes / (y + 1)) {
				*damaged = true;
				break;
			}
			decode_row(dib, dib->pixels + y * row, row_at(dib, pixels, y));
		}
	}
	if (dib->icon)
		apply_mask(dib, pixels);
	return pixels;
}
