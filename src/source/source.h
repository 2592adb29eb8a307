/* What holds articles: lists, feeds, exports, mail. A source is read as a stream of items: each is
 * given to a function and forgotten, so that memory does not grow with the number of items.
 *
 * A reader of a format is a row of the table in formats.c. A list whose fields have names is a row
 * of assets/sources.tsv. */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/diag.h"
#include "chapbook.h"

#include <stdbool.h>
#include <stddef.h>

/* How many bytes a format is recognised by. */
enum { SOURCE_HEAD = 16384 };

/* The longest name of a format, with NUL. */
enum { SOURCE_NAME = 32 };

/* Bytes to read a source from, in order. */
struct source_bytes {
	/* Read at most `size` bytes. Returns how many; 0 at the end; -1 after filling *err. */
	long (*read)(struct source_bytes *in, void *to, size_t size, struct chapbook_error *err);
	/* Read from the start again. */
	int (*rewind)(struct source_bytes *in, struct chapbook_error *err);
	const char *name; /* for messages */
	const char *url;  /* where it came from, or NULL: relative addresses are of this */
};

/* An archive (ZIP) that is a source: entries in its order. One that stands there twice, with one
 * name, counts once: the last. */
struct source_archive;
size_t source_archive_count(const struct source_archive *a);
/* Of an entry: "annotations/part_000000.json"; a path that is relative and without "..". */
const char *source_archive_name(const struct source_archive *a, size_t entry);
/* Open an entry; several may be open. The caller calls source_archive_close(). NULL: *err. */
struct source_bytes *source_archive_open(struct source_archive *a, size_t entry,
					 struct chapbook_error *err);
void source_archive_close(struct source_bytes *in);

/* Read all, at most `limit` bytes (more: CHAPBOOK_E_LIMIT). *bytes is malloc()ed and NUL-terminated
 * beyond *size. */
int source_read_all(struct source_bytes *in, size_t limit, char **bytes, size_t *size,
		    struct chapbook_error *err);

/* Where a reader puts what it reads. */
struct source_sink {
	chapbook_item_fn *fn; /* not 0: the reader stops and returns it */
	void *ctx;
	struct diag *diag;
};

/* A reader of one format. Of each pair of functions one format has one or both; the others are
 * NULL. Each `read` passes all items on. A bad item is a warning (DIAG_ITEM_BAD) and is left out.
 * Returns -1 and *err: nothing more can be read; else what the sink returned, when it stopped the
 * reading, or 0. */
struct source_format {
	const char *name; /* for messages and --from: "rss", "csv" … */
	/* Whether these are the first bytes of the format: at most SOURCE_HEAD, decoded as
	 * source_text, NUL-terminated. */
	bool (*is)(const char *head, size_t len);
	int (*read)(struct source_bytes *in, const struct source_sink *sink,
		    struct chapbook_error *err);
	/* The same of archives. */
	bool (*is_archive)(struct source_archive *a);
	int (*read_archive)(struct source_archive *a, const struct source_sink *sink,
			    struct chapbook_error *err);
	/* The same of folders: a Maildir. */
	bool (*is_folder)(const char *path);
	int (*read_folder)(const char *path, const struct source_sink *sink,
			   struct chapbook_error *err);
	/* Copy the name of what is read, where one reader reads many ("pocket"), with at most
	 * `size` bytes; NULL: `name` is the name. False: it is not known. */
	bool (*name_of)(const char *head, size_t len, char *name, size_t size);
};

/* Give the source the bytes that it was opened with: malloc()ed, freed with it. */
void source_own(struct chapbook_source *source, char *bytes);

/* All formats, in the order in which they are asked; ends with NULL (formats.c). */
extern const struct source_format *const source_formats[];

#endif
