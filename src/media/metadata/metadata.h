/* What a picture says of itself: the words that photographers and agencies put into the file
 * (XMP, IPTC-IIM, Exif), and what it should not say: where it was taken, with what device. */
#ifndef MEDIA_METADATA_METADATA_H
#define MEDIA_METADATA_METADATA_H

#include "base/arena.h"
#include "base/buf.h"
#include "media/identify/identify.h"

/* Strings are clean UTF-8 (utf8_is_clean()), trimmed, in one line, of a bounded length (a caption:
 * 4,000 characters), never ""; NULL: not said. What cameras and programs write of their own accord
 * (assets/picture_junk.tsv) is not said. XMP wins over IIM, IIM over Exif (Metadata Working
 * Group, Guidelines 2.0, section 5). */
struct image_metadata {
	const char *caption; /* dc:description, IIM 2:120, Exif ImageDescription */
	const char *credit;  /* photoshop:Credit, IIM 2:110 */
	const char *creator; /* dc:creator, IIM 2:80, Exif Artist; several: "Ann Brown, Bo Li" */
	const char *rights;  /* dc:rights, IIM 2:116, Exif Copyright */
	const char *alt;     /* Iptc4xmpCore:AltTextAccessibility */
	const char *description; /* Iptc4xmpCore:ExtDescrAccessibility */
	const char *licence;     /* xmpRights:WebStatement, cc:license: a URL of http or https */
	unsigned orientation;    /* Exif 1 to 8; 0: not said */
	bool is_private; /* location or device data are in the file, or what may be: blocks that
			  * cannot be read, or that only devices write */
};

/* Read a JPEG's, PNG's, GIF's or WebP's words into *words; a block that is broken says nothing.
 * Sets arena->failed when memory runs out. */
void image_metadata_read(const char *bytes, size_t size, enum image_kind kind, struct arena *arena,
			 struct image_metadata *words);

/* The same from a block as a decoder of another format hands it out, with or without what names it
 * in a JPEG: each fills in what is still unknown, so in this order. */
void image_metadata_add_xmp(const char *bytes, size_t size, struct arena *arena,
			    struct image_metadata *words);
void image_metadata_add_iptc(const char *bytes, size_t size, struct arena *arena,
			     struct image_metadata *words);
void image_metadata_add_exif(const char *bytes, size_t size, struct arena *arena,
			     struct image_metadata *words);

/* Whether a caption or alt text says nothing of the picture: NULL, a file's name, what programs
 * write of their own accord (assets/picture_junk.tsv). Thread-safe. */
bool image_caption_is_junk(const char *text);

/* Append a JPEG, PNG or GIF with other words: without what is private (its Exif is removed but for
 * the orientation, of its XMP and IIM the words stay; comments, PNG's own texts, small pictures,
 * blocks of devices' and programs' own and all that follows the picture in the file go), if
 * `drop_private`; with `words` (JPEG and PNG) and no others in its XMP (NULL: as they are). Read
 * again, the result says the same words, except for a creator that only a PNG's own texts name
 * ("Author": programs put the name of the computer's user there), and is not private. The picture
 * itself, its colour profile among it, is kept bit for bit. Returns false, with nothing appended,
 * when there is nothing to change, it is of another kind, or memory ran out (out->failed). */
bool image_metadata_write(const char *bytes, size_t size, enum image_kind kind,
			  const struct image_metadata *words, bool drop_private, struct buf *out);

#endif
