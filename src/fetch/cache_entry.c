#include "fetch/cache.h"

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FIRST_LINE "chapbook cache 1\n"
#define LAST_WORD  "check "

/* The lines that are texts, in their order. */
static const struct {
	const char *name;
	size_t at;
} texts[] = {
	{"url", offsetof(struct cache_entry, url)},
	{"location", offsetof(struct cache_entry, location)},
	{"type", offsetof(struct cache_entry, media_type)},
	{"charset", offsetof(struct cache_entry, charset)},
	{"etag", offsetof(struct cache_entry, etag)},
	{"last-modified", offsetof(struct cache_entry, last_modified)},
	{"cache-control", offsetof(struct cache_entry, cache_control)},
	{"vary", offsetof(struct cache_entry, vary)},
	{"vary-key", offsetof(struct cache_entry, vary_key)},
};
enum { TEXTS = sizeof texts / sizeof *texts };

static char **cache_entry_text_of(struct cache_entry *entry, size_t i)
{
	return (char **)((char *)entry + texts[i].at);
}

bool cache_entry_print(const struct cache_entry *entry, struct buf *out)
{
	struct cache_entry copy = *entry;
	size_t start = out->len;
	buf_puts(out, FIRST_LINE);
	for (size_t i = 0; i < TEXTS; i++) {
		const char *text = *cache_entry_text_of(&copy, i);
		if (!text)
			continue;
		if (text[0] == '\0' || strpbrk(text, "\r\n"))
			goto cannot;
		buf_printf(out, "%s %s\n", texts[i].name, text);
	}
	buf_printf(out, "times %lld %lld\n", entry->retrieved, entry->fresh_until);
	buf_printf(out, "%s\n", entry->is_public ? "public" : "private");
	if (!entry->location)
		buf_printf(out, "bytes %s %zu\n", entry->digest, entry->size);
	char check[SHA256_HEX];
	sha256_hex(out->data + start, out->len - start, check);
	buf_printf(out, LAST_WORD "%s\n", check);
	if (!out->failed && entry->url)
		return true;
cannot:
	buf_truncate(out, start);
	return false;
}

/* What follows `name` and a space in the line at *s, which is then passed; NULL when it is another
 * line. *s is known to end with a line end. */
static const char *line(const char **s, const char *name, size_t *len)
{
	size_t name_len = strlen(name);
	if (strncmp(*s, name, name_len) != 0 || (*s)[name_len] != ' ')
		return NULL;
	const char *value = *s + name_len + 1;
	*len = strcspn(value, "\n");
	*s = value + *len + 1;
	return value;
}

static bool is_digest(const char *s)
{
	return strspn(s, "0123456789abcdef") >= SHA256_HEX - 1;
}

/* The lines between the first and the last. `s` ends with a line end. */
static bool parse_lines(const char *s, struct arena *arena, struct cache_entry *entry)
{
	const char *value;
	size_t len;
	for (size_t i = 0; i < TEXTS; i++) {
		value = line(&s, texts[i].name, &len);
		if (value && !(*cache_entry_text_of(entry, i) = arena_dupn(arena, value, len)))
			return false;
	}
	value = line(&s, "times", &len);
	if (!value || sscanf(value, "%lld %lld", &entry->retrieved, &entry->fresh_until) != 2)
		return false;
	entry->is_public = strncmp(s, "public\n", 7) == 0;
	if (!entry->is_public && strncmp(s, "private\n", 8) != 0)
		return false;
	s += entry->is_public ? 7 : 8;
	if (!entry->location) {
		value = line(&s, "bytes", &len);
		if (!value || !is_digest(value) || value[SHA256_HEX - 1] != ' ' ||
		    sscanf(value + SHA256_HEX, "%zu", &entry->size) != 1)
			return false;
		memcpy(entry->digest, value, SHA256_HEX - 1);
	}
	return *s == '\0' && entry->url && entry->size < SIZE_MAX;
}

bool cache_entry_parse(const char *text, size_t size, struct arena *arena,
		       struct cache_entry *entry)
{
	enum { LAST_LINE = sizeof LAST_WORD - 1 + SHA256_HEX };
	*entry = (struct cache_entry){0};
	const size_t first = strlen(FIRST_LINE);
	if (size < first + LAST_LINE || memchr(text, '\0', size) ||
	    memcmp(text, FIRST_LINE, first) != 0)
		return false;
	const char *last = text + size - LAST_LINE;
	char check[SHA256_HEX];
	sha256_hex(text, (size_t)(last - text), check);
	if (last[-1] != '\n' || memcmp(last, LAST_WORD, strlen(LAST_WORD)) != 0 ||
	    memcmp(last + strlen(LAST_WORD), check, SHA256_HEX - 1) != 0 ||
	    last[LAST_LINE - 1] != '\n')
		return false;
	char *lines = arena_dupn(arena, text + first, (size_t)(last - text) - first);
	return lines && parse_lines(lines, arena, entry);
}
