#include "base/memory_limit.h"

#include "base/error.h"

static _Thread_local struct memory_limit *current;

void memory_limit_begin(struct memory_limit *limit, size_t max)
{
	static atomic_size_t last;
	*limit = (struct memory_limit){.max = max, .number = atomic_fetch_add(&last, 1) + 1};
	current = limit;
}

void memory_limit_end(void)
{
	current = NULL;
}

struct memory_limit *memory_limit_current(void)
{
	return current;
}

void memory_limit_join(struct memory_limit *limit)
{
	current = limit;
}

bool memory_limit_take(size_t size, size_t *owner)
{
	*owner = 0;
	if (!current || current->max == 0)
		return true;
	size_t used = atomic_fetch_add(&current->used, size);
	if (used <= current->max && size <= current->max - used) {
		*owner = current->number;
		return true;
	}
	atomic_fetch_sub(&current->used, size);
	atomic_store(&current->reached, true);
	return false;
}

void memory_limit_give(size_t size, size_t owner)
{
	if (current && owner == current->number)
		atomic_fetch_sub(&current->used, size);
}

void memory_limit_explain(const char *name, struct chapbook_error *err)
{
	if (!current || !atomic_exchange(&current->reached, false) || !err ||
	    err->code != CHAPBOOK_E_MEMORY)
		return;
	*err = (struct chapbook_error){0};
	error_set(err, CHAPBOOK_E_LIMIT,
		  "%s: needs more than %zu MB of memory; use a larger --limit-memory", name,
		  current->max / 1000000);
}
