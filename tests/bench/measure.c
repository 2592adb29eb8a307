/* Runs commands in turn, many times, and prints what each run cost: measure ROUNDS < COMMANDS
 *
 * COMMANDS: one a line, arguments separated by tabs. All run once to warm up, then ROUNDS times,
 * interleaved, so that whatever else the machine does falls on all alike. Output, one line a run:
 * number of the command (from 0), CPU microseconds (user and system), wall microseconds, peak KB.
 * Of a line that begins with the argument "!", which prepares what comes next, nothing is printed.
 *
 * In C, because a process's peak memory starts at that of the one that started it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { COMMANDS = 32, ARGS = 4096 };

extern char **environ;

static long long now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static long long us(struct timeval t)
{
	return t.tv_sec * 1000000LL + t.tv_usec;
}

/* Run once; prints nothing when `number` is negative. Returns false when it failed. */
static int run(int number, char **argv)
{
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	long long start = now_us();
	pid_t pid;
	int rc = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (rc != 0) {
		fprintf(stderr, "measure: %s: %s\n", argv[0], strerror(rc));
		return 0;
	}
	int status;
	struct rusage usage;
	while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
		;
	long long wall = now_us() - start;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "measure: %s: status %d\n", argv[0], status);
		return 0;
	}
	if (number >= 0)
		printf("%d\t%lld\t%lld\t%ld\n", number, us(usage.ru_utime) + us(usage.ru_stime),
		       wall, usage.ru_maxrss);
	return 1;
}

static int run_line(int round, int i, char **argv)
{
	int prepares = strcmp(argv[0], "!") == 0;
	return run(round < 0 || prepares ? -1 : i, argv + prepares);
}

int main(int argc, char **argv)
{
	static char *commands[COMMANDS][ARGS];
	int count = 0, rounds = argc > 1 ? atoi(argv[1]) : 1;
	char *line = NULL;
	size_t cap = 0;
	while (count < COMMANDS && getline(&line, &cap, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		int n = 0;
		for (char *word = strtok(line, "\t"); word && n < ARGS - 1;
		     word = strtok(NULL, "\t"))
			commands[count][n++] = word;
		count += n > 0;
		line = NULL;
		cap = 0;
	}
	for (int round = -1; round < rounds; round++)
		for (int i = 0; i < count; i++)
			if (!run_line(round, i, commands[i]))
				return 1;
	return 0;
}
