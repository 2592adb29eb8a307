/* From a file's bytes to a pipeline of libvips that gives the picture as it must be. */
#include "media/fit/parts.h"

#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one loader for each kind: what libvips would take the bytes for must be what they are. */
static const struct {
	const char *loader, *name;
} kinds[] = {
	[IMAGE_JPEG] = {"VipsForeignLoadJpegBuffer", "JPEG"},
	[IMAGE_PNG] = {"VipsForeignLoadPngBuffer", "PNG"},
	[IMAGE_GIF] = {"VipsForeignLoadNsgifBuffer", "GIF"},
	[IMAGE_WEBP] = {"VipsForeignLoadWebpBuffer", "WebP"},
	[IMAGE_AVIF] = {"VipsForeignLoadHeifBuffer", "AVIF"},
	[IMAGE_HEIC] = {"VipsForeignLoadHeifBuffer", "HEIC"},
	[IMAGE_TIFF] = {"VipsForeignLoadTiffBuffer", "TIFF"},
	[IMAGE_JXL] = {"VipsForeignLoadJxlBuffer", "JPEG XL"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

bool fit_is_whole(const struct image_info *info)
{
	switch (info->kind) {
	case IMAGE_JPEG:
	case IMAGE_PNG:
		return info->interlaced;
	case IMAGE_TIFF:
		return false;
	default:
		return true;
	}
}

int fit_check_size(const char *name, const struct image_info *info, unsigned width, unsigned height,
		   unsigned frames, struct chapbook_error *err)
{
	uint64_t pixels = (uint64_t)width * height,
		 most = fit_is_whole(info) ? FIT_MAX_WHOLE : FIT_MAX_STREAMED;
	if (pixels <= most && pixels * frames <= most)
		return 0;
	return error_set(err, CHAPBOOK_E_LIMIT, "%.200s: %u x %u pixels; the limit is %llu million",
			 name, width, height, (unsigned long long)most / 1000000);
}

/* By its name: ICC.1:2010, sections 7.2 and 9.2.41. */
bool fit_is_srgb(const void *profile, size_t size)
{
	const unsigned char *p = profile;
	if (size < 132 || memcmp(p + 16, "RGB ", 4) != 0)
		return false;
	size_t count = (size_t)p[130] << 8 | p[131];
	for (size_t at = 132; count > 0 && at + 12 <= size; at += 12, count--) {
		if (memcmp(p + at, "desc", 4) != 0)
			continue;
		size_t place = (size_t)p[at + 5] << 16 | (size_t)p[at + 6] << 8 | p[at + 7];
		size_t len = (size_t)p[at + 10] << 8 | p[at + 11];
		if (p[at + 4] || place > size || len > size - place)
			return false;
		return memmem(p + place, len, "sRGB", 4) || memmem(p + place, len, "s\0R\0G\0B", 7);
	}
	return false;
}

/* A copy of what libvips calls `name`. */
static int take_block(struct fit *f, VipsImage *image, const char *name, struct fit_block *block)
{
	const void *bytes = NULL;
	size_t size = 0;
	if (f->v->vips_image_get_typeof(image, name) == 0 ||
	    f->v->vips_image_get_blob(image, name, &bytes, &size) != 0 || size == 0)
		return 0;
	block->bytes = malloc(size);
	if (!block->bytes)
		return -1;
	memcpy(block->bytes, bytes, size);
	block->size = size;
	return 0;
}

static int take_blocks(struct fit *f, VipsImage *image)
{
	if (f->info.kind != IMAGE_AVIF && f->info.kind != IMAGE_HEIC &&
	    f->info.kind != IMAGE_TIFF && f->info.kind != IMAGE_JXL)
		return 0;
	if (take_block(f, image, VIPS_META_XMP_NAME, &f->out->xmp) != 0 ||
	    take_block(f, image, VIPS_META_IPTC_NAME, &f->out->iptc) != 0)
		return -1;
	return take_block(f, image, VIPS_META_EXIF_NAME, &f->out->exif);
}

int fit_open(struct fit *f, struct chapbook_error *err)
{
	const struct vips *v = f->v;
	const char *loader = v->vips_foreign_find_load_buffer(f->bytes, f->size);
	if ((size_t)f->info.kind >= KINDS || !kinds[f->info.kind].loader)
		return error_set(err, CHAPBOOK_E_INPUT, "%.200s: it cannot be decoded", f->name);
	if (!loader || strcmp(loader, kinds[f->info.kind].loader) != 0)
		return error_set(err, CHAPBOOK_E_INPUT,
				 "%.200s: the installed libvips cannot read %s", f->name,
				 kinds[f->info.kind].name);
	VipsImage *image = v->vips_image_new_from_buffer(f->bytes, f->size, "", NULL);
	if (!image)
		return vips_fail(v, f->name, err);
	const void *profile = NULL;
	size_t size = 0;
	unsigned frames = (unsigned)v->vips_image_get_n_pages(image);
	int result = fit_check_size(f->name, &f->info, (unsigned)image->Xsize,
				    (unsigned)image->Ysize, 1, err);
	if (result == 0 && take_blocks(f, image) != 0)
		result = error_memory(err);
	f->gray = image->Bands < 3;
	f->cmyk = image->Type == VIPS_INTERPRETATION_CMYK;
	f->has_profile = v->vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0 &&
			 v->vips_image_get_blob(image, VIPS_META_ICC_NAME, &profile, &size) == 0 &&
			 !fit_is_srgb(profile, size);
	if (f->options->animation && frames > 1 &&
	    (f->info.kind == IMAGE_GIF || f->info.kind == IMAGE_WEBP))
		f->moving = fit_check_size(f->name, &f->info, (unsigned)image->Xsize,
					   (unsigned)image->Ysize, frames, NULL) == 0;
	f->out->stilled = f->info.animated && f->options->animation && !f->moving;
	v->g_object_unref(image);
	return result;
}

/* Colours as they are wanted: gray remains gray, or becomes it. */
static VipsImage *load_finish(struct fit *f, VipsImage *image)
{
	const struct vips *v = f->v;
	VipsImage *next = image;
	if (image->Bands > 4) { /* channels that no screen has */
		if (v->vips_extract_band(image, &next, 0, "n", 3, NULL) != 0)
			next = NULL;
		v->g_object_unref(image);
		image = next;
	}
	if (image && (f->gray || f->options->grayscale) && image->Bands > 2) {
		if (v->vips_colourspace(image, &next, VIPS_INTERPRETATION_B_W, NULL) != 0)
			next = NULL;
		v->g_object_unref(image);
		image = next;
	}
	if (image && image->BandFmt != VIPS_FORMAT_UCHAR) {
		if (v->vips_cast(image, &next, VIPS_FORMAT_UCHAR, NULL) != 0)
			next = NULL;
		v->g_object_unref(image);
		image = next;
	}
	return image;
}

static int max_side(unsigned side)
{
	return side == 0 || side > VIPS_MAX_COORD ? VIPS_MAX_COORD : (int)side;
}

VipsImage *fit_shrink(struct fit *f, VipsFailOn fail_on)
{
	const struct vips *v = f->v;
	VipsImage *image = NULL;
	int width = max_side(f->options->width), height = max_side(f->options->height);
	/* That this function has a "fail_on" of its own means nothing in libvips 8.14: it does not
	 * hand it on. */
	char load[64];
	snprintf(load, sizeof load, "fail_on=%s%s", fail_on == VIPS_FAIL_ON_NONE ? "none" : "error",
		 f->moving                    ? ",n=-1"
		 : f->info.kind == IMAGE_WEBP ? ",memory=true" /* else in a temporary file */
					      : "");
	/* libvips does not write to them. */
	void *bytes = (void *)(uintptr_t)f->bytes;
	int failed = -1;
	if (f->cmyk)
		failed = v->vips_thumbnail_buffer(bytes, f->size, &image, width, "height", height,
						  "size", VIPS_SIZE_DOWN, "option_string", load,
						  "import_profile", "cmyk", "export_profile",
						  "srgb", NULL);
	else if (f->has_profile)
		failed = v->vips_thumbnail_buffer(bytes, f->size, &image, width, "height", height,
						  "size", VIPS_SIZE_DOWN, "option_string", load,
						  "export_profile", "srgb", NULL);
	/* A profile that means nothing changes nothing. */
	if (failed)
		failed = v->vips_thumbnail_buffer(bytes, f->size, &image, width, "height", height,
						  "size", VIPS_SIZE_DOWN, "option_string", load,
						  NULL);
	return failed ? NULL : load_finish(f, image);
}

VipsImage *fit_shrink_pixels(struct fit *f, const unsigned char *pixels, unsigned bands, size_t row)
{
	const struct vips *v = f->v;
	int width = (int)(f->info.width * bands), height = (int)f->info.height;
	enum { ROWS, PIXELS, BANDS, COLOURS, STEPS };
	VipsImage *step[STEPS] = {0}, *small = NULL;
	step[ROWS] = v->vips_image_new_from_memory(pixels, row * f->info.height, (int)row, height,
						   1, VIPS_FORMAT_UCHAR);
	if (!step[ROWS] ||
	    v->vips_extract_area(step[ROWS], &step[PIXELS], 0, 0, width, height, NULL) != 0 ||
	    v->vips_bandfold(step[PIXELS], &step[BANDS], "factor", (int)bands, NULL) != 0 ||
	    v->vips_copy(step[BANDS], &step[COLOURS], "interpretation", VIPS_INTERPRETATION_sRGB,
			 NULL) != 0)
		goto out;
	if (v->vips_thumbnail_image(step[COLOURS], &small, max_side(f->options->width), "height",
				    max_side(f->options->height), "size", VIPS_SIZE_DOWN,
				    NULL) == 0)
		small = load_finish(f, small);
	else
		small = NULL;
out:
	for (int i = 0; i < STEPS; i++)
		if (step[i])
			v->g_object_unref(step[i]);
	return small;
}
