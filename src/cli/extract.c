/* chapbook extract PAGE…: what is found in web pages, without making books. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void *make_text(const struct cli_args *args, struct chapbook_job *job,
		       const struct cli_input *input, struct chapbook_error *err)
{
	char *html = NULL, *json = NULL;
	(void)input;
	if (chapbook_job_extract(job, &html, &json, err) != 0)
		return NULL;
	free(args->json ? html : json);
	return args->json ? json : html;
}

static int print_text(const struct cli_task *task, struct chapbook_job *job, size_t item,
		      void *made, unsigned missing, struct chapbook_error *err)
{
	(void)job;
	(void)item;
	(void)missing;
	(void)err;
	cli_reporter_done(task->args->reporter, NULL);
	fputs(made, stdout);
	free(made);
	return 0;
}

/* Returns the name of the page's file. */
static void *make_files(const struct cli_args *args, struct chapbook_job *job,
			const struct cli_input *input, struct chapbook_error *err)
{
	char *path = NULL;
	if (asprintf(&path, "%s/%s.html", args->dir, input->name) < 0) {
		cli_no_memory(err);
		return NULL;
	}
	char *dot = path + strlen(path) - strlen(".html");
	*dot = '\0';
	int rc = chapbook_job_extract_files(job, path, err);
	*dot = '.';
	if (rc == 0)
		return path;
	free(path);
	return NULL;
}

static int extract_print_name(const struct cli_task *task, struct chapbook_job *job, size_t item,
			      void *made, unsigned missing, struct chapbook_error *err)
{
	(void)job;
	(void)item;
	(void)missing;
	(void)err;
	cli_reporter_done(task->args->reporter, made);
	free(made);
	return 0;
}

static bool has_extension(const char *path, const char *extension)
{
	size_t len = strlen(path), n = strlen(extension);
	return len > n && strcmp(path + len - n, extension) == 0;
}

/* A page that lies in DIR as NAME.html could be overwritten by what is found in it. */
static int spare_pages(const char *dir, const struct cli_inputs *inputs)
{
	struct stat target, st;
	if (stat(dir, &target) != 0)
		return CLI_DONE;
	for (size_t i = 0; i < inputs->count; i++) {
		char *path = inputs->items[i].path, *slash = strrchr(path, '/');
		if (!has_extension(path, ".html") && !has_extension(path, ".json"))
			continue;
		if (slash)
			*slash = '\0';
		int found = stat(slash ? (slash == path ? "/" : path) : ".", &st);
		if (slash)
			*slash = '/';
		if (found == 0 && st.st_ino == target.st_ino && st.st_dev == target.st_dev) {
			cli_complain("%s would be overwritten; choose a folder other than %s", path,
				     dir);
			return CLI_USAGE;
		}
	}
	return CLI_DONE;
}

static int extract_work(const struct cli_task *task, struct cli_run *run)
{
	static const struct cli_steps to_files = {make_files, extract_print_name};
	static const struct cli_steps to_stdout = {make_text, print_text};
	return cli_work(task, run, task->args->dir ? &to_files : &to_stdout);
}

int cli_extract(const struct cli_args *args)
{
	struct cli_inputs inputs = {0};
	struct cli_access access = {0};
	struct cli_task task = {
		.args = args, .inputs = &inputs, .work = extract_work, .name_of = cli_input_name};
	int status = cli_inputs_read(&inputs, args);
	if (status == CLI_DONE && args->dir && args->json) {
		cli_complain("use --json or --dir, not both: --dir writes the JSON too");
		status = CLI_USAGE;
	}
	if (status == CLI_DONE && !args->dir && inputs.count > 1) {
		cli_complain("several articles need --dir, a folder for the results");
		status = CLI_USAGE;
	}
	if (status == CLI_DONE)
		cli_report_unused(args, &inputs);
	if (status == CLI_DONE && args->dir)
		status = spare_pages(args->dir, &inputs);
	if (status == CLI_DONE && args->dir && mkdir(args->dir, 0777) != 0 && errno != EEXIST &&
	    errno != ENOENT) {
		cli_complain("%s: %s", args->dir, strerror(errno));
		status = CLI_NOT_CONVERTED;
	}
	if (status == CLI_DONE)
		status = cli_access_find(&access, args, &inputs,
					 args->dir ? CLI_OUTPUT_PAGES : CLI_OUTPUT_NONE, args->dir);
	if (status == CLI_DONE)
		status = cli_run(&task, &access, inputs.count);
	cli_access_release(&access);
	if (status == CLI_DONE && inputs.failed)
		status = CLI_NOT_CONVERTED;
	cli_inputs_release(&inputs);
	return status;
}
