/* Tables that only arrange a page give way to what is in them. */
#include "extract/structure/structure.h"

#include "article/tree.h"

#include <string.h>

enum {
	LONG_CELL = 1500, /* bytes of text: no cell of data has so much */
	FEW_CELLS = 3,    /* of a lone row */
};

/* A table that we are in. */
struct open_table {
	xmlNode *node;
	size_t rows, cells, max_cells; /* cells: of this row */
	size_t bytes;                  /* of text in this cell */
	bool heads, nests, long_cell;
};

struct tables {
	struct page *page;
	struct {
		struct open_table *items;
		size_t count, cap;
	} open;
};

/* After what Web browsers tell screen readers of a table without a role: data has several rows of
 * several cells, none of which holds a whole page. */
static bool is_layout(const struct open_table *t)
{
	const char *role = tree_get(t->node, "role");
	if (role && (strcmp(role, "presentation") == 0 || strcmp(role, "none") == 0))
		return true;
	return t->max_cells <= 1 || (!t->heads && ((t->rows == 1 && t->max_cells <= FEW_CELLS) ||
						   t->nests || t->long_cell));
}

/* The table and its own rows and cells become plain boxes. */
static void take_apart(xmlNode *table)
{
	static const char *const levels[] = {"table", "caption thead tbody tfoot colgroup", "tr",
					     "td th"};
	enum { LEVELS = sizeof levels / sizeof *levels };
	xmlNode *at[LEVELS + 1] = {table};
	for (int level = 0; level >= 0;) {
		xmlNode *n = at[level], *below = NULL;
		bool is_part = tree_is_element(n) && page_name_is_in(n, levels[level]);
		if (is_part) {
			tree_rename(n, "div");
			tree_set(n, "role", NULL);
			below = level + 1 < LEVELS ? tree_first(n) : NULL;
		}
		if (below) {
			at[++level] = below;
			continue;
		}
		while (level > 0 && !(at[level] = tree_next(at[level])))
			level--;
		if (level == 0)
			return;
	}
}

static void table_enter(struct tables *t, xmlNode *node)
{
	struct open_table *table = t->open.count ? &t->open.items[t->open.count - 1] : NULL;
	if (tree_is(node, "table")) {
		if (table)
			table->nests = true;
		table = ARENA_PUSH(&t->page->arena, t->open);
		if (table)
			*table = (struct open_table){.node = node};
	} else if (!table) {
		return;
	} else if (tree_is(node, "tr")) {
		table->rows++;
		table->cells = 0;
	} else if (page_name_is_in(node, "td th")) {
		table->bytes = 0;
		table->cells++;
		if (table->cells > table->max_cells)
			table->max_cells = table->cells;
		table->heads = table->heads || tree_is(node, "th");
	} else if (tree_is(node, "caption") && !tree_is_blank(node)) {
		table->heads = true;
	} else {
		table->bytes += strlen(tree_text_value(node));
		table->long_cell = table->long_cell || table->bytes > LONG_CELL;
	}
}

static void table_leave(struct tables *t, xmlNode *node)
{
	struct open_table *table = t->open.count ? &t->open.items[t->open.count - 1] : NULL;
	if (!table || table->node != node)
		return;
	t->open.count--;
	if (is_layout(table)) {
		page_note(t->page, "layout-table", node, "%zu rows of up to %zu cells", table->rows,
			  table->max_cells);
		take_apart(node);
	}
}

void tables_normalise(struct page *page)
{
	struct tables t = {.page = page};
	if (!tree_knows(page->body, "table"))
		return;
	for (xmlNode *n = tree_first(page->body); n;) {
		xmlNode *next = tree_first(n), *up = n;
		table_enter(&t, n);
		while (!next && up != page->body) {
			table_leave(&t, up);
			next = tree_next(up);
			up = tree_parent(up);
		}
		n = next;
	}
}
