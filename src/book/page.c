#include "book/parts.h"

#include "article/tree.h"
#include "base/buf.h"
#include "base/error.h"
#include "book/book.h"
#include "lang/name.h"
#include "lang/tag.h"

#include <stddef.h>

/* A page that the book says itself. */
struct page *book_add_page(struct book *book, enum page_kind kind, const char *id,
			   const char *title)
{
	struct page *page = ARENA_PUSH(&book->arena, book->pages);
	if (!page)
		return NULL;
	page->kind = kind;
	page->id = arena_dup(&book->arena, id);
	page->file = arena_printf(&book->arena, "%s.xhtml", id);
	page->title = arena_dup(&book->arena, title);
	page->language = book->language;
	page->direction = book->direction;
	return page;
}
