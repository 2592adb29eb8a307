#include "base/pool.h"

#include "base/memory_limit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct pool {
	atomic_size_t next;
	size_t count;
	void (*fn)(void *ctx, size_t i);
	void *ctx;
	struct memory_limit *limit; /* of the thread that waits */
};

static void *pool_work(void *arg)
{
	struct pool *pool = arg;
	memory_limit_join(pool->limit);
	for (;;) {
		size_t i = atomic_fetch_add(&pool->next, 1);
		if (i >= pool->count)
			return NULL;
		pool->fn(pool->ctx, i);
	}
}

void pool_run(size_t count, unsigned threads, void (*fn)(void *ctx, size_t i), void *ctx)
{
	enum { MAX_POOL_THREADS = 64 };
	struct pool pool = {
		.next = 0, .count = count, .fn = fn, .ctx = ctx, .limit = memory_limit_current()};
	if (threads == 0) {
		long cores = sysconf(_SC_NPROCESSORS_ONLN);
		threads = cores > 1 ? (unsigned)cores : 1;
	}
	if (threads > MAX_POOL_THREADS)
		threads = MAX_POOL_THREADS;
	if (threads > count)
		threads = (unsigned)count;
	pthread_t others[MAX_POOL_THREADS];
	unsigned started = 0;
	while (started + 1 < threads &&
	       pthread_create(&others[started], NULL, pool_work, &pool) == 0)
		started++;
	pool_work(&pool);
	for (unsigned i = 0; i < started; i++)
		pthread_join(others[i], NULL);
}
