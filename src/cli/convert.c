/* chapbook FILE…: the default command. */
#include "cli/cli.h"

#include <errno.h>
#include <pthread.h>
#include <search.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* The user's own templates, below $XDG_CONFIG_HOME. Returns NULL when there are none. */
static char *config_templates(void)
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

static int complain_of(const struct chapbook_error *err)
{
	cli_complain("%s", err->message);
	return err->code == CHAPBOOK_E_USAGE ? CLI_USAGE : CLI_NOT_CONVERTED;
}

/* A job with the options of the command line. NULL after telling why not. */
static struct chapbook_job *new_job(const struct cli_args *args, unsigned threads, int *status)
{
	struct chapbook_error err = {0};
	char number[16];
	struct chapbook_job *job = chapbook_job_new();
	char *templates = config_templates();
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
	for (size_t i = 0; rc == 0 && i < args->setting_count; i++)
		rc = chapbook_job_set(job, args->settings[i].key, args->settings[i].value, &err);
	if (rc == 0 && templates)
		rc = chapbook_job_set(job, "template-dir", templates, &err);
	if (rc == 0 && epoch && *epoch)
		rc = chapbook_job_set(job, "epoch", epoch, &err);
	free(templates);
	if (rc == 0)
		return job;
	*status = complain_of(&err);
	chapbook_job_free(job);
	return NULL;
}

/* One book of all the files. */
static int make_one(const struct cli_args *args)
{
	struct chapbook_error err = {0};
	int status = CLI_DONE, rc = 0;
	char *bytes = NULL;
	size_t size = 0;
	struct chapbook_job *job = new_job(args, args->threads, &status);
	if (!job)
		return status;
	for (size_t i = 0; rc == 0 && i < args->file_count; i++)
		rc = chapbook_job_add_file(job, args->files[i], &err);
	if (rc == 0 && args->to_dir) {
		rc = chapbook_job_write_dir(job, args->to_dir, &err);
	} else if (rc == 0 && args->output && strcmp(args->output, "-") == 0) {
		rc = chapbook_job_write_bytes(job, &bytes, &size, &err);
		if (rc == 0 && fwrite(bytes, 1, size, stdout) != size) {
			cli_complain("standard output: %s", strerror(errno));
			status = CLI_NOT_CONVERTED;
		}
		free(bytes);
	} else if (rc == 0) {
		rc = chapbook_job_write_file(job, args->output, &err);
		if (rc == 0 && !args->quiet)
			printf("%s\n", chapbook_job_path(job));
	}
	if (rc != 0)
		status = complain_of(&err);
	chapbook_job_free(job);
	return status;
}

/* --- A book a file --- */

struct batch {
	const struct cli_args *args;
	char **outputs; /* one a file, in order */
	atomic_size_t next;
	atomic_int status;
	pthread_mutex_t printing;
};

/* A name that is taken, and the last number tried behind it. */
struct name {
	char *text;
	size_t last;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static void free_name(void *name)
{
	free(((struct name *)name)->text);
	free(name);
}

/* Take `text` (owned) if it is free. Returns its entry, or NULL when memory runs out; *fresh tells
 * whether it was free. */
static struct name *take_name(void **taken, char *text, bool *fresh)
{
	struct name *name = calloc(1, sizeof *name), **slot = NULL;
	if (name && text) {
		*name = (struct name){text, 1};
		slot = tsearch(name, taken, by_text);
	}
	*fresh = slot && *slot == name;
	if (!*fresh) {
		free(text);
		free(name);
	}
	return slot ? *slot : NULL;
}

static char *print_name(const char *stem, int len, size_t number)
{
	char *text = NULL;
	int n = number == 1 ? asprintf(&text, "%.*s", len, stem)
			    : asprintf(&text, "%.*s-%zu", len, stem, number);
	return n < 0 ? NULL : text;
}

/* STEM, or where a book of this run has that name already, STEM-2, STEM-3, …; NULL when memory
 * runs out. */
static struct name *name_of(void **taken, const char *stem, int len)
{
	bool fresh;
	struct name *first = take_name(taken, print_name(stem, len, 1), &fresh), *name = first;
	while (name && !fresh)
		name = take_name(taken, print_name(stem, len, ++first->last), &fresh);
	return name;
}

/* DIR/STEM.epub for each file, no two the same. */
static bool name_outputs(struct batch *batch)
{
	const struct cli_args *args = batch->args;
	const char *dir = args->output ? args->output : "";
	void *taken = NULL;
	batch->outputs = calloc(args->file_count, sizeof *batch->outputs);
	bool done = batch->outputs != NULL;
	for (size_t i = 0; done && i < args->file_count; i++) {
		const char *slash = strrchr(args->files[i], '/');
		const char *base = slash ? slash + 1 : args->files[i];
		const char *dot = strrchr(base, '.');
		const struct name *name = name_of(
			&taken, base, dot && dot != base ? (int)(dot - base) : (int)strlen(base));
		if (!name || asprintf(&batch->outputs[i], "%s%s.epub", dir, name->text) < 0) {
			batch->outputs[i] = NULL;
			done = false;
		}
	}
	tdestroy(taken, free_name);
	return done;
}

static void *work(void *arg)
{
	struct batch *batch = arg;
	int status = CLI_DONE;
	struct chapbook_job *job = new_job(batch->args, 1, &status);
	if (!job) {
		atomic_store(&batch->status, status);
		return NULL;
	}
	for (;;) {
		size_t i = atomic_fetch_add(&batch->next, 1);
		if (i >= batch->args->file_count)
			break;
		struct chapbook_error err = {0};
		chapbook_job_clear(job);
		int rc = chapbook_job_add_file(job, batch->args->files[i], &err);
		if (rc == 0)
			rc = chapbook_job_write_file(job, batch->outputs[i], &err);
		pthread_mutex_lock(&batch->printing);
		if (rc != 0)
			atomic_store(&batch->status, complain_of(&err));
		else if (!batch->args->quiet)
			printf("%s\n", batch->outputs[i]);
		pthread_mutex_unlock(&batch->printing);
	}
	chapbook_job_free(job);
	return NULL;
}

/* Options that say something of one article, and would be wrong of many. */
static const char *single_option(const struct cli_args *args)
{
	static const char *const single[] = {"photo", "title", "identifier", "cover-image"};
	for (size_t i = 0; i < args->setting_count; i++)
		for (size_t k = 0; k < sizeof single / sizeof *single; k++)
			if (strcmp(args->settings[i].key, single[k]) == 0)
				return single[k];
	return NULL;
}

static int make_each(const struct cli_args *args)
{
	enum { MOST = 64 };
	struct batch batch = {.args = args, .printing = PTHREAD_MUTEX_INITIALIZER};
	pthread_t others[MOST];
	unsigned started = 0, threads = args->threads;
	const char *single = single_option(args);
	if (single) {
		cli_complain(
			"--%s: of which article? These make a book each; -o FILE.epub makes one",
			single);
		return CLI_USAGE;
	}
	if (args->output && mkdir(args->output, 0777) != 0 && errno != EEXIST) {
		cli_complain("%s: %s", args->output, strerror(errno));
		return CLI_NOT_CONVERTED;
	}
	if (!name_outputs(&batch)) {
		cli_complain("out of memory");
		atomic_store(&batch.status, CLI_NOT_CONVERTED);
		goto out;
	}
	if (threads == 0) {
		long cores = sysconf(_SC_NPROCESSORS_ONLN);
		threads = cores > 1 ? (unsigned)cores : 1;
	}
	if (threads > args->file_count)
		threads = (unsigned)args->file_count;
	while (started + 1 < threads && started < MOST &&
	       pthread_create(&others[started], NULL, work, &batch) == 0)
		started++;
	work(&batch);
	for (unsigned i = 0; i < started; i++)
		pthread_join(others[i], NULL);
out:
	for (size_t i = 0; batch.outputs && i < args->file_count; i++)
		free(batch.outputs[i]);
	free(batch.outputs);
	return atomic_load(&batch.status);
}

int cli_convert(const struct cli_args *args)
{
	if (args->file_count == 0) {
		cli_complain("no article given; try --help");
		return CLI_USAGE;
	}
	if (args->output && args->to_dir) {
		cli_complain("--output and --to-dir exclude each other");
		return CLI_USAGE;
	}
	const char *output = args->output;
	bool folder = !output || (*output && output[strlen(output) - 1] == '/');
	if (args->file_count > 1 && !args->to_dir && folder)
		return make_each(args);
	return make_one(args);
}
