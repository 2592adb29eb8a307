#include "base/xml_limits.h"

#include <string.h>

/* Behind `end` from `s` on; the end of the bytes when it is missing. */
static const char *skip_to(const char *s, const char *last, const char *end)
{
	const char *found = memmem(s, (size_t)(last - s), end, strlen(end));
	return found ? found + strlen(end) : last;
}

static size_t line_of(const char *bytes, const char *at)
{
	size_t line = 1;
	while ((bytes = memchr(bytes, '\n', (size_t)(at - bytes))) != NULL) {
		line++;
		bytes++;
	}
	return line;
}

/* Behind the start tag at `s`, where the bytes after "<" are; *count: its attributes. */
static const char *read_tag(const char *s, const char *last, size_t *count)
{
	char quote = 0;
	for (*count = 0; s < last; s++) {
		if (quote) {
			s = memchr(s, quote, (size_t)(last - s));
			if (!s)
				return last;
			quote = 0;
		} else if (*s == '"' || *s == '\'') {
			quote = *s;
		} else if (*s == '=') {
			++*count;
		} else if (*s == '>' || *s == '<') {
			break;
		}
	}
	return s;
}

size_t xml_crowded_line(const char *bytes, size_t size)
{
	const char *last = bytes + size, *s = bytes;
	while ((s = memchr(s, '<', (size_t)(last - s))) != NULL) {
		const char *tag = s++;
		size_t left = (size_t)(last - s), count;
		if (left >= 3 && memcmp(s, "!--", 3) == 0)
			s = skip_to(s + 3, last, "-->");
		else if (left >= 8 && memcmp(s, "![CDATA[", 8) == 0)
			s = skip_to(s + 8, last, "]]>");
		else if (left && *s == '?')
			s = skip_to(s, last, "?>");
		else if (left && *s != '!') {
			s = read_tag(s, last, &count);
			if (count > XML_MAX_ATTRIBUTES)
				return line_of(bytes, tag);
		}
	}
	return 0;
}
