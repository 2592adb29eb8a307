/* The body's tree: all that the program does to libxml2 nodes. Only tree.c touches their
 * insides.
 *
 * Every function takes NULL for a node and does nothing then, and returns NULL when memory
 * runs out, which the document remembers: build on, ask tree_failed() once. Nothing recurses,
 * so depth costs no stack. Strings are clean UTF-8 and are copied. What is removed or replaced
 * gives its memory back with the document. */
#ifndef ARTICLE_TREE_H
#define ARTICLE_TREE_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

struct buf;

xmlDoc *tree_doc_new(const char *root_name);
void tree_doc_free(xmlDoc *doc);
xmlNode *tree_root(xmlDoc *doc);
bool tree_failed(const xmlDoc *doc);
/* Remember that memory ran out beside the tree, while it was made: text is missing from it. */
void tree_fail(const xmlNode *any);

/* Make: appended to `parent`, as its last child. */
xmlNode *tree_element(xmlNode *parent, const char *name);
xmlNode *tree_text(xmlNode *parent, const char *text, size_t len);
/* An element with text in it. */
xmlNode *tree_leaf(xmlNode *parent, const char *name, const char *text);
/* Make, of the same document, but attached nowhere yet. */
xmlNode *tree_detached(xmlNode *any, const char *name);

/* Attributes. Setting NULL removes. tree_get() is borrowed, NULL when absent. */
void tree_set(xmlNode *node, const char *attr, const char *value);
const char *tree_get(const xmlNode *node, const char *attr);
/* Walk attributes: start with NULL, ends with NULL; *value is borrowed. */
const xmlAttr *tree_attr_next(const xmlNode *node, const xmlAttr *last, const char **name,
			      const char **value);
bool tree_has_class(const xmlNode *node, const char *cls);

/* Look. */
bool tree_is_element(const xmlNode *node);
bool tree_is_text(const xmlNode *node);
bool tree_is(const xmlNode *node, const char *name);
/* The same for any of these names, separated by spaces. */
bool tree_is_any(const xmlNode *node, const char *names);
bool tree_is_space(const xmlNode *node);          /* a text node of nothing but white space */
const char *tree_name(const xmlNode *node);       /* "" for text */
const char *tree_text_value(const xmlNode *node); /* a text node's characters, "" else */
int tree_heading_level(const xmlNode *node);      /* 1 to 6, or 0 */
xmlNode *tree_parent(const xmlNode *node);
xmlNode *tree_first(const xmlNode *node);
xmlNode *tree_last(const xmlNode *node);
xmlNode *tree_next(const xmlNode *node);
xmlNode *tree_prev(const xmlNode *node);
xmlNode *tree_first_element(const xmlNode *node);
xmlNode *tree_next_element(const xmlNode *node);

/* Document order below `root` (root itself is not visited): start with NULL. _skip passes over
 * the node's children. */
xmlNode *tree_walk(const xmlNode *root, const xmlNode *node);
xmlNode *tree_walk_skip(const xmlNode *root, const xmlNode *node);
/* Whether any element or attribute of that name was ever made in the node's document: asked before
 * a long walk that searches for one. */
bool tree_knows(const xmlNode *any, const char *name);
/* Next element of that name below root, in document order. */
xmlNode *tree_find(const xmlNode *root, const xmlNode *after, const char *name);

/* Move and remove. */
void tree_rename(xmlNode *node, const char *name);
void tree_unlink(xmlNode *node);
void tree_remove(xmlNode *node);                  /* with its children, for ever */
void tree_append(xmlNode *parent, xmlNode *node); /* moves it there */
void tree_insert_before(xmlNode *ref, xmlNode *node);
void tree_insert_after(xmlNode *ref, xmlNode *node);
void tree_move_children(xmlNode *from, xmlNode *to); /* appended */
void tree_unwrap(xmlNode *node);                     /* its children take its place */
xmlNode *tree_wrap(xmlNode *node, const char *name); /* returns the new parent */
/* A text node's characters, replaced. */
void tree_set_text(xmlNode *node, const char *text, size_t len);

/* Make `node` the root of its document, under this name and without attributes; all that was not
 * below it is removed. */
void tree_make_root(xmlNode *node, const char *name);

/* What a pass keeps about a node; it must outlive the node, or be set to NULL again. */
void tree_set_data(xmlNode *node, void *data);
void *tree_data(const xmlNode *node);

/* All text below `node`, runs of white space folded to one space, trimmed. br counts as a
 * space. */
void tree_put_text(struct buf *out, const xmlNode *node);
/* The same as characters in the document, unfolded. */
void tree_put_raw_text(struct buf *out, const xmlNode *node);
bool tree_is_blank(const xmlNode *node); /* no text but white space, no img, svg, math, hr, media */
/* The highest N of the ids "PREFIX-N" below `root`, 0 if none: number on from there. Ids of more
 * than 18 digits do not count. */
unsigned long long tree_last_id(const xmlNode *root, const char *prefix);
/* Words below `node`: runs between spaces; of CJK text, two characters count as a word. */
size_t tree_count_words(const xmlNode *node);

#endif
