/* Pictures: what they are, by their bytes. Transcoding, fitting and drawing covers will live
 * in this room too. */
#ifndef MEDIA_MEDIA_H
#define MEDIA_MEDIA_H

#include "article/article.h"
#include "base/diag.h"

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

/* Load what the body's `img`s (and a->cover_ref, authors' portraits, `photos`) refer to, from files relative to
 * `base_dir`, files that came with the article (a->parts), and `data:` URLs: fills a->images and
 * a->image_refs. Each content is stored once. A reference that is missing, broken, remote, outside
 * what may be read, or of a kind that e-readers do not show is a warning; its `img` is replaced by
 * its alt text in a `span class="missing-image"` (or by nothing when alt is empty or absent); its
 * figure and caption stay. So afterwards every `img` in the body has an image_ref. `photos` are
 * files given by the caller (--photo): they are given in order to the figures that have a caption
 * but no picture; what is left over is appended to the body as figures of its own, with a warning.
 * Called after reading, before article_collect_figures(). */
int media_load(struct article *a, const char *base_dir, const struct string_list *photos,
	       struct diag *diag, struct chapbook_error *err);

/* For a body whose pictures are not loaded: relative references become addresses, but for those
 * that name files below `base_dir`. */
void media_settle_addresses(struct article *a, const char *base_dir);

#endif
