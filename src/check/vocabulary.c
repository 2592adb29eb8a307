/* Small vocabularies: dates, media types, lists of words. */
#include "check/run.h"

#include "base/ascii.h"
#include "base/timestamp.h"
#include "base/word_list.h"

#include <string.h>
#include <strings.h>

bool date_is_w3cdtf(const char *s)
{
	struct w3c_date date;
	return when_read(s, &date) && date.is_strict;
}

bool uuid_is_valid(const char *s)
{
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? s[i] != '-' : ascii_hex_value(s[i]) < 0)
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
