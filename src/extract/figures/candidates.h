/* Pictures by their addresses: which of several is the best to have, which show nothing, and which
 * are the same picture. The words that they are known by are rows of assets/page_images.tsv. */
#ifndef EXTRACT_FIGURES_CANDIDATES_H
#define EXTRACT_FIGURES_CANDIDATES_H

#include "extract/page/page.h"

/* Bytes of data: URLs: shorter ones show nothing; up to the other, they may be blurred stand-ins.
 */
enum { PICTURE_MIN_DATA = 1500, PICTURE_MIN_PACKED = 30000 };

/* The best address seen so far. */
struct picture_pick {
	const char *url; /* borrowed from the tree or the page's arena; `len` bytes of it */
	size_t len;
	double score;  /* about its width in pixels; less for forms that few e-readers show */
	double enough; /* wider ones are no better: the page's picture_width */
};

/* Look at all addresses in the attributes of `node`: an img, a source of a picture, or an element
 * that stands for a picture. */
void picture_offer(struct page *page, struct picture_pick *pick, const xmlNode *node);

/* Whether the address shows nothing by itself: what stands there until the picture is loaded. */
bool picture_is_placeholder(const char *url);
/* Whether it is never to be seen: spacers, trackers. */
bool picture_is_unseen(const char *url);
/* Whether it ends like an image file, as far as one can see. */
bool picture_is_file(const char *url, size_t len);

/* Append a key by which the same picture is known in all its sizes, forms and hosts; nothing for
 * data: URLs. A loose key is of the file's name alone (with its folder's, if that says nothing),
 * others are of all folders. */
struct buf;
void picture_put_key(struct buf *out, const char *url, bool loose);

/* Whether the picture's names, or its size, say that it is a sign, a portrait or a button. */
bool picture_is_emblem(const xmlNode *img);

/* Whether it is part of the page's controls: a sign of zooming, loading or playing, by its file's
 * name, as a drawing, in small size or in a button. */
bool picture_is_control(const xmlNode *img);

/* The number in an attribute like width="640" or "640px"; -1 when there is none. */
int picture_length(const xmlNode *img, const char *attribute);

/* The kinds of words in the table. */
enum picture_word {
	PICTURE_ADDRESS,
	PICTURE_LARGER,
	PICTURE_OTHER,
	PICTURE_PLACEHOLDER,
	PICTURE_UNSEEN,
	PICTURE_SMALL,
	PICTURE_PLAIN,
	PICTURE_FORM,
	PICTURE_EMBLEM,
	PICTURE_CONTROL,
	PICTURE_WORDS
};
/* Whether a word, or (any word of) a name parted at what is no letter or digit, is of that kind. */
bool picture_word_is(enum picture_word kind, const char *word, size_t len);
bool picture_name_has(enum picture_word kind, const char *name, size_t len);

/* Where the file's name stands in an address: up to its ending, without folders and query. */
void picture_file(const char *url, size_t len, const char **name, size_t *name_len);

#endif
