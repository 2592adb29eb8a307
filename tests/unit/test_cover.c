/* Colours for covers, and drawing them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <malloc.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cover/draw.h"
#include "cover/flat.h"
#include "cover/parts.h"
#include "media/fit/vips.h"

/* --- Colours --- */

static void test_oklch(void **state)
{
	(void)state;
	double lightness, chroma, hue;
	/* CSS Color Module Level 4, section 4.4: red is oklch(0.62796 0.25768 29.234). */
	palette_to_oklch((struct colour){255, 0, 0}, &lightness, &chroma, &hue);
	assert_true(fabs(lightness - 0.62796) < 0.0001 && fabs(chroma - 0.25768) < 0.0001 &&
		    fabs(hue - 29.234) < 0.01);
	assert_true(palette_contrast((struct colour){0, 0, 0}, (struct colour){255, 255, 255}) ==
		    21);
	for (unsigned i = 0; i < 1u << 24; i += 1237) {
		struct colour colour = {i >> 16 & 255, i >> 8 & 255, i & 255};
		palette_to_oklch(colour, &lightness, &chroma, &hue);
		struct colour back = palette_oklch(lightness, chroma, hue);
		assert_in_range(back.r + 1, colour.r, colour.r + 2u);
		assert_in_range(back.g + 1, colour.g, colour.g + 2u);
		assert_in_range(back.b + 1, colour.b, colour.b + 2u);
	}
	/* More colourful than screens are: the lightness and the hue stay. */
	palette_to_oklch(palette_oklch(0.6, 0.4, 145), &lightness, &chroma, &hue);
	assert_true(fabs(lightness - 0.6) < 0.01 && fabs(hue - 145) < 2 && chroma < 0.3);
}

static void assert_legible(const struct palette *p)
{
	assert_true(palette_contrast(p->ink, p->ground) >= PALETTE_CONTRAST);
	assert_true(palette_contrast(p->accent, p->ground) >= PALETTE_CONTRAST);
}

static void test_palettes(void **state)
{
	(void)state;
	bool seen[512] = {false};
	unsigned kinds = 0;
	struct palette palette, again;
	for (int i = 0; i < 4000; i++) {
		char title[32];
		snprintf(title, sizeof title, "Title %d", i);
		palette_make(&palette, title, -1);
		assert_legible(&palette);
		unsigned at = (palette.ground.r >> 5) << 6 | (palette.ground.g >> 5) << 3 |
			      palette.ground.b >> 5;
		kinds += !seen[at];
		seen[at] = true;
		palette_make(&again, title, -1);
		assert_memory_equal(&palette, &again, sizeof palette);
		palette_make(&palette, title, i % 360);
		assert_legible(&palette);
	}
	assert_true(kinds > 40);
	palette_make(&palette, "", -1);
	assert_legible(&palette);
	char text[COLOUR_TEXT];
	colour_text((struct colour){1, 0xAB, 255}, text);
	assert_string_equal(text, "#01abff");
}

/* --- Designs --- */

#define PAGE_WIDTH  400
#define PAGE_HEIGHT 600

static struct cover_sheet sheet_of(const char *svg)
{
	return (struct cover_sheet){.svg = svg,
				    .svg_size = strlen(svg),
				    .width = PAGE_WIDTH,
				    .height = PAGE_HEIGHT,
				    .language = "en",
				    .max_bytes = 300000};
}

static void test_design(void **state)
{
	(void)state;
	struct cover_design design;
	struct cover_sheet sheet = sheet_of(
		"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 800 1200'>"
		"<defs><linearGradient id='g'/></defs><rect id='under' width='9' height='9'/>"
		"<g><rect data-picture='' x='10' y='20' width='700' height='600'/><path d='M0 "
		"0'/></g>"
		"<rect id='over' width='9' height='9'/>"
		"<g><rect data-text='A &amp; B' x='20' y='-300' width='600' data-bottom='-100' "
		"fill='#102030' data-size='60' data-weight='700' data-style='italic' "
		"data-case='capitals' data-align='end' data-stand='bottom' data-font='A, B'/></g>"
		"<rect data-bar='' data-gap='40' y='x' height='1e99' fill='red'/></svg>");
	assert_int_equal(cover_design_read(&design, &sheet, NULL), 0);
	assert_int_equal(design.boxes.count, 3);
	const struct cover_box *box = &design.boxes.items[0];
	assert_int_equal(box->kind, BOX_PICTURE);
	assert_true(box->x == 5 && box->y == 10 && box->width == 350 && box->height == 300);
	box = &design.boxes.items[1];
	assert_int_equal(box->kind, BOX_TEXT);
	assert_string_equal(box->text, "A & B");
	assert_string_equal(box->families, "A, B");
	assert_true(box->y == 450 && box->height == 100 && box->largest == 30 &&
		    box->smallest == 15);
	assert_true(box->fill.r == 0x10 && box->fill.g == 0x20 && box->fill.b == 0x30);
	assert_true(box->italic && box->capitals && !box->flows && box->weight == 700);
	assert_true(box->align == ALIGN_END && box->stand == STAND_BOTTOM);
	box = &design.boxes.items[2];
	assert_true(box->flows && box->gap == 20 && box->y == 0 && box->height == 0 &&
		    box->fill.r == 0);
	const char *under = design.under.svg, *over = design.over.svg;
	assert_true(strstr(under, "under") && !strstr(under, "over"));
	assert_true(strstr(over, "over") && !strstr(over, "under"));
	assert_true(strstr(over, "linearGradient") && strstr(under, "linearGradient"));
	assert_true(!strstr(under, "data-") && !strstr(over, "data-"));
	cover_design_release(&design);

	struct chapbook_error err = {0};
	sheet = sheet_of("<svg><rect></svg>");
	assert_int_equal(cover_design_read(&design, &sheet, &err), -1);
	assert_non_null(strstr(err.message, "cover.svg"));
	cover_design_release(&design);
	sheet = sheet_of("<html/>");
	assert_int_equal(cover_design_read(&design, &sheet, NULL), -1);
	cover_design_release(&design);
}

/* --- Drawing --- */

struct pixels {
	unsigned char *rgb;
	int width, height;
};

static struct pixels decode(const void *bytes, size_t size)
{
	const struct vips *v = vips_load();
	VipsImage *image = NULL;
	struct pixels pixels = {0};
	size_t len = 0;
	assert_non_null(v);
	assert_int_equal(v->vips_thumbnail_buffer((void *)bytes, size, &image, 10000, "size",
						  VIPS_SIZE_DOWN, NULL),
			 0);
	pixels.width = v->vips_image_get_width(image);
	pixels.height = v->vips_image_get_height(image);
	pixels.rgb = v->vips_image_write_to_memory(image, &len);
	assert_int_equal(len, (size_t)pixels.width * pixels.height * 3);
	v->g_object_unref(image);
	return pixels;
}

static void release(struct pixels *pixels)
{
	vips_load()->g_free(pixels->rgb);
}

/* JPEG is not exact. */
static bool is_like(const struct pixels *p, int x, int y, int r, int g, int b)
{
	const unsigned char *at = p->rgb + ((size_t)y * p->width + x) * 3;
	return abs(at[0] - r) < 24 && abs(at[1] - g) < 24 && abs(at[2] - b) < 24;
}

struct bounds {
	int left, top, right, bottom, count;
};

/* Where the dark pixels of a page are. */
static struct bounds dark(const struct pixels *p)
{
	struct bounds b = {p->width, p->height, -1, -1, 0};
	for (int y = 0; y < p->height; y++)
		for (int x = 0; x < p->width; x++)
			if (p->rgb[((size_t)y * p->width + x) * 3] < 100) {
				b.left = x < b.left ? x : b.left;
				b.right = x > b.right ? x : b.right;
				b.top = y < b.top ? y : b.top;
				b.bottom = y > b.bottom ? y : b.bottom;
				b.count++;
			}
	return b;
}

/* The page that a body of SVG makes; `setup` may change the sheet. */
static struct pixels drawn(const char *body, const struct cover_sheet *like,
			   struct cover_result *result)
{
	struct buf svg = BUF_INIT;
	struct cover_result own;
	result = result ? result : &own;
	struct chapbook_error err = {0};
	buf_printf(&svg,
		   "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 600'>"
		   "<rect width='400' height='600' fill='#ffffff'/>%s</svg>",
		   body);
	struct cover_sheet sheet = sheet_of(svg.data);
	if (like) {
		sheet.rtl = like->rtl;
		sheet.language = like->language;
		sheet.picture = like->picture;
	}
	assert_int_equal(cover_draw(&sheet, result, &err), 0);
	struct pixels pixels = decode(result->bytes, result->size);
	assert_int_equal(pixels.width, PAGE_WIDTH);
	assert_int_equal(pixels.height, PAGE_HEIGHT);
	free(result->bytes);
	buf_release(&svg);
	return pixels;
}

#define BOX "x='50' y='100' width='300' height='200' fill='#000000' "

static void test_text(void **state)
{
	(void)state;
	struct pixels p = drawn("<rect " BOX "data-text='HHH' data-size='80'/>", NULL, NULL);
	struct bounds b = dark(&p);
	/* Capitals stand on the box's upper edge, from its left edge on. */
	assert_true(b.count > 500);
	assert_in_range(b.top, 97, 104);
	assert_in_range(b.left, 48, 60);
	assert_in_range(b.bottom - b.top, 45, 70);
	release(&p);

	p = drawn("<rect " BOX "data-text='HHH' data-size='80' data-align='end' "
		  "data-stand='bottom'/>",
		  NULL, NULL);
	b = dark(&p);
	assert_in_range(b.right, 340, 352);
	assert_in_range(b.bottom, 296, 303);
	release(&p);

	p = drawn("<rect " BOX "data-text='HHH' data-size='80' data-align='middle' "
		  "data-stand='middle'/>",
		  NULL, NULL);
	b = dark(&p);
	assert_in_range(b.left + b.right, 396, 404);
	assert_in_range(b.top + b.bottom, 396, 404);
	release(&p);

	p = drawn("<rect " BOX "data-text='' data-size='80'/><rect " BOX "data-text='  '/>", NULL,
		  NULL);
	assert_int_equal(dark(&p).count, 0);
	release(&p);
}

static void test_fit(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"one two three four five six seven eight nine ten eleven twelve thirteen",
		"Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenantragsformular",
		"https://www.example.org/a/very/long/address/that-goes/on?and=on&amp;never=ends",
		"静かな図書館で過ごした午後のことを私は今でも時々思い出すのである",
		"H",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct buf body = BUF_INIT;
		buf_printf(&body, "<rect " BOX "data-text='%s' data-size='120' data-least='12'/>",
			   texts[i]);
		struct cover_result result;
		struct pixels p = drawn(body.data, NULL, &result);
		struct bounds b = dark(&p);
		/* Inside, but for an edge of a letter, and using the room; without a font for the
		 * script, the letters are left out. */
		assert_true(b.left >= 44 && b.right <= 356 && b.top >= 90 && b.bottom <= 304);
		assert_true(result.lost > 0 || b.bottom - b.top > 60);
		release(&p);
		buf_release(&body);
	}
	/* What fits at no size is cut, and 1 MB takes no longer. */
	struct buf body = BUF_INIT;
	buf_puts(&body, "<rect " BOX "data-size='60' data-least='40' data-text='");
	for (int i = 0; i < 200000; i++)
		buf_puts(&body, "word ");
	buf_puts(&body, "'/>");
	struct pixels p = drawn(body.data, NULL, NULL);
	struct bounds b = dark(&p);
	assert_true(b.right <= 356 && b.bottom <= 304 && b.bottom > 220);
	release(&p);
	buf_release(&body);
	/* No more lines than are wanted. */
	p = drawn("<rect " BOX "data-size='40' data-least='20' data-lines='1' "
		  "data-text='Many words that want more than a line of this size'/>",
		  NULL, NULL);
	b = dark(&p);
	assert_true(b.bottom - b.top < 30 && b.right <= 356);
	release(&p);
}

static void test_flow(void **state)
{
	(void)state;
	struct pixels p = drawn("<rect " BOX "data-text='H' data-size='50'/>"
				"<rect x='50' width='100' height='10' data-bar='' data-gap='30' "
				"fill='#ff0000'/>"
				"<rect x='200' width='50' height='10' data-bar='' data-gap='5' "
				"fill='#0000ff'/>",
				NULL, NULL);
	int letter = dark(&p).count, top = -1, second = -1;
	assert_true(letter > 100);
	for (int y = 0; y < p.height; y++) {
		if (top < 0 && is_like(&p, 100, y, 255, 0, 0))
			top = y;
		if (second < 0 && is_like(&p, 225, y, 0, 0, 255))
			second = y;
	}
	assert_in_range(top, 100 + 30 + 30, 100 + 45 + 30);
	assert_in_range(second, top + 14, top + 16);
	release(&p);
	/* Below the page, where there is no more room, nothing is set. */
	p = drawn("<rect x='50' y='590' width='300' height='100' data-size='50' data-text='H' "
		  "fill='#ffffff'/><rect x='50' y='0' width='300' height='600' data-size='50' "
		  "data-text='H' data-gap='5' fill='#000000'/>",
		  NULL, NULL);
	assert_int_equal(dark(&p).count, 0);
	release(&p);
}

static void test_scripts(void **state)
{
	(void)state;
	/* Hebrew begins on the right; in a book that runs so, Latin text stands there, too. */
	struct cover_sheet rtl = {.rtl = true, .language = "he"};
	struct pixels p = drawn("<rect " BOX "data-text='שלום' data-size='60'/>", &rtl, NULL);
	struct bounds b = dark(&p);
	assert_true(b.count > 100 && b.left > 150);
	assert_in_range(b.right, 335, 353);
	release(&p);
	p = drawn("<rect " BOX "data-text='HI' data-size='60'/>", &rtl, NULL);
	b = dark(&p);
	assert_true(b.count > 100 && b.left > 200);
	release(&p);
	struct cover_sheet ltr = {.language = NULL};
	p = drawn("<rect " BOX "data-text='שלום' data-size='60'/>", &ltr, NULL);
	assert_true(dark(&p).left < 70);
	release(&p);
	/* Two lines of Hebrew stand as close as two of Latin, of Arabic and Hindi a little less so.
	 */
	static const struct {
		const char *text;
		int most; /* from the upper edge to the lower */
	} pairs[] = {{"HHHHH HHHHH", 125},
		     {"םםםםם םםםםם", 125},
		     {"ااااااااا ااااااااا", 140},
		     {"ककककक ककककक", 125}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct buf body = BUF_INIT;
		buf_printf(&body,
			   "<rect x='50' y='100' width='300' height='300' fill='#000000' "
			   "data-text='%s' data-size='60' data-least='60'/>",
			   pairs[i].text);
		p = drawn(body.data, NULL, NULL);
		b = dark(&p);
		assert_in_range(b.bottom - b.top, 90, pairs[i].most);
		release(&p);
		buf_release(&body);
	}
	/* Letters of a script that joins them are not spaced; capitals are. */
	struct pixels plain = drawn("<rect " BOX "data-text='abc' data-size='60'/>", NULL, NULL);
	p = drawn("<rect " BOX "data-text='abc' data-size='60' data-spacing='0.3' "
		  "data-case='capitals'/>",
		  NULL, NULL);
	assert_true(dark(&p).right > dark(&plain).right + 20);
	release(&p);
	release(&plain);
	plain = drawn("<rect " BOX "data-text='سلام' data-size='60'/>", NULL, NULL);
	p = drawn("<rect " BOX "data-text='سلام' data-size='60' data-spacing='0.3'/>", NULL, NULL);
	assert_int_equal(dark(&p).right, dark(&plain).right);
	release(&p);
	release(&plain);
}

static void test_lost(void **state)
{
	(void)state;
	struct cover_result result;
	/* U+0378 is nobody's character. */
	struct pixels p =
		drawn("<rect " BOX "data-text='H\xCD\xB8H' data-size='60'/>", NULL, &result);
	struct pixels whole = drawn("<rect " BOX "data-text='HH' data-size='60'/>", NULL, NULL);
	assert_int_equal(result.lost, 1);
	assert_int_equal(dark(&p).count, dark(&whole).count);
	release(&p);
	release(&whole);
	p = drawn("<rect " BOX "data-text='\xCD\xB8\xCD\xB8 H' data-size='60'/>", NULL, &result);
	assert_int_equal(result.lost, 2);
	assert_int_equal(dark(&p).count, 0);
	release(&p);
}

/* What is drawn without librsvg is what librsvg draws. An empty g is not a plain shape. */
static void test_shapes(void **state)
{
	(void)state;
	static const char *const bodies[] = {
		"<rect x='30.5' y='-20' width='100' height='70' fill='#ff0000'/>"
		"<rect width='0' height='9'/><circle cx='200' cy='300' r='120' fill='#00ff00'/>",
		"<path d='M50,50L150 60 140.5,160l-30-10.5.5 30zm100 0h100v80H-50z' "
		"fill='#0000ff'/>",
		"<path d='M10 300C50 200 150 200 200 300S350 400 390 300s-40-90-80-60Z'/>",
		"<path d='M10 450Q100 350 200 450T390 450t-50 90q-90 20-120-60V600H10z' "
		"fill='#888888'/>",
		"<svg x='40' y='40' width='200' height='90' viewBox='0 0 100 100' "
		"preserveAspectRatio='xMidYMax slice'><circle cx='50' cy='50' r='50'/>"
		"<svg y='50' width='20' height='20' viewBox='-5 -5 10 10'>"
		"<rect x='-9' y='-9' width='90' height='90' fill='#ff00ff'/></svg></svg>",
		"<svg x='40' y='40' width='200' height='90' viewBox='0 0 100 100' "
		"preserveAspectRatio='xMaxYMin'><circle cx='50' cy='50' r='50'/></svg>",
		"<rect width='90' height='90' fill='none'/>",
	};
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct buf body = BUF_INIT;
		struct cover_result plain, drawing;
		buf_puts(&body, bodies[i]);
		struct pixels p = drawn(body.data, NULL, &plain);
		buf_puts(&body, "<g/>");
		struct pixels q = drawn(body.data, NULL, &drawing);
		assert_int_equal(plain.kind, COVER_PNG);
		assert_int_equal(drawing.kind, COVER_JPEG);
		int unlike = 0;
		for (int k = 0; k < PAGE_WIDTH * PAGE_HEIGHT; k++)
			unlike += !is_like(&p, k % PAGE_WIDTH, k / PAGE_WIDTH, q.rgb[3 * k],
					   q.rgb[3 * k + 1], q.rgb[3 * k + 2]);
		/* Edges in colours, which JPEG blurs. */
		assert_true(unlike < PAGE_WIDTH * PAGE_HEIGHT / 50);
		release(&p);
		release(&q);
		buf_release(&body);
	}
	/* What is more, or is wrong, librsvg draws. */
	static const char *const others[] = {
		"<rect width='9' height='9' stroke='#000000'/>",
		"<path d='M0 0A9 9 0 0 1 9 9z'/>",
		"<path d='M0 0L9'/>",
		"<path d='L9 9'/>",
		"<path d='M0 0L1e3 9z'/>",
		"<rect width='50%' height='9'/>",
		"<circle r='9' fill='red'/>",
		"<svg width='9' height='9'><rect width='9' height='9'/></svg>",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct cover_result other;
		struct pixels p = drawn(others[i], NULL, &other);
		assert_int_equal(other.kind, COVER_JPEG);
		release(&p);
	}
}

/* Rows of one colour each, from number `first` on, and what their PNG says. */
static struct pixels rows_of(unsigned colours, unsigned tolerance, bool grey, unsigned *bits)
{
	enum { WIDTH = 33 };
	uint32_t row[WIDTH];
	struct flat flat;
	char *bytes = NULL;
	size_t size = 0;
	struct pixels pixels = {0};
	bool fits = true;
	assert_int_equal(flat_init(&flat, WIDTH, colours, grey, tolerance, NULL), 0);
	flat_add_colour(&flat, (struct colour){255, 0, 0});
	for (unsigned i = 0; fits && i < colours; i++) {
		for (int x = 0; x < WIDTH; x++)
			row[x] = x % 7 == 3 ? 0xFF0000 : (i * 5 & 255) << 8 | i * 5 >> 8;
		fits = flat_add_rows(&flat, row, 1);
	}
	if (fits) {
		assert_int_equal(flat_encode(&flat, &bytes, &size, NULL), 0);
		*bits = (unsigned char)bytes[24];
		pixels = decode(bytes, size);
	}
	free(bytes);
	flat_release(&flat);
	return pixels;
}

static void test_flat(void **state)
{
	(void)state;
	unsigned bits;
	struct pixels p = rows_of(255, 0, false, &bits);
	assert_int_equal(bits, 8);
	for (int y = 0; y < p.height; y++) {
		const unsigned char *at = p.rgb + (size_t)y * p.width * 3;
		assert_true(at[0] == 0 && at[1] == (y * 5 & 255) && at[2] == y * 5 >> 8);
		assert_true(at[9] == 255 && at[10] == 0 && at[11] == 0);
	}
	release(&p);
	/* Few colours, in half of the bytes, and as exact. */
	p = rows_of(15, 0, false, &bits);
	assert_int_equal(bits, 4);
	for (int y = 0; y < p.height; y++)
		assert_int_equal(p.rgb[(size_t)y * p.width * 3 + 1], y * 5);
	release(&p);
	/* More are joined, but areas keep their colours. */
	p = rows_of(40, 0, false, &bits);
	assert_int_equal(bits, 4);
	for (int y = 0; y < p.height; y++) {
		const unsigned char *at = p.rgb + (size_t)y * p.width * 3;
		assert_true(abs(at[1] - y * 5) <= 32 && at[9] == 255 && at[10] == 0);
	}
	release(&p);
	p = rows_of(40, 0, true, &bits);
	assert_true(p.rgb[9] == 76 && p.rgb[10] == 76 && p.rgb[11] == 76);
	release(&p);
	assert_null(rows_of(256, 0, false, &bits).rgb);
}

/* A picture of one colour, or of noise. */
static void *make_picture(int width, int height, bool noise, size_t *size)
{
	const struct vips *v = vips_load();
	size_t count = (size_t)width * height * 3;
	unsigned char *rgb = malloc(count);
	unsigned seed = 1;
	for (size_t i = 0; i < count; i++) {
		seed = seed * 1103515245 + 12345;
		rgb[i] = noise ? seed >> 16 & 255 : i % 3 == 0 ? 200 : 30;
	}
	VipsImage *image =
		v->vips_image_new_from_memory(rgb, count, width, height, 3, VIPS_FORMAT_UCHAR);
	void *bytes = NULL;
	assert_int_equal(v->vips_jpegsave_buffer(image, &bytes, size, "Q", 95, NULL), 0);
	v->g_object_unref(image);
	free(rgb);
	return bytes;
}

static void test_picture(void **state)
{
	(void)state;
	size_t size;
	struct chapbook_error err = {0};
	unsigned width, height;
	void *bytes = make_picture(900, 500, false, &size);
	struct cover_picture *picture = cover_picture_open(bytes, size, 400, &err);
	assert_non_null(picture);
	cover_picture_size(picture, &width, &height);
	/* As wide as the page, or an eighth more. */
	assert_in_range(height, 400, 450);
	assert_in_range(width, height * 9 / 5 - 1, height * 9 / 5 + 1);
	double hue = cover_picture_hue(picture);
	assert_true(hue > 10 && hue < 40);
	struct cover_sheet sheet = {.picture = picture, .language = "en"};
	static const char body[] = "<rect data-picture='' x='50' y='50' width='200' height='300'/>"
				   "<rect x='100' y='100' width='50' height='50' fill='#00ff00'/>";
	struct pixels p = drawn(body, &sheet, NULL);
	assert_true(is_like(&p, 60, 60, 200, 30, 30) && is_like(&p, 240, 340, 200, 30, 30));
	assert_true(is_like(&p, 125, 125, 0, 255, 0));
	assert_true(is_like(&p, 40, 60, 255, 255, 255) && is_like(&p, 260, 340, 255, 255, 255));
	release(&p);
	cover_picture_free(picture);
	p = drawn(body, NULL, NULL);
	assert_true(is_like(&p, 60, 60, 255, 255, 255) && is_like(&p, 125, 125, 0, 255, 0));
	release(&p);
	/* Cut off in the middle, or no picture at all. */
	picture = cover_picture_open(bytes, size / 20, 400, &err);
	cover_picture_free(picture);
	assert_null(cover_picture_open("GIF89a", 6, 400, NULL));
	assert_null(cover_picture_open("<svg xmlns='http://www.w3.org/2000/svg'/>", 41, 400, NULL));
	assert_null(cover_picture_open("", 0, 400, NULL));
	vips_load()->g_free(bytes);
}

/* A picture without a profile keeps its colours to the point, up to all edges, blown up or not. */
static void test_colours(void **state)
{
	(void)state;
	static const int sizes[] = {2, 3, 150, 300, 399, 401, 900};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t size;
		void *bytes = make_picture(sizes[i], sizes[i], false, &size);
		struct cover_picture *picture = cover_picture_open(bytes, size, 400, NULL);
		struct cover_sheet sheet = {.picture = picture, .language = "en"};
		struct pixels p =
			drawn("<rect data-picture='' width='400' height='300'/>", &sheet, NULL);
		for (size_t k = 0; k < (size_t)400 * 290; k += 7) {
			assert_in_range(p.rgb[k * 3], 196, 204);
			assert_in_range(p.rgb[k * 3 + 1], 26, 34);
			assert_in_range(p.rgb[k * 3 + 2], 26, 34);
		}
		release(&p);
		cover_picture_free(picture);
		vips_load()->g_free(bytes);
	}
}

static void test_size(void **state)
{
	(void)state;
	size_t size;
	void *bytes = make_picture(1600, 1600, true, &size);
	struct cover_picture *picture = cover_picture_open(bytes, size, 1600, NULL);
	struct cover_sheet sheet =
		sheet_of("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1600 2400'>"
			 "<rect data-picture='' width='1600' height='1200'/></svg>");
	sheet.width = 1600;
	sheet.height = 2400;
	sheet.picture = picture;
	struct cover_result result, small;
	assert_int_equal(cover_draw(&sheet, &result, NULL), 0);
	sheet.max_bytes = 1000000;
	assert_int_equal(cover_draw(&sheet, &small, NULL), 0);
	assert_true(small.size <= 1000000 && small.size > result.size);
	free(result.bytes);
	free(small.bytes);
	sheet.width = 20000;
	struct chapbook_error err = {0};
	assert_int_equal(cover_draw(&sheet, &result, &err), -1);
	assert_int_equal(err.code, CHAPBOOK_E_LIMIT);
	cover_picture_free(picture);
	vips_load()->g_free(bytes);
}

static const char same[] =
	"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 600'>"
	"<rect width='400' height='600' fill='#223344'/><circle cx='200' cy='400' r='150' "
	"fill='#ff8800'/><rect " BOX "data-text='The same, 相同, هو نفسه, every time' "
	"data-size='80'/></svg>";

static void *draw_same(void *arg)
{
	struct cover_sheet sheet = sheet_of(same);
	if (cover_draw(&sheet, arg, NULL) != 0)
		memset(arg, 0, sizeof(struct cover_result));
	return NULL;
}

static void test_same(void **state)
{
	(void)state;
	enum { THREADS = 4 };
	struct cover_result results[THREADS];
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, draw_same, &results[i]), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < THREADS; i++) {
		assert_non_null(results[i].bytes);
		assert_int_equal(results[i].size, results[0].size);
		assert_memory_equal(results[i].bytes, results[0].bytes, results[0].size);
	}
	for (int i = 0; i < THREADS; i++)
		free(results[i].bytes);
}

/* What one cover takes is given back, but for what the libraries keep once and for all. */
static void test_memory(void **state)
{
	(void)state;
	size_t size;
	void *bytes = make_picture(900, 500, true, &size);
	struct cover_sheet sheet =
		sheet_of("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 600'>"
			 "<rect data-picture='' width='400' height='300'/>"
			 "<rect " BOX "data-text='Words, 言葉' data-size='60'/></svg>");
	size_t least[3] = {SIZE_MAX, SIZE_MAX,
			   SIZE_MAX}; /* of ten each; libvips's threads come and go */
	for (int i = 0; i < 30; i++) {
		struct cover_result result;
		struct cover_picture *picture = cover_picture_open(bytes, size, 400, NULL);
		sheet.picture = picture;
		cover_picture_hue(picture);
		assert_int_equal(cover_draw(&sheet, &result, NULL), 0);
		free(result.bytes);
		cover_picture_free(picture);
		size_t used = mallinfo2().uordblks;
		if (used < least[i / 10])
			least[i / 10] = used;
	}
	assert_true(least[2] < least[1] + 100 * 1000);
	vips_load()->g_free(bytes);
}

static void test_bad_design(void **state)
{
	(void)state;
	struct cover_result result;
	struct chapbook_error err = {0};
	struct cover_sheet sheet = sheet_of("<svg>of no namespace</svg>");
	assert_int_equal(cover_draw(&sheet, &result, &err), -1);
	assert_non_null(strstr(err.message, "cover.svg"));
	assert_null(result.bytes);
	/* Numbers that mean nothing. */
	struct pixels p = drawn("<rect data-text='H' x='NaN' y='-1e300' width='1e9' height='-5' "
				"data-size='-1' data-least='1e5' data-lines='-9' data-leading='x' "
				"data-weight='99999' data-font=''/>"
				"<rect data-picture='' x='-50' y='900' width='5000' height='1'/>",
				NULL, NULL);
	release(&p);
}

int main(void)
{
	if (!cover_can_draw())
		return 77;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oklch),      cmocka_unit_test(test_palettes),
		cmocka_unit_test(test_design),     cmocka_unit_test(test_text),
		cmocka_unit_test(test_fit),        cmocka_unit_test(test_flow),
		cmocka_unit_test(test_scripts),    cmocka_unit_test(test_lost),
		cmocka_unit_test(test_picture),    cmocka_unit_test(test_colours),
		cmocka_unit_test(test_size),       cmocka_unit_test(test_same),
		cmocka_unit_test(test_bad_design), cmocka_unit_test(test_memory),
		cmocka_unit_test(test_shapes),     cmocka_unit_test(test_flat),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
