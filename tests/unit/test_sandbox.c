/* What chapbook_sandbox() leaves a process, and what not. */
#include "chapbook.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* must come after its headers */
#include <cmocka.h>

static char root[] = "/tmp/chapbook-sandbox-XXXXXX";

/* Do `test`, which returns the name of the step that went wrong or "", in a child in the sandbox
 * that may read root/in/page.html and write root/out. */
static void in_sandbox(int wanted, bool network, const char *(*test)(void))
{
	char wrong[128] = "";
	int ends[2], status = 0;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		const char *in[] = {"in/page.html", NULL}, *out[] = {"out/new/book.epub", NULL};
		int held = chapbook_sandbox(in, out, network);
		const char *what = (held & wanted) == wanted ? test() : "SKIP";
		_exit(write(ends[1], what, strlen(what)) < 0);
	}
	close(ends[1]);
	ssize_t n = read(ends[0], wrong, sizeof wrong - 1);
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && n >= 0);
	if (strcmp(wrong, "SKIP") == 0)
		skip();
	assert_string_equal(wrong, "");
}

/* Whether a call failed, and with that error. */
static bool refused(long result, int number)
{
	return result == -1 && errno == number;
}

static const char *try_calls_but_sockets(void)
{
	static char *const no_arguments[] = {NULL};
	if (!refused(execve("/bin/true", no_arguments, no_arguments), EPERM))
		return "execve";
	if (!refused(fork(), EPERM))
		return "fork";
	if (!refused(kill(getppid(), SIGTERM), EPERM))
		return "kill";
	if (!refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL), EPERM))
		return "ptrace";
	if (!refused(mount("none", "/mnt", "tmpfs", 0, NULL), EPERM))
		return "mount";
	if (!refused(chmod("in/page.html", 0777), EPERM))
		return "chmod";
	if (!refused(syscall(SYS_tgkill, getppid(), getppid(), SIGTERM), EPERM))
		return "tgkill of another process";
	if (!refused(fcntl(0, F_SETOWN, getppid()), EPERM))
		return "F_SETOWN";
	if (!refused(fcntl(0, F_SETSIG, SIGTERM), EPERM))
		return "F_SETSIG";
	if (!refused(fcntl(0, F_SETFL, O_ASYNC | O_NONBLOCK), EPERM))
		return "O_ASYNC";
	if (fcntl(0, F_SETFL, fcntl(0, F_GETFL)) != 0)
		return "F_SETFL without O_ASYNC";
	return "";
}

/* With network: TCP and UDP, and nothing else. */
static const char *try_network(void)
{
	static const struct {
		int family, type, protocol;
		bool allowed;
	} sockets[] = {
		{AF_INET, SOCK_STREAM, 0, true},
		{AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP, true},
		{AF_INET, SOCK_DGRAM, IPPROTO_UDP, true},
		{AF_INET6, SOCK_DGRAM, 0, true},
		{AF_INET, SOCK_RAW, IPPROTO_ICMP, false},
		{AF_INET, SOCK_DGRAM, IPPROTO_ICMP, false},
		{AF_INET6, SOCK_RAW, IPPROTO_TCP, false},
		{AF_UNIX, SOCK_STREAM, 0, false},
		{AF_UNIX, SOCK_DGRAM, 0, false},
		{AF_NETLINK, SOCK_RAW, 0, false},
		{AF_PACKET, SOCK_RAW, 0, false},
		{AF_PACKET, SOCK_DGRAM, 0, false},
		{AF_VSOCK, SOCK_STREAM, 0, false},
		{AF_ALG, SOCK_SEQPACKET, 0, false},
		{AF_BLUETOOTH, SOCK_STREAM, 0, false},
	};
	static char name[64];
	struct sockaddr_in any = {.sin_family = AF_INET};
	int pair[2], fd = -1;
	for (size_t i = 0; i < sizeof sockets / sizeof *sockets; i++) {
		errno = 0;
		fd = socket(sockets[i].family, sockets[i].type, sockets[i].protocol);
		snprintf(name, sizeof name, "socket %d %d %d", sockets[i].family, sockets[i].type,
			 sockets[i].protocol);
		/* A kernel without IPv6 has an errno of its own. */
		if (sockets[i].allowed ? errno == EPERM : !refused(fd, EPERM))
			return name;
		if (fd >= 0)
			close(fd);
	}
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (!refused(bind(fd, (struct sockaddr *)&any, sizeof any), EPERM))
		return "bind";
	if (!refused(listen(fd, 1), EPERM))
		return "listen";
	if (!refused(accept4(fd, NULL, NULL, 0), EPERM))
		return "accept";
	close(fd);
	/* A pair of datagram sockets could be connected to others. */
	if (!refused(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), EPERM))
		return "socketpair of datagrams";
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		return "socketpair";
	return fcntl(pair[0], F_SETOWN, getppid()) == 0 ? "F_SETOWN of a socket"
							: try_calls_but_sockets();
}

static const char *try_calls(void)
{
	int pair[2];
	if (!refused(socket(AF_INET, SOCK_STREAM, 0), EPERM))
		return "socket";
	if (!refused(socket(AF_UNIX, SOCK_DGRAM, 0), EPERM))
		return "unix socket";
	if (!refused(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), EPERM))
		return "socketpair";
	if (!refused(sendmsg(0, &(struct msghdr){0}, 0), EPERM))
		return "sendmsg";
	return try_calls_but_sockets();
}

static const char *try_files(void)
{
	char byte;
	int fd = open("in/page.html", O_RDONLY);
	if (fd < 0 || read(fd, &byte, 1) != 1)
		return "reading what may be read";
	close(fd);
	if (!refused(open("in/page.html", O_WRONLY), EACCES))
		return "writing what may be read";
	if (!refused(open("in/page.html", O_RDONLY | O_TRUNC), EACCES))
		return "cutting off what may be read";
	if (!refused(open("in/other", O_RDONLY), EACCES))
		return "reading the file beside it";
	if (!refused(open("in/new", O_WRONLY | O_CREAT, 0666), EACCES))
		return "a new file beside what may be read";
	if (!refused(open("secret", O_RDONLY), EACCES))
		return "reading what is above";
	if (!refused(open("/etc/passwd", O_RDONLY), EACCES))
		return "reading /etc/passwd";
	if (!refused(open("/etc/passwd", O_WRONLY), EACCES))
		return "writing /etc/passwd";
	if (mkdir("out/new", 0777) != 0)
		return "making the output's folder";
	fd = open("out/new/temporary", O_WRONLY | O_CREAT, 0666);
	if (fd < 0 || write(fd, "x", 1) != 1)
		return "writing where may be written";
	close(fd);
	if (rename("out/new/temporary", "out/new/book.epub") != 0)
		return "renaming there";
	return "";
}

static void *nothing(void *arg)
{
	return arg;
}

/* A page, in several threads, from a charset that has to be found out. */
static const char *try_library(void)
{
	static const char text[] = "<title>Proba</title><article><h1>Proba</h1><p>\xdd\xf2\xee "
				   "\xe4\xee\xe2\xee\xeb\xfc\xed\xee \xe4\xeb\xe8\xed\xed\xfb\xe9 "
				   "\xe0\xe1\xe7\xe0\xf6, \xe8 \xe2 \xed\xb8\xec "
				   "\xec\xed\xee\xe3\xee \xf1\xeb\xee\xe2, \xef\xee "
				   "\xea\xee\xf2\xee\xf0\xfb\xec \xe2\xe8\xe4\xed\xee "
				   "\xff\xe7\xfb\xea.</p></article>";
	pthread_t thread;
	struct chapbook_error err = {0};
	char *html = NULL, *json = NULL;
	if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
		return "a thread";
	struct chapbook_job *job = chapbook_job_new();
	int rc = chapbook_job_add_bytes(job, "page.html", text, sizeof text - 1, &err);
	if (rc == 0)
		rc = chapbook_job_extract(job, &html, &json, &err);
	if (rc == 0 && !strstr(html, "\xd0\xb4\xd0\xbb\xd0\xb8\xd0\xbd\xd0\xbd\xd1\x8b\xd0\xb9"))
		return "the charset";
	free(html);
	free(json);
	if (rc == 0)
		rc = chapbook_job_write_file(job, "out/new/", &err);
	chapbook_job_free(job);
	return rc == 0 ? "" : "a book";
}

static void test_calls(void **state)
{
	(void)state;
	in_sandbox(CHAPBOOK_SANDBOX_CALLS, false, try_calls);
}

static void test_network(void **state)
{
	(void)state;
	in_sandbox(CHAPBOOK_SANDBOX_CALLS, true, try_network);
}

static void test_files(void **state)
{
	(void)state;
	in_sandbox(CHAPBOOK_SANDBOX_FILES, false, try_files);
}

static void test_library(void **state)
{
	(void)state;
	in_sandbox(CHAPBOOK_SANDBOX_CALLS | CHAPBOOK_SANDBOX_FILES, false, try_library);
}

/* --- chapbook_run() --- */

/* The first step of `test` that went wrong, from the child, in memory that both share. */
static char *shared;

struct run {
	const char *(*test)(void);
	int wanted;
};

static int work(void *ctx, int held)
{
	const struct run *run = ctx;
	bool can = (held & run->wanted) == run->wanted;
	snprintf(shared, 128, "%s", can ? run->test() : "SKIP");
	return 0;
}

static void run_with(const struct chapbook_access *access, const char *(*test)(void))
{
	struct chapbook_outcome outcome;
	struct chapbook_error err = {0};
	struct run run = {test, CHAPBOOK_SANDBOX_FILES | CHAPBOOK_SANDBOX_CALLS};
	snprintf(shared, 128, "not run");
	assert_int_equal(chapbook_run(access, work, &run, &outcome, &err), 0);
	assert_int_equal(outcome.signal, 0);
	assert_int_equal(outcome.value, 0);
	if (strcmp(shared, "SKIP") == 0)
		skip();
	assert_string_equal(shared, "");
}

static void put_file(const char *path)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs("text", f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static bool write_book(const char *path)
{
	static const char page[] = "A title\n\nSome words of a text, and more of them.\n";
	struct chapbook_error err = {0};
	struct chapbook_job *job = chapbook_job_new();
	bool done = job && chapbook_job_add_bytes(job, "a.txt", page, sizeof page - 1, &err) == 0 &&
		    chapbook_job_set(job, "cover", "none", &err) == 0 &&
		    chapbook_job_set(job, "force", "yes", &err) == 0 &&
		    chapbook_job_write_file(job, path, &err) == 0;
	chapbook_job_free(job);
	return done;
}

/* What is open to code in the child: its own calls, and the parent's help. */
static const char *try_home(void)
{
	static const char *const kept[] = {
		"home/.bashrc", "home/.hidden.epub",  "home/plain.epub",
		"home/new.txt", "home/sub/new.epub",  "home/../in/new.epub",
		"in/new.epub",  "home/link/new.epub", "/tmp/chapbook-x.epub",
	};
	static char name[64];
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		snprintf(name, sizeof name, "%s", kept[i]);
		if (write_book(kept[i]) || open(kept[i], O_WRONLY | O_CREAT, 0600) >= 0)
			return name;
	}
	if (!refused(rename("home/plain.epub", "home/.profile"), EACCES) &&
	    !refused(rename("home/plain.epub", "home/.profile"), EPERM))
		return "rename";
	if (unlink("home/.bashrc") == 0 || symlink(".bashrc", "home/s.epub") == 0 ||
	    link("home/.bashrc", "home/l.epub") == 0 || mkdir("home/.ssh", 0700) == 0)
		return "another name";
	if (open("home/.bashrc", O_RDONLY) >= 0)
		return "reading .bashrc";
	if (!write_book("home/new.epub"))
		return "a new book";
	if (!write_book("home/new.epub"))
		return "a book that replaces a book";
	char *text = chapbook_info("home/new.epub", CHAPBOOK_INFO_TEXT, NULL);
	free(text);
	if (!text)
		return "reading that book";
	text = chapbook_info("home/plain.epub", CHAPBOOK_INFO_TEXT, NULL);
	return text ? "reading a file that is no book" : "";
}

static void test_books_only(void **state)
{
	static const struct chapbook_access access = {.books = "home/"};
	(void)state;
	run_with(&access, try_home);
}

static const char *try_named(void)
{
	if (!write_book("home/plain.epub"))
		return "the file that was named";
	return write_book("home/other.epub") || write_book("home/.bashrc") ? "another file" : "";
}

static void test_named_file(void **state)
{
	static const char *const outputs[] = {"home/plain.epub"};
	static const struct chapbook_access access = {.outputs = outputs, .output_count = 1};
	(void)state;
	run_with(&access, try_named);
}

static int end_by_signal(void *ctx, int held)
{
	(void)held;
	signal(*(int *)ctx, SIG_DFL); /* cmocka has handlers */
	raise(*(int *)ctx);
	return 0;
}

static int return_7(void *ctx, int held)
{
	(void)ctx;
	(void)held;
	return 7;
}

static void test_outcomes(void **state)
{
	static const struct chapbook_access access = {0};
	static int numbers[] = {SIGABRT, SIGSEGV, SIGKILL, SIGXCPU, SIGBUS};
	struct chapbook_outcome outcome;
	struct chapbook_error err = {0};
	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		assert_int_equal(chapbook_run(&access, end_by_signal, &numbers[i], &outcome, &err),
				 0);
		assert_int_equal(outcome.signal, numbers[i]);
	}
	assert_int_equal(chapbook_run(&access, return_7, NULL, &outcome, &err), 0);
	assert_int_equal(outcome.signal, 0);
	assert_int_equal(outcome.value, 7);
}

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(root) || chdir(root) != 0 || mkdir("in", 0777) != 0 ||
	    mkdir("out", 0777) != 0 || mkdir("home", 0777) != 0 || mkdir("home/sub", 0777) != 0)
		return -1;
	put_file("in/page.html");
	put_file("in/other");
	put_file("secret");
	put_file("home/.bashrc");
	put_file("home/plain.epub");
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || symlink("../in", "home/link") != 0)
		return -1;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const made[] = {
		"out/new/book.epub",
		"out/new/proba.epub",
		"out/new",
		"in/page.html",
		"in/other",
		"home/.bashrc",
		"home/plain.epub",
		"home/new.epub",
		"home/link",
		"home/sub",
		"home",
		"secret",
		"in",
		"out",
		root,
	};
	(void)state;
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		remove(made[i]);
	return chdir("/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),      cmocka_unit_test(test_files),
		cmocka_unit_test(test_network),    cmocka_unit_test(test_library),
		cmocka_unit_test(test_books_only), cmocka_unit_test(test_named_file),
		cmocka_unit_test(test_outcomes),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
