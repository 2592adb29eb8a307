/* chapbook: articles to e-books.
 *
 * The whole public interface. What is not documented here is not for use.
 *
 * Ownership: `_new` returns something that its `_free` releases; `const char *` arguments
 * are copied; `const char *` results are borrowed from the object they were asked of and
 * live as long as it does; `char *` results belong to the caller, who calls free().
 * Errors: a function that can fail returns 0 or -1 (or NULL) and fills `err`, which may be
 * NULL. No function prints, exits or keeps state between calls; different objects may be used
 * in different threads at the same time. libxml2's messages on stderr are turned off. */
#ifndef CHAPBOOK_H
#define CHAPBOOK_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define CHAPBOOK_VERSION "0.1.0"
/* The day of that version: what has no date of its own gets it. */
#define CHAPBOOK_RELEASED "2026-12-01"

/* What kind of thing went wrong. */
enum chapbook_code {
	CHAPBOOK_OK = 0,
	CHAPBOOK_E_USAGE,    /* an option, key or value that means nothing */
	CHAPBOOK_E_INPUT,    /* the input cannot become a book */
	CHAPBOOK_E_LIMIT,    /* the input is larger or deeper than chapbook takes */
	CHAPBOOK_E_IO,       /* the system refused: see sys_errno */
	CHAPBOOK_E_MEMORY,   /* out of memory */
	CHAPBOOK_E_INTERNAL, /* chapbook made something wrong and did not write it */
};

struct chapbook_error {
	enum chapbook_code code;
	int sys_errno;     /* errno as it was, or 0 */
	bool may_pass;     /* a later try may succeed: a time-out, a busy server */
	char message[512]; /* one line, with file:line or URL where known; no final stop */
};

/* Something to tell about a conversion that went on. */
enum chapbook_severity {
	CHAPBOOK_NOTE,    /* a guess and its reason (--explain) */
	CHAPBOOK_WARNING, /* something is doubtful */
	CHAPBOOK_LOSS,    /* something of the article is not in the book */
	CHAPBOOK_ERROR,   /* a finding of chapbook_check() that makes a book invalid */
};

struct chapbook_message {
	enum chapbook_severity severity;
	const char *id;    /* stable, like "image-missing" */
	const char *where; /* file, file:line or entry name; may be NULL */
	const char *text;
};

typedef void chapbook_message_fn(void *ctx, const struct chapbook_message *message);

/* A job: some articles and what the caller knows about them, made into one book. */
struct chapbook_job;

struct chapbook_job *chapbook_job_new(void);
void chapbook_job_free(struct chapbook_job *job);

/* Whom to tell; called in the thread that runs the job. */
void chapbook_job_on_message(struct chapbook_job *job, chapbook_message_fn *fn, void *ctx);

/* How far a job is. `input` is what its add function was given; `done` and `total` count pictures.
 */
enum chapbook_stage {
	CHAPBOOK_FETCHING, /* a page */
	CHAPBOOK_PICTURES, /* done of total are ready */
	CHAPBOOK_COVER,    /* it is drawn */
	CHAPBOOK_WRITING,
};
struct chapbook_progress {
	enum chapbook_stage stage;
	const char *input;
	size_t done, total;
};
typedef void chapbook_progress_fn(void *ctx, const struct chapbook_progress *progress);
/* Whom to tell; called in any thread, and in several at once. */
void chapbook_job_on_progress(struct chapbook_job *job, chapbook_progress_fn *fn, void *ctx);

/* Let `job` use the connections, the cookies, the cache and the memory for pictures of `with`,
 * whose options for fetching count, and which must outlive it: for jobs that run side by side. To
 * be called before either fetches anything. */
void chapbook_job_share(struct chapbook_job *job, struct chapbook_job *with);

/* What this job and those that share with it asked for so far: answers that were new, that the
 * server confirmed, that the cache gave without asking; bytes received. */
struct chapbook_fetched {
	size_t fetched, unchanged, cached;
	unsigned long long bytes;
};
void chapbook_job_fetched(struct chapbook_job *job, struct chapbook_fetched *fetched);

/* Set one option. The keys are the program's long options without the dashes
 * (chapbook(1) lists them); a repeatable one (author, bio, photo, subject, css, …) adds. Two that
 * the program does not have: "epoch", the seconds since 1970 that the book has as its time of
 * modification (the program takes them from SOURCE_DATE_EPOCH); "article-title", the title of the
 * articles that are added next ("": not known). */
int chapbook_job_set(struct chapbook_job *job, const char *key, const char *value,
		     struct chapbook_error *err);

/* Add an article: a file, or bytes in memory (copied). `name` serves for messages and for sniffing
 * the format. The article, its front matter among it, may name files beside it: regular ones, by
 * relative paths, whose real path is below the article's folder; no others are read. Bytes lie in
 * the folder that their name has ("texts/a.md", "./a.md"); when it has none ("a.md"), as when the
 * article comes from standard input or the web, it may name no files at all. It came from the
 * URL that "base-url" was set to last ("": not known). */
int chapbook_job_add_file(struct chapbook_job *job, const char *path, struct chapbook_error *err);
int chapbook_job_add_bytes(struct chapbook_job *job, const char *name, const void *bytes,
			   size_t size, struct chapbook_error *err);

/* Add an article that a list in `folder` (".": the current one) names: a regular file, by a
 * relative path, whose real path is below the folder. Any other fails when the job runs. */
int chapbook_job_add_listed(struct chapbook_job *job, const char *folder, const char *file,
			    struct chapbook_error *err);

/* Add an article that is to be fetched, with its pictures: an http or https address. A user name
 * and password in it are sent to its host alone, and are in no book, message or progress. */
int chapbook_job_add_url(struct chapbook_job *job, const char *url, struct chapbook_error *err);

/* What a reading list, a feed, an export or a mailbox says of one article. A list has its address,
 * a container the text as well. NULL, 0: not said. All strings are UTF-8. */
struct chapbook_item_author {
	const char *name, *url;
};
struct chapbook_highlight {
	const char *text, *note;
};
/* A picture that a container has: what `src` attributes name it, and its bytes. */
struct chapbook_item_file {
	const char *name; /* "cid:part1@example.org", or a path as the text has it */
	const char *type; /* media type */
	const void *bytes;
	size_t size;
};
struct chapbook_item {
	const char *id;     /* the source's own key: guid, Message-ID, a number */
	const char *url;    /* of the article; absolute, or a path of a list of files */
	bool is_source;     /* `url` is of another source, not of an article: of a feed */
	const char *source; /* title of the feed, the newsletter or the list that it comes from */
	const char *source_url;
	const char *title;
	const char *summary; /* plain text */
	const struct chapbook_item_author *authors;
	size_t author_count;
	const char *const *tags;
	size_t tag_count;
	const char *folder; /* in a list with folders: "Reading/Science" */
	const char *state;  /* in the source's words: "unread", "archive", "starred" … */
	const char *note;
	const struct chapbook_highlight *highlights;
	size_t highlight_count;
	const char *language; /* BCP 47 */
	/* Dates are W3CDTF: "2025-03-09" or "2025-03-09T08:00:00Z". */
	const char *published, *updated;
	const char *saved; /* when it was put into the list: never the date of publication */
	/* The text, of a container. */
	const char *content; /* NULL: none */
	size_t content_size;
	const char *content_type; /* "text/html", "text/plain" or "text/markdown" */
	const char *base_url;     /* relative addresses in the content are of this; else of `url` */
	bool is_partial;          /* the content is a teaser: the page has more */
	const struct chapbook_item_file *files;
	size_t file_count;
};

/* What holds articles: a list, a feed, an export, a mailbox; found out from its bytes. */
struct chapbook_source;

/* Called for each item, whose strings are valid until it returns. Not 0: stop reading. */
typedef int chapbook_item_fn(void *ctx, const struct chapbook_item *item);

/* Open a file, "-" for standard input, or a folder. Compressed ones (gzip) are decompressed while
 * they are read. CHAPBOOK_E_IO: it cannot be read. */
struct chapbook_source *chapbook_source_open(const char *path, struct chapbook_error *err);
/* Open bytes, which are borrowed until chapbook_source_free(). `url`: the address that they came
 * from, which relative addresses in them are resolved with, or NULL. */
struct chapbook_source *chapbook_source_open_bytes(const char *name, const char *url,
						   const void *bytes, size_t size,
						   struct chapbook_error *err);
void chapbook_source_free(struct chapbook_source *source);

/* The name of its format: "pocket", "rss" …; NULL: it is no source, but may be an article. */
const char *chapbook_source_format(const struct chapbook_source *source);
/* Read it as this format, whatever its bytes look like. CHAPBOOK_E_USAGE: there is no such format.
 */
int chapbook_source_set_format(struct chapbook_source *source, const char *format,
			       struct chapbook_error *err);

/* Pass its items to `fn`, in their order; memory does not grow with their number. An item that
 * cannot be read is reported to `messages`, which may be NULL, and left out. Returns 0, what `fn`
 * returned when it was not 0, or -1: CHAPBOOK_E_USAGE, it is no source; CHAPBOOK_E_INPUT, the rest
 * of it cannot be read; CHAPBOOK_E_LIMIT, a part of it is too large. */
int chapbook_source_read(struct chapbook_source *source, chapbook_item_fn *fn, void *ctx,
			 chapbook_message_fn *messages, void *messages_ctx,
			 struct chapbook_error *err);

/* What an item says, as a JSON object in one line; of its content and its files only the size and
 * the number. The caller frees; NULL: memory ran out. */
char *chapbook_item_json(const struct chapbook_item *item, struct chapbook_error *err);

/* Download a source, with the job's options for fetching. NULL: *err. */
struct chapbook_source *chapbook_job_open_source(struct chapbook_job *job, const char *url,
						 struct chapbook_error *err);

/* Whether an item is wanted by the job's options "since", "until" and "where": 1 or 0. */
int chapbook_job_choose(const struct chapbook_job *job, const struct chapbook_item *item);
/* The same, for an article that was not chosen before: one that is in several sources is chosen
 * once. It is known by its address, else by its id, else by its text. -1: memory ran out. */
int chapbook_job_choose_once(struct chapbook_job *job, const struct chapbook_item *item,
			     struct chapbook_error *err);

/* Add the article of an item, which is copied. Its content is read; without content the page at its
 * address is fetched, as with chapbook_job_add_url(); a path is a file below `folder`, as with
 * chapbook_job_add_listed(), and an error where `folder` is NULL. What the item says and the
 * article does not is filled in: title, authors, tags, and the dates but for `saved`. Highlights
 * and the note become a section at its end. CHAPBOOK_E_INPUT: it has neither content nor an
 * address. CHAPBOOK_E_USAGE: its address is another source. */
int chapbook_job_add_item(struct chapbook_job *job, const struct chapbook_item *item,
			  const char *folder, struct chapbook_error *err);

/* Forget the articles but keep the options: for the next book of many. */
void chapbook_job_clear(struct chapbook_job *job);

/* Make the book and write it: to a file (whole or not at all), to a folder (unzipped; made
 * if absent, must be empty), or into memory.
 * A path of NULL, or one that ends in a slash, takes a name made of the title, in the current
 * folder or in that one (made if absent). Such a name replaces only a book with the same
 * dc:identifier, or one that was made there of the same one file before; where another file has it,
 * "-2", "-3", … is put behind it. Jobs that share (chapbook_job_share()) do not replace each
 * other's books. Any other path replaces an EPUB that is there, but no file that the job reads and,
 * unless the option "force" is "yes", no file that is not an EPUB (CHAPBOOK_E_USAGE); its folder is
 * made if absent. */
int chapbook_job_write_file(struct chapbook_job *job, const char *path, struct chapbook_error *err);
int chapbook_job_write_dir(struct chapbook_job *job, const char *dir, struct chapbook_error *err);
int chapbook_job_write_bytes(struct chapbook_job *job, char **bytes, size_t *size,
			     struct chapbook_error *err);

/* chapbook_job_write_file() in two steps, for books that are made at the same time and are to have
 * the same names each time: the book is made in any order and in any thread, and saved in a fixed
 * order by any job that shares with the one that made it. A book does not need its job. */
struct chapbook_book;
struct chapbook_book *chapbook_job_make(struct chapbook_job *job, struct chapbook_error *err);
int chapbook_job_save(struct chapbook_job *job, const struct chapbook_book *book, const char *path,
		      struct chapbook_error *err);
void chapbook_book_free(struct chapbook_book *book);

/* Where the job's last book was saved; NULL before. */
const char *chapbook_job_path(const struct chapbook_job *job);
/* How. */
enum chapbook_saving {
	CHAPBOOK_WRITTEN,
	CHAPBOOK_REPLACED, /* an older copy of the same book, under a name that chapbook chose */
	CHAPBOOK_NUMBERED, /* another file had the name already: "-2", "-3", … is behind it */
	CHAPBOOK_SAME,     /* not written: these jobs wrote it before, from the same bytes */
};
enum chapbook_saving chapbook_job_saving(const struct chapbook_job *job);

/* --- Many articles: which books were made --- */

/* What the job's one article is known by from run to run: its address without what tells nothing of
 * the page, or the absolute path of its file. The caller frees; NULL when memory runs out. */
char *chapbook_job_key(const struct chapbook_job *job);
/* The SHA-256 digest, in hexadecimal, of what the job's book is made of as far as that is known
 * before anything is fetched: the bytes of its files, the options, the version. A file that cannot
 * be read is no error. */
int chapbook_job_digest(struct chapbook_job *job, char digest[65], struct chapbook_error *err);
/* The dc:identifier of a book. */
const char *chapbook_book_identifier(const struct chapbook_book *book);

/* How the work on an article ended. */
enum chapbook_status {
	CHAPBOOK_MADE,
	CHAPBOOK_FAILED,
	CHAPBOOK_UNAVAILABLE, /* it failed, and a later try may succeed */
};

/* What is kept of an article. Strings are UTF-8; only those that may be NULL say so. */
struct chapbook_entry {
	const char *key, *digest;
	enum chapbook_status status;
	const char *input;          /* what the caller named it by; or NULL */
	const char *file;           /* of the book that was made, without its folder; or NULL */
	const char *identity;       /* dc:identifier of the book, or NULL */
	const char *reason;         /* of the failure, or NULL */
	unsigned long long missing; /* pictures */
	unsigned long long ms;      /* that it took */
};

/* A record: a file with a line of JSON for each article; the last one of a key counts. */
struct chapbook_record;

/* Open a record, or make it. A last line that is not whole is cut off; another line that is not
 * valid is reported to `fn` and ignored. A file that is no record is CHAPBOOK_E_USAGE. */
struct chapbook_record *chapbook_record_open(const char *path, chapbook_message_fn *fn, void *ctx,
					     struct chapbook_error *err);
void chapbook_record_close(struct chapbook_record *record);
/* Whether there is an entry. Its strings live until the next call. Not found is what was added and
 * not flushed. */
bool chapbook_record_find(struct chapbook_record *record, const char *key,
			  struct chapbook_entry *entry);
/* Add an entry, which is in memory until it is flushed: written, and on the disk when the function
 * returns 0. */
int chapbook_record_add(struct chapbook_record *record, const struct chapbook_entry *entry,
			struct chapbook_error *err);
int chapbook_record_flush(struct chapbook_record *record, struct chapbook_error *err);
/* Forget what was added and is not flushed. */
void chapbook_record_drop(struct chapbook_record *record);

/* What is found in the job's one article, without making a book: its body as an XHTML document
 * (pictures by their addresses) and what is known of it as a JSON object (members: title, subtitle,
 * standfirst, authors, published, modified, site, section, language, direction, description, url,
 * canonical, image, licence, subjects, figures). The caller frees both. */
int chapbook_job_extract(struct chapbook_job *job, char **html, char **json,
			 struct chapbook_error *err);
/* The same, written to STEM.html and STEM.json, each whole or not at all; the folder is made if
 * absent. */
int chapbook_job_extract_files(struct chapbook_job *job, const char *stem,
			       struct chapbook_error *err);

/* Examine any EPUB file. `fn` is called for each finding. Returns the number of findings of
 * severity CHAPBOOK_ERROR, or -1 if the file cannot be read at all. */
int chapbook_check(const char *path, chapbook_message_fn *fn, void *ctx,
		   struct chapbook_error *err);
/* The same, and what a device, a shop or a purpose wants besides: "generic", "kindle", "kobo",
 * "google", "archive"; NULL: nothing. */
int chapbook_check_profile(const char *path, const char *profile, chapbook_message_fn *fn,
			   void *ctx, struct chapbook_error *err);

/* Pass every rule of chapbook_check() to `fn`: `where` is the standard and its section, `text` what
 * is wrong when the rule is broken. */
void chapbook_list_rules(chapbook_message_fn *fn, void *ctx);
/* Pass every kind of message of a conversion to `fn`: `text` is its meaning, `where` is NULL. */
void chapbook_list_warnings(chapbook_message_fn *fn, void *ctx);

/* What is in an EPUB: metadata, contents, photos with captions, as text for people or as
 * JSON. The caller frees the result. */
enum chapbook_info_format { CHAPBOOK_INFO_TEXT, CHAPBOOK_INFO_JSON };
char *chapbook_info(const char *path, enum chapbook_info_format format, struct chapbook_error *err);

/* Give up, for the calling thread and those that it starts from now on, and for ever, what making
 * books does not need, before untrusted bytes are parsed: reading other files than those that
 * `read` names, those below its folders and the system's own libraries and data; writing but below
 * the folders `write`; and system calls for sockets, other programs, other processes and the like.
 * With `network`, sockets may be opened for TCP and UDP, and none may listen. Both lists end with
 * NULL and may be NULL; a path of `write` that is no folder stands for the one that it is in, one
 * that does not exist for the nearest above it. The library never calls this by itself.
 * Returns what this kernel could do, a sum of: */
enum {
	CHAPBOOK_SANDBOX_FILES = 1, /* Landlock */
	CHAPBOOK_SANDBOX_CALLS = 2, /* seccomp */
};
int chapbook_sandbox(const char *const *read, const char *const *write, bool network);

/* What the work of chapbook_run() may do. The lists `read` and `write` end with NULL; all may be
 * NULL. */
struct chapbook_access {
	bool open;               /* everything: no sandbox */
	bool network;            /* open TCP and UDP sockets */
	const char *const *read; /* read these files and what is below these folders */
	const char *const
		*inputs; /* read these files; in strcmp()'s order, for there may be many */
	size_t input_count;
	const char *const *folders; /* articles may name files below these; real paths in that
				     * order */
	size_t folder_count;
	const char *const *write;   /* write below these folders: a cache */
	const char *const *outputs; /* make and replace these files; in strcmp()'s order */
	size_t output_count;
	unsigned long long memory; /* bytes of memory that the process may take; 0: any number.
				    * AddressSanitizer needs more: such a build has no limit */
	unsigned cpu;      /* seconds of CPU time after which the process has SIGXCPU, and again
			    * each second, unless the work handles it its end; 0: never */
	unsigned cpu_max;  /* after which it is killed; 0: any number */
	const char *books; /* make EPUB files right in this folder, and replace those that
			    * are EPUB files; NULL: none. "": the current folder */
	const struct chapbook_watch *watch; /* or NULL */
};

/* What the calling process does during the work. */
struct chapbook_watch {
	/* The work called chapbook_tell(). Returns what that returns. The bytes come from a process
	 * that may have been taken over. */
	int (*told)(void *ctx, const void *bytes, size_t size);
	/* Books are written in groups: flushed together, then given their names, then this is
	 * called. `err` is not NULL where that failed: some have no names, and the work is to be
	 * ended. */
	void (*saved)(void *ctx, const struct chapbook_error *err);
	/* Called several times a second. Whether to end the work at once (SIGKILL). */
	bool (*tick)(void *ctx);
	void *ctx;
};

/* In the work of chapbook_run(): tell the calling process, which has a watch, at most 16,000 bytes.
 * Returns its answer, which is not negative; -1: there is no such process. Any thread may call. */
int chapbook_tell(const void *bytes, size_t size);

/* How the work ended. */
struct chapbook_outcome {
	int value;  /* what it returned: 0 to 255 */
	int signal; /* that ended its process instead, or 0 */
};

/* Do `work` in a process of its own, which is first put into the sandbox: `held` is what
 * chapbook_sandbox() returned. `outputs` and `books` are written by the calling process, at the
 * other's request: code that takes over the other process can make or replace no other file. To be
 * called while the program has one thread. Other signals that end the work than those that a person
 * sends (SIGINT, SIGTERM, SIGHUP, SIGQUIT, which end the caller, too) are an outcome.
 * Returns -1 where no process can be started (sys_errno). */
int chapbook_run(const struct chapbook_access *access, int (*work)(void *ctx, int held), void *ctx,
		 struct chapbook_outcome *outcome, struct chapbook_error *err);

/* Lower the limits of the calling process to those of `access` (memory, cpu, cpu_max), for ever:
 * what chapbook_run() does in the other process. */
void chapbook_limit(const struct chapbook_access *access);

/* Make a hidden folder in `folder` for what is renamed once it is whole, after removing those that
 * killed processes left there. *path is malloc()ed. Returns a descriptor that holds the lock on the
 * folder, or -1. */
int chapbook_temporary_make(const char *folder, char **path, struct chapbook_error *err);
/* Remove the folder with all that is in it, and free `path`; -1 and NULL are fine. */
void chapbook_temporary_remove(int fd, char *path);

/* Cut user names and passwords ("https://ann:secret@host/") out of every address in a text, in
 * place. What the library writes and tells has none; this is for a caller's own messages. */
void chapbook_hide_login(char *text);

const char *chapbook_version(void);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
