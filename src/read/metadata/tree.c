#include "read/metadata/tree.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"

#include <string.h>

struct metadata_value *metadata_add(struct arena *arena, struct metadata_value *parent,
				    const char *key, enum metadata_kind kind, int line)
{
	struct metadata_value *value = arena_alloc(arena, sizeof *value);
	if (!value)
		return NULL;
	*value = (struct metadata_value){.kind = kind, .key = key, .line = line};
	if (parent && parent->last)
		parent->last->next = value;
	else if (parent)
		parent->first = value;
	if (parent)
		parent->last = value;
	return value;
}

struct metadata_value *metadata_find(const struct metadata_value *map, const char *key)
{
	struct metadata_value *v = map->kind == METADATA_MAP ? map->first : NULL;
	while (v && strcmp(v->key, key) != 0)
		v = v->next;
	return v;
}

const char *metadata_clean(struct arena *arena, const char *s, size_t len)
{
	if (utf8_is_clean(s, len))
		return arena_dupn(arena, s, len);
	struct buf clean = BUF_INIT;
	utf8_clean(&clean, s, len);
	return buf_to_arena(&clean, arena);
}

int metadata_fail(struct chapbook_error *err, const char *where, int line, const char *why)
{
	return error_set(err, CHAPBOOK_E_INPUT, "%s:%d: metadata: %s", where, line, why);
}
