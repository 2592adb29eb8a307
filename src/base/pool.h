/* Work in parallel. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>

/* For less work than on so many bytes, starting a thread costs more than it saves: pass 1 then. */
enum { POOL_WORTH = 256 * 1024 };

/* Call fn(ctx, i) for every i below `count`, in any order, on up to `threads` threads
 * (0: one a core; 1, or count below 2: in this thread alone). Returns when all are done. If
 * threads cannot be started the calling thread does the work. */
void pool_run(size_t count, unsigned threads, void (*fn)(void *ctx, size_t i), void *ctx);

#endif
