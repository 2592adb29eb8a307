/* Drawing covers. The design is an SVG document, in which some rectangles are boxes for what SVG
 * does not do well, breaking lines and choosing the size of letters:
 *
 *   <rect data-text="The title" x="140" y="300" width="1320" height="900" fill="#223344" …/>
 *
 * sets a text as large as it can stand in the box. Colours are "#rrggbb". Its other attributes, all
 * but the first may be left out, lengths in the units of the drawing:
 *
 *   data-font      families, the best first: "EB Garamond, serif"
 *   data-weight    100 to 900 (400)
 *   data-style     "italic", where the script has capitals
 *   data-size      of the letters, at most (100)
 *   data-least     and at least (half of that): a text that does not fit ends in "…"
 *   data-lines     at most so many lines
 *   data-leading   from line to line, in parts of the letters' size (1.2); more where a script
 *                  needs it
 *   data-spacing   between letters, in parts of their size; where the script has capitals (0)
 *   data-case      "capitals"
 *   data-align     "start" (of a line in the book's direction), "middle", "end"
 *   data-stand     where in its box: "top", "middle", "bottom"
 *   data-bottom    its lower edge, in place of a height
 *   data-gap       it stands so far below the text or bar before it, and y is not inspected
 *
 *   <rect data-bar="" data-gap="40" x="140" width="200" height="12" fill="#aabbcc"/>
 *
 * is a bar that stands below a text like this, on the other side in a book that runs from the
 * right, and
 *
 *   <rect data-picture="" x="0" y="0" width="1600" height="1200"/>
 *
 * is filled by the picture, which is cut to the box; what comes after it in the document is drawn
 * over it. A negative y or data-bottom counts from the lower edge of the page. Boxes take no
 * transform. */
#ifndef COVER_DRAW_H
#define COVER_DRAW_H

#include "chapbook.h"
#include "cover/palette.h"

/* A picture made ready: hardly larger than a cover needs, upright, sRGB. */
struct cover_picture;

/* Whether covers can be drawn: Pango and cairo are there. */
bool cover_can_draw(void);

/* Decode a JPEG, PNG, GIF or WebP for a page of that width. NULL when it cannot be, or it is too
 * large a picture (more than 200 million pixels). To be freed. */
struct cover_picture *cover_picture_open(const void *bytes, size_t size, unsigned page_width,
					 struct chapbook_error *err);
void cover_picture_free(struct cover_picture *picture);
/* Its size, which is that of the original where that is small. */
void cover_picture_size(const struct cover_picture *picture, unsigned *width, unsigned *height);
/* The hue that most of its colour has, in degrees of OKLCH; -1 when it is grey. */
double cover_picture_hue(const struct cover_picture *picture);

struct cover_sheet {
	const char *svg; /* the design, filled in */
	size_t svg_size;
	unsigned width, height; /* of the page, in pixels */
	const char *language;   /* of the texts; NULL: not known */
	bool rtl;
	const struct cover_picture *picture; /* NULL: none */
	bool grey;                           /* no colours */
	size_t max_bytes; /* the quality is lowered until the file is no larger, if it can be */
};

enum cover_kind { COVER_JPEG, COVER_PNG };

struct cover_result {
	char *bytes; /* free()d by the caller */
	size_t size;
	enum cover_kind kind; /* PNG with a palette where the page has few colours */
	unsigned lost;        /* characters that no font here has, and which were left out */
	bool missing;         /* it was not drawn: a library is not installed */
};

/* Draw it. The same sheet, fonts and libraries: the same bytes. */
int cover_draw(const struct cover_sheet *sheet, struct cover_result *result,
	       struct chapbook_error *err);

#endif
