#include "template/value.h"

#include <string.h>

static struct value *value_new(struct arena *a, enum value_kind kind)
{
	struct value *v = arena_alloc(a, sizeof *v);
	if (v)
		v->kind = kind;
	return v;
}

struct value *value_map(struct arena *a)
{
	return value_new(a, VALUE_MAP);
}

struct value *value_list(struct arena *a)
{
	return value_new(a, VALUE_LIST);
}

struct value *value_string(struct arena *a, const char *s)
{
	return value_string_n(a, s, s ? strlen(s) : 0);
}

struct value *value_string_n(struct arena *a, const char *s, size_t len)
{
	struct value *v = value_new(a, VALUE_STRING);
	if (v) {
		v->as.string.text = s;
		v->as.string.len = s ? len : 0;
	}
	return v;
}

struct value *value_bool(struct arena *a, bool b)
{
	struct value *v = value_new(a, VALUE_BOOL);
	if (v)
		v->as.truth = b;
	return v;
}

struct value *value_number(struct arena *a, long long n)
{
	return value_string(a, arena_printf(a, "%lld", n));
}

/* Lists grow at their end; maps at their front, so that the last value given is found first. */
void value_put(struct arena *a, struct value *map, const char *key, struct value *v)
{
	if (!map || !key)
		return;
	struct member *m = arena_alloc(a, sizeof *m);
	if (!m)
		return;
	*m = (struct member){key, strlen(key), v, map->as.members.first};
	map->as.members.first = m;
}

void value_put_string(struct arena *a, struct value *map, const char *key, const char *s)
{
	value_put(a, map, key, value_string(a, s));
}

void value_add(struct arena *a, struct value *list, struct value *v)
{
	if (!list)
		return;
	struct member *m = arena_alloc(a, sizeof *m);
	if (!m)
		return;
	m->value = v;
	if (list->as.members.last)
		list->as.members.last->next = m;
	else
		list->as.members.first = m;
	list->as.members.last = m;
}

const struct member *value_find(const struct value *v, const char *key, size_t len)
{
	if (!v || v->kind != VALUE_MAP)
		return NULL;
	for (const struct member *m = v->as.members.first; m; m = m->next)
		if (m->key_len == len && memcmp(m->key, key, len) == 0)
			return m;
	return NULL;
}

bool value_is_truthy(const struct value *v)
{
	if (!v)
		return false;
	switch (v->kind) {
	case VALUE_STRING:
		return v->as.string.len > 0;
	case VALUE_BOOL:
		return v->as.truth;
	case VALUE_LIST:
		return v->as.members.first != NULL;
	case VALUE_MAP:
		break;
	}
	return true;
}

void value_text(const struct value *v, const char **text, size_t *len)
{
	*text = "";
	*len = 0;
	if (!v)
		return;
	if (v->kind == VALUE_STRING && v->as.string.len) {
		*text = v->as.string.text;
		*len = v->as.string.len;
	} else if (v->kind == VALUE_BOOL) {
		*text = v->as.truth ? "true" : "false";
		*len = strlen(*text);
	}
}
