/* The package: what the ZIP file looks like byte for byte where OCF says so, the folder, and
 * opening archives that mean harm. */
#include "package/package.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zip.h>

#include <cmocka.h>

static void sample(struct package *p)
{
	struct buf page = BUF_INIT;
	*p = (struct package)PACKAGE_INIT;
	package_add_borrow(p, "mimetype", "application/epub+zip", 20, true);
	for (int i = 0; i < 200; i++)
		buf_printf(&page, "<p>Line %d of the page.</p>\n", i);
	package_add_take(p, "EPUB/page.xhtml", &page);
	package_add_borrow(p, "EPUB/a.jpg", "\xFF\xD8 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 43,
			   false);
	package_add_borrow(p, "EPUB/few.txt", "ab", 2, false);
	package_add_borrow(p, "EPUB/none.txt", "", 0, false);
}

static char *zip_sample(long long epoch, unsigned threads, size_t *size)
{
	struct package p;
	char *bytes = NULL;
	sample(&p);
	assert_int_equal(package_deflate(&p, threads, NULL), 0);
	assert_int_equal(package_zip(&p, epoch, &bytes, size, NULL), 0);
	package_release(&p);
	return bytes;
}

static unsigned le(const char *b, int n)
{
	unsigned v = 0;
	while (n-- > 0)
		v = v << 8 | (unsigned char)b[n];
	return v;
}

/* OCF 3.3, "OCF ZIP container media type identification"; APPNOTE 4.3.7 and 4.3.16. */
static void test_zip_layout(void **state)
{
	(void)state;
	size_t size;
	char *b = zip_sample(1588291200, 1, &size); /* 2020-05-01T00:00:00Z */
	assert_memory_equal(b, "PK\3\4", 4);
	assert_int_equal(le(b + 8, 2), 0);  /* stored */
	assert_int_equal(le(b + 10, 2), 0); /* time */
	assert_int_equal(le(b + 12, 2), (2020 - 1980) << 9 | 5 << 5 | 1);
	assert_int_equal(le(b + 18, 4), 20); /* both sizes, in the header itself */
	assert_int_equal(le(b + 22, 4), 20);
	assert_int_equal(le(b + 26, 2), 8);
	assert_int_equal(le(b + 28, 2), 0); /* no extra field */
	assert_memory_equal(b + 30, "mimetypeapplication/epub+zip", 28);
	assert_memory_equal(b + size - 22, "PK\5\6", 4); /* no comment after it */
	assert_int_equal(le(b + size - 2, 2), 0);
	assert_int_equal(le(b + size - 12, 2), 5);

	/* another reader of ZIP, at its strictest, agrees, and no entry has an extra field */
	zip_source_t *src = zip_source_buffer_create(b, size, 0, NULL);
	zip_t *za = zip_open_from_source(src, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
	assert_non_null(za);
	for (zip_uint64_t i = 0; i < 5; i++) {
		assert_int_equal(zip_file_extra_fields_count(za, i, ZIP_FL_LOCAL), 0);
		assert_int_equal(zip_file_extra_fields_count(za, i, ZIP_FL_CENTRAL), 0);
	}
	char page[8192];
	zip_file_t *zf = zip_fopen(za, "EPUB/page.xhtml", 0);
	zip_int64_t n = zip_fread(zf, page, sizeof page);
	assert_true(n > 5000);
	assert_memory_equal(page, "<p>Line 0 of the page.</p>\n", 27);
	zip_fclose(zf);
	zip_discard(za);
	free(b);
}

static void test_stored_or_deflated(void **state)
{
	(void)state;
	struct package p;
	sample(&p);
	assert_int_equal(package_deflate(&p, 1, NULL), 0);
	const bool stored[] = {true, false, true, true, true};
	for (size_t i = 0; i < p.count; i++) {
		assert_int_equal(p.entries[i].stored, stored[i]);
		assert_int_equal(p.entries[i].deflated == NULL, stored[i]);
	}
	assert_true(p.entries[1].deflated_size < p.entries[1].size / 4);
	assert_int_equal(p.entries[3].crc, 0x9E83486D); /* CRC-32 of "ab" */
	package_release(&p);
}

static void test_same_bytes(void **state)
{
	(void)state;
	size_t size, other_size;
	char *b = zip_sample(1588291200, 1, &size);
	setenv("TZ", "Pacific/Kiritimati", 1);
	tzset();
	char *other = zip_sample(1588291200, 4, &other_size);
	unsetenv("TZ");
	tzset();
	assert_int_equal(size, other_size);
	assert_memory_equal(b, other, size);
	free(b);
	free(other);
}

static void test_dos_times(void **state)
{
	(void)state;
	static const struct {
		long long epoch;
		unsigned date, time;
	} cases[] = {
		{-1, 1 << 5 | 1, 0},
		{0, 1 << 5 | 1, 0},
		{315532800, 1 << 5 | 1, 0},
		{951827696, 20 << 9 | 2 << 5 | 29, 12 << 11 | 34 << 5 | 28},
		{4354819198, 127 << 9 | 12 << 5 | 31, 23 << 11 | 59 << 5 | 29},
		{99999999999, 127 << 9 | 12 << 5 | 31, 23 << 11 | 59 << 5 | 29},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t size;
		char *b = zip_sample(cases[i].epoch, 1, &size);
		assert_int_equal(le(b + 12, 2), cases[i].date);
		assert_int_equal(le(b + 10, 2), cases[i].time);
		free(b);
	}
}

static void test_round_trip(void **state)
{
	(void)state;
	size_t size;
	char *b = zip_sample(1588291200, 1, &size);
	struct package p, q;
	struct container_facts facts;
	struct chapbook_error err = {0};
	sample(&p);
	assert_int_equal(package_open_bytes(&q, b, size, &facts, &err), 0);
	assert_int_equal(q.count, p.count);
	for (size_t i = 0; i < p.count; i++) {
		assert_string_equal(q.entries[i].name, p.entries[i].name);
		assert_int_equal(q.entries[i].size, p.entries[i].size);
		assert_memory_equal(q.entries[i].bytes, p.entries[i].bytes, p.entries[i].size);
		assert_ptr_equal(package_find(&q, p.entries[i].name), &q.entries[i]);
	}
	assert_null(package_find(&q, "EPUB/other"));
	assert_true(facts.mimetype_first && facts.mimetype_stored && facts.mimetype_no_extra);
	assert_false(facts.has_comment || facts.has_directories || facts.has_duplicates ||
		     facts.encrypted_entries || facts.bad_names);
	package_release(&p);
	package_release(&q);
	/* cut anywhere: an error, never a crash */
	for (size_t cut = 0; cut < size; cut += 7) {
		struct chapbook_error e = {0};
		assert_int_equal(package_open_bytes(&q, b, cut, NULL, &e), -1);
		assert_int_equal(e.code, CHAPBOOK_E_INPUT);
		assert_int_equal(q.count, 0);
	}
	free(b);
}

/* --- Archives made by hand --- */

struct raw {
	const char *name;
	const char *data;
	size_t packed; /* bytes of data */
	uint32_t size; /* as the directory says */
	uint32_t crc;
	unsigned method, flags;
	long at; /* -1: here; else another local header to point at */
};

static void put_le(struct buf *b, unsigned long long v, int n)
{
	for (; n > 0; n--, v >>= 8)
		buf_putc(b, (char)(v & 0xFF));
}

static int open_raw(const struct raw *entries, size_t count, const char *comment, struct package *p,
		    struct container_facts *facts, struct chapbook_error *err)
{
	struct buf b = BUF_INIT, dir = BUF_INIT;
	for (size_t i = 0; i < count; i++) {
		const struct raw *e = &entries[i];
		size_t offset = e->at >= 0 ? (size_t)e->at : b.len;
		for (int central = 0; central <= 1; central++) {
			struct buf *out = central ? &dir : &b;
			if (!central && e->at >= 0)
				continue;
			buf_append(out, central ? "PK\1\2" : "PK\3\4", 4);
			if (central)
				put_le(out, 20, 2);
			put_le(out, 20, 2);
			put_le(out, e->flags, 2);
			put_le(out, e->method, 2);
			put_le(out, 0x21 << 16, 4);
			put_le(out, e->crc, 4);
			put_le(out, e->packed, 4);
			put_le(out, e->size, 4);
			put_le(out, strlen(e->name), 2);
			put_le(out, 0, 2);
			if (central) {
				put_le(out, 0, 2 + 2 + 2 + 4);
				put_le(out, offset, 4);
			}
			buf_puts(out, e->name);
		}
		if (e->at < 0)
			buf_append(&b, e->data, e->packed);
	}
	size_t start = b.len;
	buf_append(&b, dir.data, dir.len);
	buf_append(&b, "PK\5\6\0\0\0\0", 8);
	put_le(&b, count, 2);
	put_le(&b, count, 2);
	put_le(&b, dir.len, 4);
	put_le(&b, start, 4);
	put_le(&b, strlen(comment), 2);
	buf_puts(&b, comment);
	int rc = package_open_bytes(p, b.data, b.len, facts, err);
	buf_release(&b);
	buf_release(&dir);
	return rc;
}

#define CRC_AB 0x9E83486Du /* of "ab" */

static void test_facts(void **state)
{
	(void)state;
	static const struct raw entries[] = {
		{"a.txt", "ab", 2, 2, CRC_AB, 0, 0, -1},    {"folder/", "", 0, 0, 0, 0, 0, -1},
		{"../b.txt", "ab", 2, 2, CRC_AB, 0, 0, -1}, {"a.txt", "ab", 2, 2, CRC_AB, 0, 0, -1},
		{"c.txt", "ab", 2, 2, CRC_AB, 0, 1, -1},
	};
	struct package p;
	struct container_facts facts;
	struct chapbook_error err = {0};
	assert_int_equal(open_raw(entries, 5, "hello", &p, &facts, &err), 0);
	assert_int_equal(p.count, 4);
	assert_true(facts.has_comment && facts.has_directories && facts.has_duplicates &&
		    facts.encrypted_entries && facts.bad_names);
	assert_false(facts.mimetype_first);
	assert_string_equal(facts.detail, "../b.txt");
	package_release(&p);
}

static void test_hostile(void **state)
{
	(void)state;
	static const struct {
		struct raw entries[3];
		size_t count;
		enum chapbook_code code;
	} cases[] = {
		/* wrong CRC */
		{{{"a", "ab", 2, 2, 1, 0, 0, -1}}, 1, CHAPBOOK_E_INPUT},
		/* unpacks to more than it says, and to less: "ab" deflated is 4B 4C 02 00 */
		{{{"a", "\x4b\x4c\x02\x00", 4, 1, CRC_AB, 8, 0, -1}}, 1, CHAPBOOK_E_INPUT},
		{{{"a", "\x4b\x4c\x02\x00", 4, 3, CRC_AB, 8, 0, -1}}, 1, CHAPBOOK_E_INPUT},
		/* stored, of two sizes */
		{{{"a", "ab", 2, 3, CRC_AB, 0, 0, -1}}, 1, CHAPBOOK_E_INPUT},
		/* no deflate at all */
		{{{"a", "\xff\xff\xff", 3, 9, CRC_AB, 8, 0, -1}}, 1, CHAPBOOK_E_INPUT},
		/* bombs: the ratio, the size */
		{{{"a", "\x4b\x4c\x02\x00", 4, 1u << 20, CRC_AB, 8, 0, -1}}, 1, CHAPBOOK_E_LIMIT},
		{{{"a", "\x4b\x4c\x02\x00", 4, (1u << 30) + 1, CRC_AB, 8, 0, -1}},
		 1,
		 CHAPBOOK_E_LIMIT},
		/* a method EPUB does not know: bzip2 */
		{{{"a", "ab", 2, 2, CRC_AB, 12, 0, -1}}, 1, CHAPBOOK_E_INPUT},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct package p;
		struct chapbook_error err = {0};
		assert_int_equal(open_raw(cases[i].entries, cases[i].count, "", &p, NULL, &err),
				 -1);
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(p.count, 0);
	}
}

/* Many entries that are one and the same piece of the archive. */
static void test_overlap(void **state)
{
	(void)state;
	enum { COUNT = 40 };
	struct raw entries[COUNT];
	char name[COUNT][16];
	static char data[4096];
	struct package p;
	struct chapbook_error err = {0};
	for (int i = 0; i < COUNT; i++) {
		snprintf(name[i], sizeof name[i], "%d", i);
		entries[i] = (struct raw){name[i],    data, sizeof data, sizeof data,
					  0xC71C0011, 0,    0,           i == 0 ? -1 : 0};
	}
	assert_int_equal(open_raw(entries, COUNT, "", &p, NULL, &err), -1);
	assert_int_equal(err.code, CHAPBOOK_E_LIMIT);
}

static void test_not_a_zip(void **state)
{
	(void)state;
	struct package p;
	struct chapbook_error err = {0};
	assert_int_equal(package_open_bytes(&p, "hello", 5, NULL, &err), -1);
	assert_int_equal(err.code, CHAPBOOK_E_INPUT);
	err = (struct chapbook_error){0};
	assert_int_equal(package_open(&p, "/nonexistent/x.epub", NULL, &err), -1);
	assert_int_equal(err.code, CHAPBOOK_E_IO);
}

/* --- The folder --- */

static char dir[] = "/tmp/chapbook-package-XXXXXX";

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir + sizeof dir - 7, "XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char command[sizeof dir + 16];
	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

static size_t count_files(const char *path)
{
	size_t n = 0;
	DIR *d = opendir(path);
	if (!d)
		return 0;
	for (const struct dirent *e; (e = readdir(d));)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static void test_write_dir(void **state)
{
	(void)state;
	struct package p;
	struct chapbook_error err = {0};
	char path[256];
	sample(&p);
	snprintf(path, sizeof path, "%s/new/book", dir);
	assert_int_equal(package_write_dir(&p, path, &err), 0);
	snprintf(path, sizeof path, "%s/new/book/EPUB", dir);
	assert_int_equal(count_files(path), 4);
	snprintf(path, sizeof path, "%s/new/book/mimetype", dir);
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 20);
	/* a second time: not empty, and left as it is */
	snprintf(path, sizeof path, "%s/new/book", dir);
	assert_int_equal(package_write_dir(&p, path, &err), -1);
	assert_int_equal(err.code, CHAPBOOK_E_IO);
	assert_non_null(strstr(err.message, "not empty"));
	assert_int_equal(count_files(path), 2);
	/* an empty one is fine */
	snprintf(path, sizeof path, "%s/empty", dir);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_int_equal(package_write_dir(&p, path, NULL), 0);
	package_release(&p);
}

/* On failure nothing is left, and nothing is written outside of the folder. */
static void test_write_dir_unsafe(void **state)
{
	(void)state;
	static const char *const names[] = {"../x", "/x", "a/../../x", "a//b",       "a\\b",
					    "",     ".",  "a/./b",     "mimetype/x", "EPUB/few.txt",
					    "EPUB"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct package p;
		struct chapbook_error err = {0};
		char path[256];
		sample(&p);
		package_add_borrow(&p, names[i], "x", 1, false);
		snprintf(path, sizeof path, "%s/inner/book", dir);
		assert_int_equal(package_write_dir(&p, path, &err), -1);
		assert_true(err.message[0] != '\0');
		assert_int_equal(access(path, F_OK), -1);
		snprintf(path, sizeof path, "%s/inner", dir);
		assert_int_equal(count_files(path), 0);
		package_release(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zip_layout),
		cmocka_unit_test(test_stored_or_deflated),
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_dos_times),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_not_a_zip),
		cmocka_unit_test_setup_teardown(test_write_dir, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_write_dir_unsafe, make_dir, remove_dir),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
