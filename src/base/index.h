/* An index from strings to numbers: a hash table in an arena. Keys are borrowed. */
#ifndef BASE_INDEX_H
#define BASE_INDEX_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

#define NONE SIZE_MAX /* no index */

struct index_slot {
	const char *key;
	uint32_t len, hash;
	size_t value;
};

struct index {
	struct arena *arena;
	struct index_slot *slots;
	size_t count, cap; /* cap is 0 or a power of two */
};

/* Returns the value that the key has already, or NONE after adding it with `value`. */
size_t index_add(struct index *ix, const char *key, size_t len, size_t value);
size_t index_get(const struct index *ix, const char *key, size_t len);

#endif
