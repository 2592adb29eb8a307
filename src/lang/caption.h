/* Captions and their credits. */
#ifndef LANG_CAPTION_H
#define LANG_CAPTION_H

#include <stdbool.h>
#include <stddef.h>

/* Where in a caption the credit stands, in bytes from the start of the text:
 *   "Vaccines at the airport on March 29 (Photo/Xinhua)"
 *    caption: up to whole_start; whole: "(Photo/Xinhua)"; name: "Xinhua".
 * The name leaves out a word that only says "photo", but an agency is kept with its photographer
 * ("AP Photo/Ann Brown"): that is how agencies want to be named.
 * `sure` is set when the words themselves say that this is a picture's credit ("Photo", "AP
 * Photo/", "Getty Images", "图/", …): then a lone line of text is a caption. */
struct credit {
	size_t whole_start, whole_len;
	size_t name_start, name_len;
	bool sure;
};

/* Find the credit in a caption. Returns false when there is none. The words that it is known by
 * are in assets/credits.tsv. */
bool credit_find(const char *text, size_t len, struct credit *credit);

/* The name in a text that is known to be a credit: without its label ("Photo by"), its copyright
 * sign and the slash of a part ("/Agency"). Returns false when it is no name: a number, a length of
 * time, only signs. */
bool credit_name(const char *text, size_t len, struct credit *credit);

/* Whether the text calls itself a caption: "[Image: a cat on a mat]", "Figure 2: …", "图为…". */
bool caption_is_marked(const char *text, size_t len);

#endif
