/* What a picture is, by its first bytes and its structure. */
#include "media/identify/parts.h"

#include "base/ascii.h"
#include "base/xml_limits.h"

#include <libxml/xmlreader.h>
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

/* A decimal number from 0 up, in any locale; *end is behind it. -1: there is none. */
static double decimal(const char *s, const char **end)
{
	double number = 0, place = 1;
	size_t digits = 0;
	for (; ascii_is_digit(*s); s++, digits++)
		number = number * 10 + (*s - '0');
	if (*s == '.')
		for (s++; ascii_is_digit(*s); s++, digits++)
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
static int identify_read_svg(const char *bytes, size_t size, struct image_info *info)
{
	int result = -1;
	size_t line;
	if (size > INT32_MAX)
		return -1;
	if (xml_excess(bytes, size, XML_ROOT_ALONE,
		       &line)) /* sanitise_svg() refuses it, and says why */
		return memmem(bytes, size, "<svg", 4) ? 0 : -1;
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

static enum image_kind identify_kind_of(const unsigned char *p, size_t size)
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
	static int (*const readers[])(const unsigned char *, size_t, struct image_info *) = {
		[IMAGE_JPEG] = identify_jpeg, [IMAGE_PNG] = identify_png,
		[IMAGE_GIF] = identify_gif,   [IMAGE_WEBP] = identify_webp,
		[IMAGE_AVIF] = identify_heif, [IMAGE_HEIC] = identify_heif,
		[IMAGE_TIFF] = identify_tiff, [IMAGE_BMP] = identify_bmp,
		[IMAGE_ICO] = identify_ico,   [IMAGE_JXL] = identify_jxl,
	};
	const unsigned char *p = (const unsigned char *)bytes;
	*info = (struct image_info){0};
	int result = -1;
	info->kind = identify_kind_of(p, size);
	if (info->kind) {
		result = readers[info->kind](p, size, info);
	} else if (size > 0 && identify_read_svg(bytes, size, info) == 0) {
		info->kind = IMAGE_SVG;
		result = 0;
	}
	info->media_type = kinds[info->kind].media_type;
	info->extension = kinds[info->kind].extension;
	return result;
}
