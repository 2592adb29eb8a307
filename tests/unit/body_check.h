/* Whether a body has the form that article.h fixes: element by element, after the content models
 * of the HTML Living Standard, not after the sanitiser's own tables. */
#ifndef TEST_BODY_CHECK_H
#define TEST_BODY_CHECK_H

#include "article/elements.h"
#include "article/tree.h"
#include "base/utf8.h"

#include <libxml/hash.h>
#include <stdio.h>
#include <string.h>

struct body_parts {
	const char *parent, *children;
};

/* Elements that take certain children only. */
static const struct body_parts body_parts[] = {
	{"ul", " li "},    {"ol", " li "},        {"dl", " dt dd "},
	{"thead", " tr "}, {"tbody", " tr "},     {"tfoot", " tr "},
	{"tr", " td th "}, {"colgroup", " col "}, {"table", " caption colgroup thead tbody tfoot "},
};

static bool body_word(const char *list, const char *word)
{
	char spaced[64];
	snprintf(spaced, sizeof spaced, " %s ", word);
	return strstr(list, spaced) != NULL;
}

static const char *body_parts_of(const char *name)
{
	for (size_t i = 0; i < sizeof body_parts / sizeof *body_parts; i++)
		if (strcmp(body_parts[i].parent, name) == 0)
			return body_parts[i].children;
	return NULL;
}

static bool body_above(const xmlNode *node, const char *name)
{
	for (const xmlNode *up = tree_parent(node); up; up = tree_parent(up))
		if (tree_is(up, name))
			return true;
	return false;
}

/* The order of a table's or list's parts, a figure's content. */
static const char *body_check_order(const xmlNode *node)
{
	const char *name = tree_name(node);
	if (strcmp(name, "table") == 0) {
		static const char *const order[] = {"caption", "colgroup", "thead", "tbody",
						    "tfoot"};
		static const bool many[] = {false, true, false, true, false};
		size_t at = 0;
		bool last = false;
		for (const xmlNode *n = tree_first_element(node); n; n = tree_next_element(n)) {
			size_t i = 0;
			while (i < 5 && !tree_is(n, order[i]))
				i++;
			if (i < at || (i == at && last && !many[i]))
				return "table parts out of order";
			at = i;
			last = true;
		}
	} else if (strcmp(name, "dl") == 0) {
		const xmlNode *first = tree_first_element(node), *last = NULL;
		for (const xmlNode *n = first; n; n = tree_next_element(n))
			last = n;
		if (first && (!tree_is(first, "dt") || !tree_is(last, "dd")))
			return "dl without dt first and dd last";
	} else if (strcmp(name, "figure") == 0) {
		const xmlNode *n = tree_first_element(node);
		size_t imgs = 0;
		for (const xmlNode *i = NULL; (i = tree_find(node, i, "img")) != NULL;)
			imgs++;
		if (imgs > 1)
			return "figure with several pictures";
		if (tree_is(n, "img") || (tree_is(n, "a") && tree_is(tree_first(n), "img")) ||
		    tree_has_class(n, "missing-image"))
			n = tree_next_element(n);
		if (n && !tree_is(n, "figcaption"))
			return "figure with something else than img and figcaption";
		if (n && tree_next_element(n))
			return "figure with something behind its figcaption";
		if (!tree_first_element(node))
			return "empty figure";
	} else if (strcmp(name, "details") == 0) {
		if (!tree_is(tree_first_element(node), "summary"))
			return "details without summary";
		for (const xmlNode *n = tree_next_element(tree_first_element(node)); n;
		     n = tree_next_element(n))
			if (tree_is(n, "summary"))
				return "details with two summaries";
	} else if (strcmp(name, "ruby") == 0) {
		const xmlNode *last = tree_last(node);
		if (!tree_is(last, "rt") && !tree_is(last, "rp"))
			return "ruby ends without rt";
	}
	return NULL;
}

static const char *body_check_place(const xmlNode *node, const struct element *el)
{
	const xmlNode *parent = tree_parent(node);
	const char *name = tree_name(node);
	/* Transparent elements take what their parent takes. */
	while (tree_is(parent, "a") || tree_is(parent, "ins") || tree_is(parent, "del"))
		parent = tree_parent(parent);
	const char *holder = tree_name(parent);
	const struct element *in = element_find(holder);
	const char *parts = body_parts_of(holder);
	if (parts)
		return body_word(parts, name) ? NULL : "wrong child of a list or table part";
	if (!in) /* body */
		return el->flags & EL_FLOW ? NULL : "part outside its parent";
	if (in->flags & EL_VOID)
		return "void element with content";
	if (tree_is(parent, "figure") && tree_is(node, "figcaption"))
		return NULL;
	if (tree_is(parent, "details") && tree_is(node, "summary"))
		return NULL;
	if (tree_is(parent, "ruby") && (tree_is(node, "rt") || tree_is(node, "rp")))
		return NULL;
	if (in->flags & EL_HOLDS_FLOW)
		return el->flags & EL_FLOW ? NULL : "part outside its parent";
	return el->flags & EL_PHRASING ? NULL : "block among text";
}

static const char *body_check_attributes(const xmlNode *node, const struct element *el,
					 xmlHashTable *ids)
{
	const char *name = NULL, *value = NULL;
	for (const xmlAttr *a = NULL; (a = tree_attr_next(node, a, &name, &value)) != NULL;) {
		if (el && !element_allows(el, name))
			return "attribute that is not allowed";
		if (strncasecmp(name, "on", 2) == 0)
			return "event handler";
		if (!utf8_is_clean(value, strlen(value)))
			return "attribute that is not clean";
		if (strcmp(name, "id") == 0 &&
		    (strpbrk(value, " \t\n:") || !*value ||
		     xmlHashAddEntry(ids, (const xmlChar *)value, (void *)node) != 0))
			return "id that is taken or no name";
		if (strcmp(name, "href") == 0 && el && strpbrk(value, " \t\n<>\"{}|\\^`"))
			return "href with characters that no URL has";
		const char *colon = value + strcspn(value, ":/?#");
		if ((strcmp(name, "href") == 0 || strcmp(name, "src") == 0) && el &&
		    *colon == ':' && strncmp(value, "http:", 5) && strncmp(value, "https:", 6) &&
		    strncmp(value, "mailto:", 7) && strncmp(value, "tel:", 4) &&
		    strncmp(value, "data:image/", 11))
			return "scheme that is not allowed";
	}
	if (tree_is(node, "img") && (!tree_get(node, "src") || !*tree_get(node, "src")))
		return "img without src";
	if (tree_is(node, "li") && tree_get(node, "value") && !tree_is(tree_parent(node), "ol"))
		return "number in a list without numbers";
	if (tree_is(node, "bdo") && !tree_get(node, "dir"))
		return "bdo without dir";
	if (tree_is(node, "time") && !tree_get(node, "datetime"))
		return "time without datetime";
	return NULL;
}

/* NULL when the body is good; else what is wrong first, and where in *at. */
static const char *body_check(const xmlNode *body, const xmlNode **at)
{
	const char *wrong = NULL;
	xmlHashTable *ids = xmlHashCreate(64);
	for (const xmlNode *n = tree_walk(body, NULL), *next; n && !wrong; n = next) {
		*at = n;
		next = tree_walk(body, n);
		if (tree_is_text(n)) {
			const char *text = tree_text_value(n);
			bool blank = text[strspn(text, " \t\n\r")] == '\0';
			const char *holder = tree_name(tree_parent(n));
			if (!utf8_is_clean(text, strlen(text)))
				wrong = "text that is not clean";
			else if (!blank && body_parts_of(holder))
				wrong = "text in a list or table part";
			continue;
		}
		if (!tree_is_element(n)) {
			wrong = "neither element nor text";
			break;
		}
		const struct element *el = element_find(tree_name(n));
		if (!el) {
			wrong = "element that may not stand in a body";
			break;
		}
		int depth = 0;
		for (const xmlNode *up = n; up != body && depth < 400; up = tree_parent(up))
			depth++;
		if (depth > 300)
			wrong = "too deep";
		if (!wrong)
			wrong = body_check_place(n, el);
		if (!wrong && (tree_is(n, "a") || tree_is(n, "dfn")) && body_above(n, tree_name(n)))
			wrong = "nested in itself";
		if (!wrong && (tree_is(n, "header") || tree_is(n, "footer")) &&
		    (body_above(n, "header") || body_above(n, "footer")))
			wrong = "header or footer in one";
		if (!wrong && tree_is(n, "table") && body_above(n, "caption"))
			wrong = "table in a caption";
		if (!wrong)
			wrong = body_check_order(n);
		bool foreign = tree_is(n, "svg") || tree_is(n, "math");
		if (!wrong)
			wrong = body_check_attributes(n, foreign ? NULL : el, ids);
		if (!wrong && foreign) {
			for (const xmlNode *in = tree_walk(n, NULL); in && !wrong;
			     in = tree_walk(n, in))
				if (tree_is_element(in)) {
					*at = in;
					wrong = tree_is(in, "script") ||
								tree_is(in, "foreignObject")
							? "script in a picture"
							: body_check_attributes(in, NULL, ids);
				}
			next = tree_walk_skip(body, n);
		}
	}
	for (const xmlNode *n = NULL; !wrong && (n = tree_find(body, n, "a")) != NULL;) {
		const char *href = tree_get(n, "href");
		if (href && href[0] == '#' && !xmlHashLookup(ids, (const xmlChar *)href + 1)) {
			*at = n;
			wrong = "link to nowhere";
		}
	}
	xmlHashFree(ids, NULL);
	return wrong;
}

#endif
