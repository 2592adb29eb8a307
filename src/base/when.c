#include "base/when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Read exactly `digits` digits. */
static bool number(const char **s, int digits, int *out)
{
	*out = 0;
	for (int i = 0; i < digits; i++, ++*s) {
		if (**s < '0' || **s > '9')
			return false;
		*out = *out * 10 + (**s - '0');
	}
	return true;
}

/* "Z", "+hh:mm", "-hh:mm" or nothing: seconds to subtract. */
static bool zone(const char **s, int *offset)
{
	*offset = 0;
	if (**s == 'Z') {
		++*s;
	} else if (**s == '+' || **s == '-') {
		int sign = *(*s)++ == '+' ? 1 : -1, hours, minutes;
		if (!number(s, 2, &hours))
			return false;
		if (**s == ':')
			++*s;
		if (!number(s, 2, &minutes) || hours > 23 || minutes > 59)
			return false;
		*offset = sign * (hours * 3600 + minutes * 60);
	}
	return true;
}

bool when_parse(const char *s, long long *epoch)
{
	static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month = 1, day = 1, hour = 0, minute = 0, second = 0, offset = 0;
	if (!number(&s, 4, &year))
		return false;
	if (*s == '-' && (s++, !number(&s, 2, &month) || month < 1 || month > 12))
		return false;
	if (*s == '-' && (s++, !number(&s, 2, &day)))
		return false;
	if (day < 1 || day > month_days[month - 1] + (month == 2 && is_leap(year)))
		return false;
	if (*s == 'T' || *s == ' ') {
		s++;
		if (!number(&s, 2, &hour) || *s++ != ':' || !number(&s, 2, &minute))
			return false;
		if (*s == ':' && (s++, !number(&s, 2, &second)))
			return false;
		if (*s == '.')
			s += 1 + strspn(s + 1, "0123456789");
		if (hour > 23 || minute > 59 || second > 60 || !zone(&s, &offset))
			return false;
	}
	if (*s != '\0')
		return false;
	struct tm tm = {.tm_year = year - 1900,
			.tm_mon = month - 1,
			.tm_mday = day,
			.tm_hour = hour,
			.tm_min = minute,
			.tm_sec = second};
	*epoch = (long long)timegm(&tm) - offset;
	return true;
}

void when_format(long long epoch, char out[WHEN_TEXT])
{
	const time_t first = -62167219200, last = 253402300799; /* years 0 and 9999 */
	time_t t = epoch < first ? first : epoch > last ? last : (time_t)epoch;
	struct tm tm = {0};
	gmtime_r(&t, &tm);
	snprintf(out, WHEN_TEXT, "%04u-%02u-%02uT%02u:%02u:%02uZ", (tm.tm_year + 1900u) % 10000,
		 (tm.tm_mon + 1u) % 100, tm.tm_mday % 100u, tm.tm_hour % 100u, tm.tm_min % 100u,
		 tm.tm_sec % 100u);
}
