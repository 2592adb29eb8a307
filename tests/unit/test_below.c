/* Files that a text names: below its folder, by their real paths. */
#include "base/below.h"
#include "chapbook.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char top[] = "/tmp/chapbook-below-XXXXXX";

static void put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(top));
	assert_int_equal(chdir(top), 0);
	assert_int_equal(mkdir("a", 0777) | mkdir("a/sub", 0777) | mkdir("ab", 0777), 0);
	put_file("secret", "secret");
	put_file("ab/secret", "secret");
	put_file("a/near", "near");
	put_file("a/sub/in", "near");
	assert_int_equal(symlink("../secret", "a/out"), 0);
	assert_int_equal(symlink("..", "a/up"), 0);
	assert_int_equal(symlink("sub/in", "a/inner"), 0);
	assert_int_equal(symlink("../a/near", "a/back"), 0);
	assert_int_equal(symlink("loop", "a/loop"), 0);
	assert_int_equal(mkfifo("a/fifo", 0666), 0);
	return 0;
}

static int tear_down(void **state)
{
	char command[64];
	(void)state;
	snprintf(command, sizeof command, "rm -r '%s'", top);
	return chdir("/") | system(command);
}

static void test_names(void **state)
{
	(void)state;
	static const struct {
		const char *folder, *name;
		int error;
	} cases[] = {
		{"a", "near", 0},
		{"a", "./sub//in", 0},
		{"a", "sub/../near", 0},
		{"a", "inner", 0},
		{"a", "back", 0},
		{"a", "../a/near", 0},
		{"a", "sub/../../a/./near", 0},
		{"./a/", "near", 0},
		{".", "a/near", 0},
		{".", "a/out", 0},
		{"a", "../secret", EXDEV},
		{"a", "../../a/near", EXDEV},
		{"a", "../ab/secret", EXDEV},
		{"a", "sub/../../secret", EXDEV},
		{"a", "out", EXDEV},
		{"a", "up/secret", EXDEV},
		{"a", "up/ab/secret", EXDEV},
		{"a", "/etc/passwd", EXDEV},
		{"a", "", EXDEV},
		{"a", ".", EXDEV},
		{NULL, "near", EXDEV},
		{"", "near", EXDEV},
		{"a", "nope", ENOENT},
		{"nope", "near", ENOENT},
		{"a", "near/x", ENOTDIR},
		{"a", "loop", ELOOP},
		{"a", "fifo", ENXIO},
		{"a", "sub", ENXIO},
		{"/", "dev/null", ENXIO},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int fd = below_open(cases[i].folder, cases[i].name), error = fd < 0 ? errno : 0;
		if (fd >= 0)
			close(fd);
		if (error != cases[i].error)
			fail_msg("%s: %s, not %s", cases[i].name, strerror(error),
				 strerror(cases[i].error));
		assert_int_equal(below_is_file(cases[i].folder, cases[i].name), fd >= 0);
	}
}

static atomic_bool stop;

/* Exchange a/race, a file, and a link that leads out, for as long as the other thread reads. */
static void *exchange(void *arg)
{
	(void)arg;
	while (!stop) {
		(void)!symlink("../secret", "a/new-link");
		rename("a/new-link", "a/race");
		put_file("a/new-file", "near");
		rename("a/new-file", "a/race");
	}
	return NULL;
}

static void test_race(void **state)
{
	enum { TRIES = 20000 };
	pthread_t other;
	size_t read = 0;
	(void)state;
	put_file("a/race", "near");
	assert_int_equal(pthread_create(&other, NULL, exchange, NULL), 0);
	for (size_t i = 0; i < TRIES || !read; i++) { /* the other thread may have to wait */
		char *bytes = NULL;
		size_t size;
		if (below_read("a", "race", 100, &bytes, &size, NULL) != 0)
			continue;
		assert_string_equal(bytes, "near");
		read++;
		free(bytes);
	}
	stop = true;
	pthread_join(other, NULL);
}

/* Bytes lie where their name says. */
static void test_bytes(void **state)
{
	static const char text[] = "---\ncss: near.css\n---\n\n# Title\n\nWords of it.\n";
	static const struct {
		const char *name;
		bool found;
	} cases[] = {{"a/x.md", true}, {"x.md", false}, {"./x.md", true}, {"nope/x.md", false}};
	(void)state;
	put_file("a/near.css", "p { color: #654321 }");
	put_file("near.css", "p { color: #123456 }");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct chapbook_job *job = chapbook_job_new();
		struct chapbook_error err = {0};
		char dir[32];
		snprintf(dir, sizeof dir, "book-%zu", i);
		assert_int_equal(chapbook_job_set(job, "cover", "none", &err), 0);
		assert_int_equal(
			chapbook_job_add_bytes(job, cases[i].name, text, sizeof text - 1, &err), 0);
		assert_int_equal(chapbook_job_write_dir(job, dir, &err), 0);
		chapbook_job_free(job);
		strcat(dir, "/EPUB/extra-1.css");
		assert_int_equal(access(dir, F_OK) == 0, cases[i].found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_race),
		cmocka_unit_test(test_bytes),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
