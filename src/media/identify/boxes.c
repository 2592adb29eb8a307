/* The headers of TIFF, AVIF, HEIC and JPEG XL. */
#include "media/identify/parts.h"

#include <string.h>

/* --- TIFF 6.0, section 2 --- */

struct tiff {
	const unsigned char *p;
	size_t size;
	bool big_endian;
};

static unsigned tiff16(const struct tiff *t, size_t at)
{
	return t->big_endian ? be16(t->p + at) : le16(t->p + at);
}

static unsigned tiff32(const struct tiff *t, size_t at)
{
	return t->big_endian ? be32(t->p + at) : le32(t->p + at);
}

/* The first value of a field of SHORTs or LONGs, which lies elsewhere when there are many. */
static unsigned tiff_value(const struct tiff *t, size_t entry)
{
	enum { SHORT = 3, LONG = 4 };
	unsigned type = tiff16(t, entry + 2), count = tiff32(t, entry + 4);
	size_t at = entry + 8;
	if (type == LONG)
		return count == 1 ? tiff32(t, at) : 0;
	if (type != SHORT)
		return 0;
	if (count > 2)
		at = tiff32(t, at);
	return at <= t->size - 2 ? tiff16(t, at) : 0;
}

int identify_tiff(const unsigned char *p, size_t size, struct image_info *info)
{
	enum { WIDTH = 256, HEIGHT = 257, BITS = 258, PHOTOMETRIC = 262, EXTRA_SAMPLES = 338 };
	enum { WHITE_IS_0 = 0, BLACK_IS_0 = 1, SEPARATED = 5 };
	const struct tiff t = {p, size, p[0] == 'M'};
	size_t at = tiff32(&t, 4);
	if (at < 8 || at > size - 2)
		return -1;
	size_t count = tiff16(&t, at);
	info->depth = 1;
	for (at += 2; count > 0 && at + 12 <= size; at += 12, count--) {
		unsigned value = tiff_value(&t, at);
		switch (tiff16(&t, at)) {
		case WIDTH:
			info->width = value;
			break;
		case HEIGHT:
			info->height = value;
			break;
		case BITS:
			info->depth = value;
			break;
		case PHOTOMETRIC:
			info->cmyk = value == SEPARATED;
			info->gray = value == WHITE_IS_0 || value == BLACK_IS_0;
			break;
		case EXTRA_SAMPLES:
			info->alpha = value == 1 || value == 2;
			break;
		default:
			break;
		}
	}
	return info->width && info->height && info->width <= INT32_MAX && info->height <= INT32_MAX
		       ? 0
		       : -1;
}

/* --- Boxes: ISO 14496-12, section 4.2 --- */

struct span {
	const unsigned char *p;
	size_t size;
};

/* Take the next box off *s. False at the end, or when it is cut off. */
static bool next_box(struct span *s, const unsigned char **type, struct span *content)
{
	if (s->size < 8)
		return false;
	uint64_t len = be32(s->p);
	size_t head = len == 1 ? 16 : 8;
	if (len == 1)
		len = s->size < 16 ? 0 : be64(s->p + 8);
	else if (len == 0)
		len = s->size;
	if (len < head || len > s->size)
		return false;
	*type = s->p + 4;
	*content = (struct span){s->p + head, (size_t)len - head};
	s->p += len;
	s->size -= (size_t)len;
	return true;
}

/* The first box of that type among those in s: its content behind `skip` bytes (4 where it has a
 * version and flags). */
static bool find_box(struct span s, const char *wanted, size_t skip, struct span *content)
{
	const unsigned char *type;
	while (next_box(&s, &type, content)) {
		if (memcmp(type, wanted, 4) == 0 && content->size >= skip) {
			content->p += skip;
			content->size -= skip;
			return true;
		}
	}
	return false;
}

/* --- HEIF: ISO 23008-12 --- */

enum { MAX_PROPERTIES = 1 << 15 };

/* Mark the properties of an item, by their numbers (section 9.3.3 and ISO 14496-12, 8.11.14).
 * False when it has none. */
static bool mark_properties(struct span ipma, unsigned item, unsigned char *marks)
{
	if (ipma.size < 8)
		return false;
	bool wide_items = ipma.p[0] > 0, wide = ipma.p[3] & 1;
	unsigned count = be32(ipma.p + 4);
	size_t i = 8, id_size = wide_items ? 4 : 2;
	for (; count > 0 && i + id_size + 1 <= ipma.size; count--) {
		unsigned id = wide_items ? be32(ipma.p + i) : be16(ipma.p + i);
		unsigned n = ipma.p[i + id_size];
		i += id_size + 1;
		if (n * (wide ? 2u : 1u) > ipma.size - i)
			return false;
		for (; n > 0; n--, i += wide ? 2 : 1) {
			unsigned property = wide ? be16(ipma.p + i) & 0x7FFF : ipma.p[i] & 0x7F;
			if (id == item)
				marks[property / 8] |= (unsigned char)(1 << property % 8);
		}
		if (id == item)
			return true;
	}
	return false;
}

static bool boxes_has_prefix(struct span s, const char *prefix)
{
	size_t len = strlen(prefix);
	return s.size >= len && memcmp(s.p, prefix, len) == 0;
}

/* Read the properties that are marked; without marks the largest size counts. */
static void read_properties(struct span ipco, const unsigned char *marks, struct image_info *info)
{
	const unsigned char *type;
	struct span s;
	bool turned = false;
	for (unsigned n = 1; n < MAX_PROPERTIES && next_box(&ipco, &type, &s); n++) {
		/* The transparency is an item of its own. */
		if (memcmp(type, "auxC", 4) == 0 && s.size > 4) {
			struct span name = {s.p + 4, s.size - 4};
			info->alpha |=
				boxes_has_prefix(name,
						 "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha") ||
				boxes_has_prefix(name, "urn:mpeg:hevc:2015:auxid:1");
		}
		if (marks && !(marks[n / 8] >> n % 8 & 1))
			continue;
		if (memcmp(type, "ispe", 4) == 0 && s.size >= 12) {
			unsigned width = be32(s.p + 4), height = be32(s.p + 8);
			if ((uint64_t)width * height > (uint64_t)info->width * info->height) {
				info->width = width;
				info->height = height;
			}
		} else if (memcmp(type, "pixi", 4) == 0 && s.size >= 6 && s.p[4] > 0) {
			info->depth = s.p[5];
			info->gray = s.p[4] == 1;
		} else if (memcmp(type, "irot", 4) == 0 && s.size >= 1 && marks) {
			turned = s.p[0] & 1;
		}
	}
	if (turned) {
		unsigned width = info->width;
		info->width = info->height;
		info->height = width;
	}
}

/* The size of the primary item, as it is shown. */
int identify_heif(const unsigned char *p, size_t size, struct image_info *info)
{
	unsigned char marks[MAX_PROPERTIES / 8] = {0};
	struct span file = {p, size}, meta, pitm, iprp, ipco, ipma;
	info->animated = memcmp(p + 8, "avis", 4) == 0 || memcmp(p + 8, "msf1", 4) == 0 ||
			 memcmp(p + 8, "hevc", 4) == 0;
	if (!find_box(file, "meta", 4, &meta) || !find_box(meta, "iprp", 0, &iprp) ||
	    !find_box(iprp, "ipco", 0, &ipco))
		return -1;
	bool marked = false;
	if (find_box(meta, "pitm", 6, &pitm) && find_box(iprp, "ipma", 0, &ipma)) {
		bool wide = pitm.p[-6] > 0 && pitm.size >= 2;
		marked = mark_properties(ipma, wide ? be32(pitm.p - 2) : be16(pitm.p - 2), marks);
	}
	read_properties(ipco, marked ? marks : NULL, info);
	return info->width && info->height && info->width <= INT32_MAX && info->height <= INT32_MAX
		       ? 0
		       : -1;
}

/* --- JPEG XL: ISO 18181-1, sections 6 and 9 --- */

struct bits {
	const unsigned char *p;
	size_t size, at; /* bytes; bits */
};

static unsigned take_bits(struct bits *b, unsigned count)
{
	unsigned value = 0;
	for (unsigned i = 0; i < count; i++, b->at++)
		if (b->at / 8 < b->size)
			value |= (unsigned)(b->p[b->at / 8] >> b->at % 8 & 1) << i;
	return value;
}

static unsigned take_side(struct bits *b, bool small)
{
	static const unsigned char lengths[] = {9, 13, 18, 30};
	return small ? (take_bits(b, 5) + 1) * 8 : take_bits(b, lengths[take_bits(b, 2)]) + 1;
}

static void take_size(struct bits *b, unsigned *width, unsigned *height)
{
	static const unsigned char ratios[][2] = {{1, 1},  {12, 10}, {4, 3}, {3, 2},
						  {16, 9}, {5, 4},   {2, 1}};
	bool small = take_bits(b, 1);
	*height = take_side(b, small);
	unsigned ratio = take_bits(b, 3);
	if (ratio == 0) {
		*width = take_side(b, small);
	} else {
		uint64_t wide = (uint64_t)*height * ratios[ratio - 1][0] / ratios[ratio - 1][1];
		*width = wide > INT32_MAX ? 0 : (unsigned)wide;
	}
}

/* The codestream, which a container may hold in parts: the first has the header. */
static bool find_codestream(const unsigned char *p, size_t size, struct bits *b)
{
	struct span file = {p, size}, part = file;
	if (p[0] == 0 && !find_box(file, "jxlc", 0, &part) && !find_box(file, "jxlp", 4, &part))
		return false;
	*b = (struct bits){part.p, part.size, 16};
	return part.size >= 12 && part.p[0] == 0xFF && part.p[1] == 0x0A;
}

int identify_jxl(const unsigned char *p, size_t size, struct image_info *info)
{
	struct bits b;
	unsigned width, height, orientation = 1;
	if (!find_codestream(p, size, &b))
		return -1;
	take_size(&b, &width, &height);
	bool plain = take_bits(&b, 1);
	if (!plain && take_bits(&b, 1))
		orientation = 1 + take_bits(&b, 3);
	info->width = orientation > 4 ? height : width;
	info->height = orientation > 4 ? width : height;
	info->depth = plain ? 8 : 0;
	return width && height && b.at <= b.size * 8 ? 0 : -1;
}
