/* Finding bytes in bytes. */
#ifndef BASE_FIND_H
#define BASE_FIND_H

#include <stddef.h>

/* memmem() for a mark that begins with a rare byte ("[^", ":::"): several times faster, because
 * glibc's memmem() reads every byte by itself. `mark` is not empty. NULL: it is not there. */
const char *find_mark(const char *s, size_t len, const char *mark);

#endif
