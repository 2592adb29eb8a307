#include "base/error.h"
#include "base/timestamp.h"
#include "package/package.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

/* What libzip asks of an entry's data. It is handed over as it will stand in the archive: an
 * already deflated source, with both sizes and the CRC in its stat, is copied as it is. */
struct entry_source {
	const char *data;
	size_t left, packed_size;
	const struct entry *entry;
};

static zip_int64_t entry_read(void *ctx, void *data, zip_uint64_t len, zip_source_cmd_t cmd)
{
	struct entry_source *s = ctx;
	const struct entry *e = s->entry;
	switch (cmd) {
	case ZIP_SOURCE_OPEN:
		s->data = e->deflated ? e->deflated : e->bytes;
		s->left = s->packed_size;
		return 0;
	case ZIP_SOURCE_READ:
		if (len > s->left)
			len = s->left;
		if (len > 0)
			memcpy(data, s->data, len);
		s->data += len;
		s->left -= len;
		return (zip_int64_t)len;
	case ZIP_SOURCE_STAT: {
		zip_stat_t *st = data;
		zip_stat_init(st);
		st->size = e->size;
		st->comp_size = s->packed_size;
		st->crc = e->crc;
		st->comp_method = e->deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE;
		st->encryption_method = ZIP_EM_NONE;
		st->valid = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC |
			    ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
		return sizeof *st;
	}
	case ZIP_SOURCE_ERROR: {
		const int none[2] = {0, 0};
		memcpy(data, none, sizeof none);
		return sizeof none;
	}
	case ZIP_SOURCE_CLOSE:
	case ZIP_SOURCE_FREE:
		return 0;
	case ZIP_SOURCE_SUPPORTS:
		return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ,
						      ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
						      ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
	default:
		return -1;
	}
}

struct dos_time {
	zip_uint16_t date, time;
};

/* MS-DOS date and time of UTC seconds; its years go from 1980 to 2107, its seconds by twos. */
static struct dos_time dos_time(long long epoch)
{
	const long long first = 315532800, last = 4354819198; /* 1980-01-01, 2107-12-31T23:59:58 */
	char text[WHEN_TEXT];
	when_format(epoch < first ? first : epoch > last ? last : epoch, text);
	unsigned y, mo, d, h, mi, s;
	if (sscanf(text, "%u-%u-%uT%u:%u:%u", &y, &mo, &d, &h, &mi, &s) != 6)
		return (struct dos_time){0};
	return (struct dos_time){
		.date = (zip_uint16_t)((y - 1980) << 9 | mo << 5 | d),
		.time = (zip_uint16_t)(h << 11 | mi << 5 | s / 2),
	};
}

/* A regular file that its owner may change and all may read: what umask 022 gives, whatever the
 * umask is, so that the book is the same everywhere. In the upper half as APPNOTE has it for Unix.
 */
#define ENTRY_MODE ((zip_uint32_t)(S_IFREG | 0644) << 16)

static int add_entries(zip_t *za, const struct package *p, struct entry_source *sources,
		       long long epoch)
{
	struct dos_time when = dos_time(epoch);
	for (size_t i = 0; i < p->count; i++) {
		const struct entry *e = &p->entries[i];
		sources[i] = (struct entry_source){
			.entry = e, .packed_size = e->deflated ? e->deflated_size : e->size};
		zip_source_t *src = zip_source_function(za, entry_read, &sources[i]);
		if (!src)
			return -1;
		zip_int64_t at = zip_file_add(za, e->name, src, ZIP_FL_ENC_UTF_8);
		if (at < 0) {
			zip_source_free(src);
			return -1;
		}
		zip_int32_t method = e->deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE;
		if (zip_set_file_compression(za, (zip_uint64_t)at, method, 0) != 0 ||
		    zip_file_set_dostime(za, (zip_uint64_t)at, when.time, when.date, 0) != 0 ||
		    zip_file_set_external_attributes(za, (zip_uint64_t)at, 0, ZIP_OPSYS_UNIX,
						     ENTRY_MODE) != 0)
			return -1;
	}
	return 0;
}

/* What libzip wrote into its buffer source, as malloc()ed memory. */
static int read_back(zip_source_t *archive, char **bytes, size_t *size, struct chapbook_error *err)
{
	zip_stat_t st;
	if (zip_source_stat(archive, &st) != 0 || !(st.valid & ZIP_STAT_SIZE))
		return error_set(err, CHAPBOOK_E_INTERNAL, "the archive has no size");
	char *data = malloc(st.size + 1);
	if (!data)
		return error_memory(err);
	if (zip_source_open(archive) != 0) {
		free(data);
		return error_memory(err);
	}
	zip_int64_t n = zip_source_read(archive, data, st.size);
	zip_source_close(archive);
	if (n < 0 || (zip_uint64_t)n != st.size) {
		free(data);
		return error_set(err, CHAPBOOK_E_INTERNAL, "the archive cannot be read back");
	}
	data[st.size] = '\0';
	*bytes = data;
	*size = st.size;
	return 0;
}

static int zip_failed(zip_error_t *ze, struct chapbook_error *err)
{
	/* Some of libzip's failures to get memory leave no error behind. */
	int code = zip_error_code_zip(ze);
	return code == ZIP_ER_MEMORY || code == ZIP_ER_OK
		       ? error_memory(err)
		       : error_set(err, CHAPBOOK_E_INTERNAL, "zip: %s", zip_error_strerror(ze));
}

/* libzip 1.7 computes what an archive needs of its source at the first zip_open_from_source(), in
 * two variables without a lock: another thread at that moment takes the archive for a read-only
 * one. */
static pthread_once_t open_once = PTHREAD_ONCE_INIT;

static void open_first(void)
{
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *za = source ? zip_open_from_source(source, ZIP_CREATE, NULL) : NULL;
	if (za)
		zip_discard(za);
	else
		zip_source_free(source);
}

int package_zip(struct package *p, long long epoch, char **bytes, size_t *size,
		struct chapbook_error *err)
{
	int rc = -1;
	zip_error_t ze;
	zip_source_t *archive = NULL;
	zip_t *za = NULL;
	struct entry_source *sources = NULL;
	zip_error_init(&ze);
	pthread_once(&open_once, open_first);

	if (p->failed) {
		error_memory(err);
		goto out;
	}
	sources = calloc(p->count + 1, sizeof *sources);
	archive = zip_source_buffer_create(NULL, 0, 0, &ze);
	if (!sources || !archive) {
		error_memory(err);
		goto out;
	}
	za = zip_open_from_source(archive, ZIP_CREATE | ZIP_TRUNCATE, &ze);
	if (!za) {
		zip_failed(&ze, err);
		goto out;
	}
	zip_source_keep(archive); /* za owns one reference, we the other */
	if (add_entries(za, p, sources, epoch) != 0 || zip_close(za) != 0) {
		zip_failed(zip_get_error(za), err);
		goto out;
	}
	za = NULL;
	rc = read_back(archive, bytes, size, err);
out:
	if (za)
		zip_discard(za);
	zip_source_free(archive);
	free(sources);
	zip_error_fini(&ze);
	return rc;
}
