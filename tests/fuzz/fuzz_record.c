/* Records of folders of books. A line that is read gives, once written, a line with the same facts;
 * a file that is opened has each of its valid keys; one that is no record is not changed. */
#include "fuzz.h"

#include "batch/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void check_line(const char *line, size_t len)
{
	struct arena arena = ARENA_INIT;
	struct chapbook_entry entry, back;
	struct buf out = BUF_INIT, again = BUF_INIT;
	if (line_parse(&entry, line, len, &arena)) {
		line_put(&out, &entry);
		if (!line_parse(&back, out.data, out.len - 1, &arena))
			fuzz_fail("a line that was written", out.data);
		line_put(&again, &back);
		if (!same(out.data, again.data))
			fuzz_fail("the second line differs", again.data);
	}
	buf_release(&out);
	buf_release(&again);
	arena_release(&arena);
}

static void check_file(const uint8_t *data, size_t size)
{
	char path[64];
	struct stat st;
	struct chapbook_error err = {0};
	int fd = memfd_create("record", 0);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	struct chapbook_record *r = chapbook_record_open(path, NULL, NULL, &err);
	if (fstat(fd, &st) != 0 || (!r && st.st_size != (off_t)size))
		fuzz_fail("a file that is no record was changed", "");
	if (!r && err.code != CHAPBOOK_E_USAGE)
		fuzz_fail("error", err.message);
	const struct chapbook_entry entry = {.key = "k", .digest = "d", .status = CHAPBOOK_FAILED};
	struct chapbook_entry found;
	if (r &&
	    (chapbook_record_add(r, &entry, &err) != 0 || chapbook_record_flush(r, &err) != 0 ||
	     !chapbook_record_find(r, "k", &found) || strcmp(found.digest, "d") != 0))
		fuzz_fail("what was added is not found", err.message);
	chapbook_record_close(r);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data, *end = s + size;
	check_file(data, size);
	while (s < end) {
		const char *feed = memchr(s, '\n', (size_t)(end - s));
		const char *stop = feed ? feed : end;
		check_line(s, (size_t)(stop - s));
		s = stop + 1;
	}
	return 0;
}
