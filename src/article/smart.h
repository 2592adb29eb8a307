/* Typographic punctuation for what was typed with a typewriter's: pandoc's "smart". */
#ifndef ARTICLE_SMART_H
#define ARTICLE_SMART_H

#include "article/article.h"

/* In the article's text, captions, titles, standfirst and bios: straight quotation marks and
 * apostrophes become those of the article's language (assets/quotes.tsv; English when it is not
 * there), "--" an en dash, "---" an em dash, "..." an ellipsis. Code and formulas are kept as they
 * are, and so is a mark between spaces, or a lone one after a digit (inches, feet). When memory
 * runs out the article fails. */
void article_make_smart(struct article *a);

#endif
