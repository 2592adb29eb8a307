/* Exif: a TIFF file without a picture. Exif 2.32 (CIPA DC-008), TIFF 6.0 section 2. */
#include "media/metadata/parts.h"

#include <string.h>

enum {
	TAG_DESCRIPTION = 0x010E,
	TAG_ORIENTATION = 0x0112,
	TAG_ARTIST = 0x013B,
	TAG_COPYRIGHT = 0x8298,
	TAG_EXIF = 0x8769,
	TAG_GPS = 0x8825,
	TYPE_ASCII = 2,
	TYPE_SHORT = 3,
	TYPE_UTF8 = 129, /* Exif 3.0 */
	ENTRY = 12,
};

struct tiff {
	const char *bytes;
	size_t size;
	bool little;
	struct arena *arena;
	struct image_metadata *words;
	size_t exif, gps; /* where these directories are; 0: none */
};

/* One entry of a directory. */
struct field {
	unsigned tag, type;
	size_t count;
	const char *value; /* its four bytes */
};

static unsigned get16(const struct tiff *t, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	return t->little ? (unsigned)p[1] << 8 | p[0] : word_be16(s);
}

static uint32_t get32(const struct tiff *t, const char *s)
{
	return t->little ? (uint32_t)get16(t, s + 2) << 16 | get16(t, s) : word_be32(s);
}

/* What may identify the device, its owner or a place: every tag that is not known to be harmless.
 * Ranges of tags, in IFD0 and the Exif directory. */
static bool is_private_tag(unsigned tag)
{
	static const struct {
		unsigned short first, last;
	} harmless[] = {
		{0x0100, 0x0106}, /* size, depth, compression, colours */
		{0x010E, 0x010E}, /* ImageDescription */
		{0x0112, 0x011B}, /* Orientation, strips, resolution */
		{0x0128, 0x0128}, /* ResolutionUnit */
		{0x0132, 0x0132}, /* DateTime */
		{0x013B, 0x013B}, /* Artist */
		{0x013E, 0x013F}, /* WhitePoint, PrimaryChromaticities */
		{0x0211, 0x0214}, /* YCbCr */
		{0x8298, 0x829D}, /* Copyright, ExposureTime, FNumber */
		{0x8769, 0x8769}, /* where the Exif directory is */
		{0x8822, 0x8822}, /* ExposureProgram */
		{0x8827, 0x8827}, /* ISO */
		{0x9000, 0x9004}, /* ExifVersion, dates */
		{0x9101, 0x920A}, /* components, exposure, FocalLength */
		{0xA000, 0xA003}, /* FlashPix, ColorSpace, size */
		{0xA401, 0xA40A}, /* how the picture was made */
	};
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		if (tag >= harmless[i].first && tag <= harmless[i].last)
			return false;
	return true;
}

/* The i-th entry of the directory at `at`; false when there is none. */
static bool entry_at(const struct tiff *t, size_t at, size_t i, struct field *field)
{
	if (at > t->size - 2 || i >= get16(t, t->bytes + at) || (t->size - at - 2) / ENTRY <= i)
		return false;
	const char *s = t->bytes + at + 2 + i * ENTRY;
	*field = (struct field){get16(t, s), get16(t, s + 2), get32(t, s + 4), s + 8};
	return true;
}

static void say(const struct tiff *t, enum image_field word, const struct field *field)
{
	const char *s = field->value;
	if (field->type != TYPE_ASCII && field->type != TYPE_UTF8)
		return;
	if (field->count > 4) {
		size_t at = get32(t, field->value);
		if (at > t->size || field->count > t->size - at)
			return;
		s = t->bytes + at;
	}
	image_field_set_bytes(t->words, word, s, field->count, t->arena);
}

/* The main directory. Of each tag the first counts, so that no work is done twice. */
static void read_main(struct tiff *t, size_t at)
{
	struct field field;
	bool described = false, signed_ = false, owned = false;
	for (size_t i = 0; entry_at(t, at, i, &field); i++) {
		switch (field.tag) {
		case TAG_DESCRIPTION:
			if (!described)
				say(t, WORD_CAPTION, &field);
			described = true;
			break;
		case TAG_ARTIST:
			if (!signed_)
				say(t, WORD_CREATOR, &field);
			signed_ = true;
			break;
		case TAG_COPYRIGHT:
			if (!owned)
				say(t, WORD_RIGHTS, &field);
			owned = true;
			break;
		case TAG_ORIENTATION: {
			unsigned n = get16(t, field.value);
			if (field.type == TYPE_SHORT && n >= 1 && n <= 8 && !t->words->orientation)
				t->words->orientation = n;
			break;
		}
		case TAG_EXIF:
			if (!t->exif)
				t->exif = get32(t, field.value);
			break;
		case TAG_GPS:
			if (!t->gps)
				t->gps = get32(t, field.value);
			break;
		default:
			t->words->is_private |= is_private_tag(field.tag);
		}
	}
}

/* Whether a directory is there, and all of it. */
static bool is_whole(const struct tiff *t, size_t at)
{
	return at >= 8 && at <= t->size - 2 &&
	       (t->size - at - 2) / ENTRY >= get16(t, t->bytes + at);
}

/* What comes before the TIFF header in a JPEG, and where decoders hand the segment out whole. */
static void exif_skip_name(const char **bytes, size_t *size)
{
	if (*size >= 6 && memcmp(*bytes, "Exif\0", 5) == 0) {
		*bytes += 6;
		*size -= 6;
	}
}

bool exif_read(const char *bytes, size_t size, struct arena *arena, struct image_metadata *words)
{
	exif_skip_name(&bytes, &size);
	struct tiff t = {.bytes = bytes, .size = size, .arena = arena, .words = words};
	struct field field;
	t.little = size >= 2 && memcmp(bytes, "II", 2) == 0;
	if (size < 14 || !(t.little || memcmp(bytes, "MM", 2) == 0) || get16(&t, bytes + 2) != 42 ||
	    !is_whole(&t, get32(&t, bytes + 4))) {
		words->is_private |= size > 0;
		return false;
	}
	size_t at = get32(&t, bytes + 4);
	read_main(&t, at);
	if ((t.exif && !is_whole(&t, t.exif)) || (t.gps && !is_whole(&t, t.gps)))
		words->is_private = true;
	for (size_t i = 0; t.exif && entry_at(&t, t.exif, i, &field); i++)
		words->is_private |= is_private_tag(field.tag) || field.tag == TAG_GPS;
	/* Its version alone says nothing. */
	for (size_t i = 0; t.gps && entry_at(&t, t.gps, i, &field); i++)
		words->is_private |= field.tag != 0;
	/* The next directory is that of a small picture. */
	size_t next = at + 2 + (size_t)get16(&t, bytes + at) * ENTRY;
	return next + 4 <= size && get32(&t, bytes + next) != 0;
}

void image_metadata_add_exif(const char *bytes, size_t size, struct arena *arena,
			     struct image_metadata *words)
{
	exif_read(bytes, size, arena, words);
}

void exif_put(unsigned orientation, struct buf *out)
{
	buf_append(out, "MM\0*\0\0\0\x08\0\1", 10);
	word_put_be16(out, TAG_ORIENTATION);
	word_put_be16(out, TYPE_SHORT);
	word_put_be32(out, 1);
	word_put_be16(out, orientation);
	word_put_be16(out, 0);
	word_put_be32(out, 0);
}
