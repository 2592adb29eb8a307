/* The pages of one article, made one body. */
#ifndef ARTICLE_JOIN_H
#define ARTICLE_JOIN_H

#include "article/article.h"

/* Add a copy of `more`'s body to `a`'s: its text behind the text, its notes behind the notes. Ids
 * that `a` has already are changed, with the links to them. A picture that opens both is kept once.
 * References of `more` must be whole already; what else is known of it is not taken. */
void article_join(struct article *a, const struct article *more);

#endif
