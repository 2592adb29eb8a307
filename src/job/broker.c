/* Work in a child process in the sandbox, and the parent, outside of it, that writes the child's
 * files. They talk over a pair of sockets: each request is one message and has one answer. The
 * bytes of a file come in an unnamed file in memory (memfd), which the child cannot shorten any
 * more. */
#include "base/sandbox.h"

#include "base/below.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sanitised.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
		REQUEST_SET_NOTE
	} kind;
	char path[2 * PATH_MAX]; /* of the last two kinds two strings, else one */
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

static const struct file_broker asking = {ask_write,      ask_mkdirs,    ask_open,
					  ask_open_below, ask_write_new, ask_set_note};

/* --- What the parent grants --- */

static int compare_path(const void *path, const void *item)
{
	return strcmp(path, *(const char *const *)item);
}

static bool is_listed(const char *const *list, size_t count, const char *path)
{
	return count && bsearch(path, list, count, sizeof *list, compare_path);
}

static bool is_output(const struct chapbook_access *access, const char *path)
{
	return is_listed(access->outputs, access->output_count, path);
}

/* Without slashes at its end; "." for "". malloc()ed, or NULL. */
static char *folder_name(const char *path)
{
	size_t len = strlen(path);
	while (len > 1 && path[len - 1] == '/')
		len--;
	return len ? strndup(path, len) : strdup(".");
}

static bool same_folder(const char *a, const char *b)
{
	char *x = folder_name(a), *y = folder_name(b);
	bool same = x && y && strcmp(x, y) == 0;
	free(x);
	free(y);
	return same;
}

/* Whether it is NAME.epub right in the folder for books; no hidden file. */
static bool is_book_name(const struct chapbook_access *access, const char *path)
{
	static const char ending[] = ".epub";
	const char *name = file_basename(path);
	size_t len = strlen(name), n = sizeof ending - 1;
	if (!access->books || *name == '.' || len <= n || strcmp(name + len - n, ending) != 0)
		return false;
	char *folder = file_dirname(path);
	bool right = folder && same_folder(folder, access->books);
	free(folder);
	return right;
}

/* OCF 3.3, "OCF ZIP container media type identification". */
static bool holds_epub(int fd)
{
	static const char type[] = "mimetypeapplication/epub+zip";
	char start[30 + sizeof type - 1];
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       pread(fd, start, sizeof start, 0) == (ssize_t)sizeof start &&
	       memcmp(start, "PK\3\4", 4) == 0 && memcmp(start + 30, type, sizeof type - 1) == 0;
}

/* Open an EPUB file that the child may read; -1 with errno set: EMEDIUMTYPE for another file. */
static int open_book(const struct chapbook_access *access, const char *path)
{
	if (!is_output(access, path) && !is_book_name(access, path)) {
		errno = EACCES;
		return -1;
	}
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0 && !holds_epub(fd)) {
		close(fd);
		fd = -1;
		errno = EMEDIUMTYPE;
	}
	return fd;
}

static int open_granted(const struct chapbook_access *access, const char *path)
{
	return is_listed(access->inputs, access->input_count, path)
		       ? open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC)
		       : open_book(access, path);
}

/* Whether a file is hidden in the home folder, where programs keep keys, while the folder of the
 * article is not: the article names it by no accident. */
static bool is_hidden_at_home(int fd, const char *folder)
{
	const char *name = getenv("HOME");
	char *home = name && *name ? realpath(name, NULL) : NULL;
	char link[64], path[PATH_MAX];
	size_t len = home ? strlen(home) : 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof path - 1);
	path[n > 0 ? n : 0] = '\0';
	bool hidden = len && strncmp(path, home, len) == 0 && strncmp(path + len, "/.", 2) == 0 &&
		      !(strncmp(folder, home, len) == 0 && strncmp(folder + len, "/.", 2) == 0);
	free(home);
	return hidden;
}

/* Open a file below a folder of articles; -1 with errno set. */
static int open_below(const struct chapbook_access *access, const char *folder, const char *name)
{
	char *real = realpath(folder, NULL);
	int fd = -1, error = EACCES;
	if (real && is_listed(access->folders, access->folder_count, real)) {
		fd = below_open(real, name);
		error = errno;
	}
	if (fd >= 0 && is_hidden_at_home(fd, real)) {
		close(fd);
		fd = -1;
		error = EACCES;
	}
	free(real);
	errno = error;
	return fd;
}

/* Whether the file may be made or, unless it is to be `fresh`, replaced. */
static int grant_write(const struct chapbook_access *access, const char *path, bool fresh,
		       struct chapbook_error *err)
{
	if (is_output(access, path))
		return 0;
	errno = EACCES;
	if (!is_book_name(access, path))
		return error_sys(err, "%s", path);
	struct stat st;
	if (fresh || (lstat(path, &st) != 0 && errno == ENOENT))
		return 0;
	int fd = open_book(access, path);
	if (fd < 0)
		return error_set(err, CHAPBOOK_E_IO,
				 "%s: exists and is not an EPUB file; it is not replaced", path);
	close(fd);
	return 0;
}

/* The folder for books, and those that outputs are in. */
static bool may_make_folder(const struct chapbook_access *access, const char *path)
{
	if (access->books && same_folder(path, access->books))
		return true;
	for (size_t i = 0; i < access->output_count; i++) {
		char *folder = file_dirname(access->outputs[i]);
		bool same = folder && same_folder(path, folder);
		free(folder);
		if (same)
			return true;
	}
	return false;
}

/* --- The parent's side --- */

/* `taken`: as for file_write_new(); NULL: the file may be replaced. */
static int write_from(int fd, const char *path, bool *taken, struct chapbook_error *err)
{
	struct stat st;
	int seals = fcntl(fd, F_GET_SEALS);
	if (fd < 0 || fstat(fd, &st) != 0 || seals < 0 || !(seals & F_SEAL_SHRINK))
		return error_set(err, CHAPBOOK_E_INTERNAL, "%s: not what was asked for", path);
	size_t size = (size_t)st.st_size;
	if (size == 0)
		return file_write(path, "", 0, err);
	void *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (bytes == MAP_FAILED)
		return error_sys(err, "%s", path);
	int rc = taken ? file_write_new(path, bytes, size, taken, err)
		       : file_write(path, bytes, size, err);
	munmap(bytes, size);
	return rc;
}

/* Only on EPUB files that the child may replace. */
static void set_note(const struct chapbook_access *access, const char *path, const char *text)
{
	int fd = open_book(access, path);
	if (fd < 0)
		return;
	char name[64];
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	file_set_note(name, text);
	close(fd);
}

/* Do what the message of `size` bytes asks for. *fd: a descriptor for the child, or -1. */
static void do_request(const struct chapbook_access *access, const struct request *request,
		       size_t size, int with_fd, struct answer *answer, int *fd)
{
	const char *path = request->path, *end = (const char *)request + size;
	const char *name =
		size > offsetof(struct request, path) && !end[-1] ? path + strlen(path) + 1 : NULL;
	struct chapbook_error *err = &answer->err;
	errno = EACCES;
	if (!name)
		error_sys(err, "not a request");
	else if (request->kind == REQUEST_WRITE && grant_write(access, path, false, err) == 0)
		answer->result = write_from(with_fd, path, NULL, err);
	else if (request->kind == REQUEST_WRITE_NEW && grant_write(access, path, true, err) == 0)
		answer->result = write_from(with_fd, path, &answer->taken, err);
	else if (request->kind == REQUEST_MKDIRS)
		answer->result = may_make_folder(access, path) ? file_mkdirs(path, err)
							       : error_sys(err, "%s", path);
	else if (request->kind == REQUEST_OPEN)
		*fd = open_granted(access, path);
	else if (request->kind == REQUEST_OPEN_BELOW && name < end)
		*fd = open_below(access, path, name);
	else if (request->kind == REQUEST_SET_NOTE && name < end)
		set_note(access, path, name);
	answer->error = errno;
}

static void serve(const struct chapbook_access *access, int channel)
{
	struct request request;
	int with_fd;
	for (ssize_t n; (n = receive_message(channel, &request, sizeof request, &with_fd)) > 0;) {
		struct answer answer = {.result = -1};
		int fd = -1;
		do_request(access, &request, (size_t)n, with_fd, &answer, &fd);
		bool sent = send_message(channel, &answer, sizeof answer, fd);
		if (fd >= 0)
			close(fd);
		if (with_fd >= 0)
			close(with_fd);
		if (!sent)
			break;
	}
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
	if (held & CHAPBOOK_SANDBOX_FILES) {
		child.channel = channel;
		file_set_broker(&asking);
	}
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
	serve(access, ends[0]);
	close(ends[0]);
	wait_for(process, outcome);
	return 0;
}
