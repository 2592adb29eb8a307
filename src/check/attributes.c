#include "check/content.h"

#include <string.h>
#include <strings.h>

bool attr_is(const struct attrs *at, enum attr a, const char *value)
{
	return at->value[a] && at->len[a] == strlen(value) &&
	       strncasecmp(at->value[a], value, at->len[a]) == 0;
}

bool attr_word(const struct attrs *at, enum attr a, const char *word)
{
	const char *s = at->value[a];
	size_t len = at->len[a], n = strlen(word);
	for (size_t i = 0; s && i < len;) {
		size_t start = i;
		while (i < len && (unsigned char)s[i] > ' ')
			i++;
		if (i - start == n && memcmp(s + start, word, n) == 0)
			return true;
		i++;
	}
	return false;
}

int content_line(const struct content *c)
{
	return c->job->ctxt->input ? c->job->ctxt->input->line : 0;
}
