#include "extract/page/passes.h"

#include "article/tree.h"
#include "extract/page/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_LOOKED_AT = 4000, /* nodes below one element: enough to know it by */
	FOLD_TEXT = 1000,     /* characters of prose in what is part of the piece though hidden */
	MIN_FOLD = 200,       /* … at least */
	PARAGRAPH_TEXT = 60,  /* ... of one */
	BUTTON_TEXT = 25,     /* ... of a button that is a question with its answer below */
	FORM_TEXT = 400,      /* ... in what is the page in a form, not a form in the page */
	ICON_SIZE = 64,
};

/* Characters of text outside links in paragraphs, headings and lists below `node`: counting ends at
 * `enough`, and after so many nodes. */
static size_t count_prose(const xmlNode *node, size_t enough, size_t most)
{
	const xmlNode *n = tree_walk(node, NULL);
	size_t chars = 0;
	for (size_t looked = 0; n && looked < most && chars < enough; looked++) {
		bool skip = page_name_is_in(n, "a script style label button select textarea");
		if (tree_is_text(n))
			chars +=
				page_name_is_in(tree_parent(n),
						"p li dd td blockquote pre code em strong i b span")
					? strlen(tree_text_value(n))
					: 0;
		n = skip ? tree_walk_skip(node, n) : tree_walk(node, n);
	}
	return chars;
}

static bool has_prose(const xmlNode *node, size_t enough)
{
	return count_prose(node, enough, MAX_LOOKED_AT) >= enough;
}

/* How much prose is part of the piece though it is hidden: on a page with little text, most of it
 * will do (behind a dialog, the article is hidden from those who listen). */
static size_t fold_text(const xmlNode *body)
{
	size_t most = count_prose(body, FOLD_TEXT * 3 / 2, SIZE_MAX) * 2 / 3;
	return most > MIN_FOLD ? most : MIN_FOLD;
}

/* Whether the text below is longer than that of a button that does something. */
static bool is_wordy(const xmlNode *node)
{
	size_t chars = 0;
	const xmlNode *n = tree_walk(node, NULL);
	for (int looked = 0; n && looked < MAX_LOOKED_AT; looked++, n = tree_walk(node, n))
		chars += tree_is_text(n) ? strlen(tree_text_value(n)) : 0;
	return chars >= BUTTON_TEXT;
}

/* Whether there is a picture or a heading below: what people click is more than a word. */
static bool has_picture(const xmlNode *node)
{
	const xmlNode *n = tree_walk(node, NULL);
	for (int looked = 0; n && looked < MAX_LOOKED_AT; looked++, n = tree_walk(node, n))
		if (page_name_is_in(n, "img picture video"))
			return true;
	return false;
}

/* Whether the value of a style attribute says `property`: `value`. */
static bool style_declares(const char *style, const char *property, const char *value)
{
	size_t len = strlen(property);
	for (const char *s = style; (s = strstr(s, property)); s += len) {
		if (s > style && !strchr("; \t\n", s[-1]))
			continue;
		const char *v = s + len + strspn(s + len, " \t\n");
		if (*v != ':')
			continue;
		v++;
		v += strspn(v, " \t\n");
		if (strncmp(v, value, strlen(value)) == 0)
			return true;
	}
	return false;
}

/* Whether a browser would not show the element, as far as its attributes say. */
static bool is_hidden(const xmlNode *node)
{
	const char *style = tree_get(node, "style"), *hidden = tree_get(node, "hidden");
	return (hidden && strcmp(hidden, "until-found") != 0) ||
	       (style && (style_declares(style, "display", "none") ||
			  style_declares(style, "visibility", "hidden")));
}

/* Parts of an article that wait for a click: panels of tabs and accordions; and what a server sent
 * later, which a script would have put in its place (React: id="S:0"). */
static bool waits(const xmlNode *node, name_set names)
{
	const char *id = tree_get(node, "id");
	return (names & NAMED(FOLD)) || (id && strncmp(id, "S:", 2) == 0);
}

/* Texts for those who do not see: names of icons, signs that stand for nothing. */
static bool is_aria_hidden(const xmlNode *node)
{
	const char *value = tree_get(node, "aria-hidden");
	return value && strcmp(value, "true") == 0;
}

/* Drawings that decorate a button, or that are kept in another part of the page. */
static bool hidden_is_icon(const xmlNode *svg)
{
	const char *width = tree_get(svg, "width"), *height = tree_get(svg, "height");
	unsigned long w = width ? strtoul(width, NULL, 10) : 0;
	unsigned long h = height ? strtoul(height, NULL, 10) : 0;
	return is_aria_hidden(svg) || (w && w <= ICON_SIZE) || (h && h <= ICON_SIZE) ||
	       tree_is(tree_parent(svg), "a") || tree_is(tree_parent(svg), "button") ||
	       tree_is(tree_first_element(svg), "use") ||
	       tree_is(tree_first_element(svg), "symbol");
}

/* A paragraph of the text that is kept from screen readers, for the sake of a paywall or by
 * mistake: it is seen. */
static bool is_seen_paragraph(const xmlNode *node)
{
	const xmlNode *before = tree_prev(node);
	while (before && !tree_is_element(before))
		before = tree_prev(before);
	return tree_is(node, "p") && has_prose(node, PARAGRAPH_TEXT) &&
	       (tree_is(before, "p") || tree_is(tree_next_element(node), "p"));
}

enum fate { KEEP, UNWRAP, DROP };

static enum fate fate_of(struct page *page, const xmlNode *node, size_t fold)
{
	name_set names = names_of(page, node);
	if (tree_is(node, "noscript"))
		return has_prose(node, FOLD_TEXT) ? UNWRAP : DROP;
	if (names & NAMED(CONTROL))
		return DROP;
	if (tree_is(node, "svg"))
		return hidden_is_icon(node) ? DROP : KEEP;
	if (tree_is(node, "form"))
		return has_prose(node, FORM_TEXT) ? UNWRAP : DROP;
	if (tree_is(node, "label") || tree_is(node, "button"))
		return page_is_inside(node, "h1 h2 h3 h4 h5 h6 dt summary", page->body) ||
				       has_picture(node) || is_wordy(node)
			       ? UNWRAP
			       : DROP;
	if ((names & NAMED(HIDDEN)) || is_hidden(node))
		return waits(node, names) || has_prose(node, fold) ? KEEP : DROP;
	if (is_aria_hidden(node))
		return waits(node, names) || has_picture(node) || has_prose(node, fold) ||
				       is_seen_paragraph(node) ||
				       page_is_inside(node,
						      "h1 h2 h3 h4 h5 h6 math figcaption ruby",
						      page->body)
			       ? KEEP
			       : DROP;
	return KEEP;
}

void hidden_drop(struct page *page)
{
	size_t fold = fold_text(page->body);
	for (xmlNode *n = tree_walk(page->body, NULL), *next; n; n = next) {
		enum fate fate = tree_is_element(n) ? fate_of(page, n, fold) : KEEP;
		/* a drawing has rules of its own */
		next = fate == DROP || tree_is(n, "svg") ? tree_walk_skip(page->body, n)
							 : tree_walk(page->body, n);
		if (fate == DROP) {
			page_note(page, "drop-hidden", n, "not shown");
			tree_remove(n);
		} else if (fate == UNWRAP) {
			tree_rename(n, page_is_inside(n, "p h1 h2 h3 h4 h5 h6", page->body)
					       ? "span"
					       : "div");
		}
	}
}
