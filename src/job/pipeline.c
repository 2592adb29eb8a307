/* The pipeline: read, bind, write, check, zip. */
#include "job/articles.h"

#include "article/xhtml.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory_limit.h"
#include "base/userinfo.h"
#include "check/check.h"
#include "epub/epub.h"
#include "extract/metadata/record.h"
#include "info/info.h"
#include "job/pictures.h"
#include "job/save.h"
#include "package/package.h"

#include <stdlib.h>
#include <string.h>

/* What is not a picture has room in this much of a book; what is more comes off the pictures. */
enum { ROOM_FOR_TEXT = 500 * 1000 };

/* The bytes that the book may have; 0: any number. */
static size_t max_bytes(const struct chapbook_job *job)
{
	long long said = job->pictures.max_book_size;
	return said != NOT_SAID ? (size_t)said : job->pictures.profile->max_book_size;
}

/* The size of a book is, nearly, that of its pictures. */
static int fit_pictures(struct chapbook_job *job, struct article **articles, size_t count,
			struct diag *diag, struct chapbook_error *err)
{
	size_t most = max_bytes(job);
	struct media_options options;
	input_media_options(job, &options);
	if (most == 0)
		return 0;
	size_t text = ROOM_FOR_TEXT < most / 4 ? ROOM_FOR_TEXT : most / 4;
	return media_shrink(articles, count, most - text, &options, diag, err);
}

static struct book *read_and_bind(struct chapbook_job *job, struct diag *diag,
				  struct chapbook_error *err)
{
	struct book *book = NULL;
	struct article *facts = NULL;
	struct metadata_files metadata;
	struct article_set set = {0};
	if (metadata_files_read(job, &metadata, err) != 0)
		goto out;
	if (job->inputs.count > 1 && job->photos.count) {
		error_set(err, CHAPBOOK_E_USAGE, "--photo needs one article; %zu were given",
			  job->inputs.count);
		goto out;
	}
	if (articles_read(job, &metadata, &set, diag, err) != 0 ||
	    fit_pictures(job, set.items, set.count, diag, err) != 0)
		goto out;
	job->book.missing = set.missing;
	if (job->inputs.count > 1 && !(job->book.whole = facts = input_book_facts(job))) {
		error_memory(err);
		goto out;
	}
	book = book_bind(set.items, set.count, &job->book, diag, err);
	set.count = 0; /* the book has taken them over */
out:
	job->book.whole = NULL;
	article_free(facts);
	articles_release(&set);
	metadata_files_release(&metadata);
	return book;
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

/* What an error of the job is called, where no input is at fault alone. */
static const char *pipeline_name_of(const struct chapbook_job *job)
{
	return job->inputs.count == 1 ? job->inputs.items[0].name : "the book";
}

static int make_package(struct chapbook_job *job, struct book **book_out, struct package *package,
			struct chapbook_error *err)
{
	struct diag diag = {.fn = job->on_message, .ctx = job->on_message_ctx};
	struct memory_limit limit;
	struct book *book = NULL;
	int rc = -1;
	memory_limit_begin(&limit, job->memory);
	if (load_templates(job, err) != 0)
		goto out;
	book = read_and_bind(job, &diag, err);
	if (!book)
		goto out;
	if (style_add(job, book, &diag, err) != 0 || cover_add(job, book, &diag, err) != 0)
		goto out;
	job_progress(job, CHAPBOOK_WRITING, job->inputs.items[0].name, 0, 0);
	if (epub_write(book, job->templates, job->threads, package, err) != 0)
		goto out;
	rc = preflight(job, book, package, &diag, err);
	for (size_t i = 0; rc == 0 && i < book->article_count; i++)
		input_report_summary(book->articles[i], &diag);
out:
	if (err && rc != 0 && err->code == CHAPBOOK_OK)
		error_memory(err);
	if (rc != 0)
		memory_limit_explain(pipeline_name_of(job), err);
	memory_limit_end();
	*book_out = book;
	return rc;
}

/* The book as one file, in memory, which the caller frees. */
static int make_file(struct chapbook_job *job, struct package *package, const struct book *book,
		     char **bytes, size_t *size, struct chapbook_error *err)
{
	size_t most = max_bytes(job);
	if (package_deflate(package, job->threads, err) != 0 ||
	    package_zip(package, book->epoch, bytes, size, err) != 0)
		return -1;
	if (most == 0 || *size <= most)
		return 0;
	free(*bytes);
	*bytes = NULL;
	return error_set(
		err, CHAPBOOK_E_LIMIT,
		"the book has %zu KB and the limit is %zu KB: the text is too large; use a "
		"larger --max-book-size",
		*size / 1000 + 1, most / 1000);
}

int chapbook_job_write_bytes(struct chapbook_job *job, char **bytes, size_t *size,
			     struct chapbook_error *err)
{
	struct package package = PACKAGE_INIT;
	struct book *book = NULL;
	int rc = make_package(job, &book, &package, err);
	if (rc == 0)
		rc = make_file(job, &package, book, bytes, size, err);
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

struct chapbook_book *chapbook_job_make(struct chapbook_job *job, struct chapbook_error *err)
{
	struct package package = PACKAGE_INIT;
	struct book *book = NULL;
	struct chapbook_book *made = NULL;
	char *bytes = NULL;
	size_t size;
	if (make_package(job, &book, &package, err) == 0 &&
	    make_file(job, &package, book, &bytes, &size, err) == 0)
		made = save_book_new(job, book, bytes, size, err);
	package_release(&package);
	book_free(book);
	return made;
}

int chapbook_job_write_file(struct chapbook_job *job, const char *path, struct chapbook_error *err)
{
	if (!save_is_folder(path) && save_check(job, path, err) != 0)
		return -1;
	struct chapbook_book *book = chapbook_job_make(job, err);
	int rc = book ? chapbook_job_save(job, book, path, err) : -1;
	chapbook_book_free(book);
	return rc;
}

/* --- The article alone --- */

static int extract(struct chapbook_job *job, struct buf *html, struct buf *json,
		   struct chapbook_error *err)
{
	struct diag diag = {.fn = job->on_message, .ctx = job->on_message_ctx};
	struct metadata_files metadata;
	struct memory_limit limit;
	struct article *article = NULL;
	int rc = -1;
	memory_limit_begin(&limit, job->memory);
	if (metadata_files_read(job, &metadata, err) != 0)
		goto out;
	if (job->inputs.count != 1) {
		error_set(err, CHAPBOOK_E_USAGE, "extract: one article at a time");
		goto out;
	}
	article = input_read(job, &job->inputs.items[0], &metadata, false, &diag, err);
	if (!article)
		goto out;
	xhtml_put_document(html, article);
	record_put_json(json, article);
	input_report_summary(article, &diag);
	rc = html->failed || json->failed ? error_memory(err) : 0;
out:
	if (rc != 0)
		memory_limit_explain(pipeline_name_of(job), err);
	memory_limit_end();
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
	return chapbook_check_profile(path, NULL, fn, ctx, err);
}

int chapbook_check_profile(const char *path, const char *profile, chapbook_message_fn *fn,
			   void *ctx, struct chapbook_error *err)
{
	struct package package = PACKAGE_INIT;
	struct container_facts facts;
	enum check_profile wanted = profile ? check_profile_find(profile) : PROFILE_NONE;
	if (profile && wanted == PROFILE_NONE)
		return error_set(
			err, CHAPBOOK_E_USAGE,
			"--profile: '%.100s' is not a profile; the profiles are " CHECK_PROFILES,
			profile);
	job_init_library();
	int rc = package_open(&package, path, &facts, err);
	facts.file_name = path;
	if (rc == 0)
		rc = check_package(&package, &facts,
				   &(struct check_options){.profile = wanted, .fn = fn, .ctx = ctx},
				   err);
	package_release(&package);
	return rc;
}

void chapbook_list_rules(chapbook_message_fn *fn, void *ctx)
{
	for (size_t i = 0; i < check_rule_count; i++)
		fn(ctx, &(struct chapbook_message){check_rules[i].severity, check_rules[i].id,
						   check_rules[i].source, check_rules[i].text});
}

void chapbook_list_warnings(chapbook_message_fn *fn, void *ctx)
{
	diag_list(fn, ctx);
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
		if (text)
			userinfo_cut(text);
		else
			error_memory(err);
	}
	buf_release(&out);
	package_release(&package);
	return text;
}
