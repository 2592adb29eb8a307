/* JSON front matter, as Hugo has it. */
#include "read/metadata/tree.h"

#include "base/error.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct reader {
	struct arena *arena;
	const char *s, *end; /* the text, from the value that is read on: for line numbers */
	int line;
	size_t count, misses; /* values; keys that were not found in the text */
	const char *problem;
};

/* Jansson does not say where a value stands. Members are visited in the order of the text, so that
 * a key is the next string of that name with a colon after it. */
static void json_find_line(struct reader *r, const char *key)
{
	enum { MAX_MISSES = 20 }; /* keys with escapes; each costs a search of the whole text */
	size_t len = strlen(key);
	const char *s = r->s;
	if (r->misses > MAX_MISSES)
		return;
	while ((s = memmem(s, (size_t)(r->end - s), key, len)) != NULL) {
		const char *after = s + len;
		bool quoted = s > r->s && s[-1] == '"' && after < r->end && *after == '"';
		for (after += quoted; quoted && after < r->end && strchr(" \t\r\n", *after);)
			after++;
		if (quoted && after < r->end && *after == ':')
			break;
		s += len ? len : 1;
		if (s >= r->end)
			break;
	}
	r->misses += !s || s >= r->end;
	for (; s && s < r->end && r->s < s; r->s++)
		r->line += *r->s == '\n';
}

static const char *json_text_of(struct reader *r, const json_t *json)
{
	char number[64];
	if (json_is_string(json))
		return metadata_clean(r->arena, json_string_value(json), json_string_length(json));
	if (json_is_boolean(json))
		return json_is_true(json) ? "true" : "false";
	if (json_is_integer(json))
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(json));
	else if (json_is_real(json))
		snprintf(number, sizeof number, "%.15g", json_real_value(json));
	else
		return NULL;
	return arena_dup(r->arena, number);
}

static struct metadata_value *json_add(struct reader *r, struct metadata_value *parent,
				       const char *key, json_t *json, int depth)
{
	enum metadata_kind kind = json_is_object(json)  ? METADATA_MAP
				  : json_is_array(json) ? METADATA_LIST
							: METADATA_TEXT;
	const char *name;
	json_t *item;
	size_t i;
	if (key)
		json_find_line(r, key);
	if (depth >= METADATA_MAX_DEPTH || ++r->count > METADATA_MAX_VALUES) {
		r->problem = depth >= METADATA_MAX_DEPTH ? "nested too deep" : "too many values";
		return NULL;
	}
	if (key)
		key = metadata_clean(r->arena, key, strlen(key));
	struct metadata_value *value = metadata_add(r->arena, parent, key, kind, r->line);
	if (!value)
		return NULL;
	value->text = kind == METADATA_TEXT ? json_text_of(r, json) : NULL;
	json_object_foreach(json, name, item)
	{
		if (!json_add(r, value, name, item, depth + 1))
			return NULL;
	}
	json_array_foreach(json, i, item)
	{
		if (!json_add(r, value, NULL, item, depth + 1))
			return NULL;
	}
	return value;
}

struct metadata_value *json_parse_tree(struct arena *arena, const char *text, size_t len,
				       size_t *used, const char *where, struct chapbook_error *err)
{
	json_error_t why;
	json_t *json = json_loadb(text, len, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &why);
	struct metadata_value *root = NULL;
	if (!json) {
		metadata_fail(err, where, why.line > 0 ? why.line : 1, why.text);
		return NULL;
	}
	*used = (size_t)why.position;
	struct reader r = {.arena = arena, .s = text, .end = text + *used, .line = 1};
	root = json_add(&r, NULL, NULL, json, 0);
	json_decref(json);
	if (arena->failed)
		error_memory(err);
	else if (!root)
		metadata_fail(err, where, r.line, r.problem);
	return arena->failed ? NULL : root;
}
