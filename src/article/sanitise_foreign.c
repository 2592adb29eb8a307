/* SVG and MathML inside a body. */
#include "article/sanitise_parts.h"

#include "article/sanitise_rules.h"
#include "article/tree.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_DEPTH = 100 };

static bool is_too_deep(const xmlNode *root)
{
	int depth = 0;
	for (const xmlNode *n = root; n;) {
		if (tree_first(n)) {
			n = tree_first(n);
			if (++depth > MOST_DEPTH)
				return true;
			continue;
		}
		for (; n != root && !tree_next(n); depth--)
			n = tree_parent(n);
		n = n == root ? NULL : tree_next(n);
	}
	return false;
}

/* --- MathML: the presentation elements, MathML 3 chapter 3 --- */

struct math_element {
	const char *name;
	int children;      /* -1: any number; TOKEN: text */
	const char *child; /* the only element it takes; NULL: any expression but rows, cells and
			      math */
};

enum { ANY = -1, TOKEN = -2 };

/* Sorted. */
static const struct math_element math_elements[] = {
	{"math", ANY, NULL},    {"menclose", ANY, NULL}, {"merror", ANY, NULL},
	{"mfenced", ANY, NULL}, {"mfrac", 2, NULL},      {"mi", TOKEN, NULL},
	{"mn", TOKEN, NULL},    {"mo", TOKEN, NULL},     {"mover", 2, NULL},
	{"mpadded", ANY, NULL}, {"mphantom", ANY, NULL}, {"mroot", 2, NULL},
	{"mrow", ANY, NULL},    {"ms", TOKEN, NULL},     {"mspace", 0, NULL},
	{"msqrt", ANY, NULL},   {"mstyle", ANY, NULL},   {"msub", 2, NULL},
	{"msubsup", 3, NULL},   {"msup", 2, NULL},       {"mtable", ANY, "mtr"},
	{"mtd", ANY, NULL},     {"mtext", TOKEN, NULL},  {"mtr", ANY, "mtd"},
	{"munder", 2, NULL},    {"munderover", 3, NULL},
};

static int compare_math(const void *name, const void *entry)
{
	return strcmp(name, ((const struct math_element *)entry)->name);
}

static const struct math_element *math_find(const char *name)
{
	return bsearch(name, math_elements, sizeof math_elements / sizeof *math_elements,
		       sizeof *math_elements, compare_math);
}

static bool is_length(const char *value)
{
	size_t digits = strspn(value, "0123456789."), unit;
	if (digits == 0 || digits > 10 || strspn(value, ".") > 0)
		return false;
	unit = strlen(value + digits);
	return (unit == 0 && value[0] == '0') ||
	       (unit == 2 && rule_has_word("em ex px pt pc cm mm in", value + digits));
}

static bool math_allows_attribute(const char *element, const char *attr, const char *value)
{
	static const char variants[] =
		"normal bold italic bold-italic double-struck bold-fraktur script bold-script "
		"fraktur "
		"sans-serif bold-sans-serif sans-serif-italic sans-serif-bold-italic monospace";
	bool is_table = rule_has_word("mtable mtr mtd", element);
	if (strcmp(attr, "id") == 0)
		return true; /* named anew later */
	if (strcmp(element, "math") == 0 && strcmp(attr, "display") == 0)
		return rule_has_word("block inline", value);
	if (strcmp(element, "math") == 0 && strcmp(attr, "alttext") == 0)
		return true;
	if (strcmp(element, "mfenced") == 0)
		return rule_has_word("open close separators", attr);
	if (strcmp(element, "menclose") == 0)
		return strcmp(attr, "notation") == 0;
	if (strcmp(element, "mfrac") == 0 && strcmp(attr, "linethickness") == 0)
		return is_length(value) || rule_has_word("thin medium thick", value);
	if (strcmp(element, "mspace") == 0)
		return strcmp(attr, "width") == 0 && is_length(value);
	if (strcmp(element, "mtd") == 0 && rule_has_word("rowspan columnspan", attr))
		return value[0] >= '1' && value[0] <= '9' && !value[1];
	if (is_table && strcmp(attr, "columnalign") == 0) {
		for (const char *word = value; *word;) {
			size_t len = strcspn(word, " ");
			if (!(len == 4 && !strncmp(word, "left", 4)) &&
			    !(len == 5 && !strncmp(word, "right", 5)) &&
			    !(len == 6 && !strncmp(word, "center", 6)))
				return false;
			if (strcmp(element, "mtd") == 0 && word[len])
				return false;
			word += len + (word[len] == ' ');
		}
		return value[0] != '\0';
	}
	if (strcmp(attr, "mathvariant") == 0)
		return rule_has_word("mi mn mo ms mtext", element) &&
		       rule_has_word(variants, value);
	if (strcmp(element, "mo") == 0 && strcmp(attr, "form") == 0)
		return rule_has_word("prefix infix postfix", value);
	if (strcmp(element, "mo") == 0 &&
	    rule_has_word("fence stretchy separator symmetric largeop movablelimits accent", attr))
		return rule_has_word("true false", value);
	if ((strcmp(element, "mover") == 0 || strcmp(element, "munderover") == 0) &&
	    strcmp(attr, "accent") == 0)
		return rule_has_word("true false", value);
	if ((strcmp(element, "munder") == 0 || strcmp(element, "munderover") == 0) &&
	    strcmp(attr, "accentunder") == 0)
		return rule_has_word("true false", value);
	if (rule_has_word("mstyle mtable math", element) && strcmp(attr, "displaystyle") == 0)
		return rule_has_word("true false", value);
	return false;
}

/* One MathML element: its attributes, and whether it holds what it should. */
static bool clean_math_element(xmlNode *n)
{
	const struct math_element *el = math_find(tree_name(n));
	const char *attr = NULL, *value = NULL;
	int children = 0;
	if (!el)
		return false;
	for (const xmlAttr *a = NULL, *after = tree_attr_next(n, NULL, &attr, &value); after;) {
		a = after;
		const char *this_attr = attr, *this_value = value;
		after = tree_attr_next(n, a, &attr, &value);
		if (!math_allows_attribute(el->name, this_attr, this_value))
			tree_set(n, this_attr, NULL);
	}
	for (xmlNode *child = tree_first(n), *next; child; child = next) {
		next = tree_next(child);
		if (el->children == TOKEN) {
			if (tree_is_element(child))
				return false;
			continue;
		}
		if (tree_is_text(child) && !tree_is_space(child))
			return false;
		if (!tree_is_element(child)) {
			tree_remove(child);
			continue;
		}
		bool misplaced = rule_has_word("mtr mtd math", tree_name(child));
		if (el->child ? strcmp(el->child, tree_name(child)) != 0 : misplaced)
			return false;
		children++;
	}
	return el->children < 0 || children == el->children;
}

static bool clean_math(struct id_map *ids, xmlNode *math)
{
	for (xmlNode *n = math, *next; n; n = next) {
		if (tree_is(n, "semantics") && n != math) {
			/* The first child is the expression, the others say it in another language.
			 */
			xmlNode *first = tree_first_element(n);
			if (!first)
				return false;
			tree_insert_before(n, first);
			tree_remove(n);
			next = first;
			continue;
		}
		next = tree_walk(math, n == math ? NULL : n);
	}
	for (xmlNode *n = math; n; n = tree_walk(math, n == math ? NULL : n)) {
		if (!tree_is_element(n))
			continue;
		if (!clean_math_element(n))
			return false;
		const char *id = tree_get(n, "id");
		if (id)
			tree_set(n, "id", id_map_claim(ids, id));
	}
	return tree_first_element(math) != NULL;
}

bool sanitise_foreign(struct id_map *ids, xmlNode *node)
{
	if (is_too_deep(node))
		return false;
	return tree_is(node, "svg") ? sanitise_drawing(ids, node) : clean_math(ids, node);
}
