/* Where each line of a record is: a table from a hash to an offset. A large one is in a file
 * without a name, so that memory does not grow with the number of lines. */
#ifndef BATCH_OFFSETS_H
#define BATCH_OFFSETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct offset_slot {
	uint64_t hash, offset; /* offset + 1; 0: free */
};

struct offsets {
	struct offset_slot *slots; /* NULL: in the file */
	int fd;
	size_t cap, count;
};

/* `folder`: where the file is made. */
bool offsets_init(struct offsets *o, size_t expected, const char *folder);
void offsets_release(struct offsets *o);
/* False: there is none, or it cannot be read. */
bool offsets_find(struct offsets *o, uint64_t hash, uint64_t *offset);
/* Set or replace. False with errno set when there is no room. */
bool offsets_set(struct offsets *o, uint64_t hash, uint64_t offset, const char *folder);

#endif
