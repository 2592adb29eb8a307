#include "base/index.h"

#include <string.h>

/* FNV-1a. Hostile keys can at worst make a chain of probes; the table is at most half full. */
static uint32_t hash_of(const char *key, size_t len)
{
	uint32_t h = 2166136261u;
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)key[i]) * 16777619u;
	return h;
}

/* The slot that holds the key, or the empty one where it would go. */
static struct index_slot *slot_of(const struct index *ix, const char *key, size_t len,
				  uint32_t hash)
{
	for (size_t i = hash & (ix->cap - 1);; i = (i + 1) & (ix->cap - 1)) {
		struct index_slot *s = &ix->slots[i];
		if (!s->key || (s->hash == hash && s->len == len && memcmp(s->key, key, len) == 0))
			return s;
	}
}

static bool index_grow(struct index *ix)
{
	struct index bigger = {.arena = ix->arena, .cap = ix->cap ? ix->cap * 2 : 16};
	bigger.slots = arena_alloc(ix->arena, bigger.cap * sizeof *bigger.slots);
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < ix->cap; i++) {
		const struct index_slot *s = &ix->slots[i];
		if (s->key)
			*slot_of(&bigger, s->key, s->len, s->hash) = *s;
	}
	ix->slots = bigger.slots;
	ix->cap = bigger.cap;
	return true;
}

size_t index_add(struct index *ix, const char *key, size_t len, size_t value)
{
	if (!key || len > UINT32_MAX || (ix->count >= ix->cap / 2 && !index_grow(ix)))
		return NONE; /* out of memory: the arena remembers */
	uint32_t hash = hash_of(key, len);
	struct index_slot *s = slot_of(ix, key, len, hash);
	if (s->key)
		return s->value;
	*s = (struct index_slot){.key = key, .len = (uint32_t)len, .hash = hash, .value = value};
	ix->count++;
	return NONE;
}

size_t index_get(const struct index *ix, const char *key, size_t len)
{
	if (!ix->cap || !key || len > UINT32_MAX)
		return NONE;
	const struct index_slot *s = slot_of(ix, key, len, hash_of(key, len));
	return s->key ? s->value : NONE;
}
