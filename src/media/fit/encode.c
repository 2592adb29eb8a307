/* Running a pipeline and writing what comes out of it: as JPEG, PNG or GIF, by what is seen. */
#include "media/fit/parts.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

enum { QUALITY = 85 };

/* Of PNG, from 0 to 9. Most would take four times as long for colours, and make them two percent
 * smaller; with a palette it takes no longer, and makes up to half of it. */
enum { LEVEL_COLOURS = 6, LEVEL_PALETTE = 9 };

/* Among photos, hardly any pixel is like its neighbour; among drawings, most are. Between these,
 * what packs well as PNG is no photo. Photos without colour have few colours, too, but not so few.
 */
static const double flat_photo = 0.15, flat_drawing = 0.9;
enum { FEW_COLOURS = 16, MAX_RATIO = 2 };

static int quality(const struct fit *f)
{
	int q = f->options->quality;
	return q < 1 ? QUALITY : q > 100 ? 100 : q;
}

/* What libvips allocated. */
struct packed {
	void *bytes;
	size_t size;
};

/* Take it. */
static int encode_take(struct fit *f, struct packed *p, struct chapbook_error *err)
{
	f->out->bytes = malloc(p->size ? p->size : 1);
	if (f->out->bytes) {
		memcpy(f->out->bytes, p->bytes, p->size);
		f->out->size = p->size;
	}
	f->v->g_free(p->bytes);
	return f->out->bytes ? 0 : error_memory(err);
}

static int pack_jpeg(struct fit *f, VipsImage *image, struct packed *p)
{
	return f->v->vips_jpegsave_buffer(image, &p->bytes, &p->size, "Q", quality(f),
					  "optimize_coding", TRUE, "strip", TRUE, NULL);
}

static int encode_jpeg(struct fit *f, VipsImage *image, struct chapbook_error *err)
{
	struct packed p = {0};
	return pack_jpeg(f, image, &p) == 0 ? encode_take(f, &p, err)
					    : vips_fail(f->v, f->name, err);
}

static int encode_gif(struct fit *f, VipsImage *image, struct chapbook_error *err)
{
	enum { EFFORT = 4 };
	struct packed p = {0};
	if (f->v->vips_gifsave_buffer(image, &p.bytes, &p.size, "effort", EFFORT, NULL) != 0)
		return vips_fail(f->v, f->name, err);
	return encode_take(f, &p, err);
}

/* The first `bands` of pixels in memory. NULL: with libvips's message. */
static VipsImage *first_bands(struct fit *f, const struct pixels *pixels, unsigned bands)
{
	const struct vips *v = f->v;
	VipsImage *all, *some = NULL, *colour = NULL;
	size_t size = (size_t)pixels->width * pixels->height * pixels->bands;
	all = v->vips_image_new_from_memory(pixels->bytes, size, (int)pixels->width,
					    (int)pixels->height, (int)pixels->bands,
					    VIPS_FORMAT_UCHAR);
	if (all && v->vips_extract_band(all, &some, 0, "n", (int)bands, NULL) == 0)
		v->vips_copy(some, &colour, "interpretation",
			     bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB, NULL);
	if (all)
		v->g_object_unref(all);
	if (some)
		v->g_object_unref(some);
	return colour;
}

/* JPEG of pixels in memory. */
static int pack_photo(struct fit *f, const struct pixels *pixels, struct packed *p)
{
	VipsImage *image = first_bands(f, pixels, pixels->bands - (pixels->bands % 2 == 0));
	int result = image ? pack_jpeg(f, image, p) : -1;
	if (image)
		f->v->g_object_unref(image);
	return result;
}

/* With a palette, in as few bits as it takes. libvips makes one from colours that it counts and
 * groups; as few as there are, and not in its faster modes, each is kept as it is. */
static int pack_palette(struct fit *f, VipsImage *image, unsigned colours, struct packed *p)
{
	int bits = colours <= 2 ? 1 : colours <= 4 ? 2 : colours <= 16 ? 4 : 8;
	return f->v->vips_pngsave_buffer(image, &p->bytes, &p->size, "compression", LEVEL_PALETTE,
					 "filter", VIPS_FOREIGN_PNG_FILTER_NONE, "strip", TRUE,
					 "palette", TRUE, "dither", 0.0, "bitdepth", bits, NULL);
}

/* As they are, and through filters, for what changes softly; what is smaller counts. */
static int pack_colours(struct fit *f, VipsImage *image, struct packed *best)
{
	static const int filters[] = {VIPS_FOREIGN_PNG_FILTER_NONE, VIPS_FOREIGN_PNG_FILTER_ALL};
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		struct packed p = {0};
		if (f->v->vips_pngsave_buffer(image, &p.bytes, &p.size, "compression",
					      LEVEL_COLOURS, "filter", filters[i], "strip", TRUE,
					      NULL) != 0)
			return -1;
		bool better = !best->bytes || p.size < best->size;
		f->v->g_free(better ? best->bytes : p.bytes);
		if (better)
			*best = p;
	}
	return 0;
}

/* PNG of pixels in memory, without what is not seen in them. */
static int pack_drawing(struct fit *f, const struct pixels *pixels, const struct pixel_facts *seen,
			struct packed *p)
{
	unsigned bands = pixels->bands;
	if (!seen->transparent)
		bands = seen->gray ? 1 : bands - (bands % 2 == 0);
	VipsImage *image = first_bands(f, pixels, bands);
	int result = !image                         ? -1
		     : seen->colours <= MAX_COLOURS ? pack_palette(f, image, seen->colours, p)
						    : pack_colours(f, image, p);
	if (image)
		f->v->g_object_unref(image);
	return result;
}

static int encode_pixels(struct fit *f, const struct pixels *pixels, struct chapbook_error *err)
{
	struct pixel_facts seen;
	struct packed jpeg = {0}, png = {0};
	fit_measure(pixels, &seen);
	bool few = seen.colours <= FEW_COLOURS ||
		   (seen.colours <= MAX_COLOURS && seen.flat >= flat_photo);
	bool drawing = seen.transparent || few || seen.flat > flat_drawing ||
		       f->info.kind == IMAGE_ICO || f->info.kind == IMAGE_SVG;
	bool photo = !drawing && seen.flat < flat_photo;
	if ((!drawing && pack_photo(f, pixels, &jpeg) != 0) ||
	    (!photo && pack_drawing(f, pixels, &seen, &png) != 0)) {
		f->v->g_free(jpeg.bytes);
		f->v->g_free(png.bytes);
		return vips_fail(f->v, f->name, err);
	}
	if (drawing || (!photo && png.size / MAX_RATIO <= jpeg.size)) {
		f->v->g_free(jpeg.bytes);
		return encode_take(f, &png, err);
	}
	f->v->g_free(png.bytes);
	return encode_take(f, &jpeg, err);
}

int fit_encode(struct fit *f, VipsImage *image, struct chapbook_error *err)
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
	if (f->options->opaque)
		fit_flatten(&pixels, bytes);
	int result = encode_pixels(f, &pixels, err);
	f->v->g_free(bytes);
	return result;
}
