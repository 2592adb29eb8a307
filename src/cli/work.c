/* Working on inputs: jobs with the options of the command line, a thread a core. */
#include "cli/cli.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *cli_config_templates(void)
{
	struct stat st;
	char *dir = cli_config_path("templates");
	if (dir && stat(dir, &st) == 0 && S_ISDIR(st.st_mode))
		return dir;
	free(dir);
	return NULL;
}

const char *cli_setting(const struct cli_args *args, const char *key)
{
	const char *value = NULL;
	for (size_t i = 0; i < args->setting_count; i++)
		if (strcmp(args->settings[i].key, key) == 0)
			value = args->settings[i].value;
	return value;
}

bool cli_flag(const struct cli_args *args, const char *key)
{
	const char *value = cli_setting(args, key);
	return value && strcmp(value, "yes") == 0;
}

char *cli_cache_dir(const struct cli_args *args)
{
	const char *said = cli_setting(args, "cache");
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *dir = NULL;
	int n = said            ? asprintf(&dir, "%s", said)
		: base && *base ? asprintf(&dir, "%s/chapbook", base)
		: home          ? asprintf(&dir, "%s/.cache/chapbook", home)
				: -1;
	if (n < 0)
		return NULL;
	if (strcmp(dir, "none") != 0)
		return dir;
	free(dir);
	return NULL;
}

struct chapbook_job *cli_job_new(const struct cli_args *args, unsigned threads, int *status)
{
	struct chapbook_error err = {0};
	char number[24];
	struct chapbook_job *job = chapbook_job_new();
	char *templates = cli_config_templates(), *cache = cli_cache_dir(args);
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	if (!job) {
		cli_complain("out of memory");
		*status = CLI_NOT_CONVERTED;
		free(templates);
		free(cache);
		return NULL;
	}
	cli_reporter_attach(args->reporter, job);
	snprintf(number, sizeof number, "%u", threads);
	int rc = chapbook_job_set(job, "threads", number, &err);
	snprintf(number, sizeof number, "%llu", args->memory);
	if (rc == 0)
		rc = chapbook_job_set(job, "limit-memory", args->memory ? number : "none", &err);
	if (rc == 0 && args->from)
		rc = chapbook_job_set(job, "from", args->from, &err);
	if (rc == 0 && args->strict)
		rc = chapbook_job_set(job, "strict", "yes", &err);
	if (rc != 0 && args->from)
		cli_suggest_value("from", args->from, &err);
	for (size_t i = 0; rc == 0 && i < args->setting_count; i++) {
		const struct cli_setting *s = &args->settings[i];
		rc = chapbook_job_set(job, s->key, s->value, &err);
		if (rc != 0)
			cli_suggest_value(s->key, s->value, &err);
	}
	if (rc == 0)
		rc = chapbook_job_set(job, "cache", cache ? cache : "none", &err);
	if (rc == 0 && templates)
		rc = chapbook_job_set(job, "template-dir", templates, &err);
	if (rc == 0 && epoch && *epoch)
		rc = chapbook_job_set(job, "epoch", epoch, &err);
	free(templates);
	free(cache);
	if (rc == 0)
		return job;
	*status = cli_complain_of(&err);
	chapbook_job_free(job);
	return NULL;
}

int cli_job_add(struct chapbook_job *job, const struct cli_input *input, struct chapbook_error *err)
{
	if (input->is_item)
		return cli_plan_add(job, input, err);
	if (chapbook_job_set(job, "article-title", input->title ? input->title : "", err) != 0)
		return -1;
	if (input->remote)
		return chapbook_job_add_url(job, input->path, err);
	if (chapbook_job_set(job, "base-url", input->url ? input->url : "", err) != 0)
		return -1;
	if (input->folder)
		return chapbook_job_add_listed(job, input->folder, input->file, err);
	return chapbook_job_add_file(job, input->path, err);
}

const char *cli_input_name(const struct cli_task *task, size_t item)
{
	return task->inputs->items[item].path;
}

/* What came of an input, until its turn comes. */
struct outcome {
	bool ready;
	bool skipped;     /* it is not for this process */
	void *made;       /* NULL: it failed */
	unsigned missing; /* pictures */
	struct chapbook_error err;
};

struct work {
	const struct cli_task *task;
	struct cli_run *run;
	const struct cli_steps *steps;
	struct chapbook_job *first; /* the others share with it */
	pthread_mutex_t lock;       /* of what follows */
	pthread_cond_t moved;       /* `finished` grew */
	size_t next, finished;
	bool finishing; /* a thread is at it */
	int status;
	struct outcome *outcomes; /* a ring of MAX_AHEAD */
};

/* How many inputs may be made before an earlier one is finished: they are kept in memory. */
enum { MAX_AHEAD = 64 };

static bool is_full(const struct chapbook_error *err)
{
	return err->sys_errno == ENOSPC || err->sys_errno == EDQUOT;
}

/* The input that is next in order. */
static void finish_one(struct work *work, struct chapbook_job *job, struct outcome *o)
{
	const struct cli_task *task = work->task;
	const struct cli_args *args = task->args;
	size_t item = work->finished;
	if (o->skipped)
		return;
	if (!o->made || work->steps->finish(task, job, item, o->made, o->missing, &o->err) != 0) {
		if (o->err.code == CHAPBOOK_E_MEMORY && cli_run_postpone(work->run, item))
			return;
		int status = cli_reporter_complain(args->reporter, task->inputs->items[item].path,
						   &o->err);
		if (task->many && is_full(&o->err))
			cli_run_stop(work->run);
		else if (task->many)
			cli_many_failed(task->many, item, &o->err);
		pthread_mutex_lock(&work->lock);
		work->status = status;
		pthread_mutex_unlock(&work->lock);
	}
	cli_run_finish(work->run, item);
}

/* Finish what is ready, in order; with the lock held, which is released meanwhile. */
static void finish_ready(struct work *work, struct chapbook_job *job)
{
	struct outcome *o;
	if (work->finishing)
		return;
	work->finishing = true;
	while ((o = &work->outcomes[work->finished % MAX_AHEAD])->ready) {
		pthread_mutex_unlock(&work->lock);
		finish_one(work, job, o);
		pthread_mutex_lock(&work->lock);
		*o = (struct outcome){0};
		work->finished++;
		pthread_cond_broadcast(&work->moved);
	}
	work->finishing = false;
}

/* What comes of an input. */
static void make(const struct work *work, struct chapbook_job *job, size_t item, struct outcome *o)
{
	const struct cli_task *task = work->task;
	const struct cli_input *input = &task->inputs->items[item];
	chapbook_job_clear(job);
	if (cli_job_add(job, input, &o->err) != 0)
		return;
	if (task->many && !cli_many_begin(task->many, item, job, input)) {
		cli_run_finish(work->run, item);
		o->skipped = true;
		return;
	}
	if (cli_run_without_cover(work->run) &&
	    chapbook_job_set(job, "cover", "none", &o->err) != 0)
		return;
	cli_reporter_take_missing();
	o->made = work->steps->make(task->args, job, input, &o->err);
	o->missing = cli_reporter_take_missing();
}

static void work_with(struct work *work, struct chapbook_job *job)
{
	const struct cli_inputs *inputs = work->task->inputs;
	pthread_mutex_lock(&work->lock);
	while (work->next < inputs->count && !cli_run_is_stopped(work->run)) {
		if (work->next >= work->finished + MAX_AHEAD) {
			pthread_cond_wait(&work->moved, &work->lock);
			continue;
		}
		size_t i = work->next++;
		struct outcome o = {.ready = true};
		pthread_mutex_unlock(&work->lock);
		o.skipped = !cli_run_take(work->run, i);
		if (!o.skipped)
			make(work, job, i, &o);
		cli_cpu_end();
		pthread_mutex_lock(&work->lock);
		work->outcomes[i % MAX_AHEAD] = o;
		finish_ready(work, job);
	}
	pthread_mutex_unlock(&work->lock);
}

static void *worker(void *arg)
{
	struct work *work = arg;
	int status = CLI_DONE;
	struct chapbook_job *job = cli_job_new(work->task->args, 1, &status);
	if (!job) {
		pthread_mutex_lock(&work->lock);
		work->status = status;
		pthread_mutex_unlock(&work->lock);
		return NULL;
	}
	chapbook_job_share(job, work->first);
	work_with(work, job);
	chapbook_job_free(job);
	return NULL;
}

/* How many at once: one a core; of what has to be waited for, more. */
static unsigned count_workers(const struct cli_args *args, const struct cli_inputs *inputs)
{
	enum { MAX_WAITING = 8 };
	unsigned threads = args->threads;
	if (threads == 0) {
		long cores = sysconf(_SC_NPROCESSORS_ONLN);
		threads = cores > 1 ? (unsigned)cores : 1;
		if (cli_inputs_remote(inputs) && threads < MAX_WAITING)
			threads = MAX_WAITING;
	}
	return threads < inputs->count ? threads : (unsigned)inputs->count;
}

int cli_work(const struct cli_task *task, struct cli_run *run, const struct cli_steps *steps)
{
	enum { MAX_WORKERS = 64 };
	const struct cli_args *args = task->args;
	struct outcome outcomes[MAX_AHEAD] = {0};
	struct work work = {.task = task,
			    .run = run,
			    .steps = steps,
			    .lock = PTHREAD_MUTEX_INITIALIZER,
			    .moved = PTHREAD_COND_INITIALIZER,
			    .outcomes = outcomes};
	pthread_t others[MAX_WORKERS];
	unsigned started = 0, threads = count_workers(args, task->inputs);
	int status = CLI_DONE;
	cli_reporter_follow(args->reporter, run);
	/* One input has all threads for itself. */
	work.first = cli_job_new(args, task->inputs->count == 1 ? args->threads : 1, &status);
	if (!work.first)
		return status;
	while (started + 1 < threads && started < MAX_WORKERS &&
	       pthread_create(&others[started], NULL, worker, &work) == 0)
		started++;
	work_with(&work, work.first);
	for (unsigned i = 0; i < started; i++)
		pthread_join(others[i], NULL);
	cli_reporter_fetched(args->reporter, work.first);
	chapbook_job_free(work.first);
	return work.status;
}
