/* Files compressed with gzip (RFC 1952). */
#ifndef BASE_GZIP_H
#define BASE_GZIP_H

#include "chapbook.h"

#include <stdbool.h>
#include <stddef.h>

bool gzip_is(const char *bytes, size_t size);

/* What was compressed: *out is malloc()ed and NUL-terminated beyond *out_size. More than `limit`
 * bytes is CHAPBOOK_E_LIMIT; broken or cut short is CHAPBOOK_E_INPUT. */
int gzip_read(const char *bytes, size_t size, size_t limit, char **out, size_t *out_size,
	      struct chapbook_error *err);

#endif
