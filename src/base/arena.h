/* Memory that lives and dies together. Allocation returns NULL when memory runs out, or the limit
 * of the work is reached (memory_limit.h), and sets `failed`, which remains set: fill many fields,
 * ask once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;
struct arena_taken;

struct arena {
	struct arena_block *head;
	struct arena_taken *taken;
	bool failed;
};

#define ARENA_INIT                                                                                 \
	{                                                                                          \
		0                                                                                  \
	}

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type */
char *arena_dup(struct arena *a, const char *s); /* NULL gives NULL */
char *arena_dupn(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Make malloc()ed memory the arena's: it is freed with it, or at once when memory runs out. Returns
 * `p`, or NULL then. */
void *arena_take(struct arena *a, void *p);
void arena_release(struct arena *a);

/* A growing array inside an arena: make room for one more element of `elem` bytes and return
 * it, zeroed, or NULL. `*items` may move (the old memory is kept until the arena is released). */
void *arena_push(struct arena *a, void **items, size_t *count, size_t *cap, size_t elem);
#define ARENA_PUSH(a, list)                                                                        \
	arena_push((a), (void **)&(list).items, &(list).count, &(list).cap, sizeof *(list).items)

#endif
