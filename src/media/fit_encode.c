/* Running a pipeline and writing what comes out of it: as JPEG, PNG or GIF, by what is seen. */
#include "media/fit_parts.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

enum { QUALITY = 85 };

/* Among photos, hardly any pixel is like its neighbour; among drawings, most are. Between these,
 * what packs well as PNG is no photo. */
static const double flat_photo = 0.15, flat_drawing = 0.9;
enum { FEW_GRAYS = 16, MOST_RATIO = 2 };

static int quality(const struct fit *f)
{
	int q = f->options->quality;
	return q < 1 ? QUALITY : q > 100 ? 100 : q;
}

/* Take what libvips allocated. */
static int take(struct fit *f, void *bytes, size_t size, struct chapbook_error *err)
{
	f->out->bytes = malloc(size ? size : 1);
	if (f->out->bytes) {
		memcpy(f->out->bytes, bytes, size);
		f->out->size = size;
	}
	f->v->g_free(bytes);
	return f->out->bytes ? 0 : error_memory(err);
}

static int encode_jpeg(struct fit *f, VipsImage *image, struct chapbook_error *err)
{
	void *bytes = NULL;
	size_t size = 0;
	if (f->v->vips_jpegsave_buffer(image, &bytes, &size, "Q", quality(f), "optimize_coding",
				       TRUE, "strip", TRUE, NULL) != 0)
		return vips_fail(f->v, f->name, err);
	return take(f, bytes, size, err);
}

static int encode_gif(struct fit *f, VipsImage *image, struct chapbook_error *err)
{
	enum { EFFORT = 4 };
	void *bytes = NULL;
	size_t size = 0;
	if (f->v->vips_gifsave_buffer(image, &bytes, &size, "effort", EFFORT, NULL) != 0)
		return vips_fail(f->v, f->name, err);
	return take(f, bytes, size, err);
}

/* JPEG of pixels in memory. */
static int encode_photo(struct fit *f, const struct pixels *pixels, struct chapbook_error *err)
{
	const struct vips *v = f->v;
	VipsImage *image, *opaque = NULL, *colour = NULL;
	size_t size = (size_t)pixels->width * pixels->height * pixels->bands;
	int result = -1, bands = (int)pixels->bands - (pixels->bands % 2 == 0);
	image = v->vips_image_new_from_memory(pixels->bytes, size, (int)pixels->width,
					      (int)pixels->height, (int)pixels->bands,
					      VIPS_FORMAT_UCHAR);
	if (image && v->vips_extract_band(image, &opaque, 0, "n", bands, NULL) == 0 &&
	    v->vips_copy(opaque, &colour, "interpretation",
			 bands == 1 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB,
			 NULL) == 0)
		result = encode_jpeg(f, colour, err);
	else
		vips_fail(v, f->name, err);
	if (image)
		v->g_object_unref(image);
	if (opaque)
		v->g_object_unref(opaque);
	if (colour)
		v->g_object_unref(colour);
	return result;
}

static int encode_drawing(struct fit *f, const struct pixels *pixels, const struct look *look,
			  struct chapbook_error *err)
{
	f->out->bytes = png_encode(pixels, look, &f->out->size);
	return f->out->bytes ? 0 : error_memory(err);
}

static int encode_pixels(struct fit *f, const struct pixels *pixels, struct chapbook_error *err)
{
	struct look look;
	fit_look(pixels, &look);
	bool few = look.colours <= (look.gray ? FEW_GRAYS : MOST_COLOURS);
	if (look.transparent || few || look.flat > flat_drawing || f->info.kind == IMAGE_ICO ||
	    f->info.kind == IMAGE_SVG)
		return encode_drawing(f, pixels, &look, err);
	if (encode_photo(f, pixels, err) != 0)
		return -1;
	if (look.flat < flat_photo)
		return 0;
	size_t size;
	char *png = png_encode(pixels, &look, &size);
	if (!png)
		return error_memory(err);
	if (size / MOST_RATIO <= f->out->size) {
		free(f->out->bytes);
		f->out->bytes = png;
		f->out->size = size;
	} else {
		free(png);
	}
	return 0;
}

static int encode_any(struct fit *f, VipsImage *image, struct chapbook_error *err)
{
	if (f->moving)
		return encode_gif(f, image, err);
	if (f->info.kind == IMAGE_JPEG)
		return encode_jpeg(f, image, err);
	size_t size;
	struct pixels pixels = {.width = (unsigned)image->Xsize,
				.height = (unsigned)image->Ysize,
				.bands = (unsigned)image->Bands};
	void *bytes = f->v->vips_image_write_to_memory(image, &size);
	if (!bytes)
		return vips_fail(f->v, f->name, err);
	pixels.bytes = bytes;
	int result = encode_pixels(f, &pixels, err);
	f->v->g_free(bytes);
	return result;
}

/* Put on white, for readers that show black where there is nothing. */
static int encode_opaque(struct fit *f, VipsImage *image, struct chapbook_error *err)
{
	VipsImage *flat = NULL;
	double white[] = {255};
	VipsArrayDouble *ground = f->v->vips_array_double_new(white, 1);
	int result = f->v->vips_flatten(image, &flat, "background", ground, NULL) == 0
			     ? encode_any(f, flat, err)
			     : vips_fail(f->v, f->name, err);
	f->v->vips_area_unref(VIPS_AREA(ground));
	if (flat)
		f->v->g_object_unref(flat);
	return result;
}

int fit_encode(struct fit *f, VipsImage *image, struct chapbook_error *err)
{
	bool clear = f->options->opaque && !f->moving && f->v->vips_image_hasalpha(image);
	return clear ? encode_opaque(f, image, err) : encode_any(f, image, err);
}
