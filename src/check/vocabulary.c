/* Small vocabularies: dates, media types, lists of words. */
#include "check/run.h"

#include "base/ascii.h"
#include "base/word_list.h"

#include <string.h>
#include <strings.h>

/* --- W3C note "Date and Time Formats" --- */

/* Compare with a pattern in which 0 stands for any digit. */
static bool matches(const char *s, const char *pattern)
{
	size_t i = 0;
	for (; pattern[i]; i++)
		if (pattern[i] == '0' ? !ascii_is_digit(s[i]) : s[i] != pattern[i])
			return false;
	return s[i] == '\0';
}

bool date_is_w3cdtf(const char *s)
{
	static const char *const dates[] = {"0000", "0000-00", "0000-00-00"};
	static const char *const times[] = {"00:00", "00:00:00"};
	static const char *const zones[] = {"Z", "+00:00", "-00:00"};
	const char *t = strchr(s, 'T');
	if (strlen(s) >= 7 && s[4] == '-' && memcmp(s + 5, "00", 2) == 0)
		return false;
	if (strlen(s) >= 7 && s[4] == '-' && memcmp(s + 5, "12", 2) > 0)
		return false;
	if (strlen(s) >= 10 && s[7] == '-' &&
	    (memcmp(s + 8, "00", 2) == 0 || memcmp(s + 8, "31", 2) > 0))
		return false;
	if (!t) {
		for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
			if (matches(s, dates[i]))
				return true;
		return false;
	}
	char date[11] = "", time[40] = "";
	if (t - s != 10 || strlen(t + 1) >= sizeof time)
		return false;
	memcpy(date, s, 10);
	size_t zone = strcspn(t + 1, "Z+-");
	memcpy(time, t + 1, zone);
	char *fraction = strchr(time, '.');
	if (fraction) {
		if (fraction[1] == '\0' || !ascii_are_digits(fraction + 1, strlen(fraction + 1)) ||
		    fraction - time != 8)
			return false;
		*fraction = '\0';
	}
	if (!matches(date, dates[2]) || !(matches(time, times[0]) || matches(time, times[1])))
		return false;
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
		if (matches(t + 1 + zone, zones[i]))
			return true;
	return false;
}

bool uuid_is_valid(const char *s)
{
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? s[i] != '-'
			 : !(ascii_is_digit(s[i]) || ((s[i] | 32) >= 'a' && (s[i] | 32) <= 'f')))
			return false;
	}
	return s[36] == '\0';
}

/* --- EPUB 3.3, "Core media types" --- */

bool media_type_is_core(const char *type)
{
	size_t n = type ? strcspn(type, "; ") : 0;
	return word_list_has_case(
		"image/gif image/jpeg image/png image/svg+xml image/webp audio/mpeg audio/mp4 "
		"audio/ogg text/css font/ttf font/otf font/woff font/woff2 application/font-sfnt "
		"application/font-woff application/vnd.ms-opentype application/x-font-ttf "
		"application/xhtml+xml application/javascript application/ecmascript "
		"text/javascript application/x-dtbncx+xml application/smil+xml application/pls+xml "
		"application/x-dtbook+xml text/x-oeb1-document text/x-oeb1-css",
		type, n);
}
