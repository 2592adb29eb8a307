/* What the files of the cache share. */
#ifndef FETCH_CACHE_PARTS_H
#define FETCH_CACHE_PARTS_H

#include "fetch/cache.h"

/* Remove what was used longest ago from DIR until what is left takes no more than `max` bytes, and
 * what writers that were killed have left. Returns what it takes then. */
size_t cache_trim(const char *dir, size_t max);

/* Names of files that are being written begin so. */
#define CACHE_TEMP ".writing-"

#endif
