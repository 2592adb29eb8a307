#include "source/archive.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "base/utf8.h"
#include "package/package.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

/* Of the whole archive; a pipe is read into memory, up to so many bytes. */
enum { MAX_ENTRIES = 1000000, MAX_PIPE = 1 << 30 };

struct archive_entry {
	const char *name; /* in the arena */
	zip_uint64_t index;
};

struct source_archive {
	struct arena arena;
	zip_t *zip;
	const char *path; /* for messages */
	struct {
		struct archive_entry *items;
		size_t count, cap;
	} entries;
	char *piped; /* the bytes of a pipe; owned */
};

/* An entry that is being read. */
struct archive_bytes {
	struct source_bytes bytes;
	struct source_archive *archive;
	zip_uint64_t index;
	zip_file_t *file;
	char *name; /* "pocket.zip: part_000000.csv" */
};

static int fail_with_zip(const char *name, zip_error_t *why, struct chapbook_error *err)
{
	enum chapbook_code code =
		zip_error_code_zip(why) == ZIP_ER_MEMORY ? CHAPBOOK_E_MEMORY : CHAPBOOK_E_INPUT;
	error_set(err, code, "%s: %s", name, zip_error_strerror(why));
	zip_error_fini(why);
	return -1;
}

/* What libzip reads from. It owns neither the bytes nor the caller's descriptor. */
static zip_source_t *open_bytes(struct source_archive *a, struct source_input *in, zip_error_t *why,
				struct chapbook_error *err)
{
	if (in->fd < 0)
		return zip_source_buffer_create(in->memory, in->size, 0, why);
	if (!in->can_seek) {
		size_t size;
		if (source_read_all(&in->bytes, MAX_PIPE, &a->piped, &size, err) != 0)
			return NULL;
		return zip_source_buffer_create(a->piped, size, 0, why);
	}
	int fd = dup(in->fd);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "rb");
	zip_source_t *source = file ? zip_source_filep_create(file, 0, -1, why) : NULL;
	if (!file && fd >= 0)
		close(fd);
	if (!file)
		error_sys(err, "%s", in->bytes.name);
	if (file && !source)
		fclose(file);
	return source;
}

/* The entries that are files with names of good form; of several with one name the last. */
static int list_entries(struct source_archive *a, struct chapbook_error *err)
{
	zip_int64_t count = zip_get_num_entries(a->zip, 0);
	struct map known = MAP_INIT;
	if (count > MAX_ENTRIES)
		return error_set(err, CHAPBOOK_E_LIMIT, "%s: more than %d entries", a->path,
				 MAX_ENTRIES);
	for (zip_int64_t i = 0; i < count; i++) {
		const char *name = zip_get_name(a->zip, (zip_uint64_t)i, ZIP_FL_ENC_GUESS);
		size_t len = name ? strlen(name) : 0;
		if (!len || name[len - 1] == '/' || !package_name_is_safe(name) ||
		    !utf8_is_clean(name, len))
			continue;
		size_t at = (size_t)(uintptr_t)map_find(&known, name);
		if (at) {
			a->entries.items[at - 1].index = (zip_uint64_t)i;
			continue;
		}
		struct archive_entry *entry = ARENA_PUSH(&a->arena, a->entries);
		char *copy = arena_dup(&a->arena, name);
		if (!entry || !copy)
			break;
		*entry = (struct archive_entry){copy, (zip_uint64_t)i};
		map_set(&known, copy, (void *)(uintptr_t)a->entries.count);
	}
	bool failed = known.failed || a->arena.failed;
	map_release(&known);
	return failed ? error_memory(err) : 0;
}

struct source_archive *source_archive_new(struct source_input *in, struct chapbook_error *err)
{
	struct source_archive *a = calloc(1, sizeof *a);
	zip_error_t why;
	zip_error_init(&why);
	if (!a) {
		error_memory(err);
		return NULL;
	}
	a->path = in->bytes.name;
	struct chapbook_error first = {0};
	zip_source_t *source = open_bytes(a, in, &why, &first);
	if (source)
		a->zip = zip_open_from_source(source, ZIP_RDONLY, &why);
	if (source && !a->zip)
		zip_source_free(source);
	if (a->zip && list_entries(a, err) == 0)
		return a;
	if (!a->zip && first.code && err)
		*err = first;
	else if (!a->zip)
		fail_with_zip(a->path, &why, err);
	source_archive_free(a);
	return NULL;
}

void source_archive_free(struct source_archive *a)
{
	if (!a)
		return;
	if (a->zip)
		zip_discard(a->zip);
	free(a->piped);
	arena_release(&a->arena);
	free(a);
}

size_t source_archive_count(const struct source_archive *a)
{
	return a->entries.count;
}

const char *source_archive_name(const struct source_archive *a, size_t entry)
{
	return a->entries.items[entry].name;
}

static long entry_bytes_read(struct source_bytes *in, void *to, size_t size,
			     struct chapbook_error *err)
{
	struct archive_bytes *entry = (struct archive_bytes *)in;
	zip_int64_t n = entry->file ? zip_fread(entry->file, to, size) : -1;
	if (n < 0)
		return error_set(err, CHAPBOOK_E_INPUT, "%s: damaged in the archive", in->name);
	return (long)n;
}

static int open_entry_file(struct archive_bytes *entry, struct chapbook_error *err)
{
	entry->file = zip_fopen_index(entry->archive->zip, entry->index, 0);
	if (entry->file)
		return 0;
	return error_set(err, CHAPBOOK_E_INPUT, "%s: %s", entry->bytes.name,
			 zip_error_strerror(zip_get_error(entry->archive->zip)));
}

static int entry_bytes_rewind(struct source_bytes *in, struct chapbook_error *err)
{
	struct archive_bytes *entry = (struct archive_bytes *)in;
	if (entry->file)
		zip_fclose(entry->file);
	return open_entry_file(entry, err);
}

struct source_bytes *source_archive_open(struct source_archive *a, size_t entry,
					 struct chapbook_error *err)
{
	struct archive_bytes *in = calloc(1, sizeof *in);
	const struct archive_entry *one = &a->entries.items[entry];
	if (!in || asprintf(&in->name, "%s: %s", a->path, one->name) < 0) {
		free(in);
		error_memory(err);
		return NULL;
	}
	in->archive = a;
	in->index = one->index;
	in->bytes = (struct source_bytes){entry_bytes_read, entry_bytes_rewind, in->name, NULL};
	if (open_entry_file(in, err) == 0)
		return &in->bytes;
	source_archive_close(&in->bytes);
	return NULL;
}

void source_archive_close(struct source_bytes *bytes)
{
	struct archive_bytes *in = (struct archive_bytes *)bytes;
	if (!in)
		return;
	if (in->file)
		zip_fclose(in->file);
	free(in->name);
	free(in);
}
