/* Reading the headers of pictures, a kind each: what image_identify() is made of. Each fills in the
 * size and what else the header says, inspects no byte twice, and returns -1 when the picture is
 * broken. */
#ifndef MEDIA_IDENTIFY_PARTS_H
#define MEDIA_IDENTIFY_PARTS_H

#include "media/identify/identify.h"

#include <stdint.h>

int identify_jpeg(const unsigned char *p, size_t size, struct image_info *info);
int identify_png(const unsigned char *p, size_t size, struct image_info *info);
int identify_gif(const unsigned char *p, size_t size, struct image_info *info);
int identify_webp(const unsigned char *p, size_t size, struct image_info *info);
int identify_bmp(const unsigned char *p, size_t size, struct image_info *info);
int identify_ico(const unsigned char *p, size_t size, struct image_info *info);
int identify_tiff(const unsigned char *p, size_t size, struct image_info *info);
/* AVIF and HEIC: ISO base media files. */
int identify_heif(const unsigned char *p, size_t size, struct image_info *info);
int identify_jxl(const unsigned char *p, size_t size, struct image_info *info);

static inline unsigned be16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static inline unsigned be32(const unsigned char *p)
{
	return be16(p) << 16 | be16(p + 2);
}

static inline uint64_t be64(const unsigned char *p)
{
	return (uint64_t)be32(p) << 32 | be32(p + 4);
}

static inline unsigned le16(const unsigned char *p)
{
	return (unsigned)p[1] << 8 | p[0];
}

static inline unsigned le24(const unsigned char *p)
{
	return (unsigned)p[2] << 16 | le16(p);
}

static inline unsigned le32(const unsigned char *p)
{
	return le16(p + 2) << 16 | le16(p);
}

#endif
