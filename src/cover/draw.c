#include "cover/draw.h"

#include "base/error.h"
#include "cover/parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SIDE   10000
#define MOST_HEADER 20

/* A page being drawn: cairo's pixels are 32-bit numbers, 0x00rrggbb. */
struct page {
	const struct pango *p;
	const struct vips *v;
	const struct cover_sheet *sheet;
	uint32_t *pixels;
	cairo_surface_t *surface;
	cairo_t *cr;
};

bool cover_can_draw(void)
{
	return vips_load() && pango_load();
}

static int draw_svg(struct page *page, const char *svg, size_t size, struct chapbook_error *err)
{
	const struct pango *p = page->p;
	RsvgRectangle whole = {0, 0, page->sheet->width, page->sheet->height};
	GError *why = NULL;
	RsvgHandle *handle = p->rsvg_handle_new_from_data((const guint8 *)svg, size, &why);
	bool done = handle && p->rsvg_handle_render_document(handle, page->cr, &whole, &why);
	if (handle)
		p->g_object_unref(handle);
	if (done)
		return 0;
	error_set(err, CHAPBOOK_E_INPUT, "cover.svg: %s", why ? why->message : "not drawn");
	if (why)
		p->g_error_free(why);
	return -1;
}

/* Whole pixels of a length on the page. */
static unsigned clip(double length, unsigned most)
{
	return length <= 0 ? 0 : length >= most ? most : (unsigned)(length + 0.5);
}

/* Blown up to the box where it has fewer pixels, with straight lines between them. */
static void paint(struct page *page, const struct cover_part *part, unsigned x, unsigned y,
		  unsigned width, unsigned height)
{
	const struct pango *p = page->p;
	cairo_surface_t *surface = p->cairo_image_surface_create_for_data(
		(unsigned char *)part->pixels, CAIRO_FORMAT_RGB24, (int)part->width,
		(int)part->height, (int)part->width * 4);
	p->cairo_save(page->cr);
	p->cairo_translate(page->cr, x, y);
	p->cairo_scale(page->cr, (double)width / part->width, (double)height / part->height);
	p->cairo_set_source_surface(page->cr, surface, 0, 0);
	p->cairo_pattern_set_filter(p->cairo_get_source(page->cr), CAIRO_FILTER_BILINEAR);
	p->cairo_pattern_set_extend(p->cairo_get_source(page->cr), CAIRO_EXTEND_PAD);
	p->cairo_rectangle(page->cr, 0, 0, part->width, part->height);
	p->cairo_fill(page->cr);
	p->cairo_restore(page->cr);
	p->cairo_surface_destroy(surface);
}

static int draw_picture(struct page *page, const struct cover_box *box, struct chapbook_error *err)
{
	const struct cover_sheet *sheet = page->sheet;
	unsigned x = clip(box->x, sheet->width), right = clip(box->x + box->width, sheet->width);
	unsigned y = clip(box->y, sheet->height), end = clip(box->y + box->height, sheet->height);
	if (x >= right || y >= end)
		return 0;
	unsigned width = right - x, height = end - y;
	struct cover_part part;
	if (cover_picture_cut(sheet->picture, width, height, &part, err) != 0)
		return -1;
	paint(page, &part, x, y, width, height);
	free(part.pixels);
	return 0;
}

static int draw_boxes(struct page *page, const struct cover_design *design, unsigned *lost,
		      struct chapbook_error *err)
{
	struct cover_setter setter;
	int rc = cover_setter_init(&setter, page->p, page->cr, page->sheet, err);
	for (size_t i = 0; rc == 0 && i < design->boxes.count; i++) {
		const struct cover_box *box = &design->boxes.items[i];
		if (box->kind == BOX_TEXT)
			rc = cover_set_text(&setter, box, err);
		else if (box->kind == BOX_BAR)
			cover_set_bar(&setter, box);
	}
	*lost = setter.lost;
	cover_setter_release(&setter);
	return rc;
}

static int draw_layers(struct page *page, const struct cover_design *design, unsigned *lost,
		       struct chapbook_error *err)
{
	int rc = draw_svg(page, design->under, design->under_size, err);
	for (size_t i = 0; rc == 0 && page->sheet->picture && i < design->boxes.count; i++)
		if (design->boxes.items[i].kind == BOX_PICTURE)
			rc = draw_picture(page, &design->boxes.items[i], err);
	if (rc == 0 && design->over)
		rc = draw_svg(page, design->over, design->over_size, err);
	if (rc == 0)
		rc = draw_boxes(page, design, lost, err);
	if (rc == 0 && page->p->cairo_status(page->cr) != CAIRO_STATUS_SUCCESS)
		rc = error_memory(err);
	return rc;
}

/* The page's memory as three bytes a pixel, in place. */
static unsigned char *pack(struct page *page)
{
	unsigned char *to = (unsigned char *)page->pixels;
	size_t count = (size_t)page->sheet->width * page->sheet->height;
	for (size_t i = 0; i < count; i++) {
		uint32_t pixel = page->pixels[i];
		*to++ = pixel >> 16 & 255;
		*to++ = pixel >> 8 & 255;
		*to++ = pixel & 255;
	}
	return (unsigned char *)page->pixels;
}

static int make_grey(const struct vips *v, VipsImage **image)
{
	VipsImage *grey = NULL;
	int rc = v->vips_colourspace(*image, &grey, VIPS_INTERPRETATION_B_W, NULL);
	v->g_object_unref(*image);
	*image = grey;
	return rc;
}

/* libvips writes no JFIF header where no metadata are wanted; old readers look for one. */
static int take_jpeg(struct cover_result *result, const void *bytes, size_t size,
		     struct chapbook_error *err)
{
	static const unsigned char jfif[] = {0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F',
					     0,    1,    1,    0,    0, 1,  0,   1,   0,   0};
	static const size_t start = 2; /* of the image, that both begin with */
	bool whole = size > 4 && memcmp(bytes, jfif, 4) == 0;
	size_t header = whole ? start : sizeof jfif;
	result->size = size - start + header;
	result->bytes = malloc(result->size);
	if (!result->bytes)
		return error_memory(err);
	memcpy(result->bytes, jfif, header);
	memcpy(result->bytes + header, (const char *)bytes + start, size - start);
	return 0;
}

/* In as good a quality as the size allows. From 90 on libvips keeps the colours' full detail, which
 * letters want. What would hardly become small enough, going by the last try, is not tried: each
 * try takes longer than setting all the words. */
static int encode(const struct vips *v, VipsImage *image, size_t most, void **bytes, size_t *size)
{
	static const struct {
		int quality;
		unsigned least; /* bytes of a picture, to compare: even of noise, seldom less */
	} steps[] = {{90, 165}, {82, 100}, {74, 80}, {64, 65}, {52, 53}, {40, 43}, {28, 33}};
	enum { STEPS = sizeof steps / sizeof *steps };
	size_t last = 0;
	for (size_t i = 0; i < STEPS; i++) {
		bool hopeless = *bytes && *size / steps[last].least * steps[i].least > most;
		if (hopeless && i < STEPS - 1)
			continue;
		v->g_free(*bytes);
		*bytes = NULL;
		if (v->vips_jpegsave_buffer(image, bytes, size, "Q", steps[i].quality, "strip",
					    TRUE, NULL) != 0)
			return -1;
		if (*size <= most)
			break;
		last = i;
	}
	return 0;
}

static int save(struct page *page, struct cover_result *result, struct chapbook_error *err)
{
	const struct vips *v = page->v;
	const struct cover_sheet *sheet = page->sheet;
	size_t size = (size_t)sheet->width * sheet->height * 3;
	size_t most = sheet->most_bytes < MOST_HEADER ? 0 : sheet->most_bytes - MOST_HEADER;
	VipsImage *raw = v->vips_image_new_from_memory(pack(page), size, (int)sheet->width,
						       (int)sheet->height, 3, VIPS_FORMAT_UCHAR);
	VipsImage *image = NULL;
	void *bytes = NULL;
	int rc = raw ? v->vips_copy(raw, &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL)
		     : -1;
	if (rc == 0 && sheet->grey)
		rc = make_grey(v, &image);
	if (rc == 0)
		rc = encode(v, image, most, &bytes, &size);
	if (image)
		v->g_object_unref(image);
	if (raw)
		v->g_object_unref(raw);
	if (rc == 0)
		rc = take_jpeg(result, bytes, size, err);
	else
		vips_fail(v, "the cover", err);
	v->g_free(bytes);
	return rc;
}

int cover_draw(const struct cover_sheet *sheet, struct cover_result *result,
	       struct chapbook_error *err)
{
	struct page page = {.v = vips_load(), .p = pango_load(), .sheet = sheet};
	struct cover_design design = {0};
	int rc = -1;
	*result = (struct cover_result){0};
	if (!page.v || !page.p)
		return error_set(err, CHAPBOOK_E_INPUT,
				 "libvips, Pango or librsvg cannot be loaded");
	if (sheet->width < 1 || sheet->height < 1 || sheet->width > MOST_SIDE ||
	    sheet->height > MOST_SIDE)
		return error_set(err, CHAPBOOK_E_LIMIT, "a cover of %u x %u pixels", sheet->width,
				 sheet->height);
	if (cover_design_read(&design, sheet, err) != 0)
		goto out;
	page.pixels = malloc((size_t)sheet->width * sheet->height * sizeof *page.pixels);
	if (!page.pixels) {
		error_memory(err);
		goto out;
	}
	/* A page begins white. */
	memset(page.pixels, 0xFF, (size_t)sheet->width * sheet->height * sizeof *page.pixels);
	page.surface = page.p->cairo_image_surface_create_for_data(
		(unsigned char *)page.pixels, CAIRO_FORMAT_RGB24, (int)sheet->width,
		(int)sheet->height, (int)(sheet->width * sizeof *page.pixels));
	page.cr = page.p->cairo_create(page.surface);
	rc = draw_layers(&page, &design, &result->lost, err);
	page.p->cairo_destroy(page.cr);
	page.p->cairo_surface_destroy(page.surface);
	if (rc == 0)
		rc = save(&page, result, err);
	page.v->vips_thread_shutdown();
out:
	free(page.pixels);
	cover_design_release(&design);
	return rc;
}
