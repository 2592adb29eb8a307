/* The parts of cover_draw(). */
#ifndef COVER_PARTS_H
#define COVER_PARTS_H

#include "base/arena.h"
#include "cover/draw.h"
#include "cover/pango.h"

#include <libxml/tree.h>

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

/* A part of a path: M, L, C or Z, and its points in pixels of the page. */
struct cover_segment {
	char op;
	double at[6];
};

struct segment_list {
	struct cover_segment *items;
	size_t count, cap;
};

/* A filled path. */
struct cover_shape {
	struct colour fill;
	double clip[4]; /* x, y, width, height: the viewport that it is in */
	struct segment_list path;
};

struct shape_list {
	struct cover_shape *items;
	size_t count, cap;
};

/* One layer of the drawing, without boxes: shapes that cairo fills, or, where it has anything
 * else, an SVG document for librsvg. */
struct cover_layer {
	char *svg; /* NULL: the shapes are all there is */
	size_t svg_size;
	struct shape_list shapes;
};

/* The design taken apart. */
struct cover_design {
	struct arena arena;
	struct box_list boxes;
	struct cover_layer under; /* up to the picture's box */
	struct cover_layer over;  /* behind that */
};

/* design.c. `design` must be released either way. */
int cover_design_read(struct cover_design *design, const struct cover_sheet *sheet,
		      struct chapbook_error *err);
void cover_design_release(struct cover_design *design);

/* shapes.c: take the elements of an SVG document that fills a page as shapes. False when one of
 * them is more than a rect, circle or path filled with one colour, or svg (no transforms, strokes,
 * styles): then the shapes mean nothing. Memory that runs out sets arena->failed. */
bool cover_shapes_read(struct shape_list *shapes, struct arena *arena, xmlNode *root,
		       const struct cover_sheet *sheet);
/* Whether the first one is a rectangle that covers the whole page. */
bool cover_shapes_fill(const struct shape_list *shapes, const struct cover_sheet *sheet);
void cover_shapes_draw(const struct pango *p, cairo_t *cr, const struct shape_list *shapes);

/* drawing.c: whether librsvg is there; draw a layer that is an SVG document. */
bool cover_drawing_load(void);
int cover_drawing_draw(const struct pango *p, cairo_t *cr, const struct cover_layer *layer,
		       const struct cover_sheet *sheet, struct chapbook_error *err);

/* A text that has its place, or a bar. */
struct cover_mark {
	PangoLayout *layout;  /* NULL: a bar */
	double x, y;          /* of the layout's or bar's upper left corner */
	double scale;         /* of the layout */
	double width, height; /* of the bar */
	struct colour fill;
};

struct mark_list {
	struct cover_mark *items;
	size_t count, cap;
};

/* text.c: gives texts and bars their places, one after the other. */
struct cover_setter {
	const struct pango *p;
	PangoContext *context;
	PangoLanguage *language;
	bool rtl;
	double page_width;
	double below; /* where the last text or bar ends */
	unsigned lost;
	struct arena arena;
	struct mark_list marks;
};

/* `setter` must be released either way. */
int cover_setter_init(struct cover_setter *setter, const struct pango *p,
		      const struct cover_sheet *sheet, struct chapbook_error *err);
void cover_setter_release(struct cover_setter *setter);
int cover_set_text(struct cover_setter *setter, const struct cover_box *box,
		   struct chapbook_error *err);
void cover_set_bar(struct cover_setter *setter, const struct cover_box *box);
/* Draw all that has a place. May be called more than once. */
void cover_setter_draw(const struct cover_setter *setter, cairo_t *cr);

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

/* picture.c: the part of it that draws the eye, in the shape of width x height pixels. */
struct cover_part {
	const uint32_t *pixels; /* the picture's, as cairo has them */
	unsigned width, height;
	unsigned row; /* pixels from one row to the next */
};
void cover_picture_cut(const struct cover_picture *picture, unsigned width, unsigned height,
		       struct cover_part *part);

#endif
