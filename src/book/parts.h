/* How an article is cut into chapters, and what has to move and be renumbered then. The parts of
 * book_new() and book_finish(), in the order in which they call them. */
#ifndef BOOK_PARTS_H
#define BOOK_PARTS_H

#include "base/map.h"
#include "book/book.h"

/* Pictures: every image becomes a resource, once, and every `img src` names its file. Images
 * without a known alt text get a label of the book ("Photo 3"). */
void book_add_images(struct book *book);

/* An upper limit of the bytes that a node has in a page. */
size_t book_count_bytes(const xmlNode *node);
/* Divide a block of more than `most` bytes into blocks beside each other, of which each has about
 * `most` at most, where it can be divided. Returns the first; `block` becomes the last. */
xmlNode *book_divide(xmlNode *block, size_t most);

/* Of a heading inside a page, until book_add_contents(): its rank in the contents (struct page). */
#define HEADING_RANK_ATTRIBUTE "data-chapbook-rank"

/* Cut an article's body into `section`s, each the content of one chapter page, and add the pages.
 * Headings are renumbered: the page's h1 first, no level skipped. */
void book_split(struct book *book, const struct article *article, int split_level,
		struct diag *diag);

/* Remember a number above 0 for a key (borrowed), unless it has one; memory that runs out fails the
 * book. And ask for it: 0 when there is none. */
void book_index_add(struct book *book, struct map *index, const char *key, size_t number);
size_t book_index_find(const struct map *index, const char *key);

/* What a heading is called in the contents: its text, the alt text of its picture, or "…". In the
 * book's arena. */
char *book_heading_title(struct book *book, const xmlNode *heading);

/* Put the footnotes into the chapter that refers to them first, and make every `href="#id"` name
 * the page its target went to. `first_page` is the article's first. */
void book_link(struct book *book, const struct article *article, size_t first_page);

/* Links from one article of a book of several to another, by file or by address, lead to its
 * chapter; to be called when all pages are there and linked. */
void book_link_articles(struct book *book, struct diag *diag);

/* Add a page that the book says itself. NULL when memory runs out. */
struct page *book_add_page(struct book *book, enum page_kind kind, const char *id,
			   const char *title);

/* Whether a page has drawings or formulas: to be called when notes are in their places. */
void book_note_content(struct page *page);

/* The contents from the pages and their headings, `depth` levels of them (0: all). */
void book_add_contents(struct book *book, int depth);

/* The photos of an article; to be called when links are final. */
void book_add_photos(struct book *book, const struct article *article, size_t first_page);

/* Put the list of photos on the last page, if there are enough of them. */
void book_add_photo_list(struct book *book);

#endif
