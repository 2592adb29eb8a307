/* Files that a text names: an article, a metadata file, a list. Such a name is not trusted; this is
 * the one place that decides whether its file is read. */
#ifndef BASE_BELOW_H
#define BASE_BELOW_H

#include "chapbook.h"

#include <stdbool.h>
#include <stddef.h>

/* Open for reading what `name` means in `folder` (NULL or "": the text may name no file). The name
 * is relative, leads below the folder as it is written, and the real path of the file, symbolic
 * links followed, is below the real path of the folder; the file is a regular one. Never blocks.
 * That the file is exchanged meanwhile does not help an attacker: the path is walked once it is
 * known, and no link is followed then. Returns a descriptor, or -1 with errno: EXDEV (not below the
 * folder), ENXIO (not a regular file), or as open(2) and realpath(3) have it. */
int below_open(const char *folder, const char *name);

/* Whether below_open() would open it. */
bool below_is_file(const char *folder, const char *name);

/* Read it. *bytes is malloc()ed and NUL-terminated beyond *size. Errors: CHAPBOOK_E_INPUT with what
 * below_why() says; CHAPBOOK_E_LIMIT, more than `limit` bytes; CHAPBOOK_E_IO; CHAPBOOK_E_MEMORY. */
int below_read(const char *folder, const char *name, size_t limit, char **bytes, size_t *size,
	       struct chapbook_error *err);

/* Why below_open() failed with the errno `error`, for messages behind the name and a colon:
 * "outside the folder of the file that names it; copy it there". */
const char *below_why(const char *folder, int error);

#endif
