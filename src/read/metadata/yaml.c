/* YAML (libyaml) as a tree. */
#include "read/metadata/tree.h"

#include "base/error.h"

#include <string.h>
#include <yaml.h>

struct tree_builder {
	struct arena *arena;
	struct metadata_value *open[METADATA_MAX_DEPTH]; /* lists and maps */
	int depth;
	const char *key; /* of the next value, when the innermost is a map */
	int key_line;
	struct metadata_value *root;
	size_t count;
	const char *where;
	int first_line;
	struct chapbook_error *err;
};

static int yaml_fail(struct tree_builder *t, const yaml_mark_t *mark, const char *why)
{
	return metadata_fail(t->err, t->where, t->first_line + (int)mark->line, why);
}

/* YAML 1.2 section 10.3.2, what an unquoted scalar says when it says nothing. */
static bool is_null(const yaml_event_t *event)
{
	const char *s = (const char *)event->data.scalar.value;
	return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (*s == '\0' || strcmp(s, "~") == 0 || strcmp(s, "null") == 0 ||
		strcmp(s, "Null") == 0 || strcmp(s, "NULL") == 0);
}

static int add_value(struct tree_builder *t, const yaml_event_t *event, enum metadata_kind kind)
{
	struct metadata_value *parent = t->depth ? t->open[t->depth - 1] : NULL;
	const char *text = NULL;
	int line = t->first_line + (int)event->start_mark.line;
	if (++t->count > METADATA_MAX_VALUES)
		return yaml_fail(t, &event->start_mark, "too many values");
	if (kind == METADATA_TEXT && !is_null(event))
		text = metadata_clean(t->arena, (const char *)event->data.scalar.value,
				      event->data.scalar.length);
	if (parent && parent->kind == METADATA_MAP && !t->key) {
		if (kind != METADATA_TEXT)
			return yaml_fail(t, &event->start_mark, "a key must be a word");
		t->key = text ? text : "";
		t->key_line = line;
		return 0;
	}
	struct metadata_value *value =
		metadata_add(t->arena, parent, t->key, kind, t->key ? t->key_line : line);
	if (!value)
		return error_memory(t->err);
	value->text = text;
	t->key = NULL;
	if (!parent)
		t->root = value;
	if (kind == METADATA_TEXT)
		return 0;
	if (t->depth == METADATA_MAX_DEPTH)
		return yaml_fail(t, &event->start_mark, "nested too deep");
	t->open[t->depth++] = value;
	return 0;
}

static int take_event(struct tree_builder *t, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return yaml_fail(t, &event->start_mark,
				 "aliases (\"*name\") are not supported; quote the text");
	case YAML_SCALAR_EVENT:
		return add_value(t, event, METADATA_TEXT);
	case YAML_SEQUENCE_START_EVENT:
		return add_value(t, event, METADATA_LIST);
	case YAML_MAPPING_START_EVENT:
		return add_value(t, event, METADATA_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		t->depth--;
		return 0;
	default:
		return 0;
	}
}

struct metadata_value *yaml_parse_tree(struct arena *arena, const char *text, size_t len,
				       const char *where, int first_line,
				       struct chapbook_error *err)
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
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	while (!done && result == 0) {
		yaml_event_t event;
		if (!yaml_parser_parse(&parser, &event)) {
			if (parser.error == YAML_MEMORY_ERROR)
				result = error_memory(err);
			else
				result = yaml_fail(&t, &parser.problem_mark,
						   parser.problem ? parser.problem : "no YAML");
			break;
		}
		done = event.type == YAML_DOCUMENT_END_EVENT || event.type == YAML_STREAM_END_EVENT;
		result = take_event(&t, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (result == 0 && !t.root)
		t.root = metadata_add(arena, NULL, NULL, METADATA_TEXT, first_line);
	if (result == 0 && arena->failed)
		result = error_memory(err);
	return result == 0 ? t.root : NULL;
}
