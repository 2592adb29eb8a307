#include "extract/page/passes.h"

#include "article/tree.h"
#include "base/buf.h"
#include "extract/figures/candidates.h"
#include "extract/figures/figures.h"
#include "extract/page/names.h"

#include <string.h>
#include <strings.h>

enum {
	MAX_LOOKED_AT = 60, /* nodes near a picture that are searched for another */
	MAX_STYLE = 4000,
};

/* --- noscript: what browsers without scripts show in place of a lazy image --- */

/* The only img in and below `node`, if it has no text and not many elements; NULL else. */
static xmlNode *lone_img(xmlNode *node)
{
	xmlNode *img = tree_is(node, "img") ? node : NULL;
	unsigned seen = 0;
	for (xmlNode *n = tree_walk(node, NULL); n && !tree_is_text(node); n = tree_walk(node, n)) {
		if (++seen > MAX_LOOKED_AT || (tree_is_text(n) && !tree_is_space(n)))
			return NULL;
		if (!tree_is(n, "img") || page_is_inside(n, "noscript", node))
			continue;
		if (img)
			return NULL;
		img = n;
	}
	return img;
}

static xmlNode *next_element_to(xmlNode *node, bool after)
{
	do {
		node = after ? tree_next(node) : tree_prev(node);
	} while (tree_is_space(node));
	return tree_is_element(node) ? node : NULL;
}

static bool same_picture(struct page *page, const char *a, const char *b)
{
	struct buf first = BUF_INIT, second = BUF_INIT;
	picture_put_key(&first, a, true);
	picture_put_key(&second, b, true);
	bool same = first.len && second.len && strcmp(first.data, second.data) == 0;
	buf_end(&first, &page->arena.failed);
	buf_end(&second, &page->arena.failed);
	return same;
}

/* The best address in the attributes of an img; NULL when there is none. */
static const char *best_address(struct page *page, const xmlNode *img)
{
	struct picture_pick pick = {0};
	picture_offer(page, &pick, img);
	return pick.url ? arena_dupn(&page->arena, pick.url, pick.len) : NULL;
}

/* The img that stands in for that in the noscript, beside it. */
static xmlNode *find_placeholder(struct page *page, xmlNode *noscript, const xmlNode *real)
{
	for (int side = 0; side < 2; side++) {
		xmlNode *beside = next_element_to(noscript, side);
		xmlNode *img = beside && !tree_is(beside, "noscript") ? lone_img(beside) : NULL;
		if (!img)
			continue;
		const char *own = best_address(page, img), *other = best_address(page, real);
		bool stand_in = !own || (strncasecmp(own, "data:", 5) == 0 &&
					 strlen(own) < PICTURE_MIN_PACKED);
		if (stand_in || (other && same_picture(page, own, other)))
			return img;
	}
	return NULL;
}

static bool is_tracker(const xmlNode *img)
{
	int width = picture_length(img, "width"), height = picture_length(img, "height");
	const char *style = tree_get(img, "style");
	const char *src = tree_get(img, "src");
	if (width == 0 && height == 0 && src && picture_is_file(src, strlen(src)))
		return picture_is_unseen(src); /* a style sheet gives the size */
	if (width >= 0 && height >= 0 && width + height > 0)
		return (width <= 2 && height <= 20) || (height <= 2 && width <= 20);
	if ((width >= 0 && width <= 1) || (height >= 0 && height <= 1))
		return !tree_get(img, "srcset");
	return style && (strstr(style, "width:1px") || strstr(style, "width: 1px")) && width < 3;
}

/* Give the attributes of the noscript's img to the one that stands in for it; without such a one
 * it takes the place of the noscript. */
static void open_noscript(struct page *page, xmlNode *noscript)
{
	xmlNode *real = lone_img(noscript);
	if (!real) {
		bool text = true;
		for (xmlNode *n = tree_find(noscript, NULL, "img"); n;
		     n = tree_find(noscript, n, "img"))
			text = is_tracker(n);
		if (!text && tree_find(noscript, NULL, "figure"))
			tree_unwrap(noscript);
		return;
	}
	if (is_tracker(real) || page_is_inside(real, "iframe form", noscript))
		return;
	xmlNode *img = find_placeholder(page, noscript, real);
	if (!img) {
		page_note(page, "noscript-image", noscript, "shown");
		tree_unwrap(noscript);
		return;
	}
	const char *alt = tree_get(img, "alt");
	tree_set(img, "data-noscript-src", best_address(page, real));
	if (!alt || !*alt)
		tree_set(img, "alt", tree_get(real, "alt"));
	tree_remove(noscript);
}

/* --- Pictures --- */

/* A character drawn as a picture, which its alt text has. */
static bool is_emoji(const xmlNode *img)
{
	enum { MAX_CHARACTERS = 16 };
	const char *alt = tree_get(img, "alt"), *src = tree_get(img, "src");
	if (!alt || !*alt || strlen(alt) > MAX_CHARACTERS)
		return false;
	return tree_has_class(img, "emoji") || tree_has_class(img, "wp-smiley") ||
	       (src && (strstr(src, "/emoji/") || strstr(src, "/twemoji/")));
}

static void replace_by_alt(xmlNode *img)
{
	const char *alt = tree_get(img, "alt");
	xmlNode *words = tree_detached(img, "span");
	tree_text(words, alt, strlen(alt));
	tree_insert_before(img, words);
	tree_unwrap(words);
	tree_remove(img);
}

/* A link around a picture that leads to the picture in large is removed; its address is as good as
 * one of the picture's own. */
static void sources_resolve_link(struct page *page, xmlNode *img)
{
	xmlNode *link = tree_parent(img);
	const char *href = tree_is(link, "a") ? tree_get(link, "href") : NULL,
		   *src = tree_get(img, "src");
	if (!href || !src || !picture_is_file(href, strlen(href)) || !figure_is_alone(img))
		return;
	if (strncasecmp(src, "data:", 5) != 0 && same_picture(page, src, href)) {
		tree_set(img, "data-large-src", href);
		tree_set(img, "src", best_address(page, img));
	}
	tree_unwrap(link);
}

/* One img, at its place, for whatever stands for the picture: its address is the best of those in
 * `pick`. */
static void sources_resolve(struct page *page, struct picture_pick *pick, xmlNode *img)
{
	static const char *const served[] = {"srcset",   "sizes",       "loading",
					     "data-src", "data-srcset", "aria-hidden"};
	char *url = pick->url ? arena_dupn(&page->arena, pick->url, pick->len) : NULL;
	bool tracker = is_tracker(img);
	if (url) {
		const char *before = tree_get(img, "src");
		if (!before || strcmp(before, url) != 0)
			tree_set(img, "style", NULL); /* it hides what has not been loaded */
		tree_set(img, "src", url);
		for (size_t i = 0; i < sizeof served / sizeof *served; i++)
			tree_set(img, served[i], NULL);
	}
	const char *src = tree_get(img, "src");
	if (is_emoji(img)) {
		replace_by_alt(img);
		return;
	}
	if (tracker || (!url && picture_is_unseen(src)) || picture_is_control(img)) {
		page_note(page, "drop-unseen-image", img, "%.80s", src ? src : "");
		tree_remove(img);
		return;
	}
	sources_resolve_link(page, img);
}

/* `picture`: its img, with the addresses of its sources. A caption inside comes after it. */
static void normalise_picture(struct page *page, xmlNode *picture)
{
	struct picture_pick pick = {0};
	xmlNode *img = NULL;
	for (xmlNode *n = tree_walk(picture, NULL); n; n = tree_walk(picture, n)) {
		if (tree_is(n, "img") || tree_is(n, "source"))
			picture_offer(page, &pick, n);
		if (tree_is(n, "img") && !img)
			img = n;
	}
	if (!img && pick.url)
		img = tree_element(picture, "img");
	if (img) {
		for (const char *const *name = (const char *const[]){"alt", "class", "id", NULL};
		     *name; name++)
			if (!tree_get(img, *name))
				tree_set(img, *name, tree_get(picture, *name));
		for (xmlNode *n = tree_first_element(picture), *next; n; n = next) {
			next = tree_next_element(n);
			if (tree_is(n, "figcaption"))
				tree_insert_after(picture, n);
		}
		tree_insert_before(picture, img);
		sources_resolve(page, &pick, img);
	}
	tree_remove(picture);
}

/* Elements of a page's own making that are images: amp-img, lazy-image, image-item. */
static bool stands_for_img(const xmlNode *node)
{
	const char *name = tree_name(node), *src = tree_get(node, "src");
	if (strcmp(name, "amp-img") == 0 || strcmp(name, "amp-anim") == 0)
		return true;
	return strchr(name, '-') && src && picture_is_file(src, strlen(src)) &&
	       !tree_first_element(node);
}

/* The address in "background-image: url('…')"; NULL when there is none. */
static const char *background(struct page *page, const xmlNode *node)
{
	const char *style = tree_get(node, "style");
	const char *s = style && strlen(style) < MAX_STYLE ? strstr(style, "background") : NULL;
	s = s ? strstr(s, "url(") : NULL;
	if (!s)
		return best_address(page, node);
	s += 4 + strspn(s + 4, " \t\n'\"");
	size_t len = strcspn(s, "'\")");
	char *url = arena_dupn(&page->arena, s, len);
	return url && len && strncasecmp(url, "data:", 5) != 0 ? url : NULL;
}

/* A picture behind an element that is there to show it. */
static void normalise_background(struct page *page, xmlNode *node)
{
	const char *url = background(page, node);
	unsigned seen = 0;
	if (!url || !picture_is_file(url, strlen(url)) || picture_is_placeholder(url))
		return;
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n))
		if (++seen > MAX_LOOKED_AT || page_name_is_in(n, "img picture video p"))
			return;
	xmlNode *img = tree_element(node, "img");
	tree_set(img, "src", url);
	tree_set(img, "alt", tree_get(node, "aria-label"));
	if (img && tree_first(node) != img)
		tree_insert_before(tree_first(node), img);
	page_note(page, "background-image", node, "%.80s", url);
}

void images_resolve(struct page *page)
{
	struct picture_pick pick;
	bool noscript = tree_knows(page->body, "noscript");
	for (xmlNode *n = tree_walk(page->body, NULL), *next; n && noscript; n = next) {
		bool is = tree_is(n, "noscript");
		next = is ? tree_walk_skip(page->body, n) : tree_walk(page->body, n);
		if (is)
			open_noscript(page, n);
	}
	for (xmlNode *n = tree_walk(page->body, NULL), *next; n; n = next) {
		if (tree_is(n, "picture")) {
			next = tree_walk_skip(page->body, n);
			normalise_picture(page, n);
		} else if (tree_is(n, "img") || stands_for_img(n)) {
			next = tree_walk_skip(page->body, n);
			pick = (struct picture_pick){0};
			picture_offer(page, &pick, n);
			while (tree_first(n)) /* what is shown in its place */
				tree_remove(tree_first(n));
			tree_rename(n, "img");
			sources_resolve(page, &pick, n);
		} else {
			if (tree_is_element(n) && (names_of(page, n) & NAMED(LEAD)))
				normalise_background(page, n);
			next = tree_walk(page->body, n);
		}
	}
}
