/* Jobs: their lives, what they share, their inputs. */
#include "job/job.h"

#include "base/error.h"
#include "base/userinfo.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

static void job_ignore_message(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

/* libxml2 2.9 makes the locks of its own tables without one: xmlInitParser() must have run. And it
 * prints what it has to say on stderr, unless it is set otherwise for each thread: this one, and
 * those that come. */
static void init_libxml2(void)
{
	xmlThrDefSetGenericErrorFunc(NULL, job_ignore_message);
	xmlSetGenericErrorFunc(NULL, job_ignore_message);
	xmlInitParser();
}

void job_init_library(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, init_libxml2);
}

/* Memory for pictures that are worked on: all jobs of a program together. */
enum { PICTURE_MEMORY = 512 << 20 };

/* That a book may take while it is made, unless "limit-memory" is set. */
enum { MEMORY = 1000 * 1000 * 1000 };

static struct shared_state *shared_state_new(void)
{
	struct shared_state *shared = calloc(1, sizeof *shared);
	if (shared) {
		pthread_mutex_init(&shared->lock, NULL);
		budget_init(&shared->budget, PICTURE_MEMORY);
		save_names_init(&shared->names);
	}
	return shared;
}

static void shared_state_free(struct shared_state *shared)
{
	if (!shared)
		return;
	fetcher_free(shared->fetcher);
	budget_release(&shared->budget);
	save_names_release(&shared->names);
	pthread_mutex_destroy(&shared->lock);
	free(shared);
}

struct chapbook_job *chapbook_job_new(void)
{
	job_init_library();
	struct chapbook_job *job = calloc(1, sizeof *job);
	if (!job)
		return NULL;
	job->shared = shared_state_new();
	if (!job->shared) {
		free(job);
		return NULL;
	}
	job->book.epoch = -1;
	job->memory = MEMORY;
	job->pictures.profile = profile_find(NULL);
	job->pictures.width = job->pictures.height = NOT_SAID;
	job->pictures.quality = job->pictures.max_book_size = NOT_SAID;
	return job;
}

void chapbook_job_share(struct chapbook_job *job, struct chapbook_job *with)
{
	if (!job->borrows_shared)
		shared_state_free(job->shared);
	job->shared = with->shared;
	job->borrows_shared = true;
}

struct fetcher *job_fetcher(struct chapbook_job *job)
{
	struct shared_state *shared = job->shared;
	struct fetch_options options = job->fetch.options;
	options.headers = (const char *const *)job->fetch.headers.items;
	options.header_count = job->fetch.headers.count;
	pthread_mutex_lock(&shared->lock);
	if (!shared->fetcher)
		shared->fetcher = fetcher_new(&options);
	struct fetcher *fetcher = shared->fetcher;
	pthread_mutex_unlock(&shared->lock);
	return fetcher;
}

void chapbook_job_clear(struct chapbook_job *job)
{
	for (size_t i = 0; i < job->inputs.count; i++) {
		free(job->inputs.items[i].bytes);
		free(job->inputs.items[i].kept);
	}
	job->inputs = (struct input_list){0};
	job->path = NULL;
	arena_release(&job->inputs_arena);
}

void chapbook_job_free(struct chapbook_job *job)
{
	if (!job)
		return;
	chapbook_job_clear(job);
	map_release(&job->choice.seen);
	template_set_free(job->templates);
	if (!job->borrows_shared)
		shared_state_free(job->shared);
	arena_release(&job->arena);
	free(job);
}

void chapbook_job_on_message(struct chapbook_job *job, chapbook_message_fn *fn, void *ctx)
{
	job->on_message = fn;
	job->on_message_ctx = ctx;
}

void chapbook_job_fetched(struct chapbook_job *job, struct chapbook_fetched *fetched)
{
	struct fetch_tally tally = {0};
	pthread_mutex_lock(&job->shared->lock);
	if (job->shared->fetcher)
		fetcher_tally(job->shared->fetcher, &tally);
	pthread_mutex_unlock(&job->shared->lock);
	*fetched = (struct chapbook_fetched){tally.fetched, tally.unchanged, tally.cached,
					     tally.bytes};
}

void chapbook_job_on_progress(struct chapbook_job *job, chapbook_progress_fn *fn, void *ctx)
{
	job->on_progress = fn;
	job->on_progress_ctx = ctx;
}

const char *job_name(const struct chapbook_job *job)
{
	return job->inputs.count == 1 ? job->inputs.items[0].name : "the book";
}

void job_progress(const struct chapbook_job *job, enum chapbook_stage stage, const char *name,
		  size_t done, size_t total)
{
	if (job->on_progress)
		job->on_progress(job->on_progress_ctx,
				 &(struct chapbook_progress){stage, name, done, total});
}

void chapbook_hide_login(char *text)
{
	userinfo_cut(text);
}

const char *chapbook_version(void)
{
	return CHAPBOOK_VERSION;
}

/* --- Inputs --- */

/* An address without user name and password, in the arena; *login becomes one with them. */
static char *dup_address(struct arena *arena, const char *address, char **login)
{
	char *copy = arena_dup(arena, address);
	if (copy)
		userinfo_cut(copy);
	if (copy && strcmp(copy, address) != 0)
		*login = arena_dup(arena, address);
	return copy;
}

static int add_input(struct chapbook_job *job, const char *name, char *bytes, size_t size,
		     struct chapbook_error *err)
{
	struct input *slot = ARENA_PUSH(&job->inputs_arena, job->inputs);
	char *copy = arena_dup(&job->inputs_arena, name), *url = NULL, *login = NULL;
	char *title = NULL;
	if (job->base_url && *job->base_url)
		url = dup_address(&job->inputs_arena, job->base_url, &login);
	if (job->article_title && *job->article_title)
		title = arena_dup(&job->inputs_arena, job->article_title);
	if (!slot || job->inputs_arena.failed) {
		free(bytes);
		return error_memory(err);
	}
	*slot = (struct input){.name = copy,
			       .bytes = bytes,
			       .size = size,
			       .url = url,
			       .login = login,
			       .title = title};
	return 0;
}

struct input *job_add_input(struct chapbook_job *job, const char *name, char *bytes, size_t size,
			    struct chapbook_error *err)
{
	return add_input(job, name, bytes, size, err) == 0
		       ? &job->inputs.items[job->inputs.count - 1]
		       : NULL;
}

int chapbook_job_add_url(struct chapbook_job *job, const char *url, struct chapbook_error *err)
{
	if (!fetch_is_url(url))
		return error_set(err, CHAPBOOK_E_USAGE, "'%s' is not an http or https address",
				 url);
	if (add_input(job, url, NULL, 0, err) != 0)
		return -1;
	struct input *input = &job->inputs.items[job->inputs.count - 1];
	input->is_remote = true;
	input->login = NULL; /* not the base URL's */
	input->name = dup_address(&job->inputs_arena, url, &input->login);
	return job->inputs_arena.failed ? error_memory(err) : 0;
}

int chapbook_job_add_file(struct chapbook_job *job, const char *path, struct chapbook_error *err)
{
	return add_input(job, path, NULL, 0, err);
}

int chapbook_job_add_listed(struct chapbook_job *job, const char *folder, const char *file,
			    struct chapbook_error *err)
{
	struct arena *arena = &job->inputs_arena;
	bool joins = *file != '/' && strcmp(folder, ".") != 0;
	const char *name = joins ? arena_printf(arena, "%s/%s", folder, file) : file;
	if (!name || add_input(job, name, NULL, 0, err) != 0)
		return error_memory(err);
	struct input *input = &job->inputs.items[job->inputs.count - 1];
	input->folder = arena_dup(arena, folder);
	input->listed = arena_dup(arena, file);
	return arena->failed ? error_memory(err) : 0;
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
