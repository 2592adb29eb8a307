/* Pictures: what they are, by their bytes. */
#ifndef MEDIA_IDENTIFY_IDENTIFY_H
#define MEDIA_IDENTIFY_IDENTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum image_kind {
	IMAGE_UNKNOWN,
	IMAGE_JPEG,
	IMAGE_PNG,
	IMAGE_GIF,
	IMAGE_SVG, /* core media types */
	IMAGE_WEBP,
	IMAGE_AVIF,
	IMAGE_HEIC,
	IMAGE_TIFF,
	IMAGE_BMP,
	IMAGE_ICO,
	IMAGE_JXL, /* foreign */
};

struct image_info {
	enum image_kind kind;
	const char *media_type; /* "image/jpeg" */
	const char *extension;  /* "jpg" */
	unsigned width, height; /* 0 unknown */
	unsigned depth;         /* bits a channel; 0 unknown */
	bool cmyk;              /* four inks (or YCCK), which screens do not have */
	bool gray;              /* has no colour */
	bool alpha;             /* has transparency, or may have */
	bool interlaced;        /* PNG's Adam7, progressive JPEG: decoded as a whole */
	bool animated;          /* more than one frame */
};

/* What the bytes are. Reads headers only; never decodes. Returns -1 when it is broken: a header
 * that promises what is not there, or no picture at all. */
int image_identify(const char *bytes, size_t size, struct image_info *info);

#endif
