/* The CPU time of inputs. The kernel sends SIGXCPU when the process has used as much as one input
 * may, and again each second; then each thread's own time tells whether its input is late. */
#include "cli/cli.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MAX_THREADS = 65 };

/* What a thread works on. */
struct slot {
	atomic_bool busy; /* the others are valid */
	clockid_t clock;
	long long start; /* nanoseconds on the clock */
	size_t item;
};

static struct {
	long long max;     /* nanoseconds */
	long long ceiling; /* of the process, by the user's own limit */
	atomic_size_t *late;
	atomic_size_t slot_count;
	bool alone;
	void (*on_late)(const void *ctx, size_t item);
	const void *ctx;
	struct slot slots[MAX_THREADS];
} watch;

static _Thread_local struct slot *own;

static long long now(clockid_t clock)
{
	struct timespec t;
	return clock_gettime(clock, &t) == 0 ? t.tv_sec * 1000000000LL + t.tv_nsec : 0;
}

/* Name the late input, and let the signal end the process; or go on. */
static void on_signal(int signal_number)
{
	bool over = now(CLOCK_PROCESS_CPUTIME_ID) >= watch.ceiling;
	for (size_t i = 0; i < MAX_THREADS && !over; i++) {
		struct slot *slot = &watch.slots[i];
		if (!atomic_load(&slot->busy) || now(slot->clock) - slot->start < watch.max)
			continue;
		if (watch.on_late)
			watch.on_late(watch.ctx, slot->item);
		atomic_store(watch.late, slot->item + 1);
		over = true;
	}
	if (over) {
		signal(signal_number, SIG_DFL);
		raise(signal_number);
	}
}

void cli_cpu_watch(unsigned seconds, unsigned ceiling, bool alone, atomic_size_t *late)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	if (seconds == 0)
		return;
	watch.max = seconds * 1000000000LL;
	watch.ceiling = ceiling * 1000000000LL;
	watch.late = late;
	watch.alone = alone;
	sigaction(SIGXCPU, &action, NULL);
}

void cli_cpu_on_late(void (*fn)(const void *ctx, size_t item), const void *ctx)
{
	watch.on_late = fn;
	watch.ctx = ctx;
}

void cli_cpu_begin(size_t item)
{
	cli_cpu_end();
	if (!own && watch.late) {
		size_t i = atomic_fetch_add(&watch.slot_count, 1);
		own = i < MAX_THREADS ? &watch.slots[i] : NULL;
	}
	if (!own)
		return;
	if (watch.alone || pthread_getcpuclockid(pthread_self(), &own->clock) != 0)
		own->clock = CLOCK_PROCESS_CPUTIME_ID;
	own->start = now(own->clock);
	own->item = item;
	atomic_store(&own->busy, true);
}

void cli_cpu_end(void)
{
	if (own)
		atomic_store(&own->busy, false);
}
