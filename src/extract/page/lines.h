/* The lines of a part of a page, as a reader sees them: text between two breaks, whatever elements
 * made the breaks. Bylines, dates and bios are lines before they are elements. */
#ifndef EXTRACT_PAGE_LINES_H
#define EXTRACT_PAGE_LINES_H

#include "extract/page/page.h"

struct buf;

struct line {
	xmlNode *first, *last; /* the first and the last text node that is not blank */
	const xmlNode *block;  /* the innermost block around it */
	unsigned chars;        /* white space folded: nearly as struct measure has them */
	unsigned link_chars;   /* of these, in links */
	int heading;           /* 1 to 6, or 0 */
	bool apart; /* in a figure, table, quote, code, footnote or the link to a player */
	bool item;  /* in a list */
};

struct line_list {
	struct line *items;
	size_t count, cap;
};

/* All lines below `root`, in document order; in the page's arena. What a browser would not show as
 * text (scripts, buttons, drawings) has none. Linear. */
struct line_list lines_of(struct page *page, const xmlNode *root);

/* Append the line's text, white space folded. */
void line_put_text(struct buf *out, const xmlNode *root, const struct line *line);

/* The same with a space between any two elements: "ByAnn Brown2 May" where only style sheets part
 * the words. */
void line_put_words(struct buf *out, const xmlNode *root, const struct line *line);

/* Take the line out of the tree, with the elements below `root` that have nothing else in them.
 * Other lines stay valid. */
void line_remove(const xmlNode *root, const struct line *line);

/* Whether the element has no more than `chars` characters of text, by looking at no more than some
 * thousand nodes. */
bool lines_are_few(const xmlNode *root, size_t chars);

#endif
