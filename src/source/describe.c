/* Items as JSON. */
#include "base/error.h"
#include "base/json.h"
#include "chapbook.h"

static void describe_highlights(struct json *json, const struct chapbook_item *item)
{
	if (item->highlight_count == 0)
		return;
	json_open(json, "highlights", '[');
	for (size_t i = 0; i < item->highlight_count; i++) {
		json_open(json, NULL, '{');
		json_put_known(json, "text", item->highlights[i].text);
		json_put_known(json, "note", item->highlights[i].note);
		json_close(json);
	}
	json_close(json);
}

static void describe_lists(struct json *json, const struct chapbook_item *item)
{
	if (item->author_count) {
		json_open(json, "authors", '[');
		for (size_t i = 0; i < item->author_count; i++) {
			json_open(json, NULL, '{');
			json_put_known(json, "name", item->authors[i].name);
			json_put_known(json, "url", item->authors[i].url);
			json_close(json);
		}
		json_close(json);
	}
	if (item->tag_count) {
		json_open(json, "tags", '[');
		for (size_t i = 0; i < item->tag_count; i++)
			json_put(json, NULL, item->tags[i]);
		json_close(json);
	}
	describe_highlights(json, item);
}

char *chapbook_item_json(const struct chapbook_item *item, struct chapbook_error *err)
{
	struct buf out = BUF_INIT;
	struct json json = {.out = &out};
	const struct {
		const char *key, *value;
	} fields[] = {
		{"url", item->url},
		{"title", item->title},
		{"id", item->id},
		{"source", item->source},
		{"source_url", item->source_url},
		{"summary", item->summary},
		{"folder", item->folder},
		{"state", item->state},
		{"note", item->note},
		{"language", item->language},
		{"published", item->published},
		{"updated", item->updated},
		{"saved", item->saved},
		{"content_type", item->content_type},
		{"base_url", item->base_url},
	};
	json_open_line(&json, NULL, '{');
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		json_put_known(&json, fields[i].key, fields[i].value);
	if (item->is_source)
		json_put_bool(&json, "is_source", true);
	describe_lists(&json, item);
	if (item->content) {
		json_put_number(&json, "content_size", item->content_size);
		if (item->is_partial)
			json_put_bool(&json, "is_partial", true);
	}
	if (item->file_count)
		json_put_number(&json, "files", item->file_count);
	json_close(&json);
	char *text = buf_detach(&out, NULL);
	if (!text)
		error_memory(err);
	return text;
}
