/* What the work of a command may read and write, and what the sandbox holds. */
#include "cli/cli.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { FONT_PLACES = 4 };

static bool push(struct cli_paths *paths, char *path)
{
	if (path)
		paths->items[paths->count++] = path;
	return path != NULL;
}

/* The folder that an input is in, by its real path: the input may name files below it. */
static char *sandbox_folder_of(const char *path)
{
	char *real = realpath(path, NULL);
	char *slash = real ? strrchr(real, '/') : NULL;
	if (slash)
		slash[slash == real] = '\0';
	return real ? real : strdup(path);
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

/* The folders of the user's own fonts, of Fontconfig's cache and of its configuration, as far as
 * they exist; the folder of FONTCONFIG_FILE. False when memory runs out. */
static bool push_fonts(struct cli_paths *paths)
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
	const char *config = getenv("FONTCONFIG_FILE");
	const char *slash = config && *config == '/' ? strrchr(config, '/') : NULL;
	return !slash || slash == config || push(paths, strndup(config, (size_t)(slash - config)));
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct cli_paths *paths)
{
	if (paths->count)
		qsort(paths->items, paths->count, sizeof *paths->items, compare_paths);
}

/* The folder of a file; most files of a list are in one. */
static bool push_folder(struct cli_paths *folders, const char *path)
{
	char *folder = sandbox_folder_of(path);
	if (folder && folders->count && strcmp(folders->items[folders->count - 1], folder) == 0) {
		free(folder);
		return true;
	}
	return push(folders, folder);
}

/* The inputs that are files, and the folders of them, of metadata files and of style sheets: all of
 * them name files there. */
static bool gather_inputs(struct cli_access *access, const struct cli_args *args,
			  const struct cli_inputs *inputs)
{
	size_t count = inputs ? inputs->count : args->file_count;
	struct cli_paths *files = &access->inputs, *folders = &access->folders;
	files->items = calloc(count + 1, sizeof *files->items);
	folders->items = calloc(2 * count + args->setting_count + 1, sizeof *folders->items);
	bool done = files->items && folders->items;
	for (size_t i = 0; done && i < count; i++) {
		const char *path = inputs ? inputs->items[i].path : args->files[i];
		if (inputs &&
		    (inputs->items[i].remote || inputs->items[i].is_item || strcmp(path, "-") == 0))
			continue;
		done = push(files, strdup(path)) && (!inputs || push_folder(folders, path));
		/* A list names files below its own folder. */
		if (done && inputs && inputs->items[i].folder)
			done = push(folders, realpath(inputs->items[i].folder, NULL));
	}
	for (size_t i = 0; done && i < args->setting_count; i++)
		if (strcmp(args->settings[i].key, "metadata-file") == 0 ||
		    strcmp(args->settings[i].key, "css") == 0)
			done = push_folder(folders, args->settings[i].value);
	sort(files);
	sort(folders);
	return done;
}

/* What OpenSSL's variables name: a file, and folders with colons between. */
static bool push_certificates(struct cli_paths *paths)
{
	const char *file = getenv("SSL_CERT_FILE"), *folder = getenv("SSL_CERT_DIR");
	return (!file || !*file || push(paths, strdup(file))) &&
	       (!folder || !*folder || push(paths, strdup(folder)));
}

static bool sandbox_gather(struct cli_paths *paths, const struct cli_args *args, bool network)
{
	char *templates = cli_config_templates();
	paths->items = calloc(args->setting_count + FONT_PLACES + 7, sizeof *paths->items);
	if (!paths->items) {
		free(templates);
		return false;
	}
	push(paths, templates);
	if (!push_fonts(paths) || (network && !push_certificates(paths)))
		return false;
	for (size_t i = 0; i < args->setting_count; i++)
		if (takes_path(args->settings[i].key) && !cli_is_cover_word(&args->settings[i]) &&
		    strcmp(args->settings[i].key, "cache") != 0 &&
		    !push(paths, strdup(args->settings[i].value)))
			return false;
	return true;
}

bool cli_make_folder(const char *folder, mode_t mode)
{
	struct stat st;
	char *path = strdup(folder);
	if (!path)
		return false;
	for (char *slash = *path ? path + 1 : path; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(path, mode);
		*slash = '/';
	}
	mkdir(path, mode);
	bool there = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	free(path);
	return there;
}

/* The files that are written, whatever is there: one, or two of each input, or, with --force, the
 * books that a list gives names to. */
static bool gather_outputs(struct cli_paths *paths, const struct cli_args *args,
			   const struct cli_inputs *inputs, enum cli_output kind,
			   const char *output)
{
	static const char *const endings[] = {".html", ".json"};
	size_t count = kind == CLI_OUTPUT_NONE || kind == CLI_OUTPUT_FILE ? 1 : 2 * inputs->count;
	paths->items = calloc(count + 1, sizeof *paths->items);
	if (!paths->items)
		return false;
	if (kind == CLI_OUTPUT_FILE)
		return push(paths, strdup(output));
	for (size_t i = 0; kind == CLI_OUTPUT_PAGES && i < count; i++) {
		char *path = NULL;
		if (asprintf(&path, "%s/%s%s", output, inputs->items[i / 2].name, endings[i % 2]) <
			    0 ||
		    !push(paths, path))
			return false;
	}
	for (size_t i = 0; kind == CLI_OUTPUT_BOOKS && cli_flag(args, "force") && i < count / 2;
	     i++)
		if (inputs->items[i].is_name_given &&
		    !push(paths, cli_named_book(args, &inputs->items[i], output)))
			return false;
	sort(paths);
	return true;
}

/* The folder that `output` is in or is. */
static char *folder_of_output(enum cli_output kind, const char *output)
{
	if (kind == CLI_OUTPUT_NONE)
		return NULL;
	const char *slash = strrchr(output, '/');
	if (kind != CLI_OUTPUT_FILE)
		return strdup(*output ? output : ".");
	return slash ? strndup(output, (size_t)(slash - output) + 1) : strdup(".");
}

int cli_access_find(struct cli_access *access, const struct cli_args *args,
		    const struct cli_inputs *inputs, enum cli_output kind, const char *output)
{
	bool remote = inputs && (cli_inputs_remote(inputs) || cli_flag(args, "online"));
	struct chapbook_access *library = &access->library;
	library->open = args->sandbox == CLI_SANDBOX_NO;
	library->network = remote && !cli_flag(args, "offline");
	access->cache = remote ? cli_cache_dir(args) : NULL;
	access->folder = folder_of_output(kind, output);
	/* Only what exists can be allowed alone. That it cannot be made is reported when something
	 * is to be kept in it. */
	if (access->cache)
		cli_make_folder(access->cache, 0700);
	if (!sandbox_gather(&access->read, args, library->network) ||
	    !gather_inputs(access, args, inputs) ||
	    !gather_outputs(&access->outputs, args, inputs, kind, output) ||
	    (kind != CLI_OUTPUT_NONE && !access->folder)) {
		cli_complain("out of memory");
		return CLI_NOT_CONVERTED;
	}
	size_t count = 0;
	if (access->cache)
		access->write[count++] = access->cache;
	if (kind == CLI_OUTPUT_TREE)
		access->write[count++] = output;
	library->read = (const char *const *)access->read.items;
	library->write = access->write;
	library->inputs = (const char *const *)access->inputs.items;
	library->input_count = access->inputs.count;
	library->folders = (const char *const *)access->folders.items;
	library->folder_count = access->folders.count;
	library->outputs = (const char *const *)access->outputs.items;
	library->output_count = access->outputs.count;
	library->books = kind == CLI_OUTPUT_BOOKS ? output : NULL;
	return CLI_DONE;
}

static void release_paths(struct cli_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->items[i]);
	free(paths->items);
}

void cli_access_release(struct cli_access *access)
{
	release_paths(&access->read);
	release_paths(&access->inputs);
	release_paths(&access->folders);
	release_paths(&access->outputs);
	free(access->cache);
	free(access->folder);
	*access = (struct cli_access){0};
}

int cli_sandbox_report(const struct cli_args *args, int held)
{
	bool calls = held & CHAPBOOK_SANDBOX_CALLS, files = held & CHAPBOOK_SANDBOX_FILES;
	if (args->sandbox == CLI_SANDBOX_NO)
		return CLI_DONE;
	if (args->sandbox == CLI_SANDBOX_YES && !(calls && files)) {
		cli_complain("--sandbox=yes: this kernel cannot restrict %s",
			     calls ? "files" : "system calls");
		return CLI_NOT_CONVERTED;
	}
	if (args->explain && !args->quiet)
		cli_complain("sandbox: system calls %s, files %s", calls ? "restricted" : "open",
			     files ? "restricted" : "open");
	return CLI_DONE;
}
