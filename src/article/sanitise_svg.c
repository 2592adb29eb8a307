/* SVG files. Their tree is libxml2's own, with namespaces, not one that tree.h made. */
#include "article/sanitise.h"

#include "article/sanitise_parts.h"
#include "article/tree.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlsave.h>
#include <limits.h>
#include <string.h>

enum { MOST_SVG = 20 * 1000 * 1000 };

static const char svg_namespace[] = "http://www.w3.org/2000/svg";
static const char xlink_namespace[] = "http://www.w3.org/1999/xlink";
static const char xml_namespace[] = "http://www.w3.org/XML/1998/namespace";

static bool has_namespace(const xmlNs *ns, const char *uri)
{
	return ns && ns->href && strcmp((const char *)ns->href, uri) == 0;
}

/* The ids that the picture has so far. */
struct svg_ids {
	struct arena arena;
	struct map seen;
};

static bool take_id(struct svg_ids *ids, const char *id)
{
	if (!*id || id[strcspn(id, " \t\r\n:")] || map_find(&ids->seen, id))
		return false;
	const char *key = arena_dup(&ids->arena, id);
	if (key)
		map_set(&ids->seen, key, ids);
	return true;
}

/* Remove what is not allowed of an element's attributes. Returns how many were of SVG's own. */
static unsigned clean_attributes(xmlNode *node, struct svg_ids *ids)
{
	unsigned removed = 0;
	for (xmlAttr *a = node->properties, *next; a; a = next) {
		next = a->next;
		const char *name = (const char *)a->name;
		char prefixed[64] = "";
		xmlChar *value = xmlNodeListGetString(node->doc, a->children, 1);
		const char *text = value ? (const char *)value : "";
		bool ours = !a->ns || has_namespace(a->ns, xlink_namespace) ||
			    has_namespace(a->ns, xml_namespace);
		if (a->ns && ours) {
			bool link = has_namespace(a->ns, xlink_namespace);
			strcpy(prefixed, link ? "xlink:" : "xml:");
			strncat(prefixed, name, sizeof prefixed - 8);
			name = prefixed;
		}
		bool keep = ours && svg_allows_attribute((const char *)node->name, name, text);
		if (keep && strcmp(name, "id") == 0)
			keep = take_id(ids, text);
		xmlFree(value);
		if (keep)
			continue;
		removed += ours;
		xmlRemoveProp(a);
	}
	return removed;
}

/* Whether a node may stay: SVG elements that are known to be harmless, and text. */
static bool may_stay(const xmlNode *node)
{
	if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
		return true;
	if (node->type != XML_ELEMENT_NODE || !has_namespace(node->ns, svg_namespace))
		return false;
	const char *name = (const char *)node->name;
	if (strcmp(name, "metadata") == 0 || !svg_allows_element(name))
		return false;
	if (strcmp(name, "style") != 0)
		return true;
	xmlChar *css = xmlNodeGetContent(node);
	bool safe = css && svg_allows_attribute("style", "style", (const char *)css);
	xmlFree(css);
	return safe;
}

/* Returns how much was removed that a picture may miss, or -1: no entities are taken. */
static int clean_tree(xmlNode *root, struct svg_ids *ids)
{
	unsigned removed = clean_attributes(root, ids);
	for (xmlNode *node = root->children, *next; node; node = next) {
		if (node->type == XML_ENTITY_REF_NODE)
			return -1;
		if (may_stay(node)) {
			if (node->type == XML_ELEMENT_NODE)
				removed += clean_attributes(node, ids);
			next = tree_walk(root, node);
			continue;
		}
		next = tree_walk_skip(root, node);
		bool ours = node->type == XML_ELEMENT_NODE &&
			    has_namespace(node->ns, svg_namespace) &&
			    strcmp((const char *)node->name, "metadata") != 0;
		removed += ours;
		if (ours && strcmp((const char *)node->name, "a") == 0 && node->children) {
			next = node->children; /* a link's content stays */
			while (node->children) {
				xmlNode *child = node->children;
				xmlUnlinkNode(child);
				xmlAddPrevSibling(node, child);
			}
		}
		xmlUnlinkNode(node);
		xmlFreeNode(node);
	}
	return removed > INT_MAX ? INT_MAX : (int)removed;
}

static void drop_unused_namespaces(xmlNode *root)
{
	xmlNs **link = &root->nsDef;
	while (*link) {
		xmlNs *ns = *link;
		if (has_namespace(ns, svg_namespace) || has_namespace(ns, xlink_namespace)) {
			link = &ns->next;
			continue;
		}
		*link = ns->next;
		xmlFreeNs(ns);
	}
}

int sanitise_svg(const char *bytes, size_t size, struct buf *out, bool *changed,
		 struct chapbook_error *err)
{
	int result = -1;
	xmlDoc *doc = NULL;
	xmlNode *root = NULL;
	struct svg_ids ids = {ARENA_INIT, MAP_INIT};
	*changed = false;
	if (size > MOST_SVG) {
		error_set(err, CHAPBOOK_E_LIMIT, "an SVG picture of more than 20 MB");
		goto out;
	}
	doc = xmlReadMemory(bytes, (int)size, NULL, NULL,
			    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (!root || strcmp((const char *)root->name, "svg") != 0 ||
	    !has_namespace(root->ns, svg_namespace)) {
		error_set(err, CHAPBOOK_E_INPUT, "no well-formed SVG");
		goto out;
	}
	int removed = clean_tree(root, &ids);
	if (removed < 0) {
		error_set(err, CHAPBOOK_E_INPUT, "SVG with entities");
		goto out;
	}
	*changed = removed > 0;
	drop_unused_namespaces(root);
	for (xmlNode *node = doc->children, *next; node; node = next) {
		next = node->next; /* the document type, comments, processing instructions */
		if (node == root)
			continue;
		xmlUnlinkNode(node);
		if (node->type == XML_DTD_NODE) {
			doc->intSubset = NULL;
			xmlFreeDtd((xmlDtd *)node);
		} else {
			xmlFreeNode(node);
		}
	}
	xmlChar *text = NULL;
	int len = 0;
	xmlDocDumpMemoryEnc(doc, &text, &len, "UTF-8");
	if (!text || ids.arena.failed || ids.seen.failed) {
		xmlFree(text);
		error_memory(err);
		goto out;
	}
	buf_append(out, text, (size_t)len);
	xmlFree(text);
	result = out->failed ? error_memory(err) : 0;
out:
	xmlFreeDoc(doc);
	map_release(&ids.seen);
	arena_release(&ids.arena);
	return result;
}
