#include "media/metadata/parts.h"

#include <string.h>

/* What is kept of the blocks is read like this. */
static void metadata_left(const struct metadata_found *found, const struct metadata_plan *plan,
			  struct image_metadata *words)
{
	struct metadata_found left = *found;
	if (plan->xmp_goes)
		left.xmp = (struct image_metadata){0};
	if (plan->exif_goes)
		left.exif = (struct image_metadata){0};
	if (plan->iptc_goes && !plan->iptc.len)
		left.iptc = (struct image_metadata){0};
	if (plan->text_goes)
		left.text = (struct image_metadata){0};
	metadata_found_all(&left, words);
}

/* Photoshop's resources of all the segments, less what says where and all that is not IIM. */
static void plan_iptc(const char *bytes, size_t size, struct metadata_plan *plan)
{
	struct jpeg_walk walk = {.bytes = bytes, .size = size};
	struct buf resources = BUF_INIT;
	struct jpeg_part part;
	while (jpeg_next(&walk, &part))
		if (part.block == JPEG_RESOURCES)
			buf_append(&resources, part.data, part.len);
	iptc_put(resources.data, resources.len, &plan->iptc);
	if (plan->iptc.len > JPEG_MAX_IPTC) /* its words go into the XMP */
		buf_truncate(&plan->iptc, 0);
	buf_end(&resources, &plan->iptc.failed);
}

/* What must be removed so that nothing private is left. Words of what is removed come into the
 * XMP. */
static void plan_private(const struct metadata_found *found, const struct image_metadata *all,
			 struct metadata_plan *plan)
{
	struct image_metadata left;
	plan->private_goes = plan->text_goes = true;
	plan->xmp_goes = found->xmp.is_private;
	plan->exif_goes = found->exif.is_private || found->leftovers;
	metadata_left(found, plan, &left);
	if (plan->xmp_goes || !image_metadata_is_same(&left, all)) {
		plan->xmp_goes = true;
		xmp_put(all, &plan->xmp);
	}
}

/* The same words as they would be read. */
static void clean_words(const struct image_metadata *words, struct image_metadata *clean,
			struct arena *arena)
{
	for (enum image_field f = 0; f < WORD_COUNT; f++)
		if (word_of(words, f))
			image_field_set(clean, f, word_of(words, f), strlen(word_of(words, f)),
					arena);
}

/* Only these words are to be read: all others are removed. */
static void plan_metadata(const struct metadata_found *found, const struct image_metadata *words,
			  struct metadata_plan *plan)
{
	plan->xmp_goes = plan->iptc_goes = plan->text_goes = true;
	plan->exif_goes |= !image_metadata_is_empty(&found->exif);
	buf_truncate(&plan->iptc, 0);
	buf_truncate(&plan->xmp, 0);
	xmp_put(words, &plan->xmp);
}

static void write_put(const char *bytes, size_t size, enum image_kind kind,
		      const struct metadata_plan *plan, struct buf *out)
{
	size_t start = out->len;
	buf_reserve(out, size + plan->xmp.len + plan->iptc.len + 256);
	if (kind == IMAGE_JPEG)
		jpeg_put(bytes, size, plan, out);
	else if (kind == IMAGE_PNG)
		png_put(bytes, size, plan, out);
	else
		gif_put(bytes, size, plan, out);
	out->failed |= plan->xmp.failed || plan->exif.failed || plan->iptc.failed;
	if (!out->failed && out->len - start == size && memcmp(out->data + start, bytes, size) == 0)
		buf_truncate(out, start);
}

bool image_metadata_write(const char *bytes, size_t size, enum image_kind kind,
			  const struct image_metadata *words, bool drop_private, struct buf *out)
{
	struct image_info info;
	bool can = kind == IMAGE_JPEG || kind == IMAGE_PNG || (kind == IMAGE_GIF && !words);
	if (!can || !(words || drop_private) || image_identify(bytes, size, &info) != 0 ||
	    info.kind != kind)
		return false;
	struct arena arena = ARENA_INIT;
	struct metadata_found found = {0};
	struct image_metadata all, clean = {0};
	struct metadata_plan plan = {.xmp = BUF_INIT, .exif = BUF_INIT, .iptc = BUF_INIT};
	size_t start = out->len;
	if (kind == IMAGE_JPEG)
		jpeg_metadata(bytes, size, &arena, &found);
	else if (kind == IMAGE_PNG)
		png_metadata(bytes, size, &arena, &found);
	else
		gif_metadata(bytes, size, &arena, &found);
	if (drop_private) /* programs put the name of a computer's user there */
		found.text.creator = NULL;
	metadata_found_all(&found, &all);
	bool drops = drop_private && (all.is_private || found.leftovers);
	if (drops) {
		plan.iptc_goes = kind == IMAGE_JPEG || found.iptc.is_private;
		if (kind == IMAGE_JPEG)
			plan_iptc(bytes, size, &plan);
		plan_private(&found, &all, &plan);
	}
	if (words) {
		clean_words(words, &clean, &arena);
		plan_metadata(&found, &clean, &plan);
	}
	if (plan.exif_goes && all.orientation > 1)
		exif_put(all.orientation, &plan.exif);
	if (drops || words)
		write_put(bytes, size, kind, &plan, out);
	out->failed |= arena.failed;
	if (out->failed)
		buf_truncate(out, start);
	buf_release(&plan.xmp);
	buf_release(&plan.exif);
	buf_release(&plan.iptc);
	arena_release(&arena);
	return out->len > start;
}
