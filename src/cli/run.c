/* Doing the work of a command in a child process in the sandbox (chapbook_run()). When a signal
 * ends that process (a library ran out of memory, a fault), the inputs that it had not begun are
 * done by the next process, those that it had begun by one process each: the one that ends its
 * process so again is at fault, and is reported. An input that fails because memory ran out is done
 * again in a process of its own, too; one that takes too much CPU time is at fault at once. */
#include "cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* How far an input is. */
enum state {
	WAITING,
	BEGUN,
	DRAWING, /* its cover */
	SUSPECT, /* to be done alone: its process was ended, or had no memory left, while it was
		  * one of several inputs */
	DONE,
};

/* In memory that the processes share. Code that has taken over the child may write anything here:
 * the parent takes it for numbers, and for no index or size. */
struct shared {
	struct cli_counts counts;
	atomic_bool stop;      /* no item is to be begun */
	atomic_size_t late;    /* the input that took too much CPU time, + 1; 0: there is none */
	atomic_uchar states[]; /* enum state */
};

struct cli_run {
	struct shared *shared;
	atomic_uchar *states; /* in it */
	size_t item_count;
	size_t only;        /* the input to do alone, or item_count: all that wait */
	bool without_cover; /* of that one */
};

/* Whether the process does one item. */
static bool run_is_alone(const struct cli_run *run)
{
	return run->only < run->item_count || run->item_count <= 1;
}

/* The input that a thread of the child works on. */
static _Thread_local size_t current;

bool cli_run_take(struct cli_run *run, size_t item)
{
	unsigned char state = atomic_load(&run->states[item]);
	if (run->only == run->item_count ? state != WAITING : run->only != item)
		return false;
	atomic_store(&run->states[item], BEGUN);
	current = item;
	cli_cpu_begin(item);
	return true;
}

bool cli_run_postpone(struct cli_run *run, size_t item)
{
	if (run_is_alone(run))
		return false;
	atomic_store(&run->states[item], SUSPECT);
	return true;
}

void cli_run_finish(struct cli_run *run, size_t item)
{
	atomic_store(&run->states[item], DONE);
}

void cli_run_drawing(struct cli_run *run, bool drawing)
{
	if (current < run->item_count)
		atomic_store(&run->states[current], drawing ? DRAWING : BEGUN);
}

bool cli_run_is_stopped(const struct cli_run *run)
{
	return atomic_load(&run->shared->stop);
}

void cli_run_stop(struct cli_run *run)
{
	atomic_store(&run->shared->stop, true);
}

bool cli_run_without_cover(const struct cli_run *run)
{
	return run->without_cover;
}

static bool run_begin(struct cli_run *run, size_t item_count)
{
	void *memory = mmap(NULL, sizeof(struct shared) + item_count, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	*run = (struct cli_run){.shared = memory, .item_count = item_count, .only = item_count};
	run->states = run->shared->states;
	return true;
}

/* --- After a signal --- */

/* The input `item` was alone in the process that a signal ended. A cover can be left out. */
static void judge(struct cli_run *run, const struct cli_task *task, size_t item, bool drawing,
		  int signal)
{
	const char *name = task->name_of(task, item);
	if (drawing && !run->without_cover) {
		cli_reporter_print(
			task->args->reporter,
			"%s: warning: the book has no cover: the process that drew it was "
			"ended by signal %d (%s); is there enough memory? [cover-none]",
			name, signal, strsignal(signal));
		atomic_store(&run->states[item], SUSPECT);
		run->only = item;
		run->without_cover = true;
		return;
	}
	if (signal == SIGXCPU)
		cli_reporter_print(
			task->args->reporter,
			"%s: not done: it takes more than %u s of CPU time; use a larger "
			"--limit-time",
			name, task->args->cpu);
	else
		cli_reporter_print(
			task->args->reporter,
			"%s: not done: its process was ended by signal %d (%s); is there enough "
			"memory?",
			name, signal, strsignal(signal));
	if (task->many)
		cli_many_lost(task->many, item,
			      signal == SIGXCPU ? "too much CPU time" : strsignal(signal));
	atomic_store(&run->states[item], DONE);
	atomic_store(&run->shared->counts.status, CLI_NOT_CONVERTED);
}

static bool is_begun(const struct cli_run *run, size_t item)
{
	unsigned char state = atomic_load(&run->states[item]);
	return state == BEGUN || state == DRAWING;
}

/* The input that took too much CPU time; else run->item_count. */
static size_t take_late(struct cli_run *run)
{
	size_t late = atomic_exchange(&run->shared->late, 0);
	return late && late <= run->item_count && is_begun(run, late - 1) ? late - 1
									  : run->item_count;
}

/* Decide what becomes of the inputs that were begun. False: there are none; the process was ended
 * by something else. */
static bool sort_begun(struct cli_run *run, const struct cli_task *task, int signal)
{
	size_t begun = 0, last = 0, late = take_late(run);
	bool drawing = false;
	for (size_t i = 0; i < run->item_count; i++) {
		if (!is_begun(run, i))
			continue;
		if (late < run->item_count && i != late) { /* another one is at fault */
			atomic_store(&run->states[i], WAITING);
			continue;
		}
		drawing = atomic_load(&run->states[i]) == DRAWING;
		atomic_store(&run->states[i], SUSPECT);
		last = i;
		begun++;
	}
	if (begun == 1)
		judge(run, task, last, drawing, signal);
	return begun > 0;
}

/* A process that ended by itself has done all that it could, but for those that it put off. */
static void give_up(struct cli_run *run)
{
	for (size_t i = 0; i < run->item_count; i++)
		if (atomic_load(&run->states[i]) != SUSPECT)
			atomic_store(&run->states[i], DONE);
}

/* Choose what the next process does: a suspect, all that wait. False: nothing is left. */
static bool run_choose(struct cli_run *run)
{
	bool waiting = false;
	if (run->without_cover && atomic_load(&run->states[run->only]) == SUSPECT)
		return true;
	run->without_cover = false;
	for (size_t i = 0; i < run->item_count; i++) {
		unsigned char state = atomic_load(&run->states[i]);
		if (state == SUSPECT) {
			run->only = i;
			return true;
		}
		waiting = waiting || state == WAITING;
	}
	run->only = run->item_count;
	return waiting;
}

/* --- The child --- */

struct call {
	struct cli_run *run;
	const struct cli_task *task;
	unsigned seconds; /* of CPU time for an item; 0: any number */
	unsigned ceiling; /* of the process, by the user's own limit */
};

static int work(const struct call *call, int held)
{
	const struct cli_args *args = call->task->args;
	int status = cli_sandbox_report(args, held);
	if (status == CLI_DONE)
		status = call->task->work(call->task, call->run);
	cli_reporter_clear(args->reporter);
	return status;
}

static int work_in_child(void *ctx, int held)
{
	const struct call *call = ctx;
	if (call->task->many)
		cli_many_enter(call->task->many);
	cli_cpu_watch(call->seconds, call->ceiling, run_is_alone(call->run),
		      &call->run->shared->late);
	return cli_close_stdout(work(ctx, held));
}

/* In this process no other input can be done after one that is late. In a signal handler. */
static void report_late(const void *ctx, size_t item)
{
	const struct cli_task *task = ctx;
	const char *parts[] = {"chapbook: ", task->name_of(task, item),
			       ": not done, and the work ends: it takes too much CPU time; use a "
			       "larger --limit-time\n"};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (write(STDERR_FILENO, parts[i], strlen(parts[i])) < 0)
			break;
	_exit(CLI_NOT_CONVERTED);
}

/* A process that cannot be started is no reason to do nothing: the work is done in this one. Its
 * sandbox leaves more open: the folders that are read and written. */
static int work_here(const struct cli_access *access, const struct call *call,
		     const struct chapbook_access *limits)
{
	chapbook_limit(limits);
	cli_cpu_watch(call->seconds, call->ceiling, run_is_alone(call->run),
		      &call->run->shared->late);
	cli_cpu_on_late(report_late, call->task);
	const struct cli_paths *lists[] = {&access->read, &access->inputs, &access->folders};
	const char *write[] = {access->folder, access->cache, NULL};
	size_t count = 0;
	const char **read =
		calloc(lists[0]->count + lists[1]->count + lists[2]->count + 1, sizeof *read);
	int held = 0;
	for (size_t i = 0; read && i < sizeof lists / sizeof *lists; i++)
		for (size_t k = 0; k < lists[i]->count; k++)
			read[count++] = lists[i]->items[k];
	if (!access->library.open && read)
		held = chapbook_sandbox(read, write[0] ? write : write + 1,
					access->library.network);
	free(read);
	return work(call, held);
}

/* Copy a pipe to a file in memory, up to more than any input may have. */
static bool copy_pipe(int from, int to)
{
	enum { MAX_BYTES = 513 << 4 };
	static char bytes[1 << 16];
	for (size_t pieces = 0; pieces < MAX_BYTES * sizeof bytes;) {
		ssize_t n = read(from, bytes, sizeof bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		if (write(to, bytes, (size_t)n) != n)
			return false;
		pieces += (size_t)n;
	}
	return true;
}

/* Make standard input, where it is an input, one that each process can read from its start: a file,
 * not a pipe. *start becomes its place, -1: it has none. False after an error message. */
static bool keep_input(const struct cli_inputs *inputs, off_t *start)
{
	struct stat st;
	bool used = false;
	*start = -1;
	for (size_t i = 0; inputs && i < inputs->count; i++)
		used = used || strcmp(inputs->items[i].path, "-") == 0;
	if (!used)
		return true;
	*start = lseek(STDIN_FILENO, 0, SEEK_CUR);
	if (fstat(STDIN_FILENO, &st) != 0 || !S_ISFIFO(st.st_mode))
		return true;
	int fd = memfd_create("input", MFD_CLOEXEC);
	bool done = fd >= 0 && copy_pipe(STDIN_FILENO, fd) && lseek(fd, 0, SEEK_SET) == 0 &&
		    dup2(fd, STDIN_FILENO) >= 0;
	if (!done)
		cli_complain("standard input: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	*start = 0;
	return done;
}

/* `each` seconds so many times; 0: any number. */
static unsigned times(unsigned each, size_t count)
{
	return each && count < UINT_MAX / 2 / each ? (unsigned)count * each : 0;
}

/* The CPU time of what the next process does. Code that has taken over the child may handle
 * SIGXCPU: cpu_max is what all the inputs may take. */
static void limit_time(struct chapbook_access *access, struct call *call)
{
	enum { GRACE = 5 };
	const struct cli_run *run = call->run;
	const struct cli_inputs *inputs = call->task->inputs;
	struct rlimit own = {RLIM_INFINITY, RLIM_INFINITY};
	bool one_of_all = run->item_count == 1 && inputs && inputs->count > 1;
	getrlimit(RLIMIT_CPU, &own);
	call->ceiling = own.rlim_cur < UINT_MAX ? (unsigned)own.rlim_cur : UINT_MAX;
	call->seconds = times(call->task->args->cpu, one_of_all ? inputs->count : 1);
	access->cpu = call->seconds;
	access->cpu_max = times(call->seconds, run_is_alone(run) ? 1 : run->item_count);
	if (access->cpu_max)
		access->cpu_max += GRACE;
}

int cli_run(const struct cli_task *task, const struct cli_access *access, size_t item_count)
{
	struct cli_run run;
	struct call call = {.run = &run, .task = task};
	struct chapbook_outcome outcome;
	struct chapbook_error err = {0};
	int status = CLI_DONE;
	if (!run_begin(&run, item_count)) {
		cli_complain("out of memory");
		return CLI_NOT_CONVERTED;
	}
	cli_reporter_count_in(task->args->reporter, &run.shared->counts);
	off_t start;
	if (!keep_input(task->inputs, &start))
		return CLI_NOT_CONVERTED;
	do {
		if (start >= 0)
			lseek(STDIN_FILENO, start, SEEK_SET);
		struct chapbook_access granted = access->library;
		granted.memory = task->args->memory;
		if (task->many)
			granted.watch = cli_many_watch(task->many, &run);
		limit_time(&granted, &call);
		if (chapbook_run(&granted, work_in_child, &call, &outcome, &err) != 0)
			return task->needs_process ? CLI_NOT_STARTED
						   : work_here(access, &call, &granted);
		if (task->many && cli_many_is_stopped(task->many))
			break;
		if (outcome.signal && !sort_begun(&run, task, outcome.signal)) {
			cli_complain("ended by signal %d (%s); is there enough memory?",
				     outcome.signal, strsignal(outcome.signal));
			return CLI_NOT_CONVERTED;
		}
		if (!outcome.signal && outcome.value != CLI_DONE)
			status = outcome.value;
		/* Usage, or what a sanitiser found: the same for every input. */
		if (status != CLI_DONE && status != CLI_NOT_CONVERTED)
			break;
		if (!outcome.signal && run.only == run.item_count)
			give_up(&run);
		else if (!outcome.signal)
			atomic_store(&run.states[run.only], DONE);
	} while (run_choose(&run));
	if (status == CLI_DONE)
		status = atomic_load(&run.shared->counts.status);
	/* Kept until the end: the reporter counts in it. */
	return status;
}
