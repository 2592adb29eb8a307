/* chapbook FILE…: the default command. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int write_stdout(struct chapbook_job *job, struct chapbook_error *err)
{
	char *bytes = NULL;
	size_t size = 0;
	int rc = chapbook_job_write_bytes(job, &bytes, &size, err);
	if (rc == 0 && fwrite(bytes, 1, size, stdout) != size) {
		err->code = CHAPBOOK_E_IO;
		err->sys_errno = errno;
		snprintf(err->message, sizeof err->message, "standard output: %s", strerror(errno));
		rc = -1;
	}
	free(bytes);
	return rc;
}

/* One book of all the inputs. */
static int make_one(const struct cli_args *args, const struct cli_inputs *inputs)
{
	struct chapbook_error err = {0};
	int status = CLI_DONE, rc = 0;
	struct chapbook_job *job = cli_job_new(args, args->threads, &status);
	if (!job)
		return status;
	for (size_t i = 0; rc == 0 && i < inputs->count; i++)
		rc = cli_job_add(job, &inputs->items[i], &err);
	if (rc == 0 && args->to_dir) {
		rc = chapbook_job_write_dir(job, args->to_dir, &err);
	} else if (rc == 0 && args->output && strcmp(args->output, "-") == 0) {
		rc = write_stdout(job, &err);
	} else if (rc == 0) {
		rc = chapbook_job_write_file(job, args->output, &err);
		if (rc == 0)
			cli_reporter_done(args->reporter, chapbook_job_path(job));
	}
	if (rc != 0)
		status = cli_reporter_complain(args->reporter, &err);
	cli_reporter_fetched(args->reporter, job);
	chapbook_job_free(job);
	return status;
}

static int make_book(const struct cli_args *args, struct chapbook_job *job,
		     const struct cli_input *input, struct chapbook_error *err)
{
	char *path = NULL;
	if (asprintf(&path, "%s%s%s.epub", args->output ? args->output : "", input->name,
		     cli_setting(args, "kepub") ? ".kepub" : "") < 0)
		return cli_no_memory(err);
	int rc = chapbook_job_write_file(job, path, err);
	if (rc == 0)
		cli_reporter_done(args->reporter, path);
	free(path);
	return rc;
}

/* Options that say something of one article, and would be wrong of many. */
static const char *single_option(const struct cli_args *args)
{
	static const char *const single[] = {"photo", "title", "identifier"};
	for (size_t i = 0; i < args->setting_count; i++) {
		const struct cli_setting *setting = &args->settings[i];
		for (size_t k = 0; k < sizeof single / sizeof *single; k++)
			if (strcmp(setting->key, single[k]) == 0)
				return single[k];
		if (strcmp(setting->key, "cover") == 0 && !cli_is_cover_word(setting))
			return setting->key;
	}
	return NULL;
}

static int make_each(const struct cli_args *args, const struct cli_inputs *inputs)
{
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
	return cli_work(args, inputs, make_book);
}

int cli_convert(const struct cli_args *args)
{
	struct cli_inputs inputs = {0};
	const char *output = args->output;
	bool folder = !output || (*output && output[strlen(output) - 1] == '/');
	int status = cli_inputs_read(&inputs, args);
	if (status == CLI_DONE && output && args->to_dir) {
		cli_complain("--output and --to-dir exclude each other");
		status = CLI_USAGE;
	}
	const char *target = args->to_dir ? args->to_dir : output ? output : ".";
	if (status == CLI_DONE)
		status = cli_sandbox(args, &inputs, strcmp(target, "-") == 0 ? NULL : target);
	if (status == CLI_DONE && (inputs.count > 1 || args->list) && !args->to_dir && folder)
		status = make_each(args, &inputs);
	else if (status == CLI_DONE)
		status = make_one(args, &inputs);
	cli_inputs_release(&inputs);
	return status;
}
