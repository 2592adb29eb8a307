/* SVG drawings, inside a body and in files of their own. */
#include "sanitise/sanitise.h"

#include "article/css.h"
#include "article/svg.h"
#include "article/tree.h"
#include "article/xhtml.h"
#include "base/error.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/xml_limits.h"
#include "lang/tag.h"
#include "sanitise/parts.h"

#include <libxml/parser.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

enum { MAX_SVG = 20 * 1000 * 1000 };

static const char svg_namespace[] = "http://www.w3.org/2000/svg";
static const char xlink_namespace[] = "http://www.w3.org/1999/xlink";
static const char xml_namespace[] = "http://www.w3.org/XML/1998/namespace";

struct drawing {
	const xmlNode *svg;
	struct id_map *ids;
	struct map parts; /* id as it was -> the first element that has it */
	bool is_file;     /* style sheets reach nothing else */
	bool changed;     /* something is gone that a reader could miss */
};

/* --- References --- */

/* What a reference leads to, for one attribute. */
struct reference {
	const struct drawing *drawing;
	const struct svg_attribute *attribute; /* NULL: any element will do */
};

static const char *find_part(void *ctx, const char *id)
{
	const struct reference *reference = ctx;
	const xmlNode *part = map_find(&reference->drawing->parts, id);
	const struct svg_attribute *attribute = reference->attribute;
	if (!part || (attribute && attribute->kind == SVG_REFERENCE &&
		      !svg_has_choice(attribute, tree_name(part))))
		return NULL;
	return tree_get(part, "id");
}

/* A picture in a data: URL, known by its first bytes: programs write all kinds of types. */
static bool put_picture(struct buf *out, const char *value)
{
	static const char *const kinds[][2] = {
		{"iVBORw0KGgo", "png"}, {"/9j/", "jpeg"}, {"R0lGOD", "gif"}};
	const char *data = strchr(value, ',');
	if (strncasecmp(value, "data:", 5) != 0 || !data || data - value < 7 ||
	    strncasecmp(data - 7, ";base64", 7) != 0)
		return false;
	data++;
	data += strspn(data, " \t\n\r");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncmp(data, kinds[i][0], strlen(kinds[i][0])) == 0) {
			buf_printf(out, "data:image/%s;base64,", kinds[i][1]);
			buf_puts(out, data);
			return true;
		}
	return false;
}

static bool svg_put_link(struct buf *out, const xmlNode *node, const char *value,
			 struct reference *reference)
{
	if (tree_is(node, "image"))
		return put_picture(out, value);
	const char *final = value[0] == '#' ? find_part(reference, value + 1) : NULL;
	buf_printf(out, "#%s", final ? final : "");
	return final != NULL;
}

/* --- Attributes --- */

/* The value as it may be, appended to `out`; false when the attribute is dropped. */
static bool svg_put_attribute(struct drawing *d, struct buf *out, const xmlNode *node,
			      const struct svg_attribute *attribute, const char *value)
{
	struct reference reference = {d, attribute};
	struct css_references references = {find_part, &reference};
	switch (attribute->kind) {
	case SVG_VALUE:
	case SVG_REFERENCE:
		/* only functions load or refer to anything */
		if (strchr(value, '('))
			return css_put_value(out, value, strlen(value), &references);
		break;
	case SVG_STYLE:
		d->changed |= !css_put_declarations(out, value, strlen(value), &references);
		return out->len > 0;
	case SVG_LINK:
		return svg_put_link(out, node, value, &reference);
	case SVG_WORD:
		if (!svg_has_choice(attribute, value))
			return false;
		break;
	case SVG_LANGUAGE:
		if (!lang_tag_is_valid(value))
			return false;
		break;
	case SVG_TEXT:
	case SVG_ID: /* a good one already */
		break;
	}
	buf_puts(out, value);
	return true;
}

static void clean_attributes(struct drawing *d, xmlNode *node, struct buf *value)
{
	const char *name = NULL, *raw = NULL;
	for (const xmlAttr *a = tree_attr_next(node, NULL, &name, &raw); a;) {
		const char *this_name = name, *this_value = raw;
		const struct svg_attribute *attribute = svg_attribute_find(name);
		a = tree_attr_next(node, a, &name, &raw);
		buf_truncate(value, 0);
		bool kept = attribute && svg_put_attribute(d, value, node, attribute, this_value);
		d->changed |= !kept && (attribute || strncasecmp(this_name, "on", 2) == 0);
		if (!kept || strcmp(value->data, this_value) != 0)
			tree_set(node, this_name, kept ? value->data : NULL);
	}
}

/* --- Elements --- */

/* Names and descriptions of parts are plain text (EPUB 3.3, section 6.2.2.1, allows HTML in them,
 * but no SVG). */
static void make_text(xmlNode *node)
{
	struct buf text = BUF_INIT;
	if (!tree_first_element(node))
		return;
	tree_put_text(&text, node);
	for (xmlNode *child; (child = tree_first(node)) != NULL;)
		tree_remove(child);
	tree_text(node, text.data, text.len);
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
}

/* Remove the element, or the link around its content. Returns the node to go on with. */
static xmlNode *drop_element(struct drawing *d, const xmlNode *svg, xmlNode *node)
{
	xmlNode *next = tree_walk_skip(svg, node);
	d->changed |= !tree_is(node, "metadata");
	if (tree_is(node, "a") && tree_first(node)) {
		next = tree_first(node);
		tree_unwrap(node);
	} else {
		tree_remove(node);
	}
	return next;
}

/* Ids under names that are free in the whole body, in every part that may be kept. */
static void clean_elements(struct drawing *d, xmlNode *svg)
{
	for (xmlNode *n = svg, *next; n; n = next) {
		bool style = tree_is(n, "style");
		if (n != svg && tree_is(n, "foreignObject"))
			sanitise_label(n);
		if (n != svg && tree_is_element(n) && !svg_allows_element(tree_name(n))) {
			next = drop_element(d, svg, n);
			continue;
		}
		if (style || tree_is(n, "title") || tree_is(n, "desc"))
			make_text(n);
		const char *id = tree_get(n, "id");
		if (id) {
			if (!map_find(&d->parts, id))
				map_set(&d->parts, id, n);
			tree_set(n, "id", id_map_claim(d->ids, id));
		}
		next = tree_walk(svg, n == svg ? NULL : n);
	}
}

static void clean_style(struct drawing *d, xmlNode *style, struct buf *css)
{
	struct reference reference = {d, NULL};
	struct css_references references = {find_part, &reference};
	const xmlNode *text = tree_first(style);
	const char *old = tree_text_value(text);
	buf_truncate(css, 0);
	if (d->is_file)
		d->changed |= !css_put_sheet(css, old, strlen(old), &references);
	else
		d->changed |= !css_put_scoped_sheet(css, old, strlen(old), &references,
						    tree_get(d->svg, "id"));
	for (xmlNode *child; (child = tree_first(style)) != NULL;)
		tree_remove(child);
	tree_text(style, css->data, css->len);
}

static void clean_drawing(struct drawing *d, xmlNode *svg)
{
	struct buf scratch = BUF_INIT;
	clean_elements(d, svg);
	for (xmlNode *n = svg, *next; n; n = next) {
		clean_attributes(d, n, &scratch);
		bool style = tree_is(n, "style"), shows = tree_is(n, "use") || tree_is(n, "image");
		if (style)
			clean_style(d, n, &scratch);
		bool gone = style ? !tree_first(n)
				  : shows && !tree_get(n, "href") && !tree_get(n, "xlink:href");
		next = gone && n != svg ? tree_walk_skip(svg, n)
					: tree_walk(svg, n == svg ? NULL : n);
		if (gone && n != svg)
			tree_remove(n);
	}
	d->ids->failed |= scratch.failed || d->parts.failed;
	buf_release(&scratch);
	map_release(&d->parts);
}

bool sanitise_drawing(struct id_map *ids, xmlNode *svg)
{
	struct drawing d = {.svg = svg, .ids = ids, .parts = MAP_INIT};
	if (!tree_get(svg, "id") && tree_find(svg, NULL, "style"))
		tree_set(svg, "id", "drawing"); /* for its rules; made unique */
	clean_drawing(&d, svg);
	return tree_first_element(svg) != NULL;
}

/* --- Files --- */

static bool has_namespace(const xmlNs *ns, const char *uri)
{
	return ns && ns->href && strcmp((const char *)ns->href, uri) == 0;
}

static bool is_svg(const xmlNode *node)
{
	return node->type == XML_ELEMENT_NODE && has_namespace(node->ns, svg_namespace);
}

/* A document on its way into a tree of its own. */
struct copy {
	struct buf name, value;
	bool changed; /* there are event handlers, which are left out */
};

/* The attributes that a drawing may have, under the prefixes that are written: a bounded number,
 * however many there are. */
static void copy_attributes(struct copy *c, xmlNode *to, const xmlNode *from)
{
	for (const xmlAttr *a = from->properties; a; a = a->next) {
		const char *prefix = !a->ns                                  ? ""
				     : has_namespace(a->ns, xlink_namespace) ? "xlink:"
				     : has_namespace(a->ns, xml_namespace)   ? "xml:"
									     : NULL;
		if (!prefix)
			continue;
		buf_truncate(&c->name, 0);
		buf_printf(&c->name, "%s%s", prefix, (const char *)a->name);
		c->changed |= strncasecmp(c->name.data, "on", 2) == 0;
		if (!svg_attribute_find(c->name.data))
			continue;
		xmlChar *raw = xmlNodeListGetString(from->doc, a->children, 1);
		buf_truncate(&c->value, 0);
		if (raw)
			utf8_clean(&c->value, (const char *)raw, strlen((const char *)raw));
		xmlFree(raw);
		tree_set(to, c->name.data, c->value.data);
	}
}

/* Copy what is SVG below `from`. False when there are entities: what they stand for is unknown. */
static bool copy_children(struct copy *c, xmlNode *to, const xmlNode *from)
{
	const xmlNode *n = from->children;
	bool good = true;
	while (n && good) {
		if (is_svg(n)) {
			xmlNode *copy = tree_element(to, (const char *)n->name);
			copy_attributes(c, copy, n);
			if (copy && n->children) {
				n = n->children;
				to = copy;
				continue;
			}
		} else if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) {
			buf_truncate(&c->value, 0);
			utf8_clean(&c->value, (const char *)n->content,
				   strlen((const char *)n->content));
			tree_text(to, c->value.data, c->value.len);
		}
		good = n->type != XML_ENTITY_REF_NODE;
		while (!n->next && n->parent != from) {
			n = n->parent;
			to = tree_parent(to);
		}
		n = n->next;
	}
	return good;
}

/* The document's copy, in a tree of its own; NULL with an error. */
static xmlDoc *read_drawing(const char *bytes, size_t size, bool *changed,
			    struct chapbook_error *err)
{
	struct copy c = {.name = BUF_INIT, .value = BUF_INIT};
	size_t line;
	const char *excess = xml_excess(bytes, size, 0, &line);
	if (excess) {
		error_set(err, CHAPBOOK_E_LIMIT, "%s (line %zu of the SVG)", excess, line);
		return NULL;
	}
	xmlDoc *copy = NULL,
	       *doc = xmlReadMemory(bytes, (int)size, NULL, NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	const xmlError *why = doc ? NULL : xmlGetLastError();
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (!root || !is_svg(root) || strcmp((const char *)root->name, "svg") != 0) {
		if (why && xml_is_limit(why))
			error_set(err, CHAPBOOK_E_LIMIT, "%.*s (line %d of the SVG)",
				  (int)strcspn(why->message, "\n"), why->message, why->line);
		else
			error_set(err, CHAPBOOK_E_INPUT, "the SVG is not well-formed XML");
		goto out;
	}
	copy = tree_doc_new("body");
	xmlNode *svg = tree_element(tree_root(copy), "svg");
	copy_attributes(&c, svg, root);
	bool good = !svg || copy_children(&c, svg, root);
	*changed = c.changed;
	if (!good || tree_failed(copy) || c.name.failed || c.value.failed) {
		if (good)
			error_memory(err);
		else
			error_set(err, CHAPBOOK_E_INPUT, "the SVG has entities");
		tree_doc_free(copy);
		copy = NULL;
	}
out:
	xmlFreeDoc(doc);
	buf_release(&c.name);
	buf_release(&c.value);
	return copy;
}

int sanitise_svg(const char *bytes, size_t size, struct buf *out, bool *changed,
		 struct chapbook_error *err)
{
	*changed = false;
	if (size > MAX_SVG)
		return error_set(err, CHAPBOOK_E_LIMIT, "the SVG is larger than 20 MB");
	xmlDoc *doc = read_drawing(bytes, size, changed, err);
	if (!doc)
		return -1;
	struct id_map ids;
	struct drawing d = {.ids = &ids, .parts = MAP_INIT, .is_file = true};
	id_map_init(&ids);
	clean_drawing(&d, tree_first(tree_root(doc)));
	svg_put_ground(tree_first(tree_root(doc)), true);
	buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	xhtml_put_children(out, tree_root(doc));
	buf_putc(out, '\n');
	*changed |= d.changed;
	bool failed = ids.failed || tree_failed(doc) || out->failed;
	id_map_release(&ids);
	tree_doc_free(doc);
	return failed ? error_memory(err) : 0;
}
