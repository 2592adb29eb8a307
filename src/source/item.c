#include "source/item.h"

#include "article/url.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "lang/date.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { MAX_ITEM_TAGS = 1000, MAX_ADDRESS = 16384 };

void item_begin(struct item_builder *b)
{
	const struct source_sink *sink = b->sink;
	arena_release(&b->arena);
	*b = (struct item_builder){.sink = sink};
}

void item_release(struct item_builder *b)
{
	arena_release(&b->arena);
}

static const char *keep_text(struct item_builder *b, struct buf *text)
{
	const char *copy = NULL;
	if (text->failed)
		b->arena.failed = true;
	else if (text->len)
		copy = arena_dupn(&b->arena, text->data, text->len);
	buf_release(text);
	return copy;
}

const char *item_line(struct item_builder *b, const char *text, size_t len)
{
	struct buf out = BUF_INIT;
	utf8_clean(&out, text, len);
	buf_fold_space(&out, 0);
	return keep_text(b, &out);
}

const char *item_text(struct item_builder *b, const char *text, size_t len)
{
	struct buf out = BUF_INIT;
	utf8_trim(&text, &len);
	utf8_clean(&out, text, len);
	return keep_text(b, &out);
}

/* --- Dates --- */

/* A number of seconds, milli-, micro- or nanoseconds, by its size: until the year 5138 there are
 * fewer than 10^11 seconds. */
static bool read_seconds(const char *text, size_t len, enum source_time unit, long long *epoch)
{
	enum { MAX_DIGITS = 18 };
	static const long long limit = 100000000000, webkit_epoch = 11644473600;
	long long n = 0;
	size_t i = 0;
	for (; i < len && i < MAX_DIGITS && ascii_is_digit(text[i]); i++)
		n = 10 * n + (text[i] - '0');
	if (i == 0 || (i < len && text[i] != '.'))
		return false;
	if (unit == SOURCE_TIME_WEBKIT) {
		*epoch = n / 1000000 - webkit_epoch;
		return *epoch > 0;
	}
	while (n >= limit)
		n /= 1000;
	*epoch = n;
	return n > 0;
}

const char *item_date(struct item_builder *b, const char *text, size_t len, enum source_time unit)
{
	char when[WHEN_TEXT];
	long long epoch;
	utf8_trim(&text, &len);
	if (len == 0)
		return NULL;
	if (unit != SOURCE_TIME_TEXT || (len > 8 && ascii_are_digits(text, len))) {
		if (!read_seconds(text, len, unit, &epoch))
			return NULL;
		when_format(epoch, when);
		return arena_dup(&b->arena, when);
	}
	return date_parse(&b->arena, text, len);
}

/* --- Lists of words --- */

void item_add_tag(struct item_builder *b, const char *text, size_t len)
{
	const char *tag = item_line(b, text, len);
	if (!tag || b->tags.count >= MAX_ITEM_TAGS)
		return;
	for (size_t i = 0; i < b->tags.count; i++)
		if (strcasecmp(b->tags.items[i], tag) == 0)
			return;
	const char **slot = ARENA_PUSH(&b->arena, b->tags);
	if (slot)
		*slot = tag;
}

/* The strings of a list in brackets: of JSON, or as Python prints it. */
static void add_quoted(struct item_builder *b, const char *p, const char *end)
{
	struct buf word = BUF_INIT;
	while (p < end) {
		char quote = *p++;
		if (quote != '"' && quote != '\'')
			continue;
		buf_truncate(&word, 0);
		for (; p < end && *p != quote; p++) {
			if (*p == '\\' && p + 1 < end)
				p++;
			buf_putc(&word, *p);
		}
		p += p < end;
		item_add_tag(b, word.data, word.len);
	}
	buf_end(&word, &b->arena.failed);
}

void item_add_tags(struct item_builder *b, const char *text, size_t len, char separator)
{
	const char *end = text + len;
	utf8_trim(&text, &len);
	end = text + len;
	if (separator == 'l' && len >= 2 && *text == '[' && end[-1] == ']') {
		add_quoted(b, text + 1, end - 1);
		return;
	}
	if (separator == 'l' || separator == '\0')
		separator = ',';
	while (text < end) {
		const char *at = memchr(text, separator, (size_t)(end - text));
		size_t n = (size_t)((at ? at : end) - text);
		item_add_tag(b, text, n);
		text += n + (at != NULL);
	}
}

void item_add_author(struct item_builder *b, const char *text, size_t len)
{
	const char *name = item_line(b, text, len);
	struct chapbook_item_author *slot =
		name && b->authors.count < MAX_ITEM_TAGS ? ARENA_PUSH(&b->arena, b->authors) : NULL;
	if (slot)
		slot->name = name;
}

void item_add_highlight(struct item_builder *b, const char *text, const char *note)
{
	struct chapbook_highlight *slot =
		text || note ? ARENA_PUSH(&b->arena, b->highlights) : NULL;
	if (slot)
		*slot = (struct chapbook_highlight){text, note};
}

/* --- Addresses --- */

static bool is_web_address(const char *text, size_t len)
{
	return (len > 7 && strncasecmp(text, "http://", 7) == 0) ||
	       (len > 8 && strncasecmp(text, "https://", 8) == 0);
}

bool item_set_url(struct item_builder *b, const char *text, size_t len, const char *base)
{
	utf8_trim(&text, &len);
	if (len == 0)
		return false;
	const char *url = len <= MAX_ADDRESS ? item_line(b, text, len) : NULL;
	if (url && !is_web_address(url, len) && !url_is_absolute(url) && base) {
		struct buf whole = BUF_INIT;
		url_resolve(&whole, url, base, URL_LINK);
		url = keep_text(b, &whole);
	}
	if (url && is_web_address(url, strlen(url))) {
		b->item.url = url;
		return true;
	}
	diag_add(b->sink->diag, DIAG_ITEM_SKIPPED, 0, "\"%.*s\" is not the address of a web page",
		 (int)(len < 100 ? len : 100), text);
	return false;
}

int item_emit(struct item_builder *b, struct chapbook_error *err)
{
	if (b->arena.failed)
		return error_memory(err);
	b->item.tags = b->tags.items;
	b->item.tag_count = b->tags.count;
	b->item.authors = b->authors.items;
	b->item.author_count = b->authors.count;
	b->item.highlights = b->highlights.items;
	b->item.highlight_count = b->highlights.count;
	return b->sink->fn(b->sink->ctx, &b->item);
}
