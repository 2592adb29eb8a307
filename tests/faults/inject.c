/* A fault injector, to be put before a program with LD_PRELOAD.
 *
 *   INJECT=CALL:N:ERRNO    the Nth call of CALL fails with ERRNO (a number); all others work
 *   INJECT=CALL:N+:ERRNO   the Nth and every later one fail: a disk that is full from then on
 *   INJECT=CALL:short      reads and writes take only some of the bytes; every third one is EINTR
 *   INJECT=CALL:N:signalS  the Nth call of the first process gives it the signal S
 *   INJECT_REPORT=FILE     at the end, the number of calls of CALL is written there
 *
 * Child processes count on where their parents are.
 *
 * CALL: malloc (with calloc, realloc, aligned ones; ERRNO is ENOMEM whatever is said), open (with
 * openat), read, write, fsync (with fdatasync, syncfs), rename, link, mkdir, thread
 * (pthread_create), fork; "any": all of these but malloc and read, in the first process. Counting
 * begins when the program's own code begins. Calls that the C library makes inside itself (stdio)
 * are not seen, so that messages still get out. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc's own allocator, under the names it keeps for interposers. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

enum call { MALLOC, OPEN, READ, WRITE, FSYNC, RENAME, LINK, MKDIR, THREAD, FORK, ANY, CALL_COUNT };

static const char *const call_names[CALL_COUNT] = {
	[MALLOC] = "malloc", [OPEN] = "open",     [READ] = "read", [WRITE] = "write",
	[FSYNC] = "fsync",   [RENAME] = "rename", [LINK] = "link", [MKDIR] = "mkdir",
	[THREAD] = "thread", [FORK] = "fork",     [ANY] = "any",
};

static enum call wanted = CALL_COUNT;
static long nth;
static int error_number;
static bool ever_after, cut_short;
static int signal_number; /* 0: none */
static pid_t first_process;
static atomic_long *calls; /* in memory that processes share */

static bool fails(enum call call)
{
	if (call != wanted && (wanted != ANY || call == MALLOC || call == READ))
		return false;
	if (wanted == ANY && getpid() != first_process)
		return false;
	long n = atomic_fetch_add(calls, 1) + 1;
	if (nth == 0 || (ever_after ? n < nth : n != nth))
		return false;
	if (signal_number) {
		kill(first_process, signal_number);
		return false;
	}
	errno = error_number;
	return true;
}

__attribute__((constructor)) static void inject_start(void)
{
	const char *spec = getenv("INJECT");
	first_process = getpid();
	calls = mmap(NULL, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (!spec || calls == MAP_FAILED)
		return;
	enum call call = 0;
	size_t len = strcspn(spec, ":");
	while (call < CALL_COUNT &&
	       (strlen(call_names[call]) != len || strncmp(spec, call_names[call], len) != 0))
		call++;
	if (call == CALL_COUNT || spec[len] != ':') {
		fprintf(stderr, "inject: what is %s?\n", spec);
		_exit(70);
	}
	spec += len + 1;
	if (strcmp(spec, "short") == 0) {
		cut_short = true;
	} else {
		char *end = NULL;
		nth = strtol(spec, &end, 10);
		ever_after = *end == '+';
		end += ever_after;
		error_number = *end == ':' ? atoi(end + 1) : EIO;
		if (strncmp(end, ":signal", 7) == 0)
			signal_number = atoi(end + 7);
	}
	if (call == MALLOC)
		error_number = ENOMEM;
	if (call == THREAD || call == FORK)
		error_number = EAGAIN;
	wanted = call;
}

__attribute__((destructor)) static void inject_end(void)
{
	long n = atomic_load(calls);
	wanted = CALL_COUNT;
	const char *report = getenv("INJECT_REPORT");
	if (!report)
		return;
	char text[32];
	int len = snprintf(text, sizeof text, "%ld\n", n);
	int fd = (int)syscall(SYS_openat, AT_FDCWD, report, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd >= 0) {
		syscall(SYS_write, fd, text, (size_t)len);
		syscall(SYS_close, fd);
	}
}

/* Of a read or write: -1 to fail it, else how many bytes it may take. */
static ssize_t shortened(enum call call, size_t size)
{
	if (call != wanted || !cut_short)
		return (ssize_t)size;
	long n = atomic_fetch_add(calls, 1) + 1;
	if (n % 3 == 0) {
		errno = EINTR;
		return -1;
	}
	return (ssize_t)(size > 1 ? size / 2 : size);
}

void *malloc(size_t size)
{
	return fails(MALLOC) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails(MALLOC) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails(MALLOC) ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return fails(MALLOC) ? NULL : __libc_memalign(align, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
	if (fails(MALLOC))
		return ENOMEM;
	*out = __libc_memalign(align, size);
	return *out ? 0 : ENOMEM;
}

static int open_at(int dir, const char *path, int flags, va_list ap)
{
	int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, int) : 0;
	if (fails(OPEN))
		return -1;
	return (int)syscall(SYS_openat, dir, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list ap;
	va_start(ap, flags);
	int fd = open_at(AT_FDCWD, path, flags, ap);
	va_end(ap);
	return fd;
}

int open64(const char *path, int flags, ...)
{
	va_list ap;
	va_start(ap, flags);
	int fd = open_at(AT_FDCWD, path, flags, ap);
	va_end(ap);
	return fd;
}

int openat(int dir, const char *path, int flags, ...)
{
	va_list ap;
	va_start(ap, flags);
	int fd = open_at(dir, path, flags, ap);
	va_end(ap);
	return fd;
}

ssize_t read(int fd, void *bytes, size_t size)
{
	ssize_t take = shortened(READ, size);
	if (take < 0 || (!cut_short && fails(READ)))
		return -1;
	return syscall(SYS_read, fd, bytes, (size_t)take);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	ssize_t take = shortened(WRITE, size);
	if (take < 0 || (!cut_short && fails(WRITE)))
		return -1;
	return syscall(SYS_write, fd, bytes, (size_t)take);
}

int fsync(int fd)
{
	return fails(FSYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return fails(FSYNC) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int syncfs(int fd)
{
	return fails(FSYNC) ? -1 : (int)syscall(SYS_syncfs, fd);
}

int rename(const char *from, const char *to)
{
	return fails(RENAME) ? -1 : (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return fails(RENAME) ? -1 : (int)syscall(SYS_renameat, from_dir, from, to_dir, to);
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return fails(RENAME) ? -1 : (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

int link(const char *from, const char *to)
{
	return fails(LINK) ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	return fails(LINK) ? -1 : (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
}

int mkdir(const char *path, mode_t mode)
{
	return fails(MKDIR) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg)
{
	static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
	if (fails(THREAD))
		return EAGAIN;
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
	return real(thread, attr, start, arg);
}

pid_t fork(void)
{
	static pid_t (*real)(void);
	if (fails(FORK))
		return -1;
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "fork");
	return real();
}
