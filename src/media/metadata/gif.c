/* GIF: blocks (GIF89a specification, sections 17 to 27). */
#include "media/metadata/parts.h"

#include <string.h>

enum {
	INTRODUCER = 0x21, /* of an extension; its kind follows */
	PICTURE = 0x2C,
	TRAILER = 0x3B,
	CONTROL = 0xF9, /* kinds of extensions: of the next picture; an application's */
	APPLICATION = 0xFF,
	HEAD = 14,      /* bytes of an application extension before its sub-blocks */
	MAGIC = 257,    /* bytes behind XMP */
	MAX_LOOPS = 25, /* bytes of an extension that says how often the pictures are repeated */
	MIN_TRAILER = 1 /* bytes behind the end */
};

enum gif_block {
	GIF_PICTURE, /* what decoders need */
	GIF_XMP,
	GIF_OTHER, /* comments, texts, applications' own, and what is no block */
	GIF_END,
};

struct gif_part {
	enum gif_block block;
	const char *bytes;
	size_t size;
};

static size_t colours(char flags)
{
	return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

static enum gif_block gif_kind_of(const char *s, size_t size)
{
	static const char *const loops[] = {"NETSCAPE2.0", "ANIMEXTS1.0"};
	unsigned char kind = (unsigned char)s[1];
	if (kind == CONTROL)
		return GIF_PICTURE;
	if (kind != APPLICATION || size <= HEAD || s[2] != 11)
		return GIF_OTHER;
	for (size_t i = 0; i < sizeof loops / sizeof *loops; i++)
		if (memcmp(s + 3, loops[i], 11) == 0 && size <= MAX_LOOPS)
			return GIF_PICTURE;
	if (memcmp(s + 3, "ICCRGBG1012", 11) == 0)
		return GIF_PICTURE;
	return memcmp(s + 3, "XMP DataXMP", 11) == 0 ? GIF_XMP : GIF_OTHER;
}

/* The size of what stands before the blocks; 0: it is not whole. */
static size_t header_size(const char *s, size_t size)
{
	size_t len = size < 13 ? 0 : 13 + colours(s[10]);
	return len <= size ? len : 0;
}

/* The block at *at, which moves behind it. False at the end of the file. */
static bool next_part(const char *s, size_t size, size_t *at, struct gif_part *part)
{
	size_t start = *at, i = start;
	if (i >= size)
		return false;
	*part = (struct gif_part){GIF_OTHER, s + start, size - start};
	*at = size;
	if (s[i] == TRAILER) {
		part->block = GIF_END;
		part->size = 1;
		*at = start + 1;
		return true;
	}
	if (s[i] == PICTURE && size - i >= 11) /* its place, its colours, its code size */
		i += 11 + colours(s[i + 9]);
	else if (s[i] == INTRODUCER && size - i >= 2)
		i += 2;
	else
		return true;
	part->block = s[start] == PICTURE ? GIF_PICTURE : GIF_OTHER;
	while (i < size && s[i])
		i += 1u + (unsigned char)s[i];
	if (i >= size) /* a picture may be cut off */
		return true;
	*at = i + 1;
	part->size = *at - start;
	if (s[start] == INTRODUCER)
		part->block = gif_kind_of(s + start, part->size);
	return true;
}

/* The packet stands where the sub-blocks would be and is followed by bytes that lead a decoder that
 * reads sub-blocks to the end: XMP specification part 3, section 1.1.2. */
void gif_metadata(const char *bytes, size_t size, struct arena *arena, struct metadata_found *found)
{
	size_t at = header_size(bytes, size);
	struct gif_part part = {0};
	while (at && part.block != GIF_END && next_part(bytes, size, &at, &part)) {
		if (part.block == GIF_XMP && part.size > HEAD + MAGIC + 1)
			metadata_found_xmp(found, part.bytes + HEAD, part.size - HEAD - MAGIC - 1,
					   arena);
		else
			found->is_private |= part.block == GIF_OTHER || part.block == GIF_XMP;
	}
	found->leftovers |= part.block == GIF_END && size - at >= MIN_TRAILER;
}

static void put_xmp(struct buf *out, const struct buf *packet)
{
	if (packet->len == 0)
		return;
	buf_append(out, "!\xFF\x0BXMP DataXMP", HEAD);
	buf_append(out, packet->data, packet->len);
	buf_putc(out, '\x01');
	for (int i = 0xFF; i >= 0; i--)
		buf_putc(out, (char)i);
	buf_putc(out, '\0');
}

void gif_put(const char *bytes, size_t size, const struct metadata_plan *plan, struct buf *out)
{
	size_t at = header_size(bytes, size);
	struct gif_part part = {0};
	buf_append(out, bytes, at);
	while (part.block != GIF_END && next_part(bytes, size, &at, &part)) {
		bool gone = part.block == GIF_XMP     ? plan->xmp_goes
			    : part.block == GIF_OTHER ? plan->private_goes
						      : part.block == GIF_END;
		if (!gone)
			buf_append(out, part.bytes, part.size);
	}
	put_xmp(out, &plan->xmp);
	buf_putc(out, TRAILER);
}
