#include "cover/flat.h"

#include "base/buf.h"
#include "base/error.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

enum {
	SLOTS = 4096, /* a power of two */
	MAX_SEEN = SLOTS / 2,
	/* Once the palette is full, or for a smaller one, a colour this near to one in it becomes
	 * that one. */
	FULL_TOLERANCE = 32,
	SMALL_COLOURS = 16,
	MAX_JOINED = 64, /* colours that a palette of 16 is tried for */
	/* libdeflate's level. */
	LEVEL = 2,
};

int flat_init(struct flat *flat, unsigned width, unsigned height, bool grey, unsigned tolerance,
	      struct chapbook_error *err)
{
	*flat = (struct flat){
		.width = width, .height = height, .grey = grey, .tolerance = tolerance};
	flat->rows = malloc((size_t)width * height);
	flat->slots = calloc(SLOTS, sizeof *flat->slots);
	return flat->rows && flat->slots ? 0 : error_memory(err);
}

void flat_release(struct flat *flat)
{
	free(flat->rows);
	free(flat->slots);
}

/* --- The palette --- */

static int difference(struct colour a, struct colour b)
{
	int red = abs(a.r - b.r), green = abs(a.g - b.g), blue = abs(a.b - b.b);
	int most = red > green ? red : green;
	return most > blue ? most : blue;
}

/* The place of a colour, or of one that differs by no more than `tolerance`; -1: there is no room.
 */
static int flat_place_of(struct flat *flat, struct colour colour, unsigned tolerance)
{
	int nearest = -1, least = 256;
	for (unsigned i = 0; i < flat->colour_count; i++) {
		int here = difference(flat->palette[i], colour);
		if (here < least) {
			least = here;
			nearest = (int)i;
		}
	}
	bool full = flat->colour_count == FLAT_COLOURS;
	if (least <= (int)(full && tolerance ? FULL_TOLERANCE : tolerance))
		return nearest;
	if (full)
		return -1;
	flat->palette[flat->colour_count] = colour;
	return (int)flat->colour_count++;
}

/* ITU-R BT.601, as JPEG has it. */
static struct colour to_grey(struct colour c)
{
	unsigned char y = (unsigned char)((299 * c.r + 587 * c.g + 114 * c.b + 500) / 1000);
	return (struct colour){y, y, y};
}

static struct flat_slot *find_slot(struct flat *flat, uint32_t colour)
{
	uint32_t at = colour * 2654435761u >> 20;
	while (flat->slots[at].colour != 0 && flat->slots[at].colour != colour)
		at = (at + 1) % SLOTS;
	return &flat->slots[at];
}

/* The index of a pixel, 0xffrrggbb; -1: there are too many colours. */
static int index_of(struct flat *flat, uint32_t pixel, unsigned tolerance)
{
	struct flat_slot *slot = find_slot(flat, pixel);
	if (slot->colour != 0)
		return slot->index;
	struct colour colour = {pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255};
	int index = flat_place_of(flat, flat->grey ? to_grey(colour) : colour, tolerance);
	if (index < 0 || flat->slot_count == MAX_SEEN)
		return -1;
	*slot = (struct flat_slot){pixel, (unsigned char)index};
	flat->slot_count++;
	return index;
}

void flat_add_colour(struct flat *flat, struct colour colour)
{
	index_of(flat, 0xFF000000u | (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | colour.b,
		 0);
	flat->area_count = flat->colour_count;
}

/* Make the palette fit into four bits, where no colour becomes one that differs much: the nearest
 * are joined, those of areas only with each other's edges. `map`: of each old index, the new. False
 * when it does not fit. */
static bool join_colours(const struct flat *flat, struct colour palette[FLAT_COLOURS],
			 unsigned *count, unsigned char map[FLAT_COLOURS])
{
	*count = flat->colour_count;
	memcpy(palette, flat->palette, sizeof flat->palette);
	for (unsigned i = 0; i < FLAT_COLOURS; i++)
		map[i] = (unsigned char)i;
	while (*count > SMALL_COLOURS && *count <= MAX_JOINED) {
		unsigned from = 0, to = 0;
		int least = FULL_TOLERANCE + 1;
		for (unsigned i = flat->area_count; i < *count; i++)
			for (unsigned k = 0; k < i; k++) {
				int here = difference(palette[i], palette[k]);
				if (here < least) {
					least = here;
					from = i;
					to = k;
				}
			}
		if (from == 0)
			return false;
		/* The last takes the free place. */
		palette[from] = palette[--*count];
		for (unsigned i = 0; i < flat->colour_count; i++)
			map[i] = map[i] == from     ? (unsigned char)to
				 : map[i] == *count ? (unsigned char)from
						    : map[i];
	}
	return *count <= SMALL_COLOURS;
}

/* --- Rows --- */

/* How many pixels from the first on are like it, the upper byte apart. */
static unsigned run_length(const uint32_t *pixels, unsigned count)
{
	enum { STEP = 8 };
	const uint64_t mask = 0x00FFFFFF00FFFFFFu, both = (uint64_t)pixels[0] << 32 | pixels[0];
	unsigned len = 1;
	for (; len + STEP <= count; len += STEP) {
		uint64_t two[STEP / 2];
		memcpy(two, pixels + len, sizeof two);
		if (((two[0] ^ both) | (two[1] ^ both) | (two[2] ^ both) | (two[3] ^ both)) & mask)
			break;
	}
	while (len < count && !((pixels[len] ^ pixels[0]) & 0xFFFFFF))
		len++;
	return len;
}

static bool add_row(struct flat *flat, const uint32_t *pixels, unsigned char *row)
{
	for (unsigned len, i = 0; i < flat->width; i += len) {
		int index = index_of(flat, pixels[i] | 0xFF000000u, flat->tolerance);
		if (index < 0)
			return false;
		len = run_length(pixels + i, flat->width - i);
		memset(row + i, index, len);
	}
	return true;
}

bool flat_add_rows(struct flat *flat, const uint32_t *pixels, unsigned count)
{
	const size_t width = flat->width;
	for (unsigned i = 0; i < count; i++, pixels += width) {
		unsigned char *row = flat->rows + width * flat->row_count;
		if (i > 0 && memcmp(pixels, pixels - width, width * sizeof *pixels) == 0)
			memcpy(row, row - width, width);
		else if (!add_row(flat, pixels, row))
			return false;
		flat->row_count++;
	}
	return true;
}

/* --- PNG --- */

static void put_be32(struct buf *out, uint32_t number)
{
	const unsigned char bytes[] = {number >> 24, number >> 16 & 255, number >> 8 & 255,
				       number & 255};
	buf_append(out, (const char *)bytes, sizeof bytes);
}

static void put_chunk(struct buf *out, const char *type, const void *data, size_t size)
{
	put_be32(out, (uint32_t)size);
	size_t start = out->len;
	buf_append(out, type, 4);
	buf_append(out, data, size);
	put_be32(out, out->failed ? 0 : libdeflate_crc32(0, out->data + start, out->len - start));
}

/* A PNG in the making. */
struct image {
	unsigned bits; /* a pixel: 4 or 8 */
	struct colour palette[FLAT_COLOURS];
	unsigned colour_count;
	unsigned char map[FLAT_COLOURS]; /* from the page's indexes to the palette's */
	size_t row;                      /* bytes, without the number of the filter */
	unsigned char *rows;             /* filtered */
	size_t size;
};

static void put_header(struct buf *out, const struct flat *flat, const struct image *image)
{
	enum { INDEXED = 3 };
	unsigned char header[13] = {0};
	for (int i = 0; i < 4; i++) {
		header[i] = (unsigned char)(flat->width >> (24 - 8 * i));
		header[4 + i] = (unsigned char)(flat->height >> (24 - 8 * i));
	}
	header[8] = (unsigned char)image->bits;
	header[9] = INDEXED;
	buf_append(out, "\x89PNG\r\n\x1A\n", 8);
	put_chunk(out, "IHDR", header, sizeof header);
	unsigned char palette[FLAT_COLOURS * 3];
	for (unsigned i = 0; i < image->colour_count; i++) {
		palette[3 * i] = image->palette[i].r;
		palette[3 * i + 1] = image->palette[i].g;
		palette[3 * i + 2] = image->palette[i].b;
	}
	put_chunk(out, "PLTE", palette, (size_t)image->colour_count * 3);
}

static void pack_row(const struct image *image, const unsigned char *row, size_t width,
		     unsigned char *to)
{
	const unsigned char *map = image->map;
	if (image->bits == 8) {
		memcpy(to, row, width);
		return;
	}
	for (size_t i = 0; i + 1 < width; i += 2)
		*to++ = (unsigned char)(map[row[i]] << 4 | map[row[i + 1]]);
	if (width % 2)
		*to = (unsigned char)(map[row[width - 1]] << 4);
}

/* to = row - above, byte by byte. */
static void subtract(unsigned char *restrict to, const unsigned char *restrict row,
		     const unsigned char *restrict above, size_t size)
{
	enum { STEP = 16 };
	size_t i = 0;
	for (; i + STEP <= size; i += STEP)
		for (size_t k = 0; k < STEP; k++)
			to[i + k] = (unsigned char)(row[i + k] - above[i + k]);
	for (; i < size; i++)
		to[i] = (unsigned char)(row[i] - above[i]);
}

/* The rows as PNG filters them, each behind the number of its filter: what is above is taken off,
 * so that areas and upright edges become zeros. False when memory runs out. */
static bool filter_rows(const struct flat *flat, struct image *image)
{
	enum { UP = 2 };
	const size_t width = flat->width, size = image->row;
	image->size = (size + 1) * flat->row_count;
	image->rows = malloc(image->size);
	unsigned char *packed = calloc(2, size), *above = packed + size;
	for (unsigned y = 0; image->rows && packed && y < flat->row_count; y++) {
		const unsigned char *row = flat->rows + width * y;
		unsigned char *to = image->rows + (size + 1) * y;
		*to++ = UP;
		if (y > 0 && memcmp(row, row - width, width) == 0) {
			memset(to, 0, size);
			continue;
		}
		unsigned char *now = above == packed ? packed + size : packed;
		pack_row(image, row, width, now);
		subtract(to, now, above, size);
		above = now;
	}
	bool done = image->rows && packed;
	free(packed);
	return done;
}

int flat_encode(const struct flat *flat, char **bytes, size_t *size, struct chapbook_error *err)
{
	struct image image = {.bits = 4};
	struct buf out = BUF_INIT;
	if (!join_colours(flat, image.palette, &image.colour_count, image.map)) {
		image.bits = 8;
		image.colour_count = flat->colour_count;
		memcpy(image.palette, flat->palette, sizeof image.palette);
	}
	image.row = ((size_t)flat->width * image.bits + 7) / 8;
	struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(LEVEL);
	bool filtered = compressor && filter_rows(flat, &image);
	size_t room = filtered ? libdeflate_zlib_compress_bound(compressor, image.size) : 0;
	void *data = filtered ? malloc(room) : NULL;
	if (data) {
		size_t packed =
			libdeflate_zlib_compress(compressor, image.rows, image.size, data, room);
		put_header(&out, flat, &image);
		put_chunk(&out, "IDAT", data, packed);
		put_chunk(&out, "IEND", "", 0);
	}
	*bytes = data ? buf_detach(&out, size) : NULL;
	free(image.rows);
	free(data);
	libdeflate_free_compressor(compressor);
	buf_release(&out);
	return *bytes ? 0 : error_memory(err);
}
