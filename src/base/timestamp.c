#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>

/* Days from 1970-01-01 in the proleptic Gregorian calendar, the year counted from March so that the
 * leap day comes last. Not timegm(): glibc's reads the time zone's file, whose leap seconds would
 * make the same date another number. */
static long long days_from_date(int year, int month, int day)
{
	long long y = year - (month <= 2);
	long long era = y >= 0 ? y / 400 : -1;
	long long year_of_era = y - era * 400;
	long long day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	long long day_of_era =
		year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

/* The way back, for the years 0 to 9999. */
static void date_from_days(long long days, unsigned *year, unsigned *month, unsigned *day)
{
	long long since = days + 719468; /* 0000-03-01 */
	long long era = since >= 0 ? since / 146097 : -1;
	long long of_era = since - era * 146097;
	long long y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	long long of_year = of_era - (365 * y + y / 4 - y / 100);
	long long from_march = (5 * of_year + 2) / 153;
	*day = (unsigned)(of_year - (153 * from_march + 2) / 5 + 1);
	*month = (unsigned)(from_march < 10 ? from_march + 3 : from_march - 9);
	*year = (unsigned)(y + era * 400 + (*month <= 2));
}

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

/* "Z", "+hh:mm", "+hhmm", or the same with a minus. */
static bool zone(const char **s, struct w3c_date *date)
{
	if (**s == 'Z') {
		++*s;
		return true;
	}
	int sign = **s == '-' ? -1 : 1, hours, minutes;
	if ((**s != '+' && **s != '-') || (++*s, !number(s, 2, &hours)))
		return false;
	if (**s == ':')
		++*s;
	else
		date->is_strict = false;
	if (!number(s, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	date->offset = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* "Thh:mm[:ss[.s]][TZD]" */
static bool clock(const char **s, struct w3c_date *date)
{
	date->has_time = true;
	date->is_strict = *(*s)++ == 'T';
	if (!number(s, 2, &date->hour) || *(*s)++ != ':' || !number(s, 2, &date->minute))
		return false;
	bool seconds = **s == ':';
	if (seconds && (++*s, !number(s, 2, &date->second)))
		return false;
	if (**s == '.') {
		size_t digits = strspn(*s + 1, "0123456789");
		date->is_strict &= seconds && digits > 0;
		*s += 1 + digits;
	}
	if (date->hour > 23 || date->minute > 59 || date->second > 60)
		return false;
	if (**s == '\0') {
		date->is_strict = false;
		return true;
	}
	return zone(s, date);
}

bool when_read(const char *s, struct w3c_date *date)
{
	static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	*date = (struct w3c_date){.is_strict = true};
	if (!number(&s, 4, &date->year))
		return false;
	if (*s == '-' && (s++, !number(&s, 2, &date->month) || date->month < 1 || date->month > 12))
		return false;
	if (date->month && *s == '-' &&
	    (s++, !number(&s, 2, &date->day) || date->day < 1 ||
			  date->day > month_days[date->month - 1] +
					      (date->month == 2 && is_leap(date->year))))
		return false;
	if ((*s == 'T' || *s == ' ') && (!date->day || !clock(&s, date)))
		return false;
	return *s == '\0';
}

bool when_parse(const char *s, long long *epoch)
{
	struct w3c_date date;
	if (!when_read(s, &date))
		return false;
	*epoch = days_from_date(date.year, date.month ? date.month : 1, date.day ? date.day : 1) *
			 86400 +
		 date.hour * 3600 + date.minute * 60 + date.second - date.offset;
	return true;
}

void when_format(long long epoch, char out[WHEN_TEXT])
{
	const long long first = -62167219200, last = 253402300799; /* years 0 and 9999 */
	epoch = epoch < first ? first : epoch > last ? last : epoch;
	long long days = epoch >= 0 ? epoch / 86400 : -((86399 - epoch) / 86400);
	unsigned rest = (unsigned)(epoch - days * 86400), year, month, day;
	date_from_days(days, &year, &month, &day);
	snprintf(out, WHEN_TEXT, "%04u-%02u-%02uT%02u:%02u:%02uZ", year % 10000, month % 100,
		 day % 100, rest / 3600 % 100, rest / 60 % 60, rest % 60);
}
