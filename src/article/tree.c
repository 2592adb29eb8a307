#include "article/tree.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "base/word_list.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* All of a document lives in an arena, which its `_private` points at, and is freed with it:
 * nothing is freed before. Names are interned in its dictionary, and compared as its pointers where
 * that helps. An attribute's value is its `_private`; a text's characters have their length before
 * them.
 */
struct text {
	size_t len, room; /* without the NUL */
	char s[];
};

#define STR(s) ((const char *)(s))
#define XML(s) ((const xmlChar *)(s))

static struct arena *arena_of(const xmlDoc *doc)
{
	return doc->_private;
}

static xmlNode *failed(xmlDoc *doc)
{
	if (doc)
		arena_of(doc)->failed = true;
	return NULL;
}

xmlDoc *tree_doc_new(const char *root_name)
{
	xmlDoc *doc = xmlNewDoc(XML("1.0"));
	struct arena *arena = calloc(1, sizeof *arena);
	if (doc && arena) {
		doc->_private = arena;
		doc->dict = xmlDictCreate();
		xmlNode *root = doc->dict ? tree_detached((xmlNode *)doc, root_name) : NULL;
		if (root) {
			xmlDocSetRootElement(doc, root);
			return doc;
		}
		arena_release(arena);
	}
	free(arena);
	if (doc)
		xmlFreeDoc(doc);
	return NULL;
}

void tree_doc_free(xmlDoc *doc)
{
	if (!doc)
		return;
	struct arena *arena = arena_of(doc);
	doc->children = doc->last = NULL; /* they are the arena's */
	xmlFreeDoc(doc);
	arena_release(arena);
	free(arena);
}

xmlNode *tree_root(xmlDoc *doc)
{
	return xmlDocGetRootElement(doc);
}

bool tree_failed(const xmlDoc *doc)
{
	return !doc || arena_of(doc)->failed;
}

void tree_fail(const xmlNode *any)
{
	if (any)
		failed(any->doc);
}

static const xmlChar *intern(xmlDoc *doc, const char *name)
{
	return xmlDictLookup(doc->dict, XML(name), -1);
}

/* Append without xmlAddChild()'s merging of texts. */
static void link_last(xmlNode *parent, xmlNode *node)
{
	node->parent = parent;
	node->prev = parent->last;
	node->next = NULL;
	if (parent->last)
		parent->last->next = node;
	else
		parent->children = node;
	parent->last = node;
}

static xmlNode *make_node(xmlDoc *doc, xmlElementType type, const xmlChar *name)
{
	xmlNode *node = name ? arena_alloc(arena_of(doc), sizeof *node) : NULL;
	if (!node)
		return failed(doc);
	node->type = type;
	node->name = name;
	node->doc = doc;
	return node;
}

xmlNode *tree_detached(xmlNode *any, const char *name)
{
	return any ? make_node(any->doc, XML_ELEMENT_NODE, intern(any->doc, name)) : NULL;
}

xmlNode *tree_element(xmlNode *parent, const char *name)
{
	xmlNode *node = tree_detached(parent, name);
	if (node)
		link_last(parent, node);
	return node;
}

static struct text *tree_text_of(const xmlNode *node)
{
	return (struct text *)(void *)((char *)node->content - offsetof(struct text, s));
}

/* Append to a text node's characters; they may move. */
static bool append_text(xmlNode *node, const char *s, size_t len)
{
	struct text *text = node->content ? tree_text_of(node) : NULL;
	size_t old = text ? text->len : 0;
	if (!text || text->room - old < len) {
		size_t room = text ? 2 * (old + len) : len;
		struct text *larger = arena_alloc(arena_of(node->doc), sizeof *text + room + 1);
		if (!larger)
			return false;
		if (old)
			memcpy(larger->s, text->s, old);
		larger->room = room;
		node->content = (xmlChar *)larger->s;
		text = larger;
	}
	memcpy(text->s + old, s, len);
	text->len = old + len;
	text->s[text->len] = '\0';
	return true;
}

xmlNode *tree_text(xmlNode *parent, const char *text, size_t len)
{
	if (!parent || len == 0)
		return NULL;
	xmlNode *node = parent->last;
	if (!node || node->type != XML_TEXT_NODE) {
		node = make_node(parent->doc, XML_TEXT_NODE, XML("text"));
		if (node)
			link_last(parent, node);
	}
	return node && append_text(node, text, len) ? node : failed(parent->doc);
}

xmlNode *tree_leaf(xmlNode *parent, const char *name, const char *text)
{
	xmlNode *node = tree_element(parent, name);
	if (text)
		tree_text(node, text, strlen(text));
	return node;
}

/* Attributes carry their prefix in their name ("epub:type"): no namespaces, so that what is
 * looked up is what was set. */
static xmlAttr *find_attr(const xmlNode *node, const char *attr)
{
	if (!node || node->type != XML_ELEMENT_NODE)
		return NULL;
	for (xmlAttr *a = node->properties; a; a = a->next)
		if (a->name[0] == (xmlChar)attr[0] && strcmp(STR(a->name), attr) == 0)
			return a;
	return NULL;
}

static xmlAttr *make_attr(xmlNode *node, const char *name)
{
	xmlAttr *a = arena_alloc(arena_of(node->doc), sizeof *a), *last = node->properties;
	const xmlChar *own = intern(node->doc, name);
	if (!a || !own)
		return NULL;
	a->type = XML_ATTRIBUTE_NODE;
	a->name = own;
	a->doc = node->doc;
	a->parent = node;
	while (last && last->next)
		last = last->next;
	a->prev = last;
	if (last)
		last->next = a;
	else
		node->properties = a;
	return a;
}

static void unlink_attr(xmlAttr *a)
{
	if (a->prev)
		a->prev->next = a->next;
	else
		a->parent->properties = a->next;
	if (a->next)
		a->next->prev = a->prev;
}

void tree_set(xmlNode *node, const char *attr, const char *value)
{
	if (!node || node->type != XML_ELEMENT_NODE)
		return;
	xmlAttr *a = find_attr(node, attr);
	if (!value) {
		if (a)
			unlink_attr(a);
		return;
	}
	char *copy = arena_dup(arena_of(node->doc), value);
	if (copy && !a)
		a = make_attr(node, attr);
	if (copy && a)
		a->_private = copy;
	else
		failed(node->doc);
}

static const char *attr_value(const xmlAttr *a)
{
	return a->_private;
}

const char *tree_get(const xmlNode *node, const char *attr)
{
	const xmlAttr *a = find_attr(node, attr);
	return a ? attr_value(a) : NULL;
}

const xmlAttr *tree_attr_next(const xmlNode *node, const xmlAttr *last, const char **name,
			      const char **value)
{
	const xmlAttr *a = last                                     ? last->next
			   : node && node->type == XML_ELEMENT_NODE ? node->properties
								    : NULL;
	if (a) {
		*name = STR(a->name);
		*value = attr_value(a);
	}
	return a;
}

bool tree_has_class(const xmlNode *node, const char *cls)
{
	const char *all = tree_get(node, "class");
	size_t len = strlen(cls);
	while (all && *all) {
		all += strspn(all, " \t\n\r\f");
		size_t n = strcspn(all, " \t\n\r\f");
		if (n == len && memcmp(all, cls, len) == 0)
			return true;
		all += n;
	}
	return false;
}

bool tree_is_element(const xmlNode *node)
{
	return node && node->type == XML_ELEMENT_NODE;
}

bool tree_is_text(const xmlNode *node)
{
	return node && node->type == XML_TEXT_NODE;
}

bool tree_is(const xmlNode *node, const char *name)
{
	return tree_is_element(node) && node->name[0] == (xmlChar)name[0] &&
	       strcmp(STR(node->name), name) == 0;
}

bool tree_is_any(const xmlNode *node, const char *names)
{
	return tree_is_element(node) && word_list_has(names, STR(node->name));
}

const char *tree_name(const xmlNode *node)
{
	return tree_is_element(node) ? STR(node->name) : "";
}

bool tree_is_space(const xmlNode *node)
{
	const char *text = tree_text_value(node);
	return tree_is_text(node) && text[strspn(text, " \t\n\r\f")] == '\0';
}

const char *tree_text_value(const xmlNode *node)
{
	return tree_is_text(node) && node->content ? STR(node->content) : "";
}

int tree_heading_level(const xmlNode *node)
{
	const char *name = tree_name(node);
	return name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && name[2] == '\0' ? name[1] - '0'
										     : 0;
}

xmlNode *tree_parent(const xmlNode *node)
{
	return node && node->parent && node->parent->type == XML_ELEMENT_NODE ? node->parent : NULL;
}

/* Text and comments have no children, whatever the union behind the field says. */
xmlNode *tree_first(const xmlNode *node)
{
	return tree_is_element(node) ? node->children : NULL;
}

xmlNode *tree_last(const xmlNode *node)
{
	return tree_is_element(node) ? node->last : NULL;
}

xmlNode *tree_next(const xmlNode *node)
{
	return node ? node->next : NULL;
}

xmlNode *tree_prev(const xmlNode *node)
{
	return node ? node->prev : NULL;
}

xmlNode *tree_first_element(const xmlNode *node)
{
	xmlNode *child = tree_first(node);
	return !child || tree_is_element(child) ? child : tree_next_element(child);
}

xmlNode *tree_next_element(const xmlNode *node)
{
	xmlNode *next = tree_next(node);
	while (next && !tree_is_element(next))
		next = next->next;
	return next;
}

xmlNode *tree_walk_skip(const xmlNode *root, const xmlNode *node)
{
	while (node && node != root) {
		if (node->next)
			return node->next;
		node = node->parent;
	}
	return NULL;
}

xmlNode *tree_walk(const xmlNode *root, const xmlNode *node)
{
	if (!node)
		return tree_first(root);
	xmlNode *child = tree_first(node);
	return child ? child : tree_walk_skip(root, node);
}

bool tree_knows(const xmlNode *any, const char *name)
{
	return any && any->doc->dict && xmlDictExists(any->doc->dict, XML(name), -1);
}

xmlNode *tree_find(const xmlNode *root, const xmlNode *after, const char *name)
{
	/* Names are the dictionary's: one that it does not know has no element, and the others are
	 * compared as pointers. */
	const xmlChar *own =
		root && root->doc->dict ? xmlDictExists(root->doc->dict, XML(name), -1) : NULL;
	if (!own)
		return NULL;
	xmlNode *node = tree_walk(root, after);
	while (node && !(node->type == XML_ELEMENT_NODE && node->name == own))
		node = tree_walk(root, node);
	return node;
}

void tree_rename(xmlNode *node, const char *name)
{
	if (!tree_is_element(node))
		return;
	const xmlChar *own = intern(node->doc, name);
	if (own)
		node->name = own; /* the old name is the dictionary's too */
	else
		failed(node->doc);
}

void tree_unlink(xmlNode *node)
{
	if (node)
		xmlUnlinkNode(node);
}

void tree_remove(xmlNode *node)
{
	tree_unlink(node);
}

void tree_append(xmlNode *parent, xmlNode *node)
{
	if (!parent || !node)
		return;
	xmlUnlinkNode(node);
	link_last(parent, node);
}

void tree_insert_before(xmlNode *ref, xmlNode *node)
{
	if (!ref || !node || ref == node)
		return;
	xmlUnlinkNode(node);
	node->parent = ref->parent;
	node->next = ref;
	node->prev = ref->prev;
	if (ref->prev)
		ref->prev->next = node;
	else if (ref->parent)
		ref->parent->children = node;
	ref->prev = node;
}

void tree_insert_after(xmlNode *ref, xmlNode *node)
{
	if (!ref || !node || ref == node)
		return;
	xmlUnlinkNode(node);
	node->parent = ref->parent;
	node->prev = ref;
	node->next = ref->next;
	if (ref->next)
		ref->next->prev = node;
	else if (ref->parent)
		ref->parent->last = node;
	ref->next = node;
}

void tree_move_children(xmlNode *from, xmlNode *to)
{
	if (!from || !to || !tree_first(from))
		return;
	for (xmlNode *child = from->children; child; child = child->next)
		child->parent = to;
	from->children->prev = to->last;
	if (to->last)
		to->last->next = from->children;
	else
		to->children = from->children;
	to->last = from->last;
	from->children = from->last = NULL;
}

void tree_unwrap(xmlNode *node)
{
	if (!tree_is_element(node))
		return;
	for (xmlNode *child = node->children, *next; child; child = next) {
		next = child->next;
		tree_insert_before(node, child);
	}
	tree_remove(node);
}

xmlNode *tree_wrap(xmlNode *node, const char *name)
{
	xmlNode *parent = tree_detached(node, name);
	if (!parent)
		return NULL;
	tree_insert_before(node, parent);
	tree_append(parent, node);
	return parent;
}

void tree_set_text(xmlNode *node, const char *text, size_t len)
{
	if (!tree_is_text(node))
		return;
	xmlChar *old = node->content; /* `text` may be a part of it */
	node->content = NULL;
	if (!append_text(node, text, len)) {
		node->content = old;
		failed(node->doc);
	}
}

void tree_put_text(struct buf *out, const xmlNode *node)
{
	size_t start = out->len;
	if (tree_is_text(node))
		buf_puts(out, tree_text_value(node));
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n)) {
		if (tree_is_text(n))
			buf_puts(out, tree_text_value(n));
		else if (tree_is(n, "br") || tree_is(n, "p") || tree_is(n, "li"))
			buf_putc(out, ' ');
	}
	buf_fold_space(out, start);
}

void tree_put_raw_text(struct buf *out, const xmlNode *node)
{
	if (tree_is_text(node)) {
		buf_puts(out, tree_text_value(node));
		return;
	}
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n))
		if (tree_is_text(n))
			buf_puts(out, tree_text_value(n));
}

bool tree_is_blank(const xmlNode *node)
{
	for (const xmlNode *n = node; n; n = tree_walk(node, n == node ? NULL : n)) {
		const char *text = tree_text_value(n);
		if (text[strspn(text, " \t\n\r\f")])
			return false;
		if (tree_is_any(n, "img svg math hr audio video table"))
			return false;
	}
	return true;
}

unsigned long long tree_last_id(const xmlNode *root, const char *prefix)
{
	unsigned long long last = 0;
	size_t len = strlen(prefix);
	for (const xmlNode *n = tree_walk(root, NULL); n; n = tree_walk(root, n)) {
		const char *id = tree_get(n, "id");
		if (!id || strncmp(id, prefix, len) != 0 || id[len] != '-' || strlen(id + len) > 19)
			continue;
		unsigned long long number = strtoull(id + len + 1, NULL, 10);
		if (number > last)
			last = number;
	}
	return last;
}

size_t tree_count_words(const xmlNode *node)
{
	size_t words = 0, ideographs = 0;
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n)) {
		const char *text = tree_text_value(n);
		utf8_count_words(text, strlen(text), &words, &ideographs);
	}
	return words + ideographs / 2;
}

/* --- Roots and notes --- */

void tree_make_root(xmlNode *node, const char *name)
{
	if (!node)
		return;
	xmlUnlinkNode(node);
	node->properties = NULL;
	tree_rename(node, name);
	xmlDocSetRootElement(node->doc, node);
}

void tree_set_data(xmlNode *node, void *data)
{
	if (node)
		node->_private = data;
}

void *tree_data(const xmlNode *node)
{
	return node ? node->_private : NULL;
}
