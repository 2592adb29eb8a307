#include "source/feed.h"

#include "base/ascii.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "lang/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct feed_time {
	int year, month, day;     /* month, day: 0: not said */
	int hour, minute, second; /* hour: -1: not said */
	int offset;               /* minutes east of UTC */
};

/* A number of at least `min` and at most `max` digits at *s. */
static bool take_number(const char **s, int min, int max, int *value)
{
	int n = 0, sum = 0;
	for (; n < max && ascii_is_digit((*s)[n]); n++)
		sum = sum * 10 + ((*s)[n] - '0');
	if (n < min)
		return false;
	*s += n;
	*value = sum;
	return true;
}

static void skip_separators(const char **s)
{
	*s += strspn(*s, " ,\t\n-.");
}

static bool take_month(const char **s, int *month)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	for (int i = 0; i < 12; i++)
		if (strncasecmp(*s, names + (size_t)i * 3, 3) == 0) {
			while (ascii_is_alpha(**s))
				(*s)++;
			*month = i + 1;
			return true;
		}
	return false;
}

/* "GMT", "EST", "+0100", "-05:00", "Z"; what is not known counts as UTC (RFC 2822, 4.3). */
static void take_zone(const char **s, struct feed_time *t)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},  {"MST", -7},
		     {"MDT", -6}, {"PST", -8}, {"PDT", -7}, {"AST", -4},  {"ADT", -3},
		     {"CET", 1},  {"CEST", 2}, {"MSK", 3},  {"JST", 9},   {"BST", 1},
		     {"EET", 2},  {"EEST", 3}, {"IST", 0},  {"AEST", 10}, {"AEDT", 11}};
	*s += strspn(*s, " \t");
	if (strncasecmp(*s, "GMT", 3) == 0 || strncasecmp(*s, "UTC", 3) == 0)
		*s += 3;
	if (**s == '+' || **s == '-') {
		int sign = **s == '-' ? -1 : 1, hours, minutes = 0;
		const char *at = *s + 1;
		if (take_number(&at, 1, 2, &hours)) {
			at += *at == ':';
			take_number(&at, 2, 2, &minutes);
			t->offset = sign * (hours * 60 + minutes);
			*s = at;
		}
		return;
	}
	size_t n = strspn(*s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
		if (n == strlen(zones[i].name) && strncasecmp(*s, zones[i].name, n) == 0)
			t->offset = zones[i].hours * 60;
	*s += n;
}

/* "hh:mm[:ss[.f]]" */
static bool take_clock(const char **s, struct feed_time *t)
{
	const char *at = *s;
	if (!take_number(&at, 1, 2, &t->hour) || *at != ':') {
		t->hour = -1;
		return false;
	}
	at++;
	if (!take_number(&at, 1, 2, &t->minute)) {
		t->hour = -1;
		return false;
	}
	if (*at == ':') {
		at++;
		take_number(&at, 1, 2, &t->second);
	}
	if ((*at == '.' || *at == ',') && ascii_is_digit(at[1]))
		for (at++; ascii_is_digit(*at);)
			at++;
	*s = at;
	return true;
}

static int full_year(int year, bool short_form)
{
	return !short_form ? year : year < 70 ? 2000 + year : 1900 + year;
}

/* RFC 822 and 2822: "Thu, 01 Jan 2004 19:48:21 GMT"; also "01-Jan-04", and without a time. */
static bool read_rfc822(const char *s, struct feed_time *t)
{
	while (ascii_is_alpha(*s))
		s++;
	skip_separators(&s);
	if (!take_number(&s, 1, 2, &t->day))
		return false;
	skip_separators(&s);
	if (!take_month(&s, &t->month))
		return false;
	skip_separators(&s);
	const char *year = s;
	if (!take_number(&s, 2, 4, &t->year))
		return false;
	t->year = full_year(t->year, s - year == 2);
	skip_separators(&s);
	if (take_clock(&s, t))
		take_zone(&s, t);
	return *s == '\0' || *s == ' ' || *s == '(';
}

/* asctime(): "Sun Jan  4 16:29:06 PST 2004", and "January 4, 2004 …". */
static bool read_asctime(const char *s, struct feed_time *t)
{
	if (!take_month(&s, &t->month)) {
		while (ascii_is_alpha(*s))
			s++;
		skip_separators(&s);
		if (!take_month(&s, &t->month))
			return false;
	}
	skip_separators(&s);
	if (!take_number(&s, 1, 2, &t->day))
		return false;
	skip_separators(&s);
	if (take_clock(&s, t)) {
		take_zone(&s, t);
		skip_separators(&s);
		return take_number(&s, 4, 4, &t->year);
	}
	if (!take_number(&s, 4, 4, &t->year))
		return false;
	skip_separators(&s);
	if (take_clock(&s, t))
		take_zone(&s, t);
	return true;
}

/* The month and day of the day of a year. */
static void set_ordinal(struct feed_time *t, int ordinal)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (t->year % 4 == 0 && t->year % 100 != 0) || t->year % 400 == 0;
	for (int i = 0; i < 12; i++) {
		int length = days[i] + (i == 1 && leap);
		if (ordinal <= length) {
			t->month = i + 1;
			t->day = ordinal;
			return;
		}
		ordinal -= length;
	}
}

/* ISO 8601: 2003, 2003-12, 2003-12-31, 20031231, 2003-365, 03-12-31, with a time behind "T" or a
 * space. */
static bool read_iso(const char *s, struct feed_time *t)
{
	const char *start = s;
	int rest = 0;
	size_t digits = strspn(s, "0123456789");
	if (digits != 2 && digits != 4 && digits != 8)
		return false;
	take_number(&s, 2, digits == 2 ? 2 : 4, &t->year);
	t->year = full_year(t->year, digits == 2);
	if (digits == 8) {
		take_number(&s, 2, 2, &t->month);
		take_number(&s, 2, 2, &t->day);
	} else if (*s == '-' || *s == '/') {
		char mark = *s++;
		size_t n = strspn(s, "0123456789");
		take_number(&s, 1, 4, &rest);
		if (n == 3) {
			set_ordinal(t, rest);
		} else if (n == 4) {
			t->month = rest / 100;
			t->day = rest % 100;
		} else if (n == 1 || n == 2) {
			t->month = rest;
			if (*s == mark) {
				s++;
				take_number(&s, 1, 2, &t->day);
			}
		} else {
			return false;
		}
	}
	if (*s == 'T' || *s == 't' || (*s == ' ' && ascii_is_digit(s[1]))) {
		s++;
		if (!take_clock(&s, t)) {
			int clock;
			if (take_number(&s, 4, 4, &clock)) {
				t->hour = clock / 100;
				t->minute = clock % 100;
				take_number(&s, 2, 2, &t->second);
			}
		}
		if (t->hour >= 0)
			take_zone(&s, t);
	}
	return s > start && (*s == '\0' || *s == ' ');
}

/* The date in W3C form; NULL when it names no real day. */
static char *format_time(struct arena *arena, const struct feed_time *t)
{
	char text[40], when[WHEN_TEXT];
	long long epoch;
	int month = t->month ? t->month : 1, day = t->day ? t->day : 1;
	if (t->year < 1000 || t->year > 9999)
		return NULL;
	snprintf(text, sizeof text, "%04d-%02d-%02d", t->year, month % 100, day % 100);
	if (!when_parse(text, &epoch))
		return NULL;
	if (t->hour >= 0 && t->day) {
		epoch += (t->hour * 60L + t->minute - t->offset) * 60 + t->second;
		when_format(epoch, when);
		return arena_dup(arena, when);
	}
	return arena_dupn(arena, text, t->day ? 10 : t->month ? 7 : 4);
}

char *feed_date(struct arena *arena, const char *text, size_t len)
{
	enum { MAX_DATE = 200 };
	static bool (*const readers[])(const char *, struct feed_time *) = {read_iso, read_rfc822,
									    read_asctime};
	char s[MAX_DATE];
	utf8_trim(&text, &len);
	if (len == 0 || len >= sizeof s)
		return NULL;
	memcpy(s, text, len);
	s[len] = '\0';
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		struct feed_time t = {.hour = -1};
		char *date = readers[i](s, &t) ? format_time(arena, &t) : NULL;
		if (date)
			return date;
	}
	return date_parse(arena, text, len);
}
