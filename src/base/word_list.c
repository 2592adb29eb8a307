#include "base/word_list.h"

#include <string.h>

bool word_list_has_n(const char *list, const char *word, size_t len)
{
	for (const char *s = list; s && *s;) {
		size_t n = strcspn(s, " \t\r\n");
		if (n == len && memcmp(s, word, n) == 0)
			return true;
		s += n;
		s += strspn(s, " \t\r\n");
	}
	return false;
}

bool word_list_has(const char *list, const char *word)
{
	return word_list_has_n(list, word, strlen(word));
}
