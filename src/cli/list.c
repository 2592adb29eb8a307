/* Lists of inputs. */
#include "cli/cli.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* A list that is being read. */
struct list {
	struct cli_inputs *inputs;
	const char *path; /* of the list, - for standard input */
	char *folder;     /* where the files are that it names */
	size_t line;
};

/* A bad line costs that line alone. */
__attribute__((format(printf, 2, 3))) static void complain_line(const struct list *list,
								const char *fmt, ...)
{
	char text[PATH_MAX + 256];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	list->inputs->failed = true;
	cli_complain("%s:%zu: %s", strcmp(list->path, "-") == 0 ? "standard input" : list->path,
		     list->line, text);
}

/* Cut white space off both ends. */
static char *list_trim(char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	size_t len = strlen(text);
	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	return text;
}

/* Cut a field off the front of *rest, up to a tab. NULL when nothing is left. */
static char *next_field(char **rest)
{
	char *field = *rest, *tab = field ? strchr(field, '\t') : NULL;
	if (tab)
		*tab = '\0';
	*rest = tab ? tab + 1 : NULL;
	return field ? list_trim(field) : NULL;
}

/* Whether it is on this machine: a file, a folder, or standard input. */
static bool is_local(const char *file)
{
	return !cli_is_address(file) && strcmp(file, "-") != 0;
}

/* A file as seen from here; the caller frees. */
static char *list_path_of(const struct list *list, const char *file)
{
	char *path = NULL;
	if (!is_local(file) || *file == '/' || strcmp(list->folder, ".") == 0)
		return strdup(file);
	return asprintf(&path, "%s/%s", list->folder, file) < 0 ? NULL : path;
}

static bool is_there(const struct list *list, const char *file)
{
	char *path = list_path_of(list, file);
	bool found = path && access(path, F_OK) == 0;
	free(path);
	return found;
}

static int no_memory(void)
{
	cli_complain("out of memory");
	return CLI_NOT_CONVERTED;
}

/* The part of the real path `real` below the folder `root`, or NULL. */
static const char *part_below(const char *real, const char *root)
{
	size_t len = strcmp(root, "/") == 0 ? 0 : strlen(root);
	return strncmp(real, root, len) == 0 && (real[len] == '/' || real[len] == '\0')
		       ? real + len + (real[len] == '/')
		       : NULL;
}

/* Add a file or folder, which must be below the list's folder by its real path. One that is not
 * there is reported when it is to be read. */
static int add_local(const struct list *list, const char *file, struct cli_input *input)
{
	enum { LONG_NAME = 80 /* bytes; one with spaces is a line of text */ };
	char *path = list_path_of(list, file), *root = realpath(list->folder, NULL);
	char *real = path ? realpath(path, NULL) : NULL;
	const char *below = real && root ? part_below(real, root) : NULL;
	int status = CLI_DONE;
	if (!path || !root) {
		status = no_memory();
	} else if (!real && strlen(file) > LONG_NAME && strchr(file, ' ')) {
		complain_line(list, "\"%.40s...\" is not an address or a file", file);
	} else if (!real && *file == '/') {
		complain_line(list, "%s: %s", file, strerror(errno));
	} else if (real && !below) {
		complain_line(list, "%s: outside %s; give the file on the command line", file,
			      strcmp(list->path, "-") == 0
				      ? "the current folder, to which a list from standard input "
					"is limited"
				      : "the folder of the list");
	} else {
		input->folder = list->folder;
		input->path = *file == '/' ? real : path;
		input->file = *file == '/' ? below : path + strlen(path) - strlen(file);
		status = cli_inputs_add_path(list->inputs, input);
	}
	free(real);
	free(root);
	free(path);
	return status;
}

/* What "~/…" means; the caller frees. */
static char *expand_home(const char *file)
{
	const char *home = getenv("HOME");
	char *path = NULL;
	if (strncmp(file, "~/", 2) != 0 || !home || *home != '/')
		return strdup(file);
	return asprintf(&path, "%s%s", home, file + 1) < 0 ? NULL : path;
}

static int list_add(const struct list *list, const char *file, struct cli_input *input)
{
	if (!is_local(file)) {
		input->path = (char *)file;
		return cli_inputs_add_path(list->inputs, input);
	}
	char *path = is_there(list, file) ? strdup(file) : expand_home(file);
	int status = CLI_DONE;
	if (!path)
		status = no_memory();
	else if (*path == '~' && !is_there(list, path))
		complain_line(list, "%s: no such file; use \"~/\", not \"~name/\"", path);
	else
		status = add_local(list, path, input);
	free(path);
	return status;
}

/* "ADDRESS", "FILE", "ADDRESS<TAB>TITLE", "FILE<TAB>TITLE" or "NAME<TAB>FILE[<TAB>URL]". */
static int add_line(const struct list *list, char *line)
{
	char *rest = line;
	char *first = next_field(&rest), *second = next_field(&rest), *third = next_field(&rest);
	struct cli_input input = {0};
	if (second && !*second)
		second = NULL;
	if (!second && !third)
		return list_add(list, first, &input);
	if (second &&
	    (cli_is_address(first) ||
	     (!cli_is_address(second) && !is_there(list, second) && is_there(list, first)))) {
		input.title = second;
		return list_add(list, first, &input);
	}
	if (!second || !*first) {
		complain_line(list, second ? "the name before the tab is missing"
					   : "the file after the tab is missing");
		return CLI_DONE;
	}
	if (strchr(first, '/')) {
		complain_line(list, "the name before the tab has a slash in it: it is a file name "
				    "without folder and extension");
		return CLI_DONE;
	}
	input.name = first;
	input.url = third && *third ? third : NULL;
	return list_add(list, second, &input);
}

/* `len`: with the line end. */
static int list_read_line(const struct list *list, char *line, size_t len)
{
	if (list->line == 1 && strncmp(line, "\xEF\xBB\xBF", 3) == 0) {
		line += 3;
		len -= 3;
	}
	if (memchr(line, '\0', len)) {
		complain_line(list, "it is not text in UTF-8");
		return CLI_DONE;
	}
	char *start = line + strspn(line, " \t\r\n");
	line[strcspn(line, "\r\n")] = '\0';
	if (!*start || *start == '#')
		return CLI_DONE;
	return add_line(list, line);
}

/* Its folder, or the current one where it lies in none. NULL when memory runs out. */
static char *list_folder_of(const char *path)
{
	struct stat st;
	const char *slash = strrchr(path, '/');
	if (!slash || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return strdup(".");
	return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

int cli_list_read(struct cli_inputs *inputs, const char *path)
{
	struct list list = {inputs, path, list_folder_of(path), 0};
	char *line = NULL;
	size_t cap = 0, before = inputs->count;
	ssize_t len;
	int status = CLI_DONE;
	struct stat st;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		cli_complain("%s: is a folder, not a list; for the articles in it leave out -i",
			     path);
		free(list.folder);
		return CLI_NOT_CONVERTED;
	}
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	if (!f || !list.folder) {
		cli_complain("%s: %s", path, strerror(errno));
		free(list.folder);
		return CLI_NOT_CONVERTED;
	}
	errno = 0;
	while (status == CLI_DONE && (len = getline(&line, &cap, f)) > 0) {
		list.line++;
		status = list_read_line(&list, line, (size_t)len);
	}
	if (status == CLI_DONE && !feof(f)) {
		cli_complain("%s: %s", path, strerror(errno));
		status = CLI_NOT_CONVERTED;
	} else if (status == CLI_DONE && inputs->count == before && !inputs->failed) {
		cli_complain("%s: the list has no addresses or files", path);
		inputs->failed = true;
	}
	free(list.folder);
	free(line);
	if (f != stdin)
		fclose(f);
	return status;
}

/* --- Lists that are given as articles --- */

static bool is_markdown(const char *path)
{
	const char *dot = strrchr(path, '.');
	return dot && (strcasecmp(dot, ".md") == 0 || strcasecmp(dot, ".markdown") == 0);
}

bool cli_is_address_list(const char *path)
{
	enum { LINE_MAX_BYTES = 8192 };
	char line[LINE_MAX_BYTES];
	bool markdown = is_markdown(path), only = true;
	size_t count = 0;
	struct stat st;
	/* A device or a pipe may have no end, and can be read only once. */
	FILE *f = stat(path, &st) == 0 && S_ISREG(st.st_mode) ? fopen(path, "re") : NULL;
	for (bool first = true; f && only && fgets(line, sizeof line, f); first = false) {
		bool bom = first && strncmp(line, "\xEF\xBB\xBF", 3) == 0;
		char *text = list_trim(line + (bom ? 3 : 0));
		if (!*text || (!markdown && *text == '#'))
			continue;
		only = cli_is_address(text) && !memchr(text, ' ', strcspn(text, "\t"));
		count++;
	}
	if (f)
		fclose(f);
	/* One address alone is a paragraph of Markdown. */
	return only && count > markdown;
}
