/* Writing PNG: without loss, a palette where there are few colours, packed with libdeflate, which
 * is faster and packs better than zlib. */
#include "media/fit_parts.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

enum { LEVEL = 9 };

static unsigned char *put32(unsigned char *out, size_t value)
{
	out[0] = (unsigned char)(value >> 24);
	out[1] = (unsigned char)(value >> 16);
	out[2] = (unsigned char)(value >> 8);
	out[3] = (unsigned char)value;
	return out + 4;
}

/* A chunk whose content is at out + 8 already (or is `content`). */
static unsigned char *put_chunk(unsigned char *out, const char *type, const void *content,
				size_t len)
{
	put32(out, len);
	memcpy(out + 4, type, 4);
	if (content)
		memcpy(out + 8, content, len);
	return put32(out + 8 + len, libdeflate_crc32(0, out + 4, len + 4));
}

/* --- With a palette --- */

struct slot {
	uint32_t colour;
	int index; /* + 1; 0: free */
};
enum { SLOTS = 1024 };

static struct slot *find_slot(struct slot *slots, uint32_t colour)
{
	size_t at = (colour * 2654435761u) >> 22;
	while (slots[at].index && slots[at].colour != colour)
		at = (at + 1) % SLOTS;
	return &slots[at];
}

static uint32_t colour_at(const unsigned char *p, unsigned bands)
{
	uint32_t alpha = bands % 2 ? 255 : p[bands - 1];
	if (bands < 3)
		return p[0] | (uint32_t)p[0] << 8 | (uint32_t)p[0] << 16 | alpha << 24;
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | alpha << 24;
}

void fit_look(const struct pixels *pixels, struct look *look)
{
	struct slot slots[SLOTS] = {0};
	uint32_t opaque = 255, last = 0;
	size_t like = 0, count = (size_t)pixels->width * pixels->height;
	const unsigned char *p = pixels->bytes;
	*look = (struct look){.gray = true};
	for (size_t i = 0; i < count; i++, p += pixels->bands) {
		uint32_t colour = colour_at(p, pixels->bands);
		if (i > 0 && colour == last) {
			like++;
			continue;
		}
		last = colour;
		if (colour >> 24 < opaque)
			opaque = colour >> 24;
		if ((colour & 255) != (colour >> 8 & 255) || (colour & 255) != (colour >> 16 & 255))
			look->gray = false;
		struct slot *slot;
		if (look->colours > MOST_COLOURS || (slot = find_slot(slots, colour))->index)
			continue;
		look->palette[look->colours++] = colour;
		*slot = (struct slot){colour, (int)look->colours};
	}
	/* What resampling makes of an opaque edge is not transparency. */
	look->transparent = opaque < 250;
	look->flat = (double)like / (double)count;
}

/* Transparent colours go first: tRNS is then as short as can be. */
static int by_alpha(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x >> 24 != y >> 24 ? (x >> 24 < y >> 24 ? -1 : 1) : x < y ? -1 : x > y;
}

/* Rows of indices of 1, 2, 4 or 8 bits, a zero byte (no filter) before each; and the palette. */
static void put_indices(const struct pixels *pixels, struct look *sorted, unsigned bits,
			unsigned char *out)
{
	struct slot slots[SLOTS] = {0};
	for (unsigned i = 0; i < sorted->colours; i++)
		*find_slot(slots, sorted->palette[i]) =
			(struct slot){sorted->palette[i], (int)i + 1};
	const unsigned char *p = pixels->bytes;
	size_t row = ((size_t)pixels->width * bits + 7) / 8;
	uint32_t last = 0;
	unsigned index = 0;
	bool known = false;
	for (size_t y = 0; y < pixels->height; y++, out += row + 1) {
		for (size_t x = 0; x < pixels->width; x++, p += pixels->bands) {
			uint32_t colour = colour_at(p, pixels->bands);
			if (!known || colour != last)
				index = (unsigned)find_slot(slots, colour)->index - 1;
			known = true;
			last = colour;
			size_t bit = x * bits;
			out[1 + bit / 8] |= (unsigned char)(index << (8 - bits - bit % 8));
		}
	}
}

/* --- With colours --- */

static unsigned paeth(int left, int up, int corner)
{
	int p = left + up - corner, a = abs(p - left), b = abs(p - up), c = abs(p - corner);
	return (unsigned)(a <= b && a <= c ? left : b <= c ? up : corner);
}

/* A row through one of the filters (PNG specification, section 9), and how large that is. */
static size_t filter_row(unsigned filter, const unsigned char *row, const unsigned char *above,
			 size_t len, unsigned bands, unsigned char *out)
{
	size_t sum = 0;
	out[0] = (unsigned char)filter;
	for (size_t i = 0; i < len; i++) {
		unsigned left = i >= bands ? row[i - bands] : 0, up = above ? above[i] : 0;
		unsigned corner = above && i >= bands ? above[i - bands] : 0, guess = 0;
		switch (filter) {
		case 1:
			guess = left;
			break;
		case 2:
			guess = up;
			break;
		case 3:
			guess = (left + up) / 2;
			break;
		case 4:
			guess = paeth((int)left, (int)up, (int)corner);
			break;
		default:
			break;
		}
		unsigned char rest = (unsigned char)(row[i] - guess);
		out[1 + i] = rest;
		sum += rest < 128 ? rest : 256u - rest;
	}
	return sum;
}

/* Rows, each through the filter that leaves least of it. */
static void put_filtered(const struct pixels *pixels, unsigned bands, unsigned char *out,
			 unsigned char *rows)
{
	size_t len = (size_t)pixels->width * bands;
	unsigned char *row = rows, *above = NULL, *attempt = rows + 2 * len;
	const unsigned char *p = pixels->bytes;
	for (size_t y = 0; y < pixels->height; y++, out += len + 1) {
		for (size_t x = 0; x < pixels->width; x++, p += pixels->bands) {
			memcpy(row + x * bands, p, bands);
			if (bands == 2)
				row[2 * x + 1] = p[pixels->bands - 1];
		}
		size_t least = SIZE_MAX;
		for (unsigned filter = 0; filter < 5; filter++) {
			size_t sum = filter_row(filter, row, above, len, bands, attempt);
			if (sum < least) {
				least = sum;
				memcpy(out, attempt, len + 1);
			}
		}
		above = row;
		row = row == rows ? rows + len : rows;
	}
}

/* --- */

static char *pack(const struct pixels *pixels, struct look *sorted, unsigned bits, unsigned bands,
		  const unsigned char *data, size_t data_size, size_t *size)
{
	static const unsigned char types[] = {3, 0, 4, 2, 6};
	char *png = NULL;
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(LEVEL);
	size_t most = c ? libdeflate_zlib_compress_bound(c, data_size) : 0;
	if (!c || !(png = malloc(most + 2048)))
		goto out;
	unsigned char *out = (unsigned char *)png, header[13] = {0}, palette[3 * 256], alpha[256];
	memcpy(out, "\x89PNG\r\n\x1A\n", 8);
	put32(header, pixels->width);
	put32(header + 4, pixels->height);
	header[8] = (unsigned char)bits;
	header[9] = types[bands];
	out = put_chunk(out + 8, "IHDR", header, sizeof header);
	if (bands == 0) {
		size_t clear = 0;
		for (unsigned i = 0; i < sorted->colours; i++) {
			for (unsigned band = 0; band < 3; band++)
				palette[3 * i + band] =
					(unsigned char)(sorted->palette[i] >> 8 * band);
			alpha[i] = (unsigned char)(sorted->palette[i] >> 24);
			clear += alpha[i] < 255;
		}
		out = put_chunk(out, "PLTE", palette, 3 * (size_t)sorted->colours);
		if (clear && sorted->transparent)
			out = put_chunk(out, "tRNS", alpha, clear);
	}
	size_t len = libdeflate_zlib_compress(c, data, data_size, out + 8, most);
	out = put_chunk(out, "IDAT", NULL, len);
	out = put_chunk(out, "IEND", NULL, 0);
	*size = (size_t)(out - (unsigned char *)png);
out:
	libdeflate_free_compressor(c);
	return png;
}

char *png_encode(const struct pixels *pixels, const struct look *look, size_t *size)
{
	struct look sorted = *look;
	unsigned bands = pixels->bands, bits = 8;
	if (look->gray && bands > 2)
		bands -= 2;
	if (bands % 2 == 0 && !look->transparent)
		bands--;
	if (look->colours <= MOST_COLOURS) {
		bands = 0;
		bits = look->colours <= 2    ? 1
		       : look->colours <= 4  ? 2
		       : look->colours <= 16 ? 4
					     : 8;
		qsort(sorted.palette, sorted.colours, sizeof *sorted.palette, by_alpha);
	}
	size_t row = bands ? (size_t)pixels->width * bands : ((size_t)pixels->width * bits + 7) / 8;
	size_t data_size = (row + 1) * pixels->height;
	char *png = NULL;
	unsigned char *data = calloc(data_size, 1), *rows = malloc(3 * row + 1);
	if (data && rows) {
		if (bands)
			put_filtered(pixels, bands, data, rows);
		else
			put_indices(pixels, &sorted, bits, data);
		png = pack(pixels, &sorted, bits, bands, data, data_size, size);
	}
	free(data);
	free(rows);
	return png;
}
