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

int cli_help(void)
{
	puts("usage: chapbook [OPTION…] ARTICLE…          make e-books (EPUB 3) of articles\n"
	     "       chapbook extract [OPTION…] PAGE…     the article in a web page, without a "
	     "book\n"
	     "       chapbook info [--json] BOOK…         say what is in a book\n"
	     "       chapbook check [--profile NAME] BOOK… examine a book\n"
	     "\n"
	     "An ARTICLE is an address (https://…), a web page, a text or a Markdown file, or - "
	     "for\n"
	     "standard input.\n"
	     "Several make a book each, named after their files, or one book with -o FILE.epub.");
	for (size_t i = 0; i < cli_option_count; i++) {
		const struct cli_option *o = &cli_options[i];
		char left[64];
		if (o->group)
			printf("\n%s:\n", o->group);
		snprintf(left, sizeof left, "%c%c%s--%s%s%s", o->letter ? '-' : ' ',
			 o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name,
			 o->argument && o->argument[0] != '[' ? " " : "",
			 o->argument ? o->argument : "");
		printf("  %-24s %s\n", left, o->help);
	}
	puts("\nExamples:\n"
	     "  chapbook article.txt\n"
	     "  chapbook https://example.org/story\n"
	     "  chapbook --base-url https://example.org/story page.html\n"
	     "  chapbook --photo airport.jpg --author \"Ann Brown\" -o book.epub article.md\n"
	     "  cat article.md | chapbook -f markdown -o - - > book.epub");
	return CLI_DONE;
}

int cli_info(const struct cli_args *args)
{
	int status = CLI_DONE;
	if (args->file_count == 0) {
		cli_complain("info: no book given");
		return CLI_USAGE;
	}
	for (size_t i = 0; i < args->file_count; i++) {
		struct chapbook_error err = {0};
		char *text = chapbook_info(
			args->files[i], args->json ? CHAPBOOK_INFO_JSON : CHAPBOOK_INFO_TEXT, &err);
		if (!text) {
			cli_complain("%s", err.message);
			status = CLI_NOT_CONVERTED;
			continue;
		}
		if (i && !args->json)
			putchar('\n');
		fputs(text, stdout);
		free(text);
	}
	return status;
}

struct tally {
	const char *file;
	size_t errors, warnings;
};

static void print_finding(void *ctx, const struct chapbook_message *m)
{
	static const char *const words[] = {"note", "warning", "loss", "error"};
	struct tally *tally = ctx;
	tally->errors += m->severity == CHAPBOOK_ERROR;
	tally->warnings += m->severity == CHAPBOOK_WARNING;
	printf("%s: %s%s%s: %s [%s]\n", tally->file, m->where ? m->where : "", m->where ? ": " : "",
	       words[m->severity], m->text, m->id);
}

int cli_check(const struct cli_args *args)
{
	int status = CLI_DONE;
	const char *profile = cli_setting(args, "profile");
	if (args->file_count == 0) {
		cli_complain("check: no book given");
		return CLI_USAGE;
	}
	for (size_t i = 0; i < args->file_count; i++) {
		struct chapbook_error err = {0};
		struct tally tally = {.file = args->files[i]};
		if (chapbook_check_profile(args->files[i], profile, print_finding, &tally, &err) <
		    0) {
			int why = cli_complain_of(&err);
			if (why == CLI_USAGE)
				return why;
			status = why;
			continue;
		}
		if (tally.errors)
			status = CLI_NOT_CONVERTED;
		if (!args->quiet)
			printf("%s: %zu errors, %zu warnings\n", tally.file, tally.errors,
			       tally.warnings);
	}
	return status;
}
