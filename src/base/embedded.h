/* The files of templates/ and assets/ that are built into the program, byte for byte. The table
 * is generated at build time (build/embedded.c). */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *name; /* "templates/package.opf", "assets/labels.tsv" */
	const char *data; /* NUL-terminated beyond size */
	size_t size;
};

/* NULL when there is no such file. */
const struct embedded_file *embedded_find(const char *name);
/* The whole table, sorted by name. */
extern const struct embedded_file embedded_files[];
extern const size_t embedded_count;

#endif
