#include "base/arena.h"

#include "base/memory_limit.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
	struct arena_block *next;
	size_t size, used;
	size_t owner; /* of memory_limit_take() */
	alignas(max_align_t) char data[];
};

/* Memory that came from elsewhere. */
struct arena_taken {
	struct arena_taken *next;
	void *p;
};

enum { MIN_BLOCK = 4096 - sizeof(struct arena_block), MAX_BLOCK = 1 << 20 };

static struct arena_block *make_block(size_t room)
{
	size_t owner;
	if (!memory_limit_take(sizeof(struct arena_block) + room, &owner))
		return NULL;
	struct arena_block *block = calloc(1, sizeof *block + room);
	if (!block) {
		memory_limit_give(sizeof *block + room, owner);
		return NULL;
	}
	block->size = room;
	block->owner = owner;
	return block;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	if (a->failed || size > SIZE_MAX / 2) {
		a->failed = true;
		return NULL;
	}
	size = (size + align - 1) & ~(align - 1);
	struct arena_block *block = a->head;
	if (!block || block->size - block->used < size) {
		size_t room = block ? block->size * 2 : MIN_BLOCK;
		if (room > MAX_BLOCK)
			room = MAX_BLOCK;
		if (room < size)
			room = size;
		struct arena_block *fresh = make_block(room);
		if (!fresh) {
			a->failed = true;
			return NULL;
		}
		/* A block made for one large thing is put behind the one that still has room. */
		if (block && room == size && size > MAX_BLOCK / 2) {
			fresh->next = block->next;
			block->next = fresh;
		} else {
			fresh->next = block;
			a->head = fresh;
		}
		block = fresh;
	}
	void *p = block->data + block->used;
	block->used += size;
	return p;
}

char *arena_dupn(struct arena *a, const char *s, size_t len)
{
	char *copy = arena_alloc(a, len + 1);
	if (copy && len)
		memcpy(copy, s, len);
	return copy;
}

char *arena_dup(struct arena *a, const char *s)
{
	return s ? arena_dupn(a, s, strlen(s)) : NULL;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	char *s = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
	if (s)
		vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(ap);
	return s;
}

void *arena_take(struct arena *a, void *p)
{
	struct arena_taken *taken = arena_alloc(a, sizeof *taken);
	if (!taken) {
		free(p);
		return NULL;
	}
	*taken = (struct arena_taken){a->taken, p};
	a->taken = taken;
	return p;
}

void arena_release(struct arena *a)
{
	for (struct arena_taken *taken = a->taken; taken; taken = taken->next)
		free(taken->p);
	for (struct arena_block *block = a->head, *next; block; block = next) {
		next = block->next;
		memory_limit_give(sizeof *block + block->size, block->owner);
		free(block);
	}
	*a = (struct arena)ARENA_INIT;
}

void *arena_push(struct arena *a, void **items, size_t *count, size_t *cap, size_t elem)
{
	if (*count == *cap) {
		size_t more = *cap ? *cap * 2 : 4;
		if (more > SIZE_MAX / 2 / elem) {
			a->failed = true;
			return NULL;
		}
		void *moved = arena_alloc(a, more * elem);
		if (!moved)
			return NULL;
		if (*count)
			memcpy(moved, *items, *count * elem);
		*items = moved;
		*cap = more;
	}
	return (char *)*items + elem * (*count)++;
}
