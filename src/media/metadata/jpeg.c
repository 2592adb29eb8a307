/* JPEG: marker segments (ISO 10918-1, annex B), and the owners of application segments. */
#include "media/metadata/parts.h"

#include <stdlib.h>
#include <string.h>

#define NAME_XMP      "http://ns.adobe.com/xap/1.0/"
#define NAME_EXTENDED "http://ns.adobe.com/xmp/extension/"

enum {
	MARKER_SOI = 0xD8,
	MARKER_EOI = 0xD9,
	MARKER_SOS = 0xDA,
	MARKER_APP0 = 0xE0,
	MARKER_APP1 = 0xE1,
	MARKER_APP13 = 0xED,
	MARKER_APP15 = 0xEF,
	MARKER_COM = 0xFE,
	MAX_SEGMENT = 65533, /* bytes after its length */
	EXTENDED_HEAD = 40,  /* a digest, the whole length, this part's place */
	MIN_TRAILER = 32,    /* fewer bytes behind the end are nothing */
};

/* --- Walking --- */

/* Names are followed by a NUL, which belongs to them. */
static const struct {
	unsigned char marker, len;
	const char *name;
	enum jpeg_block block;
} blocks[] = {
	{0xE0, 5, "JFIF", JPEG_PICTURE},
	{0xE0, 5, "JFXX", JPEG_SMALL},
	{0xE1, 5, "Exif", JPEG_EXIF}, /* and a byte more */
	{0xE1, sizeof NAME_XMP, NAME_XMP, JPEG_XMP},
	{0xE1, sizeof NAME_EXTENDED, NAME_EXTENDED, JPEG_EXTENDED},
	{0xE2, 12, "ICC_PROFILE", JPEG_PICTURE},
	{0xE2, 4, "MPF", JPEG_MORE},
	{0xE8, 5, "SPIFF", JPEG_PICTURE},
	{0xEC, 5, "Ducky", JPEG_PICTURE}, /* the quality; no NUL */
	{0xED, 14, "Photoshop 3.0", JPEG_RESOURCES},
	{0xED, 8, "Adobe_CM", JPEG_PICTURE},
	{0xEE, 5, "Adobe", JPEG_PICTURE}, /* how the colours are coded; no NUL */
};

static void name_block(struct jpeg_part *part)
{
	bool is_own = part->marker >= MARKER_APP0 && part->marker <= MARKER_APP15;
	part->block = is_own || part->marker == MARKER_COM ? JPEG_OTHER : JPEG_PICTURE;
	if (!is_own)
		return;
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
		size_t len = blocks[i].len;
		if (part->marker != blocks[i].marker || part->len < len ||
		    memcmp(part->data, blocks[i].name, len) != 0)
			continue;
		part->block = blocks[i].block;
		if (part->block == JPEG_EXIF)
			len += part->len > len;
		part->data += len;
		part->len -= len;
		return;
	}
}

/* Where the coded data end that begin at `at`: at a marker that is not one of theirs, or the FFs
 * that may stand before it. */
static size_t scan_end(const char *s, size_t size, size_t at)
{
	while (at < size) {
		const char *mark = memchr(s + at, 0xFF, size - at);
		size_t start = mark ? (size_t)(mark - s) : size;
		for (at = start; at < size && (unsigned char)s[at] == 0xFF;)
			at++;
		if (at == size)
			return size;
		unsigned next = (unsigned char)s[at];
		if (next != 0 && !(next >= 0xD0 && next <= 0xD7))
			return start;
		at++;
	}
	return size;
}

/* Up to `end`, as coded data. */
static bool take_data(struct jpeg_walk *w, size_t end, struct jpeg_part *part)
{
	*part = (struct jpeg_part){.bytes = w->bytes + w->at, .size = end - w->at};
	w->at = end;
	return part->size > 0;
}

/* Before the first scan everything is a segment, as for image_identify(); from then on what is none
 * is coded data, as for decoders. So what is kept is taken apart in the same way when some of them
 * are gone. */
bool jpeg_next(struct jpeg_walk *w, struct jpeg_part *part)
{
	const unsigned char *p = (const unsigned char *)w->bytes;
	if (w->ended || w->at >= w->size)
		return false;
	if (w->scanned && take_data(w, scan_end(w->bytes, w->size, w->at), part))
		return true;
	size_t i = w->at;
	while (i < w->size && p[i] == 0xFF) /* more than one: fill */
		i++;
	if (i == w->size || i == w->at)
		return take_data(w, w->size, part);
	*part = (struct jpeg_part){.marker = p[i++], .bytes = w->bytes + w->at};
	bool is_alone =
		part->marker == 0x01 || (part->marker >= 0xD0 && part->marker <= MARKER_EOI);
	if (!is_alone) {
		size_t len = w->size - i >= 2 ? word_be16(w->bytes + i) : 0;
		if (len < 2 || len > w->size - i)
			return take_data(w, w->size, part);
		part->data = w->bytes + i + 2;
		part->len = len - 2;
		i += len;
	}
	part->size = i - w->at;
	w->at = i;
	w->ended = part->marker == MARKER_EOI;
	w->scanned |= part->marker == MARKER_SOS;
	name_block(part);
	return true;
}

/* --- Reading --- */

/* XMP that is longer than a segment comes in pieces: XMP specification part 3, section 1.1.3.1. */
struct extended {
	char *bytes;
	size_t size, got;
	char digest[32];
	bool is_strange; /* pieces of another, or more than there can be */
};

static void take_extended(struct extended *e, const struct jpeg_part *part, size_t file_size,
			  struct arena *arena)
{
	if (part->len < EXTENDED_HEAD) {
		e->is_strange = true;
		return;
	}
	size_t whole = word_be32(part->data + 32), at = word_be32(part->data + 36);
	size_t len = part->len - EXTENDED_HEAD;
	if (!e->bytes && whole && whole <= file_size) {
		e->bytes = calloc(1, whole);
		e->size = whole;
		memcpy(e->digest, part->data, sizeof e->digest);
		arena->failed |= !e->bytes;
	}
	if (!e->bytes || whole != e->size || at > whole || len > whole - at ||
	    memcmp(e->digest, part->data, sizeof e->digest) != 0) {
		e->is_strange = true;
		return;
	}
	memcpy(e->bytes + at, part->data + EXTENDED_HEAD, len);
	e->got += len;
}

/* What follows the end: the video of a moving photo, more pictures, programs' own. */
static bool has_trailer(const struct jpeg_walk *w)
{
	size_t said = 0;
	for (size_t i = w->at; i < w->size && said < MIN_TRAILER; i++)
		said += !strchr(" \t\r\n\xFF", w->bytes[i]);
	return w->ended && said >= MIN_TRAILER;
}

void jpeg_metadata(const char *bytes, size_t size, struct arena *arena,
		   struct metadata_found *found)
{
	struct jpeg_walk walk = {.bytes = bytes, .size = size};
	struct extended extended = {0};
	struct buf resources = BUF_INIT;
	struct jpeg_part part;
	while (jpeg_next(&walk, &part)) {
		switch (part.block) {
		case JPEG_EXIF:
			metadata_found_exif(found, part.data, part.len, arena);
			break;
		case JPEG_XMP:
			metadata_found_xmp(found, part.data, part.len, arena);
			break;
		case JPEG_EXTENDED:
			take_extended(&extended, &part, size, arena);
			break;
		case JPEG_RESOURCES: /* long ones go on in the next segment */
			buf_append(&resources, part.data, part.len);
			break;
		case JPEG_SMALL:
			found->leftovers = true;
			break;
		case JPEG_MORE:
		case JPEG_OTHER:
			found->is_private = true;
			break;
		case JPEG_PICTURE:
			break;
		}
	}
	if (extended.got && extended.got == extended.size)
		metadata_found_xmp(found, extended.bytes, extended.size, arena);
	else
		extended.is_strange |= extended.bytes != NULL;
	metadata_found_iptc(found, resources.data, resources.len, arena);
	found->xmp.is_private |= extended.is_strange;
	found->is_private |= has_trailer(&walk);
	arena->failed |= resources.failed;
	free(extended.bytes);
	buf_release(&resources);
}

/* --- Writing --- */

static void put_segment(struct buf *out, unsigned marker, const char *name, size_t name_len,
			const struct buf *data)
{
	if (data->len == 0 || name_len + data->len > MAX_SEGMENT)
		return;
	buf_putc(out, '\xFF');
	buf_putc(out, (char)marker);
	word_put_be16(out, (unsigned)(2 + name_len + data->len));
	buf_append(out, name, name_len);
	buf_append(out, data->data, data->len);
}

static bool jpeg_is_dropped(const struct metadata_plan *plan, enum jpeg_block block)
{
	switch (block) {
	case JPEG_EXIF:
		return plan->exif_goes;
	case JPEG_XMP:
	case JPEG_EXTENDED:
		return plan->xmp_goes;
	case JPEG_RESOURCES:
		return plan->iptc_goes;
	case JPEG_MORE: /* its offsets would be wrong, and what they lead to is dropped */
		return true;
	case JPEG_SMALL:
	case JPEG_OTHER:
		return plan->private_goes;
	default:
		return false;
	}
}

void jpeg_put(const char *bytes, size_t size, const struct metadata_plan *plan, struct buf *out)
{
	struct jpeg_walk walk = {.bytes = bytes, .size = size};
	struct jpeg_part part;
	bool written = false;
	while (jpeg_next(&walk, &part)) {
		/* Behind what must come first: JFIF's header, and then Exif. */
		bool is_first = part.marker == MARKER_SOI || part.marker == MARKER_APP0 ||
				part.block == JPEG_EXIF;
		if (!is_first && !written) {
			put_segment(out, MARKER_APP1, "Exif\0", 6, &plan->exif);
			put_segment(out, MARKER_APP1, NAME_XMP, sizeof NAME_XMP, &plan->xmp);
			put_segment(out, MARKER_APP13, "Photoshop 3.0", 14, &plan->iptc);
			written = true;
		}
		if (!jpeg_is_dropped(plan, part.block))
			buf_append(out, part.bytes, part.size);
	}
}
