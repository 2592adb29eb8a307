#include "base/tsv.h"

#include "base/embedded.h"

#include <string.h>

struct tsv tsv_open(const char *name)
{
	const struct embedded_file *file = embedded_find(name);
	if (!file)
		return (struct tsv){"", ""};
	return (struct tsv){file->data, file->data + file->size};
}

/* What comes before `c` in p..end, or all of it; *next is past the `c`. */
static struct cell cut(const char *p, const char *end, char c, const char **next)
{
	const char *at = p < end ? memchr(p, c, (size_t)(end - p)) : NULL;
	*next = at ? at + 1 : end;
	return (struct cell){p, (size_t)((at ? at : end) - p)};
}

bool tsv_next(struct tsv *table, struct cell *cells, size_t count)
{
	while (table->p < table->end) {
		struct cell row = cut(table->p, table->end, '\n', &table->p);
		if (row.len == 0 || row.s[0] == '#')
			continue;
		const char *p = row.s, *end = row.s + row.len;
		for (size_t i = 0; i < count; i++)
			cells[i] = cut(p, end, '\t', &p);
		return true;
	}
	return false;
}

bool cell_item(struct cell *list, char separator, struct cell *item)
{
	while (list->len) {
		const char *end = list->s + list->len, *next;
		*item = cut(list->s, end, separator, &next);
		list->s = next;
		list->len = (size_t)(end - next);
		while (item->len && item->s[0] == ' ') {
			item->s++;
			item->len--;
		}
		while (item->len && item->s[item->len - 1] == ' ')
			item->len--;
		if (item->len)
			return true;
	}
	return false;
}

bool cell_is(const struct cell *cell, const char *text)
{
	return strlen(text) == cell->len && memcmp(cell->s, text, cell->len) == 0;
}
