/* MathML in a body: presentation elements, MathML 3 chapter 3. A formula is mended, not given up:
 * what is unknown or misplaced becomes a row, text without an element becomes `mtext`. */
#include "sanitise/parts.h"

#include "article/tree.h"
#include "base/word_list.h"
#include "sanitise/rules.h"

#include <stdlib.h>
#include <string.h>

/* What an element is, or may hold. */
enum {
	EXPRESSION = 1 << 0,
	ROW = 1 << 1,
	CELL = 1 << 2,
	STACK = 1 << 3, /* a line of elementary mathematics */
	CARRY = 1 << 4,
	SCRIPT = 1 << 5, /* stands for a script, or parts scripts */
	ROOT = 1 << 6,
	TEXT = 1 << 7,
	NOTHING = 0,
};

struct math_element {
	const char *name;
	unsigned char is, holds;
	signed char children; /* how many it needs; ANY; AT_LEAST and more */
};

enum { ANY = -1, THREE_OR_MORE = -2 };

/* Sorted by name. */
static const struct math_element math_elements[] = {
	{"math", ROOT, EXPRESSION, ANY},
	{"menclose", EXPRESSION, EXPRESSION, ANY},
	{"merror", EXPRESSION, EXPRESSION, ANY},
	{"mfenced", EXPRESSION, EXPRESSION, ANY},
	{"mfrac", EXPRESSION, EXPRESSION, 2},
	{"mi", EXPRESSION, TEXT, ANY},
	{"mlabeledtr", ROW, CELL, ANY},
	{"mlongdiv", EXPRESSION, EXPRESSION | STACK, THREE_OR_MORE},
	{"mmultiscripts", EXPRESSION, EXPRESSION | SCRIPT, ANY},
	{"mn", EXPRESSION, TEXT, ANY},
	{"mo", EXPRESSION, TEXT, ANY},
	{"mover", EXPRESSION, EXPRESSION, 2},
	{"mpadded", EXPRESSION, EXPRESSION, ANY},
	{"mphantom", EXPRESSION, EXPRESSION, ANY},
	{"mprescripts", SCRIPT, NOTHING, 0},
	{"mroot", EXPRESSION, EXPRESSION, 2},
	{"mrow", EXPRESSION, EXPRESSION, ANY},
	{"ms", EXPRESSION, TEXT, ANY},
	{"mscarries", STACK, EXPRESSION | CARRY, ANY},
	{"mscarry", CARRY, EXPRESSION, ANY},
	{"msgroup", STACK, EXPRESSION | STACK, ANY},
	{"msline", STACK, NOTHING, 0},
	{"mspace", EXPRESSION, NOTHING, 0},
	{"msqrt", EXPRESSION, EXPRESSION, ANY},
	{"msrow", STACK, EXPRESSION, ANY},
	{"mstack", EXPRESSION, EXPRESSION | STACK, ANY},
	{"mstyle", EXPRESSION, EXPRESSION, ANY},
	{"msub", EXPRESSION, EXPRESSION, 2},
	{"msubsup", EXPRESSION, EXPRESSION, 3},
	{"msup", EXPRESSION, EXPRESSION, 2},
	{"mtable", EXPRESSION, ROW, ANY},
	{"mtd", CELL, EXPRESSION, ANY},
	{"mtext", EXPRESSION, TEXT, ANY},
	{"mtr", ROW, CELL, ANY},
	{"munder", EXPRESSION, EXPRESSION, 2},
	{"munderover", EXPRESSION, EXPRESSION, 3},
	{"none", SCRIPT, NOTHING, 0},
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

/* --- Attributes --- */

static bool is_length(const char *value)
{
	size_t digits = strspn(value, "0123456789."), unit;
	if (digits == 0 || digits > 10 || strspn(value, ".") > 0)
		return false;
	unit = strlen(value + digits);
	return (unit == 0 && value[0] == '0') ||
	       (unit == 2 && word_list_has("em ex px pt pc cm mm in", value + digits));
}

static bool is_integer(const char *value)
{
	size_t sign = *value == '-', digits = strspn(value + sign, "0123456789");
	return digits > 0 && digits < 10 && value[sign + digits] == '\0';
}

/* Elementary mathematics, section 3.6, and labels of rows. */
static bool arithmetic_allows_attribute(const char *element, const char *attr, const char *value)
{
	if (word_list_has("msgroup msrow msline mscarries mlongdiv", element) &&
	    strcmp(attr, "position") == 0)
		return is_integer(value);
	if (word_list_has("msgroup mlongdiv", element) && strcmp(attr, "shift") == 0)
		return is_integer(value);
	if (strcmp(element, "mstack") == 0 && strcmp(attr, "stackalign") == 0)
		return word_list_has("left center right decimalpoint", value);
	if (word_list_has("mscarries mscarry", element) && strcmp(attr, "location") == 0)
		return word_list_has("w nw n ne e se s sw", value);
	if (strcmp(element, "mtable") == 0 && strcmp(attr, "side") == 0)
		return word_list_has("left right leftoverlap rightoverlap", value);
	return false;
}

static bool math_allows_attribute(const char *element, const char *attr, const char *value)
{
	static const char variants[] =
		"normal bold italic bold-italic double-struck bold-fraktur script bold-script "
		"fraktur "
		"sans-serif bold-sans-serif sans-serif-italic sans-serif-bold-italic monospace";
	bool is_table = word_list_has("mtable mtr mtd", element);
	if (strcmp(attr, "id") == 0)
		return true; /* named anew later */
	if (strcmp(element, "math") == 0 && strcmp(attr, "display") == 0)
		return word_list_has("block inline", value);
	if (strcmp(element, "math") == 0 && strcmp(attr, "alttext") == 0)
		return true;
	if (strcmp(element, "mfenced") == 0)
		return word_list_has("open close separators", attr);
	if (strcmp(element, "menclose") == 0)
		return strcmp(attr, "notation") == 0;
	if (strcmp(element, "mfrac") == 0 && strcmp(attr, "linethickness") == 0)
		return is_length(value) || word_list_has("thin medium thick", value);
	if (strcmp(element, "mspace") == 0)
		return strcmp(attr, "width") == 0 && is_length(value);
	if (strcmp(element, "mtd") == 0 && word_list_has("rowspan columnspan", attr))
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
		return word_list_has("mi mn mo ms mtext", element) &&
		       word_list_has(variants, value);
	if (strcmp(element, "mo") == 0 && strcmp(attr, "form") == 0)
		return word_list_has("prefix infix postfix", value);
	if (strcmp(element, "mo") == 0 &&
	    word_list_has("fence stretchy separator symmetric largeop movablelimits accent", attr))
		return word_list_has("true false", value);
	if ((strcmp(element, "mover") == 0 || strcmp(element, "munderover") == 0) &&
	    strcmp(attr, "accent") == 0)
		return word_list_has("true false", value);
	if ((strcmp(element, "munder") == 0 || strcmp(element, "munderover") == 0) &&
	    strcmp(attr, "accentunder") == 0)
		return word_list_has("true false", value);
	if (word_list_has("mstyle mtable math", element) && strcmp(attr, "displaystyle") == 0)
		return word_list_has("true false", value);
	return arithmetic_allows_attribute(element, attr, value);
}

static void math_clean_attributes(struct id_map *ids, xmlNode *n)
{
	const char *attr = NULL, *value = NULL;
	for (const xmlAttr *after = tree_attr_next(n, NULL, &attr, &value); after;) {
		const char *this_attr = attr, *this_value = value;
		after = tree_attr_next(n, after, &attr, &value);
		if (!math_allows_attribute(tree_name(n), this_attr, this_value))
			tree_set(n, this_attr, NULL);
	}
	const char *id = tree_get(n, "id");
	if (id)
		tree_set(n, "id", id_map_claim(ids, id));
}

/* --- Children --- */

/* All the text below becomes the only child; of a glyph that is a picture, its name. */
static void flatten(xmlNode *node)
{
	struct buf text = BUF_INIT;
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n))
		buf_puts(&text, tree_is(n, "mglyph") && tree_get(n, "alt") ? tree_get(n, "alt")
									   : tree_text_value(n));
	for (xmlNode *child; (child = tree_first(node)) != NULL;)
		tree_remove(child);
	tree_text(node, text.data, text.len);
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
}

/* An element that is not MathML, or not allowed here, becomes a row or text; one that shows nothing
 * is removed. Returns what stands in its place, or NULL. */
static xmlNode *math_replace(xmlNode *child)
{
	bool glyph = tree_is(child, "mglyph") && tree_get(child, "alt");
	if (!tree_first(child) && !glyph) {
		tree_remove(child);
		return NULL;
	}
	if (glyph)
		tree_text(child, tree_get(child, "alt"), strlen(tree_get(child, "alt")));
	tree_rename(child, tree_first_element(child) ? "mrow" : "mtext");
	return child;
}

/* One child in the form that its parent holds. Returns how many it is then: 0 or 1. */
static int clean_child(const struct math_element *parent, xmlNode *child)
{
	if (!tree_is_element(child)) {
		if (!tree_is_text(child) || tree_is_space(child)) {
			tree_remove(child);
			return 0;
		}
		child = tree_wrap(child, "mtext");
	}
	const struct math_element *el = math_find(tree_name(child));
	if (el && (el->is & parent->holds))
		return 1;
	if (!el || !(el->is & EXPRESSION))
		child = math_replace(child);
	if (child && (parent->holds & (ROW | CELL)) && !(parent->holds & EXPRESSION))
		tree_wrap(child, parent->holds & ROW ? "mtr" : "mtd");
	return child != NULL;
}

/* Scripts in pairs, one `mprescripts`, and a base. */
static void pair_scripts(xmlNode *node)
{
	size_t scripts = 0;
	bool pre = false;
	xmlNode *first = tree_first(node);
	if (!first || tree_is(first, "none") || tree_is(first, "mprescripts")) {
		first = tree_detached(node, "mrow");
		if (tree_first(node))
			tree_insert_before(tree_first(node), first);
		else
			tree_append(node, first);
	}
	for (xmlNode *n = tree_next(first), *next; n; n = next) {
		next = tree_next(n);
		if (!tree_is(n, "mprescripts")) {
			scripts++;
			continue;
		}
		if (pre) {
			tree_remove(n);
			continue;
		}
		if (scripts % 2)
			tree_insert_before(n, tree_detached(n, "none"));
		scripts = 0;
		pre = true;
	}
	if (scripts % 2)
		tree_element(node, "none");
}

static void clean_children(xmlNode *node)
{
	const struct math_element *el = math_find(tree_name(node));
	int children = 0;
	if (el->holds == TEXT) {
		if (tree_first_element(node))
			flatten(node);
		return;
	}
	if (el->holds == NOTHING) { /* a start tag without an end: what follows is not in it */
		for (xmlNode *last; (last = tree_last(node)) != NULL;)
			tree_insert_after(node, last);
		return;
	}
	for (xmlNode *child = tree_first(node), *next; child; child = next) {
		next = tree_next(child);
		children += clean_child(el, child);
	}
	bool right = el->children == THREE_OR_MORE ? children >= 3
						   : el->children < 0 || children == el->children;
	if (!right) {
		tree_rename(node, "mrow");
		clean_children(node);
	} else if (strcmp(el->name, "mmultiscripts") == 0) {
		pair_scripts(node);
	}
}

/* --- Alternatives --- */

static bool is_presentation(const xmlNode *annotation)
{
	const char *encoding = tree_get(annotation, "encoding");
	return tree_is(annotation, "annotation-xml") && encoding &&
	       strstr(encoding, "resentation") != NULL;
}

/* The expression among those that say the same: the first, or the one marked as presentation. */
static xmlNode *math_choose(xmlNode *semantics)
{
	xmlNode *first = tree_first_element(semantics);
	if (first && math_find(tree_name(first)))
		return first;
	for (xmlNode *n = first; n; n = tree_next_element(n))
		if (is_presentation(n))
			return n;
	return first;
}

/* The formula's TeX, when it has no other text for those who do not see it. */
static void keep_tex(xmlNode *math, const xmlNode *semantics)
{
	for (xmlNode *n = tree_first_element(semantics); n; n = tree_next_element(n)) {
		const char *encoding = tree_get(n, "encoding");
		if (!tree_is(n, "annotation") || !encoding || tree_get(math, "alttext") ||
		    (strcmp(encoding, "application/x-tex") != 0 && strcmp(encoding, "TeX") != 0 &&
		     strcmp(encoding, "application/x-latex") != 0))
			continue;
		struct buf tex = BUF_INIT;
		tree_put_text(&tex, n);
		if (tex.len)
			tree_set(math, "alttext", tex.data);
		if (tex.failed)
			tree_fail(math);
		buf_release(&tex);
	}
}

/* `semantics` and `maction` give way to one of their children. */
static void choose_alternatives(xmlNode *math)
{
	for (xmlNode *n = math, *next; n; n = next) {
		next = tree_walk(math, n == math ? NULL : n);
		bool action = tree_is(n, "maction");
		if (!action && !tree_is(n, "semantics"))
			continue;
		xmlNode *chosen = action ? tree_first_element(n) : math_choose(n);
		for (long i = action && tree_get(n, "selection")
				      ? strtol(tree_get(n, "selection"), NULL, 10)
				      : 1;
		     i > 1 && chosen && tree_next_element(chosen); i--)
			chosen = tree_next_element(chosen);
		if (!action)
			keep_tex(math, n);
		next = chosen ? chosen : tree_walk_skip(math, n);
		if (chosen)
			tree_insert_before(n, chosen);
		tree_remove(n);
	}
}

bool sanitise_math(struct id_map *ids, xmlNode *math)
{
	choose_alternatives(math);
	if (tree_find(math, NULL, "apply")) /* content markup: nothing says how it looks */
		return false;
	for (xmlNode *n = math; n; n = tree_walk(math, n == math ? NULL : n)) {
		if (!tree_is_element(n))
			continue;
		clean_children(n);
		math_clean_attributes(ids, n);
	}
	return tree_first_element(math) != NULL;
}
