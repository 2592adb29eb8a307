/* chapbook FILE…: the default command. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Make a book of all the inputs where the task says. */
static int make_one(const struct cli_task *task, struct chapbook_job *job,
		    struct chapbook_error *err)
{
	const struct cli_args *args = task->args;
	const char *tree = task->ctx;
	for (size_t i = 0; i < task->inputs->count; i++)
		if (cli_job_add(job, &task->inputs->items[i], err) != 0)
			return -1;
	if (tree)
		return chapbook_job_write_dir(job, tree, err);
	if (args->output && strcmp(args->output, "-") == 0)
		return write_stdout(job, err);
	if (chapbook_job_write_file(job, args->output, err) != 0)
		return -1;
	cli_reporter_done(args->reporter, chapbook_job_path(job));
	return 0;
}

static int work_on_one(const struct cli_task *task, struct cli_run *run)
{
	struct chapbook_error err = {0};
	int status = CLI_DONE;
	cli_reporter_one_book(task->args->reporter);
	struct chapbook_job *job = cli_job_new(task->args, task->args->threads, &status);
	if (!job || !cli_run_take(run, 0)) {
		chapbook_job_free(job);
		return status;
	}
	cli_reporter_follow(task->args->reporter, run);
	int rc = cli_run_without_cover(run) ? chapbook_job_set(job, "cover", "none", &err) : 0;
	if (rc == 0)
		rc = make_one(task, job, &err);
	if (rc != 0)
		status = cli_reporter_complain(
			task->args->reporter,
			task->inputs->count == 1 ? task->inputs->items[0].path : NULL, &err);
	cli_reporter_fetched(task->args->reporter, job);
	chapbook_job_free(job);
	cli_run_finish(run, 0);
	return status;
}

static void *make_book(const struct cli_args *args, struct chapbook_job *job,
		       const struct cli_input *input, struct chapbook_error *err)
{
	(void)args;
	(void)input;
	return chapbook_job_make(job, err);
}

char *cli_named_book(const struct cli_args *args, const struct cli_input *input, const char *folder)
{
	const char *slash = *folder && folder[strlen(folder) - 1] != '/' ? "/" : "";
	const char *extension = cli_flag(args, "kepub") ? ".kepub.epub" : ".epub";
	bool named = input->is_name_given;
	char *path = NULL;
	return asprintf(&path, "%s%s%s%s", folder, slash, named ? input->name : "",
			named ? extension : "") < 0
		       ? NULL
		       : path;
}

/* In the folder, or the current one: under the name that the list gives, else as the library
 * chooses. */
static int save_book(const struct cli_task *task, struct chapbook_job *job, size_t item, void *made,
		     unsigned missing, struct chapbook_error *err)
{
	const struct cli_args *args = task->args;
	const struct cli_input *input = &task->inputs->items[item];
	char *path = cli_named_book(args, input, args->output ? args->output : "");
	int rc = path ? chapbook_job_save(job, made, path, err) : cli_no_memory(err);
	if (rc == 0) {
		cli_reporter_saved(args->reporter, job, input->path);
		cli_many_made(task->many, item, chapbook_job_path(job),
			      chapbook_book_identifier(made), missing);
	}
	free(path);
	chapbook_book_free(made);
	return rc;
}

/* Options that say something of one article, and would be wrong of many. */
static const char *single_option(const struct cli_args *args)
{
	static const char *const single[] = {"photo", "title", "identifier"};
	for (size_t i = args->default_count; i < args->setting_count; i++) {
		const struct cli_setting *setting = &args->settings[i];
		for (size_t k = 0; k < sizeof single / sizeof *single; k++)
			if (strcmp(setting->key, single[k]) == 0)
				return single[k];
		if (strcmp(setting->key, "cover") == 0 && !cli_is_cover_word(setting))
			return setting->key;
	}
	return NULL;
}

static int work_on_each(const struct cli_task *task, struct cli_run *run)
{
	static const struct cli_steps steps = {make_book, save_book};
	return cli_work(task, run, &steps);
}

/* A book of each input. */
static int make_each(struct cli_task *task, const char *folder)
{
	struct cli_access access = {0};
	const char *single = task->inputs->count > 1 ? single_option(task->args) : NULL;
	if (single) {
		cli_complain("--%s is for one article, and there are %zu; give them one by one, or "
			     "make one book of all with -o FILE.epub",
			     single, task->inputs->count);
		return CLI_USAGE;
	}
	if (*folder && !cli_make_folder(folder, 0777)) {
		cli_complain("%s: %s", folder, strerror(errno));
		return CLI_NOT_CONVERTED;
	}
	int status = cli_access_find(&access, task->args, task->inputs, CLI_OUTPUT_BOOKS, folder);
	if (status == CLI_DONE)
		task->many = cli_many_new(task->args, folder, &status);
	if (task->many)
		status = cli_many_end(task->many, cli_run(task, &access, task->inputs->count));
	cli_access_release(&access);
	return status;
}

/* One book of all: a file; "-": standard output. */
static int convert_make_file(const struct cli_task *task, const char *output)
{
	struct cli_access access = {0};
	enum cli_output kind = strcmp(output, "-") == 0 ? CLI_OUTPUT_NONE : CLI_OUTPUT_FILE;
	int status = cli_access_find(&access, task->args, task->inputs, kind, output);
	if (status == CLI_DONE)
		status = cli_run(task, &access, 1);
	cli_access_release(&access);
	return status;
}

/* One book as a folder: made in a temporary folder beside it, the only one that can be written to
 * from inside the sandbox, then renamed. */
static int make_tree(struct cli_task *task, const char *dir)
{
	struct cli_access access = {0};
	struct cli_tree tree;
	int status = cli_tree_begin(&tree, dir);
	task->ctx = tree.path;
	if (status == CLI_DONE)
		status = cli_access_find(&access, task->args, task->inputs, CLI_OUTPUT_TREE,
					 tree.temp);
	if (status == CLI_DONE)
		status = cli_run(task, &access, 1);
	status = cli_tree_end(&tree, status);
	cli_access_release(&access);
	return status;
}

static bool is_folder(const char *path)
{
	struct stat st;
	return !*path || path[strlen(path) - 1] == '/' ||
	       (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

static int check_output(const struct cli_args *args)
{
	if (!args->output)
		return CLI_DONE;
	if (args->to_dir) {
		cli_complain("--output and --to-dir exclude each other");
		return CLI_USAGE;
	}
	if (strcmp(args->output, "-") == 0 && isatty(STDOUT_FILENO)) {
		cli_complain("-o -: a terminal cannot show a book; redirect standard output: "
			     "chapbook -o - ARTICLE > book.epub");
		return CLI_USAGE;
	}
	return CLI_DONE;
}

static bool has_items(const struct cli_inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		if (inputs->items[i].is_item)
			return true;
	return false;
}

/* The folder of a source's books, where -o does not say one: "pocket/" for pocket.zip; the caller
 * frees. Returns an exit status. */
static int choose_folder(struct cli_args *args, const struct cli_inputs *inputs, char **folder)
{
	if (args->output || args->to_dir || !has_items(inputs))
		return CLI_DONE;
	if (!inputs->sources) {
		cli_complain(
			"articles of several sources: say where the books are to be: -o DIR/, or "
			"-o FILE.epub for one of all");
		return CLI_USAGE;
	}
	if (asprintf(folder, "%s/", inputs->sources) < 0) {
		*folder = NULL;
		cli_complain("out of memory");
		return CLI_NOT_CONVERTED;
	}
	args->output = *folder;
	return CLI_DONE;
}

static int convert_inputs(struct cli_task *task)
{
	const struct cli_args *args = task->args;
	const char *output = args->output ? args->output : "";
	cli_report_unused(args, task->inputs);
	if (task->inputs->failed && args->strict && (args->to_dir || !is_folder(output))) {
		cli_complain("no book is made without them, because of --strict");
		return CLI_NOT_CONVERTED;
	}
	if (args->to_dir)
		return make_tree(task, args->to_dir);
	if (!is_folder(output))
		return convert_make_file(task, output);
	task->work = work_on_each;
	return make_each(task, output);
}

int cli_convert(const struct cli_args *given)
{
	struct cli_args args = *given;
	struct cli_inputs inputs = {0};
	struct cli_task task = {
		.args = &args, .inputs = &inputs, .work = work_on_one, .name_of = cli_input_name};
	char *folder = NULL;
	int status = check_output(&args);
	if (status == CLI_DONE)
		status = cli_inputs_read(&inputs, &args);
	if (status == CLI_DONE)
		status = choose_folder(&args, &inputs, &folder);
	if (status == CLI_DONE)
		status = convert_inputs(&task);
	if (status == CLI_DONE && inputs.failed)
		status = CLI_NOT_CONVERTED;
	cli_inputs_release(&inputs);
	free(folder);
	return status;
}
