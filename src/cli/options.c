/* How arguments are matched with the option table. */
#include "cli/cli.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Finding an option by its name --- */

bool cli_option_takes(const struct cli_option *o, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = o->values; at && *at; at += strspn(at, " ")) {
		size_t n = strcspn(at, " ");
		if (n == len && strncmp(at, word, n) == 0)
			return true;
		at += n;
	}
	return false;
}

/* NULL: the option cannot be negated. */
const char *cli_option_negation(const struct cli_option *o)
{
	if (!o->argument)
		return "no";
	return cli_option_takes(o, "none") ? "none" : cli_option_takes(o, "no") ? "no" : NULL;
}

/* A name on the command line that was looked up. */
struct match {
	const struct cli_option *option; /* NULL: not found */
	bool negated;                    /* --no-NAME */
};

static struct match find_exact(const char *name, size_t len)
{
	bool no = len > 3 && strncmp(name, "no-", 3) == 0;
	struct match found = {0};
	for (size_t i = 0; i < cli_option_count; i++) {
		const struct cli_option *o = &cli_options[i];
		if (len && strlen(o->name) == len && strncmp(o->name, name, len) == 0)
			return (struct match){o, false};
		if (no && strlen(o->name) == len - 3 && strncmp(o->name, name + 3, len - 3) == 0 &&
		    cli_option_negation(o))
			found = (struct match){o, true};
	}
	return found;
}

const struct cli_option *cli_find_option(const char *name, bool *negated)
{
	struct match match = find_exact(name, strlen(name));
	*negated = match.negated;
	return match.option;
}

/* Whether the letters begin "no-NAME" of an option that can be negated. */
static bool is_negated(const struct cli_option *o, const char *name, size_t len)
{
	return len > 3 && strncmp(name, "no-", 3) == 0 &&
	       strncmp(o->name, name + 3, len - 3) == 0 && cli_option_negation(o);
}

/* The command's option that begins with these letters; an error message when there are several.
 * Returns 0, or -1 after an error message. */
static int find_abbreviation(const char *name, size_t len, unsigned command, struct match *found)
{
	char names[400] = "";
	size_t count = 0, used = 0;
	for (size_t i = 0; i < cli_option_count; i++) {
		const struct cli_option *o = &cli_options[i];
		bool negated = is_negated(o, name, len);
		if (!(o->commands & command) || (!negated && strncmp(o->name, name, len) != 0))
			continue;
		*found = (struct match){o, negated};
		count++;
		int n = snprintf(names + used, sizeof names - used, "%s--%s%s", used ? ", " : "",
				 negated ? "no-" : "", o->name);
		used += n > 0 && used + (size_t)n < sizeof names ? (size_t)n : 0;
	}
	if (count <= 1)
		return 0;
	cli_complain("--%.*s is ambiguous: it could be %s", (int)len, name, names);
	return -1;
}

static void complain_unknown(const char *arg, size_t len, const struct cli_command *command)
{
	const char *nearest = arg[1] == '-' ? cli_nearest_option(arg + 2, len, command->bit) : NULL;
	int shown = (int)(arg[1] == '-' ? len + 2 : 2);
	if (nearest)
		cli_complain("%.*s: no such option; did you mean --%s?", shown, arg, nearest);
	else
		cli_complain("%.*s: no such option; see chapbook %s%s--help", shown, arg,
			     command->name ? command->name : "", command->name ? " " : "");
}

static void complain_misplaced(const struct cli_option *option, const struct cli_command *command)
{
	size_t i = 0;
	while (!(cli_commands[i].bit & option->commands))
		i++;
	const char *other = cli_commands[i].name;
	cli_complain("--%s is an option of chapbook %s, not of chapbook %s", option->name,
		     other ? other : "ARTICLE...", command->name ? command->name : "ARTICLE...");
}

/* Whether the command has the option that was found for `arg`; otherwise an error message. */
static bool options_is_known(const struct match *found, const char *arg, size_t len,
			     const struct cli_command *command)
{
	if (found->option && found->option->commands & command->bit)
		return true;
	if (found->option)
		complain_misplaced(found->option, command);
	else
		complain_unknown(arg, len, command);
	return false;
}

/* --- Taking its value: as struct cli_option has it --- */

bool cli_is_cover_word(const struct cli_setting *s)
{
	return strcmp(s->key, "cover") == 0 &&
	       (strcmp(s->value, "auto") == 0 || strcmp(s->value, "none") == 0);
}

/* A string, as it is. */
static int take_text(struct cli_args *args, const struct cli_option *o, const char *value,
		     const char *where)
{
	(void)where;
	*(const char **)((char *)args + o->at) = value;
	return 0;
}

static int take_flag(struct cli_args *args, const struct cli_option *o, const char *value,
		     const char *where)
{
	(void)where;
	*(bool *)((char *)args + o->at) = strcmp(value, "yes") == 0;
	return 0;
}

/* For chapbook_job_set(), later. */
static int take_setting(struct cli_args *args, const struct cli_option *o, const char *value,
			const char *where)
{
	(void)where;
	args->settings[args->setting_count++] = (struct cli_setting){o->name, value};
	return 0;
}

static int take_sandbox(struct cli_args *args, const struct cli_option *o, const char *value,
			const char *where)
{
	(void)o;
	static const char *const words[] = {"auto", "yes", "no"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(*value ? value : "yes", words[i]) != 0)
			continue;
		args->sandbox = (enum cli_sandbox_mode)i;
		return 0;
	}
	cli_complain("%s--sandbox: '%s' is not auto, yes or no", where, value);
	return -1;
}

static int take_threads(struct cli_args *args, const struct cli_option *o, const char *value,
			const char *where)
{
	(void)o;
	char *end;
	unsigned long n = strtoul(value, &end, 10);
	if (end == value || *end || n > 256) {
		cli_complain("%s--threads: '%s' is not a number from 0 to 256", where, value);
		return -1;
	}
	args->threads = (unsigned)n;
	return 0;
}

/* "500M", "2G", or "none" for 0: powers of 1000. */
static int take_memory(struct cli_args *args, const struct cli_option *o, const char *value,
		       const char *where)
{
	(void)o;
	static const char units[] = "KMG";
	char *end;
	unsigned long long n = strtoull(value, &end, 10);
	const char *unit = *end ? strchr(units, *end & ~0x20) : NULL;
	for (const char *u = units; unit && u <= unit && n < 1ULL << 50; u++)
		n *= 1000;
	bool none = strcmp(value, "none") == 0;
	if (!none && (end == value || !isdigit((unsigned char)*value) || !unit || end[1] ||
		      n < 1000 * 1000)) {
		cli_complain("%s--limit-memory: '%s' is not a size of at least 1M, such as 500M, "
			     "or none",
			     where, value);
		return -1;
	}
	args->memory = none ? 0 : n;
	return 0;
}

static int take_time(struct cli_args *args, const struct cli_option *o, const char *value,
		     const char *where)
{
	(void)o;
	char *end;
	unsigned long n = strtoul(value, &end, 10);
	bool none = strcmp(value, "none") == 0;
	if (!none &&
	    (end == value || !isdigit((unsigned char)*value) || *end || n == 0 || n > 1000000)) {
		cli_complain("%s--limit-time: '%s' is not a number of seconds, or none", where,
			     value);
		return -1;
	}
	args->cpu = none ? 0 : (unsigned)n;
	return 0;
}

/* --- The table --- */

#define ANY                   CLI_ANY
#define CHECK                 CLI_CHECK
#define CONVERT               CLI_CONVERT
#define EXTRACT               CLI_EXTRACT
#define INFO                  CLI_INFO
#define LIST                  CLI_LIST
#define READ                  CLI_READ
#define IN_ARGS(member)       offsetof(struct cli_args, member)
#define WITHOUT_BRACKETS(...) __VA_ARGS__
#define OPTION_GROUP(heading) {.name = "", .help = heading},
#define OPTION_OF_LIBRARY(...)
#define OPTION_OF_PROGRAM(key, letter, argument, values, commands, help, ...)                      \
	{.name = key, letter, argument, values, commands, help, false, __VA_ARGS__},
#define OPTION_OF_BOTH(key, letter, argument, values, commands, help, of_program, ...)             \
	{.name = key, letter, argument, values, commands, help, true, WITHOUT_BRACKETS of_program},
#define OPTION_OF_JOB(key, letter, argument, values, commands, help, ...)                          \
	{.name = key, letter, argument, values, commands, help, true, take_setting},

const struct cli_option cli_options[] = {
#include "job/option_table.h"
};
const size_t cli_option_count = sizeof cli_options / sizeof *cli_options;

/* --- The arguments --- */

/* The arguments that are left. */
struct arguments {
	int count, next;
	char **items;
};

/* Apply an option with the value that is attached to it, or NULL: its value is then the next
 * argument, if it needs one. Returns 0, or -1 after an error message. */
static int apply_match(struct cli_args *args, const struct match *match, const char *attached,
		       struct arguments *left)
{
	const struct cli_option *option = match->option;
	const char *value = attached;
	if (value && (!option->argument || match->negated)) {
		cli_complain("--%s%s takes no value", match->negated ? "no-" : "", option->name);
		return -1;
	}
	if (match->negated)
		value = cli_option_negation(option);
	else if (!option->argument)
		value = "yes";
	else if (!value && option->argument[0] == '[')
		value = "";
	else if (!value && left->next < left->count)
		value = left->items[left->next++];
	if (!value) {
		cli_complain("--%s needs a value: --%s %s", option->name, option->name,
			     option->argument);
		return -1;
	}
	return option->take(args, option, value, "");
}

/* "--name" or "--name=value" */
static int parse_long(struct cli_args *args, const struct cli_command *command, const char *arg,
		      struct arguments *left)
{
	const char *name = arg + 2;
	size_t len = strcspn(name, "=");
	struct match match = find_exact(name, len);
	if (!match.option && len && find_abbreviation(name, len, command->bit, &match) != 0)
		return -1;
	if (!options_is_known(&match, arg, len, command))
		return -1;
	return apply_match(args, &match, name[len] ? name + len + 1 : NULL, left);
}

/* "-x", "-xVALUE", "-xy": the letters of options without values may stand together. */
static int parse_letters(struct cli_args *args, const struct cli_command *command, const char *arg,
			 struct arguments *left)
{
	for (const char *at = arg + 1; *at; at++) {
		char shown[] = {'-', *at, '\0'};
		struct match match = {0};
		for (size_t i = 0; i < cli_option_count; i++)
			if (cli_options[i].letter == *at)
				match.option = &cli_options[i];
		if (!options_is_known(&match, shown, 0, command))
			return -1;
		bool value = match.option->argument && at[1];
		if (apply_match(args, &match, value ? at + 1 : NULL, left) != 0)
			return -1;
		if (value)
			break;
	}
	return 0;
}

/* --- The file of defaults --- */

/* Options that this command lacks are for the others. */
static int apply_defaults(struct cli_args *args, const struct cli_command *command)
{
	for (size_t i = 0; i < args->defaults.count; i++) {
		const struct cli_default *line = &args->defaults.lines[i];
		if (line->option->commands & command->bit &&
		    line->option->take(args, line->option, line->value, line->where) != 0)
			return -1;
	}
	args->default_count = args->setting_count;
	return 0;
}

static bool options_is_of_author(const char *key)
{
	return strncmp(key, "author", 6) == 0 || strcmp(key, "bio") == 0;
}

/* An author on the command line replaces those of the file of defaults, with all that is said of
 * them. Other options that may be repeated add to the file's. */
static void replace_authors(struct cli_args *args)
{
	size_t i = args->default_count, kept = 0, defaults = 0;
	while (i < args->setting_count && strcmp(args->settings[i].key, "author") != 0)
		i++;
	if (i == args->setting_count)
		return;
	for (i = 0; i < args->setting_count; i++) {
		if (i < args->default_count && options_is_of_author(args->settings[i].key))
			continue;
		defaults += i < args->default_count;
		args->settings[kept++] = args->settings[i];
	}
	args->setting_count = kept;
	args->default_count = defaults;
}

/* What the command line says takes out what excludes it in the file of defaults. */
static void drop_excluded(struct cli_args *args, const struct cli_args *defaults)
{
	bool output = args->output != defaults->output, to_dir = args->to_dir != defaults->to_dir;
	if (to_dir && !output)
		args->output = NULL;
	if (output && !to_dir)
		args->to_dir = NULL;
	if (args->dir != defaults->dir && defaults->json)
		args->json = false;
}

/* Apply the defaults, if they were read, and then the arguments. */
static int options_parse(struct cli_args *args, const struct cli_command *command, int argc,
			 char **argv)
{
	size_t most = (argc > 0 ? (size_t)argc : 1) + args->defaults.count;
	args->memory = 1000 * 1000 * 1000;
	args->cpu = 60;
	args->settings = calloc(most, sizeof *args->settings);
	args->files = calloc(most, sizeof *args->files);
	if (!args->settings || !args->files) {
		cli_complain("out of memory");
		return CLI_NOT_CONVERTED;
	}
	struct arguments left = {argc, 1, argv};
	bool options = true;
	int rc = apply_defaults(args, command);
	const struct cli_args defaults = *args;
	while (rc == 0 && left.next < left.count) {
		const char *arg = argv[left.next++];
		if (options && strcmp(arg, "--") == 0)
			options = false;
		else if (!options || arg[0] != '-' || arg[1] == '\0')
			args->files[args->file_count++] = arg;
		else if (arg[1] == '-')
			rc = parse_long(args, command, arg, &left);
		else
			rc = parse_letters(args, command, arg, &left);
	}
	replace_authors(args);
	drop_excluded(args, &defaults);
	return rc == 0 ? CLI_DONE : CLI_USAGE;
}

int cli_args_parse(struct cli_args *args, const struct cli_command *command, int argc, char **argv)
{
	struct cli_config config = {0};
	int status = options_parse(args, command, argc, argv);
	if (status != CLI_DONE || args->no_config || args->help || args->version ||
	    command->bit == CLI_COMPLETIONS)
		return status;
	status = cli_config_read(&config, args->config);
	if (status != CLI_DONE || config.count == 0) {
		cli_config_release(&config);
		return status;
	}
	cli_args_release(args);
	args->defaults = config;
	status = options_parse(args, command, argc, argv);
	if (args->verbose || args->explain)
		cli_complain("options from %s", config.path);
	return status;
}

void cli_args_release(struct cli_args *args)
{
	cli_config_release(&args->defaults);
	free(args->settings);
	free(args->files);
	*args = (struct cli_args){0};
}
