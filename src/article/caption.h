/* Captions and their credits. */
#ifndef ARTICLE_CAPTION_H
#define ARTICLE_CAPTION_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

/* Where in a caption the credit stands, in bytes from the start of the text:
 *   "Vaccines at the airport on March 29 (Photo/Xinhua)"
 *    caption: up to whole_start; whole: "(Photo/Xinhua)"; name: "Xinhua".
 * `sure` is set when the words themselves say that this is a picture's credit ("Photo", "AP
 * Photo/", "Getty Images", "图/", …): then a lone line of text is a caption. */
struct credit {
	size_t whole_start, whole_len;
	size_t name_start, name_len;
	bool sure;
};

/* Find the credit in a caption. Returns false when there is none. */
bool credit_find(const char *text, size_t len, struct credit *credit);

/* Wrap the credit inside `figcaption` in `span class="credit"` if it has no such span yet.
 * Works on the last text of the caption. */
void caption_mark_credit(xmlNode *figcaption);

#endif
