/* The lead picture: that which the page's metadata name, or else the large one between the title
 * and the text. */
#include "extract/page/passes.h"

#include "article/tree.h"
#include "base/buf.h"
#include "extract/figures/candidates.h"
#include "extract/figures/figures.h"
#include "extract/page/measure.h"

#include <stdlib.h>
#include <string.h>

enum {
	PROSE = 80,         /* characters of a paragraph */
	PARAGRAPHS = 3,     /* of the content: the lead stands above */
	MAX_PICTURES = 400, /* inspected */
	MAX_UP = 12,        /* elements above a picture that may say what it is */
	MAX_TITLE = 600,    /* characters between the title, the picture and the text */
	MAX_NODES = 400,    /* of a carousel */
	INSIDE = 6,         /* the rank of a picture in the content */
};

/* A walk from the top of the page to the first paragraphs of the content. */
struct search {
	struct page *page;
	struct buf key, own;  /* of the picture that stands for the article; of the one inspected */
	xmlNode *named;       /* the picture of that name, the best so far */
	unsigned rank;        /* how sure that is: see lead_inspect() */
	unsigned before;      /* paragraphs of the content before it */
	xmlNode *candidate;   /* the first that looks like a lead, outside the content */
	size_t lead_image_at; /* characters before it */
	bool inside_picture;  /* a large picture stands in the content above its text */
	unsigned paragraphs;  /* of the content, so far */
	size_t chars;         /* so far */
	size_t title_at;      /* characters before the h1 */
	bool titled;          /* it has been seen */
};

static bool is_outside_article(const xmlNode *node, const xmlNode *content)
{
	const name_set others = NAMED(NAV) | NAMED(RELATED) | NAMED(AD) | NAMED(COMMENTS) |
				NAMED(SIGNUP) | NAMED(AUTHOR_BOX) | NAMED(CONSENT) | NAMED(BYLINE);
	for (unsigned up = 0; up < MAX_UP && node && node != content; up++) {
		if (page_name_is_in(node, "nav aside footer body"))
			return !tree_is(node, "body");
		if (measure_of(node)->names & others)
			return true;
		node = tree_parent(node);
	}
	return false;
}

/* Whether what is around the picture says that it is the lead. */
static bool is_in_lead_box(const xmlNode *img)
{
	for (unsigned up = 0; up < MAX_UP / 2 && img; up++, img = tree_parent(img))
		if (measure_of(img)->names & NAMED(LEAD))
			return true;
	return false;
}

/* Whether it links to another article: not to the same picture in large, nor to the page itself. */
static bool lead_is_teaser(const struct page *page, const xmlNode *img)
{
	const xmlNode *n = img;
	for (unsigned up = 0; up < 4 && n; up++, n = tree_parent(n)) {
		const char *href = tree_is(n, "a") ? tree_get(n, "href") : NULL;
		if (href && *href != '#' && !picture_is_file(href, strlen(href)))
			return !(page->url && strcmp(page->url, href) == 0);
	}
	return false;
}

static bool lead_is_named(struct search *s, const char *src)
{
	buf_truncate(&s->own, 0);
	if (s->key.len && src)
		picture_put_key(&s->own, src, true);
	return s->own.len && strcmp(s->own.data, s->key.data) == 0;
}

/* Whether the content is in an element, or is that element. */
static bool holds_content(const struct page *page, const xmlNode *node)
{
	const xmlNode *up = page->content;
	while (up && up != node)
		up = tree_parent(up);
	return up != NULL;
}

static xmlNode *ancestor(xmlNode *node, const char *name)
{
	while (node && !tree_is(node, name))
		node = tree_parent(node);
	return node;
}

/* Whether the `main` of the page holds the content as well as the picture, which is its first, and
 * nothing says that it is small. */
static bool opens_main(const struct page *page, xmlNode *img)
{
	enum { LARGE = 300 };
	const char *width = tree_get(img, "width");
	xmlNode *top = ancestor(img, "main");
	return top && holds_content(page, top) && tree_find(top, NULL, "img") == img &&
	       (!width || strtoul(width, NULL, 10) >= LARGE);
}

/* A picture without a caption that stands beside the title: in a box named after leads, which
 * above the title is not the site's header; or before all else. */
static bool is_at_head(const struct search *s, xmlNode *img)
{
	if (s->titled && s->chars - s->title_at >= MAX_TITLE)
		return false;
	bool boxed = is_in_lead_box(img) && (s->titled || !ancestor(img, "header"));
	return boxed || opens_main(s->page, img);
}

/* Of those that the metadata name, one in the content is better than one before it, that is better
 * than one among other things (a list of articles), and one with a caption better than its like. */
static void lead_inspect(struct search *s, xmlNode *img, bool inside)
{
	const char *src = tree_get(img, "src");
	bool emblem = picture_is_emblem(img), caption = figure_caption(figure_around(img));
	bool outside = !inside && is_outside_article(img, s->page->content);
	if (lead_is_named(s, src) && (inside || !emblem)) {
		unsigned rank = (inside ? INSIDE : outside ? 2 : 4) + caption;
		if (rank > s->rank) {
			s->named = img;
			s->rank = rank;
			s->before = s->paragraphs;
		}
		return;
	}
	if (emblem || (lead_is_teaser(s->page, img) && !caption))
		return;
	if (inside && s->paragraphs == 0) {
		s->inside_picture = true;
	} else if (!inside && !outside && !s->candidate && (caption || is_at_head(s, img))) {
		s->candidate = img;
		s->lead_image_at = s->chars;
	}
}

/* Whether the picture that stands for the article is anywhere in the content. */
static bool is_in_content(struct search *s)
{
	unsigned seen = 0;
	for (xmlNode *n = tree_find(s->page->content, NULL, "img"); n && seen < MAX_PICTURES;
	     n = tree_find(s->page->content, n, "img"), seen++)
		if (lead_is_named(s, tree_get(n, "src")))
			return true;
	return false;
}

static void search(struct search *s)
{
	const struct page *page = s->page;
	const xmlNode *end = tree_walk_skip(page->body, page->content);
	unsigned pictures = 0;
	bool inside = false;
	for (xmlNode *n = tree_walk(page->body, NULL), *next; n && n != end; n = next) {
		bool skip = page_name_is_in(n, "figcaption h1 h2 h3 footer");
		next = skip ? tree_walk_skip(page->body, n) : tree_walk(page->body, n);
		inside |= n == page->content;
		if (tree_is(n, "h1")) {
			s->titled = true;
			s->title_at = s->chars;
		}
		if (tree_is(n, "img")) {
			if (++pictures > MAX_PICTURES)
				return;
			lead_inspect(s, n, inside);
		} else if (tree_is_text(n)) {
			size_t len = strlen(tree_text_value(n));
			/* too far from the text to be its lead */
			if (s->paragraphs == 0 && s->chars - s->lead_image_at > MAX_TITLE)
				s->candidate = NULL;
			s->chars += len;
			s->paragraphs += inside && len >= PROSE;
			if (s->paragraphs == PARAGRAPHS)
				return;
		}
	}
}

/* The box around the lead that holds other pictures with captions and hardly any other text: a
 * carousel. NULL if there is none. */
static xmlNode *carousel_around(const struct page *page, xmlNode *figure)
{
	enum { MAX_ABOVE = 6, MAX_REST = 200 /* characters beside the figures */ };
	xmlNode *best = NULL, *box = tree_parent(figure);
	for (unsigned up = 0; up < MAX_ABOVE && box && !holds_content(page, box);
	     up++, box = tree_parent(box)) {
		unsigned figures = 0, seen = 0;
		size_t rest = 0;
		for (xmlNode *n = tree_walk(box, NULL), *next; n && rest <= MAX_REST; n = next) {
			bool is_figure = tree_is(n, "figure");
			next = is_figure ? tree_walk_skip(box, n) : tree_walk(box, n);
			if (++seen > MAX_NODES || page_name_is_in(n, "h1 h2 article"))
				return best;
			figures += is_figure && figure_caption(n);
			if (tree_is_text(n) && !tree_is_space(n))
				rest += strlen(tree_text_value(n));
		}
		if (rest > MAX_REST)
			return best;
		if (figures > 1)
			best = box;
	}
	return best;
}

/* All figures of a carousel with a caption, in one new element out of the tree. */
static xmlNode *take_carousel(struct page *page, xmlNode *box)
{
	xmlNode *all = tree_detached(page->body, "div");
	for (xmlNode *n = tree_find(box, NULL, "figure"), *next; n; n = next) {
		next = tree_find(box, n, "figure");
		if (figure_caption(n))
			tree_append(all, n);
	}
	return all;
}

void lead_take(struct page *page)
{
	struct search s = {.page = page, .key = BUF_INIT, .own = BUF_INIT};
	if (page->a->lead_image)
		picture_put_key(&s.key, page->a->lead_image, true);
	search(&s);
	xmlNode *img = s.named;
	if (!img && !s.inside_picture && !(s.key.len && is_in_content(&s)))
		img = s.candidate;
	else if (img && s.rank < INSIDE && is_in_content(&s))
		img = NULL;
	if (img && s.before <= 1) {
		xmlNode *figure = figure_around(img);
		/* A figure that holds the content cannot be moved into it. */
		page->lead = figure && !holds_content(page, figure) ? figure
								    : figure_make(page, img, img);
		page_note(page, "lead-picture", img, "%s: %.100s",
			  img == s.named ? "named by the metadata" : "at the head of the page",
			  tree_get(img, "src"));
		if (!page->a->lead_image)
			page->a->lead_image = arena_dup(&page->a->arena, tree_get(img, "src"));
		xmlNode *box =
			figure_caption(page->lead) ? carousel_around(page, page->lead) : NULL;
		if (box)
			page->lead = take_carousel(page, box);
		else
			tree_unlink(page->lead);
	}
	page->arena.failed |= s.key.failed || s.own.failed;
	buf_release(&s.key);
	buf_release(&s.own);
}

void lead_place(struct page *page)
{
	xmlNode *first = tree_first(page->content);
	if (!page->lead)
		return;
	if (first)
		tree_insert_before(first, page->lead);
	else
		tree_append(page->content, page->lead);
	page->lead = NULL;
}
