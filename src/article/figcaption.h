/* Captions in the tree. */
#ifndef ARTICLE_FIGCAPTION_H
#define ARTICLE_FIGCAPTION_H

#include <libxml/tree.h>

/* Wrap the credit at the end of `figcaption` in `span class="credit"` if it has no such span yet.
 */
void caption_mark_credit(xmlNode *figcaption);

#endif
