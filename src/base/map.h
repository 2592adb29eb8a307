/* A map from strings to pointers: a hash table. (libxml2's stops growing at 16,384 chains.) */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_slot {
	const char *key; /* NULL: free */
	void *value;
	uint64_t hash;
};

struct map {
	struct map_slot *slots;
	size_t count, cap;
	bool failed; /* memory ran out: something is missing */
};

#define MAP_INIT                                                                                   \
	{                                                                                          \
		0                                                                                  \
	}

/* NULL when there is no such key. */
void *map_find(const struct map *m, const char *key);
/* Set the value, which is not NULL, of a key. The key is borrowed: it must live as long as the
 * map does. */
void map_set(struct map *m, const char *key, void *value);
void map_release(struct map *m);

#endif
