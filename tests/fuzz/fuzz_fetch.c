/* What servers say, and what lies in the cache. The first byte says what the rest is: 'E' the file
 * of an entry; 'L' its lines, to which the digest is added; 'U' an address; else the values of
 * header fields, a line each. Oracle: what was read and is written again reads the same. */
#include "fuzz.h"

#include "base/buf.h"
#include "fetch/address.h"
#include "fetch/cache.h"
#include "fetch/http.h"
#include "fetch/proxy.h"
#include "fetch/web_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_entry(const char *text, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct cache_entry entry, again;
	struct buf first = BUF_INIT, second = BUF_INIT;
	if (cache_entry_parse(text, size, &arena, &entry) && cache_entry_print(&entry, &first)) {
		if (!cache_entry_parse(first.data, first.len, &arena, &again) ||
		    !cache_entry_print(&again, &second) || strcmp(first.data, second.data) != 0)
			fuzz_fail("entry", first.data);
	}
	buf_release(&first);
	buf_release(&second);
	arena_release(&arena);
}

static void check_lines(const char *lines, size_t size)
{
	struct buf text = BUF_INIT;
	char digest[SHA256_HEX];
	buf_puts(&text, "chapbook cache 1\n");
	buf_append(&text, lines, size);
	if (text.data[text.len - 1] != '\n')
		buf_putc(&text, '\n');
	sha256_hex(text.data, text.len, digest);
	buf_printf(&text, "check %s\n", digest);
	check_entry(text.data, text.len);
	buf_release(&text);
}

static void check_url(const char *text)
{
	struct arena arena = ARENA_INIT;
	struct web_url url, again;
	web_url_for_message(&arena, text);
	address_host_seems_public(text);
	address_text_is_public(text);
	if (web_url_read(&arena, text, &url)) {
		if (!web_url_read(&arena, url.text, &again) || strcmp(url.text, again.text) != 0 ||
		    strcmp(url.origin, again.origin) != 0)
			fuzz_fail("address", url.text);
		if (!web_url_read(&arena, url.shown, &again) || again.user ||
		    strcmp(url.shown, again.text) != 0)
			fuzz_fail("address shown", url.shown);
		web_url_referrer(&arena, text, &url);
		address_host_seems_public(url.host);
		proxy_list_names(text, url.host);
	}
	arena_release(&arena);
}

static void check_head(char *text)
{
	struct arena arena = ARENA_INIT;
	const char *lines[8] = {0};
	for (size_t i = 0; i < 8 && text; i++) {
		lines[i] = text;
		text = strchr(text, '\n');
		if (text)
			*text++ = '\0';
	}
	struct http_head head = {.status = 200,
				 .cache_control = lines[0],
				 .date = lines[1],
				 .expires = lines[2],
				 .last_modified = lines[3],
				 .age = lines[4],
				 .pragma = lines[5],
				 .content_type = lines[6],
				 .vary = lines[7]};
	char *type, *charset;
	http_content_type(&arena, head.content_type, &type, &charset);
	for (const char *p = type; p && *p; p++)
		if (*p <= ' ' || *p == ';' || *p == 0x7F || (*p >= 'A' && *p <= 'Z'))
			fuzz_fail("type", type);
	for (const char *p = charset; p && *p; p++)
		if (*p <= ' ' || *p == 0x7F)
			fuzz_fail("charset", charset);
	http_may_keep(&head);
	long long until = http_fresh_until(&head, 1000000, 1000010);
	if (until > 1000010 + (1LL << 40))
		fuzz_fail("fresh", "for ever");
	if (head.age && http_retry_after(head.age, 1000000) < -1)
		fuzz_fail("Retry-After", head.age);
	const char *list = head.vary;
	for (char name[8]; list && http_next_name(&list, name, sizeof name);)
		if (strlen(name) >= sizeof name)
			fuzz_fail("name", name);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	char *text = malloc(size);
	if (!text)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if (data[0] == 'E')
		check_entry((const char *)data + 1, size - 1);
	else if (data[0] == 'L')
		check_lines((const char *)data + 1, size - 1);
	else if (data[0] == 'U')
		check_url(text);
	else
		check_head(text);
	free(text);
	return 0;
}
