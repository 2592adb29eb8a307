/* The picture on a cover. */
#include "base/error.h"
#include "cover/parts.h"
#include "media/media.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define MOST_PIXELS 200e6

struct cover_picture {
	const struct vips *v;
	VipsImage *image; /* in memory; three bytes a pixel */
};

/* Replace an image by what an operation made of it. */
static int become(const struct vips *v, VipsImage **image, int rc, VipsImage *made)
{
	if (rc == 0) {
		v->g_object_unref(*image);
		*image = made;
	}
	return rc;
}

/* Three bands of eight bits, opaque, in memory. */
static int make_plain(const struct vips *v, VipsImage **image)
{
	VipsImage *made = NULL;
	int rc = v->vips_colourspace(*image, &made, VIPS_INTERPRETATION_sRGB, NULL);
	if (become(v, image, rc, made) != 0)
		return -1;
	if (v->vips_image_hasalpha(*image)) {
		VipsArrayDouble *white =
			v->vips_array_double_new((const double[]){255, 255, 255}, 3);
		rc = v->vips_flatten(*image, &made, "background", white, NULL);
		v->vips_area_unref((VipsArea *)white);
		if (become(v, image, rc, made) != 0)
			return -1;
	}
	rc = v->vips_cast(*image, &made, VIPS_FORMAT_UCHAR, NULL);
	if (become(v, image, rc, made) != 0)
		return -1;
	if (v->vips_image_get_bands(*image) != 3)
		return -1;
	made = v->vips_image_copy_memory(*image);
	return become(v, image, made ? 0 : -1, made);
}

static bool is_welcome(enum image_kind kind)
{
	return kind == IMAGE_JPEG || kind == IMAGE_PNG || kind == IMAGE_GIF || kind == IMAGE_WEBP;
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

/* As much of a picture as covers a square as wide as the page. */
struct cover_picture *cover_picture_open(const void *bytes, size_t size, unsigned page_width,
					 struct chapbook_error *err)
{
	const struct vips *v = vips_load();
	struct image_info info;
	if (!v) {
		error_set(err, CHAPBOOK_E_INPUT, "libvips cannot be loaded");
		return NULL;
	}
	if (image_identify(bytes, size, &info) != 0 || !is_welcome(info.kind) || !info.width ||
	    !info.height || (double)info.width * info.height > MOST_PIXELS) {
		error_set(err, CHAPBOOK_E_INPUT, "not a picture for a cover");
		return NULL;
	}
	double least = info.width < info.height ? info.width : info.height;
	double scale = least > page_width ? page_width / least : 1;
	struct cover_picture *picture = calloc(1, sizeof *picture);
	if (!picture) {
		error_memory(err);
		return NULL;
	}
	picture->v = v;
	picture->image = shrink(v, bytes, size, (int)ceil(info.width * scale),
				(int)ceil(info.height * scale));
	if (!picture->image || make_plain(v, &picture->image) != 0) {
		vips_fail(v, NULL, err);
		cover_picture_free(picture);
		return NULL;
	}
	return picture;
}

void cover_picture_free(struct cover_picture *picture)
{
	if (!picture)
		return;
	if (picture->image)
		picture->v->g_object_unref(picture->image);
	picture->v->vips_thread_shutdown();
	free(picture);
}

void cover_picture_size(const struct cover_picture *picture, unsigned *width, unsigned *height)
{
	*width = (unsigned)picture->v->vips_image_get_width(picture->image);
	*height = (unsigned)picture->v->vips_image_get_height(picture->image);
}

static void *take_pixels(const struct vips *v, VipsImage *image, size_t *size)
{
	void *pixels = image ? v->vips_image_write_to_memory(image, size) : NULL;
	if (image)
		v->g_object_unref(image);
	return pixels;
}

/* A picture of few pixels has its colours; of a histogram of their hues, weighted by how colourful
 * they are, the highest place. */
double cover_picture_hue(const struct cover_picture *picture)
{
	enum { SIDE = 32, PARTS = 24 };
	double weight[PARTS] = {0}, sum = 0;
	const struct vips *v = picture->v;
	VipsImage *small = NULL;
	size_t size = 0;
	v->vips_thumbnail_image(picture->image, &small, SIDE, "height", SIDE, "size",
				VIPS_SIZE_FORCE, NULL);
	unsigned char *pixels = take_pixels(v, small, &size);
	for (size_t i = 0; pixels && i + 3 <= size; i += 3) {
		double lightness, chroma, hue;
		struct colour colour = {pixels[i], pixels[i + 1], pixels[i + 2]};
		palette_to_oklch(colour, &lightness, &chroma, &hue);
		weight[(int)(hue * PARTS / 360) % PARTS] += chroma;
		sum += chroma;
	}
	v->g_free(pixels);
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

/* The part of it that draws the eye, of the same shape as width x height. */
static VipsImage *cut_part(const struct cover_picture *picture, unsigned width, unsigned height)
{
	unsigned whole_width, whole_height;
	VipsImage *part = NULL;
	cover_picture_size(picture, &whole_width, &whole_height);
	double scale = fmin((double)whole_width / width, (double)whole_height / height);
	int part_width = (int)fmax(1, fmin(whole_width, round(width * scale)));
	int part_height = (int)fmax(1, fmin(whole_height, round(height * scale)));
	if (picture->v->vips_smartcrop(picture->image, &part, part_width, part_height,
				       "interesting", VIPS_INTERESTING_ATTENTION, NULL) != 0)
		return NULL;
	return part;
}

/* As cairo has pixels (CAIRO_FORMAT_RGB24), from three bytes each; NULL when memory runs out. */
static uint32_t *as_words(const unsigned char *bytes, size_t count)
{
	uint32_t *words = malloc(count * sizeof *words);
	for (size_t i = 0; words && i < count; i++, bytes += 3)
		words[i] = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
	return words;
}

int cover_picture_cut(const struct cover_picture *picture, unsigned width, unsigned height,
		      struct cover_part *part, struct chapbook_error *err)
{
	const struct vips *v = picture->v;
	VipsImage *cut = cut_part(picture, width, height), *image = NULL;
	size_t size = 0;
	*part = (struct cover_part){0};
	if (cut) {
		double across = (double)width / v->vips_image_get_width(cut);
		double down = (double)height / v->vips_image_get_height(cut);
		v->vips_resize(cut, &image, fmin(across, 1), "vscale", fmin(down, 1), NULL);
		v->g_object_unref(cut);
	}
	if (image) {
		part->width = (unsigned)v->vips_image_get_width(image);
		part->height = (unsigned)v->vips_image_get_height(image);
	}
	void *bytes = take_pixels(v, image, &size);
	size_t count = (size_t)part->width * part->height;
	if (!bytes || size != count * 3) {
		v->g_free(bytes);
		return vips_fail(v, "the cover's picture", err);
	}
	part->pixels = as_words(bytes, count);
	v->g_free(bytes);
	return part->pixels ? 0 : error_memory(err);
}
