#include "book/book.h"

#include "base/error.h"
#include "book/parts.h"

#include <string.h>

bool book_has_cover(const struct book *book)
{
	for (size_t i = 0; i < book->resources.count; i++)
		if (book->resources.items[i].is_cover)
			return true;
	return false;
}

static void cover_add_resource(struct book *book, const struct resource *cover)
{
	const struct resource *before = book->resources.items;
	struct resource *resource = ARENA_PUSH(&book->arena, book->resources);
	if (!resource)
		return;
	*resource = *cover;
	/* The others may have moved. */
	for (size_t i = 0; i < book->photos.count; i++) {
		struct photo *photo = &book->photos.items[i];
		if (photo->resource)
			photo->resource = book->resources.items + (photo->resource - before);
	}
}

int book_set_cover(struct book *book, const struct book_cover *cover, struct chapbook_error *err)
{
	const char *file = cover->png ? "cover.png" : "cover.jpg";
	cover_add_resource(book,
			   &(struct resource){.id = arena_dup(&book->arena, "cover-image"),
					      .file = arena_dup(&book->arena, file),
					      .media_type = cover->png ? "image/png" : "image/jpeg",
					      .bytes = arena_take(&book->arena, cover->bytes),
					      .size = cover->size,
					      .width = cover->width,
					      .height = cover->height,
					      .is_cover = true,
					      .is_drawn = true});
	book_add_page(book, PAGE_COVER, "cover", book->labels->text[LABEL_COVER]);
	if (book->arena.failed)
		return error_memory(err);
	struct page *pages = book->pages.items, page = pages[book->pages.count - 1];
	memmove(pages + 1, pages, (book->pages.count - 1) * sizeof *pages);
	pages[0] = page;
	book_note_picture(book);
	return book->arena.failed ? error_memory(err) : 0;
}
