/* The file of the user's own defaults: long options without the dashes, one on each line. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_CONFIG = 1 << 20 /* bytes */ };

char *cli_config_path(const char *name)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *path = NULL;
	int n = base && *base ? asprintf(&path, "%s/chapbook/%s", base, name)
		: home        ? asprintf(&path, "%s/.config/chapbook/%s", home, name)
			      : -1;
	return n < 0 ? NULL : path;
}

/* --- The file --- */

/* The text of the file with a NUL; NULL with errno set. */
static char *config_read_text(const char *path)
{
	FILE *f = fopen(path, "re");
	struct stat st;
	if (!f)
		return NULL;
	char *text = malloc(MAX_CONFIG + 1);
	size_t size = text && fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode)
			      ? fread(text, 1, MAX_CONFIG + 1, f)
			      : 0;
	bool bad = text && (!S_ISREG(st.st_mode) || ferror(f) || size > MAX_CONFIG);
	fclose(f);
	if (!text || bad) {
		free(text);
		errno = !text ? ENOMEM : size > MAX_CONFIG ? EFBIG : EINVAL;
		return NULL;
	}
	text[size] = '\0';
	return text;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static char *trim(char *s)
{
	while (is_blank(*s))
		s++;
	size_t len = strlen(s);
	while (len && is_blank(s[len - 1]))
		s[--len] = '\0';
	return s;
}

/* Cut a comment off: a "#" between white space, or after white space at the end of the line. */
static void cut_comment(char *value)
{
	for (char *s = value; (s = strchr(s, '#')) != NULL; s++)
		if ((s == value || is_blank(s[-1])) && (!s[1] || is_blank(s[1]))) {
			*s = '\0';
			return;
		}
}

/* The value without quotation marks and comment; NULL when the marks are not closed, or more than a
 * comment follows them. */
static char *config_read_value(char *value)
{
	value = trim(value);
	if (*value != '"' && *value != '\'') {
		cut_comment(value);
		return trim(value);
	}
	char *end = strchr(value + 1, *value), *rest = end ? end + 1 : NULL;
	while (rest && is_blank(*rest))
		rest++;
	if (!end || (*rest && *rest != '#'))
		return NULL;
	*end = '\0';
	return value + 1;
}

/* Files are searched for from the folder of the file, or from home after "~/"; what is written is
 * not. NULL when memory runs out. */
static char *config_resolve(const char *file, const char *value)
{
	const char *home = getenv("HOME"), *slash = strrchr(file, '/');
	char *path = NULL;
	int n = strncmp(value, "~/", 2) == 0 && home ? asprintf(&path, "%s%s", home, value + 1)
		: *value == '/' || !slash
			? asprintf(&path, "%s", value)
			: asprintf(&path, "%.*s/%s", (int)(slash - file), file, value);
	return n < 0 ? NULL : path;
}

static bool is_read(const struct cli_option *o)
{
	static const char *const written[] = {"output", "to-dir", "dir", "cache"};
	bool path = o->argument &&
		    (strncmp(o->argument, "FILE", 4) == 0 || strncmp(o->argument, "DIR", 3) == 0 ||
		     strcmp(o->argument, "LIST") == 0);
	for (size_t i = 0; i < sizeof written / sizeof *written; i++)
		path = path && strcmp(o->name, written[i]) != 0;
	return path;
}

/* "~/" alone is resolved of what is written. */
static char *place_of(const struct cli_option *o, const char *file, const char *value)
{
	bool word = cli_option_takes(o, value);
	bool path = o->argument && (strncmp(o->argument, "FILE", 4) == 0 ||
				    strncmp(o->argument, "DIR", 3) == 0 || is_read(o));
	if (!path || word || !*value || strcmp(value, "-") == 0 ||
	    (!is_read(o) && strncmp(value, "~/", 2) != 0))
		return strdup(value);
	return config_resolve(file, value);
}

/* --- Lines --- */

static bool is_yes(const char *value)
{
	return strcmp(value, "yes") == 0 || strcmp(value, "true") == 0 || strcmp(value, "on") == 0;
}

static bool is_no(const char *value)
{
	return strcmp(value, "no") == 0 || strcmp(value, "false") == 0 || strcmp(value, "off") == 0;
}

/* Options that are about one run. */
static bool is_for_one_run(const char *name)
{
	static const char *const names[] = {"config",  "no-config",  "help",
					    "version", "list-rules", "list-warnings"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Whether the library takes the value; what only the program knows is checked when it is applied.
 */
static bool is_valid(struct chapbook_job *trial, const struct cli_option *o, const char *value,
		     const char *where)
{
	struct chapbook_error err = {0};
	if (is_read(o) && *value == '/' && access(value, R_OK) != 0) {
		cli_complain("%s%s: %s: %s", where, o->name, value, strerror(errno));
		return false;
	}
	if (!o->is_key || chapbook_job_set(trial, o->name, value, &err) == 0)
		return true;
	cli_complain("%s%s", where, err.message);
	return false;
}

/* Take one line: "name = value", or "name". Returns 0, or -1 after an error message. */
static int take_line(struct cli_config *config, char *text, const char *where)
{
	char *equals = strchr(text, '='), *value = NULL;
	struct cli_default *line = &config->lines[config->count];
	if (equals) {
		*equals = '\0';
		value = config_read_value(equals + 1);
		if (!value) {
			cli_complain("%sthe quotation marks of the value are not closed", where);
			return -1;
		}
	} else {
		cut_comment(text);
	}
	char *name = trim(text);
	bool negated = false;
	const struct cli_option *o = cli_find_option(name, &negated);
	if (!o || is_for_one_run(name)) {
		const char *near = o ? NULL : cli_nearest_option(name, strlen(name), ~0U);
		cli_complain(
			o      ? "%s%s can be given on the command line only"
			: near ? "%sthere is no option '%s'; did you mean %s?"
			: strncmp(name, "--", 2) == 0
				? "%s'%s': write options without the dashes, as in: theme = modern"
				: "%sthere is no option '%s'; write lines as in: theme = modern",
			where, name, near);
		return -1;
	}
	bool flag = !o->argument || negated;
	if (flag && value && !is_yes(value) && !is_no(value)) {
		cli_complain("%s%s: '%s' is not yes or no", where, name, value);
		return -1;
	}
	if (!flag && (!value || !*value) && o->argument[0] != '[') {
		cli_complain("%s%s needs a value, as in: %s = %s", where, name, name, o->argument);
		return -1;
	}
	if (flag && negated && value && is_no(value)) /* "no-cover = no" says nothing */
		return 0;
	line->option = o;
	line->value = negated ? strdup(cli_option_negation(o))
		      : flag  ? strdup(value && is_no(value) ? "no" : "yes")
			      : place_of(o, config->path, value ? value : "");
	line->where = strdup(where);
	if (!line->value || !line->where) {
		cli_complain("out of memory");
		return -1;
	}
	config->count++;
	return is_valid(config->trial, o, line->value, where) ? 0 : -1;
}

static int take_lines(struct cli_config *config, char *text)
{
	size_t number = 0, lines = 1;
	for (const char *s = text; *s; s++)
		lines += *s == '\n';
	config->lines = calloc(lines, sizeof *config->lines);
	config->trial = chapbook_job_new();
	if (!config->lines || !config->trial) {
		cli_complain("out of memory");
		return -1;
	}
	for (char *next; text; text = next) {
		char *end = strchr(text, '\n'), *where = NULL;
		next = end ? end + 1 : NULL;
		if (end)
			*end = '\0';
		char *line = trim(text);
		number++;
		if (!*line || *line == '#')
			continue;
		if (asprintf(&where, "%s:%zu: ", config->path, number) < 0)
			where = NULL;
		int rc = where ? take_line(config, line, where) : -1;
		free(where);
		if (rc != 0)
			return -1;
	}
	return 0;
}

int cli_config_read(struct cli_config *config, const char *path)
{
	*config = (struct cli_config){0};
	config->path = path ? strdup(path) : cli_config_path("config");
	char *text = config->path ? config_read_text(config->path) : NULL;
	if (!text) {
		if (!path && (!config->path || errno == ENOENT || errno == ENOTDIR))
			return CLI_DONE;
		cli_complain("%s: %s", path ? path : config->path,
			     errno == EINVAL ? "not a file of options" : strerror(errno));
		return path || errno == EINVAL ? CLI_USAGE : CLI_NOT_CONVERTED;
	}
	char *start = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
	int rc = take_lines(config, start);
	chapbook_job_free(config->trial);
	config->trial = NULL;
	free(text);
	return rc == 0 ? CLI_DONE : CLI_USAGE;
}

void cli_config_release(struct cli_config *config)
{
	for (size_t i = 0; i < config->count; i++) {
		free(config->lines[i].value);
		free(config->lines[i].where);
	}
	free(config->lines);
	free(config->path);
	*config = (struct cli_config){0};
}
