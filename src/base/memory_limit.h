/* How much memory a piece of work may take. Arenas count in it, with all that lives in them (trees,
 * articles, books), and what parsers hold; other memory is in proportion to these. A thread is at
 * one such work at a time, or at none. */
#ifndef BASE_MEMORY_LIMIT_H
#define BASE_MEMORY_LIMIT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct chapbook_error;

struct memory_limit {
	atomic_size_t used;
	size_t max; /* bytes */
	size_t number;
	atomic_bool reached;
};

/* The calling thread works within `limit`, until memory_limit_end(): `max` bytes; 0: any number. */
void memory_limit_begin(struct memory_limit *limit, size_t max);
void memory_limit_end(void);

/* The limit of the calling thread, for threads that help it; NULL: it has none. And to join. */
struct memory_limit *memory_limit_current(void);
void memory_limit_join(struct memory_limit *limit);

/* Count `size` bytes. False where that is more than the limit. *owner becomes the work's number,
 * for memory_limit_give(); 0: there is no limit. */
bool memory_limit_take(size_t size, size_t *owner);
/* What is given back when its work has ended does not count. */
void memory_limit_give(size_t size, size_t owner);

/* After a failure, `err` or NULL: if the limit was reached since the last call, the error becomes
 * CHAPBOOK_E_LIMIT, with `name` in its message. */
void memory_limit_explain(const char *name, struct chapbook_error *err);

#endif
