#include "base/userinfo.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* What ends an address in a text. */
#define ENDS " \t\r\n\"'<>"

/* Whether "host:port" has a port that is no number: "ann:secret", then. */
static bool is_login(const char *s, size_t len)
{
	const char *colon = memrchr(s, ':', len);
	if (!colon || memchr(colon, ']', len - (size_t)(colon - s)))
		return false;
	return strspn(colon + 1, "0123456789") < len - (size_t)(colon - s) - 1;
}

/* The length of the user name and password at `s`, behind "//", with the "@"; or 0. */
static size_t userinfo_length(const char *s)
{
	size_t len = strcspn(s, "/?#\\" ENDS);
	const char *at = memrchr(s, '@', len);
	if (!at && is_login(s, len)) {
		size_t all = strcspn(s, ENDS);
		at = memchr(s, '@', all);
	}
	return at ? (size_t)(at - s) + 1 : 0;
}

void userinfo_cut(char *text)
{
	char *to = strstr(text, "://"), *from = to;
	while (from && *from) {
		bool starts = strncmp(from, "://", 3) == 0;
		for (int i = 0; i < (starts ? 3 : 1); i++)
			*to++ = *from++;
		if (starts)
			from += userinfo_length(from);
	}
	if (to)
		*to = '\0';
}
