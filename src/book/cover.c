#include "book/book.h"

#include "base/error.h"

static struct resource *find_cover(const struct book *book)
{
	for (size_t i = 0; i < book->resources.count; i++)
		if (book->resources.items[i].is_cover)
			return &book->resources.items[i];
	return NULL;
}

const struct resource *book_cover_picture(const struct book *book)
{
	const struct resource *cover = find_cover(book);
	return cover && !cover->dropped ? cover : NULL;
}

int book_set_cover(struct book *book, const struct book_cover *cover, struct chapbook_error *err)
{
	const char *file = cover->png ? "cover.png" : "cover.jpg";
	char *bytes = arena_take(&book->arena, cover->bytes);
	struct resource *resource = find_cover(book); /* a dropped one */
	if (!resource)
		resource = ARENA_PUSH(&book->arena, book->resources);
	if (resource)
		*resource = (struct resource){.id = arena_dup(&book->arena, "cover-image"),
					      .file = arena_dup(&book->arena, file),
					      .media_type = cover->png ? "image/png" : "image/jpeg",
					      .bytes = bytes,
					      .size = cover->size,
					      .width = cover->width,
					      .height = cover->height,
					      .is_cover = true,
					      .is_drawn = true};
	for (size_t i = 0; i < book->pages.count; i++)
		if (book->pages.items[i].kind == PAGE_COVER)
			book->pages.items[i].dropped = false;
	return book->arena.failed ? error_memory(err) : 0;
}
