/* Work in a child process in the sandbox, and the parent, outside of it, that writes the child's
 * files. They talk over a pair of sockets: each request is one message and has one answer. The
 * bytes of a file come in an unnamed file in memory (memfd), which the child cannot shorten any
 * more. */
#include "base/sandbox.h"

#include "base/error.h"
#include "base/file.h"
#include "base/sanitised.h"
#include "job/grant.h"
#include "job/group.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct request {
	enum {
		REQUEST_WRITE,
		REQUEST_WRITE_NEW,
		REQUEST_MKDIRS,
		REQUEST_OPEN,
		REQUEST_OPEN_BELOW,
		REQUEST_SET_NOTE,
		REQUEST_TELL
	} kind;
	/* A string; of REQUEST_OPEN_BELOW and REQUEST_SET_NOTE two; of REQUEST_TELL bytes. */
	char path[4 * PATH_MAX];
};

struct answer {
	int result, error; /* errno */
	bool taken;        /* of file_write_new() */
	struct chapbook_error err;
};

/* One message, with a file descriptor unless it is -1. EINTR is tried again. */
static bool send_message(int channel, const void *bytes, size_t size, int fd)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec part = {(void *)bytes, size};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	if (fd >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof control;
		struct cmsghdr *c = CMSG_FIRSTHDR(&message);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(c), &fd, sizeof fd);
	}
	ssize_t n;
	do
		n = sendmsg(channel, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)size;
}

/* Returns the bytes of the message; 0 at the end, -1 after an error. *fd is -1 where none came. */
static ssize_t receive_message(int channel, void *bytes, size_t size, int *fd)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = {bytes, size};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof control};
	ssize_t n;
	*fd = -1;
	do
		n = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof *fd))
		memcpy(fd, CMSG_DATA(c), sizeof *fd);
	return n;
}

/* --- The child's side --- */

static struct {
	pthread_mutex_t lock;
	int channel;
} child = {PTHREAD_MUTEX_INITIALIZER, -1};

/* Returns -1 where the parent is gone or a path is too long; errno says which. `name` is the second
 * string, or NULL; *fd comes from the parent. */
static int ask(int kind, const char *path, const char *name, int with_fd, struct answer *answer,
	       int *fd)
{
	struct request request = {.kind = kind};
	size_t len = strlen(path) + 1, more = name ? strlen(name) + 1 : 0;
	bool done = false;
	*fd = -1;
	if (len > PATH_MAX || more > PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(request.path, path, len);
	if (name)
		memcpy(request.path + len, name, more);
	pthread_mutex_lock(&child.lock);
	if (send_message(child.channel, &request, offsetof(struct request, path) + len + more,
			 with_fd))
		done = receive_message(child.channel, answer, sizeof *answer, fd) == sizeof *answer;
	pthread_mutex_unlock(&child.lock);
	errno = done ? answer->error : EPIPE;
	return done ? 0 : -1;
}

/* `taken` may be NULL. */
static int ask_for(int kind, const char *path, int with_fd, bool *taken, struct chapbook_error *err)
{
	struct answer answer;
	int fd;
	if (ask(kind, path, NULL, with_fd, &answer, &fd) != 0)
		return error_sys(err, "%s", path);
	if (taken)
		*taken = answer.taken;
	if (fd >= 0)
		close(fd);
	if (answer.result != 0 && err && err->code == CHAPBOOK_OK)
		*err = answer.err;
	errno = answer.error;
	return answer.result;
}

static int send_file(int kind, const char *path, const void *bytes, size_t size, bool *taken,
		     struct chapbook_error *err)
{
	int fd = memfd_create("book", MFD_CLOEXEC | MFD_ALLOW_SEALING), rc = -1;
	if (fd < 0)
		return error_sys(err, "%s", path);
	if (file_write_fd(fd, path, bytes, size, err) == 0) {
		if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0)
			error_sys(err, "%s", path);
		else
			rc = ask_for(kind, path, fd, taken, err);
	}
	close(fd);
	return rc;
}

static int ask_write(const char *path, const void *bytes, size_t size, struct chapbook_error *err)
{
	return send_file(REQUEST_WRITE, path, bytes, size, NULL, err);
}

static int ask_write_new(const char *path, const void *bytes, size_t size, bool *taken,
			 struct chapbook_error *err)
{
	return send_file(REQUEST_WRITE_NEW, path, bytes, size, taken, err);
}

static int ask_mkdirs(const char *path, struct chapbook_error *err)
{
	return ask_for(REQUEST_MKDIRS, path, -1, NULL, err);
}

static int ask_open(const char *path)
{
	struct answer answer;
	int fd;
	ask(REQUEST_OPEN, path, NULL, -1, &answer, &fd);
	return fd;
}

static int ask_open_below(const char *folder, const char *name)
{
	struct answer answer;
	int fd;
	ask(REQUEST_OPEN_BELOW, folder, name, -1, &answer, &fd);
	return fd;
}

static void ask_set_note(const char *path, const char *text)
{
	struct answer answer;
	int fd;
	ask(REQUEST_SET_NOTE, path, text, -1, &answer, &fd);
}

int chapbook_tell(const void *bytes, size_t size)
{
	struct request request = {.kind = REQUEST_TELL};
	struct answer answer;
	int fd;
	bool done = false;
	if (child.channel < 0 || size > sizeof request.path)
		return -1;
	memcpy(request.path, bytes, size);
	pthread_mutex_lock(&child.lock);
	if (send_message(child.channel, &request, offsetof(struct request, path) + size, -1))
		done = receive_message(child.channel, &answer, sizeof answer, &fd) == sizeof answer;
	pthread_mutex_unlock(&child.lock);
	return done ? answer.result : -1;
}

static const struct file_broker asking = {ask_write,      ask_mkdirs,    ask_open,
					  ask_open_below, ask_write_new, ask_set_note};

/* --- The parent's side --- */

struct server {
	const struct chapbook_access *access;
	int channel;
	struct group group;
	size_t told; /* messages since the last group */
};

static void report_saved(const struct server *s, const struct chapbook_error *err)
{
	const struct chapbook_watch *watch = s->access->watch;
	if (watch && watch->saved)
		watch->saved(watch->ctx, err);
}

/* Give the books that are waiting their names. */
static int save_group(struct server *s, struct chapbook_error *err)
{
	struct chapbook_error why = {0};
	int rc = group_place(&s->group, &why);
	s->told = 0;
	report_saved(s, rc == 0 ? NULL : &why);
	return rc == 0 ? 0 : error_set(err, why.code, "%s", why.message);
}

/* `taken`: as for file_write_new(); NULL: the file may be replaced. */
static int write_bytes(struct server *s, const char *path, const void *bytes, size_t size,
		       bool *taken, struct chapbook_error *err)
{
	bool is_special = false;
	if (!s->access->watch || !grant_is_book_name(s->access, path))
		return taken ? file_write_new(path, bytes, size, taken, err)
			     : file_write(path, bytes, size, err);
	/* One of this group may be replaced by another one. */
	if (group_is_due(&s->group) || (!taken && group_find(&s->group, path)))
		if (save_group(s, err) != 0)
			return -1;
	if (!taken && file_may_replace(path, &is_special, err) != 0)
		return -1;
	return is_special ? file_write(path, bytes, size, err)
			  : group_add(&s->group, path, bytes, size, taken, err);
}

static int write_from(struct server *s, int fd, const char *path, bool *taken,
		      struct chapbook_error *err)
{
	struct stat st;
	int seals = fcntl(fd, F_GET_SEALS);
	if (fd < 0 || fstat(fd, &st) != 0 || seals < 0 || !(seals & F_SEAL_SHRINK))
		return error_set(err, CHAPBOOK_E_INTERNAL, "%s: not the file that was requested",
				 path);
	size_t size = (size_t)st.st_size;
	if (size == 0)
		return write_bytes(s, path, "", 0, NULL, err);
	void *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (bytes == MAP_FAILED)
		return error_sys(err, "%s", path);
	int rc = write_bytes(s, path, bytes, size, taken, err);
	munmap(bytes, size);
	return rc;
}

/* Only on EPUB files that the child may replace. */
static void set_note(const struct server *s, const char *path, const char *text)
{
	const struct group_file *waiting = group_find(&s->group, path);
	int fd = waiting ? waiting->draft.fd : grant_open_book(s->access, path);
	if (fd < 0)
		return;
	char name[64];
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	file_set_note(name, text);
	if (!waiting)
		close(fd);
}

static int open_for(struct server *s, const char *path)
{
	if (group_find(&s->group, path))
		save_group(s, NULL);
	return grant_open(s->access, path);
}

/* Do what the message of `size` bytes asks for. *fd: a descriptor for the child, or -1. */
static void do_request(struct server *s, const struct request *request, size_t size, int with_fd,
		       struct answer *answer, int *fd)
{
	const struct chapbook_access *access = s->access;
	const char *path = request->path, *end = (const char *)request + size;
	const char *name =
		size > offsetof(struct request, path) && !end[-1] ? path + strlen(path) + 1 : NULL;
	struct chapbook_error *err = &answer->err;
	errno = EACCES;
	s->told += request->kind == REQUEST_TELL;
	if (size > offsetof(struct request, path) && request->kind == REQUEST_TELL)
		answer->result = access->watch && access->watch->told
					 ? access->watch->told(access->watch->ctx, path,
							       (size_t)(end - path))
					 : -1;
	else if (!name)
		error_sys(err, "not a request");
	else if (request->kind == REQUEST_WRITE && grant_write(access, path, false, err) == 0)
		answer->result = write_from(s, with_fd, path, NULL, err);
	else if (request->kind == REQUEST_WRITE_NEW && grant_write(access, path, true, err) == 0)
		answer->result = write_from(s, with_fd, path, &answer->taken, err);
	else if (request->kind == REQUEST_MKDIRS)
		answer->result = grant_make_folder(access, path) ? file_mkdirs(path, err)
								 : error_sys(err, "%s", path);
	else if (request->kind == REQUEST_OPEN)
		*fd = open_for(s, path);
	else if (request->kind == REQUEST_OPEN_BELOW && name < end)
		*fd = grant_open_below(access, path, name);
	else if (request->kind == REQUEST_SET_NOTE && name < end)
		set_note(s, path, name);
	answer->error = errno;
}

/* Whether a message waits. Meanwhile the books get their names, and the caller looks after the
 * work; *end: which is to be ended. */
static bool wait_for_message(struct server *s, bool *end)
{
	enum { IDLE = 50, TICK = 100 /* ms */ };
	const struct chapbook_watch *watch = s->access->watch;
	struct pollfd channel = {s->channel, POLLIN, 0};
	for (;;) {
		int n = poll(&channel, 1, !watch ? -1 : s->group.count ? IDLE : TICK);
		if (watch && (n == 0 ? s->group.count > 0 || s->told > 0
				     : group_is_due(&s->group) || s->told >= 2 * GROUP_MAX))
			save_group(s, NULL);
		if (watch && watch->tick && watch->tick(watch->ctx)) {
			*end = true;
			return false;
		}
		if (n > 0 || (n < 0 && errno != EINTR))
			return true;
	}
}

/* Returns whether the child is to be ended. */
static bool serve(struct server *s)
{
	struct request request;
	int with_fd;
	bool end = false;
	while (wait_for_message(s, &end)) {
		ssize_t n = receive_message(s->channel, &request, sizeof request, &with_fd);
		if (n <= 0)
			break;
		struct answer answer = {.result = -1};
		int fd = -1;
		do_request(s, &request, (size_t)n, with_fd, &answer, &fd);
		bool sent = send_message(s->channel, &answer, sizeof answer, fd);
		if (fd >= 0)
			close(fd);
		if (with_fd >= 0)
			close(with_fd);
		if (!sent)
			break;
	}
	return end;
}

/* The end of the child's process is its outcome; a person who ends it means this one, too. */
static void wait_for(pid_t process, struct chapbook_outcome *outcome)
{
	int status = 0;
	while (waitpid(process, &status, 0) < 0 && errno == EINTR)
		;
	*outcome = (struct chapbook_outcome){0};
	if (WIFEXITED(status)) {
		outcome->value = WEXITSTATUS(status);
		return;
	}
	outcome->signal = WTERMSIG(status);
	if (outcome->signal == SIGINT || outcome->signal == SIGTERM || outcome->signal == SIGHUP ||
	    outcome->signal == SIGQUIT) {
		signal(outcome->signal, SIG_DFL);
		kill(getpid(), outcome->signal);
	}
}

/* Lower a limit; the caller's own may be lower already. */
static void lower_limit(int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit limit;
	if (getrlimit((__rlimit_resource_t)resource, &limit) != 0)
		return;
	if (limit.rlim_max > hard)
		limit.rlim_max = hard;
	if (limit.rlim_cur > soft)
		limit.rlim_cur = soft;
	setrlimit((__rlimit_resource_t)resource, &limit);
}

/* What is beyond the limits fails: an allocation, or the process by a signal. */
void chapbook_limit(const struct chapbook_access *access)
{
#ifndef SANITIZED
	if (access->memory)
		lower_limit(RLIMIT_DATA, access->memory, access->memory);
#endif
	if (access->cpu || access->cpu_max)
		lower_limit(RLIMIT_CPU, access->cpu ? access->cpu : RLIM_INFINITY,
			    access->cpu_max ? access->cpu_max : RLIM_INFINITY);
}

/* Never returns. */
static void be_child(const struct chapbook_access *access, int channel, pid_t parent,
		     int (*work)(void *ctx, int held), void *ctx)
{
	int held = 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent) /* it has ended before that */
		_exit(EXIT_FAILURE);
	chapbook_limit(access);
	if (!access->open)
		held = sandbox_enter(access->read, access->write, access->network, channel);
	child.channel = channel;
	/* Books that are written in groups are written by the parent. */
	if ((held & CHAPBOOK_SANDBOX_FILES) || (access->watch && access->books))
		file_set_broker(&asking);
	exit(work(ctx, held));
}

int chapbook_run(const struct chapbook_access *access, int (*work)(void *ctx, int held), void *ctx,
		 struct chapbook_outcome *outcome, struct chapbook_error *err)
{
	int ends[2];
	pid_t parent = getpid();
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return error_sys(err, "no process can be started");
	pid_t process = fork();
	if (process < 0) {
		error_sys(err, "no process can be started");
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	if (process == 0) {
		close(ends[0]);
		be_child(access, ends[1], parent, work, ctx);
	}
	close(ends[1]);
	struct server server = {.access = access, .channel = ends[0]};
	group_init(&server.group);
	if (serve(&server))
		kill(process, SIGKILL);
	close(ends[0]);
	save_group(&server, NULL);
	wait_for(process, outcome);
	return 0;
}
