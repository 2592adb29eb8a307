#include "book/parts.h"

#include "article/tree.h"
#include "base/id.h"
#include "media/media.h"

#include <string.h>

/* The number of the picture's resource, from 1; 0 when memory runs out. `known` has the digests of
 * those there are, so that a picture that several articles show is stored once. */
static size_t add_image(struct book *book, struct map *known, const struct image *image)
{
	char hex[SHA256_HEX];
	sha256_hex(image->bytes, image->size, hex);
	size_t number = book_index_find(known, hex);
	if (number)
		return number;
	char *digest = arena_dup(&book->arena, hex);
	struct resource *resource = ARENA_PUSH(&book->arena, book->resources);
	if (!digest || !resource)
		return 0;
	struct image_info info = {0};
	image_identify(image->bytes, image->size, &info);
	number = book->resources.count;
	resource->id = arena_printf(&book->arena, "image-%zu", number);
	resource->file = arena_printf(&book->arena, "image-%zu.%s", number,
				      info.extension ? info.extension : "bin");
	resource->media_type = image->media_type;
	resource->bytes = image->bytes;
	resource->size = image->size;
	resource->width = image->width;
	resource->height = image->height;
	book_index_add(book, known, digest, number);
	return number;
}

/* An alt text that nobody wrote is worse than none; but readers need the attribute, and an empty
 * one would call the picture a decoration. So it gets the word for what it is. */
static void label_image(const struct article *article, xmlNode *img)
{
	if (!tree_get(img, "alt"))
		tree_set(img, "alt", labels_find(article->language)->text[LABEL_PHOTO]);
}

void book_add_images(struct book *book)
{
	struct map known = MAP_INIT;
	for (size_t i = 0; i < book->article_count; i++) {
		struct article *article = book->articles[i];
		struct map refs = MAP_INIT;
		for (size_t r = 0; r < article->image_refs.count; r++) {
			const struct image_ref *ref = &article->image_refs.items[r];
			size_t number = add_image(book, &known, &article->images.items[ref->image]);
			if (number == 0)
				break;
			book_index_add(book, &refs, ref->ref, number);
			if (article->cover_ref && strcmp(article->cover_ref, ref->ref) == 0 &&
			    i == 0)
				book->resources.items[number - 1].is_cover = true;
		}
		for (xmlNode *img = tree_find(article->body, NULL, "img"); img;
		     img = tree_find(article->body, img, "img")) {
			size_t number = book_index_find(&refs, tree_get(img, "src"));
			if (number)
				tree_set(img, "src", book->resources.items[number - 1].file);
			label_image(article, img);
		}
		for (size_t n = 0; n < article->authors.count; n++) {
			struct author *author = &article->authors.items[n];
			size_t number =
				author->portrait ? book_index_find(&refs, author->portrait) : 0;
			author->portrait = number ? book->resources.items[number - 1].file : NULL;
		}
		map_release(&refs);
	}
	map_release(&known);
}
