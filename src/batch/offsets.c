#include "batch/offsets.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	MIN_SLOTS = 1024,
	MAX_MEMORY_SLOTS = 1 << 15, /* of 16 bytes; more are in a file */
	WINDOW = 16,                /* slots that are read at once */
};

static int offsets_open(const char *folder, size_t size)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		fd = memfd_create("offsets", MFD_CLOEXEC);
	if (fd >= 0 && ftruncate(fd, (off_t)size) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool offsets_make(struct offsets *o, size_t cap, const char *folder)
{
	*o = (struct offsets){.fd = -1, .cap = cap};
	if (cap <= MAX_MEMORY_SLOTS)
		o->slots = calloc(cap, sizeof *o->slots);
	else
		o->fd = offsets_open(folder, cap * sizeof *o->slots);
	return o->slots || o->fd >= 0;
}

bool offsets_init(struct offsets *o, size_t expected, const char *folder)
{
	size_t cap = MIN_SLOTS;
	while (cap / 2 < expected && cap < SIZE_MAX / 64)
		cap *= 2;
	return offsets_make(o, cap, folder);
}

void offsets_release(struct offsets *o)
{
	free(o->slots);
	if (o->fd >= 0)
		close(o->fd);
	*o = (struct offsets){.fd = -1};
}

/* Find the slot of a hash, or the free one where it would be. False: the file cannot be read. */
static bool offsets_slot(const struct offsets *o, uint64_t hash, size_t *at,
			 struct offset_slot *slot)
{
	struct offset_slot window[WINDOW];
	size_t i = (size_t)(hash * 0x9E3779B97F4A7C15u >> 20) & (o->cap - 1);
	for (;; i++) {
		i &= o->cap - 1;
		size_t first = i & ~(size_t)(WINDOW - 1);
		if (o->slots) {
			*slot = o->slots[i];
		} else {
			if (i == first || *at != first) {
				ssize_t n = pread(o->fd, window, sizeof window,
						  (off_t)(first * sizeof *window));
				if (n != (ssize_t)sizeof window)
					return false;
				*at = first;
			}
			*slot = window[i - first];
		}
		if (slot->offset == 0 || slot->hash == hash) {
			*at = i;
			return true;
		}
	}
}

static bool offsets_put(struct offsets *o, size_t at, struct offset_slot slot)
{
	if (o->slots) {
		o->slots[at] = slot;
		return true;
	}
	return pwrite(o->fd, &slot, sizeof slot, (off_t)(at * sizeof slot)) == (ssize_t)sizeof slot;
}

static bool offsets_insert(struct offsets *o, struct offset_slot new)
{
	struct offset_slot old;
	size_t at = SIZE_MAX;
	if (!offsets_slot(o, new.hash, &at, &old) || !offsets_put(o, at, new))
		return false;
	o->count += old.offset == 0;
	return true;
}

static bool offsets_grow(struct offsets *o, const char *folder)
{
	struct offsets more;
	struct offset_slot window[WINDOW];
	bool done = offsets_make(&more, o->cap * 2, folder);
	for (size_t i = 0; done && i < o->cap; i += WINDOW) {
		if (o->slots)
			memcpy(window, o->slots + i, sizeof window);
		else
			done = pread(o->fd, window, sizeof window, (off_t)(i * sizeof *window)) ==
			       (ssize_t)sizeof window;
		for (size_t k = 0; done && k < WINDOW; k++)
			done = window[k].offset == 0 || offsets_insert(&more, window[k]);
	}
	struct offsets *old = done ? o : &more;
	struct offsets rest = *old;
	if (done)
		*o = more;
	offsets_release(&rest);
	return done;
}

bool offsets_find(struct offsets *o, uint64_t hash, uint64_t *offset)
{
	struct offset_slot slot;
	size_t at = SIZE_MAX;
	if (!offsets_slot(o, hash, &at, &slot) || slot.offset == 0)
		return false;
	*offset = slot.offset - 1;
	return true;
}

bool offsets_set(struct offsets *o, uint64_t hash, uint64_t offset, const char *folder)
{
	if (o->count * 4 >= o->cap * 3 && !offsets_grow(o, folder))
		return false;
	return offsets_insert(o, (struct offset_slot){hash, offset + 1});
}
