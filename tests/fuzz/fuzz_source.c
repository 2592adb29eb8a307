/* Sources: whatever the bytes are, the strings of items are clean and not empty, each item has an
 * address or a text, and is written as JSON in one line. */
#include "fuzz.h"

#include "base/utf8.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ITEMS = 2000 };

static void check_string(const char *text)
{
	if (text && (!*text || !utf8_is_clean(text, strlen(text))))
		fuzz_fail("string", text);
}

static void check_lists(const struct chapbook_item *item)
{
	for (size_t i = 0; i < item->tag_count; i++)
		check_string(item->tags[i]);
	for (size_t i = 0; i < item->author_count; i++)
		check_string(item->authors[i].name);
	for (size_t i = 0; i < item->highlight_count; i++) {
		check_string(item->highlights[i].text);
		check_string(item->highlights[i].note);
	}
}

static int check_item(void *ctx, const struct chapbook_item *item)
{
	size_t *count = ctx;
	const char *const strings[] = {
		item->id,        item->url,     item->source, item->source_url, item->title,
		item->summary,   item->folder,  item->state,  item->note,       item->language,
		item->published, item->updated, item->saved,  item->base_url};
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		check_string(strings[i]);
	check_lists(item);
	if (!item->content && !item->url)
		fuzz_fail("item", "neither content nor address");
	char *text = chapbook_item_json(item, NULL);
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;
	if (!json || strchr(text, '\n'))
		fuzz_fail("JSON", text ? text : "none");
	json_decref(json);
	free(text);
	return ++*count == MAX_ITEMS;
}

static void check_error(const struct chapbook_error *err)
{
	if (err->code != CHAPBOOK_E_INPUT && err->code != CHAPBOOK_E_LIMIT)
		fuzz_fail("error", err->message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chapbook_error err = {0};
	size_t count = 0;
	struct chapbook_source *source =
		chapbook_source_open_bytes("fuzz", "https://lake.example/list", data, size, &err);
	if (!source) {
		check_error(&err);
		return 0;
	}
	if (chapbook_source_format(source) &&
	    chapbook_source_read(source, check_item, &count, NULL, NULL, &err) < 0)
		check_error(&err);
	chapbook_source_free(source);
	return 0;
}
