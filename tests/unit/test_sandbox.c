/* What chapbook_sandbox() leaves a process, and what not. */
#include "chapbook.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
 * that may read root/in and write root/out. */
static void in_sandbox(int wanted, const char *(*test)(void))
{
	char wrong[128] = "";
	int ends[2], status = 0;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		const char *in[] = {"in/page.html", NULL}, *out[] = {"out/new/book.epub", NULL};
		int held = chapbook_sandbox(in, out, false);
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

static const char *try_calls(void)
{
	static char *const no_arguments[] = {NULL};
	if (!refused(socket(AF_INET, SOCK_STREAM, 0), EPERM))
		return "socket";
	if (!refused(socket(AF_UNIX, SOCK_DGRAM, 0), EPERM))
		return "unix socket";
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
	return "";
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
	in_sandbox(CHAPBOOK_SANDBOX_CALLS, try_calls);
}

static void test_files(void **state)
{
	(void)state;
	in_sandbox(CHAPBOOK_SANDBOX_FILES, try_files);
}

static void test_library(void **state)
{
	(void)state;
	in_sandbox(CHAPBOOK_SANDBOX_CALLS | CHAPBOOK_SANDBOX_FILES, try_library);
}

static void put_file(const char *path)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs("text", f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(root) || chdir(root) != 0 || mkdir("in", 0777) != 0 || mkdir("out", 0777) != 0)
		return -1;
	put_file("in/page.html");
	put_file("secret");
	return 0;
}

static int tear_down(void **state)
{
	static const char *const made[] = {
		"out/new/book.epub",
		"out/new/proba.epub",
		"out/new",
		"in/page.html",
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
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_library),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
