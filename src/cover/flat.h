/* A page of few colours, and the PNG with a palette that it becomes (PNG specification, third
 * edition, sections 5, 9 and 11). */
#ifndef COVER_FLAT_H
#define COVER_FLAT_H

#include "chapbook.h"
#include "cover/palette.h"

#include <stddef.h>
#include <stdint.h>

enum { FLAT_COLOURS = 256 };

struct flat_slot {
	uint32_t colour;     /* 0xffrrggbb; 0: free */
	unsigned char index; /* in the palette */
};

struct flat {
	unsigned width, height;
	bool grey;
	unsigned char *rows; /* an index for each pixel */
	unsigned row_count;  /* that are there */
	struct colour palette[FLAT_COLOURS];
	unsigned colour_count, area_count; /* the first ones are those of flat_add_colour() */
	struct flat_slot *slots;           /* of each colour seen, the place in the palette */
	unsigned slot_count;
	unsigned tolerance;
};

/* `tolerance`: a colour that differs from one of the palette by no more than this in each of red,
 * green and blue becomes that one. `flat` must be released either way. */
int flat_init(struct flat *flat, unsigned width, unsigned height, bool grey, unsigned tolerance,
	      struct chapbook_error *err);
void flat_release(struct flat *flat);

/* Give a colour a place in the palette, before what is near to it gets one. */
void flat_add_colour(struct flat *flat, struct colour colour);

/* The next rows, pixels as 0x??rrggbb. False when there are too many colours for a palette. */
bool flat_add_rows(struct flat *flat, const uint32_t *pixels, unsigned count);

/* The PNG, once all rows are there; free()d by the caller. */
int flat_encode(const struct flat *flat, char **bytes, size_t *size, struct chapbook_error *err);

#endif
