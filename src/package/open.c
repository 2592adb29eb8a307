#include "base/error.h"
#include "base/file.h"
#include "base/utf8.h"
#include "package/package.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

/* The bounds that package.h promises. */
enum { MAX_RATIO = 1000 };
static const zip_uint64_t total_max = 2ull << 30, entry_max = 1ull << 30;

struct package_reader {
	struct package *package;
	struct container_facts *facts;
	struct libdeflate_decompressor *decompressor;
	zip_t *za;
	zip_uint64_t packed_left;   /* of the archive's bytes, not yet claimed by an entry */
	zip_uint64_t unpacked_left; /* of total_max */
	char *packed;               /* an entry as it stands in the archive */
	size_t packed_cap;
	struct chapbook_error *err;
};

/* Remember the first thing that was odd. */
static void fact_detail(struct container_facts *facts, const char *name)
{
	if (facts->detail[0] == '\0')
		snprintf(facts->detail, sizeof facts->detail, "%s", name);
}

/* OCF 3.3, "OCF ZIP container media type identification": what stands at the very start of the
 * file. Local file header as in APPNOTE 4.3.7: method at 8, name length at 26, extra at 28. */
static void inspect_mimetype(const unsigned char *b, size_t size, struct container_facts *facts)
{
	if (size < 38 || memcmp(b, "PK\3\4", 4) != 0)
		return;
	size_t name_len = b[26] | (size_t)b[27] << 8;
	facts->mimetype_first = name_len == 8 && memcmp(b + 30, "mimetype", 8) == 0;
	facts->mimetype_stored = facts->mimetype_first && b[8] == 0 && b[9] == 0;
	facts->mimetype_no_extra = facts->mimetype_first && b[28] == 0 && b[29] == 0;
}

/* Inflate an entry into `out`, which is exactly as large as the directory says. */
static int unpack(struct package_reader *r, const zip_stat_t *st, char *out)
{
	size_t packed = st->comp_size;
	if (packed > r->packed_cap) {
		char *more = realloc(r->packed, packed);
		if (!more)
			return error_memory(r->err);
		r->packed = more;
		r->packed_cap = packed;
	}
	zip_file_t *zf = zip_fopen_index(r->za, st->index, ZIP_FL_COMPRESSED);
	if (!zf)
		return error_set(r->err, CHAPBOOK_E_INPUT, "%s: %s", st->name,
				 zip_error_strerror(zip_get_error(r->za)));
	zip_int64_t n = packed ? zip_fread(zf, r->packed, packed) : 0;
	zip_fclose(zf);
	if (n < 0 || (size_t)n != packed)
		return error_set(r->err, CHAPBOOK_E_INPUT, "%s: incomplete in the archive",
				 st->name);
	if (st->comp_method == ZIP_CM_STORE) {
		if (packed != st->size)
			return error_set(r->err, CHAPBOOK_E_INPUT, "%s: wrong size in the archive",
					 st->name);
		if (packed > 0)
			memcpy(out, r->packed, packed);
	} else if (libdeflate_deflate_decompress(r->decompressor, r->packed, packed, out, st->size,
						 NULL) != LIBDEFLATE_SUCCESS) {
		return error_set(r->err, CHAPBOOK_E_INPUT, "%s: damaged in the archive", st->name);
	}
	if (libdeflate_crc32(0, out, st->size) != st->crc)
		return error_set(r->err, CHAPBOOK_E_INPUT, "%s: damaged in the archive (CRC)",
				 st->name);
	return 0;
}

/* Whether an entry may be unpacked at all. Sizes are those of the directory; unpack() holds the
 * data to them. Entries that share bytes of the archive, as in the bombs that overlap, together
 * claim more bytes than it has. */
static int within_bounds(struct package_reader *r, const zip_stat_t *st)
{
	if (st->comp_size > r->packed_left)
		return error_set(r->err, CHAPBOOK_E_LIMIT,
				 "%s: entries overlap, or are larger than the archive", st->name);
	if (st->size > entry_max || st->size > r->unpacked_left)
		return error_set(r->err, CHAPBOOK_E_LIMIT, "%s: too large when unpacked", st->name);
	if (st->size / MAX_RATIO > st->comp_size)
		return error_set(r->err, CHAPBOOK_E_LIMIT,
				 "%s: unpacks to more than %d times its size", st->name, MAX_RATIO);
	if (st->comp_method != ZIP_CM_STORE && st->comp_method != ZIP_CM_DEFLATE)
		return error_set(r->err, CHAPBOOK_E_INPUT,
				 "%s: compression method %d is not allowed in EPUB", st->name,
				 st->comp_method);
	r->packed_left -= st->comp_size;
	r->unpacked_left -= st->size;
	return 0;
}

static int open_entry(struct package_reader *r, zip_uint64_t index)
{
	const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
				    ZIP_STAT_CRC | ZIP_STAT_COMP_METHOD;
	zip_stat_t st;
	if (zip_stat_index(r->za, index, 0, &st) != 0 || (st.valid & needed) != needed)
		return error_set(r->err, CHAPBOOK_E_INPUT, "entry %llu of the archive is broken",
				 (unsigned long long)index);
	size_t len = strlen(st.name);
	if (len > 0 && st.name[len - 1] == '/') {
		r->facts->has_directories = true;
		return 0;
	}
	if (!package_name_is_safe(st.name) || !utf8_is_clean(st.name, len)) {
		r->facts->bad_names = true;
		fact_detail(r->facts, st.name);
	}
	if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE) {
		r->facts->encrypted_entries = true;
		fact_detail(r->facts, st.name);
		package_add_borrow(r->package, st.name, "", 0, true);
		return 0;
	}
	if (within_bounds(r, &st) != 0)
		return -1;
	char *bytes = malloc(st.size + 1);
	if (!bytes)
		return error_memory(r->err);
	if (unpack(r, &st, bytes) != 0) {
		free(bytes);
		return -1;
	}
	bytes[st.size] = '\0';
	package_add_borrow(r->package, st.name, bytes, st.size, st.comp_method == ZIP_CM_STORE);
	if (r->package->failed) {
		free(bytes);
		return error_memory(r->err);
	}
	struct entry *e = &r->package->entries[r->package->count - 1];
	e->bytes = bytes;
	e->owned = true;
	e->crc = st.crc;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int find_duplicates(struct package_reader *r)
{
	const struct package *p = r->package;
	const char **names = malloc((p->count + 1) * sizeof *names);
	if (!names)
		return error_memory(r->err);
	for (size_t i = 0; i < p->count; i++)
		names[i] = p->entries[i].name;
	qsort(names, p->count, sizeof *names, by_name);
	for (size_t i = 1; i < p->count && !r->facts->has_duplicates; i++)
		if (strcmp(names[i - 1], names[i]) == 0) {
			r->facts->has_duplicates = true;
			fact_detail(r->facts, names[i]);
		}
	free(names);
	return 0;
}

static int open_entries(struct package_reader *r)
{
	zip_int64_t count = zip_get_num_entries(r->za, 0);
	int comment = 0;
	if (count > MAX_PACKAGE_ENTRIES)
		return error_set(r->err, CHAPBOOK_E_LIMIT, "more than %d entries in the archive",
				 MAX_PACKAGE_ENTRIES);
	if (zip_get_archive_comment(r->za, &comment, ZIP_FL_ENC_RAW) && comment > 0)
		r->facts->has_comment = true;
	for (zip_int64_t i = 0; i < count; i++)
		if (open_entry(r, (zip_uint64_t)i) != 0)
			return -1;
	if (r->package->failed)
		return error_memory(r->err);
	return find_duplicates(r);
}

int package_open_bytes(struct package *p, const void *bytes, size_t size,
		       struct container_facts *raw, struct chapbook_error *err)
{
	int rc = -1;
	struct container_facts unasked;
	zip_error_t ze;
	zip_source_t *src = NULL;
	struct package_reader r = {
		.package = p,
		.facts = raw ? raw : &unasked,
		.packed_left = size,
		.unpacked_left = total_max,
		.err = err,
	};
	*p = (struct package)PACKAGE_INIT;
	memset(r.facts, 0, sizeof *r.facts);
	r.facts->size = size;
	if (size == 0) /* libzip would take it for an empty archive */
		return error_set(err, CHAPBOOK_E_INPUT, "not an EPUB file: it is empty");
	inspect_mimetype(bytes, size, r.facts);

	zip_error_init(&ze);
	r.decompressor = libdeflate_alloc_decompressor();
	src = zip_source_buffer_create(bytes, size, 0, &ze);
	if (!r.decompressor || !src) {
		error_memory(err);
		goto out;
	}
	r.za = zip_open_from_source(src, ZIP_RDONLY, &ze);
	if (!r.za) {
		if (zip_error_code_zip(&ze) == ZIP_ER_NOZIP)
			error_set(err, CHAPBOOK_E_INPUT, "not an EPUB file: not a ZIP archive");
		else
			error_set(err, CHAPBOOK_E_INPUT, "not an EPUB file: %s",
				  zip_error_strerror(&ze));
		goto out;
	}
	src = NULL;
	rc = open_entries(&r);
out:
	if (r.za)
		zip_discard(r.za);
	zip_source_free(src);
	zip_error_fini(&ze);
	if (r.decompressor)
		libdeflate_free_decompressor(r.decompressor);
	free(r.packed);
	if (rc != 0)
		package_release(p);
	return rc;
}

int package_open(struct package *p, const char *path, struct container_facts *raw,
		 struct chapbook_error *err)
{
	char *bytes = NULL;
	size_t size = 0;
	struct chapbook_error inner = {0};
	*p = (struct package)PACKAGE_INIT;
	if (file_read(path, total_max, &bytes, &size, err) != 0)
		return -1;
	int rc = package_open_bytes(p, bytes, size, raw, &inner);
	if (rc != 0)
		error_set(err, inner.code, "%s: %.400s", path, inner.message);
	free(bytes);
	return rc;
}
