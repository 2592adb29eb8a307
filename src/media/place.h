/* What becomes of the body's `img`s once it is known which pictures there are. */
#ifndef MEDIA_PLACE_H
#define MEDIA_PLACE_H

#include "media/metadata/metadata.h"

#include <libxml/tree.h>

/* A picture that is lost: its alt text stands for it, and a link to its address (NULL: it has
 * none), or nothing does. */
void place_lost(xmlNode *img, const char *address);

/* A picture of one pixel is removed, with what holds nothing else. */
void place_spacer(xmlNode *img);

/* Fill in what the article does not say, from what the picture says of itself: the alt text, a
 * caption with its credit, where the picture stands by itself. Returns whether anything was. */
bool place_words(xmlNode *img, const struct image_metadata *words);

/* A photo of the caller's: into the next figure behind *last (NULL: the first) that has a caption
 * but no picture; false when there is none: it stands at the end, in a figure of its own. *last is
 * set to its figure, or is kept. */
bool place_photo(xmlNode *body, xmlNode **last, const char *ref);

#endif
