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

/* --- SVG --- */

/* Sorted. No scripts, no animation, nothing from elsewhere, no HTML inside, no links. */
static const char *const svg_elements[] = {
	"circle",
	"clipPath",
	"defs",
	"desc",
	"ellipse",
	"feBlend",
	"feColorMatrix",
	"feComponentTransfer",
	"feComposite",
	"feConvolveMatrix",
	"feDiffuseLighting",
	"feDisplacementMap",
	"feDistantLight",
	"feFlood",
	"feFuncA",
	"feFuncB",
	"feFuncG",
	"feFuncR",
	"feGaussianBlur",
	"feMerge",
	"feMergeNode",
	"feMorphology",
	"feOffset",
	"fePointLight",
	"feSpecularLighting",
	"feSpotLight",
	"feTile",
	"feTurbulence",
	"filter",
	"g",
	"image",
	"line",
	"linearGradient",
	"marker",
	"mask",
	"metadata",
	"path",
	"pattern",
	"polygon",
	"polyline",
	"radialGradient",
	"rect",
	"stop",
	"style",
	"svg",
	"switch",
	"symbol",
	"text",
	"textPath",
	"title",
	"tspan",
	"use",
	"view",
};

static int compare_name(const void *name, const void *entry)
{
	return strcmp(name, *(const char *const *)entry);
}

bool svg_allows_element(const char *name)
{
	return bsearch(name, svg_elements, sizeof svg_elements / sizeof *svg_elements,
		       sizeof *svg_elements, compare_name) != NULL;
}

/* Style and paint: "url(#…)" into the same picture is all that may be loaded. */
static bool css_is_safe(const char *value)
{
	if (strchr(value, '\\') || strchr(value, '<') || strchr(value, '@') ||
	    strcasestr(value, "expression") || strcasestr(value, "script:") ||
	    strcasestr(value, "image(") || strcasestr(value, "image-set("))
		return false;
	for (const char *url = value; (url = strcasestr(url, "url(")) != NULL;) {
		url += strlen("url(");
		url += strspn(url, " \t\n\"'");
		if (*url != '#')
			return false;
	}
	return true;
}

/* A style attribute that is whole (no string or comment is open, nothing is in braces), of
 * properties that EPUB allows (EPUB 3.3, section 6.3.1.2). */
static bool declarations_are_whole(const char *value)
{
	for (const char *s = value; (s = strpbrk(s, "\"'")) != NULL; s++)
		if ((s = strchr(s + 1, *s)) == NULL)
			return false;
	return !strpbrk(value, "{}") && !strstr(value, "/*") && !strcasestr(value, "direction") &&
	       !strcasestr(value, "unicode-bidi");
}

bool svg_allows_attribute(const char *element, const char *attr, const char *value)
{
	/* ids are renamed: what names one in ARIA would lead nowhere */
	static const char aria_references[] =
		"aria-labelledby aria-describedby aria-controls aria-owns aria-details aria-flowto "
		"aria-activedescendant aria-errormessage";
	if (rule_has_word(aria_references, attr))
		return false;
	if (strncasecmp(attr, "on", 2) == 0 || strncmp(attr, "xmlns", 5) == 0 ||
	    strcmp(attr, "xml:base") == 0 || strncmp(attr, "epub:", 5) == 0 ||
	    strcmp(attr, "requiredExtensions") == 0 || strcmp(attr, "requiredFeatures") == 0)
		return false;
	if (strcmp(attr, "href") == 0 || strcmp(attr, "xlink:href") == 0) {
		if (strcmp(element, "image") == 0)
			return strncasecmp(value, "data:image/png", 14) == 0 ||
			       strncasecmp(value, "data:image/jpeg", 15) == 0 ||
			       strncasecmp(value, "data:image/gif", 14) == 0;
		return value[0] == '#' && value[1];
	}
	if (strncmp(attr, "xlink:", 6) == 0 || strcmp(attr, "src") == 0)
		return false;
	if (strcmp(attr, "style") == 0 && strcmp(element, "style") != 0 &&
	    !declarations_are_whole(value))
		return false;
	return css_is_safe(value);
}

/* Everything in `value` that names an id ("#a" as a whole, "url(#a)" in parts), with what it is
 * called now. False when it leads nowhere. */
static bool put_references(struct buf *out, const char *value, const struct id_map *local)
{
	if (value[0] == '#') {
		const char *final = id_map_find(local, value + 1);
		buf_printf(out, "#%s", final ? final : "");
		return final != NULL;
	}
	for (const char *url; (url = strstr(value, "url(#")) != NULL;) {
		url += strlen("url(#");
		size_t len = strcspn(url, ")");
		buf_append(out, value, (size_t)(url - value));
		struct buf id = BUF_INIT;
		buf_append(&id, url, len);
		const char *final = id_map_find(local, id.data);
		buf_puts(out, final ? final : id.data);
		out->failed |= id.failed;
		buf_release(&id);
		value = url + len;
		if (!final)
			return false;
	}
	buf_puts(out, value);
	return true;
}

/* Ids first, under names that are free in the whole body; then what refers to them. */
static void name_svg_parts(struct id_map *ids, struct id_map *local, xmlNode *svg)
{
	struct buf value = BUF_INIT;
	for (xmlNode *n = svg; n; n = tree_walk(svg, n == svg ? NULL : n)) {
		const char *id = tree_get(n, "id");
		if (!id)
			continue;
		const char *final = id_map_claim(ids, id);
		id_map_alias(local, id, final);
		tree_set(n, "id", final);
	}
	for (xmlNode *n = svg, *next; n; n = next) {
		const char *attr = NULL, *old = NULL;
		bool lost = false;
		for (const xmlAttr *a = NULL, *after = tree_attr_next(n, NULL, &attr, &old);
		     after;) {
			a = after;
			const char *name = attr, *raw = old;
			after = tree_attr_next(n, a, &attr, &old);
			bool whole = raw[0] == '#' &&
				     (strcmp(name, "href") == 0 || strcmp(name, "xlink:href") == 0);
			if (!whole && !strstr(raw, "url(#"))
				continue;
			buf_truncate(&value, 0);
			bool found = put_references(&value, raw, local);
			lost |= whole && !found;
			tree_set(n, name, found ? value.data : NULL);
		}
		bool useless = tree_is(n, "use") &&
			       (lost || !(tree_get(n, "href") || tree_get(n, "xlink:href")));
		next = useless ? tree_walk_skip(svg, n) : tree_walk(svg, n == svg ? NULL : n);
		if (useless)
			tree_remove(n);
	}
	ids->failed |= value.failed || local->failed;
	buf_release(&value);
}

static bool clean_svg(struct id_map *ids, xmlNode *svg)
{
	for (xmlNode *n = svg, *next; n; n = next) {
		const char *name = tree_name(n), *attr = NULL, *value = NULL;
		if (tree_is_element(n) && n != svg &&
		    (!svg_allows_element(name) || strcmp(name, "style") == 0)) {
			next = tree_walk_skip(svg, n);
			/* Links give way to what they hold, all else goes with it. */
			if (strcmp(name, "a") == 0 && tree_first(n)) {
				next = tree_first(n);
				tree_unwrap(n);
			} else {
				tree_remove(n);
			}
			continue;
		}
		for (const xmlAttr *a = NULL, *after = tree_attr_next(n, NULL, &attr, &value);
		     after;) {
			a = after;
			const char *this_attr = attr, *this_value = value;
			after = tree_attr_next(n, a, &attr, &value);
			if (!svg_allows_attribute(name, this_attr, this_value))
				tree_set(n, this_attr, NULL);
		}
		bool image_gone =
			tree_is(n, "image") && !tree_get(n, "href") && !tree_get(n, "xlink:href");
		next = image_gone ? tree_walk_skip(svg, n) : tree_walk(svg, n == svg ? NULL : n);
		if (image_gone) {
			tree_remove(n);
			continue;
		}
	}
	struct id_map local;
	id_map_init(&local);
	name_svg_parts(ids, &local, svg);
	id_map_release(&local);
	return tree_first_element(svg) != NULL;
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
	return tree_is(node, "svg") ? clean_svg(ids, node) : clean_math(ids, node);
}
