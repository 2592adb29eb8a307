#include "cover/draw.h"

#include "base/error.h"
#include "cover/flat.h"
#include "cover/jpeg.h"
#include "cover/parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_SIDE = 10000,
	/* Rows that are drawn at a time where a page is flat: less memory, which is in the
	 * processor's cache. */
	BAND = 160,
	/* Edges of letters and shapes in fewer steps than cairo's: the difference is not visible.
	 */
	TOLERANCE = 16,
};

/* Some rows of a page: cairo's pixels are 32-bit numbers, 0x00rrggbb. */
struct page {
	const struct pango *p;
	const struct cover_sheet *sheet;
	const struct cover_design *design;
	const struct cover_setter *setter;
	uint32_t *pixels;
	unsigned top, rows;
	cairo_t *cr;
};

bool cover_can_draw(void)
{
	return pango_load();
}

/* --- Drawing --- */

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
	bool smaller = part->width > width || part->height > height;
	/* cairo does not write to it. */
	unsigned char *pixels = (unsigned char *)(uintptr_t)part->pixels;
	cairo_surface_t *surface = p->cairo_image_surface_create_for_data(
		pixels, CAIRO_FORMAT_RGB24, (int)part->width, (int)part->height,
		(int)(part->row * sizeof *part->pixels));
	p->cairo_save(page->cr);
	p->cairo_translate(page->cr, x, y);
	p->cairo_scale(page->cr, (double)width / part->width, (double)height / part->height);
	p->cairo_set_source_surface(page->cr, surface, 0, 0);
	p->cairo_pattern_set_filter(p->cairo_get_source(page->cr),
				    smaller ? CAIRO_FILTER_GOOD : CAIRO_FILTER_BILINEAR);
	p->cairo_pattern_set_extend(p->cairo_get_source(page->cr), CAIRO_EXTEND_PAD);
	p->cairo_rectangle(page->cr, 0, 0, part->width, part->height);
	p->cairo_fill(page->cr);
	p->cairo_restore(page->cr);
	p->cairo_surface_destroy(surface);
}

static void draw_picture(struct page *page, const struct cover_box *box)
{
	const struct cover_sheet *sheet = page->sheet;
	unsigned x = clip(box->x, sheet->width), right = clip(box->x + box->width, sheet->width);
	unsigned y = clip(box->y, sheet->height), end = clip(box->y + box->height, sheet->height);
	if (x >= right || y >= end)
		return;
	struct cover_part part;
	cover_picture_cut(sheet->picture, right - x, end - y, &part);
	paint(page, &part, x, y, right - x, end - y);
}

static int draw_layer(struct page *page, const struct cover_layer *layer,
		      struct chapbook_error *err)
{
	if (layer->svg)
		return cover_drawing_draw(page->p, page->cr, layer, page->sheet, err);
	cover_shapes_draw(page->p, page->cr, &layer->shapes);
	return 0;
}

static int draw_layers(struct page *page, struct chapbook_error *err)
{
	const struct cover_design *design = page->design;
	int rc = draw_layer(page, &design->under, err);
	for (size_t i = 0; rc == 0 && page->sheet->picture && i < design->boxes.count; i++)
		if (design->boxes.items[i].kind == BOX_PICTURE)
			draw_picture(page, &design->boxes.items[i]);
	if (rc == 0)
		rc = draw_layer(page, &design->over, err);
	if (rc == 0)
		cover_setter_draw(page->setter, page->cr);
	if (rc == 0 && page->p->cairo_status(page->cr) != CAIRO_STATUS_SUCCESS)
		rc = error_memory(err);
	return rc;
}

/* Draw the page's rows from `top` on. */
static int draw_rows(struct page *page, struct chapbook_error *err)
{
	const struct pango *p = page->p;
	unsigned width = page->sheet->width;
	/* A page begins white. */
	if (!cover_shapes_fill(&page->design->under.shapes, page->sheet))
		memset(page->pixels, 0xFF, (size_t)width * page->rows * sizeof *page->pixels);
	cairo_surface_t *surface = p->cairo_image_surface_create_for_data(
		(unsigned char *)page->pixels, CAIRO_FORMAT_RGB24, (int)width, (int)page->rows,
		(int)(width * sizeof *page->pixels));
	page->cr = p->cairo_create(surface);
	p->cairo_translate(page->cr, 0, -(double)page->top);
	int rc = draw_layers(page, err);
	p->cairo_destroy(page->cr);
	p->cairo_surface_destroy(surface);
	return rc;
}

static int set_boxes(struct cover_setter *setter, const struct cover_design *design,
		     struct chapbook_error *err)
{
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < design->boxes.count; i++) {
		const struct cover_box *box = &design->boxes.items[i];
		if (box->kind == BOX_TEXT)
			rc = cover_set_text(setter, box, err);
		else if (box->kind == BOX_BAR)
			cover_set_bar(setter, box);
	}
	return rc;
}

/* --- Files --- */

static bool draw_is_plain(const struct cover_design *design)
{
	return !design->under.svg && !design->over.svg;
}

/* The palette begins with the colours of areas. */
static void add_colours(struct flat *flat, const struct cover_design *design)
{
	const struct shape_list *layers[] = {&design->under.shapes, &design->over.shapes};
	for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
		for (size_t k = 0; k < layers[i]->count; k++)
			flat_add_colour(flat, layers[i]->items[k].fill);
	for (size_t i = 0; i < design->boxes.count; i++)
		flat_add_colour(flat, design->boxes.items[i].fill);
}

/* The page as a PNG with a palette. `result` has no bytes afterwards when it has too many colours.
 */
static int make_png(struct page *page, struct flat *flat, struct cover_result *result,
		    struct chapbook_error *err)
{
	unsigned height = page->sheet->height;
	add_colours(flat, page->design);
	for (page->top = 0; page->top < height; page->top += page->rows) {
		if (page->rows > height - page->top)
			page->rows = height - page->top;
		if (draw_rows(page, err) != 0)
			return -1;
		if (!flat_add_rows(flat, page->pixels, page->rows))
			return 0;
	}
	result->kind = COVER_PNG;
	return flat_encode(flat, &result->bytes, &result->size, err);
}

static int make_flat(struct page *page, struct cover_result *result, struct chapbook_error *err)
{
	const struct cover_sheet *sheet = page->sheet;
	struct flat flat;
	page->rows = BAND;
	page->pixels = malloc((size_t)sheet->width * page->rows * sizeof *page->pixels);
	int rc = flat_init(&flat, sheet->width, sheet->height, sheet->grey, TOLERANCE, err);
	if (rc == 0)
		rc = page->pixels ? make_png(page, &flat, result, err) : error_memory(err);
	flat_release(&flat);
	free(page->pixels);
	return rc;
}

static int make_jpeg(struct page *page, struct cover_result *result, struct chapbook_error *err)
{
	const struct cover_sheet *sheet = page->sheet;
	struct jpeg_page jpeg = {.width = sheet->width,
				 .height = sheet->height,
				 .grey = sheet->grey,
				 .max_bytes = sheet->max_bytes};
	page->top = 0;
	page->rows = sheet->height;
	page->pixels = malloc((size_t)sheet->width * sheet->height * sizeof *page->pixels);
	int rc = page->pixels ? draw_rows(page, err) : error_memory(err);
	if (rc == 0) {
		jpeg.pixels = page->pixels;
		result->kind = COVER_JPEG;
		rc = jpeg_encode(&jpeg, &result->bytes, &result->size, err);
	}
	free(page->pixels);
	return rc;
}

/* A library that is not installed. */
static int miss(struct cover_result *result, const char *library, struct chapbook_error *err)
{
	result->missing = true;
	return error_set(err, CHAPBOOK_E_INPUT, "%s cannot be loaded", library);
}

static int draw_make(struct page *page, struct cover_result *result, struct chapbook_error *err)
{
	int rc = 0;
	if (!draw_is_plain(page->design) && !cover_drawing_load())
		return miss(result,
			    "librsvg (Debian package librsvg2-2), which this cover.svg needs,",
			    err);
	if (draw_is_plain(page->design) && !page->sheet->picture)
		rc = make_flat(page, result, err);
	if (rc != 0 || result->bytes)
		return rc;
	return jpeg_load() ? make_jpeg(page, result, err)
			   : miss(result, "libturbojpeg (Debian package libturbojpeg0)", err);
}

int cover_draw(const struct cover_sheet *sheet, struct cover_result *result,
	       struct chapbook_error *err)
{
	struct cover_design design = {0};
	struct cover_setter setter = {0};
	struct page page = {
		.p = pango_load(), .sheet = sheet, .design = &design, .setter = &setter};
	*result = (struct cover_result){0};
	if (!page.p)
		return miss(result, "libpangocairo (Debian package libpangocairo-1.0-0)", err);
	if (sheet->width < 1 || sheet->height < 1 || sheet->width > MAX_SIDE ||
	    sheet->height > MAX_SIDE)
		return error_set(err, CHAPBOOK_E_LIMIT, "a cover of %u x %u pixels", sheet->width,
				 sheet->height);
	int rc = cover_design_read(&design, sheet, err);
	if (rc == 0)
		rc = cover_setter_init(&setter, page.p, sheet, err);
	if (rc == 0)
		rc = set_boxes(&setter, &design, err);
	if (rc == 0)
		rc = draw_make(&page, result, err);
	result->lost = setter.lost;
	cover_setter_release(&setter);
	cover_design_release(&design);
	return rc;
}
