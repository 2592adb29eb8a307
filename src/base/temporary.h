/* Files and folders that are not whole yet: hidden, beside what they are to become, until they are
 * renamed. Each is locked (flock(2)) by its process, and the lock ends with the process: one
 * without a lock was left by a process that was killed. */
#ifndef BASE_TEMPORARY_H
#define BASE_TEMPORARY_H

#include <stddef.h>

/* Room for a name behind the name of its folder. */
enum { MAX_TEMPORARY_NAME = 40 };

/* Remove what killed processes of this user left in the folder. Other files are not touched. */
void temporary_clean(const char *folder);

/* Give the unnamed file `fd` (O_TMPFILE) the name `path`, which must be free. 0, or -1 with errno
 * set. */
int temporary_link(int fd, const char *path);

/* Give the unnamed file `fd`, or where it is -1 a new file, a name in the folder.
 * `path` has room for the folder and MAX_TEMPORARY_NAME bytes. Returns the descriptor, open for
 * writing, or -1 with errno set. */
int temporary_file(int fd, const char *folder, char *path);

#endif
