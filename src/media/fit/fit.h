/* Fitting pictures to e-readers: what every reader shows, no larger than asked. */
#ifndef MEDIA_FIT_FIT_H
#define MEDIA_FIT_FIT_H

#include "chapbook.h"
#include "media/identify/identify.h"

struct fit_options {
	unsigned width, height; /* no picture leaves larger; 0: as large as it is */
	int quality;            /* of JPEG, 1 to 100; 0: some */
	bool grayscale;
	bool animation; /* keep what moves, as GIF */
	bool opaque;    /* what is transparent is put on white */
	bool enlarge;   /* a drawing is drawn as large as requested, not in its own size */
};

/* Why a picture must be changed, by what its header and its words say: a few words for messages;
 * NULL: it can be taken as it is. `orientation` is Exif's, 1 to 8 (0: not said). Says nothing of
 * SVG, which is cleaned or drawn, and does not load libvips. */
const char *fit_reason(const struct image_info *info, unsigned orientation,
		       const struct fit_options *options);

struct fit_block {
	char *bytes; /* NULL: there is none */
	size_t size;
};

struct fit_result {
	char *bytes; /* free()d, as all of it, by fit_result_release() */
	size_t size;
	struct image_info info;
	/* What AVIF, HEIC, TIFF and JPEG XL say of themselves, as libvips hands it out. (A TIFF's
	 * Exif is the TIFF itself.) */
	struct fit_block xmp, iptc, exif;
	bool damaged; /* a part of the picture was not there; what was has been kept */
	bool stilled; /* of what moved the first picture alone is left */
};

struct fit_source {
	const char *name; /* for messages */
	const char *bytes;
	size_t size;
	const struct image_info *info; /* what image_identify() says of the bytes */
};

/* Make it fit: upright, sRGB, 8 bits a channel, no larger than asked and never enlarged, with
 * nothing of what the source says of itself. JPEG remains JPEG; of the others, photos become JPEG,
 * drawings and what has transparency PNG; what moves becomes GIF if that is wanted and it is not
 * too much. Any kind but SVG. Fails with
 * CHAPBOOK_E_LIMIT, before anything is decoded, where a header promises more pixels than
 * FIT_MAX_…; a picture that is cut off is kept up to its end (what is missing of a bitmap is
 * white), and fails if its kind cannot be decoded in part. Works in this thread; fit_cost() is the
 * memory that it takes. */
int fit_picture(const struct fit_source *source, const struct fit_options *options,
		struct fit_result *out, struct chapbook_error *err);

/* Draw an SVG that cannot be kept: a PNG of its own size, or twice that for what is no mere icon,
 * within the size asked for. Nothing outside of it is read. */
int fit_draw_svg(const char *name, const char *bytes, size_t size,
		 const struct fit_options *options, struct fit_result *out,
		 struct chapbook_error *err);

void fit_result_release(struct fit_result *r);

/* Whether an ICC profile is that of sRGB. */
bool fit_is_srgb(const void *profile, size_t size);

enum {
	/* Pixels, of all frames. */
	FIT_MAX_STREAMED = 250 * 1000 * 1000, /* decoded line by line */
	FIT_MAX_WHOLE = 100 * 1000 * 1000,    /* decoded as a whole */
};

/* The bytes of memory that fitting takes, about: for a budget of many at once. */
size_t fit_cost(const struct image_info *info, const struct fit_options *options);

#endif
