/* IPTC-IIM (Information Interchange Model 4.2, sections 1.5 and 2), alone or among Photoshop's
 * resources (Adobe Photoshop File Formats Specification, "Image Resource Blocks"). */
#include "media/metadata/parts.h"

#include <string.h>

enum {
	RESOURCE_IIM = 0x0404,
	RESOURCE_SMALL_BGR = 0x0409,
	RESOURCE_SMALL = 0x040C,
	RESOURCE_EXIF = 0x0422,
	RESOURCE_EXIF_MORE = 0x0423,
	RESOURCE_XMP = 0x0424,
};

/* Record and number of a dataset. */
#define DATASET(record, number) ((record) << 8 | (number))

struct dataset {
	unsigned id;
	const char *whole, *value;
	size_t whole_len, len;
};

/* The dataset at *at, which moves behind it; false at the end, and where it is broken. */
static bool next_dataset(const char *s, size_t size, size_t *at, struct dataset *d)
{
	if (size - *at < 5 || s[*at] != 0x1C)
		return false;
	const char *p = s + *at;
	size_t head = 5, len = word_be16(p + 3);
	if (len & 0x8000) { /* section 1.5.2: so many bytes of length follow */
		size_t n = len & 0x7FFF;
		if (n > 4 || size - *at - 5 < n)
			return false;
		len = 0;
		for (size_t i = 0; i < n; i++)
			len = len << 8 | (unsigned char)p[5 + i];
		head += n;
	}
	if (size - *at - head < len)
		return false;
	*d = (struct dataset){DATASET((unsigned char)p[1], (unsigned char)p[2]), p, p + head,
			      head + len, len};
	*at += head + len;
	return true;
}

/* What may identify a place, a person or a device: every dataset that is not a word
 * (image_metadata) or known to be harmless. */
static bool is_private_id(unsigned id)
{
	switch (id) {
	case DATASET(1, 0):   /* version */
	case DATASET(1, 90):  /* character set */
	case DATASET(2, 0):   /* version */
	case DATASET(2, 5):   /* title */
	case DATASET(2, 25):  /* keyword */
	case DATASET(2, 55):  /* date */
	case DATASET(2, 60):  /* time */
	case DATASET(2, 80):  /* creator */
	case DATASET(2, 105): /* headline */
	case DATASET(2, 110): /* credit */
	case DATASET(2, 116): /* rights */
	case DATASET(2, 120): /* caption */
		return false;
	default:
		return true;
	}
}

/* A value in the character set that is declared (1:90; none: to be guessed). A value that was cut
 * at its greatest length may have lost a part of its last character. */
static void iptc_add(struct image_metadata *words, enum image_field field, const char *s,
		     size_t len, bool declared, struct arena *arena)
{
	size_t n = 0;
	while (n < 3 && n < len && ((unsigned char)s[len - 1 - n] & 0xC0) == 0x80)
		n++;
	if (declared && n < len && (unsigned char)s[len - 1 - n] >= 0xC0) {
		unsigned lead = (unsigned char)s[len - 1 - n];
		size_t wanted = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
		if (n < wanted)
			len -= n + 1;
	}
	if (declared)
		image_field_set(words, field, s, len, arena);
	else
		image_field_set_bytes(words, field, s, len, arena);
}

static void read_iim(const char *s, size_t size, struct arena *arena, struct image_metadata *words)
{
	static const struct {
		unsigned id;
		enum image_field field;
	} known[] = {
		{DATASET(2, 120), WORD_CAPTION},
		{DATASET(2, 110), WORD_CREDIT},
		{DATASET(2, 116), WORD_RIGHTS},
	};
	enum { KNOWN = sizeof known / sizeof *known };
	struct buf creators = BUF_INIT;
	struct dataset d;
	bool utf8 = false, seen[KNOWN] = {false};
	size_t at = 0;
	while (next_dataset(s, size, &at, &d)) {
		if (d.id == DATASET(1, 90))
			utf8 = d.len == 3 && memcmp(d.value, "\x1B%G", 3) == 0;
		words->is_private |= is_private_id(d.id);
		for (size_t i = 0; i < KNOWN; i++) {
			if (d.id != known[i].id || seen[i])
				continue;
			seen[i] = true;
			iptc_add(words, known[i].field, d.value, d.len, utf8, arena);
		}
		if (d.id == DATASET(2, 80) && d.len && creators.len < WORD_MAX_RAW) {
			if (creators.len)
				buf_puts(&creators, ", ");
			buf_append(&creators, d.value, d.len);
		}
	}
	/* Zeros fill it up to an even length; anything else is not understood. */
	for (; at < size; at++)
		words->is_private |= s[at] != 0;
	iptc_add(words, WORD_CREATOR, creators.data, creators.len, utf8, arena);
	if (creators.failed)
		arena->failed = true;
	buf_release(&creators);
}

struct resource {
	unsigned id;
	const char *data;
	size_t len;
};

static bool next_resource(const char *s, size_t size, size_t *at, struct resource *r)
{
	if (size - *at < 12 || memcmp(s + *at, "8BIM", 4) != 0)
		return false;
	size_t i = *at + 6;
	i += (1 + (size_t)(unsigned char)s[i] + 1) & ~(size_t)1; /* its name, padded */
	if (i > size || size - i < 4)
		return false;
	size_t len = word_be32(s + i);
	i += 4;
	if (len > size - i)
		return false;
	*r = (struct resource){word_be16(s + *at + 4), s + i, len};
	*at = i + len;
	if (len % 2 && *at < size)
		++*at;
	return true;
}

/* What comes before the resources in a JPEG, and where decoders hand the segment out whole. */
static void iptc_skip_name(const char **bytes, size_t *size)
{
	if (*size >= 14 && memcmp(*bytes, "Photoshop 3.0", 14) == 0) {
		*bytes += 14;
		*size -= 14;
	}
}

/* Whether these are resources: IIM alone begins with a dataset's mark. */
static bool are_resources(const char *s, size_t size)
{
	return size == 0 || s[0] != 0x1C;
}

void metadata_found_iptc(struct metadata_found *found, const char *bytes, size_t size,
			 struct arena *arena)
{
	struct resource r;
	size_t at = 0;
	iptc_skip_name(&bytes, &size);
	if (!are_resources(bytes, size)) {
		read_iim(bytes, size, arena, &found->iptc);
		return;
	}
	while (next_resource(bytes, size, &at, &r)) {
		switch (r.id) {
		case RESOURCE_IIM:
			read_iim(r.data, r.len, arena, &found->iptc);
			break;
		case RESOURCE_SMALL_BGR:
		case RESOURCE_SMALL:
			found->leftovers = true;
			break;
		case RESOURCE_EXIF:
		case RESOURCE_EXIF_MORE:
		case RESOURCE_XMP:
			found->iptc.is_private = true; /* not looked into */
			break;
		default:
			break;
		}
	}
	for (; at < size; at++)
		found->iptc.is_private |= bytes[at] != 0;
}

void image_metadata_add_iptc(const char *bytes, size_t size, struct arena *arena,
			     struct image_metadata *words)
{
	struct metadata_found found = {0};
	metadata_found_iptc(&found, bytes, size, arena);
	metadata_merge(words, &found.iptc);
}

/* The datasets of one block that are not private. */
static void put_iim(const char *s, size_t size, struct buf *out, bool *says)
{
	struct dataset d;
	size_t at = 0;
	while (next_dataset(s, size, &at, &d)) {
		if (is_private_id(d.id))
			continue;
		buf_append(out, d.whole, d.whole_len);
		*says |= d.id >> 8 == 2 &&
			 d.id != DATASET(2, 0); /* its version alone says nothing */
	}
}

void iptc_put(const char *bytes, size_t size, struct buf *out)
{
	struct buf iim = BUF_INIT;
	struct resource r;
	bool says = false;
	size_t at = 0;
	iptc_skip_name(&bytes, &size);
	while (next_resource(bytes, size, &at, &r))
		if (r.id == RESOURCE_IIM)
			put_iim(r.data, r.len, &iim, &says);
	if (says) {
		buf_append(out, "8BIM\4\4\0\0", 8);
		word_put_be32(out, (uint32_t)iim.len);
		buf_append(out, iim.data, iim.len);
		if (iim.len % 2)
			buf_putc(out, '\0');
	}
	if (iim.failed)
		out->failed = true;
	buf_release(&iim);
}
