/* Elements that are complete: their parts in order and in number. Content models after the HTML
 * Living Standard, section 4 (EPUBCheck's schema of it is stricter in places: said there). */
#include "sanitise/parts.h"

#include "article/tree.h"
#include "base/word_list.h"
#include "sanitise/rules.h"

#include <string.h>

/* Nothing to see in it and nothing to link to. */
static bool is_empty(const xmlNode *node)
{
	if (tree_get(node, "id"))
		return false;
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n)) {
		if (tree_is_text(n) && !tree_is_space(n))
			return false;
		if (tree_is_element(n) &&
		    (tree_get(n, "id") || !word_list_has("br wbr span", tree_name(n))))
			return false;
	}
	return true;
}

static void remove_space(xmlNode *node)
{
	for (xmlNode *child = tree_first(node), *next; child; child = next) {
		next = tree_next(child);
		if (tree_is_space(child))
			tree_remove(child);
	}
}

static void mend_table(xmlNode *table)
{
	static const char *const order[] = {"caption", "colgroup", "thead", "tbody", "tfoot"};
	bool caption = false, head = false, foot = false;
	size_t count = 0;

	remove_space(table);
	for (xmlNode *child = tree_first(table), *next; child; child = next) {
		next = tree_next(child);
		if (tree_is(child, "caption") && caption) {
			tree_rename(child, "div");
			tree_insert_before(table, child);
			continue;
		}
		caption |= tree_is(child, "caption");
		if (tree_is(child, "thead")) {
			if (head)
				tree_rename(child, "tbody");
			head = true;
		} else if (tree_is(child, "tfoot")) {
			if (foot)
				tree_rename(child, "tbody");
			foot = true;
		} else if (tree_is(child, "colgroup") && tree_first(child)) {
			tree_set(child, "span", NULL);
		}
		count++;
	}
	for (size_t kind = 0; kind < sizeof order / sizeof *order; kind++) {
		xmlNode *child = tree_first(table);
		for (size_t i = 0; i < count && child; i++) {
			xmlNode *next = tree_next(child);
			if (tree_is(child, order[kind]))
				tree_append(table, child);
			child = next;
		}
	}
	xmlNode *last = tree_last(table);
	if (word_list_has("thead tbody tfoot", tree_name(last)))
		return;
	/* No rows: what there is stands for itself. */
	if (tree_is(tree_first(table), "caption")) {
		xmlNode *first = tree_first(table);
		tree_rename(first, "div");
		tree_insert_before(table, first);
	}
	if (tree_get(table, "id")) {
		for (xmlNode *child; (child = tree_first(table)) != NULL;)
			tree_remove(child);
		tree_rename(table, "div");
	} else {
		tree_remove(table);
	}
}

/* Groups of terms, then descriptions: EPUBCheck wants both in each. */
static void mend_dl(xmlNode *dl)
{
	remove_space(dl);
	if (tree_is(tree_first(dl), "dd"))
		tree_insert_before(tree_first(dl), tree_detached(dl, "dt"));
	if (tree_is(tree_last(dl), "dt"))
		tree_element(dl, "dd");
	if (!tree_first(dl) && !tree_get(dl, "id"))
		tree_remove(dl);
}

static void mend_details(xmlNode *details)
{
	xmlNode *summary = NULL;
	for (xmlNode *child = tree_first_element(details); child;
	     child = tree_next_element(child)) {
		if (!tree_is(child, "summary"))
			continue;
		if (summary)
			tree_rename(child, "p");
		else
			summary = child;
	}
	if (!summary || is_empty(summary)) {
		if (summary)
			tree_remove(summary);
		tree_rename(details, "div");
		tree_set(details, "open", NULL);
	} else if (tree_first(details) != summary) {
		if (tree_is_text(tree_prev(summary)) && tree_is_text(tree_next(summary)))
			tree_insert_before(summary, tree_detached(summary, "br"));
		tree_insert_before(tree_first(details), summary);
	}
}

/* What a figure holds beside its captions. */
struct figure_content {
	xmlNode *img;
	size_t imgs;
	bool text, other;
};

static struct figure_content inspect_figure_content(const xmlNode *figure)
{
	struct figure_content content = {0};
	for (xmlNode *n = tree_walk(figure, NULL); n;) {
		if (tree_is(n, "figcaption")) {
			n = tree_walk_skip(figure, n);
			continue;
		}
		if (tree_is_text(n)) {
			content.text |= tree_is_text(n) && !tree_is_space(n);
		} else if (tree_is(n, "img")) {
			content.img = content.img ? content.img : n;
			content.imgs++;
		} else {
			content.other |=
				!word_list_has("a p div span br em strong b i small cite u s "
					       "sub sup time abbr code q mark",
					       tree_name(n));
		}
		n = tree_walk(figure, n);
	}
	return content;
}

/* A figure is a picture or its caption alone (article/article.h): others become a plain block. */
static void mend_unmake_figure(xmlNode *figure)
{
	for (xmlNode *child = tree_first_element(figure); child; child = tree_next_element(child)) {
		if (!tree_is(child, "figcaption"))
			continue;
		tree_rename(child, "div");
		if (!tree_get(child, "class"))
			tree_set(child, "class", "caption");
	}
	tree_rename(figure, "div");
	if (!tree_get(figure, "class"))
		tree_set(figure, "class", "figure");
}

static void mend_figure(xmlNode *figure)
{
	struct figure_content content = inspect_figure_content(figure);
	xmlNode *caption = NULL;

	for (xmlNode *child = tree_first(figure), *next; child; child = next) {
		next = tree_next(child);
		if (!tree_is(child, "figcaption"))
			continue;
		if (is_empty(child)) {
			tree_remove(child);
		} else if (!caption) {
			caption = child;
		} else {
			tree_element(caption, "br");
			tree_move_children(child, caption);
			tree_remove(child);
		}
	}
	if (content.imgs > 1 || content.other || (content.imgs == 0 && content.text)) {
		mend_unmake_figure(figure);
		return;
	}
	if (content.imgs == 0 && !caption) {
		if (tree_get(figure, "id"))
			tree_rename(figure, "div");
		else
			tree_remove(figure);
		return;
	}
	/* The picture first, alone or in its link; the words around it are its caption. */
	xmlNode *picture = content.img;
	if (picture && tree_is(tree_parent(picture), "a") &&
	    tree_first(tree_parent(picture)) == picture &&
	    tree_last(tree_parent(picture)) == picture)
		picture = tree_parent(picture);
	if (picture)
		tree_unlink(picture);
	if (content.text) {
		xmlNode *words = tree_detached(figure, "figcaption");
		if (caption)
			tree_unlink(caption);
		tree_move_children(figure, words);
		if (caption) {
			tree_element(words, "br");
			tree_move_children(caption, words);
			tree_remove(caption);
		}
		caption = words;
	} else if (caption) {
		tree_unlink(caption);
	}
	for (xmlNode *child; (child = tree_first(figure)) != NULL;)
		tree_remove(child);
	tree_append(figure, picture);
	tree_append(figure, caption);
}

void sanitise_mend(xmlNode *node)
{
	const char *name = tree_name(node);
	if (strcmp(name, "table") == 0) {
		mend_table(node);
	} else if (strcmp(name, "dl") == 0) {
		mend_dl(node);
	} else if (strcmp(name, "ruby") == 0) {
		sanitise_mend_ruby(node);
	} else if (strcmp(name, "details") == 0) {
		mend_details(node);
	} else if (strcmp(name, "figure") == 0) {
		mend_figure(node);
	} else if (strcmp(name, "li") == 0 && !tree_is(tree_parent(node), "ol")) {
		tree_set(node, "value", NULL); /* a number, in a list without */
	} else if (tree_heading_level(node) && tree_is_blank(node)) {
		if (is_empty(node))
			tree_remove(node);
		else
			tree_rename(node, "p"); /* a place that links lead to, but no heading */
	} else if (word_list_has("p pre", name) && is_empty(node)) {
		tree_remove(node);
	} else if (!tree_first(node) && !tree_get(node, "id") &&
		   word_list_has("div section article aside nav header footer blockquote ul ol",
				 name)) {
		tree_remove(node);
	}
}
