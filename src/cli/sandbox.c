/* What the program gives up before it reads web pages. */
#include "cli/cli.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* Whether an input is surely no web page: the sandbox is not worth its while. */
static bool is_plain(const char *path)
{
	static const char *const extensions[] = {"txt", "text", "md", "markdown"};
	const char *dot = strrchr(path, '.');
	for (size_t i = 0; dot && i < sizeof extensions / sizeof *extensions; i++)
		if (strcasecmp(dot + 1, extensions[i]) == 0)
			return true;
	return false;
}

static bool may_have_pages(const struct cli_args *args, const struct cli_inputs *inputs)
{
	if (args->from)
		return strcmp(args->from, "text") != 0 && strcmp(args->from, "markdown") != 0;
	for (size_t i = 0; i < inputs->count; i++)
		if (inputs->items[i].remote || !is_plain(inputs->items[i].path))
			return true;
	return false;
}

enum { FONT_PLACES = 4 };

struct paths {
	char **items; /* ends with NULL */
	size_t count;
};

static bool push(struct paths *paths, char *path)
{
	if (path)
		paths->items[paths->count++] = path;
	return path != NULL;
}

/* Cut the last part off a real path; false, and nothing cut, where that is too far up to hand out:
 * the home folder or one above it, or one right below the root. */
static bool climb(char *path)
{
	const char *home = getenv("HOME");
	char *slash = strrchr(path, '/');
	if (!slash || slash == path || memchr(path + 1, '/', (size_t)(slash - path - 1)) == NULL)
		return false;
	size_t len = (size_t)(slash - path);
	if (home && strncmp(home, path, len) == 0 && (home[len] == '/' || home[len] == '\0'))
		return false;
	*slash = '\0';
	return true;
}

/* An input, and the folders above it that its pictures may be in: as far up as a reference may
 * climb. */
static char *readable_of(const char *path)
{
	enum { MOST_CLIMB = 2 };
	char *real = realpath(strcmp(path, "-") == 0 ? "." : path, NULL);
	if (!real)
		return strdup(path);
	if (strcmp(path, "-") == 0)
		return real;
	char *slash = strrchr(real, '/');
	if (slash != real)
		*slash = '\0';
	for (int i = 0; i < MOST_CLIMB && climb(real); i++)
		;
	return real;
}

static bool takes_path(const char *key)
{
	for (size_t i = 0; i < cli_option_count; i++)
		if (strcmp(cli_options[i].name, key) == 0)
			return cli_options[i].argument &&
			       (strcmp(cli_options[i].argument, "FILE") == 0 ||
				strcmp(cli_options[i].argument, "DIR") == 0);
	return false;
}

/* The user's own fonts, what is known of them, and how they are set up; those folders that are
 * there. */
static bool push_fonts(struct paths *paths)
{
	static const struct {
		const char *base, *otherwise, *folder;
	} places[FONT_PLACES] = {{"XDG_DATA_HOME", "/.local/share", "/fonts"},
				 {"HOME", "", "/.fonts"},
				 {"XDG_CACHE_HOME", "/.cache", "/fontconfig"},
				 {"XDG_CONFIG_HOME", "/.config", "/fontconfig"}};
	const char *home = getenv("HOME");
	for (size_t i = 0; home && *home && i < FONT_PLACES; i++) {
		const char *base = getenv(places[i].base);
		bool set = base && *base;
		char *path = NULL;
		struct stat st;
		if (asprintf(&path, "%s%s%s", set ? base : home, set ? "" : places[i].otherwise,
			     places[i].folder) < 0)
			return false;
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			push(paths, path);
		else
			free(path);
	}
	return true;
}

/* `cache`: where what was fetched is kept, or NULL. */
static bool gather(struct paths *paths, const struct cli_args *args,
		   const struct cli_inputs *inputs, const char *cache)
{
	const char *certificates = cache ? getenv("SSL_CERT_FILE") : NULL;
	char *templates = cli_config_templates();
	paths->items =
		calloc(inputs->count + args->setting_count + FONT_PLACES + 4, sizeof *paths->items);
	bool done = paths->items != NULL;
	if (templates && (!done || !push(paths, templates)))
		free(templates);
	for (size_t i = 0; done && i < inputs->count; i++) {
		if (inputs->items[i].remote)
			continue;
		char *path = readable_of(inputs->items[i].path);
		/* Most pages of a list lie in one folder. */
		if (path && paths->count && strcmp(paths->items[paths->count - 1], path) == 0)
			free(path);
		else
			done = push(paths, path);
	}
	done = done && push_fonts(paths);
	for (size_t i = 0; done && i < args->setting_count; i++)
		if (takes_path(args->settings[i].key) && !cli_is_cover_word(&args->settings[i]))
			done = push(paths, strdup(args->settings[i].value));
	if (done && cache)
		done = push(paths, strdup(cache));
	if (done && certificates)
		done = push(paths, strdup(certificates));
	return done;
}

/* Whether anything may be fetched. */
static bool is_online(const struct cli_args *args, const struct cli_inputs *inputs)
{
	return (cli_inputs_remote(inputs) || cli_setting(args, "online")) &&
	       !cli_setting(args, "offline");
}

/* Make the folder, and those above it: only what is there can be allowed alone. One that cannot be
 * made is told when something is to be kept in it. */
static void make_dirs(char *path)
{
	for (char *slash = path + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	mkdir(path, 0700);
}

static int confine(const struct cli_args *args, const struct paths *read, const char *output,
		   const char *cache, bool network)
{
	const char *write[] = {output ? output : cache, output ? cache : NULL, NULL};
	int held = chapbook_sandbox((const char *const *)read->items, write, network);
	bool calls = held & CHAPBOOK_SANDBOX_CALLS, files = held & CHAPBOOK_SANDBOX_FILES;
	if (args->sandbox == CLI_SANDBOX_YES && !(calls && files)) {
		cli_complain("--sandbox: this system cannot keep %s away",
			     calls ? "files" : "system calls");
		return CLI_NOT_CONVERTED;
	}
	if (args->explain && !args->quiet)
		cli_complain("sandbox: system calls %s, files %s", calls ? "kept away" : "open",
			     files ? "kept away" : "open");
	return CLI_DONE;
}

int cli_sandbox(const struct cli_args *args, const struct cli_inputs *inputs, const char *output)
{
	struct paths read = {0};
	int status = CLI_DONE;
	if (args->sandbox == CLI_SANDBOX_NO ||
	    (args->sandbox == CLI_SANDBOX_AUTO && !may_have_pages(args, inputs)))
		return CLI_DONE;
	bool remote = cli_inputs_remote(inputs) || cli_setting(args, "online");
	char *cache = remote ? cli_cache_dir(args) : NULL;
	if (cache)
		make_dirs(cache);
	if (gather(&read, args, inputs, cache)) {
		status = confine(args, &read, output, cache, is_online(args, inputs));
	} else {
		cli_complain("out of memory");
		status = CLI_NOT_CONVERTED;
	}
	for (size_t i = 0; i < read.count; i++)
		free(read.items[i]);
	free(read.items);
	free(cache);
	return status;
}
