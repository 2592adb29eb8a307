/* The limit of memory that a job has in the library. */
#include "chapbook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "A Lake\n\nBy Ann Brown\n\nThe lake keeps its own calendar.\n";

/* 2 MB of the smallest paragraphs, which take about 200 MB. */
static char *make_hostile(const char *head, const char *piece, size_t *size)
{
	size_t count = 2000000 / strlen(piece);
	char *bytes = malloc(strlen(head) + count * strlen(piece) + 1);
	assert_non_null(bytes);
	char *end = stpcpy(bytes, head);
	for (size_t i = 0; i < count; i++)
		end = stpcpy(end, piece);
	*size = (size_t)(end - bytes);
	return bytes;
}

static struct chapbook_job *job_new(const char *limit)
{
	struct chapbook_error err = {0};
	struct chapbook_job *job = chapbook_job_new();
	assert_non_null(job);
	assert_int_equal(chapbook_job_set(job, "cover", "none", &err), 0);
	assert_int_equal(chapbook_job_set(job, "limit-memory", limit, &err), 0);
	return job;
}

static void add(struct chapbook_job *job, const char *name, const void *bytes, size_t size)
{
	struct chapbook_error err = {0};
	assert_int_equal(chapbook_job_add_bytes(job, name, bytes, size, &err), 0);
}

static void expect_limit(const struct chapbook_error *err, const char *name)
{
	assert_int_equal(err->code, CHAPBOOK_E_LIMIT);
	assert_memory_equal(err->message, name, strlen(name));
	assert_non_null(strstr(err->message, ": needs more than 20 MB of memory; use a larger "
					     "--limit-memory"));
}

static void test_each_format(void **state)
{
	static const struct {
		const char *name, *head, *piece;
	} inputs[] = {
		{"lake.html", "<!DOCTYPE html><title>Lake</title><article><p>Words.</p>",
		 "<p>x</p>"},
		{"lake.md", "# Lake\n\n", "x\n\n"},
		{"lake.txt", "A Lake\n\nBy Ann Brown\n\n", "x\n\n"},
		{"lake.xhtml", "<html xmlns='http://www.w3.org/1999/xhtml'><body>", "<p>x</p>"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
		struct chapbook_error err = {0};
		char *book, *html, *json;
		size_t size, book_size;
		char *bytes = make_hostile(inputs[i].head, inputs[i].piece, &size);
		struct chapbook_job *job = job_new("20M");
		add(job, inputs[i].name, bytes, size);
		assert_int_equal(chapbook_job_write_bytes(job, &book, &book_size, &err), -1);
		expect_limit(&err, inputs[i].name);
		err = (struct chapbook_error){0};
		assert_int_equal(chapbook_job_extract(job, &html, &json, &err), -1);
		expect_limit(&err, inputs[i].name);
		/* The job can be used again. */
		chapbook_job_clear(job);
		add(job, "a.txt", text, strlen(text));
		err = (struct chapbook_error){0};
		assert_int_equal(chapbook_job_write_bytes(job, &book, &book_size, &err), 0);
		free(book);
		chapbook_job_free(job);
		free(bytes);
	}
}

static size_t missing;

static void count_missing(void *ctx, const struct chapbook_message *message)
{
	(void)ctx;
	missing += strcmp(message->id, "article-missing") == 0;
}

/* Of several articles the one that is too large is left out. */
static void test_one_of_several(void **state)
{
	struct chapbook_error err = {0};
	char *book;
	size_t size, book_size;
	char *bytes =
		make_hostile("<!DOCTYPE html><title>Lake</title><article>", "<p>x</p>", &size);
	(void)state;
	struct chapbook_job *job = job_new("20M");
	chapbook_job_on_message(job, count_missing, NULL);
	add(job, "lake.html", bytes, size);
	add(job, "a.txt", text, strlen(text));
	assert_int_equal(chapbook_job_write_bytes(job, &book, &book_size, &err), 0);
	assert_int_equal(missing, 1);
	free(book);
	chapbook_job_free(job);
	free(bytes);
}

/* "none" is no limit, and the default is above what an ordinary article takes. */
static void test_values(void **state)
{
	static const char *const wrong[] = {"", "0", "-1", "x", "1T"};
	struct chapbook_error err;
	(void)state;
	struct chapbook_job *job = job_new("none");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		err = (struct chapbook_error){0};
		assert_int_equal(chapbook_job_set(job, "limit-memory", wrong[i], &err), -1);
		assert_int_equal(err.code, CHAPBOOK_E_USAGE);
	}
	chapbook_job_free(job);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_format),
		cmocka_unit_test(test_one_of_several),
		cmocka_unit_test(test_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
