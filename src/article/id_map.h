/* The ids of one body: what the input called a place, and what it is called now. An id must be
 * unique and an XML name without colons (Namespaces in XML 1.0, NCName), so some change. */
#ifndef ARTICLE_ID_MAP_H
#define ARTICLE_ID_MAP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"

#include <libxml/tree.h>

struct id_map {
	struct arena arena;
	struct map final_of; /* wanted -> final */
	struct map counts;   /* final -> the last number tried behind it */
	bool failed;         /* memory ran out */
};

void id_map_init(struct id_map *map);
void id_map_release(struct id_map *map);

/* Take an id: `wanted`, made a name, and with "-1", "-2", … behind it while it is taken. Links
 * to `wanted` lead to the first that wanted it. Returns the final id (borrowed from the map), or
 * NULL when memory runs out or nothing of `wanted` can stand in a name. */
const char *id_map_claim(struct id_map *map, const char *wanted);

/* The final id for `wanted`, or NULL when it was not claimed. */
const char *id_map_find(const struct id_map *map, const char *wanted);

/* Append the name that `wanted` becomes: nothing when no character of it can stand in one. */
void id_map_put_name(struct buf *out, const char *wanted);

/* Let links to `wanted` lead to `final`, unless they lead somewhere already. */
void id_map_alias(struct id_map *map, const char *wanted, const char *final);

/* Point every `href="#…"` below `root` at final ids; one that leads nowhere gives way to
 * its text when `drop` is set. */
void id_map_resolve_links(struct id_map *map, xmlNode *root, bool drop);

#endif
