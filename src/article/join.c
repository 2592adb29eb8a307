#include "article/join.h"

#include "article/id_map.h"
#include "article/tree.h"

#include <stdio.h>
#include <string.h>

/* --- Ids --- */

static void join_claim_all(struct id_map *ids, const xmlNode *root)
{
	for (const xmlNode *n = tree_walk(root, NULL); n; n = tree_walk(root, n))
		if (tree_get(n, "id"))
			id_map_claim(ids, tree_get(n, "id"));
}

/* Give what is below `root` ids that are not taken, and let its links follow. */
static void resolve_ids(struct id_map *taken, struct arena *arena, xmlNode *root)
{
	struct map changed = MAP_INIT;
	for (xmlNode *n = tree_walk(root, NULL); n; n = tree_walk(root, n)) {
		const char *id = tree_get(n, "id"), *fresh = id ? id_map_claim(taken, id) : NULL;
		if (!fresh || strcmp(fresh, id) == 0)
			continue;
		const char *old = arena_dup(arena, id);
		if (old)
			map_set(&changed, old, (void *)fresh);
		tree_set(n, "id", fresh);
	}
	for (xmlNode *n = tree_walk(root, NULL); n; n = tree_walk(root, n)) {
		const char *href = tree_get(n, "href");
		const char *fresh = href && *href == '#' ? map_find(&changed, href + 1) : NULL;
		if (fresh)
			tree_set(n, "href", arena_printf(arena, "#%s", fresh));
	}
	arena->failed |= changed.failed;
	map_release(&changed);
}

/* --- Copying --- */

static xmlNode *copy_one(xmlNode *parent, const xmlNode *node)
{
	const char *name, *value, *text = tree_text_value(node);
	if (!tree_is_element(node))
		return tree_text(parent, text, strlen(text));
	xmlNode *copy = tree_element(parent, tree_name(node));
	for (const xmlAttr *at = tree_attr_next(node, NULL, &name, &value); at;
	     at = tree_attr_next(node, at, &name, &value))
		tree_set(copy, name, value);
	return copy;
}

/* What is below `root`, below `parent`. */
static void copy_below(xmlNode *parent, const xmlNode *root)
{
	const xmlNode *last = NULL;
	xmlNode *made = NULL; /* of `last` */
	for (const xmlNode *n = tree_walk(root, NULL); n; n = tree_walk(root, n)) {
		xmlNode *into = parent;
		if (last && tree_parent(n) == last) {
			into = made;
		} else if (last) {
			/* as many steps up in the copy as there were in the original */
			const xmlNode *up = last;
			xmlNode *copy = made;
			while (up && tree_parent(up) != tree_parent(n)) {
				up = tree_parent(up);
				copy = tree_parent(copy);
			}
			into = tree_parent(copy);
		}
		if (!into)
			return; /* memory ran out */
		made = copy_one(into, n);
		last = n;
	}
}

static bool join_is_note(const xmlNode *node)
{
	const char *type = tree_get(node, "epub:type");
	return tree_is(node, "aside") && type && strcmp(type, "footnote") == 0;
}

/* The first of the notes that end a body; NULL: there are none. */
static xmlNode *first_note(const xmlNode *body)
{
	xmlNode *first = NULL;
	for (xmlNode *n = tree_last(body); n; n = tree_prev(n)) {
		if (join_is_note(n))
			first = n;
		else if (!tree_is_space(n))
			break;
	}
	return first;
}

/* The picture that comes before all text. */
static const char *first_picture(const xmlNode *body, xmlNode **block)
{
	*block = tree_first_element(body);
	return tree_get(tree_find(*block, NULL, "img"), "src");
}

static void drop_repeated_header(const struct article *a, xmlNode *added)
{
	xmlNode *ours, *theirs;
	const char *first = first_picture(a->body, &ours), *again = first_picture(added, &theirs);
	if (first && again && tree_is(theirs, "figure") && strcmp(first, again) == 0)
		tree_remove(theirs);
}

void article_join(struct article *a, const struct article *more)
{
	struct id_map ids;
	id_map_init(&ids);
	join_claim_all(&ids, a->body);
	xmlNode *added = tree_detached(a->body, "div"), *notes = first_note(a->body);
	copy_below(added, more->body);
	drop_repeated_header(a, added);
	resolve_ids(&ids, &a->arena, added);
	for (xmlNode *n = tree_first(added), *next; n; n = next) {
		next = tree_next(n);
		if (notes && !join_is_note(n))
			tree_insert_before(notes, n);
		else
			tree_append(a->body, n);
	}
	a->arena.failed |= ids.failed;
	id_map_release(&ids);
}
