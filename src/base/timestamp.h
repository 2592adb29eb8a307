/* Points in time: W3C date and time formats (NOTE-datetime: YYYY, YYYY-MM, YYYY-MM-DD,
 * YYYY-MM-DDThh:mm[:ss[.s]]TZD) and seconds since 1970 in UTC. No time zone, locale or clock is
 * consulted. */
#ifndef BASE_TIMESTAMP_H
#define BASE_TIMESTAMP_H

#include <stdbool.h>

#define WHEN_TEXT 21 /* "2021-07-02T10:00:00Z" with NUL */

struct w3c_date {
	int year;
	int month, day; /* 0: not there */
	bool has_time;
	int hour, minute, second; /* 60: a leap second */
	int offset;               /* seconds that the zone is ahead of UTC */
	bool is_strict;           /* a time has "T" before it, and a zone with a colon or "Z", and
				     a fraction only behind seconds: as the note wants it */
};

/* Read a date and time: also with a space for the "T", without a zone (UTC) or its colon. False
 * when the text is not of the format or names no real day. */
bool when_read(const char *text, struct w3c_date *date);

/* What is missing counts as the first: "2021-07" is 2021-07-01T00:00:00Z; a time without zone is
 * UTC. Returns false when the text is not of the format or names no real day. */
bool when_parse(const char *text, long long *epoch);
/* The years 0 to 9999. */
void when_format(long long epoch, char out[WHEN_TEXT]);

#endif
