#include "media/metadata/parts.h"

/* How many blocks of a kind are read: a picture has one, or two that programs left. */
enum { MAX_BLOCKS = 16, MAX_XMP = 16 << 20 };

void metadata_found_xmp(struct metadata_found *found, const char *bytes, size_t size,
			struct arena *arena)
{
	if (found->packets++ >= MAX_BLOCKS || size > MAX_XMP - found->xmp_size) {
		found->xmp.is_private = true;
		return;
	}
	found->xmp_size += size;
	image_metadata_add_xmp(bytes, size, arena, &found->xmp);
}

void metadata_found_all(const struct metadata_found *found, struct image_metadata *words)
{
	*words = found->xmp;
	metadata_merge(words, &found->iptc);
	metadata_merge(words, &found->exif);
	metadata_merge(words, &found->text);
	words->is_private |= found->is_private;
}

void metadata_found_exif(struct metadata_found *found, const char *bytes, size_t size,
			 struct arena *arena)
{
	if (found->tiffs++ >= MAX_BLOCKS)
		found->exif.is_private = true;
	else
		found->leftovers |= exif_read(bytes, size, arena, &found->exif);
}
