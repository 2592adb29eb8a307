#include "book/parts.h"

#include "book/book.h"

#include <stddef.h>
#include <stdint.h>

void book_index_add(struct book *book, struct map *index, const char *key, size_t number)
{
	if (!map_find(index, key))
		map_set(index, key, (void *)(uintptr_t)number);
	book->arena.failed |= index->failed;
}

size_t book_index_find(const struct map *index, const char *key)
{
	return key ? (size_t)(uintptr_t)map_find(index, key) : 0;
}
