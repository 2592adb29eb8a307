/* The record of a folder of books: its lines, its table of offsets, its file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "batch/line.h"
#include "batch/offsets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_line(void **state)
{
	const struct chapbook_entry entry = {.key = "a\"b\\c\n\x01<\xC3\xA9\xF0\x9F\x98\x80",
					     .digest = "d",
					     .status = CHAPBOOK_UNAVAILABLE,
					     .input = "http://ann:secret@example.org/",
					     .reason = "bad \xFF byte",
					     .missing = 3,
					     .ms = 12345678901};
	struct buf line = BUF_INIT;
	struct arena arena = ARENA_INIT;
	struct chapbook_entry back;
	(void)state;
	line_put(&line, &entry);
	assert_int_equal(line.data[line.len - 1], '\n');
	assert_true(line_parse(&back, line.data, line.len - 1, &arena));
	assert_string_equal(back.key, "a\"b\\c\n<\xC3\xA9\xF0\x9F\x98\x80");
	assert_string_equal(back.input, "http://example.org/");
	assert_string_equal(back.reason, "bad \xEF\xBF\xBD byte");
	assert_int_equal(back.status, CHAPBOOK_UNAVAILABLE);
	assert_int_equal(back.missing, 3);
	assert_int_equal(back.ms, 12345678901);
	assert_null(back.file);
	/* No beginning of it is a line. */
	for (size_t len = 0; len < line.len - 1; len++)
		assert_false(line_parse(&back, line.data, len, &arena));
	arena_release(&arena);
	buf_release(&line);
}

static bool parses(const char *line)
{
	struct arena arena = ARENA_INIT;
	struct chapbook_entry entry;
	bool valid = line_parse(&entry, line, strlen(line), &arena);
	arena_release(&arena);
	return valid;
}

static void test_other_lines(void **state)
{
	(void)state;
	assert_true(parses("{\"key\":\"k\",\"digest\":\"\",\"status\":\"failed\"}"));
	assert_true(parses(" { \"more\" : -1.5e3 , \"key\" : \"\\u00e9\\ud83d\\ude00\\/\" , "
			   "\"digest\":\"d\",\"status\":\"made\",\"file\":\"f\",\"x\":null} \r"));
	static const char *const wrong[] = {
		"",
		"[]",
		"{}",
		"{\"key\":\"k\"}",
		"{\"key\":\"k\",\"digest\":\"d\",\"status\":\"made\"}", /* without a file */
		"{\"key\":\"\",\"digest\":\"d\",\"status\":\"failed\"}",
		"{\"key\":\"k\",\"digest\":\"d\",\"status\":\"else\"}",
		"{\"key\":\"\\ud800\",\"digest\":\"d\",\"status\":\"failed\"}",
		"{\"key\":\"\\u0000\",\"digest\":\"d\",\"status\":\"failed\"}",
		"{\"key\":\"\xC0\x80\",\"digest\":\"d\",\"status\":\"failed\"}",
		"{\"key\":\"k\",\"digest\":\"d\",\"status\":\"failed\",}",
		"{\"key\":\"k\",\"digest\":\"d\",\"status\":\"failed\",\"x\":[1]}",
		"{\"key\":\"k\",\"digest\":\"d\",\"status\":\"failed\",\"x\":}",
		"{\"key\":\"k\",\"digest\":\"d\",\"status\":\"failed\"} {}",
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (parses(wrong[i]))
			fail_msg("%s", wrong[i]);
}

/* In memory, and in a file. */
static void test_offsets(void **state)
{
	enum { COUNT = 100000 };
	struct offsets o;
	uint64_t offset;
	(void)state;
	assert_true(offsets_init(&o, 0, "/tmp"));
	for (uint64_t i = 0; i < COUNT; i++)
		assert_true(offsets_set(&o, i * i, i, "/tmp"));
	assert_null(o.slots);
	assert_int_equal(o.count, COUNT);
	assert_true(offsets_set(&o, 49, 1234567, "/tmp"));
	assert_int_equal(o.count, COUNT);
	for (uint64_t i = 0; i < COUNT; i++) {
		assert_true(offsets_find(&o, i * i, &offset));
		assert_int_equal(offset, i == 7 ? 1234567 : i);
	}
	assert_false(offsets_find(&o, 3, &offset));
	offsets_release(&o);
}

static void test_file(void **state)
{
	char path[] = "/tmp/chapbook-record-XXXXXX", key[16];
	struct chapbook_error err = {0};
	struct chapbook_entry entry = {.key = key, .digest = "d", .status = CHAPBOOK_FAILED}, found;
	int fd = mkstemp(path);
	(void)state;
	assert_true(fd >= 0);
	struct chapbook_record *r = chapbook_record_open(path, NULL, NULL, &err);
	assert_non_null(r);
	for (int i = 0; i < 3000; i++) {
		snprintf(key, sizeof key, "k%d", i % 2000);
		entry.ms = (unsigned)i;
		assert_int_equal(chapbook_record_add(r, &entry, &err), 0);
		if (i % 256 == 0)
			assert_int_equal(chapbook_record_flush(r, &err), 0);
	}
	assert_false(chapbook_record_find(r, "k999", &found) && found.ms == 2999);
	assert_int_equal(chapbook_record_flush(r, &err), 0);
	for (int again = 0; again < 2; again++) {
		for (unsigned i = 0; i < 2000; i++) {
			snprintf(key, sizeof key, "k%u", i);
			assert_true(chapbook_record_find(r, key, &found));
			assert_int_equal(found.ms, i < 1000 ? i + 2000 : i);
		}
		assert_false(chapbook_record_find(r, "k2000", &found));
		chapbook_record_close(r);
		r = again ? NULL : chapbook_record_open(path, NULL, NULL, &err);
	}
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_other_lines),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
