#include "fetch/fetch_parts.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A digest of what the request says for the fields that the answer depends on (RFC 9111 section
 * 4.1), in the arena. NULL when it is not known: "*", cookies, which libcurl keeps. */
static char *vary_key(struct get *g, const char *vary)
{
	struct buf said = BUF_INIT;
	char digest[SHA256_HEX];
	bool can_tell = true;
	for (char name[64]; can_tell && http_next_name(&vary, name, sizeof name);) {
		const char *value = get_line(g, name);
		can_tell = strcmp(name, "*") != 0 && strcmp(name, "cookie") != 0;
		if (strcmp(name, "accept-encoding") != 0) /* what comes is always decompressed */
			buf_printf(&said, "%s:%s\n", name, value ? value : "");
	}
	sha256_hex(said.data, said.len, digest);
	can_tell = can_tell && !said.failed;
	buf_release(&said);
	return can_tell ? arena_dup(&g->arena, digest) : NULL;
}

/* Whether it was the answer to a request like this one. */
static bool is_for(struct get *g, const struct cache_entry *entry)
{
	if (!entry->vary)
		return true;
	const char *key = vary_key(g, entry->vary);
	return key && entry->vary_key && strcmp(key, entry->vary_key) == 0;
}

/* Whether it may be sent as the value of a field. */
static bool is_value(const char *s)
{
	if (!s || !*s)
		return false;
	for (; *s; s++)
		if (((unsigned char)*s < ' ' && *s != '\t') || *s == 0x7F)
			return false;
	return true;
}

enum known get_known(struct get *g, struct cache_entry *entry, char **bytes)
{
	struct fetcher *f = g->f;
	long long now = time(NULL);
	*bytes = NULL;
	if (!f->cache || !cache_find(f->cache, g->url.text, &g->arena, entry) ||
	    strcmp(entry->url, g->url.shown) != 0)
		return KNOWN_NOTHING;
	bool same = is_for(g, entry);
	/* One from the future was kept while the clock was wrong. */
	bool fresh =
		f->options.offline || (same && entry->fresh_until > now && entry->retrieved <= now);
	/* Redirects that lead in a circle until a cookie is set: the host is asked. */
	if (entry->location && g->redirects >= 3 && !f->options.offline)
		return KNOWN_NOTHING;
	if (!fresh && g->public_only && !entry->is_public)
		return KNOWN_NOTHING;
	bool tag = is_value(entry->etag), date = same && is_value(entry->last_modified);
	if (!fresh && !tag && !date)
		return KNOWN_NOTHING;
	if (!entry->location && !cache_load(f->cache, g->url.text, entry, bytes))
		return KNOWN_NOTHING;
	cache_touch(f->cache, g->url.text, entry);
	if (fresh)
		return KNOWN_FRESH;
	if (tag)
		get_add_line(g, "If-None-Match", entry->etag);
	if (date)
		get_add_line(g, "If-Modified-Since", entry->last_modified);
	return KNOWN_STALE;
}

void get_keep(struct get *g, const struct exchange *ex, const char *location, long long asked,
	      long long received)
{
	struct fetcher *f = g->f;
	const struct http_head *head = &ex->head;
	if (!f->cache)
		return;
	struct web_url to;
	bool may_keep =
		location ? !head->set_cookie && web_url_read(&g->arena, location, &to) && !to.user
			 : head->status == 200;
	if (!may_keep || !http_may_keep(head)) {
		cache_forget(f->cache, g->url.text);
		return;
	}
	struct cache_entry entry = {
		.url = g->url.shown,
		.location = (char *)location,
		.etag = is_value(head->etag) ? (char *)head->etag : NULL,
		.last_modified = is_value(head->last_modified) ? (char *)head->last_modified : NULL,
		.cache_control = is_value(head->cache_control) ? (char *)head->cache_control : NULL,
		.vary = is_value(head->vary) ? (char *)head->vary : NULL,
		.retrieved = received,
		.fresh_until = http_fresh_until(head, asked, received),
		.is_public = ex->is_public,
	};
	if (entry.vary)
		entry.vary_key = vary_key(g, entry.vary);
	http_content_type(&g->arena, head->content_type, &entry.media_type, &entry.charset);
	if (!g->arena.failed)
		cache_keep(f->cache, g->url.text, &entry, location ? NULL : ex->body.data,
			   location ? 0 : ex->body.len);
}

void get_confirm(struct get *g, const struct exchange *ex, struct cache_entry *entry,
		 long long asked, long long received)
{
	struct http_head head = ex->head;
	/* What it does not say again is as it was (RFC 9111 section 3.2). */
	head.status = entry->location ? 302 : 200;
	if (is_value(head.etag))
		entry->etag = (char *)head.etag;
	if (is_value(head.last_modified))
		entry->last_modified = (char *)head.last_modified;
	head.last_modified = entry->last_modified;
	if (is_value(head.cache_control))
		entry->cache_control = (char *)head.cache_control;
	else if (!head.expires)
		head.cache_control = entry->cache_control;
	entry->retrieved = received;
	entry->fresh_until = http_fresh_until(&head, asked, received);
	entry->is_public = ex->is_public;
	if (entry->vary)
		entry->vary_key = vary_key(g, entry->vary);
	if (http_may_keep(&head))
		cache_keep(g->f->cache, g->url.text, entry, NULL, 0);
	else
		cache_forget(g->f->cache, g->url.text);
}
