#include "book/parts.h"

#include "article/tree.h"
#include "base/id.h"
#include "media/media.h"

#include <string.h>

/* The digests of the book's pictures so far, so that one that several articles show is stored
 * once: digest -> resource number + 1. */
static size_t add_image(struct book *book, xmlHashTable *known, const struct image *image)
{
	char digest[SHA256_HEX];
	sha256_hex(image->bytes, image->size, digest);
	size_t at = book_index_find(known, digest);
	if (at)
		return at - 1;
	struct resource *resource = ARENA_PUSH(&book->arena, book->resources);
	if (!resource)
		return 0;
	struct image_info info = {0};
	image_identify(image->bytes, image->size, &info);
	size_t number = book->resources.count;
	resource->id = arena_printf(&book->arena, "image-%zu", number);
	resource->file = arena_printf(&book->arena, "image-%zu.%s", number,
				      info.extension ? info.extension : "bin");
	resource->media_type = image->media_type;
	resource->bytes = image->bytes;
	resource->size = image->size;
	resource->width = image->width;
	resource->height = image->height;
	book_index_add(book, known, digest, number);
	return number - 1;
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
	xmlHashTable *known = xmlHashCreate(64);
	if (!known) {
		book->arena.failed = true;
		return;
	}
	for (size_t i = 0; i < book->article_count; i++) {
		struct article *article = book->articles[i];
		xmlHashTable *refs = xmlHashCreate(64);
		if (!refs) {
			book->arena.failed = true;
			break;
		}
		for (size_t r = 0; r < article->image_refs.count; r++) {
			const struct image_ref *ref = &article->image_refs.items[r];
			size_t at = add_image(book, known, &article->images.items[ref->image]);
			book_index_add(book, refs, ref->ref, at + 1);
			if (article->cover_ref && strcmp(article->cover_ref, ref->ref) == 0 &&
			    i == 0 && book->resources.count)
				book->resources.items[at].is_cover = true;
		}
		for (xmlNode *img = tree_find(article->body, NULL, "img"); img;
		     img = tree_find(article->body, img, "img")) {
			const char *src = tree_get(img, "src");
			size_t at = src ? book_index_find(refs, src) : 0;
			if (at && book->resources.count)
				tree_set(img, "src", book->resources.items[at - 1].file);
			label_image(article, img);
		}
		xmlHashFree(refs, NULL);
	}
	xmlHashFree(known, NULL);
}
