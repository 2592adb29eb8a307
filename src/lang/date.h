/* Dates as people write them, in the languages of assets/months.tsv. */
#ifndef LANG_DATE_H
#define LANG_DATE_H

#include "base/arena.h"

/* A text that is a date and nothing else ("July 2, 2021", "2 July 2021", "2021年7月2日",
 * "2021/7/2", RFC 3339) in W3C form (base/timestamp.h), in the arena, or NULL. */
char *date_parse(struct arena *arena, const char *text, size_t len);

/* What 2/7/2021 is, where numbers alone do not say. */
enum date_order { DATE_UNSURE, DATE_DAY_FIRST, DATE_MONTH_FIRST };

/* The first full date (a year with at least its month, or 2021年) in the first words of `text`, in
 * W3C form without a time, and the bytes that it covers; NULL when there is none. */
char *date_find(struct arena *arena, const char *text, size_t len, size_t *start, size_t *end);
/* The same, where it is known how the text's language writes dates: also 2/7/2021, and 2.7.21. */
char *date_find_as(struct arena *arena, const char *text, size_t len, enum date_order order,
		   size_t *start, size_t *end);

#endif
