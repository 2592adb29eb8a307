#include "job/save.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/file_name.h"
#include "epub/identity.h"
#include "job/job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* A file name, with its extension and without folders, has at most this many bytes. */
enum { MAX_FILE_NAME = 120, MAX_NUMBER = 4 /* "-999" */ };

/* --- Finished books --- */

/* What the file is called: after the book's title, else after the source, else "article". */
static char *make_stem(const struct chapbook_job *job, const struct book *book,
		       const char *extension)
{
	const struct file_name_options options = {.max = MAX_FILE_NAME - MAX_NUMBER -
							 strlen(extension),
						  .ascii = job->ascii_names,
						  .language = book->language};
	struct buf stem = BUF_INIT;
	const char *source = book->articles[0]->source_name;
	file_name_put(&stem, book->title, &options);
	if (stem.len == 0 && source) {
		const char *dot = strrchr(source, '.');
		char *name = strndup(source, dot && dot != source ? (size_t)(dot - source)
								  : strlen(source));
		if (name)
			file_name_put(&stem, name, &options);
		free(name);
	}
	if (stem.len == 0)
		buf_puts(&stem, "article");
	if (!stem.failed)
		return buf_detach(&stem, NULL);
	buf_release(&stem);
	return NULL;
}

static void digest_sources(const struct book *book, char digest[SHA256_HEX])
{
	struct buf all = BUF_INIT;
	for (size_t i = 0; i < book->article_count; i++)
		buf_puts(&all, book->articles[i]->digest);
	sha256_hex(all.data, all.len, digest);
	buf_release(&all);
}

/* The file that the book is made of, so that it is known when it has been edited. */
static void digest_path(const struct chapbook_job *job, char digest[SHA256_HEX])
{
	const struct input *input = job->inputs.items;
	if (job->inputs.count != 1 || input->is_remote || input->bytes)
		return;
	char *path = strcmp(input->name, "-") == 0 ? NULL : realpath(input->name, NULL);
	if (path)
		sha256_hex(path, strlen(path), digest);
	free(path);
}

struct chapbook_book *save_book_new(const struct chapbook_job *job, const struct book *book,
				    char *bytes, size_t size, struct chapbook_error *err)
{
	struct chapbook_book *made = calloc(1, sizeof *made);
	if (!made) {
		free(bytes);
		error_memory(err);
		return NULL;
	}
	made->bytes = bytes;
	made->size = size;
	made->extension = job->kepub ? ".kepub.epub" : ".epub";
	made->stem = make_stem(job, book, made->extension);
	made->identifier = strdup(book->identifier);
	digest_sources(book, made->digest);
	if (book->identifiers.count == 0) /* with one of its own, it is another book */
		digest_path(job, made->source);
	if (made->stem && made->identifier)
		return made;
	chapbook_book_free(made);
	error_memory(err);
	return NULL;
}

void chapbook_book_free(struct chapbook_book *book)
{
	if (!book)
		return;
	free(book->bytes);
	free(book->stem);
	free(book->identifier);
	free(book);
}

const char *chapbook_book_identifier(const struct chapbook_book *book)
{
	return book->identifier;
}

/* --- Files that the caller names --- */

static int check_format(const char *path, struct chapbook_error *err)
{
	static const char *const others[] = {"azw",  "azw3", "cbr",  "cbz",  "djvu", "doc",
					     "docx", "fb2",  "htm",  "html", "kfx",  "lit",
					     "lrf",  "md",   "mobi", "odt",  "pdb",  "pdf",
					     "prc",  "ps",   "rtf",  "tex",  "txt",  "xhtml"};
	const char *name = file_basename(path), *dot = strrchr(name, '.');
	for (size_t i = 0; dot && i < sizeof others / sizeof *others; i++)
		if (strcasecmp(dot + 1, others[i]) == 0)
			return error_set(
				err, CHAPBOOK_E_USAGE,
				"%s: chapbook writes EPUB files, not %s; name it %.*s.epub", path,
				others[i], (int)(dot - name), name);
	return 0;
}

static bool is_file(const struct stat *target, const char *path)
{
	struct stat st;
	return path && stat(path, &st) == 0 && st.st_dev == target->st_dev &&
	       st.st_ino == target->st_ino;
}

/* Whether the target, by whatever path, is a file that the job reads; its name there. */
static const char *find_source(const struct chapbook_job *job, const struct stat *target)
{
	const struct string_list *lists[] = {&job->metadata_files, &job->photos, &job->css};
	for (size_t i = 0; i < job->inputs.count; i++) {
		const struct input *input = &job->inputs.items[i];
		if (!input->is_remote && !input->bytes && is_file(target, input->name))
			return input->name;
	}
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (size_t k = 0; k < lists[i]->count; k++)
			if (is_file(target, lists[i]->items[k]))
				return lists[i]->items[k];
	if (is_file(target, job->cover))
		return job->cover;
	return is_file(target, job->fetch.options.cookies) ? job->fetch.options.cookies : NULL;
}

int save_check(const struct chapbook_job *job, const char *path, struct chapbook_error *err)
{
	struct stat st;
	if (check_format(path, err) != 0)
		return -1;
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return 0;
	const char *source = find_source(job, &st);
	if (source)
		return error_set(err, CHAPBOOK_E_USAGE,
				 "%s: the book would replace the input %s; choose another name",
				 path, source);
	if (job->force || st.st_size == 0 || epub_is_book(path))
		return 0;
	if (errno)
		return error_sys(err, "%s", path);
	return error_set(err, CHAPBOOK_E_USAGE,
			 "%s: this file exists and is not an EPUB; choose another name, or "
			 "replace it with --force",
			 path);
}

static int save_as(struct chapbook_job *job, const struct chapbook_book *book, const char *path,
		   struct chapbook_error *err)
{
	char *folder = file_dirname(path);
	int rc = folder ? save_check(job, path, err) : error_memory(err);
	if (rc == 0)
		rc = file_mkdirs(folder, err);
	free(folder);
	job->path = arena_dup(&job->inputs_arena, path);
	job->saving = CHAPBOOK_WRITTEN;
	if (rc == 0 && !job->path)
		rc = error_memory(err);
	return rc == 0 ? file_write(path, book->bytes, book->size, err) : -1;
}

/* --- Names that chapbook chooses --- */

/* A name without its number. */
struct stem {
	size_t tried;     /* the last number that was tried; 1 stands for none */
	bool other_first; /* the name without a number belongs to a file that is not of this run */
};

/* A book in a file. */
struct saved {
	char *path;
	bool ours; /* this run wrote it */
	char digest[SHA256_HEX];
};

/* The books of one key. */
struct known {
	struct saved *saved;
	struct known *next;
};

void save_names_init(struct save_names *names)
{
	*names = (struct save_names){0};
	pthread_mutex_init(&names->lock, NULL);
}

void save_names_release(struct save_names *names)
{
	map_release(&names->stems);
	map_release(&names->books);
	arena_release(&names->arena);
	pthread_mutex_destroy(&names->lock);
}

/* What is being saved, and where to. */
struct saver {
	struct chapbook_job *job;
	struct save_names *names;
	const struct chapbook_book *book;
	const char *stem; /* with its folder */
	struct chapbook_error *err;
};

/* `id`: the identifier of the book, or the digest of its source. */
static char *book_key(const struct saver *s, const char *id)
{
	return arena_printf(&s->names->arena, "%s%s\n%s", s->stem, s->book->extension, id);
}

static struct stem *find_stem(const struct saver *s)
{
	struct save_names *names = s->names;
	char *key = arena_printf(&names->arena, "%s%s", s->stem, s->book->extension);
	struct stem *stem = key ? map_find(&names->stems, key) : NULL;
	if (stem || !key)
		return stem;
	stem = arena_alloc(&names->arena, sizeof *stem);
	if (stem) {
		*stem = (struct stem){0};
		map_set(&names->stems, key, stem);
	}
	return stem;
}

static bool remember_by(const struct saver *s, struct saved *saved, const char *id)
{
	struct save_names *names = s->names;
	char *key = book_key(s, id);
	struct known *known = arena_alloc(&names->arena, sizeof *known);
	if (!known || !key)
		return false;
	*known = (struct known){saved, map_find(&names->books, key)};
	map_set(&names->books, key, known);
	return true;
}

/* `source`: "" is not known. */
static struct saved *remember(const struct saver *s, char *path, const char *identifier,
			      const char *source)
{
	struct saved *saved = arena_alloc(&s->names->arena, sizeof *saved);
	if (!saved)
		return NULL;
	*saved = (struct saved){.path = path};
	bool done =
		remember_by(s, saved, identifier) && (!*source || remember_by(s, saved, source));
	return done ? saved : NULL;
}

/* The note on a book is the digest of its source, and its identifier: another program may write
 * another book into the file. */
enum { NOTE_SIZE = 1024 };

static void put_note(const struct chapbook_book *book, const char *path)
{
	char note[NOTE_SIZE];
	if (*book->source &&
	    snprintf(note, sizeof note, "%s %s", book->source, book->identifier) < (int)sizeof note)
		file_set_note(path, note);
}

/* The digest of the source of the book at `path`; "": not known. */
static void get_source(const char *path, const char *identifier, char source[SHA256_HEX])
{
	char note[NOTE_SIZE];
	file_get_note(path, note, sizeof note);
	char *space = strchr(note, ' ');
	source[0] = '\0';
	if (space && space - note == SHA256_HEX - 1 && strcmp(space + 1, identifier) == 0)
		snprintf(source, SHA256_HEX, "%.*s", SHA256_HEX - 1, note);
}

/* Write the book over an older copy that is not of this run. */
static int save_replace(const struct saver *s, struct saved *saved)
{
	saved->ours = true;
	memcpy(saved->digest, s->book->digest, sizeof saved->digest);
	s->job->saving = CHAPBOOK_REPLACED;
	s->job->path = arena_dup(&s->job->inputs_arena, saved->path);
	int rc = file_write(saved->path, s->book->bytes, s->book->size, s->err);
	if (rc == 0)
		put_note(s->book, saved->path);
	return rc;
}

static int report_new(const struct saver *s, const struct stem *stem, char *path)
{
	struct saved *saved = remember(s, path, s->book->identifier, s->book->source);
	if (!saved)
		return error_memory(s->err);
	put_note(s->book, path);
	saved->ours = true;
	memcpy(saved->digest, s->book->digest, sizeof saved->digest);
	s->job->saving = stem->other_first ? CHAPBOOK_NUMBERED : CHAPBOOK_WRITTEN;
	s->job->path = arena_dup(&s->job->inputs_arena, path);
	return 0;
}

/* Whether a book of this identifier and source is an older copy of the one that is saved. */
static bool is_older_copy(const struct saver *s, const char *identifier, const char *source)
{
	return strcmp(identifier, s->book->identifier) == 0 ||
	       (*source && strcmp(source, s->book->source) == 0);
}

/* A name is taken: replace the book there if it is the same, else remember it. */
static int meet_other(const struct saver *s, struct stem *stem, char *path, bool *done)
{
	struct buf identifier = BUF_INIT;
	int rc = 0;
	if (epub_put_identifier(&identifier, path)) {
		char source[SHA256_HEX];
		get_source(path, identifier.data, source);
		struct saved *saved = remember(s, path, identifier.data, source);
		*done = is_older_copy(s, identifier.data, source);
		if (!saved)
			rc = error_memory(s->err);
		else if (*done)
			rc = save_replace(s, saved);
	}
	stem->other_first |= stem->tried == 1 && !*done;
	buf_release(&identifier);
	return rc;
}

/* Try the next number. *done says whether the book was saved. */
static int try_next(const struct saver *s, struct stem *stem, bool *done)
{
	struct arena *arena = &s->names->arena;
	const char *extension = s->book->extension;
	bool taken = false;
	size_t number = ++stem->tried;
	char *path = number == 1 ? arena_printf(arena, "%s%s", s->stem, extension)
				 : arena_printf(arena, "%s-%zu%s", s->stem, number, extension);
	if (!path)
		return error_memory(s->err);
	if (file_write_new(path, s->book->bytes, s->book->size, &taken, s->err) != 0)
		return -1;
	*done = !taken;
	return taken ? meet_other(s, stem, path, done) : report_new(s, stem, path);
}

/* Where this run has met or written a copy of the book, save it there. */
static int save_known(const struct saver *s, const char *id, bool *done)
{
	char *key = book_key(s, id);
	if (!key)
		return error_memory(s->err);
	for (const struct known *k = map_find(&s->names->books, key); k && !*done; k = k->next) {
		struct saved *saved = k->saved;
		bool same = strcmp(saved->digest, s->book->digest) == 0;
		*done = !saved->ours || same;
		if (!saved->ours)
			return save_replace(s, saved);
		if (same) {
			s->job->saving = CHAPBOOK_SAME;
			s->job->path = arena_dup(&s->job->inputs_arena, saved->path);
		}
	}
	return 0;
}

/* Each name is inspected once in a run, however many books want it. */
static int save_in_turn(const struct saver *s)
{
	struct stem *stem = find_stem(s);
	bool done = false;
	int rc = stem ? 0 : error_memory(s->err);
	if (rc == 0)
		rc = save_known(s, s->book->identifier, &done);
	if (rc == 0 && !done && *s->book->source)
		rc = save_known(s, s->book->source, &done);
	while (rc == 0 && !done)
		rc = try_next(s, stem, &done);
	return rc;
}

static int save_in(struct chapbook_job *job, const struct chapbook_book *book, const char *folder,
		   struct chapbook_error *err)
{
	struct save_names *names = &job->shared->names;
	struct buf stem = BUF_INIT;
	buf_printf(&stem, "%s%s", folder, book->stem);
	int rc = stem.failed ? error_memory(err) : 0;
	if (rc == 0 && *folder)
		rc = file_mkdirs(folder, err);
	if (rc == 0) {
		const struct saver saver = {job, names, book, stem.data, err};
		pthread_mutex_lock(&names->lock);
		rc = save_in_turn(&saver);
		pthread_mutex_unlock(&names->lock);
	}
	buf_release(&stem);
	return rc == 0 && !job->path ? error_memory(err) : rc;
}

bool save_is_folder(const char *path)
{
	return !path || !*path || path[strlen(path) - 1] == '/';
}

int chapbook_job_save(struct chapbook_job *job, const struct chapbook_book *book, const char *path,
		      struct chapbook_error *err)
{
	job->path = NULL;
	if (save_is_folder(path))
		return save_in(job, book, path ? path : "", err);
	return save_as(job, book, path, err);
}

const char *chapbook_job_path(const struct chapbook_job *job)
{
	return job->path;
}

enum chapbook_saving chapbook_job_saving(const struct chapbook_job *job)
{
	return job->saving;
}
