/* What fit_picture() is made of. */
#ifndef MEDIA_FIT_PARTS_H
#define MEDIA_FIT_PARTS_H

#include "media/fit/fit.h"
#include "media/fit/vips.h"

struct fit {
	const struct vips *v;
	const char *name; /* for messages */
	const char *bytes;
	size_t size;
	struct image_info info;
	const struct fit_options *options;
	struct fit_result *out;
	/* What the decoder says. */
	bool gray, cmyk;
	bool has_profile; /* of colours that are not sRGB's */
	bool moving;      /* all frames are wanted, and can be had */
};

/* Whether that many pixels are too many to decode; then -1, with the error set. */
int fit_check_size(const char *name, const struct image_info *info, unsigned width, unsigned height,
		   unsigned frames, struct chapbook_error *err);
/* Whether pictures of a kind can be decoded only as a whole. */
bool fit_is_whole(const struct image_info *info);

/* Look at the picture as its decoder sees it: size, colours, words. Decodes nothing. */
int fit_open(struct fit *f, struct chapbook_error *err);
/* A pipeline that gives the picture upright, in sRGB, in its size; NULL, with libvips's message,
 * when it cannot be. `fail_on`: how much must be wrong with it. */
VipsImage *fit_shrink(struct fit *f, VipsFailOn fail_on);
/* The same from pixels in memory, RGB or RGBA, with rows that many bytes apart. */
VipsImage *fit_shrink_pixels(struct fit *f, const unsigned char *pixels, unsigned bands,
			     size_t row);

struct bitmap;
/* A picture that gdk-pixbuf decodes. */
int fit_bitmap(struct fit *f, const struct bitmap *bitmap, struct chapbook_error *err);

/* Run the pipeline and encode what comes out of it. -1, with libvips's message or CHAPBOOK_E_MEMORY
 * in `err`, when it fails. */
int fit_encode(struct fit *f, VipsImage *image, struct chapbook_error *err);

/* Pixels in memory, 1 to 4 bytes each: gray, gray and alpha, RGB or RGBA. */
struct pixels {
	const unsigned char *bytes;
	unsigned width, height, bands;
};

/* What is seen in them. */
struct pixel_facts {
	bool transparent;
	bool gray;
	double flat;      /* the share of pixels that are like their left neighbour */
	unsigned colours; /* up to MAX_COLOURS + 1 */
};
enum { MAX_COLOURS = 256 };

void fit_measure(const struct pixels *pixels, struct pixel_facts *seen);

/* Put what is transparent on paper, for readers with black pages and for those that show black
 * where there is nothing: on white, a drawing of light colours on dark grey. `bytes` are those of
 * `pixels`. */
void fit_flatten(const struct pixels *pixels, unsigned char *bytes);

#endif
