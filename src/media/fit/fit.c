#include "media/fit/parts.h"

#include "base/error.h"
#include "media/identify/bitmap.h"

#include <stdlib.h>
#include <string.h>

/* Readers with little memory decode an interlaced PNG as a whole. */
enum { INTERLACED_GIANT = 2 * 1000 * 1000 };

const char *fit_reason(const struct image_info *info, unsigned orientation,
		       const struct fit_options *options)
{
	switch (info->kind) {
	case IMAGE_UNKNOWN:
	case IMAGE_SVG:
		return NULL;
	case IMAGE_JPEG:
	case IMAGE_PNG:
	case IMAGE_GIF:
		break;
	default:
		return "has a format that few reading devices show";
	}
	bool turned = orientation > 4 && orientation < 9;
	unsigned width = turned ? info->height : info->width,
		 height = turned ? info->width : info->height;
	if (orientation > 1 && orientation < 9)
		return "is rotated by its Exif data only";
	if ((options->width && width > options->width) ||
	    (options->height && height > options->height))
		return "is larger than --image-size";
	if (info->cmyk)
		return "has CMYK colours";
	if (info->depth > 8)
		return "has more than 8 bits a channel";
	if (info->kind == IMAGE_PNG && info->interlaced &&
	    (uint64_t)width * height > INTERLACED_GIANT)
		return "is large and interlaced";
	if (options->grayscale && !info->gray)
		return "has colours";
	if (info->animated && !options->animation)
		return "is animated";
	if (options->opaque && info->alpha && info->kind == IMAGE_PNG)
		return "is transparent";
	return NULL;
}

/* A picture that libvips decodes. */
static int fit_bytes(struct fit *f, struct chapbook_error *err)
{
	struct chapbook_error why = {0};
	if (fit_open(f, err) != 0)
		return -1;
	/* First all of it; then what there is of it. */
	static const VipsFailOn levels[] = {VIPS_FAIL_ON_ERROR, VIPS_FAIL_ON_NONE};
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
		why = (struct chapbook_error){0};
		VipsImage *image = fit_shrink(f, levels[i]);
		int result = image ? fit_encode(f, image, &why) : vips_fail(f->v, f->name, &why);
		if (image)
			f->v->g_object_unref(image);
		f->v->vips_error_clear();
		if (result == 0) {
			f->out->damaged = levels[i] == VIPS_FAIL_ON_NONE;
			return 0;
		}
		if (why.code == CHAPBOOK_E_MEMORY)
			break;
	}
	return error_set(err, why.code, "%s", why.message);
}

static int fit_any(struct fit *f, struct chapbook_error *err)
{
	struct bitmap bitmap;
	struct icon icon;
	const unsigned char *p = (const unsigned char *)f->bytes;
	if (f->info.kind == IMAGE_BMP && bitmap_open_bmp(p, f->size, &bitmap) == 0)
		return fit_bitmap(f, &bitmap, err);
	if (f->info.kind == IMAGE_ICO && icon_find(p, f->size, &icon) == 0) {
		if (!icon.png && bitmap_open_icon(&icon, &bitmap) == 0)
			return fit_bitmap(f, &bitmap, err);
		f->info.kind = IMAGE_PNG;
		f->bytes = (const char *)icon.bytes;
		f->size = icon.size;
	}
	return fit_bytes(f, err);
}

/* What `make` makes, in a thread of any kind. */
static int fit_with(int (*make)(struct fit *f, struct chapbook_error *err), struct fit *f,
		    struct chapbook_error *err)
{
	f->v = vips_load();
	if (!f->v)
		return error_set(err, CHAPBOOK_E_INPUT,
				 "%.200s: libvips is not installed (Debian "
				 "package libvips42)",
				 f->name);
	int result = make(f, err);
	if (result == 0 && image_identify(f->out->bytes, f->out->size, &f->out->info) != 0)
		result = error_set(err, CHAPBOOK_E_INTERNAL,
				   "%.200s: libvips wrote a broken picture", f->name);
	if (result != 0)
		fit_result_release(f->out);
	f->v->vips_thread_shutdown();
	return result;
}

int fit_picture(const struct fit_source *source, const struct fit_options *options,
		struct fit_result *out, struct chapbook_error *err)
{
	const struct image_info *info = source->info;
	struct fit f = {.name = source->name,
			.bytes = source->bytes,
			.size = source->size,
			.info = *info,
			.options = options,
			.out = out};
	*out = (struct fit_result){0};
	if (fit_check_size(source->name, info, info->width, info->height, 1, err) != 0)
		return -1;
	return fit_with(fit_any, &f, err);
}

/* --- SVG --- */

static int fit_draw(struct fit *f, struct chapbook_error *err)
{
	enum { MAX_SIDE = 4096, ICON = 200 };
	const struct vips *v = f->v;
	VipsImage *image = NULL;
	double scale = 1, width, height;
	void *bytes = (void *)(uintptr_t)f->bytes;
	if (v->vips_svgload_buffer(bytes, f->size, &image, NULL) != 0)
		return vips_fail(v, f->name, err);
	width = image->Xsize;
	height = image->Ysize;
	v->g_object_unref(image);
	if (width >= ICON || height >= ICON)
		scale = 2;
	double max_width = f->options->width ? f->options->width : MAX_SIDE,
	       max_height = f->options->height ? f->options->height : MAX_SIDE;
	if (f->options->enlarge && width > 0 && height > 0)
		scale = max_width / width;
	if (width * scale > max_width)
		scale = max_width / width;
	if (height * scale > max_height)
		scale = max_height / height;
	image = NULL;
	if (v->vips_svgload_buffer(bytes, f->size, &image, "scale", scale, NULL) != 0)
		return vips_fail(v, f->name, err);
	VipsImage *gray = image;
	if (f->options->grayscale) {
		int failed = v->vips_colourspace(image, &gray, VIPS_INTERPRETATION_B_W, NULL);
		v->g_object_unref(image);
		if (failed)
			return vips_fail(v, f->name, err);
	}
	int result = fit_encode(f, gray, err);
	v->g_object_unref(gray);
	return result;
}

int fit_draw_svg(const char *name, const char *bytes, size_t size,
		 const struct fit_options *options, struct fit_result *out,
		 struct chapbook_error *err)
{
	struct fit f = {.name = name,
			.bytes = bytes,
			.size = size,
			.info = {.kind = IMAGE_SVG},
			.options = options,
			.out = out};
	*out = (struct fit_result){0};
	return fit_with(fit_draw, &f, err);
}

/* --- */

void fit_result_release(struct fit_result *r)
{
	free(r->bytes);
	free(r->xmp.bytes);
	free(r->iptc.bytes);
	free(r->exif.bytes);
	*r = (struct fit_result){0};
}

/* Bytes a pixel of the source that are there at one time. */
static size_t bytes_a_pixel(const struct image_info *info)
{
	size_t deep = info->depth > 8 ? 2 : 1;
	switch (info->kind) {
	case IMAGE_JPEG:
		/* Coefficients of two bytes; colour has a quarter of them, or all. */
		return !info->interlaced ? 0 : info->gray ? 2 : info->cmyk ? 8 : 6;
	case IMAGE_PNG:
		return info->interlaced ? 4 * deep : 0;
	case IMAGE_TIFF:
		return 4 * deep; /* a strip may be all of it */
	case IMAGE_AVIF:
	case IMAGE_HEIC:
		return 8 * deep;
	case IMAGE_JXL:
		return 12;
	case IMAGE_BMP:
	case IMAGE_ICO:
		return 4;
	default:
		return 8;
	}
}

size_t fit_cost(const struct image_info *info, const struct fit_options *options)
{
	enum { BASE = 4 << 20, LINES = 600, MOVING = 32 << 20 };
	uint64_t pixels = (uint64_t)info->width * info->height, small = pixels;
	if (options->width && info->width > options->width)
		small = small * options->width / info->width;
	if (options->height && info->height > options->height && !info->animated)
		small = small * options->height / info->height;
	uint64_t cost = BASE + pixels * bytes_a_pixel(info) + (uint64_t)info->width * 4 * LINES;
	/* A JPEG passes through line by line; other pictures are inspected before they are written,
	 * and their colours counted for a palette. */
	cost += info->kind == IMAGE_JPEG ? small / 2 : small * 26;
	if (info->animated)
		cost += MOVING; /* what is made of it, and palettes */
	return cost > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)cost;
}
