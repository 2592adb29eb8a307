#include "base/map.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a, then mixed (the last step of MurmurHash3), so that the low bits can be used. */
static uint64_t map_hash_of(const char *key)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 0x100000001b3u;
	h = (h ^ h >> 33) * 0xff51afd7ed558ccdu;
	h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 33;
}

/* Where the key is, or the free slot where it would be. There is always a free one. */
static struct map_slot *map_slot_of(const struct map *m, const char *key, uint64_t hash)
{
	for (size_t i = hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
		struct map_slot *slot = &m->slots[i];
		if (!slot->key || (slot->hash == hash && strcmp(slot->key, key) == 0))
			return slot;
	}
}

void *map_find(const struct map *m, const char *key)
{
	return m->cap ? map_slot_of(m, key, map_hash_of(key))->value : NULL;
}

static bool map_grow(struct map *m)
{
	struct map bigger = {.cap = m->cap ? m->cap * 2 : 64, .count = m->count};
	bigger.slots = calloc(bigger.cap, sizeof *bigger.slots);
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < m->cap; i++)
		if (m->slots[i].key)
			*map_slot_of(&bigger, m->slots[i].key, m->slots[i].hash) = m->slots[i];
	free(m->slots);
	*m = bigger;
	return true;
}

void map_set(struct map *m, const char *key, void *value)
{
	if (m->failed)
		return;
	if (m->count >= m->cap / 4 * 3 && !map_grow(m)) {
		m->failed = true;
		return;
	}
	uint64_t hash = map_hash_of(key);
	struct map_slot *slot = map_slot_of(m, key, hash);
	m->count += slot->key == NULL;
	*slot = (struct map_slot){slot->key ? slot->key : key, value, hash};
}

void map_release(struct map *m)
{
	free(m->slots);
	*m = (struct map){0};
}
