/* The pipeline, and the public interface to it: read, bind, write, check, zip. */
#include "chapbook.h"

#include "article/article.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "book/book.h"
#include "epub/check.h"
#include "epub/epub.h"
#include "epub/info.h"
#include "epub/package.h"
#include "media/media.h"
#include "read/metadata.h"
#include "read/read.h"
#include "template/template.h"

#include <errno.h>
#include <libxml/parser.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

/* No article is larger; it keeps a mistaken argument from filling the memory. */
#define INPUT_MAX          ((size_t)512 << 20)
#define METADATA_MAX       ((size_t)1 << 20)
#define CSS_MAX            ((size_t)16 << 20)
#define TITLE_IN_FILE_NAME 60

struct input {
	char *name;  /* path, or what the caller calls it */
	char *bytes; /* NULL: read from the file when its turn comes */
	size_t size;
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

EXPORT struct chapbook_job *chapbook_job_new(void)
{
	struct chapbook_job *job = calloc(1, sizeof *job);
	if (job)
		job->book.epoch = -1;
	return job;
}

EXPORT void chapbook_job_clear(struct chapbook_job *job)
{
	for (size_t i = 0; i < job->inputs.count; i++)
		free(job->inputs.items[i].bytes);
	job->inputs = (struct input_list){0};
	job->path = NULL;
	arena_release(&job->inputs_arena);
}

EXPORT void chapbook_job_free(struct chapbook_job *job)
{
	if (!job)
		return;
	chapbook_job_clear(job);
	template_set_free(job->templates);
	arena_release(&job->arena);
	free(job);
}

EXPORT void chapbook_job_on_message(struct chapbook_job *job, chapbook_message_fn *fn, void *ctx)
{
	job->on_message = fn;
	job->on_message_ctx = ctx;
}

EXPORT const char *chapbook_version(void)
{
	return CHAPBOOK_VERSION;
}

/* --- Options --- */

static int bad_value(const char *key, const char *value, const char *wanted,
		     struct chapbook_error *err)
{
	return error_set(err, CHAPBOOK_E_USAGE, "%s: '%s' is not %s", key, value, wanted);
}

static bool parse_number(const char *value, long long low, long long high, long long *out)
{
	char *end = NULL;
	errno = 0;
	long long n = strtoll(value, &end, 10);
	if (errno || end == value || *end || n < low || n > high)
		return false;
	*out = n;
	return true;
}

static int set_list(struct chapbook_job *job, struct string_list *list, const char *value,
		    struct chapbook_error *err)
{
	char **slot = ARENA_PUSH(&job->arena, *list);
	char *copy = arena_dup(&job->arena, value);
	if (!slot || !copy)
		return error_memory(err);
	*slot = copy;
	return 0;
}

static int set_text(struct chapbook_job *job, const char **field, const char *value,
		    struct chapbook_error *err)
{
	*field = arena_dup(&job->arena, value);
	return *field ? 0 : error_memory(err);
}

/* Metadata that metadata_set() knows is tried out on an article that nobody will read, so that a
 * wrong key or value is told at once. */
static int set_metadata(struct chapbook_job *job, const char *key, const char *value,
			struct chapbook_error *err)
{
	struct article *trial = article_new();
	if (!trial)
		return error_memory(err);
	struct chapbook_error why = {0};
	int known = metadata_set(trial, key, value, &why);
	article_free(trial);
	if (known != 0) {
		if (why.code != CHAPBOOK_OK)
			return error_set(err, why.code, "%s", why.message);
		return error_set(err, CHAPBOOK_E_USAGE, "there is no option '%s'", key);
	}
	struct setting *slot = ARENA_PUSH(&job->arena, job->metadata);
	if (slot)
		*slot = (struct setting){arena_dup(&job->arena, key),
					 arena_dup(&job->arena, value)};
	return job->arena.failed ? error_memory(err) : 0;
}

EXPORT int chapbook_job_set(struct chapbook_job *job, const char *key, const char *value,
			    struct chapbook_error *err)
{
	const struct {
		const char *key;
		struct string_list *list;
	} lists[] = {
		{"metadata-file", &job->metadata_files},
		{"photo", &job->photos},
		{"css", &job->css},
		{"template-dir", &job->template_dirs},
	};
	const struct {
		const char *key;
		const char **field;
	} texts[] = {
		{"conforms-to", &job->book.conforms_to},
		{"certified-by", &job->book.certified_by},
	};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (strcmp(key, lists[i].key) == 0)
			return set_list(job, lists[i].list, value, err);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(key, texts[i].key) == 0)
			return set_text(job, texts[i].field, value, err);
	long long n;
	if (strcmp(key, "from") == 0) {
		int format = read_format_parse(value);
		if (format < 0)
			return bad_value(key, value, "text, markdown or html", err);
		job->format = (enum read_format)format;
		return 0;
	}
	if (strcmp(key, "charset") == 0)
		return set_text(job, (const char **)&job->charset, value, err);
	if (strcmp(key, "theme") == 0) {
		if (!epub_has_theme(value))
			return bad_value(key, value, "a theme; there are: " EPUB_THEMES, err);
		return set_text(job, &job->book.theme, value, err);
	}
	if (strcmp(key, "threads") == 0) {
		if (!parse_number(value, 0, 256, &n))
			return bad_value(key, value, "a number of threads", err);
		job->threads = (unsigned)n;
		return 0;
	}
	if (strcmp(key, "toc-depth") == 0) {
		if (!parse_number(value, 1, 6, &n))
			return bad_value(key, value, "a depth from 1 to 6", err);
		job->book.toc_depth = (int)n;
		return 0;
	}
	if (strcmp(key, "epoch") == 0) {
		if (!parse_number(value, 0, 253402300799, &n))
			return bad_value(key, value, "a number of seconds since 1970", err);
		job->book.epoch = n;
		return 0;
	}
	if (strcmp(key, "split-level") == 0) {
		if (strcmp(value, "auto") == 0)
			job->book.split_level = 0;
		else if (strcmp(value, "none") == 0)
			job->book.split_level = -1;
		else if (parse_number(value, 1, 6, &n))
			job->book.split_level = (int)n;
		else
			return bad_value(key, value, "auto, none or a level from 1 to 6", err);
		return 0;
	}
	return set_metadata(job, key, value, err);
}

/* --- Inputs --- */

static int add_input(struct chapbook_job *job, const char *name, char *bytes, size_t size,
		     struct chapbook_error *err)
{
	struct input *slot = ARENA_PUSH(&job->inputs_arena, job->inputs);
	char *copy = arena_dup(&job->inputs_arena, name);
	if (!slot || !copy) {
		free(bytes);
		return error_memory(err);
	}
	*slot = (struct input){copy, bytes, size};
	return 0;
}

EXPORT int chapbook_job_add_file(struct chapbook_job *job, const char *path,
				 struct chapbook_error *err)
{
	return add_input(job, path, NULL, 0, err);
}

EXPORT int chapbook_job_add_bytes(struct chapbook_job *job, const char *name, const void *bytes,
				  size_t size, struct chapbook_error *err)
{
	char *copy = malloc(size + 1);
	if (!copy)
		return error_memory(err);
	if (size)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	return add_input(job, name, copy, size, err);
}

/* --- The pipeline --- */

struct metadata_files {
	struct read_metadata *items;
	size_t count;
};

static void metadata_files_release(struct metadata_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free((void *)files->items[i].bytes);
	free(files->items);
}

static int metadata_files_read(const struct chapbook_job *job, struct metadata_files *files,
			       struct chapbook_error *err)
{
	*files = (struct metadata_files){0};
	if (job->metadata_files.count == 0)
		return 0;
	files->items = calloc(job->metadata_files.count, sizeof *files->items);
	if (!files->items)
		return error_memory(err);
	for (size_t i = 0; i < job->metadata_files.count; i++) {
		struct read_metadata *file = &files->items[i];
		char *bytes = NULL;
		file->name = job->metadata_files.items[i];
		if (file_read(file->name, METADATA_MAX, &bytes, &file->size, err) != 0)
			return -1;
		file->bytes = bytes;
		files->count++;
	}
	return 0;
}

/* What the caller said comes first, and so stays. The title of a book of several articles is not
 * the title of each. */
static void apply_settings(const struct chapbook_job *job, struct article *article)
{
	bool several = job->inputs.count > 1;
	for (size_t i = 0; i < job->metadata.count; i++) {
		const struct setting *s = &job->metadata.items[i];
		if (!several || strcmp(s->key, "title") != 0)
			metadata_set(article, s->key, s->value, NULL);
	}
}

static struct article *read_input(const struct chapbook_job *job, struct input *input,
				  const struct metadata_files *metadata, struct diag *diag,
				  struct chapbook_error *err)
{
	bool from_stdin = strcmp(input->name, "-") == 0 && !input->bytes;
	char *bytes = input->bytes, *dir = NULL;
	size_t size = input->size;
	bool done = false;
	struct article *article = article_new();
	if (!article) {
		error_memory(err);
		goto out;
	}
	if (!bytes && file_read(input->name, INPUT_MAX, &bytes, &size, err) != 0)
		goto out;
	diag->file = from_stdin ? "standard input" : input->name;
	sha256_hex(bytes, size, article->digest);
	if (!from_stdin)
		article_fill(article, &article->source_name, file_basename(input->name), SIZE_MAX);
	apply_settings(job, article);
	struct read_input in = {.name = diag->file,
				.bytes = bytes,
				.size = size,
				.format = job->format,
				.charset = job->charset,
				.metadata = metadata->items,
				.metadata_count = metadata->count};
	if (read_article(article, &in, diag, err) != 0)
		goto out;
	dir = from_stdin ? strdup(".") : file_dirname(input->name);
	if (!dir) {
		error_memory(err);
		goto out;
	}
	if (media_load(article, dir, &job->photos, diag, err) != 0)
		goto out;
	article_collect_figures(article);
	if (article_failed(article)) {
		error_memory(err);
		goto out;
	}
	done = true;
out:
	if (bytes != input->bytes)
		free(bytes);
	free(dir);
	if (done)
		return article;
	article_free(article);
	return NULL;
}

static struct book *read_and_bind(struct chapbook_job *job, struct diag *diag,
				  struct chapbook_error *err)
{
	struct book *book = NULL;
	struct metadata_files metadata;
	size_t count = job->inputs.count, done = 0;
	struct article **articles = calloc(count ? count : 1, sizeof *articles);
	if (!articles) {
		error_memory(err);
		return NULL;
	}
	if (metadata_files_read(job, &metadata, err) != 0)
		goto out;
	for (; done < count; done++) {
		articles[done] = read_input(job, &job->inputs.items[done], &metadata, diag, err);
		if (!articles[done])
			goto out;
	}
	struct book_options options = job->book;
	for (size_t i = 0; i < job->metadata.count; i++)
		if (strcmp(job->metadata.items[i].key, "title") == 0)
			options.title = job->metadata.items[i].value;
	diag->file = NULL;
	book = book_bind(articles, count, &options, diag, err);
	done = 0; /* the book owns them, or they are gone */
out:
	for (size_t i = 0; i < done; i++)
		article_free(articles[i]);
	free(articles);
	metadata_files_release(&metadata);
	return book;
}

/* Style sheets that options, front matter or metadata files name. */
static int add_css(struct book *book, const struct string_list *paths, struct chapbook_error *err)
{
	for (size_t i = 0; i < paths->count; i++) {
		char *bytes = NULL;
		size_t size;
		if (file_read(paths->items[i], CSS_MAX, &bytes, &size, err) != 0)
			return -1;
		struct resource *css = ARENA_PUSH(&book->arena, book->css);
		if (css) {
			css->id = arena_printf(&book->arena, "css-%zu", book->css.count);
			css->file = arena_printf(&book->arena, "extra-%zu.css", book->css.count);
			css->media_type = "text/css";
			css->bytes = arena_dupn(&book->arena, bytes, size);
			css->size = size;
		}
		free(bytes);
	}
	return book->arena.failed ? error_memory(err) : 0;
}

static int load_templates(struct chapbook_job *job, struct chapbook_error *err)
{
	if (job->templates)
		return 0;
	job->dirs = (struct template_dirs){(const char *const *)job->template_dirs.items,
					   job->template_dirs.count};
	job->templates = template_set_new(template_load, &job->dirs, true);
	return job->templates ? 0 : error_memory(err);
}

/* The first thing that the preflight found. */
struct findings {
	size_t count;
	char text[400];
};

static void on_finding(void *ctx, const struct chapbook_message *m)
{
	struct findings *findings = ctx;
	if (m->severity != CHAPBOOK_NOTE && findings->count++ == 0)
		snprintf(findings->text, sizeof findings->text, "%s%s%s (%s)",
			 m->where ? m->where : "", m->where ? ": " : "", m->text, m->id);
}

/* No book leaves that a reader could stumble over. */
static int preflight(const struct package *package, unsigned threads, struct chapbook_error *err)
{
	struct findings findings = {0};
	if (check_package(package, NULL, threads, on_finding, &findings, err) < 0)
		return error_memory(err);
	if (findings.count == 0)
		return 0;
	return error_set(err, CHAPBOOK_E_INTERNAL,
			 "the book would not be right, and is not written: %s", findings.text);
}

static int make_package(struct chapbook_job *job, struct book **book_out, struct package *package,
			struct chapbook_error *err)
{
	struct diag diag = {.fn = job->on_message, .ctx = job->on_message_ctx};
	struct book *book = NULL;
	int rc = -1;
	if (load_templates(job, err) != 0)
		goto out;
	book = read_and_bind(job, &diag, err);
	if (!book)
		goto out;
	for (size_t i = 0; i < book->article_count; i++)
		if (add_css(book, &book->articles[i]->css, err) != 0)
			goto out;
	if (add_css(book, &job->css, err) != 0)
		goto out;
	if (epub_write(book, job->templates, job->threads, package, err) != 0)
		goto out;
	rc = preflight(package, job->threads, err);
out:
	if (err && rc != 0 && err->code == CHAPBOOK_OK)
		error_memory(err);
	*book_out = book;
	return rc;
}

EXPORT int chapbook_job_write_bytes(struct chapbook_job *job, char **bytes, size_t *size,
				    struct chapbook_error *err)
{
	struct package package = PACKAGE_INIT;
	struct book *book = NULL;
	int rc = make_package(job, &book, &package, err);
	if (rc == 0)
		rc = package_deflate(&package, job->threads, err);
	if (rc == 0)
		rc = package_zip(&package, book->epoch, bytes, size, err);
	package_release(&package);
	book_free(book);
	return rc;
}

EXPORT int chapbook_job_write_dir(struct chapbook_job *job, const char *dir,
				  struct chapbook_error *err)
{
	struct package package = PACKAGE_INIT;
	struct book *book = NULL;
	int rc = make_package(job, &book, &package, err);
	if (rc == 0)
		rc = package_write_dir(&package, dir, err);
	package_release(&package);
	book_free(book);
	return rc;
}

/* A file name from the title; from the input's name when the title has no Latin letters. */
static int name_file(struct chapbook_job *job, const char *folder, const struct book *book,
		     struct chapbook_error *err)
{
	struct buf name = BUF_INIT;
	buf_puts(&name, folder);
	slug_put(&name, book->title, TITLE_IN_FILE_NAME);
	const char *source = book->articles[0]->source_name;
	if (name.len == strlen(folder) && source) {
		const char *dot = strrchr(source, '.');
		buf_append(&name, source,
			   dot && dot != source ? (size_t)(dot - source) : strlen(source));
	}
	if (name.len == strlen(folder))
		buf_puts(&name, "article");
	buf_puts(&name, ".epub");
	job->path = name.failed ? NULL : arena_dup(&job->inputs_arena, name.data);
	buf_release(&name);
	return job->path ? 0 : error_memory(err);
}

EXPORT int chapbook_job_write_file(struct chapbook_job *job, const char *path,
				   struct chapbook_error *err)
{
	struct package package = PACKAGE_INIT;
	struct book *book = NULL;
	char *bytes = NULL;
	size_t size;
	bool folder = path && *path && path[strlen(path) - 1] == '/';
	int rc = make_package(job, &book, &package, err);
	if (rc == 0 && folder)
		rc = file_mkdirs(path, err);
	if (rc == 0 && path && !folder) {
		job->path = arena_dup(&job->inputs_arena, path);
		rc = job->path ? 0 : error_memory(err);
	} else if (rc == 0) {
		rc = name_file(job, path ? path : "", book, err);
	}
	if (rc == 0)
		rc = package_deflate(&package, job->threads, err);
	if (rc == 0)
		rc = package_zip(&package, book->epoch, &bytes, &size, err);
	if (rc == 0)
		rc = file_write(job->path, bytes, size, err);
	free(bytes);
	package_release(&package);
	book_free(book);
	return rc;
}

EXPORT const char *chapbook_job_path(const struct chapbook_job *job)
{
	return job->path;
}

/* --- Looking into books --- */

EXPORT int chapbook_check(const char *path, chapbook_message_fn *fn, void *ctx,
			  struct chapbook_error *err)
{
	struct package package = PACKAGE_INIT;
	struct container_facts facts;
	int rc = package_open(&package, path, &facts, err);
	if (rc == 0)
		rc = check_package(&package, &facts, 0, fn, ctx, err);
	package_release(&package);
	return rc;
}

EXPORT char *chapbook_info(const char *path, enum chapbook_info_format format,
			   struct chapbook_error *err)
{
	struct package package = PACKAGE_INIT;
	struct buf out = BUF_INIT;
	char *text = NULL;
	if (package_open(&package, path, NULL, err) == 0 &&
	    info_put(&package, format, &out, err) == 0) {
		text = buf_detach(&out, NULL);
		if (!text)
			error_memory(err);
	}
	buf_release(&out);
	package_release(&package);
	return text;
}
