/* What the command works on: the files, folders and addresses of the command line and of a list. */
#include "cli/cli.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

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
static struct name *inputs_name_of(void **taken, const char *stem)
{
	bool fresh;
	struct name *first = take_name(taken, print_name(stem, 1), &fresh), *name = first;
	while (name && !fresh)
		name = take_name(taken, print_name(stem, ++first->last), &fresh);
	return name;
}

static bool make_names_unique(struct cli_inputs *inputs)
{
	void *taken = NULL;
	bool done = true;
	for (size_t i = 0; done && i < inputs->count; i++) {
		const struct name *name = inputs_name_of(&taken, inputs->items[i].name);
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

/* --- One input --- */

bool cli_is_address(const char *path)
{
	return strncasecmp(path, "http://", 7) == 0 || strncasecmp(path, "https://", 8) == 0;
}

static void release_input(struct cli_input *input)
{
	free(input->path);
	free(input->name);
	free(input->url);
	free(input->title);
	free(input->folder);
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
	if (start == end)
		return strdup("article");
	char *name = strndup(start, (size_t)((dot && dot > start ? dot : end) - start));
	for (char *c = name; c && *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-_.", *c))
			*c = '-';
	return name;
}

/* The file's name without folders, ".gz" and one more extension. */
static char *stem_of(const char *path)
{
	size_t end = strlen(path);
	while (end > 0 && path[end - 1] == '/')
		end--;
	const char *slash = memrchr(path, '/', end), *base = slash ? slash + 1 : path;
	size_t len = (size_t)(path + end - base);
	if (len == 0 || strcmp(path, "-") == 0)
		return strdup("article");
	if (cli_is_address(path))
		return stem_of_url(path);
	if (len > 3 && memcmp(base + len - 3, ".gz", 3) == 0)
		len -= 3;
	const char *dot = memrchr(base, '.', len);
	return strndup(base, dot && dot != base ? (size_t)(dot - base) : len);
}

int cli_inputs_add(struct cli_inputs *inputs, const struct cli_input *input)
{
	struct cli_input copy = {.path = strdup(input->path),
				 .name = input->name ? strdup(input->name) : stem_of(input->path),
				 .url = input->url ? strdup(input->url) : NULL,
				 .title = input->title ? strdup(input->title) : NULL,
				 .folder = input->folder ? strdup(input->folder) : NULL,
				 .is_name_given = input->name != NULL,
				 .remote = cli_is_address(input->path)};
	bool whole = copy.path && copy.name && (copy.url || !input->url) &&
		     (copy.title || !input->title) && (copy.folder || !input->folder);
	if (whole && input->file)
		copy.file = copy.path + (input->file - input->path);
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
		inputs->items[inputs->count++] = copy;
		return CLI_DONE;
	}
	release_input(&copy);
	cli_complain("out of memory");
	return CLI_NOT_CONVERTED;
}

/* --- Folders --- */

/* Names with numbers in them in the order of these: "page 2", "page 10". */
static int by_nature(const void *x, const void *y)
{
	const unsigned char *a = *(const unsigned char *const *)x;
	const unsigned char *b = *(const unsigned char *const *)y;
	const char *whole_a = (const char *)a, *whole_b = (const char *)b;
	while (*a && *b) {
		if (isdigit(*a) && isdigit(*b)) {
			a += strspn((const char *)a, "0");
			b += strspn((const char *)b, "0");
			size_t n = strspn((const char *)a, "0123456789");
			size_t m = strspn((const char *)b, "0123456789");
			int order = n != m ? (n < m ? -1 : 1) : memcmp(a, b, n);
			if (order)
				return order;
			a += n;
			b += n;
		} else if (tolower(*a) != tolower(*b)) {
			return tolower(*a) - tolower(*b);
		} else {
			a++;
			b++;
		}
	}
	return *a || *b ? *a - *b : strcmp(whole_a, whole_b);
}

/* Whether a file of a folder is an article, by its name: a page, a text or Markdown. */
static bool is_article_name(const char *name)
{
	static const char *const extensions[] = {"htm",   "html", "markdown", "md",  "mht",
						 "mhtml", "text", "txt",      "xht", "xhtml"};
	size_t len = strlen(name);
	if (len > 3 && strcasecmp(name + len - 3, ".gz") == 0)
		len -= 3;
	const char *dot = memrchr(name, '.', len);
	if (!dot || name[0] == '.')
		return false;
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
		if (strlen(extensions[i]) == len - (size_t)(dot + 1 - name) &&
		    strncasecmp(dot + 1, extensions[i], strlen(extensions[i])) == 0)
			return true;
	return false;
}

static bool inputs_is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

struct names {
	char **items;
	size_t count, cap;
};

/* The articles in a folder, not those in folders below it. Returns false, with errno set, on
 * failure. */
static bool list_folder(struct names *names, const char *folder)
{
	DIR *dir = opendir(folder);
	if (!dir)
		return false;
	for (const struct dirent *e; (e = readdir(dir)) != NULL;) {
		if (!is_article_name(e->d_name))
			continue;
		if (names->count == names->cap) {
			size_t cap = names->cap ? names->cap * 2 : 64;
			char **more = realloc(names->items, cap * sizeof *more);
			if (!more)
				break;
			names->items = more;
			names->cap = cap;
		}
		char *path = NULL;
		const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
		if (asprintf(&path, "%s%s%s", folder, slash, e->d_name) < 0)
			break;
		if (inputs_is_folder(path))
			free(path);
		else
			names->items[names->count++] = path;
	}
	closedir(dir);
	if (names->count)
		qsort(names->items, names->count, sizeof *names->items, by_nature);
	return true;
}

/* `model`: its path is the folder; a list may have named it. */
static int add_folder(struct cli_inputs *inputs, const struct cli_input *model)
{
	const char *folder = model->path;
	struct names names = {0};
	int status = CLI_DONE;
	if (!list_folder(&names, folder)) {
		cli_complain("%s: %s", folder, strerror(errno));
		inputs->failed = true;
	} else if (names.count == 0) {
		cli_complain("%s: no web pages, texts or Markdown files in this folder", folder);
		inputs->failed = true;
	}
	for (size_t i = 0; i < names.count; i++) {
		struct cli_input input = {.path = names.items[i], .folder = model->folder};
		if (model->file)
			input.file = input.path + (model->file - folder);
		if (status == CLI_DONE)
			status = cli_inputs_add(inputs, &input);
		free(names.items[i]);
	}
	free(names.items);
	return status;
}

int cli_inputs_add_path(struct cli_inputs *inputs, const struct cli_input *input)
{
	if (!cli_is_address(input->path) && inputs_is_folder(input->path))
		return add_folder(inputs, input);
	return cli_inputs_add(inputs, input);
}

/* --- All of them --- */

/* Whether an address leads to a feed or a list, by its looks. */
static bool is_source_address(const char *url)
{
	static const char *const words[] = {"feed", "rss", "atom"};
	static const char *const endings[] = {".xml", ".rdf", ".opml", ".csv", ".json", ".zip"};
	const char *host = strstr(url, "://") + 3, *path = host + strcspn(host, "/?#");
	size_t len = strcspn(path, "?#");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(path, words[i]))
			return true;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t n = strlen(endings[i]);
		if (len > n && strncasecmp(path + len - n, endings[i], n) == 0)
			return true;
	}
	return false;
}

/* Whether a folder is a mailbox (Maildir). */
static bool is_mail_folder(const char *path)
{
	static const char *const parts[] = {"cur", "new"};
	size_t found = 0;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char *part = NULL;
		if (asprintf(&part, "%s/%s", path, parts[i]) < 0)
			return false;
		found += inputs_is_folder(part);
		free(part);
	}
	return found == sizeof parts / sizeof *parts;
}

/* Whether an argument may hold articles. What it is, a process in the sandbox finds out; that is
 * not started for files whose names say that they are articles. */
static bool may_be_source(const char *path)
{
	static const char *const articles[] = {".md", ".markdown", ".mht", ".mhtml", ".text"};
	const char *dot = strrchr(path, '.');
	struct stat st;
	if (cli_is_address(path))
		return is_source_address(path);
	if (strcmp(path, "-") == 0 || stat(path, &st) != 0)
		return false;
	if (S_ISDIR(st.st_mode))
		return is_mail_folder(path);
	for (size_t i = 0; dot && i < sizeof articles / sizeof *articles; i++)
		if (strcasecmp(dot, articles[i]) == 0)
			return false;
	return S_ISREG(st.st_mode);
}

static int add_argument(struct cli_inputs *inputs, const struct cli_args *args, const char *path)
{
	struct cli_input input = {.path = (char *)path, .url = (char *)args->base_url};
	bool holds = !args->from && !args->base_url && may_be_source(path);
	size_t before = inputs->count;
	int status = holds ? cli_inputs_add(inputs, &input) : cli_inputs_add_path(inputs, &input);
	if (holds && status == CLI_DONE)
		inputs->items[before].may_be_source = true;
	return status;
}

static int add_arguments(struct cli_inputs *inputs, const struct cli_args *args)
{
	int status = CLI_DONE;
	for (size_t i = 0; status == CLI_DONE && i < args->file_count; i++) {
		const char *path = args->files[i];
		if (!*path) {
			cli_complain("an argument is empty; give a file or an address");
			return CLI_USAGE;
		}
		if (!args->from && cli_is_address_list(path)) {
			if (!args->quiet)
				cli_complain("%s: holds only addresses, and is read as a list of "
					     "articles, as with -i",
					     path);
			status = cli_list_read(inputs, path);
		} else {
			status = add_argument(inputs, args, path);
		}
	}
	return status;
}

int cli_inputs_read(struct cli_inputs *inputs, const struct cli_args *args)
{
	int status = args->list ? cli_list_read(inputs, args->list) : CLI_DONE;
	if (status == CLI_DONE)
		status = add_arguments(inputs, args);
	if (status == CLI_DONE)
		status = cli_plan_make(inputs, args);
	if (status != CLI_DONE)
		return status;
	if (inputs->count == 0 && inputs->has_plan && !inputs->failed) {
		cli_complain("no articles: the source is empty, or what is chosen is not in it");
		inputs->failed = true;
	}
	if (inputs->count == 0 && inputs->failed)
		return CLI_NOT_CONVERTED;
	if (inputs->count == 0) {
		cli_complain("no article given; try --help");
		return CLI_USAGE;
	}
	if (args->base_url && (inputs->count > 1 || args->list)) {
		cli_complain("--base-url is for one page, and there are %zu; a list (-i) can have "
			     "an address for each",
			     inputs->count);
		return CLI_USAGE;
	}
	cli_reporter_expect(args->reporter, inputs->count);
	if (!make_names_unique(inputs)) {
		cli_complain("out of memory");
		return CLI_NOT_CONVERTED;
	}
	return CLI_DONE;
}

/* By its name: the feeds of a list are downloaded to see what is in them. */
static bool may_list_feeds(const char *path)
{
	size_t len = strlen(path);
	return len > 5 && (strcasecmp(path + len - 5, ".opml") == 0 ||
			   strcasecmp(path + len - 4, ".xml") == 0);
}

bool cli_inputs_remote(const struct cli_inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		if (inputs->items[i].remote || inputs->items[i].is_item ||
		    (inputs->items[i].may_be_source && may_list_feeds(inputs->items[i].path)))
			return true;
	return false;
}

void cli_inputs_release(struct cli_inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		release_input(&inputs->items[i]);
	free(inputs->items);
	free(inputs->sources);
	if (inputs->has_plan)
		close(inputs->plan);
	*inputs = (struct cli_inputs){0};
}
