/* The headers of JPEG, PNG, GIF, WebP, BMP and ICO. */
#include "media/identify/bitmap.h"
#include "media/identify/parts.h"

#include <string.h>

/* A frame header: its marker, and what follows its length. */
static int read_frame(unsigned marker, const unsigned char *p, size_t len, struct image_info *info)
{
	if (len < 8)
		return -1;
	if (info->width) /* of a hierarchical picture the first counts */
		return 0;
	info->depth = p[2];
	info->height = be16(p + 3);
	info->width = be16(p + 5);
	info->gray = p[7] == 1;
	info->cmyk = p[7] == 4;
	info->interlaced = (marker & 3) == 2;
	/* A height of 0 is given behind the first scan (DNL): decoders do not read that. */
	return info->width && info->height ? 0 : -1;
}

/* ISO 10918-1, annex B: a frame header (SOFn) with the size, then a scan with something in it. */
int identify_jpeg(const unsigned char *p, size_t size, struct image_info *info)
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
		if (frame && (i + 10 > size || read_frame(marker, p + i + 2, len, info) != 0))
			return -1;
		i += 2 + len;
	}
	return -1;
}

/* IHDR; *needed: how many bytes the picture has when unpacked. */
static int read_ihdr(const unsigned char *chunk, struct image_info *info, uint64_t *needed)
{
	static const unsigned char channels[] = {1, 0, 3, 1, 2, 0, 4};
	unsigned depth = chunk[8], colour = chunk[9];
	info->width = be32(chunk);
	info->height = be32(chunk + 4);
	if (info->width == 0 || info->height == 0 || info->width > INT32_MAX ||
	    info->height > INT32_MAX || colour > 6 || channels[colour] == 0 || depth == 0 ||
	    depth > 16 || (depth & (depth - 1)) || chunk[10] != 0 || chunk[11] != 0 ||
	    chunk[12] > 1)
		return -1;
	info->depth = colour == 3 ? 8 : depth;
	info->alpha = colour & 4;
	info->gray = !(colour & 2);
	info->interlaced = chunk[12];
	uint64_t row = ((uint64_t)info->width * depth * channels[colour] + 7) / 8;
	*needed = row > UINT64_MAX / info->height ? UINT64_MAX : row * info->height;
	return 0;
}

static bool is_gray_palette(const unsigned char *colours, size_t size)
{
	for (size_t i = 0; i + 3 <= size; i += 3)
		if (colours[i] != colours[i + 1] || colours[i] != colours[i + 2])
			return false;
	return true;
}

/* PNG specification, sections 5 and 11: IHDR first, whole chunks up to IEND, and as much
 * compressed data as the picture's size needs at the least (deflate: 1 to 1032). */
int identify_png(const unsigned char *p, size_t size, struct image_info *info)
{
	uint64_t data = 0, needed = 0;
	for (size_t i = 8; i + 12 <= size;) {
		size_t len = be32(p + i);
		const unsigned char *type = p + i + 4, *chunk = p + i + 8;
		bool first = i == 8;
		if (len > size - i - 12 || first != (memcmp(type, "IHDR", 4) == 0))
			return -1;
		if (first) {
			if (len != 13 || read_ihdr(chunk, info, &needed) != 0)
				return -1;
		} else if (memcmp(type, "IDAT", 4) == 0) {
			data += len;
		} else if (memcmp(type, "PLTE", 4) == 0) {
			/* With a depth of 8 and colour it may also be a mere suggestion. */
			info->gray |= p[25] == 3 && is_gray_palette(chunk, len);
		} else if (memcmp(type, "tRNS", 4) == 0) {
			info->alpha = true;
		} else if (memcmp(type, "acTL", 4) == 0) {
			info->animated = len >= 4 && be32(chunk) > 1 && data == 0;
		} else if (memcmp(type, "IEND", 4) == 0) {
			return data > 0 && needed / 1032 <= data ? 0 : -1;
		}
		i += 12 + len;
	}
	return -1;
}

/* Behind the sub-blocks that start at i; `size` or more when they do not end. */
static size_t skip_blocks(const unsigned char *p, size_t size, size_t i)
{
	while (i < size && p[i])
		i += 1u + p[i];
	return i + 1;
}

static size_t gif_table(unsigned flags)
{
	return flags & 0x80 ? 3u << ((flags & 7) + 1) : 0;
}

/* GIF89a specification, appendix A: up to the first image descriptor, then on to the second: it is
 * whole when its first picture has begun. */
int identify_gif(const unsigned char *p, size_t size, struct image_info *info)
{
	unsigned frames = 0;
	if (size < 13)
		return -1;
	info->width = le16(p + 6);
	info->height = le16(p + 8);
	info->depth = 8;
	for (size_t i = 13 + gif_table(p[10]); i < size && frames < 2;) {
		if (p[i] == 0x21) {
			/* A graphic control extension with its transparency flag. */
			if (i + 3 < size && p[i + 1] == 0xF9 && p[i + 2] >= 4 && (p[i + 3] & 1))
				info->alpha = true;
			i = skip_blocks(p, size, i + 2);
		} else if (p[i] == 0x2C && i + 11 < size) {
			frames++;
			i = skip_blocks(p, size, i + 11 + gif_table(p[i + 9]));
		} else {
			break;
		}
	}
	info->animated = frames > 1;
	return info->width && info->height && frames ? 0 : -1;
}

/* The chunks of an extended WebP file: is there a picture, are there several? */
static int read_vp8x(const unsigned char *p, size_t size, struct image_info *info)
{
	unsigned pictures = 0;
	info->width = 1 + le24(p + 24);
	info->height = 1 + le24(p + 27);
	info->alpha = p[20] & 0x10;
	for (size_t i = 30; i + 8 <= size && pictures < 2;) {
		size_t len = le32(p + i + 4);
		pictures += memcmp(p + i, "VP8", 3) == 0 || memcmp(p + i, "ANMF", 4) == 0;
		if (len >= size - i - 8)
			break;
		i += 8 + len + (len & 1);
	}
	info->animated = (p[20] & 2) && pictures > 1;
	return pictures ? 0 : -1;
}

int identify_webp(const unsigned char *p, size_t size, struct image_info *info)
{
	if (size < 30 || le32(p + 4) > size - 8 + 1)
		return -1;
	info->depth = 8;
	if (memcmp(p + 12, "VP8X", 4) == 0)
		return read_vp8x(p, size, info);
	if (memcmp(p + 12, "VP8L", 4) == 0) {
		unsigned bits = le32(p + 21);
		info->width = 1 + (bits & 0x3FFF);
		info->height = 1 + (bits >> 14 & 0x3FFF);
		info->alpha = bits >> 28 & 1;
		return p[20] == 0x2F ? 0 : -1;
	}
	if (memcmp(p + 12, "VP8 ", 4) == 0) {
		info->width = le16(p + 26) & 0x3FFF;
		info->height = le16(p + 28) & 0x3FFF;
		return info->width && info->height ? 0 : -1;
	}
	return -1;
}

static void take_bitmap(const struct bitmap *bitmap, struct image_info *info)
{
	info->width = bitmap->width;
	info->height = bitmap->height;
	info->depth = 8;
	info->alpha = bitmap->alpha;
}

int identify_bmp(const unsigned char *p, size_t size, struct image_info *info)
{
	struct bitmap bitmap;
	if (bitmap_open_bmp(p, size, &bitmap) != 0)
		return -1;
	take_bitmap(&bitmap, info);
	return 0;
}

/* Of an icon's pictures the largest. */
int identify_ico(const unsigned char *p, size_t size, struct image_info *info)
{
	struct icon icon;
	struct bitmap bitmap;
	if (icon_find(p, size, &icon) != 0)
		return -1;
	if (icon.png)
		return identify_png(icon.bytes, icon.size, info);
	if (bitmap_open_icon(&icon, &bitmap) != 0)
		return -1;
	take_bitmap(&bitmap, info);
	return 0;
}
