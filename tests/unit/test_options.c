/* The table of options, against what the library does with it. */
#include "chapbook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The rows that chapbook_job_set() knows. `how`: as the table writes it. */
static const struct row {
	const char *key, *how;
} rows[] = {
#define OPTION_GROUP(heading)
#define OPTION_OF_PROGRAM(...)
#define OPTION_OF_LIBRARY(name, ...)                                       {name, #__VA_ARGS__},
#define OPTION_OF_JOB(name, letter, argument, values, commands, help, ...) {name, #__VA_ARGS__},
#define OPTION_OF_BOTH(name, letter, argument, values, commands, help, of_program, ...)            \
	{name, #__VA_ARGS__},
#include "job/option_table.h"
};
static const size_t row_count = sizeof rows / sizeof *rows;

static struct chapbook_job *job_new(void)
{
	struct chapbook_job *job = chapbook_job_new();
	assert_non_null(job);
	return job;
}

/* Every key is known; one that is in no row, and no metadata, is not. */
static void test_keys(void **state)
{
	struct chapbook_job *job = job_new();
	(void)state;
	for (size_t i = 0; i < row_count; i++) {
		struct chapbook_error err = {0};
		chapbook_job_set(job, rows[i].key, "2", &err);
		assert_null(strstr(err.message, "no such option"));
	}
	struct chapbook_error err = {0};
	assert_int_equal(chapbook_job_set(job, "sandbox", "yes", &err), -1);
	assert_string_equal(err.message, "--sandbox: no such option");
	chapbook_job_free(job);
}

static void assert_taken(struct chapbook_job *job, const char *key, const char *value, int rc,
			 const char *part)
{
	struct chapbook_error err = {0};
	assert_int_equal(chapbook_job_set(job, key, value, &err), rc);
	assert_int_equal(err.code, rc == 0 ? CHAPBOOK_OK : CHAPBOOK_E_USAGE);
	if (rc != 0 && (!strstr(err.message, part) || !strstr(err.message, key)))
		fail_msg("%s: %s", key, err.message);
}

/* A number is taken from the least to the largest that its row names, and the message of the row
 * names what is wanted. */
static void test_limits(void **state)
{
	struct chapbook_job *job = job_new();
	size_t count = 0;
	(void)state;
	for (size_t i = 0; i < row_count; i++) {
		char kind[20], wanted[60], value[30];
		long long low, high;
		if (sscanf(rows[i].how, "set_%19[a-z], %*[^,], %lld, %lld, \"%59[^\"]", kind, &low,
			   &high, wanted) != 4)
			continue;
		const long long values[] = {low, high, low - 1, high + 1};
		for (size_t v = 0; v < 4; v++) {
			snprintf(value, sizeof value, "%lld", values[v]);
			assert_taken(job, rows[i].key, value, v < 2 ? 0 : -1, wanted);
		}
		assert_taken(job, rows[i].key, "", -1, wanted);
		assert_taken(job, rows[i].key, "3 apples", -1, wanted);
		count++;
	}
	assert_true(count >= 6);
	chapbook_job_free(job);
}

/* Flags and sizes. */
static void test_kinds(void **state)
{
	struct chapbook_job *job = job_new();
	size_t flags = 0, sizes = 0;
	(void)state;
	for (size_t i = 0; i < row_count; i++) {
		const char *key = rows[i].key;
		if (strncmp(rows[i].how, "set_flag,", 9) == 0) {
			assert_taken(job, key, "yes", 0, NULL);
			assert_taken(job, key, "no", 0, NULL);
			assert_taken(job, key, "maybe", -1, "is not yes or no");
			flags++;
		} else if (strncmp(rows[i].how, "set_size,", 9) == 0 ||
			   strncmp(rows[i].how, "set_bytes,", 10) == 0) {
			assert_taken(job, key, "500K", 0, NULL);
			assert_taken(job, key, "2gB", 0, NULL);
			assert_taken(job, key, "0", -1, "is not a size");
			assert_taken(job, key, "9999999999999G", -1, "is not a size");
			assert_taken(job, key, "5 M", -1, "is not a size");
			sizes++;
		}
	}
	assert_true(flags > 8 && sizes > 3);
	chapbook_job_free(job);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_kinds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
