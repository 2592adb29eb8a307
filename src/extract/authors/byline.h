/* Names of authors in the lines that pages print them in. */
#ifndef EXTRACT_AUTHORS_BYLINE_H
#define EXTRACT_AUTHORS_BYLINE_H

#include "extract/page/page.h"

/* Whether a text starts as lines that name authors do: "By ", "Von ", "作者：", or ends where the
 * name follows: "Posted on 2 May 2021 by". */
bool author_line_starts(const char *text, size_t len);

/* Append the names in `text`: "By Ann Brown and Bob Gray, Staff Writers | 3 May 2021" has two.
 * Lines are parted by "\n". With `sure`, the text is known to name authors, and names that do not
 * look like those of people ("newsdesk") count as well. In the page's arena. */
void author_line_read(struct page *page, const char *text, bool sure, struct string_list *names);

#endif
