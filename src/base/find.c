#include "base/find.h"

#include <string.h>

const char *find_mark(const char *s, size_t len, const char *mark)
{
	const char *end = s + len;
	size_t n = strlen(mark);
	while ((size_t)(end - s) >= n) {
		const char *at = memchr(s, mark[0], (size_t)(end - s) - n + 1);
		if (!at || memcmp(at, mark, n) == 0)
			return at;
		s = at + 1;
	}
	return NULL;
}
