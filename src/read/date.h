/* Dates in running text; metadata.h has metadata_date(), for a text that is a date and nothing
 * else. */
#ifndef READ_DATE_H
#define READ_DATE_H

#include "base/arena.h"

/* The first full date (a year with at least its month, or 2021年) in the first words of `text`, in
 * W3C form without a time, and the bytes that it covers; NULL when there is none. */
char *date_find(struct arena *arena, const char *text, size_t len, size_t *start, size_t *end);

#endif
