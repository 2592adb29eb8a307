/* Which book a file is, without reading all of it. */
#ifndef EPUB_IDENTITY_H
#define EPUB_IDENTITY_H

#include <stdbool.h>

struct buf;

/* Whether a file begins as OCF 3.3, "OCF ZIP container media type identification", has it.
 * False with errno set: it cannot be read; with errno 0: it is another file. */
bool epub_is_book(const char *path);

/* Append the text of the unique identifier of the EPUB at `path` (EPUB 3.3, "The package element").
 * False, with nothing appended, where it has none, is damaged, or is no EPUB. Reads the archive's
 * directory and two entries, of at most 4 MB. */
bool epub_put_identifier(struct buf *out, const char *path);

#endif
