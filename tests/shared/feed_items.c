/* What feeds have, for test_shared.py: a line of JSON each, with the contents of entries. */
#include "base/json.h"
#include "chapbook.h"

#include <stdio.h>
#include <stdlib.h>

static int put_item(void *ctx, const struct chapbook_item *item)
{
	struct json *json = ctx;
	json_open(json, NULL, '{');
	json_put(json, "id", item->id);
	json_put(json, "link", item->url);
	json_put(json, "title", item->title);
	json_put(json, "summary", item->summary);
	json_put(json, "language", item->language);
	json_put(json, "published", item->published);
	json_put(json, "updated", item->updated);
	json_put(json, "base", item->base_url);
	json_put(json, "type", item->content_type);
	json_put(json, "content", item->content);
	json_open(json, "tags", '[');
	for (size_t i = 0; i < item->tag_count; i++)
		json_put(json, NULL, item->tags[i]);
	json_close(json);
	json_open(json, "authors", '[');
	for (size_t i = 0; i < item->author_count; i++)
		json_put(json, NULL, item->authors[i].name);
	json_close(json);
	json_close(json);
	return 0;
}

/* feed_items URL FILE...: as if each file came from the address. */
int main(int argc, char **argv)
{
	static char bytes[1 << 24];
	for (int i = 2; i < argc; i++) {
		struct chapbook_error err = {0};
		struct buf out = BUF_INIT;
		struct json json = {.out = &out};
		FILE *f = fopen(argv[i], "rb");
		size_t size = f ? fread(bytes, 1, sizeof bytes, f) : 0;
		if (f)
			fclose(f);
		struct chapbook_source *source =
			chapbook_source_open_bytes(argv[i], argv[1], bytes, size, &err);
		json_open_line(&json, NULL, '[');
		if (source && chapbook_source_format(source))
			chapbook_source_read(source, put_item, &json, NULL, NULL, &err);
		json_close(&json);
		puts(out.data);
		buf_release(&out);
		chapbook_source_free(source);
	}
	return 0;
}
