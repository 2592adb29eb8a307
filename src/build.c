/* The pipeline: read, bind, write, check, zip. */
#include "job.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/gzip.h"
#include "base/id.h"
#include "epub/check.h"
#include "epub/epub.h"
#include "epub/info.h"
#include "epub/package.h"
#include "epub/xhtml.h"
#include "extract/record.h"
#include "media/media.h"
#include "read/metadata.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No article is larger; it keeps a mistaken argument from filling the memory. */
#define INPUT_MAX          ((size_t)512 << 20)
#define METADATA_MAX       ((size_t)1 << 20)
#define CSS_MAX            ((size_t)16 << 20)
#define TITLE_IN_FILE_NAME 60

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

/* The input's bytes; what was compressed is unpacked. *owned is what the caller frees. */
static int load_input(const struct input *input, const char **bytes, size_t *size, char **owned,
		      struct chapbook_error *err)
{
	*bytes = input->bytes;
	*size = input->size;
	if (!input->bytes) {
		if (file_read(input->name, INPUT_MAX, owned, size, err) != 0)
			return -1;
		*bytes = *owned;
	}
	if (gzip_is(*bytes, *size)) {
		struct chapbook_error why = {0};
		char *unpacked;
		if (gzip_read(*bytes, *size, INPUT_MAX, &unpacked, size, &why) != 0)
			return error_set(err, why.code, "%s: %s", input->name, why.message);
		free(*owned);
		*bytes = *owned = unpacked;
	}
	return 0;
}

static bool is_stdin(const struct input *input)
{
	return strcmp(input->name, "-") == 0 && !input->bytes;
}

/* Load the body's pictures, for a book; or give them their addresses, where there is to be none. */
static int settle_pictures(const struct chapbook_job *job, const struct input *input, bool load,
			   struct article *article, struct diag *diag, struct chapbook_error *err)
{
	char *dir = is_stdin(input) ? strdup(".") : file_dirname(input->name);
	int rc = 0;
	if (!dir)
		return error_memory(err);
	if (job->no_cover)
		article->cover_ref = NULL;
	if (load)
		rc = media_load(article, dir, &job->photos, diag, err);
	else
		media_settle_addresses(article, dir);
	free(dir);
	return rc;
}

static void tell_nameless(const struct article *article, struct diag *diag)
{
	for (size_t i = 0; i < article->authors.count; i++)
		if (!article->authors.items[i].name)
			diag_add(diag, DIAG_METADATA_BAD, 0,
				 "the bio is nobody's: no author is named, by --author or in the "
				 "text");
}

/* What the input says, after what the caller said. `pictures`: see settle_pictures(). */
static int fill_article(const struct chapbook_job *job, const struct input *input,
			const struct metadata_files *metadata, bool pictures,
			struct article *article, struct diag *diag, struct chapbook_error *err)
{
	struct read_input in = {.format = job->format,
				.charset = job->charset,
				.url = input->url,
				.metadata = metadata->items,
				.metadata_count = metadata->count};
	char *owned = NULL;
	if (load_input(input, &in.bytes, &in.size, &owned, err) != 0) {
		free(owned);
		return -1;
	}
	in.name = diag->file = is_stdin(input) ? "standard input" : input->name;
	sha256_hex(in.bytes, in.size, article->digest);
	if (!is_stdin(input))
		article_fill(article, &article->source_name, file_basename(input->name), SIZE_MAX);
	apply_settings(job, article);
	int rc = read_article(article, &in, diag, err);
	free(owned);
	if (rc != 0 || settle_pictures(job, input, pictures, article, diag, err) != 0)
		return -1;
	article_collect_figures(article);
	tell_nameless(article, diag);
	return article_failed(article) ? error_memory(err) : 0;
}

static struct article *read_input(const struct chapbook_job *job, const struct input *input,
				  const struct metadata_files *metadata, bool pictures,
				  struct diag *diag, struct chapbook_error *err)
{
	struct article *article = article_new();
	if (!article)
		error_memory(err);
	else if (fill_article(job, input, metadata, pictures, article, diag, err) == 0)
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
	if (count > 1 && job->photos.count) {
		error_set(err, CHAPBOOK_E_USAGE, "photo: whose, of several articles?");
		goto out;
	}
	for (; done < count; done++) {
		articles[done] =
			read_input(job, &job->inputs.items[done], &metadata, true, diag, err);
		if (!articles[done])
			goto out;
	}
	diag->file = NULL;
	book = book_bind(articles, count, &job->book, diag, err);
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
	if (add_css(book, &job->css, err) != 0 || cover_add(job, book, &diag, err) != 0)
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

int chapbook_job_write_bytes(struct chapbook_job *job, char **bytes, size_t *size,
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

int chapbook_job_write_dir(struct chapbook_job *job, const char *dir, struct chapbook_error *err)
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

int chapbook_job_write_file(struct chapbook_job *job, const char *path, struct chapbook_error *err)
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

const char *chapbook_job_path(const struct chapbook_job *job)
{
	return job->path;
}

/* --- The article alone --- */

static int extract(struct chapbook_job *job, struct buf *html, struct buf *json,
		   struct chapbook_error *err)
{
	struct diag diag = {.fn = job->on_message, .ctx = job->on_message_ctx};
	struct metadata_files metadata;
	struct article *article = NULL;
	int rc = -1;
	if (metadata_files_read(job, &metadata, err) != 0)
		goto out;
	if (job->inputs.count != 1) {
		error_set(err, CHAPBOOK_E_USAGE, "extract: one article at a time");
		goto out;
	}
	article = read_input(job, &job->inputs.items[0], &metadata, false, &diag, err);
	if (!article)
		goto out;
	xhtml_put_document(html, article);
	record_put_json(json, article);
	rc = html->failed || json->failed ? error_memory(err) : 0;
out:
	article_free(article);
	metadata_files_release(&metadata);
	return rc;
}

int chapbook_job_extract(struct chapbook_job *job, char **html, char **json,
			 struct chapbook_error *err)
{
	struct buf document = BUF_INIT, record = BUF_INIT;
	int rc = extract(job, &document, &record, err);
	*html = rc == 0 ? buf_detach(&document, NULL) : NULL;
	*json = rc == 0 ? buf_detach(&record, NULL) : NULL;
	buf_release(&document);
	buf_release(&record);
	return rc;
}

int chapbook_job_extract_files(struct chapbook_job *job, const char *stem,
			       struct chapbook_error *err)
{
	struct buf document = BUF_INIT, record = BUF_INIT, path = BUF_INIT;
	char *folder = NULL;
	int rc = extract(job, &document, &record, err);
	if (rc != 0)
		goto out;
	rc = -1;
	folder = file_dirname(stem);
	buf_printf(&path, "%s.html", stem);
	if (!folder || path.failed) {
		error_memory(err);
		goto out;
	}
	if (file_mkdirs(folder, err) != 0 ||
	    file_write(path.data, document.data, document.len, err) != 0)
		goto out;
	memcpy(path.data + strlen(stem), ".json", strlen(".json"));
	rc = file_write(path.data, record.data, record.len, err);
out:
	free(folder);
	buf_release(&path);
	buf_release(&document);
	buf_release(&record);
	return rc;
}

/* --- Looking into books --- */

int chapbook_check(const char *path, chapbook_message_fn *fn, void *ctx, struct chapbook_error *err)
{
	struct package package = PACKAGE_INIT;
	struct container_facts facts;
	job_init_library();
	int rc = package_open(&package, path, &facts, err);
	if (rc == 0)
		rc = check_package(&package, &facts, 0, fn, ctx, err);
	package_release(&package);
	return rc;
}

char *chapbook_info(const char *path, enum chapbook_info_format format, struct chapbook_error *err)
{
	struct package package = PACKAGE_INIT;
	struct buf out = BUF_INIT;
	char *text = NULL;
	job_init_library();
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
