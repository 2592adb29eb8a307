/* What the files that read and write pictures' words share: the words one by one, and the kinds of
 * blocks, each of which has a file of its own. */
#ifndef MEDIA_METADATA_PARTS_H
#define MEDIA_METADATA_PARTS_H

#include "media/metadata/metadata.h"

#include <stdint.h>

enum image_field {
	WORD_CAPTION,
	WORD_CREDIT,
	WORD_CREATOR,
	WORD_RIGHTS,
	WORD_ALT,
	WORD_DESCRIPTION,
	WORD_LICENCE,
	WORD_COUNT,
};

/* No more of a block's bytes are inspected for one of the words. */
enum { WORD_MAX_RAW = 65536 };

const char *word_of(const struct image_metadata *words, enum image_field field);
/* Clean what a block says and keep it, unless that is said already or it says nothing: white space,
 * a camera's name, a file's. */
void image_field_set(struct image_metadata *words, enum image_field field, const char *s,
		     size_t len, struct arena *arena);
/* The same of bytes that do not say what they are: UTF-8, or else Windows-1252; up to a NUL. */
void image_field_set_bytes(struct image_metadata *words, enum image_field field, const char *s,
			   size_t len, struct arena *arena);
/* Fill in what `words` does not know. */
void metadata_merge(struct image_metadata *words, const struct image_metadata *more);
bool image_metadata_is_same(const struct image_metadata *a, const struct image_metadata *b);
bool image_metadata_is_empty(const struct image_metadata *words);

/* The kinds of metadata of a file, each on its own. */
struct metadata_found {
	struct image_metadata xmp, iptc, exif, text; /* text: PNG's own */
	unsigned packets,
		tiffs;   /* how many blocks of XMP and Exif have been read: there are limits */
	size_t xmp_size; /* of all packets that have been read */
	bool is_private; /* what else devices leave, and what cannot be read */
	bool leftovers;  /* small pictures, which may show what was cut away */
};

void metadata_found_xmp(struct metadata_found *found, const char *bytes, size_t size,
			struct arena *arena);
void metadata_found_exif(struct metadata_found *found, const char *bytes, size_t size,
			 struct arena *arena);
/* Photoshop's resources, or IIM alone. */
void metadata_found_iptc(struct metadata_found *found, const char *bytes, size_t size,
			 struct arena *arena);
void metadata_found_all(const struct metadata_found *found, struct image_metadata *words);

/* image_metadata_add_exif(); returns whether there is a small picture. */
bool exif_read(const char *bytes, size_t size, struct arena *arena, struct image_metadata *words);

void jpeg_metadata(const char *bytes, size_t size, struct arena *arena,
		   struct metadata_found *found);
void png_metadata(const char *bytes, size_t size, struct arena *arena,
		  struct metadata_found *found);
void gif_metadata(const char *bytes, size_t size, struct arena *arena,
		  struct metadata_found *found);

/* What becomes of the blocks of a file that is written anew. */
struct metadata_plan {
	bool xmp_goes, exif_goes, iptc_goes, text_goes;
	bool private_goes; /* all that is not known to be harmless */
	struct buf xmp;    /* stands for all XMP that there was; empty: none */
	struct buf exif, iptc;
};

/* JPEG: one whole marker segment (or what is between them) after the other. */
enum jpeg_block {
	JPEG_PICTURE,   /* what decoders need */
	JPEG_EXIF,      /* APP1 */
	JPEG_XMP,       /* APP1 */
	JPEG_EXTENDED,  /* APP1: what of the XMP was too long for one segment */
	JPEG_RESOURCES, /* APP13: Photoshop's, IIM among them */
	JPEG_SMALL,     /* APP0: a small picture */
	JPEG_MORE,      /* APP2: of the pictures that follow this one in the file */
	JPEG_OTHER,     /* comments; devices' and programs' own */
};

struct jpeg_part {
	enum jpeg_block block;
	unsigned marker; /* 0: coded picture data */
	const char *bytes, *data;
	size_t size, len; /* of all of it; of what follows the block's name */
};

struct jpeg_walk {
	const char *bytes;
	size_t size, at;
	bool scanned, ended; /* the first scan, the end have come */
};

bool jpeg_next(struct jpeg_walk *walk, struct jpeg_part *part);
/* Bytes that one segment holds of IIM. */
enum { JPEG_MAX_IPTC = 65000 };
void jpeg_put(const char *bytes, size_t size, const struct metadata_plan *plan, struct buf *out);
void png_put(const char *bytes, size_t size, const struct metadata_plan *plan, struct buf *out);
void gif_put(const char *bytes, size_t size, const struct metadata_plan *plan, struct buf *out);

/* Append a packet with these words; nothing when there are none. */
void xmp_put(const struct image_metadata *words, struct buf *out);
/* Append what there is of IIM in Photoshop's resources, without what says where; nothing when
 * nothing is left. As resources again. */
void iptc_put(const char *bytes, size_t size, struct buf *out);
/* Append an Exif block (TIFF) that says the orientation and nothing else. */
void exif_put(unsigned orientation, struct buf *out);

static inline unsigned word_be16(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	return (unsigned)p[0] << 8 | p[1];
}

static inline uint32_t word_be32(const char *s)
{
	return (uint32_t)word_be16(s) << 16 | word_be16(s + 2);
}

static inline void word_put_be16(struct buf *out, unsigned n)
{
	buf_putc(out, (char)(n >> 8));
	buf_putc(out, (char)n);
}

static inline void word_put_be32(struct buf *out, uint32_t n)
{
	word_put_be16(out, n >> 16);
	word_put_be16(out, n & 0xFFFF);
}

#endif
