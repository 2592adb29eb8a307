/* What a page needs beside its content: the form in which small screens, old readers and readers
 * with style sheets of their own show it well. The parts of book_lay_out(). */
#ifndef BOOK_LAYOUT_H
#define BOOK_LAYOUT_H

#include "book/book.h"

/* Change the body of an article of the book into the form in which it is printed. To be called
 * once, before it is cut into chapters. Ids are kept. When memory runs out, the book's arena or the
 * article's tree fails. */
void book_lay_out(struct book *book, struct article *article);

/* layout_code.c: each line of a `pre` becomes a `span class="line"` that ends in its line feed, so
 * that a style sheet can tell a new line from a wrapped one. `rtl`: the text around it runs from
 * the right; code does not. */
void layout_code(xmlNode *pre, bool rtl);

/* layout_table.c: a table whose columns cannot stand side by side on a small screen becomes a
 * `div class="cards" role="table"`: a card a row, headed by its first cell; before each other cell
 * stands what its column is called. */
void layout_table(struct book *book, const struct article *article, xmlNode *table);

#endif
