/* chapbook extract PAGE…: what is found in web pages, without making books. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int print_page(const struct cli_args *args, struct chapbook_job *job,
		      const struct cli_input *input, struct chapbook_error *err)
{
	char *html = NULL, *json = NULL;
	(void)input;
	int rc = chapbook_job_extract(job, &html, &json, err);
	if (rc == 0) {
		cli_reporter_done(args->reporter, NULL);
		fputs(args->json ? json : html, stdout);
	}
	free(html);
	free(json);
	return rc;
}

static int write_page(const struct cli_args *args, struct chapbook_job *job,
		      const struct cli_input *input, struct chapbook_error *err)
{
	char *stem = NULL;
	if (asprintf(&stem, "%s/%s", args->dir, input->name) < 0)
		return cli_no_memory(err);
	int rc = chapbook_job_extract_files(job, stem, err);
	if (rc == 0) {
		char *path = NULL;
		if (asprintf(&path, "%s.html", stem) < 0)
			path = NULL;
		cli_reporter_done(args->reporter, path);
		free(path);
	}
	free(stem);
	return rc;
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

static int work(const struct cli_task *task, struct cli_run *run)
{
	return cli_work(task, run, task->args->dir ? write_page : print_page);
}

int cli_extract(const struct cli_args *args)
{
	struct cli_inputs inputs = {0};
	struct cli_access access = {0};
	struct cli_task task = {args, &inputs, work, cli_input_name, NULL};
	int status = cli_inputs_read(&inputs, args);
	if (status == CLI_DONE && args->dir && args->json) {
		cli_complain("use --json or --dir, not both: --dir writes the JSON too");
		status = CLI_USAGE;
	}
	if (status == CLI_DONE && !args->dir && inputs.count > 1) {
		cli_complain("several pages need --dir, a folder for the results");
		status = CLI_USAGE;
	}
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
	cli_inputs_release(&inputs);
	return status;
}
