/* What the command works on: the files of the command line and of a list, and their names. */
#include "cli/cli.h"

#include <ctype.h>
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* --- No two of one name --- */

/* A name that is taken, and the last number tried behind it. */
struct name {
	char *text;
	size_t last;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static void free_name(void *name)
{
	free(((struct name *)name)->text);
	free(name);
}

/* Take `text` (owned) if it is free. Returns its entry, or NULL when memory runs out; *fresh tells
 * whether it was free. */
static struct name *take_name(void **taken, char *text, bool *fresh)
{
	struct name *name = calloc(1, sizeof *name), **slot = NULL;
	if (name && text) {
		*name = (struct name){text, 1};
		slot = tsearch(name, taken, by_text);
	}
	*fresh = slot && *slot == name;
	if (!*fresh) {
		free(text);
		free(name);
	}
	return slot ? *slot : NULL;
}

static char *print_name(const char *stem, size_t number)
{
	char *text = NULL;
	int n = number == 1 ? asprintf(&text, "%s", stem) : asprintf(&text, "%s-%zu", stem, number);
	return n < 0 ? NULL : text;
}

/* STEM, or where an input of this run has that name already, STEM-2, STEM-3, …; NULL when memory
 * runs out. */
static struct name *name_of(void **taken, const char *stem)
{
	bool fresh;
	struct name *first = take_name(taken, print_name(stem, 1), &fresh), *name = first;
	while (name && !fresh)
		name = take_name(taken, print_name(stem, ++first->last), &fresh);
	return name;
}

static bool settle_names(struct cli_inputs *inputs)
{
	void *taken = NULL;
	bool done = true;
	for (size_t i = 0; done && i < inputs->count; i++) {
		const struct name *name = name_of(&taken, inputs->items[i].name);
		char *copy = name ? strdup(name->text) : NULL;
		done = copy != NULL;
		if (done) {
			free(inputs->items[i].name);
			inputs->items[i].name = copy;
		}
	}
	tdestroy(taken, free_name);
	return done;
}

/* --- Where they come from --- */

static bool is_remote(const char *path)
{
	return strncasecmp(path, "http://", 7) == 0 || strncasecmp(path, "https://", 8) == 0;
}

static bool add(struct cli_inputs *inputs, char *path, char *name, const char *url)
{
	struct cli_input input = {.path = path,
				  .name = name,
				  .url = url ? strdup(url) : NULL,
				  .remote = path && is_remote(path)};
	bool whole = path && name && (input.url || !url);
	if (whole && inputs->count == inputs->cap) {
		size_t cap = inputs->cap ? inputs->cap * 2 : 16;
		struct cli_input *more = realloc(inputs->items, cap * sizeof *more);
		whole = more != NULL;
		if (more) {
			inputs->items = more;
			inputs->cap = cap;
		}
	}
	if (whole) {
		inputs->items[inputs->count++] = input;
		return true;
	}
	free(input.path);
	free(input.name);
	free(input.url);
	return false;
}

/* The last part of an address's path without its extension, or its host:
 * "https://example.org/a/b.html?c" is b. What cannot be in a plain file name becomes a hyphen. */
static char *stem_of_url(const char *url)
{
	const char *host = strstr(url, "://") + 3;
	const char *at = memrchr(host, '@', strcspn(host, "/?#"));
	host = at ? at + 1 : host;
	const char *end = host + strcspn(host, "?#"), *start;
	while (end > host && end[-1] == '/')
		end--;
	for (start = end; start > host && start[-1] != '/';)
		start--;
	const char *dot = start == host ? NULL : memrchr(start, '.', (size_t)(end - start));
	char *name = strndup(start, (size_t)((dot && dot > start ? dot : end) - start));
	for (char *c = name; c && *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-_.", *c))
			*c = '-';
	return name;
}

/* The file's name without folders, ".gz" and one more extension. */
static char *stem_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	size_t len = strlen(base);
	if (strcmp(path, "-") == 0)
		return strdup("article");
	if (is_remote(path))
		return stem_of_url(path);
	if (len > 3 && strcmp(base + len - 3, ".gz") == 0)
		len -= 3;
	const char *dot = memrchr(base, '.', len);
	return strndup(base, dot && dot != base ? (size_t)(dot - base) : len);
}

/* Cut a field off the front of *rest, up to a tab. NULL when nothing is left. */
static char *next_field(char **rest)
{
	char *field = *rest, *tab = field ? strchr(field, '\t') : NULL;
	if (tab)
		*tab = '\0';
	*rest = tab ? tab + 1 : NULL;
	return field;
}

/* Where the files are that a list names: its folder, or the current one where it lies in none. NULL
 * when memory runs out. */
static char *folder_of_list(const char *list)
{
	struct stat st;
	const char *slash = strrchr(list, '/');
	if (!slash || stat(list, &st) != 0 || !S_ISREG(st.st_mode))
		return strdup(".");
	return strndup(list, slash == list ? 1 : (size_t)(slash - list));
}

/* Note that a list names the input's file: found from the list's folder, and below it. */
static bool find_listed(struct cli_input *input, const char *list)
{
	char *path = NULL;
	size_t start = 0;
	input->folder = folder_of_list(list);
	if (!input->folder)
		return false;
	if (*input->path != '/' && strcmp(input->folder, ".") != 0) {
		start = strlen(input->folder) + 1;
		if (asprintf(&path, "%s/%s", input->folder, input->path) < 0)
			return false;
		free(input->path);
		input->path = path;
	}
	input->file = input->path + start;
	return true;
}

/* One line: name, file and, perhaps, URL. The file is found from the list's folder. */
static int add_line(struct cli_inputs *inputs, const char *list, size_t number, char *line)
{
	line[strcspn(line, "\r\n")] = '\0';
	if (!*line || *line == '#')
		return CLI_DONE;
	char *rest = line;
	const char *name = next_field(&rest), *file = next_field(&rest), *url = next_field(&rest);
	if (!*name || !file || !*file) {
		cli_complain("%s:%zu: a line has a name, a tab and a file", list, number);
		return CLI_NOT_CONVERTED;
	}
	if (strchr(name, '/')) {
		cli_complain("%s:%zu: the name '%s' has a slash in it", list, number, name);
		return CLI_NOT_CONVERTED;
	}
	bool added = add(inputs, strdup(file), strdup(name), url && *url ? url : NULL);
	if (added && (is_remote(file) || find_listed(&inputs->items[inputs->count - 1], list)))
		return CLI_DONE;
	cli_complain("out of memory");
	return CLI_NOT_CONVERTED;
}

static int read_list(struct cli_inputs *inputs, const char *list)
{
	char *line = NULL;
	size_t cap = 0, number = 0;
	int status = CLI_DONE;
	FILE *f = strcmp(list, "-") == 0 ? stdin : fopen(list, "re");
	if (!f) {
		cli_complain("%s: %s", list, strerror(errno));
		return CLI_NOT_CONVERTED;
	}
	errno = 0;
	while (status == CLI_DONE && getline(&line, &cap, f) > 0)
		status = add_line(inputs, list, ++number, line);
	if (status == CLI_DONE && !feof(f)) {
		cli_complain("%s: %s", list, strerror(errno));
		status = CLI_NOT_CONVERTED;
	}
	free(line);
	if (f != stdin)
		fclose(f);
	return status;
}

int cli_inputs_read(struct cli_inputs *inputs, const struct cli_args *args)
{
	int status = args->list ? read_list(inputs, args->list) : CLI_DONE;
	if (status != CLI_DONE)
		return status;
	for (size_t i = 0; i < args->file_count; i++) {
		const char *path = args->files[i];
		if (!add(inputs, strdup(path), stem_of(path), args->base_url)) {
			cli_complain("out of memory");
			return CLI_NOT_CONVERTED;
		}
	}
	if (inputs->count == 0) {
		cli_complain("no article given; try --help");
		return CLI_USAGE;
	}
	if (args->base_url && (inputs->count > 1 || args->list)) {
		cli_complain("--base-url: of which page? For several, --input-list has their URLs");
		return CLI_USAGE;
	}
	cli_reporter_expect(args->reporter, inputs->count);
	if (!settle_names(inputs)) {
		cli_complain("out of memory");
		return CLI_NOT_CONVERTED;
	}
	return CLI_DONE;
}

bool cli_inputs_remote(const struct cli_inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		if (inputs->items[i].remote)
			return true;
	return false;
}

void cli_inputs_release(struct cli_inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++) {
		free(inputs->items[i].path);
		free(inputs->items[i].name);
		free(inputs->items[i].url);
		free(inputs->items[i].folder);
	}
	free(inputs->items);
	*inputs = (struct cli_inputs){0};
}
