/* The pipeline: how a job makes its articles a book. */
#include "job/articles.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/error.h"
#include "base/memory_limit.h"
#include "epub/epub.h"
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

static int load_templates(struct chapbook_job *job, struct chapbook_error *err)
{
	if (job->templates)
		return 0;
	job->dirs = (struct template_dirs){(const char *const *)job->template_dirs.items,
					   job->template_dirs.count};
	job->templates = template_set_new(template_load, &job->dirs, true);
	return job->templates ? 0 : error_memory(err);
}

/* 1. Read the articles, with their pictures. */
static int read_articles(struct chapbook_job *job, struct article_set *set, struct diag *diag,
			 struct chapbook_error *err)
{
	struct metadata_files metadata;
	int rc = metadata_files_read(job, &metadata, err);
	if (rc == 0 && job->inputs.count > 1 && job->photos.count)
		rc = error_set(err, CHAPBOOK_E_USAGE, "--photo needs one article; %zu were given",
			       job->inputs.count);
	if (rc == 0)
		rc = articles_read(job, &metadata, set, diag, err);
	if (rc == 0)
		rc = fit_pictures(job, set->items, set->count, diag, err);
	metadata_files_release(&metadata);
	return rc;
}

/* 2. Begin a book of them, which takes them over. */
static struct book *begin_book(struct chapbook_job *job, struct article_set *set,
			       struct book_options *options, struct chapbook_error *err)
{
	struct article *whole = NULL;
	struct book *book = NULL;
	options->missing = set->missing;
	if (job->inputs.count > 1)
		options->whole = whole = input_book_facts(job);
	if (job->inputs.count > 1 && !whole) {
		error_memory(err);
	} else {
		book = book_new(set->items, set->count, options, err);
		set->count = 0;
	}
	options->whole = NULL;
	article_free(whole);
	return book;
}

/* 3. Add its style sheets and its cover, and finish it. */
static int complete_book(struct chapbook_job *job, struct book *book,
			 const struct book_options *options, struct diag *diag,
			 struct chapbook_error *err)
{
	if (style_add(job, book, diag, err) != 0 || job_add_cover(job, book, diag, err) != 0)
		return -1;
	/* Now, so that a crash of what follows is not put down to the cover. */
	job_progress(job, CHAPBOOK_WRITING, job->inputs.items[0].name, 0, 0);
	return book_finish(book, options, diag, err);
}

/* 4. Write it into a package, and check that. */
static int write_package(struct chapbook_job *job, struct book *book, struct package *package,
			 struct diag *diag, struct chapbook_error *err)
{
	if (epub_write(book, job->templates, job->threads, package, err) != 0 ||
	    preflight(job, book, package, diag, err) != 0)
		return -1;
	for (size_t i = 0; i < book->article_count; i++)
		input_report_summary(book->articles[i], diag);
	return 0;
}

/* Steps 1 to 4. The book, which the package borrows from, is to be freed whatever happens. */
static int make_package(struct chapbook_job *job, struct book **book, struct package *package,
			struct chapbook_error *err)
{
	struct diag diag = {.fn = job->on_message, .ctx = job->on_message_ctx};
	struct book_options options = job->book;
	struct article_set set = {0};
	struct memory_limit limit;
	int rc = -1;
	memory_limit_begin(&limit, job->memory);
	if (load_templates(job, err) == 0 && read_articles(job, &set, &diag, err) == 0 &&
	    (*book = begin_book(job, &set, &options, err)) &&
	    complete_book(job, *book, &options, &diag, err) == 0)
		rc = write_package(job, *book, package, &diag, err);
	articles_release(&set);
	if (err && rc != 0 && err->code == CHAPBOOK_OK)
		error_memory(err);
	if (rc != 0)
		memory_limit_explain(job_name(job), err);
	memory_limit_end();
	return rc;
}

/* 5. Zip it: the book as one file, in memory, which the caller frees. */
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
