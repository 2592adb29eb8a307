#include "extract/structure/structure.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"

#include <string.h>

enum { MAX_STEPS = 40 };

/* The `math` among the first elements of its last child, where MathJax has it for those who listen,
 * or of the whole. */
static xmlNode *math_in(const xmlNode *root)
{
	const xmlNode *last = tree_last(root);
	while (last && !tree_is_element(last))
		last = tree_prev(last);
	const xmlNode *const tops[] = {last, root};
	for (size_t i = 0; i < sizeof tops / sizeof *tops; i++) {
		int steps = 0;
		for (xmlNode *n = tree_walk(tops[i], NULL); n && steps < MAX_STEPS;
		     n = tree_walk(tops[i], n), steps++)
			if (tree_is(n, "math"))
				return n;
	}
	return NULL;
}

/* The formula's TeX in an attribute, or NULL. */
static const char *tex_attribute(const xmlNode *node)
{
	static const char *const attributes[] = {"data-math", "data-tex",   "data-latex",
						 "data-expr", "data-katex", "data-entry"};
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		const char *tex = tree_get(node, attributes[i]);
		if (tex && *tex)
			return tex;
	}
	return NULL;
}

static bool is_display(const xmlNode *node)
{
	const char *display = tree_get(node, "display"), *cls = tree_get(node, "class");
	return (display && strcmp(display, "true") == 0) ||
	       (cls && (strstr(cls, "display") || strstr(cls, "block") || strstr(cls, "Display")));
}

/* Put TeX in the place of `node`, between the delimiters that TeX has for it. */
static void put_tex(xmlNode *node, const char *tex, bool display)
{
	struct buf text = BUF_INIT;
	buf_puts(&text, tex);
	buf_fold_space(&text, 0);
	bool bare = text.len < 4 || (strncmp(text.data, "\\(", 2) && strncmp(text.data, "\\[", 2) &&
				     strncmp(text.data, "$$", 2));
	xmlNode *span = tree_detached(node, "span");
	tree_set(span, "class", "math");
	if (bare)
		tree_text(span, display ? "\\[" : "\\(", 2);
	tree_text(span, text.data, text.len);
	if (bare)
		tree_text(span, display ? "\\]" : "\\)", 2);
	tree_insert_before(node, span);
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
}

xmlNode *normalise_math(struct normaliser *s, xmlNode *node)
{
	return walk_past(s, node);
}

/* What shows a formula, and has it as MathML or TeX besides. */
xmlNode *normalise_math_box(struct normaliser *s, xmlNode *node)
{
	xmlNode *math = math_in(node);
	const char *tex = tex_attribute(node);
	if (math) {
		if (is_display(node))
			tree_set(math, "display", "block");
		if (tex && !tree_get(math, "alttext"))
			tree_set(math, "alttext", tex);
		tree_insert_before(node, math);
	} else if (tex) {
		put_tex(node, tex, is_display(node));
	} else {
		return walk_into(s, node);
	}
	page_note(s->page, "formula", node, "%s", math ? "MathML" : "TeX");
	return walk_remove(s, node);
}

/* MathJax 2: the source of what is shown in front of it. */
xmlNode *normalise_math_script(struct normaliser *s, xmlNode *node)
{
	const char *type = tree_get(node, "type");
	if (!type || strncmp(type, "math/", 5) != 0)
		return walk_past(s, node);
	xmlNode *shown = tree_prev(node);
	while (shown && (!tree_is_element(shown) || (names_of(s->page, shown) & NAMED(FORMULA)))) {
		xmlNode *before = tree_prev(shown);
		if (tree_is_text(shown) && !tree_is_space(shown))
			break;
		if (tree_is_element(shown))
			tree_remove(shown);
		shown = before;
	}
	if (!tree_is(tree_prev(node), "math")) {
		struct buf tex = BUF_INIT;
		tree_put_raw_text(&tex, node);
		put_tex(node, tex.data, strstr(type, "mode=display") != NULL);
		if (tex.failed)
			tree_fail(node);
		buf_release(&tex);
	}
	return walk_remove(s, node);
}

/* A picture from a service that draws TeX has it in its address. */
xmlNode *normalise_math_image(struct normaliser *s, xmlNode *node)
{
	const char *src = tree_get(node, "src"), *alt = tree_get(node, "alt");
	if (!src || (alt && *alt) ||
	    !(strstr(src, "latex") || strstr(src, "cht=tx") || strstr(src, "formula")))
		return walk_into(s, node);
	const char *parameter = strstr(src, "chl="), *query = strchr(src, '?');
	const char *slash = strrchr(src, '/');
	const char *tex = parameter ? parameter + 4 : query ? query + 1 : slash ? slash + 1 : src;
	struct buf text = BUF_INIT;
	url_put_decoded(&text, tex, strcspn(tex, "&"));
	if (strchr(text.data, '\\')) {
		page_note(s->page, "formula-image", node, "%s", text.data);
		tree_set(node, "alt", text.data);
	}
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
	return walk_into(s, node);
}
