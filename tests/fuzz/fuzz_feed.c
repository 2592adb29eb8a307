/* Feeds: whatever the bytes are, what an item says is clean UTF-8, its addresses are those of web
 * pages, and its dates are dates. */
#include "fuzz.h"

#include "base/timestamp.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

static void check_text(const char *what, const char *text)
{
	if (text && (!*text || !utf8_is_clean(text, strlen(text))))
		fuzz_fail(what, text);
}

static void check_date(const char *text)
{
	long long epoch;
	if (text && !when_parse(text, &epoch))
		fuzz_fail("date", text);
}

static int check_item(void *ctx, const struct chapbook_item *item)
{
	(void)ctx;
	check_text("title", item->title);
	check_text("id", item->id);
	check_text("summary", item->summary);
	check_text("source", item->source);
	check_text("address", item->url);
	check_date(item->published);
	check_date(item->updated);
	if (item->url && strncasecmp(item->url, "http", 4) != 0)
		fuzz_fail("address", item->url);
	for (size_t i = 0; i < item->tag_count; i++)
		check_text("tag", item->tags[i]);
	for (size_t i = 0; i < item->author_count; i++) {
		check_text("author", item->authors[i].name);
		if (strchr(item->authors[i].name, '@') && strchr(item->authors[i].name, '<'))
			fuzz_fail("mail address", item->authors[i].name);
	}
	if (item->content && !utf8_is_clean(item->content, item->content_size))
		fuzz_fail("content", item->content);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chapbook_error err = {0};
	struct chapbook_source *source =
		chapbook_source_open_bytes("feed", "http://a.example/feed", data, size, &err);
	if (source && chapbook_source_set_format(source, "feed", &err) == 0 &&
	    chapbook_source_read(source, check_item, NULL, NULL, NULL, &err) < 0 && !err.message[0])
		fuzz_fail("error", "without a message");
	chapbook_source_free(source);
	return 0;
}
