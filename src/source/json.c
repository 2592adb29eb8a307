/* Lists in JSON, or a line of JSON each, read item by item: what is in memory is one item, and the
 * names of the folders. */
#include "source/json.h"

#include "source/formats.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_JSON_DEPTH = 200, MAX_JSON_VALUE = 64 << 20, MAX_FOLDERS = 1000000 };

struct json_list {
	struct source_bytes *in;
	const struct source_row *row;
	struct item_builder item;
	struct chapbook_error *err;
	char block[8192];
	size_t len, at;
	unsigned long long place; /* of the block, in the text */
	size_t budget;            /* bytes that the value that is read may still have */
	struct buf folder;        /* of what is read: "Reading/Science" */
	/* Names of folders, in the order in which their items begin: they may come later. */
	bool collecting;
	struct arena arena;
	struct {
		const char **items;
		size_t count, cap;
	} names;
	size_t next_name;
};

/* --- Characters --- */

/* The next one; -1 at the end, -2 after an error. */
static int peek_char(struct json_list *list)
{
	if (list->at == list->len) {
		long n = list->in->read(list->in, list->block, sizeof list->block, list->err);
		list->place += list->len;
		list->len = n > 0 ? (size_t)n : 0;
		list->at = 0;
		if (n <= 0)
			return n < 0 ? -2 : -1;
	}
	return (unsigned char)list->block[list->at];
}

static int peek_mark(struct json_list *list)
{
	int c = peek_char(list);
	while (c >= 0 && ascii_is_space((uint32_t)c)) {
		list->at++;
		c = peek_char(list);
	}
	return c;
}

static int fail_json(struct json_list *list, const char *why)
{
	return error_set(list->err, CHAPBOOK_E_INPUT, "%s: not valid JSON at byte %llu: %s",
			 list->in->name, list->place + list->at, why);
}

static int expect(struct json_list *list, char mark)
{
	int c = peek_mark(list);
	if (c == mark) {
		list->at++;
		return 0;
	}
	char why[32] = "a \"?\" is missing";
	why[3] = mark;
	return c == -2 ? -1 : fail_json(list, c == -1 ? "it ends too early" : why);
}

/* --- Values --- */

/* One byte at a time: Jansson must not take more than the value has. */
static size_t give_byte(void *buffer, size_t size, void *ctx)
{
	struct json_list *list = ctx;
	int c = size && list->budget ? peek_char(list) : -1;
	if (!list->budget)
		return (size_t)-1;
	if (c < 0)
		return c == -1 ? 0 : (size_t)-1;
	list->at++;
	list->budget--;
	*(char *)buffer = (char)c;
	return 1;
}

/* A number, or true, false, null. */
static json_t *load_word(struct json_list *list, json_error_t *why)
{
	char text[64];
	size_t len = 0;
	int c;
	while ((c = peek_char(list)) >= 0 && len + 1 < sizeof text &&
	       (ascii_is_alnum((uint32_t)c) || c == '+' || c == '-' || c == '.')) {
		text[len++] = (char)c;
		list->at++;
	}
	text[len] = '\0';
	return json_loads(text, JSON_DECODE_ANY, why);
}

/* NULL after an error. */
static json_t *load_value(struct json_list *list)
{
	json_error_t why = {.text = "it ends too early"};
	json_t *value = NULL;
	int c = peek_mark(list);
	list->budget = MAX_JSON_VALUE;
	if (c == '{' || c == '[' || c == '"')
		value = json_load_callback(
			give_byte, list, JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL,
			&why);
	else if (c >= 0)
		value = load_word(list, &why);
	if (!value && c != -2 && !list->budget)
		error_set(list->err, CHAPBOOK_E_LIMIT, "%s: an item of more than %d MB",
			  list->in->name, MAX_JSON_VALUE >> 20);
	else if (!value && c != -2)
		fail_json(list, why.text);
	return value;
}

/* --- Items and folders --- */

static bool get_member(void *ctx, const char *name, size_t len, struct row_value *value)
{
	const json_t *json = ctx;
	while (json && len) {
		const char *dot = memchr(name, '.', len);
		size_t n = dot ? (size_t)(dot - name) : len;
		json = json_object_getn(json, name, n);
		name += n + (dot != NULL);
		len -= n + (dot != NULL);
	}
	*value = (struct row_value){.json = json};
	return json != NULL;
}

/* Whether lists of that name hold items. */
static bool is_walked(const struct json_list *list, const char *name)
{
	struct cell names = list->row->cells[ROW_WALK], one;
	if (cell_is(&names, "*"))
		return !row_uses(list->row, name);
	while (cell_item(&names, ',', &one))
		if (one.len == strlen(name) && memcmp(one.s, name, one.len) == 0)
			return true;
	return false;
}

static int emit_json(struct json_list *list, json_t *fields)
{
	const struct row_record record = {get_member, fields, list->in->url};
	if (list->collecting)
		return 0;
	item_begin(&list->item);
	if (list->folder.len)
		list->item.item.folder = arena_dup(&list->item.arena, list->folder.data);
	return row_read(list->row, &record, &list->item) ? item_emit(&list->item, list->err) : 0;
}

/* An address alone in a list. */
static int emit_string(struct json_list *list, const json_t *value)
{
	const char *text = json_string_value(value);
	if (!text || list->collecting)
		return 0;
	item_begin(&list->item);
	if (list->folder.len)
		list->item.item.folder = arena_dup(&list->item.arena, list->folder.data);
	return item_set_url(&list->item, text, strlen(text), list->in->url)
		       ? item_emit(&list->item, list->err)
		       : 0;
}

static const char *folder_title(struct json_list *list, json_t *fields)
{
	const struct row_record record = {get_member, fields, NULL};
	struct row_value url;
	if (get_member(fields, "url", 3, &url) || get_member(fields, "uri", 3, &url))
		return NULL;
	return row_line(list->row, ROW_TITLE, &record, &list->item);
}

/* An object of which items are read. */
struct json_node {
	json_t *fields;
	size_t folder; /* its number + 1 among the names; 0: it holds no list */
};

/* Enter the folder that the object is, if it has a name. Returns the length of the path before. */
static size_t enter_folder(struct json_list *list, struct json_node *node)
{
	size_t before = list->folder.len;
	if (!node->folder) {
		node->folder = ++list->next_name;
		const char **slot = list->collecting && list->names.count < MAX_FOLDERS
					    ? ARENA_PUSH(&list->arena, list->names)
					    : NULL;
		if (slot)
			*slot = NULL;
	}
	item_begin(&list->item);
	const char *name = !list->collecting && node->folder <= list->names.count
				   ? list->names.items[node->folder - 1]
				   : folder_title(list, node->fields);
	if (name && !list->collecting)
		buf_printf(&list->folder, "%s%s", before ? "/" : "", name);
	return before;
}

/* The object is whole: its name is known. */
static int end_node(struct json_list *list, const struct json_node *node)
{
	if (!list->collecting)
		return emit_json(list, node->fields);
	item_begin(&list->item);
	if (node->folder && node->folder <= list->names.count)
		list->names.items[node->folder - 1] =
			arena_dup(&list->arena, folder_title(list, node->fields));
	return list->arena.failed ? error_memory(list->err) : 0;
}

static int read_node(struct json_list *list, int depth);

static int read_json_array(struct json_list *list, int depth)
{
	int c, rc = 0;
	list->at++;
	if (peek_mark(list) == ']') {
		list->at++;
		return 0;
	}
	do {
		c = peek_mark(list);
		if (c == '{') {
			rc = read_node(list, depth + 1);
		} else {
			json_t *value = load_value(list);
			rc = value ? emit_string(list, value) : -1;
			json_decref(value);
		}
		c = rc == 0 ? peek_mark(list) : 0;
		if (c == ',')
			list->at++;
	} while (rc == 0 && c == ',');
	return rc == 0 ? expect(list, ']') : rc;
}

static int read_member(struct json_list *list, struct json_node *node, const char *name, int depth)
{
	int c = peek_mark(list);
	if ((c == '[' && is_walked(list, name)) || (c == '{' && !row_uses(list->row, name))) {
		size_t before = list->folder.len;
		if (c == '[')
			before = enter_folder(list, node);
		int rc = c == '[' ? read_json_array(list, depth) : read_node(list, depth + 1);
		buf_truncate(&list->folder, before);
		return rc;
	}
	json_t *value = load_value(list);
	if (!value)
		return -1;
	return json_object_set_new_nocheck(node->fields, name, value) == 0
		       ? 0
		       : error_memory(list->err);
}

static int read_members(struct json_list *list, struct json_node *node, int depth)
{
	int c, rc = 0;
	list->at++;
	if (peek_mark(list) == '}') {
		list->at++;
		return 0;
	}
	do {
		if (peek_mark(list) != '"')
			return fail_json(list, "a name is missing");
		json_t *name = load_value(list);
		rc = name ? expect(list, ':') : -1;
		if (rc == 0)
			rc = read_member(list, node, json_string_value(name), depth);
		json_decref(name);
		c = rc == 0 ? peek_mark(list) : 0;
		if (c == ',')
			list->at++;
	} while (rc == 0 && c == ',');
	return rc == 0 ? expect(list, '}') : rc;
}

static int read_node(struct json_list *list, int depth)
{
	struct json_node node = {json_object(), 0};
	int rc = -1;
	if (!node.fields)
		error_memory(list->err);
	else if (depth > MAX_JSON_DEPTH)
		error_set(list->err, CHAPBOOK_E_LIMIT, "%s: more than %d levels", list->in->name,
			  MAX_JSON_DEPTH);
	else
		rc = read_members(list, &node, depth);
	if (rc == 0)
		rc = end_node(list, &node);
	json_decref(node.fields);
	return rc;
}

/* All values of the file: one, or a line each. */
static int read_values(struct json_list *list)
{
	int c, rc = 0;
	while (rc == 0 && (c = peek_mark(list)) != -1) {
		if (c == -2)
			return -1;
		rc = c == '['   ? read_json_array(list, 0)
		     : c == '{' ? read_node(list, 0)
				: fail_json(list, "a list or an object is expected");
	}
	if (rc == 0 && (list->folder.failed || list->arena.failed))
		return error_memory(list->err);
	return rc;
}

/* Folders may have their names behind their items: these are read first. */
static int read_folder_names(struct json_list *list)
{
	struct cell walk = list->row->cells[ROW_WALK];
	if (!walk.len || cell_is(&walk, "*") || !list->in->rewind)
		return 0;
	list->collecting = true;
	int rc = read_values(list);
	list->collecting = false;
	list->len = list->at = list->next_name = 0;
	list->place = 0;
	return rc == 0 ? list->in->rewind(list->in, list->err) : rc;
}

int json_read_row(struct source_text *text, const struct source_row *row,
		  const struct source_sink *sink, struct chapbook_error *err)
{
	struct json_list *list = calloc(1, sizeof *list);
	if (!list)
		return error_memory(err);
	list->in = &text->bytes;
	list->row = row;
	list->item.sink = sink;
	list->err = err;
	list->folder = (struct buf)BUF_INIT;
	int rc = read_folder_names(list);
	if (rc == 0)
		rc = read_values(list);
	item_release(&list->item);
	arena_release(&list->arena);
	buf_release(&list->folder);
	free(list);
	return rc;
}

/* --- The format --- */

/* Whether a string is in the head: as it is, or as a name of a member. */
static bool has_member(void *ctx, const struct cell *name)
{
	const struct cell *head = ctx;
	const char *p = head->s, *end = head->s + head->len;
	while ((p = memmem(p, (size_t)(end - p), name->s, name->len)) != NULL) {
		if (p > head->s && p[-1] == '"' && p + name->len < end && p[name->len] == '"')
			return true;
		p += name->len;
	}
	return false;
}

/* Whether only JSON follows the first value: else it may be the metadata of a text. */
static bool is_json_alone(const char *s, size_t at, size_t len)
{
	size_t depth = 0;
	bool in_string = false;
	for (; at < len; at++) {
		char c = s[at];
		if (in_string) {
			at += c == '\\';
			in_string = c != '"';
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if ((c == '}' || c == ']') && (depth == 0 || --depth == 0)) {
			break;
		}
	}
	at++;
	while (at < len && ascii_is_space((unsigned char)s[at]))
		at++;
	return at >= len || s[at] == '{' || s[at] == '[';
}

static bool find_json_row(struct source_row *row, const char *head, size_t len)
{
	struct cell all = {head, len};
	size_t at = 0;
	while (at < len && ascii_is_space(head[at]))
		at++;
	return at < len && (head[at] == '{' || head[at] == '[') && is_json_alone(head, at, len) &&
	       row_find(row, "json", has_member, &all);
}

static bool json_is(const char *head, size_t len)
{
	struct source_row row;
	return find_json_row(&row, head, len);
}

static bool json_name_of(const char *head, size_t len, char *name, size_t size)
{
	struct source_row row;
	return find_json_row(&row, head, len) && row_copy_name(&row, name, size);
}

static int json_read(struct source_bytes *in, const struct source_sink *sink,
		     struct chapbook_error *err)
{
	struct source_row row;
	struct source_text text;
	source_text_init(&text, in);
	int rc = source_text_peek(&text, SOURCE_HEAD, err);
	if (rc == 0 && !find_json_row(&row, text.ready.data, text.ready.len) &&
	    !row_of_name(&row, "json", "json"))
		rc = error_set(err, CHAPBOOK_E_INTERNAL, "there is no row for lists in JSON");
	if (rc == 0)
		rc = json_read_row(&text, &row, sink, err);
	source_text_release(&text);
	return rc;
}

const struct source_format source_json = {
	.name = "json", .is = json_is, .read = json_read, .name_of = json_name_of};
