/* The package: an ordered list of entries, and what can be done with it. The seam between what
 * a book says and how it is stored. */
#ifndef PACKAGE_PACKAGE_H
#define PACKAGE_PACKAGE_H

#include "base/buf.h"
#include "chapbook.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of a package that is written or read. */
enum { MAX_PACKAGE_ENTRIES = 100000 };

struct entry {
	char *name; /* "EPUB/chapter-1.xhtml" */
	const char *bytes;
	size_t size;
	bool owned;  /* bytes are freed with the package */
	bool stored; /* not deflated: mimetype, and pictures that do not shrink */
	/* Filled by package_deflate(): */
	char *deflated; /* raw deflate, or NULL when stored */
	size_t deflated_size;
	uint32_t crc; /* CRC-32 of bytes */
};

struct package {
	struct entry *entries;
	size_t count, cap;
	bool failed; /* memory ran out while adding */
};

#define PACKAGE_INIT                                                                               \
	{                                                                                          \
		0                                                                                  \
	}

/* Add an entry. _take: `bytes` is emptied, the package owns its memory. _borrow: the bytes must
 * outlive the package. */
void package_add_take(struct package *p, const char *name, struct buf *bytes);
void package_add_borrow(struct package *p, const char *name, const void *bytes, size_t size,
			bool stored);
const struct entry *package_find(const struct package *p, const char *name);
void package_release(struct package *p);
/* Whether a name is below the folder it is unpacked in: relative, no empty, "." or ".." part,
 * no backslash. */
bool package_name_is_safe(const char *name);

/* Compress every entry, in parallel (libdeflate). */
int package_deflate(struct package *p, unsigned threads, struct chapbook_error *err);

/* As one ZIP file in memory (OCF 3.3 section 4: mimetype first and stored, no extra fields, no
 * comment, DOS times from `epoch` in UTC). The caller frees. */
int package_zip(struct package *p, long long epoch, char **bytes, size_t *size,
		struct chapbook_error *err);

/* As files below `dir` (made if absent; must be empty). */
int package_write_dir(const struct package *p, const char *dir, struct chapbook_error *err);

/* Open an EPUB (or the bytes of one) as a package: entries in the archive's order, inflated.
 * Bounded: MAX_PACKAGE_ENTRIES, 2 GB in all, no entry over 1 GB or inflating over 1,000 times.
 * `raw` gets facts about the container itself, for check. May be NULL. */
struct container_facts {
	bool mimetype_first, mimetype_stored, mimetype_no_extra, has_comment, has_directories,
		has_duplicates, encrypted_entries, bad_names;
	char detail[256];
	size_t size;           /* of the archive */
	const char *file_name; /* the caller's to fill in; NULL: not known */
};
int package_open(struct package *p, const char *path, struct container_facts *raw,
		 struct chapbook_error *err);
int package_open_bytes(struct package *p, const void *bytes, size_t size,
		       struct container_facts *raw, struct chapbook_error *err);

#endif
