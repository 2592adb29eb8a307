/* A job from the inside: what chapbook_job_set() and _add_*() gathered, for the pipeline. */
#ifndef JOB_H
#define JOB_H

#include "chapbook.h"

#include "base/arena.h"
#include "book/book.h"
#include "read/read.h"
#include "template/template.h"

struct input {
	char *name;  /* path, or what the caller calls it */
	char *bytes; /* NULL: read from the file when its turn comes */
	size_t size;
	char *url; /* where it came from, or NULL */
};

struct setting {
	char *key, *value;
};

struct input_list {
	struct input *items;
	size_t count, cap;
};
struct setting_list {
	struct setting *items;
	size_t count, cap;
};

struct chapbook_job {
	struct arena arena;           /* options */
	struct setting_list metadata; /* for metadata_set(), in the order given */
	struct string_list metadata_files;
	struct string_list photos;
	struct string_list css;
	struct string_list template_dirs;
	enum read_format format;
	char *charset;
	char *base_url; /* of the inputs that come */
	bool no_cover;
	unsigned threads;
	struct book_options book;
	chapbook_message_fn *on_message;
	void *on_message_ctx;

	struct arena inputs_arena; /* what chapbook_job_clear() forgets */
	struct input_list inputs;
	char *path;

	struct template_set *templates; /* made at first use, kept */
	struct template_dirs dirs;
};

/* Draw the book's cover, unless it has one or is to have none (cover.c). */
int cover_add(const struct chapbook_job *job, struct book *book, struct diag *diag,
	      struct chapbook_error *err);

/* Whatever needs to be set up once before threads use it; every way into the library calls it. */
void job_init_library(void);

#endif
