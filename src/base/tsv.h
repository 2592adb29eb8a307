/* Reading the tables (.tsv) of assets/, which are built into the program: a row a line, cells
 * separated by tabs, "#" at the start of a line makes it a comment. Nothing is copied. */
#ifndef BASE_TSV_H
#define BASE_TSV_H

#include <stdbool.h>
#include <stddef.h>

/* A stretch of the table; not NUL-terminated. */
struct cell {
	const char *s;
	size_t len;
};

struct tsv {
	const char *p, *end;
};

/* The embedded file `name`; one that is not there is empty. */
struct tsv tsv_open(const char *name);

/* The next row's first `count` cells; those that it lacks are empty. False at the end. */
bool tsv_next(struct tsv *table, struct cell *cells, size_t count);

/* Take the first of the items in `list` that are separated by `separator`, without the spaces
 * around it; empty ones are passed over. False when there are no more. */
bool cell_item(struct cell *list, char separator, struct cell *item);

bool cell_is(const struct cell *cell, const char *text);

#endif
