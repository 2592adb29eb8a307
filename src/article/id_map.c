#include "article/id_map.h"

#include "article/links.h"
#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <libxml/parserInternals.h>
#include <stdint.h>
#include <string.h>

#define XML(s) ((const xmlChar *)(s))

void id_map_init(struct id_map *map)
{
	*map = (struct id_map){0};
}

void id_map_release(struct id_map *map)
{
	map_release(&map->final_of);
	map_release(&map->counts);
	arena_release(&map->arena);
	*map = (struct id_map){0};
}

const char *id_map_find(const struct id_map *map, const char *wanted)
{
	return map_find(&map->final_of, wanted);
}

void id_map_alias(struct id_map *map, const char *wanted, const char *final)
{
	if (!final || id_map_find(map, wanted))
		return;
	const char *key = arena_dup(&map->arena, wanted);
	if (key)
		map_set(&map->final_of, key, (void *)(uintptr_t) final);
	map->failed |= !key || map->final_of.failed;
}

/* The characters of `wanted` that may stand in a name, "_" before what may not begin one. */
void id_map_put_name(struct buf *out, const char *wanted)
{
	size_t len = strlen(wanted), start = out->len;
	for (size_t i = 0; i < len && out->len < 200;) {
		uint32_t cp;
		size_t n = utf8_decode(wanted + i, len - i, &cp);
		bool letter = xmlIsLetter((int)cp) || cp == '_';
		bool more = letter || xmlIsDigit((int)cp) || cp == '-' || cp == '.' ||
			    xmlIsCombining((int)cp) || xmlIsExtender((int)cp);
		if (more && !letter && out->len == start)
			buf_putc(out, '_');
		if (more)
			buf_append(out, wanted + i, n);
		i += n;
	}
}

const char *id_map_claim(struct id_map *map, const char *wanted)
{
	struct buf name = BUF_INIT;
	const char *base = NULL, *final = NULL;
	id_map_put_name(&name, wanted);
	if (name.len == 0 || name.failed)
		goto out;
	base = final = arena_dup(&map->arena, name.data);
	size_t len = name.len;
	uintptr_t number = (uintptr_t)map_find(&map->counts, name.data);
	if (number) {
		while (map_find(&map->counts, name.data) && !name.failed) {
			buf_truncate(&name, len);
			buf_printf(&name, "-%zu", (size_t)number++);
		}
		final = arena_dup(&map->arena, name.data);
		if (base)
			map_set(&map->counts, base, (void *)number);
	}
	if (final)
		map_set(&map->counts, final, (void *)(uintptr_t)1);
	map->failed |= !base || !final || map->counts.failed || name.failed;
	id_map_alias(map, wanted, final);
out:
	buf_end(&name, &map->failed);
	return map->failed ? NULL : final;
}

void id_map_resolve_links(struct id_map *map, xmlNode *root, bool drop)
{
	struct buf fragment = BUF_INIT;
	for (xmlNode *n = tree_find(root, NULL, "a"), *next; n; n = next) {
		next = tree_find(root, n, "a");
		const char *href = tree_get(n, "href");
		if (!href || href[0] != '#')
			continue;
		const char *final = id_map_find(map, href + 1);
		if (!final) {
			buf_truncate(&fragment, 0);
			url_put_decoded(&fragment, href + 1, strlen(href + 1));
			final = id_map_find(map, fragment.data);
		}
		if (final) {
			buf_truncate(&fragment, 0);
			buf_putc(&fragment, '#');
			buf_puts(&fragment, final);
			tree_set(n, "href", fragment.data);
		} else if (drop) {
			link_drop(n);
		}
	}
	buf_end(&fragment, &map->failed);
}
