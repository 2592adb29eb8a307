#include "media/metadata/parts.h"

#include <string.h>

/* --- The other containers --- */

static uint32_t le32(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* RIFF chunks: WebP Container Specification. */
static void webp_metadata(const char *s, size_t size, struct arena *arena,
			  struct metadata_found *found)
{
	static const char known[] = "VP8 VP8LVP8XALPHANIMANMFICCP";
	for (size_t i = 12; i + 8 <= size;) {
		size_t len = le32(s + i + 4);
		if (len > size - i - 8)
			return;
		if (memcmp(s + i, "EXIF", 4) == 0)
			metadata_found_exif(found, s + i + 8, len, arena);
		else if (memcmp(s + i, "XMP ", 4) == 0)
			metadata_found_xmp(found, s + i + 8, len, arena);
		else if (memmem(known, sizeof known - 1, s + i, 4) == NULL)
			found->is_private = true;
		i += 8 + len + len % 2;
	}
}

void image_metadata_read(const char *bytes, size_t size, enum image_kind kind, struct arena *arena,
			 struct image_metadata *words)
{
	struct metadata_found found = {0};
	switch (kind) {
	case IMAGE_JPEG:
		jpeg_metadata(bytes, size, arena, &found);
		break;
	case IMAGE_PNG:
		png_metadata(bytes, size, arena, &found);
		break;
	case IMAGE_GIF:
		gif_metadata(bytes, size, arena, &found);
		break;
	case IMAGE_WEBP:
		webp_metadata(bytes, size, arena, &found);
		break;
	default:
		break;
	}
	metadata_found_all(&found, words);
}
