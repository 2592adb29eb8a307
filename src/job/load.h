/* The bytes of a job's inputs and metadata files. */
#ifndef JOB_LOAD_H
#define JOB_LOAD_H

#include "job/job.h"

/* No article is larger; it keeps a mistaken argument from filling the memory. */
#define MAX_INPUT_BYTES ((size_t)512 << 20)

struct metadata_files {
	struct read_metadata *items;
	size_t count;
};

/* Read the metadata files that the job names. The caller calls metadata_files_release() either way.
 */
int metadata_files_read(const struct chapbook_job *job, struct metadata_files *files,
			struct chapbook_error *err);
void metadata_files_release(struct metadata_files *files);

/* One input's bytes, and what is known of them. */
struct input_bytes {
	const char *bytes;
	size_t size;
	char *owned;
	struct fetch_result fetched; /* of what came from an address */
};

/* Read, decompress or download the input. *s is zeroed before; the caller calls
 * input_bytes_release() either way. */
int input_load(struct chapbook_job *job, const struct input *input, struct input_bytes *s,
	       struct chapbook_error *err);
/* Decompress gzip input; a page from the web has at most --max-page-size bytes then. */
int input_unpack(struct chapbook_job *job, const struct input *input, struct input_bytes *s,
		 struct chapbook_error *err);
void input_bytes_release(struct input_bytes *s);

/* fetch_get() with the job's fetcher. With "wayback" what is gone is taken from a web archive, the
 * copy that is nearest to when `input` was saved: `url` of the result is the one that was asked for
 * then, and `archived` the one in the archive. `input` may be NULL: then not. */
int input_fetch(struct chapbook_job *job, const struct input *input,
		const struct fetch_request *request, struct fetch_result *result,
		struct chapbook_error *err);

/* The folder of the files that the input may name; malloc()ed. NULL: none (standard input, a pipe).
 */
char *input_folder(const char *name);

#endif
