/* What a picture is, by its first bytes and its structure. */
#include "media/media.h"

#include <libxml/xmlreader.h>
#include <stdint.h>
#include <string.h>

static const struct {
	enum image_kind kind;
	const char *media_type, *extension;
} kinds[] = {
	[IMAGE_UNKNOWN] = {IMAGE_UNKNOWN, NULL, NULL},
	[IMAGE_JPEG] = {IMAGE_JPEG, "image/jpeg", "jpg"},
	[IMAGE_PNG] = {IMAGE_PNG, "image/png", "png"},
	[IMAGE_GIF] = {IMAGE_GIF, "image/gif", "gif"},
	[IMAGE_SVG] = {IMAGE_SVG, "image/svg+xml", "svg"},
	[IMAGE_WEBP] = {IMAGE_WEBP, "image/webp", "webp"},
	[IMAGE_AVIF] = {IMAGE_AVIF, "image/avif", "avif"},
	[IMAGE_HEIC] = {IMAGE_HEIC, "image/heic", "heic"},
	[IMAGE_TIFF] = {IMAGE_TIFF, "image/tiff", "tif"},
	[IMAGE_BMP] = {IMAGE_BMP, "image/bmp", "bmp"},
	[IMAGE_ICO] = {IMAGE_ICO, "image/vnd.microsoft.icon", "ico"},
	[IMAGE_JXL] = {IMAGE_JXL, "image/jxl", "jxl"},
};

static unsigned be16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static unsigned be32(const unsigned char *p)
{
	return be16(p) << 16 | be16(p + 2);
}

static unsigned le16(const unsigned char *p)
{
	return (unsigned)p[1] << 8 | p[0];
}

static unsigned le24(const unsigned char *p)
{
	return (unsigned)p[2] << 16 | le16(p);
}

static unsigned le32(const unsigned char *p)
{
	return le16(p + 2) << 16 | le16(p);
}

/* ISO 10918-1, annex B: a frame header (SOFn) with the size, then a scan with something in it. */
static int read_jpeg(const unsigned char *p, size_t size, struct image_info *info)
{
	for (size_t i = 2; i + 4 <= size;) {
		if (p[i] != 0xFF)
			return -1;
		unsigned marker = p[i + 1];
		if (marker == 0xFF) { /* fill */
			i++;
			continue;
		}
		if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
			i += 2;
			continue;
		}
		size_t len = be16(p + i + 2);
		if (marker == 0xD9 || len < 2)
			return -1;
		if (marker == 0xDA) /* scan: its header, then data */
			return info->width && i + 2 + len < size ? 0 : -1;
		bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 &&
			     marker != 0xCC;
		if (frame) {
			if (len < 8 || i + 9 > size)
				return -1;
			info->height = be16(p + i + 5);
			info->width = be16(p + i + 7);
			if (info->width == 0)
				return -1;
		}
		i += 2 + len;
	}
	return -1;
}

/* PNG specification, sections 5 and 11: IHDR first, whole chunks up to IEND, and as much
 * compressed data as the picture's size needs at the least (deflate: 1 to 1032). */
static int read_png(const unsigned char *p, size_t size, struct image_info *info)
{
	static const unsigned char channels[] = {1, 0, 3, 1, 2, 0, 4};
	uint64_t data = 0, needed = 0;
	for (size_t i = 8; i + 12 <= size;) {
		size_t len = be32(p + i);
		const unsigned char *chunk = p + i + 8;
		bool first = i == 8;
		if (len > size - i - 12 || first != (memcmp(p + i + 4, "IHDR", 4) == 0))
			return -1;
		if (first) {
			if (len != 13)
				return -1;
			info->width = be32(chunk);
			info->height = be32(chunk + 4);
			unsigned depth = chunk[8], colour = chunk[9];
			if (info->width == 0 || info->height == 0 || info->width > INT32_MAX ||
			    info->height > INT32_MAX || colour > 6 || channels[colour] == 0 ||
			    depth == 0 || depth > 16 || (depth & (depth - 1)) || chunk[10] != 0 ||
			    chunk[11] != 0 || chunk[12] > 1)
				return -1;
			uint64_t row = ((uint64_t)info->width * depth * channels[colour] + 7) / 8;
			needed = row > UINT64_MAX / info->height ? UINT64_MAX : row * info->height;
		} else if (memcmp(p + i + 4, "IDAT", 4) == 0) {
			data += len;
		} else if (memcmp(p + i + 4, "IEND", 4) == 0) {
			return data > 0 && needed / 1032 <= data ? 0 : -1;
		}
		i += 12 + len;
	}
	return -1;
}

/* GIF89a specification, appendix A: up to the first image descriptor. */
static int read_gif(const unsigned char *p, size_t size, struct image_info *info)
{
	if (size < 13)
		return -1;
	info->width = le16(p + 6);
	info->height = le16(p + 8);
	size_t i = 13 + (p[10] & 0x80 ? 3u << ((p[10] & 7) + 1) : 0);
	while (i < size && p[i] == 0x21) {
		i += 2;
		while (i < size && p[i])
			i += 1u + p[i];
		i++;
	}
	return info->width && info->height && i + 11 < size && p[i] == 0x2C ? 0 : -1;
}

static int read_webp(const unsigned char *p, size_t size, struct image_info *info)
{
	if (size < 30 || le32(p + 4) > size - 8 + 1)
		return -1;
	if (memcmp(p + 12, "VP8X", 4) == 0) {
		info->width = 1 + le24(p + 24);
		info->height = 1 + le24(p + 27);
	} else if (memcmp(p + 12, "VP8L", 4) == 0) {
		unsigned bits = le32(p + 21);
		info->width = 1 + (bits & 0x3FFF);
		info->height = 1 + (bits >> 14 & 0x3FFF);
	} else if (memcmp(p + 12, "VP8 ", 4) == 0) {
		info->width = le16(p + 26) & 0x3FFF;
		info->height = le16(p + 28) & 0x3FFF;
	} else {
		return -1;
	}
	return 0;
}

/* A decimal number from 0 up, in any locale; *end is behind it. -1: there is none. */
static double decimal(const char *s, const char **end)
{
	double number = 0, place = 1;
	size_t digits = 0;
	for (; *s >= '0' && *s <= '9'; s++, digits++)
		number = number * 10 + (*s - '0');
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++, digits++)
			number += (*s - '0') * (place /= 10);
	*end = s;
	return digits ? number : -1;
}

static unsigned round_pixels(double number)
{
	return number >= 1 && number < 100000 ? (unsigned)(number + 0.5) : 0;
}

/* A number of CSS pixels: plain, or with "px"; 0 for all else. */
static unsigned pixels(const char *value)
{
	const char *end = NULL;
	double number = value ? decimal(value, &end) : -1;
	return number >= 0 && (!*end || strcmp(end, "px") == 0) ? round_pixels(number) : 0;
}

/* The last two numbers of a viewBox. */
static void read_view_box(const char *box, struct image_info *info)
{
	double numbers[4] = {0};
	for (int i = 0; i < 4; i++) {
		box += strspn(box, " ,\t\n+-");
		if ((numbers[i] = decimal(box, &box)) < 0)
			return;
	}
	info->width = round_pixels(numbers[2]);
	info->height = round_pixels(numbers[3]);
}

/* Whether the document's first element is svg, and how large it says it is. */
static int read_svg(const char *bytes, size_t size, struct image_info *info)
{
	int result = -1;
	if (size > INT32_MAX)
		return -1;
	xmlTextReader *reader =
		xmlReaderForMemory(bytes, (int)size, NULL, NULL,
				   XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	while (reader && xmlTextReaderRead(reader) == 1) {
		if (xmlTextReaderNodeType(reader) != XML_READER_TYPE_ELEMENT)
			continue;
		const xmlChar *name = xmlTextReaderConstLocalName(reader);
		if (!name || strcmp((const char *)name, "svg") != 0)
			break;
		xmlChar *width = xmlTextReaderGetAttribute(reader, (const xmlChar *)"width");
		xmlChar *height = xmlTextReaderGetAttribute(reader, (const xmlChar *)"height");
		xmlChar *box = xmlTextReaderGetAttribute(reader, (const xmlChar *)"viewBox");
		info->width = pixels((const char *)width);
		info->height = pixels((const char *)height);
		if (!(info->width && info->height) && box)
			read_view_box((const char *)box, info);
		xmlFree(width);
		xmlFree(height);
		xmlFree(box);
		result = 0;
		break;
	}
	xmlFreeTextReader(reader);
	return result;
}

/* ISO base media files say what they are in their first box. */
static enum image_kind kind_of_brand(const unsigned char *p, size_t size)
{
	static const char heic[] = "heic heix heim heis hevc hevx mif1 msf1 ";
	size_t end = be32(p) < size ? be32(p) : size;
	for (size_t i = 8; i + 4 <= end; i += i == 8 ? 8 : 4) {
		char brand[6] = {0};
		memcpy(brand, p + i, 4);
		if (strcmp(brand, "avif") == 0 || strcmp(brand, "avis") == 0)
			return IMAGE_AVIF;
	}
	char brand[6] = {0};
	memcpy(brand, p + 8, 4);
	brand[4] = ' ';
	return strstr(heic, brand) ? IMAGE_HEIC : IMAGE_UNKNOWN;
}

static enum image_kind kind_of(const unsigned char *p, size_t size)
{
	if (size >= 3 && memcmp(p, "\xFF\xD8\xFF", 3) == 0)
		return IMAGE_JPEG;
	if (size >= 8 && memcmp(p, "\x89PNG\r\n\x1A\n", 8) == 0)
		return IMAGE_PNG;
	if (size >= 6 && (memcmp(p, "GIF87a", 6) == 0 || memcmp(p, "GIF89a", 6) == 0))
		return IMAGE_GIF;
	if (size >= 16 && memcmp(p, "RIFF", 4) == 0 && memcmp(p + 8, "WEBP", 4) == 0)
		return IMAGE_WEBP;
	if (size >= 16 && memcmp(p + 4, "ftyp", 4) == 0)
		return kind_of_brand(p, size);
	if (size >= 8 && (memcmp(p, "II*\0", 4) == 0 || memcmp(p, "MM\0*", 4) == 0))
		return IMAGE_TIFF;
	if (size >= 12 && (memcmp(p, "\xFF\x0A", 2) == 0 || memcmp(p, "\0\0\0\x0CJXL ", 8) == 0))
		return IMAGE_JXL;
	if (size >= 26 && memcmp(p, "BM", 2) == 0 && le32(p + 10) < size)
		return IMAGE_BMP;
	if (size >= 22 && memcmp(p, "\0\0\1\0", 4) == 0)
		return IMAGE_ICO;
	return IMAGE_UNKNOWN;
}

int image_identify(const char *bytes, size_t size, struct image_info *info)
{
	const unsigned char *p = (const unsigned char *)bytes;
	*info = (struct image_info){0};
	int result = 0;
	info->kind = kind_of(p, size);
	switch (info->kind) {
	case IMAGE_JPEG:
		result = read_jpeg(p, size, info);
		break;
	case IMAGE_PNG:
		result = read_png(p, size, info);
		break;
	case IMAGE_GIF:
		result = read_gif(p, size, info);
		break;
	case IMAGE_WEBP:
		result = read_webp(p, size, info);
		break;
	case IMAGE_BMP:
		info->width = le32(p + 18);
		info->height = le32(p + 22);
		break;
	case IMAGE_UNKNOWN:
		result = size ? read_svg(bytes, size, info) : -1;
		if (result == 0)
			info->kind = IMAGE_SVG;
		break;
	default:
		break;
	}
	info->media_type = kinds[info->kind].media_type;
	info->extension = kinds[info->kind].extension;
	return result;
}
