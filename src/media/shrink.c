/* What is done to pictures that are in the article already. */
#include "media/load.h"

#include "article/article.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "base/pool.h"
#include "media/metadata/metadata.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* --- Words --- */

static struct image *image_of(struct article *a, const struct map *refs, const char *src)
{
	size_t index = src ? (size_t)(uintptr_t)map_find(refs, src) : 0;
	return index ? &a->images.items[index - 1] : NULL;
}

static void embed(struct article *a, const struct figure *figure, struct image *image)
{
	const struct image_metadata words = {.caption = figure->caption,
					     .credit = figure->credit,
					     .rights = figure->copyright,
					     .alt = figure->alt && *figure->alt ? figure->alt
										: NULL,
					     .description = figure->description,
					     .licence = figure->licence};
	struct image_info info;
	struct buf out = BUF_INIT;
	if (!words.caption && !words.credit && !words.alt)
		return;
	if (image_identify(image->bytes, image->size, &info) == 0 &&
	    image_metadata_write(image->bytes, image->size, info.kind, &words, false, &out)) {
		image->size = out.len;
		image->bytes = arena_take(&a->arena, buf_detach(&out, NULL));
	}
	buf_end(&out, &a->arena.failed);
}

void media_embed_captions(struct article *a)
{
	struct map refs = MAP_INIT;
	bool *done = arena_alloc(&a->arena, a->images.count + 1);
	for (size_t i = 0; i < a->image_refs.count; i++)
		map_set(&refs, a->image_refs.items[i].ref,
			(void *)(uintptr_t)(a->image_refs.items[i].image + 1));
	for (size_t i = 0; done && i < a->figures.count; i++) {
		struct image *image = image_of(a, &refs, a->figures.items[i].src);
		if (!image || done[image - a->images.items])
			continue;
		done[image - a->images.items] = true;
		embed(a, &a->figures.items[i], image);
	}
	a->arena.failed |= refs.failed;
	map_release(&refs);
}

/* --- Size --- */

struct shrinker {
	struct image **images;
	struct fit_result *results;
	size_t count;
	const struct media_options *options;
	int quality;
	double scale; /* of width and height */
};

enum {
	MIN_BYTES = 4000, /* smaller pictures are not what makes a book large */
	MIN_SIDE = 320,   /* pixels: smaller, a photo shows nothing */
};

static unsigned scaled(unsigned side, double scale)
{
	double to = side * scale;
	return to > MIN_SIDE ? (unsigned)to : side < MIN_SIDE ? side : MIN_SIDE;
}

static void shrink_one(void *ctx, size_t i)
{
	struct shrinker *s = ctx;
	const struct image *image = s->images[i];
	struct image_info info;
	struct fit_options fit = s->options->fit;
	if (image->size < MIN_BYTES || image_identify(image->bytes, image->size, &info) != 0 ||
	    info.kind == IMAGE_SVG)
		return;
	fit.quality = fit.quality < s->quality ? fit.quality : s->quality;
	fit.width = scaled(info.width, s->scale);
	fit.height = scaled(info.height, s->scale);
	media_fit(&(struct fit_source){image->ref, image->bytes, image->size, &info}, s->options,
		  &fit, &s->results[i], NULL);
}

static void take_smaller(struct article *a, struct image *image, struct fit_result *result)
{
	if (result->bytes && result->size < image->size) {
		image->bytes = arena_take(&a->arena, result->bytes);
		image->size = result->size;
		image->media_type = result->info.media_type;
		image->width = result->info.width;
		image->height = result->info.height;
		result->bytes = NULL;
	}
	fit_result_release(result);
}

static size_t size_of_all(struct article **articles, size_t count)
{
	size_t size = 0;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < articles[i]->images.count; k++)
			size += articles[i]->images.items[k].size +
				articles[i]->images.items[k].original_size;
	return size;
}

/* All of an article's pictures once more, smaller. */
static int shrink_article(struct article *a, struct shrinker *s, struct chapbook_error *err)
{
	s->count = a->images.count;
	s->images = calloc(s->count + 1, sizeof *s->images);
	s->results = calloc(s->count + 1, sizeof *s->results);
	int rc = s->images && s->results ? 0 : error_memory(err);
	for (size_t i = 0; rc == 0 && i < s->count; i++)
		s->images[i] = &a->images.items[i];
	if (rc == 0)
		pool_run(s->count, s->options->threads, shrink_one, s);
	for (size_t i = 0; rc == 0 && i < s->count; i++)
		take_smaller(a, s->images[i], &s->results[i]);
	free(s->images);
	free(s->results);
	return rc;
}

int media_shrink(struct article **articles, size_t count, size_t most,
		 const struct media_options *options, struct diag *diag, struct chapbook_error *err)
{
	/* First the quality is lowered, then the size as well: by steps, for a picture of half the
	 * pixels has more than half the bytes. */
	static const int qualities[] = {70, 60, 60, 50, 50, 50, 40, 40};
	size_t before = size_of_all(articles, count), now = before;
	for (size_t round = 0; now > most && round < sizeof qualities / sizeof *qualities;
	     round++) {
		struct shrinker s = {.options = options, .quality = qualities[round]};
		double ratio = (double)most / (double)now;
		s.scale = round == 0 && ratio > 0.6 ? 1 : fmax(sqrt(ratio) * 0.95, 0.6);
		for (size_t i = 0; i < count; i++)
			if (shrink_article(articles[i], &s, err) != 0)
				return -1;
		now = size_of_all(articles, count);
	}
	if (now > most)
		return error_set(err, CHAPBOOK_E_LIMIT,
				 "the pictures need at least %zu KB and the limit is %zu KB; use "
				 "--no-images or a larger --max-book-size",
				 now / 1000 + 1, most / 1000);
	if (now < before)
		diag_add(diag, DIAG_IMAGE_SHRUNK, 0,
			 "pictures were made smaller to fit --max-book-size: %zu KB, before %zu KB",
			 now / 1000, before / 1000);
	return 0;
}
