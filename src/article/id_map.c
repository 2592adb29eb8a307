#include "article/id_map.h"

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
	*map = (struct id_map){.final_of = xmlHashCreate(64), .counts = xmlHashCreate(64)};
	map->failed = !map->final_of || !map->counts;
}

void id_map_release(struct id_map *map)
{
	xmlHashFree(map->final_of, NULL);
	xmlHashFree(map->counts, NULL);
	arena_release(&map->arena);
	*map = (struct id_map){.failed = true};
}

const char *id_map_find(const struct id_map *map, const char *wanted)
{
	return map->final_of ? xmlHashLookup(map->final_of, XML(wanted)) : NULL;
}

void id_map_alias(struct id_map *map, const char *wanted, const char *final)
{
	if (map->failed || !final || id_map_find(map, wanted))
		return;
	if (xmlHashAddEntry(map->final_of, XML(wanted), (void *)(uintptr_t) final) != 0)
		map->failed = true;
}

/* The characters of `wanted` that may stand in a name, "_" before what may not begin one. */
static void put_name(struct buf *out, const char *wanted)
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
	const char *final = NULL;
	put_name(&name, wanted);
	if (map->failed || name.len == 0 || name.failed)
		goto out;

	size_t len = name.len;
	uintptr_t number = (uintptr_t)xmlHashLookup(map->counts, XML(name.data));
	while (xmlHashLookup(map->counts, XML(name.data))) {
		buf_truncate(&name, len);
		buf_printf(&name, "-%zu", (size_t)number++);
		if (name.failed)
			goto out;
	}
	final = arena_dup(&map->arena, name.data);
	if (!final || xmlHashAddEntry(map->counts, XML(final), (void *)(uintptr_t)1) != 0)
		goto fail;
	if (name.len > len) {
		buf_truncate(&name, len);
		if (xmlHashUpdateEntry(map->counts, XML(name.data), (void *)number, NULL) != 0)
			goto fail;
	}
	id_map_alias(map, wanted, final);
	goto out;
fail:
	final = NULL;
	map->failed = true;
out:
	map->failed |= name.failed;
	buf_release(&name);
	return final;
}

/* A link that leads nowhere is no link; what it says stays. */
static void drop_link(xmlNode *link)
{
	if (!tree_get(link, "id")) {
		tree_unwrap(link);
		return;
	}
	tree_set(link, "href", NULL);
	tree_set(link, "epub:type", NULL);
	tree_set(link, "role", NULL);
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
			drop_link(n);
		}
	}
	map->failed |= fragment.failed;
	buf_release(&fragment);
}
