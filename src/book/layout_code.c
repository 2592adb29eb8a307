#include "book/layout.h"

#include "article/tree.h"

#include <string.h>

/* Elements in one another that a line repeats; what is deeper is text only. */
enum { MAX_DEPTH = 32 };

struct line_writer {
	xmlNode *root; /* holds the lines */
	xmlNode *at;   /* where the next text is appended: the line, or an element in it */
	const xmlNode *open[MAX_DEPTH]; /* the elements that go on in the next line */
	int depth;
};

static void open_copy(struct line_writer *w, const xmlNode *original, bool with_id)
{
	const char *name, *value;
	w->at = tree_element(w->at, tree_name(original));
	for (const xmlAttr *a = tree_attr_next(original, NULL, &name, &value); a;
	     a = tree_attr_next(original, a, &name, &value))
		if (with_id || strcmp(name, "id") != 0)
			tree_set(w->at, name, value);
}

static void start_line(struct line_writer *w)
{
	w->at = tree_element(w->root, "span");
	tree_set(w->at, "class", "line");
	for (int i = 0; i < w->depth; i++)
		open_copy(w, w->open[i], false);
}

static void write_text(struct line_writer *w, const char *text)
{
	for (size_t len; *text; text += len) {
		len = strcspn(text, "\n");
		bool ends = text[len] == '\n';
		len += ends;
		if (!w->at)
			start_line(w);
		tree_text(w->at, text, len);
		if (ends)
			w->at = NULL;
	}
}

static void layout_code_enter(struct line_writer *w, const xmlNode *node)
{
	if (w->depth == MAX_DEPTH)
		return;
	if (!w->at)
		start_line(w);
	open_copy(w, node, true);
	w->open[w->depth++] = node;
}

static void layout_code_leave(struct line_writer *w, const xmlNode *node)
{
	if (w->depth == 0 || w->open[w->depth - 1] != node)
		return;
	w->depth--;
	w->at = w->at ? tree_parent(w->at) : NULL;
}

/* Whether the element is kept whole: it holds no lines of its own. */
static bool layout_code_is_whole(const xmlNode *node)
{
	return tree_is(node, "math") || tree_is(node, "svg") || tree_is(node, "img") ||
	       !tree_is_element(node);
}

/* What `node` is, but for what is in it. Returns the first of what is in it, or NULL; *node is what
 * stands at its place afterwards. */
static xmlNode *write_node(struct line_writer *w, xmlNode **node)
{
	xmlNode *n = *node;
	if (tree_is_text(n)) {
		write_text(w, tree_text_value(n));
	} else if (tree_is(n, "br")) {
		write_text(w, "\n");
	} else if (layout_code_is_whole(n)) {
		if (!w->at)
			start_line(w);
		*node = tree_detached(n, "span");
		tree_insert_before(n, *node);
		tree_append(w->at, n);
	} else {
		layout_code_enter(w, n);
		if (tree_first(n))
			return tree_first(n);
		layout_code_leave(w, n);
	}
	return NULL;
}

static void write_lines(struct line_writer *w, xmlNode *from)
{
	for (xmlNode *n = tree_first(from); n;) {
		xmlNode *inside = write_node(w, &n);
		while (!inside && n && !tree_next(n)) {
			n = tree_parent(n);
			if (n == from)
				return;
			layout_code_leave(w, n);
		}
		n = inside ? inside : tree_next(n);
	}
}

void layout_code(xmlNode *pre, bool rtl)
{
	xmlNode *code = tree_first_element(pre);
	bool is_code = tree_is(code, "code") && tree_first(pre) == code && tree_last(pre) == code;
	struct line_writer w = {.root = is_code ? code : pre};
	if (rtl && is_code)
		tree_set(pre, "dir", "ltr");
	xmlNode *old = tree_detached(pre, "div");
	tree_move_children(w.root, old);
	write_lines(&w, old);
	tree_remove(old);
}
