/* Files: read whole, written whole or not at all. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "chapbook.h"

#include <stdbool.h>
#include <stddef.h>

/* Read a file or, for "-", standard input. *bytes is malloc()ed and NUL-terminated beyond
 * *size. More than `limit` bytes is CHAPBOOK_E_LIMIT. */
int file_read(const char *path, size_t limit, char **bytes, size_t *size,
	      struct chapbook_error *err);

/* Read all that is left in a file descriptor, which the caller closes; else as file_read(). `name`
 * is for the message. */
int file_read_fd(int fd, const char *name, size_t limit, char **bytes, size_t *size,
		 struct chapbook_error *err);

/* Write `path` so that it holds either what it held before or all of `bytes`: a temporary
 * file in the same folder, flushed, then given the name. (The folder is not flushed: after a power
 * failure it is the old file or the new one, whole.) */
int file_write(const char *path, const void *bytes, size_t size, struct chapbook_error *err);

/* The same for a file that is not there yet. Where the name is taken, also by a process that was
 * quicker, nothing is written, *taken is true, and 0 is returned. */
int file_write_new(const char *path, const void *bytes, size_t size, bool *taken,
		   struct chapbook_error *err);

/* A file before it has its name. It has none until it is whole (O_TMPFILE), so that even a kill
 * leaves nothing behind; file systems that know no such files get a hidden temporary one. */
struct file_draft {
	int fd;
	char *path, *dir, *temp;
	bool is_named; /* `temp` is its name */
};
/* Write the bytes, not flushed. file_draft_end() is to be called whatever is returned. */
int file_draft_begin(struct file_draft *draft, const char *path, const void *bytes, size_t size,
		     struct chapbook_error *err);
int file_draft_flush(const struct file_draft *draft, struct chapbook_error *err);
/* Give it its name. A name that is taken is replaced, or, where `taken` is not NULL, left alone and
 * reported there. */
int file_draft_place(struct file_draft *draft, bool *taken, struct chapbook_error *err);
void file_draft_end(struct file_draft *draft);

/* Whether file_write() may replace `path`: not a file that is read-only. *is_special: it is no
 * regular file, and is written to as it is. */
int file_may_replace(const char *path, bool *is_special, struct chapbook_error *err);

/* Write to a file descriptor, all of it. `name` is for the message. */
int file_write_fd(int fd, const char *name, const void *bytes, size_t size,
		  struct chapbook_error *err);

/* Keep a line of text with a file, outside of its bytes: in an extended attribute, where the file
 * system has these. A file that is written anew has none. */
void file_set_note(const char *path, const char *text);
/* Read it; "" where there is none, or none that fits. */
void file_get_note(const char *path, char *text, size_t size);

/* What a process in the sandbox may not do itself, its parent does (broker.c). The functions are as
 * file_write(), file_mkdirs(), open() for reading, below_open(), file_write_new() and
 * file_set_note(). */
struct file_broker {
	int (*write)(const char *path, const void *bytes, size_t size, struct chapbook_error *err);
	int (*mkdirs)(const char *path, struct chapbook_error *err);
	int (*open)(const char *path);
	int (*open_below)(const char *folder, const char *name); /* below_open() */
	int (*write_new)(const char *path, const void *bytes, size_t size, bool *taken,
			 struct chapbook_error *err);
	void (*set_note)(const char *path, const char *text);
};
/* Set it for the whole process, before there are threads; NULL: none. */
void file_set_broker(const struct file_broker *broker);

/* Open a file for reading; where this process is not allowed to, ask the broker. Returns a
 * descriptor, or -1 with errno set. */
int file_open(const char *path);

/* Ask the broker for below_open(); -1 with EACCES where there is none. */
int file_ask_below(const char *folder, const char *name);

/* Make a folder and those above it. One that is there already is fine. */
int file_mkdirs(const char *path, struct chapbook_error *err);

/* The folder of `path` with no final slash ("." where it has none); malloc()ed, or NULL. */
char *file_dirname(const char *path);
/* The part after the last slash. Borrowed. */
const char *file_basename(const char *path);

#endif
