/* What is left of pictures when the article is found: each once. */
#include "extract/page/passes.h"

#include "article/tree.h"
#include "base/buf.h"
#include "extract/figures/candidates.h"
#include "extract/figures/figures.h"

#include <string.h>
#include <strings.h>

enum {
	SMALLEST = 40, /* pixels: smaller ones are icons */
	MAX_UP = 4,
};

static xmlNode *caption_of(xmlNode *img)
{
	return figure_caption(figure_around(img));
}

static bool finish_is_word(const xmlNode *node)
{
	return tree_is_text(node) && !tree_is_space(node);
}

/* Whether it stands in a line of text: a formula, a key on a keyboard, a symbol. */
static bool finish_is_inline(const xmlNode *img)
{
	for (unsigned up = 0; up < MAX_UP && img; up++, img = tree_parent(img)) {
		if (finish_is_word(tree_next(img)) || finish_is_word(tree_prev(img)))
			return true;
		if (!page_name_is_in(tree_parent(img), "a span em strong b i small font p li td"))
			return false;
	}
	return false;
}

static bool same_text(const xmlNode *a, const xmlNode *b)
{
	struct buf first = BUF_INIT, second = BUF_INIT;
	tree_put_text(&first, a);
	tree_put_text(&second, b);
	bool same = strcmp(first.data, second.data) == 0;
	if (first.failed || second.failed)
		tree_fail(a);
	buf_release(&first);
	buf_release(&second);
	return same;
}

/* Remove the picture with its figure, or with what holds nothing else. */
static void drop(xmlNode *img)
{
	xmlNode *figure = figure_around(img);
	bool alone =
		figure && tree_find(figure, NULL, "img") == img && !tree_find(figure, img, "img");
	xmlNode *up = alone ? figure : img;
	for (unsigned i = 0; i < MAX_UP; i++) {
		xmlNode *parent = tree_parent(up);
		if (!page_name_is_in(parent, "a p span li div") ||
		    tree_first_element(parent) != up || tree_next_element(up) ||
		    finish_is_word(tree_prev(up)) || finish_is_word(tree_next(up)))
			break;
		up = parent;
	}
	tree_remove(up);
}

/* What tells pictures of one name apart: a drawing and a photo may have the same ("map.jpg",
 * "map.png"). Servers convert to WebP and AVIF, and leave the ending out. */
static char kind_of(const char *src)
{
	size_t len = strcspn(src, "?#");
	static const char *const endings[] = {".png", ".gif", ".svg", ".bmp"};
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		const char *at = strcasestr(src, endings[i]);
		if (at && at < src + len)
			return endings[i][1];
	}
	return 'j';
}

/* Of two that show the same, the one with a caption is kept, or else the first, with the address of
 * the larger. Returns the one that is kept. */
static xmlNode *drop_double(struct page *page, xmlNode *first, xmlNode *second)
{
	const xmlNode *caption = caption_of(first), *other = caption_of(second);
	if (caption && other && !same_text(caption, other))
		return first;
	bool swap = other && !caption;
	xmlNode *kept = swap ? second : first, *dropped = swap ? first : second;
	struct picture_pick pick = {0}, best = {0};
	picture_offer(page, &best, kept);
	picture_offer(page, &pick, dropped);
	if (pick.score > best.score)
		tree_set(kept, "src", arena_dupn(&page->arena, pick.url, pick.len));
	const char *alt = tree_get(kept, "alt");
	if (!alt || !*alt)
		tree_set(kept, "alt", tree_get(dropped, "alt"));
	page_note(page, "drop-double-picture", dropped, "%.100s", tree_get(dropped, "src"));
	drop(dropped);
	return kept;
}

static bool finish_is_icon(xmlNode *img)
{
	int width = picture_length(img, "width"), height = picture_length(img, "height");
	return width > 0 && height > 0 && width < SMALLEST && height < SMALLEST;
}

void figures_finish(struct page *page)
{
	struct map seen = MAP_INIT;
	struct buf key = BUF_INIT;
	for (xmlNode *n = tree_find(page->content, NULL, "img"), *next; n; n = next) {
		next = tree_find(page->content, n, "img");
		const char *src = tree_get(n, "src");
		bool in_text = finish_is_inline(n) || page_is_inside(n, "table", figure_around(n));
		if (in_text || !src)
			continue;
		if (finish_is_icon(n) && !caption_of(n)) {
			page_note(page, "drop-icon", n, "%.100s", src);
			drop(n);
			continue;
		}
		buf_truncate(&key, 0);
		picture_put_key(&key, src, false);
		if (key.len)
			buf_putc(&key, kind_of(src));
		char *own = key.len ? arena_dup(&page->arena, key.data) : NULL;
		xmlNode *first = own ? map_find(&seen, own) : NULL;
		if (first)
			n = drop_double(page, first, n);
		if (own)
			map_set(&seen, own, n);
	}
	page->arena.failed |= key.failed || seen.failed;
	buf_release(&key);
	map_release(&seen);
	figures_report_facts(page);
}
