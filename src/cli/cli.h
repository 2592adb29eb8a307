/* The command line: a thin shell over chapbook.h. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "chapbook.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Exit statuses. CLI_LOSSES: made, but something of an article is missing (--strict). */
enum { CLI_DONE = 0, CLI_NOT_CONVERTED = 1, CLI_USAGE = 2, CLI_LOSSES = 3 };

/* The commands: a bit each, for the options that they take. */
enum {
	CLI_CONVERT = 1,
	CLI_EXTRACT = 2,
	CLI_INFO = 4,
	CLI_CHECK = 8,
	CLI_COMPLETIONS = 16,
	CLI_LIST = 32,
	CLI_READ = CLI_CONVERT | CLI_EXTRACT,
	CLI_ANY = CLI_READ | CLI_INFO | CLI_CHECK | CLI_COMPLETIONS | CLI_LIST,
};

struct cli_args;
struct cli_run;
struct cli_command {
	const char *name; /* NULL: the default command */
	int (*run)(const struct cli_args *args);
	unsigned bit;
	const char *usage; /* its arguments, for --help */
	const char *help;  /* what it does, in a line */
};
extern const struct cli_command cli_commands[];
extern const size_t cli_command_count;

/* An option, or the heading of a group of them in --help: a row without a name and commands. */
struct cli_option {
	const char *name;     /* long name, without dashes */
	char letter;          /* short name, or 0 */
	const char *argument; /* its value's name in --help; NULL: no value; "[=...]": optional */
	/* Values that completions offer, separated by spaces; those that begin with a dot are
	 * endings of file names. NULL: files or folders for FILE and DIR, else none. */
	const char *values;
	unsigned commands; /* that have it */
	const char *help;
	bool is_key; /* of chapbook_job_set(), which knows what is wrong with a value */
	/* Takes a value. `where`: "FILE:LINE: " of a file of defaults, or "". Returns 0, or -1
	 * after an error message. */
	int (*take)(struct cli_args *args, const struct cli_option *o, const char *value,
		    const char *where);
	size_t at; /* of the field in struct cli_args that it sets */
};

/* Made of job/option_table.h. */
extern const struct cli_option cli_options[];
extern const size_t cli_option_count;

/* The user's own defaults (config.c). Zero-initialised is empty. */
struct cli_default {
	const struct cli_option *option;
	char *value;
	char *where; /* for messages: "FILE:LINE: " */
};
struct cli_config {
	char *path;
	struct cli_default *lines;
	size_t count;
	struct chapbook_job *trial; /* takes every value while the file is read: to find errors */
};
/* Read the file; NULL: $XDG_CONFIG_HOME/chapbook/config, if there is one. Returns an exit status,
 * after telling what is wrong; the caller calls cli_config_release() whatever it is. */
int cli_config_read(struct cli_config *config, const char *path);
void cli_config_release(struct cli_config *config);
/* A file or folder of the user's configuration, whether it exists or not. NULL: no home is known;
 * the caller frees. */
char *cli_config_path(const char *name);

/* The arguments, understood. Zero-initialised is empty; settings and files point into argv and
 * `defaults`. */
struct cli_args {
	struct cli_config defaults;
	const char *config; /* --config */
	bool no_config;
	const char *output, *to_dir, *dir, *list, *base_url, *from, *state;
	bool again, retry_failed;
	bool explain, quiet, verbose, strict, json, help, version, list_rules, list_warnings;
	unsigned threads;          /* 0: one a core */
	unsigned long long memory; /* bytes that the work may take; 0: any number */
	unsigned cpu;              /* seconds of CPU time that an input may take; 0: any number */
	enum cli_sandbox_mode { CLI_SANDBOX_AUTO, CLI_SANDBOX_YES, CLI_SANDBOX_NO } sandbox;
	struct cli_setting {
		const char *key, *value;
	} * settings;
	size_t setting_count;
	size_t default_count; /* of these come from `defaults`: the first ones */
	const char **files;
	size_t file_count;
	struct cli_reporter *reporter;
};

/* Understand argv[1..], for a command. Returns an exit status: CLI_DONE, or another after telling
 * on stderr what is wrong. The caller calls cli_args_release(). */
int cli_args_parse(struct cli_args *args, const struct cli_command *command, int argc, char **argv);
void cli_args_release(struct cli_args *args);
/* The option of that name without the dashes, or of "no-NAME": then *negated. NULL: none. */
const struct cli_option *cli_find_option(const char *name, bool *negated);
/* Whether the word is one of the values that the table lists for it. */
bool cli_option_takes(const struct cli_option *o, const char *word);
/* The value that --no-NAME stands for. */
const char *cli_option_negation(const struct cli_option *o);
/* Whether a flag of the job is given, and not negated. */
bool cli_flag(const struct cli_args *args, const char *key);
/* Whether it is --cover with a word in place of a file. */
bool cli_is_cover_word(const struct cli_setting *s);

/* What a command works on. */
struct cli_input {
	char *path;         /* a file, - for standard input, or an address */
	char *name;         /* a name for what is made of it, without extension; no two the same */
	char *url;          /* where it came from, or NULL */
	char *title;        /* what a list calls it, or NULL */
	bool is_name_given; /* a list has the name, else it is the input's own */
	bool remote;        /* the path is an address */
	/* Of a file that a list names: the list's folder, and the file as the list has it (in
	 * `path`); else NULL. */
	char *folder;
	const char *file;
	bool may_be_source; /* it may hold articles: a list, feed, export or mailbox */
	/* Of an item of a source: where it is in the file of the plan. */
	bool is_item;
	int plan;
	unsigned long long offset, size;
};
struct cli_inputs {
	struct cli_input *items;
	size_t count, cap;
	bool failed; /* something on the command line or in a list is no input; it was reported */
	bool has_plan;
	int plan;      /* a file, owned */
	char *sources; /* the only source's name, for the folder of its books; or NULL */
};

/* The inputs of the list and the command line. Returns an exit status, after telling what is wrong;
 * the caller calls cli_inputs_release() whatever it is. */
int cli_inputs_read(struct cli_inputs *inputs, const struct cli_args *args);
void cli_inputs_release(struct cli_inputs *inputs);

/* Add a copy of an input; without a name it gets one. _path: or the articles of the folder that its
 * path is. Both return an exit status, after an error message. */
int cli_inputs_add(struct cli_inputs *inputs, const struct cli_input *input);
int cli_inputs_add_path(struct cli_inputs *inputs, const struct cli_input *input);

/* Add the inputs of a list (- for standard input). A bad line is reported and sets `failed`.
 * Returns an exit status (list.c). */
int cli_list_read(struct cli_inputs *inputs, const char *path);
/* Whether a file holds only http and https addresses, a line each, with or without titles behind
 * tabs, blank lines and comments. */
bool cli_is_address_list(const char *path);

/* Replace inputs that are sources by their items, which another process reads. Returns an exit
 * status, after telling what is wrong (plan.c). */
int cli_plan_make(struct cli_inputs *inputs, const struct cli_args *args);
/* Add the article of an item of the plan. */
int cli_plan_add(struct chapbook_job *job, const struct cli_input *input,
		 struct chapbook_error *err);

/* Whether it is an http or https address. */
bool cli_is_address(const char *path);

/* Whether any of them is to be fetched. */
bool cli_inputs_remote(const struct cli_inputs *inputs);

/* --- Reports of the work, on stderr (report.c): messages, and on a terminal a line that says what
 * is being done. Any thread may call. --- */

/* What is counted over all processes of a command. */
struct cli_counts {
	atomic_int status; /* of inputs that could not be done: CLI_DONE, or the last one's */
	atomic_size_t done, losses;
};

/* NULL after telling that memory ran out. */
struct cli_reporter *cli_reporter_new(const struct cli_args *args);
/* How many inputs there are. */
size_t cli_reporter_total(const struct cli_reporter *r);
void cli_reporter_expect(struct cli_reporter *r, size_t total);
/* All inputs make one book: one that is left out makes the exit status CLI_NOT_CONVERTED. To be
 * called before a job is made. */
void cli_reporter_one_book(struct cli_reporter *r);
/* With --verbose: print how much `job` and those that share with it downloaded. */
void cli_reporter_fetched(struct cli_reporter *r, struct chapbook_job *job);
/* Count there from now on; it must outlive the reporter. */
void cli_reporter_count_in(struct cli_reporter *r, struct cli_counts *counts);
/* Mark in `run` which input has its cover drawn. */
void cli_reporter_follow(struct cli_reporter *r, struct cli_run *run);
/* Show `text` as the line that changes, if stderr is a terminal that shows it. */
void cli_reporter_line(struct cli_reporter *r, const char *text);
/* That line is another process's: do not write it, and take it away before a message. */
void cli_reporter_yield_line(struct cli_reporter *r);
/* How many pictures the messages in this thread said were missing, since the last call. */
unsigned cli_reporter_take_missing(void);
/* Take the line that changes away. */
void cli_reporter_clear(struct cli_reporter *r);
/* cli_complain(), without disturbing that line, which another process may have left. */
void cli_reporter_print(struct cli_reporter *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The end. Returns `status`, or CLI_LOSSES for CLI_DONE where there were losses and --strict minds
 * them. */
int cli_reporter_end(struct cli_reporter *r, int status);
/* Let the job tell it. */
void cli_reporter_attach(struct cli_reporter *r, struct chapbook_job *job);
/* An input is done: `path`, unless NULL or --quiet, is printed on stdout. */
void cli_reporter_done(struct cli_reporter *r, const char *path);
/* The job's book was saved: how is printed on stderr, unless it is a new file under its own name.
 */
void cli_reporter_saved(struct cli_reporter *r, const struct chapbook_job *job, const char *input);
/* cli_complain_of(), without disturbing that line. `name`: what the error is of, for those that do
 * not say it; NULL: of nothing in particular. */
int cli_reporter_complain(struct cli_reporter *r, const char *name,
			  const struct chapbook_error *err);

/* A job with the options of the command line. NULL after telling why not, *status being the exit
 * status. */
struct chapbook_job *cli_job_new(const struct cli_args *args, unsigned threads, int *status);
int cli_job_add(struct chapbook_job *job, const struct cli_input *input,
		struct chapbook_error *err);
/* The user's own templates, below $XDG_CONFIG_HOME. NULL when there are none; the caller frees. */
char *cli_config_templates(void);
/* Where what was fetched is kept: --cache, or below $XDG_CACHE_HOME. NULL: nowhere; the caller
 * frees. */
char *cli_cache_dir(const struct cli_args *args);
/* The value that an option of the job was given last; NULL: it was not. */
const char *cli_setting(const struct cli_args *args, const char *key);

/* --- The work of a command, in a child process in the sandbox (run.c, sandbox.c) --- */

struct cli_task {
	const struct cli_args *args;
	const struct cli_inputs *inputs; /* of cli_convert() and cli_extract() */
	/* Do the items that cli_run_take() lets this process have. Returns an exit status. */
	int (*work)(const struct cli_task *task, struct cli_run *run);
	/* What messages call an item. */
	const char *(*name_of)(const struct cli_task *task, size_t item);
	const void *ctx;       /* for `work` */
	struct cli_many *many; /* of books in a folder; else NULL */
	bool needs_process; /* never in this process, which has other work to do without a sandbox
			     */
};

/* What cli_run() returns when the task needs a process and none can be started. */
enum { CLI_NOT_STARTED = -1 };

struct cli_paths {
	char **items; /* ends with NULL; owned */
	size_t count;
};

/* What the work may do. Zero-initialised is empty. */
struct cli_access {
	struct chapbook_access library;
	struct cli_paths read, inputs, folders, outputs; /* what it points to */
	char *cache;
	const char *write[3];
	char *folder; /* that is written to; NULL: none */
};

enum cli_output {
	CLI_OUTPUT_NONE,
	CLI_OUTPUT_FILE,  /* this file */
	CLI_OUTPUT_BOOKS, /* EPUB files in this folder; "": the current one */
	CLI_OUTPUT_PAGES, /* NAME.html and NAME.json of each input in this folder */
	CLI_OUTPUT_TREE,  /* anything below this folder */
};
/* The book of an input in `folder` ("": the current one): its path when a list gives its name, else
 * the folder with a slash, where the library chooses one. The caller frees; NULL: no memory. */
char *cli_named_book(const struct cli_args *args, const struct cli_input *input,
		     const char *folder);

/* Find out what may be done: read the inputs (NULL: the files of the command line) and what
 * options name, write to `output`. Returns an exit status, after telling what is wrong; the caller
 * calls cli_access_release() whatever it is. */
int cli_access_find(struct cli_access *access, const struct cli_args *args,
		    const struct cli_inputs *inputs, enum cli_output kind, const char *output);
void cli_access_release(struct cli_access *access);

/* Make a folder and those above it. Whether it is there then; errno says why not. */
bool cli_make_folder(const char *folder, mode_t mode);

/* Do the task, in as many processes as it takes. Returns an exit status. */
int cli_run(const struct cli_task *task, const struct cli_access *access, size_t item_count);
/* Whether this process is to do the item; then it has begun. Any thread may call. */
bool cli_run_take(struct cli_run *run, size_t item);
void cli_run_finish(struct cli_run *run, size_t item);
/* The cover of the item that this thread has begun is being drawn, or is done. */
void cli_run_drawing(struct cli_run *run, bool drawing);
/* Whether drawing the cover of the item has ended a process. */
bool cli_run_without_cover(const struct cli_run *run);

/* Another input may have taken the memory: have the item done alone, unless this process does no
 * other. Returns whether it will be. */
bool cli_run_postpone(struct cli_run *run, size_t item);

/* Whether no more items are to be begun; ask for that. */
bool cli_run_is_stopped(const struct cli_run *run);
void cli_run_stop(struct cli_run *run);

/* --- Books in a folder (many.c): which are made and which were made before, by the record in the
 * folder; names on standard output; an end by a signal. --- */

struct cli_many;
/* Open the record, if one is kept, and block SIGINT and SIGTERM. `folder`: "" is the current one.
 * NULL after telling what is wrong, *status being the exit status. */
struct cli_many *cli_many_new(const struct cli_args *args, const char *folder, int *status);
/* Returns `status`, or another one: for those that failed before; after a signal 128 and its
 * number; after a line that says how far it came where it was stopped. */
int cli_many_end(struct cli_many *many, int status);
/* For struct chapbook_access; `run`: what is stopped. */
const struct chapbook_watch *cli_many_watch(struct cli_many *many, struct cli_run *run);
/* After a process: whether no other is to be started. */
bool cli_many_is_stopped(struct cli_many *many);
/* In the child, first: close what it does not need. */
void cli_many_enter(struct cli_many *many);
/* In the child: whether to make the book of the item; the job holds it. */
bool cli_many_begin(struct cli_many *many, size_t item, struct chapbook_job *job,
		    const struct cli_input *input);
/* In the child: it was saved in `path`; `identity` is dc:identifier. */
void cli_many_made(struct cli_many *many, size_t item, const char *path, const char *identity,
		   unsigned missing);
void cli_many_failed(struct cli_many *many, size_t item, const struct chapbook_error *err);
/* In the parent: its process was ended. */
void cli_many_lost(struct cli_many *many, size_t item, const char *reason);

/* In the child: watch that no item takes more than so many seconds of CPU time; 0: any number.
 * After SIGXCPU has ended the process *late is the number of the item that did, plus 1; 0: the
 * process had used `ceiling` seconds. `alone`: the process does one item, and all its threads work
 * on it; else each item is done by the thread that begins it (cpu_time.c). */
void cli_cpu_watch(unsigned seconds, unsigned ceiling, bool alone, atomic_size_t *late);
/* Call `fn` then, in the signal handler, in place of that. */
void cli_cpu_on_late(void (*fn)(const void *ctx, size_t item), const void *ctx);
void cli_cpu_begin(size_t item);
void cli_cpu_end(void);

/* A folder that is written as a whole: in a new temporary folder beside it, then renamed. */
struct cli_tree {
	const char *dir;
	char *temp, *path; /* owned: the temporary folder; the one in it that becomes `dir` */
	int lock;          /* holds the temporary folder */
};
/* Make the temporary folder. Returns an exit status, after telling what is wrong; the caller calls
 * cli_tree_end() whatever it is, with the status of the work. */
int cli_tree_begin(struct cli_tree *tree, const char *dir);
int cli_tree_end(struct cli_tree *tree, int status);

/* In the child: what the sandbox holds, for --explain. Returns an exit status. */
int cli_sandbox_report(const struct cli_args *args, int held);

/* What is done with each input. Both report a failure in `err`. */
struct cli_steps {
	/* With a job that holds the input; on several threads, in any order. NULL on failure. */
	void *(*make)(const struct cli_args *args, struct chapbook_job *job,
		      const struct cli_input *input, struct chapbook_error *err);
	/* With what was made, which it frees; in the order of the inputs, one at a time. `job` may
	 * be another one. `missing`: pictures, by the messages. */
	int (*finish)(const struct cli_task *task, struct chapbook_job *job, size_t item,
		      void *made, unsigned missing, struct chapbook_error *err);
};
/* Do it for each input that the run has for this process, on as many threads as the command line
 * says; errors are reported. Returns an exit status. */
int cli_work(const struct cli_task *task, struct cli_run *run, const struct cli_steps *steps);
/* A task's inputs by their paths, for struct cli_task. */
const char *cli_input_name(const struct cli_task *task, size_t item);

/* Open the source that an input is; the job downloads it. NULL: *err (sources.c). */
struct chapbook_source *cli_open_source(const struct cli_input *input, struct chapbook_job *job,
					struct chapbook_error *err);

/* Warn of options on the command line that have no effect beside the others and these inputs. */
void cli_report_unused(const struct cli_args *args, const struct cli_inputs *inputs);

/* The commands; each returns an exit status. */
int cli_convert(const struct cli_args *args);
int cli_extract(const struct cli_args *args);
int cli_check(const struct cli_args *args);
int cli_info(const struct cli_args *args);
int cli_completions(const struct cli_args *args);
int cli_list(const struct cli_args *args);
/* Print every kind of message of a conversion: id, severity and meaning, with tabs between. */
int cli_list_warnings(void);
/* Print the usage and the options of a command; of the default command, the other commands too. */
int cli_help(const struct cli_command *command);

/* The option of the command with the nearest name by edit distance; NULL: no name is near. */
const char *cli_nearest_option(const char *name, size_t len, unsigned command);
/* Append the value of the option that `value` may stand for, where the error lists it: "; did you
 * mean modern?". */
void cli_suggest_value(const char *key, const char *value, struct chapbook_error *err);
/* CLI_USAGE after an error message where the first argument seems to be a mistyped command: no file
 * has this name, and a command has nearly. Else CLI_DONE. */
int cli_check_command_word(const struct cli_args *args);

/* "file" or "files": what stands behind the number `n`. */
static inline const char *cli_plural(size_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

/* Tell on stderr, one line, with the program's name before it. */
void cli_complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Tell of an error of the library; returns the exit status for it. */
int cli_complain_of(const struct chapbook_error *err);
/* Returns -1, with the error that memory ran out. */
int cli_no_memory(struct chapbook_error *err);
/* Flush and close standard output; a write that failed is reported and makes the status 1. */
int cli_close_stdout(int status);

#endif
