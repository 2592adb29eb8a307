/* XHTML by hand: libxml2's own writers would write `<p/>` or add elements. */
#include "article/xhtml.h"

#include "article/elements.h"
#include "article/tree.h"

#include <string.h>

/* Where the writer is. */
struct writer {
	struct buf *out;
	const xmlNode *foreign; /* the svg or math element around here, or NULL */
	/* For xhtml_find_line(): */
	size_t wanted;        /* line; 0: none is */
	size_t line, counted; /* line feeds in the first `counted` bytes of `out` */
	const xmlNode *found;
};

static void xhtml_put_name(struct buf *out, const char *name)
{
	buf_append(out, name, strlen(name));
}

static void put_attribute(struct buf *out, const char *name, const char *value)
{
	buf_putc(out, ' ');
	xhtml_put_name(out, name);
	buf_append(out, "=\"", 2);
	buf_put_xml(out, value, strlen(value));
	buf_putc(out, '"');
}

/* EPUB 3.3 section 6.1.2 and HTML section 3.2.6.2: `lang` and `xml:lang` say the same; SVG 1.1
 * knows `xml:lang` only. Namespaces are declared here, whatever the tree had. */
static void xhtml_put_attributes(const struct writer *w, const xmlNode *node)
{
	const char *name, *value;
	bool has_xml_lang = false;
	const char *lang = NULL;
	for (const xmlAttr *a = tree_attr_next(node, NULL, &name, &value); a;
	     a = tree_attr_next(node, a, &name, &value)) {
		if (strncmp(name, "xmlns", 5) == 0)
			continue;
		if (strcmp(name, "lang") == 0) {
			lang = value;
			if (w->foreign)
				continue;
		}
		has_xml_lang |= strcmp(name, "xml:lang") == 0;
		put_attribute(w->out, name, value);
	}
	if (lang && !has_xml_lang)
		put_attribute(w->out, "xml:lang", lang);
}

static void put_start_tag(struct writer *w, const xmlNode *node, bool ends)
{
	const char *name = tree_name(node);
	bool svg = !w->foreign && strcmp(name, "svg") == 0;
	bool math = !w->foreign && strcmp(name, "math") == 0;
	if (svg || math)
		w->foreign = node;
	buf_putc(w->out, '<');
	xhtml_put_name(w->out, name);
	if (svg)
		buf_puts(w->out, " xmlns=\"http://www.w3.org/2000/svg\""
				 " xmlns:xlink=\"http://www.w3.org/1999/xlink\"");
	else if (math)
		buf_puts(w->out, " xmlns=\"http://www.w3.org/1998/Math/MathML\"");
	xhtml_put_attributes(w, node);
	buf_append(w->out, ends ? "/>" : ">", ends ? 2 : 1);
}

/* A line feed after a block makes the page readable for people; not where white space is text. */
static void break_line(const struct writer *w, const xmlNode *node)
{
	const xmlNode *next = tree_next(node);
	if (w->foreign || !next || tree_is_text(next))
		return;
	const struct element *el = element_find(tree_name(node));
	if (!el || !(el->flags & EL_BREAK))
		return;
	const xmlNode *parent = tree_parent(node);
	const struct element *around = parent ? element_find(tree_name(parent)) : NULL;
	if (!around || !(around->flags & (EL_HOLDS_PHRASING | EL_TRANSPARENT | EL_PRE)))
		buf_putc(w->out, '\n');
}

static void put_end_tag(const struct writer *w, const xmlNode *node)
{
	buf_append(w->out, "</", 2);
	xhtml_put_name(w->out, tree_name(node));
	buf_putc(w->out, '>');
}

static void leave(struct writer *w, const xmlNode *node)
{
	put_end_tag(w, node);
	if (w->foreign == node)
		w->foreign = NULL;
	break_line(w, node);
}

static void find_line(struct writer *w, const xmlNode *node, const struct element *el)
{
	const char *s = w->out->data + w->counted, *end = w->out->data + w->out->len;
	for (; s < end && (s = memchr(s, '\n', (size_t)(end - s))); s++)
		w->line++;
	w->counted = w->out->len;
	if (el && (el->flags & EL_BREAK) && w->line < w->wanted)
		w->found = node;
}

/* Write a node up to its children. Returns whether it has any: then leave() must follow them;
 * else it is written whole. */
static bool xhtml_enter(struct writer *w, const xmlNode *node)
{
	if (tree_is_text(node)) {
		const char *text = tree_text_value(node);
		buf_put_xml(w->out, text, strlen(text));
		return false;
	}
	if (!tree_is_element(node))
		return false;
	bool has_children = tree_first(node) != NULL;
	const struct element *el = w->foreign ? NULL : element_find(tree_name(node));
	bool is_void = el ? (el->flags & EL_VOID) != 0 : w->foreign && !has_children;
	if (w->wanted)
		find_line(w, node, el);
	put_start_tag(w, node, is_void);
	if (is_void)
		break_line(w, node);
	else if (!has_children)
		leave(w, node);
	return has_children && !is_void;
}

/* Returns to a parent by its pointer: depth costs nothing. */
static void put_below(struct writer *w, const xmlNode *root)
{
	const xmlNode *node = tree_first(root);
	while (node) {
		if (xhtml_enter(w, node)) {
			node = tree_first(node);
			continue;
		}
		while (!tree_next(node)) {
			node = tree_parent(node);
			if (node == root)
				return;
			leave(w, node);
		}
		node = tree_next(node);
	}
}

void xhtml_put_children(struct buf *out, const xmlNode *node)
{
	struct writer w = {.out = out};
	if (node)
		put_below(&w, node);
}

xmlNode *xhtml_find_line(xmlNode *node, size_t line)
{
	struct buf out = BUF_INIT;
	struct writer w = {.out = &out, .wanted = line};
	if (node)
		put_below(&w, node);
	if (out.failed)
		tree_fail(node);
	buf_release(&out);
	return (xmlNode *)w.found;
}

void xhtml_put_document(struct buf *out, const struct article *a)
{
	static const char *const directions[] = {NULL, "ltr", "rtl"};
	const char *direction = directions[a->direction], *title = a->title ? a->title : "";
	buf_puts(out, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\""
		      " xmlns:epub=\"http://www.idpf.org/2007/ops\"");
	if (a->language) {
		put_attribute(out, "lang", a->language);
		put_attribute(out, "xml:lang", a->language);
	}
	if (direction)
		put_attribute(out, "dir", direction);
	buf_puts(out, ">\n<head>\n<meta charset=\"utf-8\"/>\n<title>");
	buf_put_xml(out, title, strlen(title));
	buf_puts(out, "</title>\n</head>\n<body>\n");
	if (a->standfirst) {
		buf_puts(out, "<p class=\"standfirst\">");
		buf_put_xml(out, a->standfirst, strlen(a->standfirst));
		buf_puts(out, "</p>\n");
	}
	xhtml_put_children(out, a->body);
	buf_puts(out, "</body>\n</html>\n");
}
