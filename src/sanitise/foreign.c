/* SVG and MathML inside a body. */
#include "sanitise/parts.h"

#include "article/tree.h"

enum { MAX_DEPTH = 100 };

static bool is_too_deep(const xmlNode *root)
{
	int depth = 0;
	for (const xmlNode *n = root; n;) {
		if (tree_first(n)) {
			n = tree_first(n);
			if (++depth > MAX_DEPTH)
				return true;
			continue;
		}
		for (; n != root && !tree_next(n); depth--)
			n = tree_parent(n);
		n = n == root ? NULL : tree_next(n);
	}
	return false;
}

bool sanitise_foreign(struct id_map *ids, xmlNode *node)
{
	if (is_too_deep(node))
		return false;
	return tree_is(node, "svg") ? sanitise_drawing(ids, node) : sanitise_math(ids, node);
}
