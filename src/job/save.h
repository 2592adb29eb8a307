/* Finished books, and how they get their files. */
#ifndef JOB_SAVE_H
#define JOB_SAVE_H

#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"
#include "book/book.h"
#include "chapbook.h"

#include <pthread.h>

struct chapbook_book {
	char *bytes; /* the EPUB file */
	size_t size;
	char *stem;              /* its file name, as chapbook chooses it, without extension */
	const char *extension;   /* ".epub" or ".kepub.epub" */
	char *identifier;        /* dc:identifier */
	char digest[SHA256_HEX]; /* of its articles' sources */
	char source[SHA256_HEX]; /* of the path of its article's file; "": of several, or of none,
				    or the identifier was given */
};

/* The names that a run has met: files that it wrote, and books that were there before. */
struct save_names {
	pthread_mutex_t lock; /* held while a name is chosen and its file written */
	struct arena arena;
	struct map stems, books; /* books: by stem and identifier, and by stem and source */
};

void save_names_init(struct save_names *names);
void save_names_release(struct save_names *names);

/* Make `made` of a book and the bytes of its file (taken over also on failure). */
struct chapbook_book *save_book_new(const struct chapbook_job *job, const struct book *book,
				    char *bytes, size_t size, struct chapbook_error *err);

/* Whether a path stands for a folder, in which the library chooses the name: NULL, "" or with a
 * slash at its end. */
bool save_is_folder(const char *path);

/* Whether the caller may have the book written to `path`, which is not a folder: an error where its
 * name asks for another format, where it is a file that the job reads, or, unless the job has
 * "force", one that is no EPUB. */
int save_check(const struct chapbook_job *job, const char *path, struct chapbook_error *err);

#endif
