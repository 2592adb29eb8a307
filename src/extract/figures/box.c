#include "extract/figures/figures.h"

#include "article/tree.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "extract/authors/authors.h"
#include "extract/figures/candidates.h"
#include "extract/page/measure.h"
#include "lang/caption.h"

#include <string.h>

enum {
	MIN_WIDTH = 200,    /* pixels of a picture, where its width is given */
	MAX_CHARS = 120,    /* of the text: a longer one may be a paragraph of the article */
	MAX_CREDITED = 300, /* ... that ends in a credit */
	MAX_SENTENCE = 80,
	MIN_CHARS = 3,
	MIN_WORDS = 4, /* of one without a credit */
	MIN_CJK = 16,  /* the same, in half widths */
	MAX_NODES = 60,
};

/* What is searched for in a box. */
struct box {
	xmlNode *img;
	bool broken; /* a line break after the picture */
	bool marked; /* all text is in elements that set a caption apart */
};

/* Whether another page is behind the picture. */
static bool is_linked(const xmlNode *img, const xmlNode *box)
{
	for (const xmlNode *n = tree_parent(img); n && n != tree_parent(box); n = tree_parent(n)) {
		const char *href = tree_is(n, "a") ? tree_get(n, "href") : NULL;
		if (href && *href && *href != '#' && !picture_is_file(href, strlen(href)))
			return true;
	}
	return false;
}

/* Walk through the box: only a picture and then words, in nothing that says that they are no
 * caption. */
static bool box_read_box(const xmlNode *node, struct box *box)
{
	const name_set others = NAMED(BYLINE) | NAMED(AUTHOR) | NAMED(AUTHOR_BOX) | NAMED(DATE) |
				NAMED(STANDFIRST) | NAMED(RELATED) | NAMED(AD) | NAMED(SIGNUP) |
				NAMED(NAV) | NAMED(SHARE) | NAMED(COMMENTS) | NAMED(TAGS) |
				NAMED(CAPTION) | NAMED(PLAYER) | NAMED(PULLQUOTE) | NAMED(CONSENT);
	unsigned seen = 0;
	box->marked = true;
	for (xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n)) {
		if (++seen > MAX_NODES)
			return false;
		if (tree_is(n, "img"))
			box->img = n;
		else if (tree_is(n, "br"))
			box->broken |= box->img != NULL;
		else if (tree_is_text(n) && !tree_is_space(n)) {
			if (!box->img || page_is_inside(n, "b strong", node))
				return false;
			box->marked &= page_is_inside(n, "em i small cite", node);
		} else if ((measure_of(n)->names & others) ||
			   page_name_is_in(n,
					   "figure figcaption ul ol dl table blockquote pre iframe "
					   "video audio time address form math"))
			return false;
	}
	return box->img != NULL;
}

/* Enough words for a sentence; characters, where words have no spaces between them. */
static bool has_some_words(const struct measure *m, const char *s)
{
	uint32_t first = 0;
	unsigned words = 0;
	utf8_decode(s, strlen(s), &first);
	if (cp_is_cjk(first))
		return m->chars >= MIN_CJK;
	for (size_t n; (n = strcspn(s += strspn(s, " "), " ")) > 0; s += n)
		words++;
	return words >= MIN_WORDS;
}

/* Whether the element beside it is a box with a picture, too: a list of other articles. */
static bool has_like(const xmlNode *node)
{
	const xmlNode *before = tree_prev(node), *after = tree_next_element(node);
	while (before && !tree_is_element(before))
		before = tree_prev(before);
	return (before && tree_is(before, tree_name(node)) && measure_of(before)->images > 0) ||
	       (after && tree_is(after, tree_name(node)) && measure_of(after)->images > 0);
}

/* Whether the text may be a caption: it ends in a credit; or it is one line of some words, without
 * links, that is no sentence of the text and no line about the article (its date, its author). */
static bool is_caption_text(struct page *page, const xmlNode *node)
{
	const struct measure *m = measure_of(node);
	struct buf text = BUF_INIT;
	struct credit credit;
	tree_put_text(&text, node);
	bool sentence = text.len && text.data[text.len - 1] == '.' && m->chars > MAX_SENTENCE;
	bool can_be = credit_find(text.data, text.len, &credit) ||
		      (m->chars <= MAX_CHARS && m->paragraphs <= 1 && m->links == 0 && !sentence &&
		       !has_like(node) && has_some_words(m, text.data) &&
		       !meta_line(page, text.data, text.len));
	buf_end(&text, &page->arena.failed);
	return can_be;
}

bool figure_is_box(struct page *page, const xmlNode *node)
{
	const struct measure *m = measure_of(node);
	const name_set others = NAMED(BYLINE) | NAMED(AUTHOR_BOX) | NAMED(RELATED) | NAMED(AD) |
				NAMED(SIGNUP) | NAMED(NAV) | NAMED(SHARE) | NAMED(COMMENTS);
	struct box box = {0};
	bool line = tree_is(node, "p");
	if (!page_name_is_in(node, "div section p") || m->images != 1 || m->chars < MIN_CHARS ||
	    m->chars > MAX_CREDITED || m->headings || m->inputs || (m->names & others) ||
	    !box_read_box(node, &box))
		return false;
	int width = picture_length(box.img, "width");
	const char *src = tree_get(box.img, "src");
	if ((width > 1 && width < MIN_WIDTH) || picture_is_emblem(box.img) || !src ||
	    strstr(src, ".svg") || is_linked(box.img, node))
		return false;
	/* in one paragraph, a line of its own or another type sets the caption apart */
	return (!line || box.broken || box.marked) && is_caption_text(page, node);
}
