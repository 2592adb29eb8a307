/* What a body from Markdown gets after it was read: ids, figures, its title. */
#include "read/markdown/markdown.h"

#include "article/figcaption.h"
#include "article/id_map.h"
#include "article/tree.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "read/text/text.h"

#include <stdint.h>
#include <string.h>

/* --- Ids --- */

/* As GitHub makes the anchors of headings: in lower case, spaces as hyphens, and of all else
 * only letters, digits, "_" and "-". */
static void put_slug(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len && out->len < 120;) {
		uint32_t cp;
		char utf8[4];
		size_t n = utf8_decode(text + i, len - i, &cp);
		i += n;
		if (cp == ' ')
			buf_putc(out, '-');
		else if (cp == '-' || cp == '_' || ascii_is_digit(cp) || cp_is_letter(cp) ||
			 (cp >= 0x300 && cp <= 0x36F))
			buf_append(out, utf8, utf8_write(cp_lower(cp), utf8));
	}
}

static bool is_foreign(const xmlNode *node)
{
	return tree_is(node, "svg") || tree_is(node, "math");
}

/* Give unique names to the ids that are there: those of notes first, that nothing takes theirs. */
static void name_ids(struct id_map *map, xmlNode *body, bool notes)
{
	for (xmlNode *n = tree_walk(body, NULL); n;) {
		if (is_foreign(n)) {
			n = tree_walk_skip(body, n);
			continue;
		}
		const char *id = tree_get(n, "id");
		const char *old = id || !tree_is(n, "a") ? id : tree_get(n, "name");
		if (old && (tree_get(n, "epub:type") != NULL) == notes) {
			bool taken = id_map_find(map, old) != NULL;
			tree_set(n, "id", taken ? NULL : id_map_claim(map, old));
		}
		n = tree_walk(body, n);
	}
}

void markdown_name_places(xmlNode *body, bool drop_dead_links)
{
	struct id_map map;
	struct buf text = BUF_INIT, slug = BUF_INIT;
	id_map_init(&map);
	if (tree_knows(body, "id") || tree_knows(body, "name")) {
		name_ids(&map, body, true);
		name_ids(&map, body, false);
	}
	for (xmlNode *n = tree_walk(body, NULL); n; n = tree_walk(body, n)) {
		if (!tree_heading_level(n) || tree_get(n, "id"))
			continue;
		buf_truncate(&text, 0);
		buf_truncate(&slug, 0);
		tree_put_text(&text, n);
		put_slug(&slug, text.data, text.len);
		if (slug.len)
			tree_set(n, "id", id_map_claim(&map, slug.data));
	}
	id_map_resolve_links(&map, body, drop_dead_links);
	if (map.failed || text.failed || slug.failed)
		tree_fail(body);
	buf_release(&text);
	buf_release(&slug);
	id_map_release(&map);
}

/* --- Figures --- */

static xmlNode *body_skip_space(xmlNode *node)
{
	while (tree_is_space(node))
		node = tree_next(node);
	return node;
}

/* The picture of a paragraph that begins with one: the img, or the link around it. */
static xmlNode *find_picture(const xmlNode *p)
{
	xmlNode *first = body_skip_space(tree_first(p));
	if (tree_is(first, "img"))
		return first;
	bool link = tree_is(first, "a") && tree_is(tree_first(first), "img") &&
		    tree_first(first) == tree_last(first);
	return link ? first : NULL;
}

/* A line that is emphasised as a whole, from `node` to the end of its parent. */
static xmlNode *find_emphasis(xmlNode *node)
{
	node = body_skip_space(node);
	if (tree_is(node, "br"))
		node = body_skip_space(tree_next(node));
	bool whole = (tree_is(node, "em") || tree_is(node, "i")) &&
		     !body_skip_space(tree_next(node)) && !tree_find(node, NULL, "img");
	return whole ? node : NULL;
}

/* The paragraph becomes a figure with its picture; `caption` (an emphasis) or the picture's title
 * is its caption. */
static void make_figure(xmlNode *p, xmlNode *picture, xmlNode *caption)
{
	xmlNode *img = tree_is(picture, "a") ? tree_first(picture) : picture;
	const char *title = tree_get(img, "title");
	tree_rename(p, "figure");
	tree_unlink(picture);
	tree_unlink(caption);
	for (xmlNode *rest; (rest = tree_first(p)) != NULL;)
		tree_remove(rest);
	tree_append(p, picture);
	if (title && *title) {
		caption_mark_credit(tree_leaf(p, "figcaption", title));
		tree_set(img, "title", NULL);
	} else if (caption) {
		xmlNode *figcaption = tree_element(p, "figcaption");
		tree_move_children(caption, figcaption);
		caption_mark_credit(figcaption);
	}
	if (caption && !(title && *title))
		tree_remove(caption);
}

void markdown_make_figures(xmlNode *body, struct diag *diag)
{
	if (!tree_knows(body, "img") && !tree_knows(body, "figcaption"))
		return;
	for (xmlNode *n = tree_find(body, NULL, "figcaption"); n;
	     n = tree_find(body, n, "figcaption"))
		caption_mark_credit(n);
	for (xmlNode *p = tree_find(body, NULL, "p"), *next; p; p = next) {
		next = tree_find(body, p, "p");
		xmlNode *picture = find_picture(p);
		if (!picture)
			continue;
		xmlNode *img = tree_is(picture, "a") ? tree_first(picture) : picture;
		const char *title = tree_get(img, "title");
		bool titled = title && *title;
		xmlNode *rest = body_skip_space(tree_next(picture));
		xmlNode *caption = rest ? find_emphasis(rest) : NULL;
		if (rest && (titled || !caption))
			continue; /* there is text beside it */
		xmlNode *line = NULL;
		if (!rest && !titled) {
			line = body_skip_space(tree_next(p));
			caption = tree_is(line, "p") ? find_emphasis(tree_first(line)) : NULL;
		}
		if (caption && diag_listening(diag)) {
			struct buf words = BUF_INIT;
			tree_put_text(&words, caption);
			diag_add(diag, DIAG_GUESS_CAPTION, 0,
				 "\"%.60s\" is a caption: an emphasised line after a picture",
				 words.data);
			buf_release(&words);
		}
		make_figure(p, picture, caption);
		if (line && caption) {
			next = tree_find(body, line, "p");
			tree_remove(line);
		}
	}
}

/* --- Title, byline --- */

static bool is_heading_with_more(const xmlNode *heading)
{
	for (const xmlNode *n = tree_walk(heading, NULL); n; n = tree_walk(heading, n))
		if (tree_is(n, "img") || tree_get(n, "epub:type") || is_foreign(n))
			return true;
	return false;
}

/* The first block, if it is the only h1 there is. */
static xmlNode *find_title(const xmlNode *body)
{
	xmlNode *first = body_skip_space(tree_first(body));
	if (!tree_is(first, "h1") || is_heading_with_more(first))
		return NULL;
	for (const xmlNode *n = tree_next(first); n; n = tree_next(n))
		if (tree_is(n, "h1"))
			return NULL;
	return first;
}

/* The heading that is the title is removed, also when another title was given; but a book needs a
 * text. */
static void take_title(struct article *a, xmlNode *heading, bool alone, int line, struct diag *diag)
{
	struct buf text = BUF_INIT;
	tree_put_text(&text, heading);
	if (!a->title)
		diag_add(diag, DIAG_GUESS_TITLE, line,
			 "\"%.60s\" is the title: the only heading of the first level, before all "
			 "else",
			 text.data);
	else if (!alone && strcmp(a->title, text.data) != 0)
		diag_add(diag, DIAG_GUESS_TITLE, line,
			 "\"%.60s\" is not used as the title: another was given", text.data);
	article_fill(a, &a->title, text.data, text.len);
	if (!alone)
		tree_remove(heading);
	buf_end(&text, &a->arena.failed);
}

void markdown_read_head(struct article *a, int first_line, struct diag *diag)
{
	xmlNode *heading = find_title(a->body);
	bool alone = heading && !body_skip_space(tree_next(heading)); /* a book needs a text */
	if (heading)
		take_title(a, heading, alone, first_line, diag);
	if (!alone)
		text_read_body(a, TEXT_BODY_HEAD | TEXT_BODY_CAPTIONS | TEXT_BODY_TAIL, diag);
}
