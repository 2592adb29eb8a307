/* The parts of cover_draw(). */
#ifndef COVER_PARTS_H
#define COVER_PARTS_H

#include "base/arena.h"
#include "cover/draw.h"
#include "cover/pango.h"
#include "media/vips.h"

enum box_kind { BOX_TEXT, BOX_BAR, BOX_PICTURE };
enum box_align { ALIGN_START, ALIGN_MIDDLE, ALIGN_END };
enum box_stand { STAND_TOP, STAND_MIDDLE, STAND_BOTTOM };

/* See cover.h. In pixels of the page. */
struct cover_box {
	enum box_kind kind;
	double x, y, width, height;
	struct colour fill;
	bool flows; /* has a gap */
	double gap;
	const char *text, *families;
	int weight;
	bool italic, capitals;
	double largest, smallest; /* size of the letters */
	int lines;                /* 0: any number */
	double leading, spacing;
	enum box_align align;
	enum box_stand stand;
};

struct box_list {
	struct cover_box *items;
	size_t count, cap;
};

/* The design taken apart. */
struct cover_design {
	struct arena arena;
	struct box_list boxes;
	char *under; /* the drawing without boxes, up to the picture's; SVG */
	size_t under_size;
	char *over; /* what comes after it; NULL: nothing */
	size_t over_size;
};

/* design.c. `design` must be released either way. */
int cover_design_read(struct cover_design *design, const struct cover_sheet *sheet,
		      struct chapbook_error *err);
void cover_design_release(struct cover_design *design);

/* text.c: a page that texts are set on. */
struct cover_setter {
	const struct pango *p;
	cairo_t *cr;
	PangoContext *context;
	PangoLanguage *language;
	bool rtl;
	double page_width;
	double below; /* where the last text or bar ends */
	unsigned lost;
};

int cover_setter_init(struct cover_setter *setter, const struct pango *p, cairo_t *cr,
		      const struct cover_sheet *sheet, struct chapbook_error *err);
void cover_setter_release(struct cover_setter *setter);
int cover_set_text(struct cover_setter *setter, const struct cover_box *box,
		   struct chapbook_error *err);
void cover_set_bar(struct cover_setter *setter, const struct cover_box *box);

/* script.c: what a text is written in, as far as setting it depends on that. */
enum { COVER_RUNS = 32 };

struct cover_script {
	bool cased;     /* every letter is of a script with capitals: letters may be spaced */
	bool words;     /* no address, no file name: what is broken gets a hyphen */
	double leading; /* how much more room its lines want */
	/* Parts in scripts that the page's language is not written in, and the languages to look
	 * for fonts for them. */
	struct cover_run {
		unsigned start, end; /* bytes */
		const char *language;
	} runs[COVER_RUNS];
	unsigned run_count;
};

void cover_script_read(struct cover_script *script, const struct cover_setter *setter,
		       const char *text, size_t len);

/* picture.c: the part of it that has the shape of width x height pixels, and no more of them.
 */
struct cover_part {
	uint32_t *pixels; /* as cairo has them; free()d by the caller */
	unsigned width, height;
};
int cover_picture_cut(const struct cover_picture *picture, unsigned width, unsigned height,
		      struct cover_part *part, struct chapbook_error *err);

#endif
