/* The picture on a cover. */
#include "base/error.h"
#include "cover/jpeg.h"
#include "cover/parts.h"
#include "media/fit/fit.h"
#include "media/fit/vips.h"
#include "media/metadata/metadata.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PIXELS 200e6

struct cover_picture {
	uint32_t *pixels; /* as cairo has them */
	unsigned width, height;
};

/* --- By libvips --- */

/* Replace an image by what an operation made of it. */
static int picture_become(const struct vips *v, VipsImage **image, int rc, VipsImage *made)
{
	if (rc == 0) {
		v->g_object_unref(*image);
		*image = made;
	}
	return rc;
}

/* Three bands of eight bits, opaque. */
static int picture_make_plain(const struct vips *v, VipsImage **image)
{
	VipsImage *made = NULL;
	int rc = v->vips_colourspace(*image, &made, VIPS_INTERPRETATION_sRGB, NULL);
	if (picture_become(v, image, rc, made) != 0)
		return -1;
	if (v->vips_image_hasalpha(*image)) {
		VipsArrayDouble *white =
			v->vips_array_double_new((const double[]){255, 255, 255}, 3);
		rc = v->vips_flatten(*image, &made, "background", white, NULL);
		v->vips_area_unref((VipsArea *)white);
		if (picture_become(v, image, rc, made) != 0)
			return -1;
	}
	rc = v->vips_cast(*image, &made, VIPS_FORMAT_UCHAR, NULL);
	if (picture_become(v, image, rc, made) != 0)
		return -1;
	return v->vips_image_get_bands(*image) == 3 ? 0 : -1;
}

static bool has_profile(const struct vips *v, const void *bytes, size_t size)
{
	VipsImage *header = v->vips_image_new_from_buffer(bytes, size, "", NULL);
	bool has = header && v->vips_image_get_typeof(header, VIPS_META_ICC_NAME) != 0;
	if (header)
		v->g_object_unref(header);
	return has;
}

/* In sRGB, which takes as long as all the rest where there is a profile. */
static VipsImage *shrink(const struct vips *v, const void *bytes, size_t size, int width,
			 int height)
{
	VipsImage *image = NULL;
	void *from = (void *)(uintptr_t)bytes; /* libvips does not write to it */
	if (has_profile(v, bytes, size))
		v->vips_thumbnail_buffer(from, size, &image, width, "height", height, "size",
					 VIPS_SIZE_DOWN, "export_profile", "srgb", NULL);
	else
		v->vips_thumbnail_buffer(from, size, &image, width, "height", height, "size",
					 VIPS_SIZE_DOWN, NULL);
	return image;
}

/* Its pixels, from three bytes each. NULL: with libvips's message, or CHAPBOOK_E_MEMORY. */
static uint32_t *take_pixels(const struct vips *v, VipsImage *image, struct chapbook_error *err)
{
	size_t size = 0;
	unsigned char *bytes = v->vips_image_write_to_memory(image, &size);
	if (!bytes) {
		vips_fail(v, NULL, err);
		return NULL;
	}
	size_t count = size / 3;
	uint32_t *pixels = malloc(count * sizeof *pixels);
	for (size_t i = 0; pixels && i < count; i++)
		pixels[i] = (uint32_t)bytes[3 * i] << 16 | (uint32_t)bytes[3 * i + 1] << 8 |
			    bytes[3 * i + 2];
	v->g_free(bytes);
	if (!pixels)
		error_memory(err);
	return pixels;
}

static int open_any(struct cover_picture *picture, const void *bytes, size_t size, double scale,
		    struct chapbook_error *err)
{
	const struct vips *v = vips_load();
	if (!v)
		return error_set(err, CHAPBOOK_E_INPUT, "libvips cannot be loaded");
	VipsImage *image = shrink(v, bytes, size, (int)ceil(picture->width * scale),
				  (int)ceil(picture->height * scale));
	if (image && picture_make_plain(v, &image) == 0) {
		picture->width = (unsigned)v->vips_image_get_width(image);
		picture->height = (unsigned)v->vips_image_get_height(image);
		picture->pixels = take_pixels(v, image, err);
	} else {
		vips_fail(v, NULL, err);
	}
	if (image)
		v->g_object_unref(image);
	v->vips_thread_shutdown();
	return picture->pixels ? 0 : -1;
}

/* --- */

static bool is_upright(const void *bytes, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct image_metadata words = {0};
	image_metadata_read(bytes, size, IMAGE_JPEG, &arena, &words);
	arena_release(&arena);
	return words.orientation <= 1;
}

/* Whether the colours of a JPEG are sRGB's. A profile stands in segments before its pixels
 * (ICC.1:2010, section B.4). */
static bool is_srgb(const unsigned char *p, size_t size)
{
	enum { APP2 = 0xE2, SOS = 0xDA, NAME = 12, HEAD = NAME + 2 };
	size_t len;
	for (size_t at = 2; at + 4 <= size && p[at] == 0xFF && p[at + 1] != SOS; at += 2 + len) {
		const unsigned char *segment = p + at + 4;
		len = (size_t)p[at + 2] << 8 | p[at + 3];
		if (p[at + 1] != APP2 || len < 2 + HEAD || len - 2 > size - at - 4 ||
		    memcmp(segment, "ICC_PROFILE", NAME) != 0)
			continue;
		bool whole = segment[NAME + 1] == 1;
		return whole && fit_is_srgb(segment + HEAD, len - 2 - HEAD);
	}
	return true;
}

static bool is_welcome(enum image_kind kind)
{
	return kind == IMAGE_JPEG || kind == IMAGE_PNG || kind == IMAGE_GIF || kind == IMAGE_WEBP;
}

/* As much of a picture as covers a square as wide as the page. */
struct cover_picture *cover_picture_open(const void *bytes, size_t size, unsigned page_width,
					 struct chapbook_error *err)
{
	struct image_info info;
	if (image_identify(bytes, size, &info) != 0 || !is_welcome(info.kind) || !info.width ||
	    !info.height || (double)info.width * info.height > MAX_PIXELS) {
		error_set(err, CHAPBOOK_E_INPUT, "not a picture for a cover");
		return NULL;
	}
	struct cover_picture *picture = calloc(1, sizeof *picture);
	if (!picture) {
		error_memory(err);
		return NULL;
	}
	picture->width = info.width;
	picture->height = info.height;
	if (info.kind == IMAGE_JPEG && !info.cmyk && is_srgb(bytes, size) &&
	    is_upright(bytes, size))
		picture->pixels =
			jpeg_decode(bytes, size, page_width, &picture->width, &picture->height);
	double least = info.width < info.height ? info.width : info.height;
	double scale = least > page_width ? page_width / least : 1;
	if (!picture->pixels && open_any(picture, bytes, size, scale, err) != 0) {
		free(picture);
		return NULL;
	}
	return picture;
}

void cover_picture_free(struct cover_picture *picture)
{
	if (picture)
		free(picture->pixels);
	free(picture);
}

void cover_picture_size(const struct cover_picture *picture, unsigned *width, unsigned *height)
{
	*width = picture->width;
	*height = picture->height;
}

/* --- What is seen in it --- */

enum { SIDE = 32 };

/* The mean colours of its parts, SIDE by SIDE. */
static void make_small(const struct cover_picture *picture, struct colour small[SIDE][SIDE])
{
	for (unsigned y = 0; y < SIDE; y++) {
		unsigned top = y * picture->height / SIDE, end = (y + 1) * picture->height / SIDE;
		for (unsigned x = 0; x < SIDE; x++) {
			unsigned left = x * picture->width / SIDE;
			unsigned right = (x + 1) * picture->width / SIDE;
			uint64_t red = 0, green = 0, blue = 0, count = 0;
			for (unsigned j = top; j < end || j == top; j++) {
				const uint32_t *row = picture->pixels + (size_t)j * picture->width;
				for (unsigned i = left; i < right || i == left; i++, count++) {
					red += row[i] >> 16 & 255;
					green += row[i] >> 8 & 255;
					blue += row[i] & 255;
				}
			}
			small[y][x] = (struct colour){(unsigned char)(red / count),
						      (unsigned char)(green / count),
						      (unsigned char)(blue / count)};
		}
	}
}

/* Of a histogram of the hues of its parts, weighted by how colourful they are, the highest place.
 */
double cover_picture_hue(const struct cover_picture *picture)
{
	enum { PARTS = 24 };
	double weight[PARTS] = {0}, sum = 0;
	struct colour small[SIDE][SIDE];
	make_small(picture, small);
	for (int i = 0; i < SIDE * SIDE; i++) {
		double lightness, chroma, hue;
		palette_to_oklch(small[i / SIDE][i % SIDE], &lightness, &chroma, &hue);
		weight[(int)(hue * PARTS / 360) % PARTS] += chroma;
		sum += chroma;
	}
	int best = 0;
	double most = 0;
	for (int i = 0; i < PARTS; i++) {
		double here =
			weight[(i + PARTS - 1) % PARTS] + 2 * weight[i] + weight[(i + 1) % PARTS];
		if (here > most) {
			most = here;
			best = i;
		}
	}
	return sum / (SIDE * SIDE) < 0.02 ? -1 : (best + 0.5) * 360 / PARTS;
}

/* How much each part draws the eye: edges, colours, and what has the colour of skin (after
 * smartcrop.js, and libvips's vips_smartcrop()). */
static void find_attention(const struct cover_picture *picture, double score[SIDE][SIDE])
{
	static const double skin_hue = 55, skin_width = 25; /* degrees of OKLCH */
	struct colour small[SIDE][SIDE];
	double light[SIDE][SIDE];
	make_small(picture, small);
	for (int i = 0; i < SIDE * SIDE; i++) {
		double chroma, hue;
		palette_to_oklch(small[i / SIDE][i % SIDE], &light[i / SIDE][i % SIDE], &chroma,
				 &hue);
		bool dark = light[i / SIDE][i % SIDE] < 0.3;
		double skin = fmax(0, 1 - fabs(hue - skin_hue) / skin_width);
		bool pale = chroma > 0.03 && chroma < 0.14;
		score[i / SIDE][i % SIDE] = dark ? 0 : 2 * chroma + (pale ? 0.3 * skin : 0);
	}
	for (int y = 1; y < SIDE - 1; y++)
		for (int x = 1; x < SIDE - 1; x++)
			score[y][x] +=
				2 * fabs(4 * light[y][x] - light[y - 1][x] - light[y + 1][x] -
					 light[y][x - 1] - light[y][x + 1]);
}

/* Sums over squares of 2 * reach + 1 parts: their highest is where most is seen. */
static void find_centre(double score[SIDE][SIDE], int reach, double *x, double *y)
{
	double most = -1;
	*x = *y = 0.5;
	for (int top = 0; top < SIDE; top++)
		for (int left = 0; left < SIDE; left++) {
			double sum = 0;
			for (int j = top - reach; j <= top + reach; j++)
				for (int i = left - reach; i <= left + reach; i++)
					if (i >= 0 && j >= 0 && i < SIDE && j < SIDE)
						sum += score[j][i] /
						       (1 + abs(i - left) + abs(j - top));
			if (sum > most) {
				most = sum;
				*x = (left + 0.5) / SIDE;
				*y = (top + 0.5) / SIDE;
			}
		}
}

/* From where on `part` of `whole` pixels has the centre, a share of the whole, in its middle. */
static unsigned start_of(unsigned whole, unsigned part, double centre)
{
	double start = centre * whole - part / 2.0;
	return (unsigned)fmax(0, fmin(start, (double)whole - part));
}

void cover_picture_cut(const struct cover_picture *picture, unsigned width, unsigned height,
		       struct cover_part *part)
{
	enum { REACH = 4 };
	double scale = fmin((double)picture->width / width, (double)picture->height / height);
	double score[SIDE][SIDE], x, y;
	*part = (struct cover_part){
		.width = (unsigned)fmax(1, fmin(picture->width, round(width * scale))),
		.height = (unsigned)fmax(1, fmin(picture->height, round(height * scale))),
		.row = picture->width};
	find_attention(picture, score);
	find_centre(score, REACH, &x, &y);
	part->pixels = picture->pixels +
		       (size_t)start_of(picture->height, part->height, y) * picture->width +
		       start_of(picture->width, part->width, x);
}
