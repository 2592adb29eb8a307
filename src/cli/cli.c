#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cli_complain(const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	chapbook_hide_login(text);
	fprintf(stderr, "chapbook: %s\n", text);
}

int cli_complain_of(const struct chapbook_error *err)
{
	cli_complain("%s", err->message);
	return err->code == CHAPBOOK_E_USAGE ? CLI_USAGE : CLI_NOT_CONVERTED;
}

int cli_no_memory(struct chapbook_error *err)
{
	*err = (struct chapbook_error){.code = CHAPBOOK_E_MEMORY, .message = "out of memory"};
	return -1;
}

int cli_close_stdout(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout) && fclose(stdout) == 0)
		return status;
	if (errno != EPIPE)
		cli_complain("standard output: %s", strerror(errno));
	return status ? status : CLI_NOT_CONVERTED;
}

const struct cli_command cli_commands[] = {
	{NULL, cli_convert, CLI_CONVERT, "[OPTION...] ARTICLE...", "make e-books of articles"},
	{"extract", cli_extract, CLI_EXTRACT, "[OPTION...] ARTICLE...",
	 "print an article as HTML or JSON, without making a book"},
	{"list", cli_list, CLI_LIST, "[OPTION...] SOURCE...",
	 "show what is in a list, feed, export or mailbox"},
	{"info", cli_info, CLI_INFO, "[--json] BOOK...", "show what is in a book"},
	{"check", cli_check, CLI_CHECK, "[OPTION...] BOOK...",
	 "validate a book, for a device or shop too"},
	{"completions", cli_completions, CLI_COMPLETIONS, "bash|zsh|fish",
	 "print a completion script for a shell"},
};
const size_t cli_command_count = sizeof cli_commands / sizeof *cli_commands;

static void print_usage(const struct cli_command *command)
{
	char left[64];
	snprintf(left, sizeof left, "chapbook %s%s%s", command->name ? command->name : "",
		 command->name ? " " : "", command->usage);
	printf("  %-39s %s\n", left, command->help);
}

static void print_options(unsigned command)
{
	enum { LEFT_WIDTH = 24 };
	const char *group = NULL, *printed = NULL;
	for (size_t i = 0; i < cli_option_count; i++) {
		const struct cli_option *o = &cli_options[i];
		char left[64];
		if (!*o->name)
			group = o->help;
		if (!(o->commands & command))
			continue;
		if (group != printed)
			printf("\n%s:\n", group);
		printed = group;
		snprintf(left, sizeof left, "%c%c%s--%s%s%s", o->letter ? '-' : ' ',
			 o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name,
			 o->argument && o->argument[0] != '[' ? " " : "",
			 o->argument ? o->argument : "");
		printf("  %-24s", left);
		if (strlen(left) > LEFT_WIDTH)
			printf("\n  %-24s", "");
		printf(" %s\n", o->help);
	}
}

int cli_help(const struct cli_command *command)
{
	puts("Usage:");
	if (command->name)
		print_usage(command);
	for (size_t i = 0; !command->name && i < cli_command_count; i++)
		print_usage(&cli_commands[i]);
	if (!command->name)
		puts("\nAn ARTICLE is a web address (https://...), a web page, a text or a "
		     "Markdown "
		     "file, or -\nfor standard input. Each article makes a book; -o FILE.epub "
		     "makes "
		     "one book of all.\nchapbook COMMAND --help shows the options of a command.");
	print_options(command->bit);
	if (!command->name)
		puts("\nExamples:\n"
		     "  chapbook article.txt\n"
		     "  chapbook https://example.org/story\n"
		     "  chapbook --base-url https://example.org/story page.html\n"
		     "  chapbook --photo airport.jpg --author \"Ann Brown\" -o book.epub "
		     "article.md\n"
		     "  cat article.md | chapbook -f markdown -o - - > book.epub");
	return CLI_DONE;
}

/* --- The commands that read books --- */

static const char *file_name(const struct cli_task *task, size_t item)
{
	return task->args->files[item];
}

static int run_on_books(const struct cli_args *args, const char *command,
			int (*work)(const struct cli_task *task, struct cli_run *run))
{
	struct cli_task task = {.args = args, .work = work, .name_of = file_name};
	struct cli_access access = {0};
	if (args->file_count == 0) {
		cli_complain("%s: no book given; see chapbook %s --help", command, command);
		return CLI_USAGE;
	}
	int status = cli_access_find(&access, args, NULL, CLI_OUTPUT_NONE, NULL);
	if (status == CLI_DONE)
		status = cli_run(&task, &access, args->file_count);
	cli_access_release(&access);
	return status;
}

/* What becomes of a book that could not be read. Returns an exit status. */
static int report_failure(const struct cli_task *task, struct cli_run *run, size_t item,
			  const struct chapbook_error *err)
{
	if (err->code == CHAPBOOK_E_MEMORY && cli_run_postpone(run, item))
		return CLI_DONE;
	int status = cli_reporter_complain(task->args->reporter, file_name(task, item), err);
	cli_run_finish(run, item);
	return status;
}

static int print_info(const struct cli_task *task, struct cli_run *run, size_t item)
{
	const struct cli_args *args = task->args;
	struct chapbook_error err = {0};
	char *text = chapbook_info(args->files[item],
				   args->json ? CHAPBOOK_INFO_JSON : CHAPBOOK_INFO_TEXT, &err);
	if (!text)
		return report_failure(task, run, item, &err);
	if (item && !args->json)
		putchar('\n');
	fputs(text, stdout);
	fflush(stdout);
	free(text);
	cli_run_finish(run, item);
	return CLI_DONE;
}

static int work_info(const struct cli_task *task, struct cli_run *run)
{
	int status = CLI_DONE;
	for (size_t i = 0; i < task->args->file_count; i++) {
		if (!cli_run_take(run, i))
			continue;
		if (print_info(task, run, i) != CLI_DONE)
			status = CLI_NOT_CONVERTED;
	}
	return status;
}

int cli_info(const struct cli_args *args)
{
	return run_on_books(args, "info", work_info);
}

static const char *severity_name(enum chapbook_severity severity)
{
	static const char *const names[] = {"note", "warning", "loss", "error"};
	return names[severity];
}

static void print_row(void *ctx, const struct chapbook_message *m)
{
	(void)ctx;
	printf("%s\t%s\t%s%s%s%s\n", m->id, severity_name(m->severity), m->text,
	       m->where ? " (" : "", m->where ? m->where : "", m->where ? ")" : "");
}

int cli_list_warnings(void)
{
	chapbook_list_warnings(print_row, NULL);
	return CLI_DONE;
}

struct tally {
	const char *file;
	size_t errors, warnings;
};

static void print_finding(void *ctx, const struct chapbook_message *m)
{
	struct tally *tally = ctx;
	tally->errors += m->severity == CHAPBOOK_ERROR;
	tally->warnings += m->severity == CHAPBOOK_WARNING;
	printf("%s: %s%s%s: %s [%s]\n", tally->file, m->where ? m->where : "", m->where ? ": " : "",
	       severity_name(m->severity), m->text, m->id);
}

static int print_check(const struct cli_task *task, struct cli_run *run, size_t item)
{
	const struct cli_args *args = task->args;
	const char *file = file_name(task, item);
	struct chapbook_error err = {0};
	struct tally tally = {.file = file};
	const char *profile = cli_setting(args, "profile");
	if (chapbook_check_profile(file, profile, print_finding, &tally, &err) < 0) {
		if (profile && err.code == CHAPBOOK_E_USAGE)
			cli_suggest_value("profile", profile, &err);
		return report_failure(task, run, item, &err);
	}
	if (!args->quiet)
		printf("%s: %zu %s, %zu %s\n", tally.file, tally.errors,
		       cli_plural(tally.errors, "error", "errors"), tally.warnings,
		       cli_plural(tally.warnings, "warning", "warnings"));
	fflush(stdout);
	cli_run_finish(run, item);
	return tally.errors ? CLI_NOT_CONVERTED : CLI_DONE;
}

static int work_check(const struct cli_task *task, struct cli_run *run)
{
	int status = CLI_DONE;
	for (size_t i = 0; i < task->args->file_count && status != CLI_USAGE; i++) {
		if (!cli_run_take(run, i))
			continue;
		int why = print_check(task, run, i);
		status = why != CLI_DONE ? why : status;
	}
	return status;
}

int cli_check(const struct cli_args *args)
{
	if (args->list_rules) {
		chapbook_list_rules(print_row, NULL);
		return CLI_DONE;
	}
	return run_on_books(args, "check", work_check);
}
