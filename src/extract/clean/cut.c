#include "extract/clean/clean.h"

#include "article/tree.h"
#include "extract/page/measure.h"

enum {
	MAX_DEPTH = 600,  /* the parser lets no tree be deeper */
	MAX_SIBLINGS = 50 /* inspected; more empty elements count as content */
};

/* The nodes on the way from below the root to a node. */
struct path {
	const xmlNode *nodes[MAX_DEPTH];
	size_t count;
};

static bool path_to(struct path *path, const xmlNode *root, const xmlNode *node)
{
	path->count = 0;
	for (const xmlNode *n = node; n && n != root; n = tree_parent(n))
		path->count++;
	if (path->count > MAX_DEPTH)
		return false;
	size_t i = path->count;
	for (const xmlNode *n = node; i > 0; n = tree_parent(n))
		path->nodes[--i] = n;
	return true;
}

/* Whether there is text or a picture before the node in its parent. */
static bool has_something_before(const xmlNode *node)
{
	int looked = 0;
	for (const xmlNode *n = tree_prev(node); n; n = tree_prev(n)) {
		const struct measure *m = measure_of(n);
		const char *s = tree_text_value(n);
		while (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
			s++;
		if (*s || m->chars || m->images || ++looked > MAX_SIBLINGS)
			return true;
	}
	return false;
}

void clean_cut(xmlNode *root, xmlNode *first, const xmlNode *stop)
{
	struct path to_first, to_stop;
	size_t common = 0;
	if (!path_to(&to_first, root, first) || !path_to(&to_stop, root, stop))
		return;
	while (common < to_first.count && common < to_stop.count &&
	       to_first.nodes[common] == to_stop.nodes[common])
		common++;
	for (size_t depth = to_first.count; depth > common + 1 && !has_something_before(first);
	     depth--)
		first = tree_parent(first);
	for (xmlNode *n = first, *next; n && n != stop; n = next) {
		if (common < to_stop.count && n == to_stop.nodes[common]) {
			common++;
			next = tree_first(n);
		} else {
			next = tree_walk_skip(root, n);
			tree_remove(n);
		}
	}
}
