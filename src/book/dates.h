/* Dates as people read them, in the languages of the labels: from assets/dates.tsv. */
#ifndef BOOK_DATES_H
#define BOOK_DATES_H

#include "base/buf.h"
#include "book/labels.h"

/* Append a date in W3C form ("2021", "2021-07", "2021-07-02", "2021-07-02T10:00:00Z": the time is
 * left out) as the language and region of a tag (NULL: unknown) write it: "2 July 2021", in "en-US"
 * "July 2, 2021"; in English when no date of that language is known. Other text is kept as it is.
 */
void date_put(struct buf *out, const char *w3c, const char *language);

#endif
