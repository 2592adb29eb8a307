/* Texts of metadata: what pages put into attributes and JSON. */
#ifndef EXTRACT_METADATA_TEXT_H
#define EXTRACT_METADATA_TEXT_H

#include "extract/page/page.h"

enum {
	MAX_TITLE = 1000, /* bytes */
	MAX_LINE = 2000,
	MAX_SUMMARY = 10000,
	MAX_BODY = 1000 * 1000,
};

/* The text as it is meant: entities decoded that were escaped twice, tags taken off, white space
 * folded; at most `max` bytes of `s` are read. In the page's arena; NULL when nothing is left. */
char *meta_text(struct page *page, const char *s, size_t len, size_t max);

/* The text below an element, at most about `max` bytes: white space folded, a "\n" where a block
 * or a line ends. In the page's arena; NULL when there is none. */
char *meta_element_text(struct page *page, const xmlNode *node, size_t max);

/* The letters and digits of a text, lower case, appended: what is left when case and punctuation
 * are ignored. */
struct buf;
void meta_put_letters(struct buf *out, const char *s, size_t len);

#endif
