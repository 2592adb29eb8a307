/* Working on inputs: jobs with the options of the command line, a thread a core. */
#include "cli/cli.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void on_message(void *ctx, const struct chapbook_message *m)
{
	const struct cli_args *args = ctx;
	if (m->severity == CHAPBOOK_NOTE ? !args->explain : args->quiet)
		return;
	fprintf(stderr, "chapbook: %s%s%s%s [%s]\n", m->where ? m->where : "", m->where ? ": " : "",
		m->severity == CHAPBOOK_NOTE ? "" : "warning: ", m->text, m->id);
}

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

struct chapbook_job *cli_job_new(const struct cli_args *args, unsigned threads, int *status)
{
	struct chapbook_error err = {0};
	char number[16];
	struct chapbook_job *job = chapbook_job_new();
	char *templates = cli_config_templates();
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	if (!job) {
		cli_complain("out of memory");
		*status = CLI_NOT_CONVERTED;
		free(templates);
		return NULL;
	}
	/* Notes cost time to word: nobody listens unless they are asked for. */
	if (args->explain || !args->quiet)
		chapbook_job_on_message(job, on_message, (void *)args);
	snprintf(number, sizeof number, "%u", threads);
	int rc = chapbook_job_set(job, "threads", number, &err);
	if (rc == 0 && args->from)
		rc = chapbook_job_set(job, "from", args->from, &err);
	for (size_t i = 0; rc == 0 && i < args->setting_count; i++)
		rc = chapbook_job_set(job, args->settings[i].key, args->settings[i].value, &err);
	if (rc == 0 && templates)
		rc = chapbook_job_set(job, "template-dir", templates, &err);
	if (rc == 0 && epoch && *epoch)
		rc = chapbook_job_set(job, "epoch", epoch, &err);
	free(templates);
	if (rc == 0)
		return job;
	*status = cli_complain_of(&err);
	chapbook_job_free(job);
	return NULL;
}

int cli_job_add(struct chapbook_job *job, const struct cli_input *input, struct chapbook_error *err)
{
	if (chapbook_job_set(job, "base-url", input->url ? input->url : "", err) != 0)
		return -1;
	return chapbook_job_add_file(job, input->path, err);
}

struct work {
	const struct cli_args *args;
	const struct cli_inputs *inputs;
	cli_work_fn *fn;
	atomic_size_t next;
	atomic_int status;
};

static void *worker(void *arg)
{
	struct work *work = arg;
	int status = CLI_DONE;
	struct chapbook_job *job = cli_job_new(work->args, 1, &status);
	if (!job) {
		atomic_store(&work->status, status);
		return NULL;
	}
	for (;;) {
		size_t i = atomic_fetch_add(&work->next, 1);
		if (i >= work->inputs->count)
			break;
		const struct cli_input *input = &work->inputs->items[i];
		struct chapbook_error err = {0};
		chapbook_job_clear(job);
		if (cli_job_add(job, input, &err) != 0 ||
		    work->fn(work->args, job, input, &err) != 0)
			atomic_store(&work->status, cli_complain_of(&err));
	}
	chapbook_job_free(job);
	return NULL;
}

int cli_work(const struct cli_args *args, const struct cli_inputs *inputs, cli_work_fn *fn)
{
	enum { MOST = 64 };
	struct work work = {.args = args, .inputs = inputs, .fn = fn};
	pthread_t others[MOST];
	unsigned started = 0, threads = args->threads;
	if (threads == 0) {
		long cores = sysconf(_SC_NPROCESSORS_ONLN);
		threads = cores > 1 ? (unsigned)cores : 1;
	}
	if (threads > inputs->count)
		threads = (unsigned)inputs->count;
	while (started + 1 < threads && started < MOST &&
	       pthread_create(&others[started], NULL, worker, &work) == 0)
		started++;
	worker(&work);
	for (unsigned i = 0; i < started; i++)
		pthread_join(others[i], NULL);
	return atomic_load(&work.status);
}
