#include "cover/cover.h"

#include "base/error.h"
#include "base/id.h"
#include "base/plural.h"
#include "cover/draw.h"

#include <stdlib.h>
#include <string.h>

#define COVER_BYTES ((size_t)300 * 1000)

enum {
	DESIGN_WIDTH = 1600, /* in templates/cover.svg's units */
	PATTERNS = 9,        /* that templates/cover.svg has */
};

/* How templates/cover.svg shows pictures, and what it takes for that: blown up by more than half,
 * pixels show. A picture as wide as the page is either WIDE or nearly square. */
#define MAX_BLOWN_UP 1.65
#define WIDE_RATIO   1.55
#define MAX_RATIO    2.6
#define MIN_RATIO    0.45

static const struct {
	double width, height;
} full_box = {1600, 1200}, wide_box = {1600, 900}, small_box = {1320, 880};

enum shape { SHAPE_UNFIT, SHAPE_FULL, SHAPE_WIDE, SHAPE_SMALL };

static bool fills(double width, double height, double box_width, double box_height)
{
	return width * MAX_BLOWN_UP >= box_width && height * MAX_BLOWN_UP >= box_height;
}

static enum shape shape_of(double width, double height)
{
	double ratio = height > 0 ? width / height : 0;
	if (ratio > MAX_RATIO || ratio < MIN_RATIO)
		return SHAPE_UNFIT;
	if (ratio < WIDE_RATIO && fills(width, height, full_box.width, full_box.height))
		return SHAPE_FULL;
	if (ratio >= WIDE_RATIO && fills(width, height, wide_box.width, wide_box.height))
		return SHAPE_WIDE;
	if (fills(width, height, small_box.width, small_box.height))
		return SHAPE_SMALL;
	return SHAPE_UNFIT;
}

/* --- The picture --- */

struct lead {
	struct cover_picture *picture;
	enum shape shape;
};

static const struct image *find_image(const struct article *a, const char *ref)
{
	for (size_t i = 0; ref && i < a->image_refs.count; i++)
		if (strcmp(a->image_refs.items[i].ref, ref) == 0)
			return &a->images.items[a->image_refs.items[i].image];
	return NULL;
}

static bool try_image(struct lead *lead, const struct image *image, unsigned page_width)
{
	unsigned width, height;
	if (!image || shape_of(image->width, image->height) == SHAPE_UNFIT)
		return false;
	lead->picture = cover_picture_open(image->bytes, image->size, page_width, NULL);
	if (!lead->picture)
		return false;
	cover_picture_size(lead->picture, &width, &height);
	lead->shape = shape_of(width, height);
	if (lead->shape != SHAPE_UNFIT)
		return true;
	cover_picture_free(lead->picture);
	lead->picture = NULL;
	return false;
}

/* The picture that the page says stands for it; else the first one that will do. */
static void find_lead(struct lead *lead, const struct book *book, unsigned page_width)
{
	enum { MAX_TRIED = 5 };
	const struct article *a = book->articles[0];
	if (book->article_count > 1 || try_image(lead, find_image(a, a->lead_image), page_width))
		return;
	for (size_t i = 0; i < a->figures.count && i < MAX_TRIED; i++)
		if (try_image(lead, find_image(a, a->figures.items[i].src), page_width))
			return;
}

/* --- The design, filled in --- */

static struct value *palette_facts(struct arena *arena, const struct palette *palette)
{
	const struct {
		const char *key;
		struct colour colour;
	} colours[] = {
		{"ground", palette->ground}, {"ink", palette->ink},   {"accent", palette->accent},
		{"shade", palette->shade},   {"tint", palette->tint}, {"spark", palette->spark},
	};
	struct value *map = value_map(arena);
	for (size_t i = 0; i < sizeof colours / sizeof *colours; i++) {
		char *text = arena_alloc(arena, COLOUR_TEXT);
		if (text)
			colour_text(colours[i].colour, text);
		value_put_string(arena, map, colours[i].key, text);
	}
	return map;
}

/* Which of the design's patterns a title has: {"pattern_3": true}, the others false. */
static void put_pattern(struct arena *arena, struct value *map, const char *title)
{
	char hex[SHA256_HEX];
	sha256_hex(title, strlen(title), hex);
	unsigned long number = strtoul(hex + SHA256_HEX - 5, NULL, 16) % PATTERNS;
	for (unsigned long i = 0; i < PATTERNS; i++)
		value_put(arena, map, arena_printf(arena, "pattern_%lu", i + 1),
			  value_bool(arena, i == number));
}

static int render(const struct cover_options *options, const struct book *book,
		  const struct lead *lead, struct buf *svg, struct chapbook_error *err)
{
	struct arena arena = ARENA_INIT;
	struct palette palette;
	struct value *root = value_map(&arena), *map = cover_facts(&arena, book);
	palette_make(&palette, book->title, lead->picture ? cover_picture_hue(lead->picture) : -1);
	value_put(&arena, root, "cover", map);
	value_put(&arena, map, "palette", palette_facts(&arena, &palette));
	value_put(&arena, map, "width", value_number(&arena, DESIGN_WIDTH));
	value_put(&arena, map, "height",
		  value_number(&arena, (long long)options->height * DESIGN_WIDTH / options->width));
	value_put(&arena, map, "picture", value_bool(&arena, lead->picture != NULL));
	value_put(&arena, map, "picture_full", value_bool(&arena, lead->shape == SHAPE_FULL));
	value_put(&arena, map, "picture_wide", value_bool(&arena, lead->shape == SHAPE_WIDE));
	value_put(&arena, map, "picture_small", value_bool(&arena, lead->shape == SHAPE_SMALL));
	put_pattern(&arena, map, book->title);
	int rc = arena.failed ? error_memory(err)
			      : template_render(options->templates, "cover.svg", root, svg, err);
	arena_release(&arena);
	return rc;
}

static int draw(const struct cover_options *options, const struct book *book,
		struct cover_result *cover, struct chapbook_error *err)
{
	struct lead lead = {0};
	struct buf svg = BUF_INIT;
	find_lead(&lead, book, options->width);
	int rc = render(options, book, &lead, &svg, err);
	if (rc == 0) {
		struct cover_sheet sheet = {.svg = svg.data,
					    .svg_size = svg.len,
					    .width = options->width,
					    .height = options->height,
					    .language = book->language,
					    .rtl = cover_is_rtl(book),
					    .picture = lead.picture,
					    .grey = options->grey,
					    .max_bytes = COVER_BYTES};
		rc = cover_draw(&sheet, cover, err);
	}
	buf_release(&svg);
	cover_picture_free(lead.picture);
	return rc;
}

int cover_add(struct book *book, const struct cover_options *options, struct diag *diag,
	      struct chapbook_error *err)
{
	struct cover_result cover = {0};
	struct chapbook_error why = {0};
	int rc = draw(options, book, &cover, &why);
	if (cover.missing) {
		diag_add(diag, DIAG_COVER_NONE, 0, "no cover: %s; install it, or use --no-cover",
			 why.message);
		return 0;
	}
	if (rc != 0 && (why.code == CHAPBOOK_E_MEMORY || why.code == CHAPBOOK_E_IO)) {
		diag_add(diag, DIAG_COVER_NONE, 0,
			 "no cover: %s while it was drawn; use a larger --limit-memory, or "
			 "--no-cover",
			 why.message);
		return 0;
	}
	if (rc != 0)
		return error_set(err, why.code, "%s", why.message);
	if (cover.lost)
		diag_add(diag, DIAG_COVER_TEXT, 0,
			 "the cover lacks %u %s of the title or names: no installed font has %s",
			 cover.lost, plural(cover.lost, "character", "characters"),
			 plural(cover.lost, "it", "them"));
	return book_set_cover(book,
			      &(struct book_cover){.bytes = cover.bytes,
						   .size = cover.size,
						   .png = cover.kind == COVER_PNG,
						   .width = options->width,
						   .height = options->height},
			      err);
}
