/* Pictures alone in their block become figures. */
#include "article/article.h"

#include "article/elements.h"
#include "article/tree.h"
#include "base/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_ICON = 48,    /* pixels: a smaller picture is part of a line of text */
	MAX_DRAWING = 64, /* pixels, or units of a viewBox: a smaller drawing is */
	MAX_WRAPS = 6,    /* elements around a picture that hold nothing else */
};

struct pictures {
	const struct article *a;
	struct map images; /* reference -> struct image */
};

static xmlNode *pictures_skip_space(xmlNode *node)
{
	while (tree_is_space(node))
		node = tree_next(node);
	return node;
}

/* The only child but white space, or NULL. */
static xmlNode *only_child(const xmlNode *node)
{
	xmlNode *child = pictures_skip_space(tree_first(node));
	return child && !pictures_skip_space(tree_next(child)) ? child : NULL;
}

static bool is_small(unsigned long width, unsigned long height, unsigned most)
{
	return width && height && width <= most && height <= most;
}

/* By its attributes, else by its bytes. */
static bool is_icon(const struct pictures *p, const xmlNode *img)
{
	const char *w = tree_get(img, "width"), *h = tree_get(img, "height");
	const char *src = tree_get(img, "src");
	if (w && h && is_small(strtoul(w, NULL, 10), strtoul(h, NULL, 10), MAX_ICON))
		return true;
	const struct image *image = src ? map_find(&p->images, src) : NULL;
	return image && is_small(image->width, image->height, MAX_ICON);
}

static bool is_small_drawing(const xmlNode *svg)
{
	const char *w = tree_get(svg, "width"), *h = tree_get(svg, "height");
	const char *box = tree_get(svg, "viewBox");
	double x, y, width = 0, height = 0;
	if (w && h)
		return strtod(w, NULL) <= MAX_DRAWING && strtod(h, NULL) <= MAX_DRAWING;
	return !box ||
	       sscanf(box, "%lf%*[ ,]%lf%*[ ,]%lf%*[ ,]%lf", &x, &y, &width, &height) != 4 ||
	       (width <= MAX_DRAWING && height <= MAX_DRAWING);
}

/* The picture or link that `node` is, or that is all that it holds; NULL when it is something else.
 */
static xmlNode *picture_in(const struct pictures *p, xmlNode *node)
{
	xmlNode *link = NULL;
	for (int i = 0; i < MAX_WRAPS && node; i++) {
		if (tree_is(node, "img"))
			return is_icon(p, node) ? NULL : link ? link : node;
		if (tree_is(node, "svg"))
			return is_small_drawing(node) ? NULL : link ? link : node;
		const struct element *el = element_find(tree_name(node));
		if (!el || !(el->flags & EL_PHRASING) || tree_is(node, "math"))
			return NULL;
		if (tree_is(node, "a") && tree_get(node, "href"))
			link = node;
		node = only_child(node);
	}
	return NULL;
}

static bool pictures_is_block(const xmlNode *node)
{
	const struct element *el = element_find(tree_name(node));
	return el && !(el->flags & EL_PHRASING);
}

/* The end of a run of pictures that starts at `from`: the first node after it that is a block, or
 * NULL. *pictures: how many; 0 when there is something else in it, or nothing. */
static xmlNode *picture_run(const struct pictures *p, xmlNode *from, size_t *pictures)
{
	bool other = false;
	xmlNode *n = from;
	*pictures = 0;
	for (; n && !pictures_is_block(n); n = tree_next(n)) {
		bool picture = picture_in(p, n) != NULL;
		*pictures += picture;
		other |= !picture && !tree_is_space(n) && !tree_is(n, "br");
	}
	if (other)
		*pictures = 0;
	return n;
}

/* Put each picture of a run, which ends at `end`, into a figure; the rest of the run is removed. */
static void make_figures(const struct pictures *p, xmlNode *from, const xmlNode *end)
{
	for (xmlNode *n = from, *next; n && n != end; n = next) {
		next = tree_next(n);
		xmlNode *picture = picture_in(p, n);
		if (picture) {
			xmlNode *figure = tree_detached(n, "figure");
			tree_insert_before(n, figure);
			tree_set(figure, "id", picture == n ? NULL : tree_get(n, "id"));
			tree_append(figure, picture);
		}
		if (picture != n)
			tree_remove(n);
	}
}

/* Whether blocks may stand in it, and figures beside its text. */
static bool takes_figures(const xmlNode *node, const xmlNode *body)
{
	const struct element *el = element_find(tree_name(node));
	return !tree_is_any(node, "figure figcaption caption td th") &&
	       (node == body || (el && (el->flags & EL_HOLDS_FLOW)));
}

/* A paragraph of pictures only gives way to them. */
static void normalise_paragraph(const struct pictures *p, xmlNode *paragraph)
{
	size_t pictures;
	xmlNode *first = tree_first(paragraph);
	if (picture_run(p, first, &pictures) || pictures == 0 ||
	    !takes_figures(tree_parent(paragraph), p->a->body))
		return;
	make_figures(p, first, NULL);
	first = tree_first_element(paragraph);
	if (!tree_get(first, "id"))
		tree_set(first, "id", tree_get(paragraph, "id"));
	tree_unwrap(paragraph);
}

/* Pictures between the blocks of an element. */
static void normalise_container(const struct pictures *p, xmlNode *node)
{
	for (xmlNode *n = tree_first(node); n;) {
		size_t pictures;
		xmlNode *end = picture_run(p, n, &pictures);
		if (pictures)
			make_figures(p, n, end);
		n = end ? tree_next(end) : NULL;
	}
}

/* Whether each item of a list is a figure, or several. */
static bool is_gallery(const xmlNode *list)
{
	for (const xmlNode *li = tree_first_element(list); li; li = tree_next_element(li)) {
		if (!tree_is(li, "li") || !tree_first_element(li))
			return false;
		for (const xmlNode *n = tree_first(li); n; n = tree_next(n))
			if (!tree_is(n, "figure") && !tree_is_space(n))
				return false;
	}
	return tree_first_element(list) != NULL;
}

/* The list gives way to the figures in it. */
static void open_gallery(xmlNode *list)
{
	for (xmlNode *li = tree_first_element(list), *next; li; li = next) {
		next = tree_next_element(li);
		tree_unwrap(li);
	}
	tree_unwrap(list);
}

static void pictures_place(struct pictures *p)
{
	const xmlNode *body = p->a->body;
	normalise_container(p, p->a->body);
	for (xmlNode *n = tree_walk(body, NULL), *next; n; n = next) {
		next = tree_walk(body, n);
		if (tree_is(n, "p")) {
			next = tree_walk_skip(body, n);
			normalise_paragraph(p, n);
		} else if (tree_is_element(n) && takes_figures(n, body)) {
			normalise_container(p, n);
			next = tree_walk(body, n);
		}
	}
	for (xmlNode *n = tree_walk(body, NULL), *next; n; n = next) {
		next = tree_walk(body, n);
		if ((tree_is(n, "ul") || tree_is(n, "ol")) && is_gallery(n)) {
			next = tree_walk_skip(body, n);
			open_gallery(n);
		}
	}
}

void article_make_figures(struct article *a)
{
	struct pictures p = {.a = a, .images = MAP_INIT};
	if (!tree_knows(a->body, "img") && !tree_knows(a->body, "svg"))
		return;
	for (size_t i = 0; i < a->image_refs.count; i++) {
		const struct image_ref *ref = &a->image_refs.items[i];
		map_set(&p.images, ref->ref, &a->images.items[ref->image]);
	}
	pictures_place(&p);
	a->arena.failed |= p.images.failed;
	map_release(&p.images);
}
