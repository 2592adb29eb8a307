/* The command line: a thin shell over chapbook.h. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "chapbook.h"

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses. */
enum { CLI_DONE = 0, CLI_NOT_CONVERTED = 1, CLI_USAGE = 2 };

/* What an option does. OPT_JOB options are chapbook_job_set() keys; the others are the command
 * line's own. */
enum cli_option_kind {
	OPT_JOB,
	OPT_OUTPUT,
	OPT_TO_DIR,
	OPT_EXPLAIN,
	OPT_QUIET,
	OPT_JSON,
	OPT_DIR,
	OPT_LIST,
	OPT_THREADS,
	OPT_HELP,
	OPT_VERSION,
};

struct cli_option {
	const char *group;    /* heading in --help, on the first of a group */
	const char *name;     /* long name, without dashes; the key for OPT_JOB */
	char letter;          /* short name, or 0 */
	const char *argument; /* what --help calls it; NULL: takes none */
	const char *help;
	enum cli_option_kind kind;
};

extern const struct cli_option cli_options[];
extern const size_t cli_option_count;

/* The arguments, understood. Zero-initialised is empty; settings and files point into argv. */
struct cli_args {
	const char *output, *to_dir, *dir, *list;
	bool explain, quiet, json, help, version;
	unsigned threads; /* 0: one a core */
	struct cli_setting {
		const char *key, *value;
	} * settings;
	size_t setting_count;
	const char **files;
	size_t file_count;
};

/* Understand argv[1..]. Returns an exit status: CLI_DONE, or another after telling on stderr what is
 * wrong. The caller calls cli_args_release(). */
int cli_args_parse(struct cli_args *args, int argc, char **argv);
void cli_args_release(struct cli_args *args);

/* The commands; each returns an exit status. */
int cli_convert(const struct cli_args *args);
int cli_extract(const struct cli_args *args);
int cli_check(const struct cli_args *args);
int cli_info(const struct cli_args *args);
int cli_help(void);

/* Tell on stderr, one line, with the program's name before it. */
void cli_complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Flush and close standard output; a write that failed is told and makes the status 1. */
int cli_close_stdout(int status);

#endif
