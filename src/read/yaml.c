#include "read/yaml.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"

#include <string.h>
#include <yaml.h>

enum { MOST_DEPTH = 32, MOST_VALUES = 100 * 1000 };

struct tree_builder {
	struct arena *arena;
	struct yaml_value *open[MOST_DEPTH]; /* lists and maps */
	int depth;
	const char *key; /* of the next value, when the innermost is a map */
	struct yaml_value *root;
	size_t count;
	const char *where;
	int first_line;
	struct chapbook_error *err;
};

static int fail(struct tree_builder *t, const yaml_mark_t *mark, const char *why)
{
	int line = t->first_line + (int)mark->line;
	return error_set(t->err, CHAPBOOK_E_INPUT, "%s:%d: metadata: %s", t->where, line, why);
}

static const char *clean_text(struct arena *arena, const char *s, size_t len)
{
	if (utf8_is_clean(s, len))
		return arena_dupn(arena, s, len);
	struct buf clean = BUF_INIT;
	utf8_clean(&clean, s, len);
	const char *text = arena_dupn(arena, clean.data, clean.len);
	arena->failed |= clean.failed;
	buf_release(&clean);
	return text;
}

/* YAML 1.2 section 10.3.2, what an unquoted scalar says when it says nothing. */
static bool is_null(const yaml_event_t *event)
{
	const char *s = (const char *)event->data.scalar.value;
	return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (*s == '\0' || strcmp(s, "~") == 0 || strcmp(s, "null") == 0 ||
		strcmp(s, "Null") == 0 || strcmp(s, "NULL") == 0);
}

static int add_value(struct tree_builder *t, const yaml_event_t *event, enum yaml_kind kind)
{
	struct yaml_value *parent = t->depth ? t->open[t->depth - 1] : NULL;
	const char *text = NULL;
	if (++t->count > MOST_VALUES)
		return fail(t, &event->start_mark, "too many values");
	if (kind == YAML_TEXT && !is_null(event))
		text = clean_text(t->arena, (const char *)event->data.scalar.value,
				  event->data.scalar.length);
	if (parent && parent->kind == YAML_MAP && !t->key) {
		if (kind != YAML_TEXT)
			return fail(t, &event->start_mark, "a key must be a word");
		t->key = text ? text : "";
		return 0;
	}
	struct yaml_value *value = arena_alloc(t->arena, sizeof *value);
	if (!value)
		return error_memory(t->err);
	*value = (struct yaml_value){.kind = kind,
				     .key = t->key,
				     .text = text,
				     .line = t->first_line + (int)event->start_mark.line};
	t->key = NULL;
	if (!parent) {
		t->root = value;
	} else {
		if (parent->last)
			parent->last->next = value;
		else
			parent->first = value;
		parent->last = value;
	}
	if (kind == YAML_TEXT)
		return 0;
	if (t->depth == MOST_DEPTH)
		return fail(t, &event->start_mark, "nested too deep");
	t->open[t->depth++] = value;
	return 0;
}

static int take_event(struct tree_builder *t, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return fail(t, &event->start_mark,
			    "aliases (\"*name\") are not taken here; quote the text");
	case YAML_SCALAR_EVENT:
		return add_value(t, event, YAML_TEXT);
	case YAML_SEQUENCE_START_EVENT:
		return add_value(t, event, YAML_LIST);
	case YAML_MAPPING_START_EVENT:
		return add_value(t, event, YAML_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		t->depth--;
		return 0;
	default:
		return 0;
	}
}

struct yaml_value *yaml_parse_tree(struct arena *arena, const char *yaml, size_t len,
				   const char *where, int first_line, struct chapbook_error *err)
{
	struct tree_builder t = {
		.arena = arena, .where = where, .first_line = first_line, .err = err};
	yaml_parser_t parser;
	bool done = false;
	int result = 0;

	if (!yaml_parser_initialize(&parser)) {
		error_memory(err);
		return NULL;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, len);
	while (!done && result == 0) {
		yaml_event_t event;
		if (!yaml_parser_parse(&parser, &event)) {
			if (parser.error == YAML_MEMORY_ERROR)
				result = error_memory(err);
			else
				result = fail(&t, &parser.problem_mark,
					      parser.problem ? parser.problem : "no YAML");
			break;
		}
		done = event.type == YAML_DOCUMENT_END_EVENT || event.type == YAML_STREAM_END_EVENT;
		result = take_event(&t, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (result == 0 && !t.root && (t.root = arena_alloc(arena, sizeof *t.root)) != NULL)
		t.root->line = first_line;
	if (result == 0 && arena->failed)
		result = error_memory(err);
	return result == 0 ? t.root : NULL;
}

const struct yaml_value *yaml_find(const struct yaml_value *map, const char *key)
{
	for (const struct yaml_value *v = map->kind == YAML_MAP ? map->first : NULL; v; v = v->next)
		if (strcmp(v->key, key) == 0)
			return v;
	return NULL;
}
