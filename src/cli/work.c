/* Working on inputs: jobs with the options of the command line, a thread a core. */
#include "cli/cli.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *cli_config_templates(void)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *dir = NULL;
	struct stat st;
	int n = base && *base ? asprintf(&dir, "%s/chapbook/templates", base)
		: home        ? asprintf(&dir, "%s/.config/chapbook/templates", home)
			      : -1;
	if (n < 0)
		return NULL;
	if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode))
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
	char number[16];
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
	if (rc == 0 && args->from)
		rc = chapbook_job_set(job, "from", args->from, &err);
	for (size_t i = 0; rc == 0 && i < args->setting_count; i++)
		rc = chapbook_job_set(job, args->settings[i].key, args->settings[i].value, &err);
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

struct work {
	const struct cli_task *task;
	struct cli_run *run;
	cli_work_fn *fn;
	struct chapbook_job *first; /* the others share with it */
	atomic_size_t next;
	atomic_int status;
};

static int work_on(const struct work *work, struct chapbook_job *job, const struct cli_input *input,
		   struct chapbook_error *err)
{
	chapbook_job_clear(job);
	if (cli_run_without_cover(work->run) && chapbook_job_set(job, "cover", "none", err) != 0)
		return -1;
	if (cli_job_add(job, input, err) != 0)
		return -1;
	return work->fn(work->task->args, job, input, err);
}

static void work_with(struct work *work, struct chapbook_job *job)
{
	const struct cli_inputs *inputs = work->task->inputs;
	for (size_t i; (i = atomic_fetch_add(&work->next, 1)) < inputs->count;) {
		struct chapbook_error err = {0};
		if (!cli_run_take(work->run, i))
			continue;
		if (work_on(work, job, &inputs->items[i], &err) != 0)
			atomic_store(&work->status,
				     cli_reporter_complain(work->task->args->reporter, &err));
		cli_run_finish(work->run, i);
	}
}

static void *worker(void *arg)
{
	struct work *work = arg;
	int status = CLI_DONE;
	struct chapbook_job *job = cli_job_new(work->task->args, 1, &status);
	if (!job) {
		atomic_store(&work->status, status);
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
	enum { MOST_WAITING = 8 };
	unsigned threads = args->threads;
	if (threads == 0) {
		long cores = sysconf(_SC_NPROCESSORS_ONLN);
		threads = cores > 1 ? (unsigned)cores : 1;
		if (cli_inputs_remote(inputs) && threads < MOST_WAITING)
			threads = MOST_WAITING;
	}
	return threads < inputs->count ? threads : (unsigned)inputs->count;
}

int cli_work(const struct cli_task *task, struct cli_run *run, cli_work_fn *fn)
{
	enum { MOST = 64 };
	const struct cli_args *args = task->args;
	struct work work = {.task = task, .run = run, .fn = fn};
	pthread_t others[MOST];
	unsigned started = 0, threads = count_workers(args, task->inputs);
	int status = CLI_DONE;
	cli_reporter_follow(args->reporter, run);
	work.first = cli_job_new(args, 1, &status);
	if (!work.first)
		return status;
	while (started + 1 < threads && started < MOST &&
	       pthread_create(&others[started], NULL, worker, &work) == 0)
		started++;
	work_with(&work, work.first);
	for (unsigned i = 0; i < started; i++)
		pthread_join(others[i], NULL);
	cli_reporter_fetched(args->reporter, work.first);
	chapbook_job_free(work.first);
	return atomic_load(&work.status);
}
