#include "extract/figures/figures.h"

#include "article/figcaption.h"
#include "article/tree.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "extract/figures/candidates.h"
#include "extract/page/names.h"
#include "extract/page/phrases.h"
#include "lang/caption.h"
#include "lang/name.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

xmlNode *figure_around(xmlNode *img)
{
	enum { MAX_UP = 4 };
	for (unsigned up = 0; up < MAX_UP && img; up++, img = tree_parent(img))
		if (tree_is(img, "figure"))
			return img;
	return NULL;
}

xmlNode *figure_caption(const xmlNode *figure)
{
	xmlNode *last = tree_last(figure);
	return tree_is(last, "figcaption") ? last : NULL;
}

bool figure_is_alone(const xmlNode *img)
{
	for (const xmlNode *n = tree_first(tree_parent(img)); n; n = tree_next(n))
		if (n != img && !tree_is_space(n))
			return false;
	return true;
}

/* The element that moves with the picture: its link, unless that leads to the picture only. */
static xmlNode *with_link(xmlNode *img)
{
	xmlNode *link = tree_parent(img);
	const char *href = tree_get(link, "href");
	if (!tree_is(link, "a") || !href || !figure_is_alone(img))
		return img;
	bool to_itself = picture_is_file(href, strlen(href)) || *href == '#' || !*href ||
			 strncasecmp(href, "javascript:", 11) == 0;
	return to_itself ? img : link;
}

xmlNode *figure_make(struct page *page, xmlNode *ref, xmlNode *img)
{
	xmlNode *figure = tree_detached(page->body, "figure");
	tree_insert_before(ref, figure);
	tree_append(figure, with_link(img));
	return figure;
}

/* Words for users of screen readers and for buttons: "Image caption", "Enlarge this image". */
static bool make_is_label(const xmlNode *node)
{
	struct buf text = BUF_INIT;
	bool label = false;
	tree_put_text(&text, node);
	if (text.len && text.len < 60)
		label = phrase_whole(SAYS(PICTURE), text.data, text.len) != 0;
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
	return label;
}

static bool make_is_block(const xmlNode *node)
{
	return page_name_is_in(node,
			       "div p section article header footer aside figcaption ul ol li dl "
			       "dt dd table tbody tr td th h1 h2 h3 h4 h5 h6 center blockquote "
			       "figure address main");
}

/* A space beside a block, with `insert`. */
static void put_space(xmlNode *block, void (*insert)(xmlNode *ref, xmlNode *node))
{
	xmlNode *space = tree_detached(block, "span");
	tree_text(space, " ", 1);
	insert(block, space);
	tree_unwrap(space);
}

/* Only text and what may stand in it: blocks give way, with a space between them. */
static void flatten(struct page *page, xmlNode *part)
{
	for (xmlNode *n = tree_walk(part, NULL), *next; n; n = next) {
		next = tree_walk(part, n);
		bool label = !make_is_block(n) && tree_is_element(n) && make_is_label(n);
		if (label || page_name_is_in(n, "img svg button input hr script style source")) {
			next = tree_walk_skip(part, n);
			tree_remove(n);
			continue;
		}
		if (!make_is_block(n))
			continue;
		put_space(n, tree_insert_before);
		put_space(n, tree_insert_after);
		if (names_of(page, n) & NAMED(CREDIT)) {
			tree_rename(n, "span");
			continue;
		}
		next = tree_first(n) ? tree_first(n) : tree_walk_skip(part, n);
		tree_unwrap(n);
	}
}

static bool make_has_words(const struct buf *text)
{
	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->data[i];
		if (c >= 0x80 || ascii_is_alnum(c))
			return true;
	}
	return false;
}

/* Whether a caption or a credit of its own is inside. */
static bool holds_parts(struct page *page, const xmlNode *node)
{
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n))
		if (tree_is_element(n) && (names_of(page, n) & (NAMED(CREDIT) | NAMED(CAPTION))))
			return true;
	return false;
}

void figure_add_caption(struct page *page, xmlNode *figure, xmlNode *part)
{
	struct buf have = BUF_INIT, text = BUF_INIT;
	xmlNode *caption = figure_caption(figure);
	bool credit = !tree_is(part, "figcaption") && (names_of(page, part) & NAMED(CREDIT)) &&
		      !(names_of(page, part) & NAMED(CAPTION)) && !holds_parts(page, part);
	flatten(page, part);
	tree_put_text(&text, part);
	if (caption)
		tree_put_text(&have, caption);
	bool said = have.len && text.len && strstr(have.data, text.data) != NULL;
	if (make_has_words(&text) && !said && !make_is_label(part)) {
		if (have.len && strstr(text.data, have.data)) { /* the longer copy */
			tree_remove(caption);
			caption = NULL;
		}
		if (!caption)
			caption = tree_element(figure, "figcaption");
		else
			tree_text(caption, " ", 1);
		if (credit) {
			xmlNode *span = tree_element(caption, "span");
			tree_set(span, "class", "credit");
			tree_move_children(part, span);
		} else {
			tree_move_children(part, caption);
		}
	}
	if (have.failed || text.failed)
		tree_fail(figure);
	tree_remove(part);
	buf_release(&have);
	buf_release(&text);
}

/* The characters of a text that may be HTML in an attribute: tags and entities go. */
static void put_plain(struct buf *out, const char *s)
{
	while (*s) {
		size_t n = strcspn(s, "<&");
		buf_append(out, s, n);
		s += n;
		if (*s == '<' && strchr(s, '>')) {
			s = strchr(s, '>') + 1;
			buf_putc(out, ' ');
		} else if (strncmp(s, "&amp;", 5) == 0 || strncmp(s, "&nbsp;", 6) == 0) {
			buf_putc(out, s[1] == 'a' ? '&' : ' ');
			s = strchr(s, ';') + 1;
		} else if (*s) {
			buf_putc(out, *s++);
		}
	}
	buf_fold_space(out, 0);
}

void figure_add_text(struct page *page, xmlNode *figure, const char *text)
{
	struct buf plain = BUF_INIT;
	xmlNode *part = tree_detached(page->body, "div");
	put_plain(&plain, text);
	tree_text(part, plain.data, plain.len);
	if (plain.failed)
		tree_fail(figure);
	buf_release(&plain);
	figure_add_caption(page, figure, part);
}

/* Whether all of the caption's words are in `node`. */
static bool is_all_of(const xmlNode *caption, const xmlNode *node)
{
	struct buf all = BUF_INIT, own = BUF_INIT;
	tree_put_text(&all, caption);
	tree_put_text(&own, node);
	bool same = all.len == own.len;
	if (all.failed || own.failed)
		tree_fail(caption);
	buf_release(&all);
	buf_release(&own);
	return same;
}

/* How the text of a part of a caption reads. */
struct part_content {
	bool sentence; /* words before a credit */
	bool name;     /* no more than the name of a person or an agency, with its label or sign */
};

static struct part_content make_read_part(const xmlNode *node)
{
	struct buf text = BUF_INIT;
	struct credit credit;
	struct part_content r = {0};
	tree_put_text(&text, node);
	if (credit_find(text.data, text.len, &credit)) {
		r.sentence = credit.whole_start > 0;
		r.name = credit.whole_start == 0;
	} else {
		r.name = memchr(text.data, ' ', text.len) && name_is_personal(text.data, text.len);
	}
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
	return r;
}

/* The element's own name says that it is a credit; or it is a `cite` or `small` after other words;
 * or a `span` that ends the caption and has no more than a name. A wrapper that has the caption in
 * it, too, is none. */
static bool make_is_credit(struct page *page, const xmlNode *caption, const xmlNode *node)
{
	if (names_of(page, node) & NAMED(CREDIT))
		return !holds_parts(page, node) && !make_read_part(node).sentence;
	if (!tree_first(node) || is_all_of(caption, node))
		return false;
	return page_name_is_in(node, "cite small") ||
	       (tree_is(node, "span") && node == tree_last(caption) && make_read_part(node).name);
}

/* What is marked as a credit and names nothing: a number, a length of time, a button's word. */
static bool is_no_name(const xmlNode *node)
{
	struct buf text = BUF_INIT;
	struct credit credit;
	tree_put_text(&text, node);
	bool nothing = !credit_name(text.data, text.len, &credit);
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
	return nothing;
}

/* "Photo by Ann Brown" and, not marked, "/Agency": one credit. */
static void take_slash(xmlNode *caption)
{
	xmlNode *last = tree_last(caption), *credit = tree_prev(last);
	while (tree_is_space(credit))
		credit = tree_prev(credit);
	xmlNode *words = tree_is_text(last) ? last : tree_first(last);
	char *text = strdup(tree_text_value(words));
	const char *slash = text ? text + strspn(text, " \t\n\r\f") : "";
	if (!text)
		tree_fail(caption);
	if (*slash == '/' && tree_has_class(credit, "credit") && !tree_has_class(last, "credit")) {
		tree_set_text(words, slash, strlen(slash));
		tree_append(credit, last);
	}
	free(text);
}

/* No white space at the beginning and the end. */
static void make_trim(xmlNode *caption)
{
	for (int end = 0; end < 2; end++) {
		xmlNode *text = end ? tree_last(caption) : tree_first(caption);
		while (tree_is_space(text)) {
			tree_remove(text);
			text = end ? tree_last(caption) : tree_first(caption);
		}
		while (tree_is(text, "span") && (end ? tree_last(text) : tree_first(text)))
			text = end ? tree_last(text) : tree_first(text);
		const char *s = tree_text_value(text);
		size_t len = strlen(s), skip = end ? 0 : strspn(s, " \t\n\r\f");
		while (end && len && strchr(" \t\n\r\f", s[len - 1]))
			len--;
		if (!tree_is_text(text) || (skip == 0 && len == strlen(s)))
			continue;
		char *kept = strndup(s + skip, len - skip);
		if (kept)
			tree_set_text(text, kept, strlen(kept));
		else
			tree_fail(caption);
		free(kept);
	}
}

void figure_close(struct page *page, xmlNode *figure)
{
	xmlNode *caption = figure_caption(figure);
	bool any = false;
	if (!caption)
		return;
	make_trim(caption);
	for (xmlNode *n = tree_walk(caption, NULL), *next; n; n = next) {
		next = tree_walk(caption, n);
		if (!tree_is_element(n))
			continue;
		if (!make_is_credit(page, caption, n)) {
			any |= tree_has_class(n, "credit");
			continue;
		}
		next = tree_walk_skip(caption, n);
		if (is_no_name(n) || make_is_label(n)) {
			tree_remove(n);
			continue;
		}
		any = true;
		if (tree_is(n, "a")) {
			xmlNode *span = tree_wrap(n, "span");
			tree_set(span, "class", "credit");
		} else {
			tree_rename(n, "span");
			tree_set(n, "class", "credit");
		}
	}
	if (any)
		take_slash(caption);
	else
		caption_mark_credit(caption);
}
