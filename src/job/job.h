/* A job from the inside: what chapbook_job_set() and _add_*() gathered, for the pipeline. */
#ifndef JOB_JOB_H
#define JOB_JOB_H

#include "chapbook.h"

#include "base/arena.h"
#include "book/book.h"
#include "fetch/fetch.h"
#include "job/choose.h"
#include "job/profile.h"
#include "job/save.h"
#include "media/fit/budget.h"
#include "read/read.h"
#include "template/template.h"

#include <pthread.h>

struct input {
	char *name;  /* path, address, or what the caller calls it */
	char *bytes; /* NULL: read from the file, or fetched, when its turn comes */
	size_t size;
	char *url;      /* where it came from, or NULL */
	char *login;    /* the address (`name` or `url`) with user name and password, which these
			   are without; NULL: it has none */
	char *title;    /* that the caller knows it by, or NULL */
	bool is_remote; /* the name is an address: it is to be fetched */
	char *path;     /* absolute, of the file; NULL: not known, or not needed */
	char *folder;   /* of the list that names the file; NULL: the caller does */
	char *listed;   /* the file as the list has it, below that folder */
	/* What a source says of the article, or NULL: in the arena, without its content. */
	const struct chapbook_item *item;
	char *kept; /* its bytes, when they were read before its turn; or NULL */
	size_t kept_size;
};

struct setting {
	char *key, *value;
};

/* What the caller said of pictures; what is NOT_SAID the profile says. */
enum { NOT_SAID = -1 };
struct picture_settings {
	const struct profile *profile;
	bool none;
	long long width, height, quality, max_book_size;
	bool grayscale, keep_private, embed_captions;
};

/* What the caller said of fetching. */
struct fetch_settings {
	struct fetch_options options; /* but for its headers */
	struct string_list headers;
	bool online; /* files' pictures are fetched, too */
	/* What is gone is taken from the web archive at this address ("": from none). */
	bool wayback;
	char *wayback_url; /* NULL: ARCHIVE_URL */
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
	struct setting_list said;     /* all options that change books, in the order given */
	char said_digest[SHA256_HEX]; /* of them; "": not known */
	struct string_list metadata_files;
	struct string_list photos;
	struct string_list css;
	struct string_list template_dirs;
	enum read_format format;
	char *charset;
	char *base_url;      /* of the inputs that come */
	char *article_title; /* the same */
	char *cover;         /* a picture's path, or NULL */
	bool no_cover;
	unsigned threads;
	size_t memory; /* bytes that a book may take while it is made; 0: any number */
	bool kepub;    /* names that are made end in .kepub.epub */
	bool ascii_names;
	bool smart;    /* article_make_smart() */
	bool no_guess; /* article.h */
	bool strict;   /* no book of several articles when one of them fails */
	bool force;    /* replace files that are no EPUBs */
	struct book_options book;
	struct picture_settings pictures;
	struct fetch_settings fetch;
	struct choice choice;
	chapbook_message_fn *on_message;
	void *on_message_ctx;
	chapbook_progress_fn *on_progress;
	void *on_progress_ctx;

	struct arena inputs_arena; /* what chapbook_job_clear() forgets */
	struct input_list inputs;
	const struct map *paths;     /* of the files of the book that is being made, or NULL */
	char *path;                  /* of the last book saved */
	enum chapbook_saving saving; /* of saving it */

	struct template_set *templates; /* made at first use, kept */
	struct template_dirs dirs;
	struct shared_state *shared; /* its own, or another job's */
	bool borrows_shared;
};

/* What jobs of one program have in common: chapbook_job_share(). */
struct shared_state {
	pthread_mutex_t lock;
	struct fetcher *fetcher; /* made at first use, under the lock */
	struct budget budget;    /* of memory for pictures that are worked on */
	struct save_names names;
};

/* Keep an option for chapbook_job_digest() (digest.c). */
int job_note_setting(struct chapbook_job *job, const char *key, const char *value,
		     struct chapbook_error *err);

/* Tell how far it is, if anybody listens. `name`: what the caller calls the input. */
void job_progress(const struct chapbook_job *job, enum chapbook_stage stage, const char *name,
		  size_t done, size_t total);

/* Add an input whose bytes, malloc()ed or NULL, become the job's (they are freed on failure, too).
 * NULL: *err. */
struct input *job_add_input(struct chapbook_job *job, const char *name, char *bytes, size_t size,
			    struct chapbook_error *err);

/* What an error of the job is called, where no input is at fault alone: its only input, or "the
 * book". */
const char *job_name(const struct chapbook_job *job);

/* The fetcher of the job and those that share with it. NULL when memory runs out. */
struct fetcher *job_fetcher(struct chapbook_job *job);

/* Add the style sheets that the articles' metadata and the caller name (style.c). */
int style_add(struct chapbook_job *job, struct book *book, struct diag *diag,
	      struct chapbook_error *err);

/* Check the finished package (preflight.c). What is not valid in it is replaced by its text or left
 * out, with a warning, and the package written again; what cannot be is an error: of a style sheet
 * that the caller names CHAPBOOK_E_INPUT, of all else CHAPBOOK_E_INTERNAL. */
struct package;
int preflight(struct chapbook_job *job, struct book *book, struct package *package,
	      struct diag *diag, struct chapbook_error *err);

/* Whatever needs to be set up once before threads use it; every way into the library calls it. */
void job_init_library(void);

#endif
