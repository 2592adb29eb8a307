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

/* A row through one of the filters (PNG specification, section 9). */
static void filter_row(unsigned filter, const unsigned char *row, const unsigned char *above,
		       size_t len, unsigned bands, unsigned char *out)
{
	*out++ = (unsigned char)filter;
	switch (filter) {
	case 0:
		memcpy(out, row, len);
		break;
	case 1:
		memcpy(out, row, bands);
		for (size_t i = bands; i < len; i++)
			out[i] = (unsigned char)(row[i] - row[i - bands]);
		break;
	case 2:
		for (size_t i = 0; i < len; i++)
			out[i] = (unsigned char)(row[i] - above[i]);
		break;
	case 3:
		for (size_t i = 0; i < bands; i++)
			out[i] = (unsigned char)(row[i] - above[i] / 2);
		for (size_t i = bands; i < len; i++)
			out[i] = (unsigned char)(row[i] - (row[i - bands] + above[i]) / 2);
		break;
	default:
		for (size_t i = 0; i < bands; i++)
			out[i] = (unsigned char)(row[i] - above[i]);
		for (size_t i = bands; i < len; i++)
			out[i] = (unsigned char)(row[i] -
						 paeth(row[i - bands], above[i], above[i - bands]));
	}
}

/* How far a filtered row is from zeros. */
static size_t weight(const unsigned char *row, size_t len)
{
	size_t sum = 0;
	for (size_t i = 0; i < len; i++)
		sum += (size_t)abs((signed char)row[i]);
	return sum;
}

/* Rows, each as it is or, for what changes softly, through the filter that leaves least of it.
 * `rows`: room for three and a byte. */
static void put_rows(const struct pixels *pixels, unsigned bands, bool filtered, unsigned char *out,
		     unsigned char *rows)
{
	size_t len = (size_t)pixels->width * bands;
	unsigned char *row = rows, *above = rows + len, *attempt = rows + 2 * len;
	const unsigned char *p = pixels->bytes;
	memset(above, 0, len);
	for (size_t y = 0; y < pixels->height; y++, out += len + 1) {
		for (size_t x = 0; x < pixels->width; x++, p += pixels->bands) {
			memcpy(row + x * bands, p, bands);
			if (bands == 2)
				row[2 * x + 1] = p[pixels->bands - 1];
		}
		size_t least = SIZE_MAX;
		for (unsigned filter = 0; filter < (filtered ? 5 : 1); filter++) {
			filter_row(filter, row, above, len, bands, attempt);
			size_t sum = filtered ? weight(attempt + 1, len) : 0;
			if (sum < least) {
				least = sum;
				memcpy(out, attempt, len + 1);
			}
		}
		unsigned char *next = above;
		above = row;
		row = next;
	}
}

/* --- */

/* Make the file. `bands`: 0 for a palette, which is `sorted`. */
static char *pack(const struct pixels *pixels, const struct look *sorted, unsigned bits,
		  unsigned bands, const unsigned char *data, size_t data_size, size_t *size)
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

/* With colours: as they are, and through filters; what is smaller counts. */
static char *pack_colours(const struct pixels *pixels, unsigned bands, size_t *size)
{
	char *best = NULL;
	size_t row = (size_t)pixels->width * bands, data_size = (row + 1) * pixels->height;
	unsigned char *data = malloc(data_size), *rows = malloc(3 * row + 1);
	for (int filtered = 0; data && rows && filtered < 2; filtered++) {
		size_t packed;
		put_rows(pixels, bands, filtered, data, rows);
		char *png = pack(pixels, NULL, 8, bands, data, data_size, &packed);
		if (png && best && packed >= *size) {
			free(png);
		} else if (png) {
			free(best);
			best = png;
			*size = packed;
		}
	}
	free(data);
	free(rows);
	return best;
}

static char *pack_palette(const struct pixels *pixels, const struct look *look, size_t *size)
{
	struct look sorted = *look;
	unsigned colours = look->colours, bits = colours <= 2    ? 1
						 : colours <= 4  ? 2
						 : colours <= 16 ? 4
								 : 8;
	qsort(sorted.palette, colours, sizeof *sorted.palette, by_alpha);
	size_t data_size = (((size_t)pixels->width * bits + 7) / 8 + 1) * pixels->height;
	char *png = NULL;
	unsigned char *data = calloc(data_size, 1);
	if (data) {
		put_indices(pixels, &sorted, bits, data);
		png = pack(pixels, &sorted, bits, 0, data, data_size, size);
	}
	free(data);
	return png;
}

char *png_encode(const struct pixels *pixels, const struct look *look, size_t *size)
{
	unsigned bands = pixels->bands;
	if (look->colours <= MOST_COLOURS)
		return pack_palette(pixels, look, size);
	if (look->gray && bands > 2)
		bands -= 2;
	if (bands % 2 == 0 && !look->transparent)
		bands--;
	return pack_colours(pixels, bands, size);
}
