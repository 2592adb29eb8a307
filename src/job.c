/* Jobs: options and inputs. */
#include "job.h"

#include "article/url.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"
#include "epub/epub.h"
#include "read/metadata.h"

#include <errno.h>
#include <libxml/parser.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static void say_nothing(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

/* libxml2 2.9 makes the locks of its own tables without one: xmlInitParser() must have run. And it
 * prints what it has to say on stderr, unless each thread is told otherwise: this one, and those
 * that come. */
static void init_libxml2(void)
{
	xmlThrDefSetGenericErrorFunc(NULL, say_nothing);
	xmlSetGenericErrorFunc(NULL, say_nothing);
	xmlInitParser();
}

void job_init_library(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, init_libxml2);
}

struct chapbook_job *chapbook_job_new(void)
{
	job_init_library();
	struct chapbook_job *job = calloc(1, sizeof *job);
	if (job)
		job->book.epoch = -1;
	return job;
}

void chapbook_job_clear(struct chapbook_job *job)
{
	for (size_t i = 0; i < job->inputs.count; i++)
		free(job->inputs.items[i].bytes);
	job->inputs = (struct input_list){0};
	job->path = NULL;
	arena_release(&job->inputs_arena);
}

void chapbook_job_free(struct chapbook_job *job)
{
	if (!job)
		return;
	chapbook_job_clear(job);
	template_set_free(job->templates);
	arena_release(&job->arena);
	free(job);
}

void chapbook_job_on_message(struct chapbook_job *job, chapbook_message_fn *fn, void *ctx)
{
	job->on_message = fn;
	job->on_message_ctx = ctx;
}

const char *chapbook_version(void)
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

/* What ends up in the book must be fit for XML. */
static int set_text(struct chapbook_job *job, const char **field, const char *value,
		    struct chapbook_error *err)
{
	struct buf clean = BUF_INIT;
	utf8_clean(&clean, value, strlen(value));
	buf_fold_space(&clean, 0);
	*field = clean.failed ? NULL : arena_dup(&job->arena, clean.data);
	buf_release(&clean);
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

/* A picture is named from where the caller is, not from where an article lies. */
static int set_cover(struct chapbook_job *job, const char *value, struct chapbook_error *err)
{
	job->no_cover = strcmp(value, "none") == 0;
	if (job->no_cover || strcmp(value, "auto") == 0)
		return 0;
	char *path = realpath(value, NULL);
	if (!path)
		return error_sys(err, "%s", value);
	int rc = set_metadata(job, "cover-image", path, err);
	free(path);
	return rc;
}

int chapbook_job_set(struct chapbook_job *job, const char *key, const char *value,
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
	if (strcmp(key, "base-url") == 0) {
		if (*value && !url_is_absolute(value))
			return bad_value(key, value, "a URL", err);
		return set_text(job, (const char **)&job->base_url, value, err);
	}
	if (strcmp(key, "cover") == 0)
		return set_cover(job, value, err);
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
	/* Of a book of several articles the title is the book's; of one it is the article's, too.
	 */
	if (strcmp(key, "title") == 0 && set_text(job, &job->book.title, value, err) != 0)
		return -1;
	return set_metadata(job, key, value, err);
}

/* --- Inputs --- */

static int add_input(struct chapbook_job *job, const char *name, char *bytes, size_t size,
		     struct chapbook_error *err)
{
	struct input *slot = ARENA_PUSH(&job->inputs_arena, job->inputs);
	char *copy = arena_dup(&job->inputs_arena, name), *url = NULL;
	if (job->base_url && *job->base_url)
		url = arena_dup(&job->inputs_arena, job->base_url);
	if (!slot || job->inputs_arena.failed) {
		free(bytes);
		return error_memory(err);
	}
	*slot = (struct input){copy, bytes, size, url};
	return 0;
}

int chapbook_job_add_file(struct chapbook_job *job, const char *path, struct chapbook_error *err)
{
	return add_input(job, path, NULL, 0, err);
}

int chapbook_job_add_bytes(struct chapbook_job *job, const char *name, const void *bytes,
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
