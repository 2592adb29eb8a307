#include "media/place.h"

#include "article/tree.h"
#include "base/buf.h"

#include <string.h>

/* What holds nothing but the picture, and is no target of links, is removed with it. */
static void remove_with_holders(xmlNode *img)
{
	static const char *const holders[] = {"a", "p", "figure", "em", "strong",
					      "b", "i", "span",   "del"};
	xmlNode *gone = img, *heading = NULL;
	for (xmlNode *up; (up = tree_parent(gone)) != NULL; gone = up) {
		bool holder = tree_heading_level(up) > 0;
		for (size_t i = 0; i < sizeof holders / sizeof *holders; i++)
			holder |= tree_is(up, holders[i]);
		if (!holder || tree_first(up) != gone || tree_last(up) != gone ||
		    tree_get(up, "id"))
			break;
	}
	for (heading = tree_parent(gone); heading && !tree_heading_level(heading);)
		heading = tree_parent(heading);
	tree_remove(gone);
	if (heading && tree_is_blank(heading))
		tree_rename(heading, "p"); /* a heading must say something */
}

/* An address as people see it: of a very long one the beginning and the end. */
static void place_put_address(xmlNode *link, const char *address)
{
	enum { LONGEST = 100, HEAD = 60, TAIL = 38 };
	size_t len = strlen(address), head = HEAD, tail = len - TAIL;
	if (len <= LONGEST) {
		tree_text(link, address, len);
		return;
	}
	while (head && ((unsigned char)address[head] & 0xC0) == 0x80)
		head--;
	while (tail < len && ((unsigned char)address[tail] & 0xC0) == 0x80)
		tail++;
	tree_text(link, address, head);
	tree_text(link, "…", strlen("…"));
	tree_text(link, address + tail, len - tail);
}

/* Where readers with a connection can still see it. */
static void add_address(xmlNode *span, const char *address)
{
	if (tree_first(span))
		tree_text(span, " ", 1);
	xmlNode *link = tree_element(span, "a");
	place_put_address(link, address);
	tree_set(link, "class", "missing-source");
	tree_set(link, "href", address);
}

static bool is_inside(const xmlNode *node, const char *name)
{
	const xmlNode *up = tree_parent(node);
	while (up && !tree_is(up, name))
		up = tree_parent(up);
	return up != NULL;
}

static bool is_inside_heading(const xmlNode *node)
{
	const xmlNode *up = tree_parent(node);
	while (up && !tree_heading_level(up))
		up = tree_parent(up);
	return up != NULL;
}

void place_spacer(xmlNode *img)
{
	remove_with_holders(img);
}

void place_lost(xmlNode *img, const char *address)
{
	const char *alt = tree_get(img, "alt");
	bool decoration = alt && !*alt && !is_inside(img, "figure");
	/* A link in a link would be none, and one in a heading would stand in the contents. */
	if (decoration || is_inside(img, "a") || is_inside_heading(img))
		address = NULL;
	if (!address && !(alt && *alt)) {
		remove_with_holders(img);
		return;
	}
	xmlNode *span = tree_detached(img, "span");
	tree_set(span, "class", "missing-image");
	/* Among text, words need room where pictures did not. */
	bool among = !tree_is(tree_parent(img), "figure");
	tree_text(span, " ", among && tree_prev(img));
	if (alt && *alt)
		tree_text(span, alt, strlen(alt));
	if (address)
		add_address(span, address);
	tree_text(span, " ", among && tree_next(img));
	tree_insert_before(img, span);
	tree_remove(img);
}

/* --- Words --- */

/* Whether the caption's text names them already. */
static bool says(const xmlNode *figcaption, const char *name)
{
	struct buf text = BUF_INIT;
	tree_put_text(&text, figcaption);
	bool found = text.failed || strstr(text.data, name) != NULL;
	buf_release(&text);
	return found;
}

static bool add_credit(xmlNode *figcaption, const struct image_metadata *words)
{
	const char *creator = words->creator, *credit = words->credit;
	if (!creator && !credit)
		credit = words->rights;
	if (creator && credit && strstr(credit, creator))
		creator = NULL;
	if (credit && creator && strstr(creator, credit))
		credit = NULL;
	for (const xmlNode *n = tree_walk(figcaption, NULL); n; n = tree_walk(figcaption, n))
		if (tree_has_class(n, "credit"))
			return false;
	if ((!creator && !credit) || (creator && says(figcaption, creator)) ||
	    (credit && says(figcaption, credit)))
		return false;
	if (tree_first(figcaption))
		tree_text(figcaption, " ", 1);
	xmlNode *span = tree_element(figcaption, "span");
	tree_set(span, "class", "credit");
	tree_text(span, "(", 1);
	if (creator)
		tree_text(span, creator, strlen(creator));
	tree_text(span, "/", creator && credit);
	if (credit)
		tree_text(span, credit, strlen(credit));
	tree_text(span, ")", 1);
	return true;
}

/* The figure of a picture: the one it is in, or one made of what it stands in by itself. NULL: it
 * stands among text. */
static xmlNode *figure_of(xmlNode *img)
{
	xmlNode *node = img, *up = tree_parent(img);
	for (xmlNode *figure = up; figure; figure = tree_parent(figure))
		if (tree_is(figure, "figure"))
			return figure;
	if (tree_is(up, "a") && tree_first(up) == node && tree_last(up) == node) {
		node = up;
		up = tree_parent(up);
	}
	if (tree_is(up, "p") && tree_first(up) == node && tree_last(up) == node) {
		tree_rename(up, "figure");
		return up;
	}
	return tree_is(up, "body") ? tree_wrap(node, "figure") : NULL;
}

static bool add_caption(xmlNode *img, const struct image_metadata *words)
{
	if (!words->caption && !words->credit && !words->creator)
		return false;
	xmlNode *figure = figure_of(img), *figcaption = tree_find(figure, NULL, "figcaption");
	if (!figure)
		return false;
	if (figcaption)
		return add_credit(figcaption, words);
	figcaption = tree_element(figure, "figcaption");
	if (words->caption)
		tree_text(figcaption, words->caption, strlen(words->caption));
	add_credit(figcaption, words);
	return true;
}

bool place_words(xmlNode *img, const struct image_metadata *words)
{
	const char *alt = tree_get(img, "alt");
	bool decoration = alt && !*alt && !is_inside(img, "figure"), filled = false;
	if (decoration)
		return false;
	if (words->alt && !(alt && *alt)) {
		tree_set(img, "alt", words->alt);
		filled = true;
	}
	return add_caption(img, words) || filled;
}

/* --- Photos of the caller's --- */

/* The next figure after `figure` that has a caption but no picture. */
static xmlNode *next_lone_caption(xmlNode *body, xmlNode *figure)
{
	while ((figure = tree_find(body, figure, "figure")) != NULL)
		if (!tree_find(figure, NULL, "img") && tree_find(figure, NULL, "figcaption"))
			return figure;
	return NULL;
}

/* A figure of its own for a photo, behind the text but before its notes. */
static xmlNode *add_figure(xmlNode *body)
{
	xmlNode *last = tree_last(body);
	while (last && (tree_is(last, "aside") || !tree_is_element(last)))
		last = tree_prev(last);
	xmlNode *figure = tree_detached(body, "figure");
	if (last)
		tree_insert_after(last, figure);
	else
		tree_append(body, figure);
	return figure;
}

static void put_photo(xmlNode *figure, const char *ref)
{
	xmlNode *img = tree_detached(figure, "img"), *first = tree_first(figure);
	tree_set(img, "src", ref);
	if (tree_has_class(first, "missing-image")) {
		struct buf alt = BUF_INIT;
		tree_remove(tree_find(first, NULL, "a")); /* its address */
		tree_put_text(&alt, first);
		tree_set(img, "alt", alt.data);
		if (alt.failed)
			tree_fail(figure);
		buf_release(&alt);
		tree_insert_before(first, img);
		tree_remove(first);
	} else if (first) {
		tree_insert_before(first, img);
	} else {
		tree_append(figure, img);
	}
}

bool place_photo(xmlNode *body, xmlNode **last, const char *ref)
{
	xmlNode *figure = next_lone_caption(body, *last);
	if (figure)
		*last = figure;
	put_photo(figure ? figure : add_figure(body), ref);
	return figure != NULL;
}
