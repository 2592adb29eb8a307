/* Points in time: W3C date and time formats (NOTE-datetime: YYYY, YYYY-MM, YYYY-MM-DD,
 * YYYY-MM-DDThh:mm[:ss[.s]]TZD) and seconds since 1970 in UTC. No time zone, locale or clock is
 * consulted. */
#ifndef BASE_TIMESTAMP_H
#define BASE_TIMESTAMP_H

#include <stdbool.h>

#define WHEN_TEXT 21 /* "2021-07-02T10:00:00Z" with NUL */

/* What is missing counts as the first: "2021-07" is 2021-07-01T00:00:00Z; a time without zone is
 * UTC. Returns false when the text is not of the format or names no real day. */
bool when_parse(const char *text, long long *epoch);
/* The years 0 to 9999. */
void when_format(long long epoch, char out[WHEN_TEXT]);

#endif
