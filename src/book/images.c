#include "book/parts.h"

#include "article/article.h"
#include "article/tree.h"
#include "base/id.h"
#include "media/identify/identify.h"

#include <string.h>

/* A picture as a file of the book, called `name`; NULL when memory runs out. */
static struct resource *add_resource(struct book *book, const char *name, const void *bytes,
				     size_t size)
{
	struct image_info info = {0};
	struct resource *resource = name ? ARENA_PUSH(&book->arena, book->resources) : NULL;
	if (!resource)
		return NULL;
	image_identify(bytes, size, &info);
	resource->id = arena_dup(&book->arena, name);
	resource->file =
		arena_printf(&book->arena, "%s.%s", name, info.extension ? info.extension : "bin");
	resource->media_type = info.media_type;
	resource->bytes = bytes;
	resource->size = size;
	resource->width = info.width;
	resource->height = info.height;
	return resource;
}

/* The original is kept beside the picture that was made of it: the readers that can show it choose
 * it (HTML Living Standard, section 4.8.1), others see the picture; the manifest says which stands
 * in for which. */
static void add_original(struct book *book, size_t number, const struct image *image)
{
	const char *name = arena_printf(&book->arena, "image-%zu-original", number);
	struct resource *original = add_resource(book, name, image->original, image->original_size);
	if (!original)
		return;
	original->stands_in = book->resources.items[number - 1].id;
	book->resources.items[number - 1].original = book->resources.count;
}

/* The number of the picture's resource, from 1; 0 when memory runs out. `known` has the digests of
 * those there are, so that a picture that several articles show is stored once. */
static size_t add_image(struct book *book, struct map *known, const struct image *image)
{
	char hex[SHA256_HEX];
	sha256_hex(image->bytes, image->size, hex);
	size_t number = book_index_find(known, hex);
	if (number)
		return number;
	number = book->resources.count + 1;
	char *digest = arena_dup(&book->arena, hex);
	const char *name = arena_printf(&book->arena, "image-%zu", number);
	if (!digest || !add_resource(book, name, image->bytes, image->size))
		return 0;
	book_index_add(book, known, digest, number);
	if (image->original)
		add_original(book, number, image);
	return number;
}

static void offer_original(const struct book *book, const struct resource *shown, xmlNode *img)
{
	if (!shown->original)
		return;
	const struct resource *original = &book->resources.items[shown->original - 1];
	xmlNode *source = tree_detached(img, "source");
	tree_wrap(img, "picture");
	tree_set(source, "srcset", original->file);
	tree_set(source, "type", original->media_type);
	tree_insert_before(img, source);
}

static void images_put_note(xmlNode *parent, const char *label)
{
	xmlNode *note = tree_detached(parent, "span");
	tree_set(note, "class", "missing-note");
	tree_text(note, label, strlen(label));
	tree_text(note, " ", label[strlen(label) - 1] == ':'); /* a wide colon has its space */
	xmlNode *first = tree_first(parent);
	if (first)
		tree_insert_before(first, note);
	else
		tree_append(parent, note);
}

/* Where a picture is missing, the book says so in its own words. */
static void label_missing(const struct article *article)
{
	const struct labels *labels = labels_find(article->language);
	for (xmlNode *n = tree_find(article->body, NULL, "figure"); n;
	     n = tree_find(article->body, n, "figure")) {
		xmlNode *caption = tree_find(n, NULL, "figcaption");
		xmlNode *paragraph = tree_find(caption, NULL, "p");
		if (article_is_lost_photo(n) && !article_lost_address(n))
			images_put_note(paragraph ? paragraph : caption,
					labels->text[LABEL_PHOTO_NOT_INCLUDED]);
	}
	for (xmlNode *n = tree_find(article->body, NULL, "a"); n;
	     n = tree_find(article->body, n, "a"))
		if (tree_has_class(n, "missing-source"))
			images_put_note(tree_parent(n), labels->text[LABEL_PHOTO_MISSING]);
}

/* An invented alt text is worse than none; but readers need the attribute, and an empty
 * one would call the picture a decoration. So it gets the word for what it is. */
static void label_image(const struct article *article, xmlNode *img)
{
	if (!tree_get(img, "alt"))
		tree_set(img, "alt", labels_find(article->language)->text[LABEL_PHOTO]);
}

/* Whether a picture was loaded for the cover alone, where a copy of it will be. */
static bool is_lead_alone(const struct article *article, const char *ref)
{
	if (!article->lead_image || strcmp(article->lead_image, ref) != 0 ||
	    (article->cover_ref && strcmp(article->cover_ref, ref) == 0))
		return false;
	for (xmlNode *img = NULL; (img = tree_find(article->body, img, "img"));) {
		const char *src = tree_get(img, "src");
		if (src && strcmp(src, ref) == 0)
			return false;
	}
	for (size_t n = 0; n < article->authors.count; n++) {
		const char *portrait = article->authors.items[n].portrait;
		if (portrait && strcmp(portrait, ref) == 0)
			return false;
	}
	return true;
}

void book_add_images(struct book *book)
{
	struct map known = MAP_INIT;
	for (size_t i = 0; i < book->article_count; i++) {
		struct article *article = book->articles[i];
		struct map refs = MAP_INIT;
		for (size_t r = 0; r < article->image_refs.count; r++) {
			const struct image_ref *ref = &article->image_refs.items[r];
			if (is_lead_alone(article, ref->ref))
				continue;
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
			if (number) {
				const struct resource *r = &book->resources.items[number - 1];
				tree_set(img, "src", r->file);
				offer_original(book, r, img);
			}
			label_image(article, img);
		}
		label_missing(article);
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
