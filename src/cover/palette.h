/* Colours for a cover: a few that go together, found from a text, so that each book on a shelf has
 * its own and keeps it. */
#ifndef COVER_PALETTE_H
#define COVER_PALETTE_H

#include <stdbool.h>

#define COLOUR_TEXT 8 /* "#rrggbb" with NUL */

struct colour {
	unsigned char r, g, b; /* sRGB */
};

struct palette {
	struct colour ground; /* what all else stands on */
	struct colour ink;    /* text: its contrast with the ground is PALETTE_CONTRAST or more */
	struct colour accent; /* small text and marks: as much contrast, another hue */
	struct colour shade;  /* for shapes on the ground: near it, */
	struct colour tint;   /* farther, */
	struct colour spark;  /* and in the accent's hue */
};

/* Web Content Accessibility Guidelines 2.2, success criterion 1.4.3. */
#define PALETTE_CONTRAST 4.5

/* A palette for a text. `hue`: the one to build it on, in degrees of OKLCH; below 0: the text's. */
void palette_make(struct palette *palette, const char *text, double hue);

/* WCAG 2.2's contrast ratio of two colours, 1 to 21. */
double palette_contrast(struct colour a, struct colour b);

/* OKLCH to the nearest sRGB colour of that lightness and hue that there is: chroma gives way.
 * lightness 0 to 1, chroma 0 to about 0.4, hue in degrees. */
struct colour palette_oklch(double lightness, double chroma, double hue);
/* The other way around. */
void palette_to_oklch(struct colour colour, double *lightness, double *chroma, double *hue);

void colour_text(struct colour colour, char out[COLOUR_TEXT]);
/* The other way around; false when the text is not of that form. */
bool colour_read(const char *text, struct colour *colour);

#endif
