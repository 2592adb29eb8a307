#include "extract/structure/structure.h"

#include "article/tree.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "extract/page/phrases.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_STEPS = 12 };

/* Whether it has a heading somewhere in its first few elements. */
static bool holds_heading(const xmlNode *root)
{
	int steps = 0;
	for (const xmlNode *n = tree_walk(root, NULL); n && steps < MAX_STEPS;
	     n = tree_walk(root, n), steps++)
		if (tree_heading_level(n))
			return true;
	return false;
}

xmlNode *normalise_heading(struct normaliser *s, xmlNode *node)
{
	if (!s->heading) {
		s->heading = node;
		s->after_heading = walk_past(s, node);
	}
	return walk_into(s, node);
}

xmlNode *normalise_heading_role(struct normaliser *s, xmlNode *node)
{
	const char *role = tree_get(node, "role"), *level = tree_get(node, "aria-level");
	if (!role || s->heading || !(page_name_is_in(node, "div p span strong b")))
		return walk_into(s, node);
	char name[] = "h2";
	long n = level ? strtol(level, NULL, 10) : 2;
	name[1] = (char)('0' + (n < 1 ? 2 : n > 6 ? 6 : n));
	tree_rename(node, name);
	page_note(s->page, "heading-role", node, "aria-level %ld", n);
	return normalise_heading(s, node);
}

/* Whether there is no letter or digit in this text: "#", "¶", "§", a picture of a chain. */
static bool heading_is_mark(const char *text)
{
	for (size_t len = strlen(text); len;) {
		uint32_t cp;
		size_t n = utf8_decode(text, len, &cp);
		if (cp_is_letter(cp) || ascii_is_digit(cp))
			return false;
		text += n;
		len -= n;
	}
	return true;
}

/* Whether nothing else beside it has text: bounded, for a heading has few children. */
static bool heading_is_alone(const xmlNode *node)
{
	int steps = 0;
	for (const xmlNode *n = tree_first(tree_parent(node)); n && steps < MAX_STEPS;
	     n = tree_next(n), steps++) {
		struct buf text = BUF_INIT;
		bool blank = n == node || (short_text(&text, n) && text.len == 0);
		if (text.failed)
			tree_fail(node);
		buf_release(&text);
		if (!blank)
			return false;
	}
	return true;
}

/* A link in a heading that leads to the heading is a mark beside its words, or only around
 * them. */
static xmlNode *normalise_own_link(struct normaliser *s, xmlNode *node)
{
	struct buf text = BUF_INIT;
	bool is_short = short_text(&text, node);
	bool mark = is_short && heading_is_mark(text.data);
	bool place = text.len == 0 && (tree_get(node, "id") || tree_get(node, "name"));
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
	bool alone = heading_is_alone(node);
	bool named = is_short && !alone && (names_of(s->page, node) & NAMED(PERMALINK));
	if (!place && (mark || named)) {
		page_note(s->page, "permalink", node, "a mark in a heading");
		return walk_remove(s, node);
	}
	if (alone) {
		tree_rename(node, "span");
		tree_set(node, "href", NULL);
	}
	return walk_into(s, node);
}

xmlNode *normalise_link(struct normaliser *s, xmlNode *node)
{
	const char *href = tree_get(node, "href");
	return s->heading && href && strchr(href, '#') ? normalise_own_link(s, node)
						       : walk_into(s, node);
}

xmlNode *normalise_edit_link(struct normaliser *s, xmlNode *node)
{
	return walk_remove(s, node);
}

/* Content that a button unfolds is shown. */
static void unfold(xmlNode *section)
{
	static const char *const hides[] = {"hidden", "aria-hidden", "style"};
	for (size_t i = 0; i < sizeof hides / sizeof *hides; i++)
		tree_set(section, hides[i], NULL);
}

/* A button that unfolds a section is around its heading, or in it. */
xmlNode *normalise_button(struct normaliser *s, xmlNode *node)
{
	if (s->heading ? heading_is_alone(node) : holds_heading(node)) {
		page_note(s->page, "button-heading", node, "its words are a heading's");
		unfold(tree_next_element(s->heading ? s->heading : node));
		tree_rename(node, s->heading ? "span" : "div");
	}
	return walk_into(s, node);
}

bool heading_is_of_notes(const xmlNode *node)
{
	struct buf text = BUF_INIT;
	bool says = tree_heading_level(node) && short_text(&text, node) &&
		    phrase_whole(SAYS(FOOTNOTES), text.data, text.len);
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
	return says;
}

/* In a book nothing folds. */
xmlNode *normalise_details(struct normaliser *s, xmlNode *node)
{
	tree_rename(node, "div");
	tree_set(node, "open", NULL);
	return walk_into(s, node);
}

xmlNode *normalise_summary(struct normaliser *s, xmlNode *node)
{
	tree_rename(node, holds_heading(node) ? "div" : "p");
	return walk_into(s, node);
}
