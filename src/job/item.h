/* Articles of sources: what an item says of its article. */
#ifndef JOB_ITEM_H
#define JOB_ITEM_H

#include "article/article.h"
#include "job/job.h"

/* The format of an item's content; `format` of other inputs, and where the caller says one. */
enum read_format item_format(const struct input *input, enum read_format format);

/* Whether the item has only the beginning of its article, and an address that has more. */
bool item_is_partial(const struct input *input);

/* Fill in what the item says and the article does not. `is_content`: the article is the item's
 * content, which is without a title, authors and the like of its own. */
void item_fill(struct article *a, const struct chapbook_item *item, bool is_content);

/* After the article is read: fill in, and append the highlights and the note as a section. */
int item_complete(struct article *a, const struct input *input, struct chapbook_error *err);

#endif
