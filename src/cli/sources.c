/* chapbook list SOURCE…: what is in lists, feeds, exports and mailboxes. */
#include "cli/cli.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cli_source_list {
	const struct cli_args *args;
	const char *name; /* of the source */
	const struct chapbook_job *job;
	size_t count, limit;
	struct chapbook_error *err;
};

/* A field without the characters that separate fields. */
static void print_field(const char *text)
{
	for (; *text; text++)
		putchar(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text);
}

/* A line that can be a line of a list: the address, a tab, the title. */
static int print_item(void *ctx, const struct chapbook_item *item)
{
	struct cli_source_list *list = ctx;
	if (!chapbook_job_choose(list->job, item))
		return 0;
	if (list->count == list->limit)
		return 1;
	list->count++;
	if (list->args->json) {
		char *json = chapbook_item_json(item, list->err);
		if (!json)
			return -1;
		puts(json);
		free(json);
		return ferror(stdout) ? 1 : 0;
	}
	print_field(item->url ? item->url : item->id ? item->id : "-");
	if (item->title) {
		putchar('\t');
		print_field(item->title);
	}
	putchar('\n');
	return ferror(stdout) ? 1 : 0;
}

static void report_item(void *ctx, const struct chapbook_message *m)
{
	const struct cli_source_list *list = ctx;

	if (m->severity == CHAPBOOK_NOTE || list->args->quiet)
		return;
	cli_complain("%s: warning: %s [%s]", m->where ? m->where : list->name, m->text, m->id);
}

struct chapbook_source *cli_open_source(const struct cli_input *input, struct chapbook_job *job,
					struct chapbook_error *err)
{
	return input->remote ? chapbook_job_open_source(job, input->path, err)
			     : chapbook_source_open(input->path, err);
}

static int list_source(const struct cli_args *args, const struct cli_input *input,
		       struct chapbook_job *job, struct chapbook_error *err)
{
	const char *limit = cli_setting(args, "limit");
	struct cli_source_list list = {.args = args,
				       .name = input->path,
				       .job = job,
				       .limit = limit ? strtoul(limit, NULL, 10) : SIZE_MAX,
				       .err = err};
	struct chapbook_source *source = cli_open_source(input, job, err);
	int rc = source ? 0 : -1;
	if (rc == 0)
		rc = chapbook_source_read(source, print_item, &list, report_item, &list, err);
	if (rc == 0 && !args->quiet)
		fprintf(stderr, "%s: %s, %zu %s\n", input->path, chapbook_source_format(source),
			list.count, cli_plural(list.count, "item", "items"));
	chapbook_source_free(source);
	return rc < 0 ? -1 : 0;
}

static int work_list(const struct cli_task *task, struct cli_run *run)
{
	int status = CLI_DONE;
	struct chapbook_job *job = cli_job_new(task->args, 1, &status);
	for (size_t i = 0; job && i < task->inputs->count; i++) {
		struct chapbook_error err = {0};
		if (!cli_run_take(run, i))
			continue;
		if (list_source(task->args, &task->inputs->items[i], job, &err) != 0) {
			if (err.code == CHAPBOOK_E_MEMORY && cli_run_postpone(run, i))
				continue;
			err.code = err.code == CHAPBOOK_E_USAGE ? CHAPBOOK_E_INPUT : err.code;
			status = cli_reporter_complain(task->args->reporter,
						       task->inputs->items[i].path, &err);
		}
		fflush(stdout);
		cli_run_finish(run, i);
	}
	chapbook_job_free(job);
	return status;
}

int cli_list(const struct cli_args *args)
{
	struct cli_inputs inputs = {0};
	struct cli_access access = {0};
	struct cli_task task = {
		.args = args, .inputs = &inputs, .work = work_list, .name_of = cli_input_name};
	int status = CLI_DONE;
	if (args->file_count == 0) {
		cli_complain("list: no source given; see chapbook list --help");
		return CLI_USAGE;
	}
	for (size_t i = 0; status == CLI_DONE && i < args->file_count; i++)
		status = cli_inputs_add(&inputs,
					&(struct cli_input){.path = (char *)args->files[i]});
	if (status == CLI_DONE)
		status = cli_access_find(&access, args, &inputs, CLI_OUTPUT_NONE, NULL);
	if (status == CLI_DONE)
		status = cli_run(&task, &access, inputs.count);
	cli_access_release(&access);
	cli_inputs_release(&inputs);
	return status;
}
