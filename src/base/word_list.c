#include "base/word_list.h"

#include <string.h>
#include <strings.h>

/* The next word of the list from *at on, of *len bytes; NULL at the end. */
static const char *next_word_of(const char **at, size_t *len)
{
	const char *s = *at, *end;
	while (*s && (unsigned char)*s <= ' ')
		s++;
	for (end = s; (unsigned char)*end > ' ';)
		end++;
	*at = end;
	*len = (size_t)(end - s);
	return *len ? s : NULL;
}

bool word_list_has_n(const char *list, const char *word, size_t len)
{
	size_t n;
	for (const char *s; list && (s = next_word_of(&list, &n));)
		if (n == len && memcmp(s, word, n) == 0)
			return true;
	return false;
}

bool word_list_has_case(const char *list, const char *word, size_t len)
{
	size_t n;
	for (const char *s; list && (s = next_word_of(&list, &n));)
		if (n == len && strncasecmp(s, word, n) == 0)
			return true;
	return false;
}

bool word_list_has(const char *list, const char *word)
{
	return word_list_has_n(list, word, strlen(word));
}
