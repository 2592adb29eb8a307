/* What a process in the sandbox may ask its parent for (struct chapbook_access). */
#ifndef JOB_GRANT_H
#define JOB_GRANT_H

#include "chapbook.h"

/* Whether it is NAME.epub right in the folder for books; no hidden file. */
bool grant_is_book_name(const struct chapbook_access *access, const char *path);
/* Whether the file may be made or, unless it is to be `fresh`, replaced. */
int grant_write(const struct chapbook_access *access, const char *path, bool fresh,
		struct chapbook_error *err);
/* Whether the folder may be made: that for books, and those that outputs are in. */
bool grant_make_folder(const struct chapbook_access *access, const char *path);
/* Open an input or an EPUB file, for reading; -1 with errno set. */
int grant_open(const struct chapbook_access *access, const char *path);
/* The same of an EPUB file; EMEDIUMTYPE for another file. */
int grant_open_book(const struct chapbook_access *access, const char *path);
/* Open a file below a folder of articles; -1 with errno set. */
int grant_open_below(const struct chapbook_access *access, const char *folder, const char *name);

#endif
