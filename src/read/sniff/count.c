#include "read/sniff/parts.h"

#include "base/plural.h"

#include <string.h>
#include <strings.h>

size_t sniff_count(const struct sniffed *s, const char *word)
{
	size_t count = 0, n = strlen(word);
	for (const char *p = s->text; (p = memmem(p, (size_t)(s->end - p), word, n)) != NULL;
	     p += n)
		count++;
	return count;
}

void sniff_put_count(struct buf *what, const char *name, size_t count, const char *unit,
		     const char *units)
{
	buf_puts(what, name);
	if (unit)
		buf_printf(what, " with %zu %s", count, plural(count, unit, units));
}

bool sniff_line(const char **p, const char *end, const char **line, size_t *len)
{
	if (*p >= end)
		return false;
	const char *lf = memchr(*p, '\n', (size_t)(end - *p));
	*line = *p;
	*len = (size_t)((lf ? lf : end) - *p);
	*p = lf ? lf + 1 : end;
	return true;
}

bool sniff_is_listed(const char *list, const char *word, size_t len)
{
	while (*list) {
		size_t n = strcspn(list, " ");
		if (n == len && strncasecmp(list, word, len) == 0)
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}
