/* The option table, and how arguments are matched with it. */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct cli_option cli_options[] = {
	{"Output", "output", 'o', "FILE",
	 "write here: a file, a folder (with a final /), or - for standard output", OPT_OUTPUT,
	 CLI_CONVERT},
	{NULL, "to-dir", 0, "DIR", "write the package unzipped into an empty folder", OPT_TO_DIR,
	 CLI_CONVERT},
	{NULL, "dir", 'd', "DIR", "extract: write NAME.html and NAME.json of each page here",
	 OPT_DIR, CLI_EXTRACT},
	{"Input", "from", 'f', "FORMAT", "text, markdown or html (default: found out)", OPT_FROM,
	 CLI_READ},
	{NULL, "charset", 0, "NAME", "the input's charset (default: found out)", OPT_JOB, CLI_READ},
	{NULL, "base-url", 0, "URL", "where the page came from", OPT_BASE_URL, CLI_READ},
	{NULL, "input-list", 'i', "LIST", "a file with a line for each input: name, file, URL",
	 OPT_LIST, CLI_READ},
	{NULL, "photo", 0, "FILE", "a photo for the next caption that has none; may be repeated",
	 OPT_JOB, CLI_CONVERT},
	{NULL, "metadata-file", 0, "FILE", "YAML with pandoc's keys; may be repeated", OPT_JOB,
	 CLI_CONVERT},
	{"Metadata (before front matter, which is before what is guessed)", "title", 0, "TEXT",
	 "title", OPT_JOB, CLI_CONVERT},
	{NULL, "subtitle", 0, "TEXT", "subtitle", OPT_JOB, CLI_CONVERT},
	{NULL, "author", 0, "NAME", "author; may be repeated", OPT_JOB, CLI_CONVERT},
	{NULL, "bio", 0, "TEXT", "who the author before is", OPT_JOB, CLI_CONVERT},
	{NULL, "author-url", 0, "URL", "the author's page", OPT_JOB, CLI_CONVERT},
	{NULL, "author-sort", 0, "NAME", "the name to sort by: \"Brown, Ann\"", OPT_JOB,
	 CLI_CONVERT},
	{NULL, "author-role", 0, "CODE", "MARC relator code (default: aut)", OPT_JOB, CLI_CONVERT},
	{NULL, "lang", 0, "TAG", "language: en, zh-Hant, pt-BR", OPT_JOB, CLI_CONVERT},
	{NULL, "direction", 0, "DIR", "ltr or rtl (default: as the language)", OPT_JOB,
	 CLI_CONVERT},
	{NULL, "publisher", 0, "NAME", "publisher or site", OPT_JOB, CLI_CONVERT},
	{NULL, "date", 0, "DATE", "when it was published: 2021-07-02", OPT_JOB, CLI_CONVERT},
	{NULL, "source", 0, "URL", "where it came from", OPT_JOB, CLI_CONVERT},
	{NULL, "section", 0, "TEXT", "the publication's section", OPT_JOB, CLI_CONVERT},
	{NULL, "subject", 0, "TEXT", "subject; may be repeated", OPT_JOB, CLI_CONVERT},
	{NULL, "description", 0, "TEXT", "summary for catalogues", OPT_JOB, CLI_CONVERT},
	{NULL, "standfirst", 0, "TEXT", "the paragraph under the title", OPT_JOB, CLI_CONVERT},
	{NULL, "rights", 0, "TEXT", "copyright or licence", OPT_JOB, CLI_CONVERT},
	{NULL, "series", 0, "NAME", "the series it belongs to", OPT_JOB, CLI_CONVERT},
	{NULL, "series-index", 0, "N", "its place in the series", OPT_JOB, CLI_CONVERT},
	{NULL, "identifier", 0, "TEXT",
	 "identifier: ISBN, DOI, URI (default: made from the source)", OPT_JOB, CLI_CONVERT},
	{NULL, "conforms-to", 0, "TEXT",
	 "accessibility standard that somebody found the book to meet", OPT_JOB, CLI_CONVERT},
	{NULL, "certified-by", 0, "NAME", "who found that", OPT_JOB, CLI_CONVERT},
	{"Pictures", "profile", 0, "NAME",
	 "what the reading device wants: generic (default), kindle, kobo, archive; check: google",
	 OPT_JOB, CLI_CONVERT | CLI_CHECK},
	{NULL, "image-size", 0, "WxH", "no picture is larger (default: 1600x2400)", OPT_JOB,
	 CLI_CONVERT},
	{NULL, "image-quality", 0, "N", "of JPEG pictures that are made, 1 to 100 (default: 82)",
	 OPT_JOB, CLI_CONVERT},
	{NULL, "max-book-size", 0, "SIZE", "make pictures smaller until the book fits: 50M",
	 OPT_JOB, CLI_CONVERT},
	{NULL, "grayscale", 0, NULL, "pictures in shades of grey", OPT_JOB, CLI_CONVERT},
	{NULL, "no-images", 0, NULL, "leave the pictures out; their captions stay", OPT_JOB,
	 CLI_CONVERT},
	{NULL, "embed-captions", 0, NULL, "write captions and credits into the pictures' files",
	 OPT_JOB, CLI_CONVERT},
	{NULL, "keep-location", 0, NULL,
	 "leave in pictures where and with what device they were taken", OPT_JOB, CLI_CONVERT},
	{"Fetching", "online", 0, NULL, "fetch the pictures that files refer to, too", OPT_JOB,
	 CLI_CONVERT},
	{NULL, "offline", 0, NULL, "fetch nothing: what is not in the cache is missing", OPT_JOB,
	 CLI_READ},
	{NULL, "cache", 0, "DIR|none",
	 "where what was fetched is kept (default: ~/.cache/chapbook)", OPT_JOB, CLI_READ},
	{NULL, "cache-size", 0, "SIZE", "how much is kept there (default: 500M)", OPT_JOB,
	 CLI_READ},
	{NULL, "user-agent", 0, "TEXT", "what servers are told who asks", OPT_JOB, CLI_READ},
	{NULL, "header", 0, "LINE", "a header for the hosts of the pages; may be repeated", OPT_JOB,
	 CLI_READ},
	{NULL, "cookies", 0, "FILE", "cookies, as browsers' exporters write them (Netscape format)",
	 OPT_JOB, CLI_READ},
	{NULL, "proxy", 0, "URL", "proxy (default: as the environment says)", OPT_JOB, CLI_READ},
	{NULL, "rate", 0, "N", "requests a second to one host, at most", OPT_JOB, CLI_READ},
	{NULL, "timeout", 0, "SECONDS", "for a page or a picture (default: 30)", OPT_JOB, CLI_READ},
	{NULL, "max-redirects", 0, "N", "redirects to follow (default: 10)", OPT_JOB, CLI_READ},
	{NULL, "max-page-size", 0, "SIZE", "larger pages are refused (default: 20M)", OPT_JOB,
	 CLI_READ},
	{NULL, "max-image-size", 0, "SIZE", "larger pictures are (default: 50M)", OPT_JOB,
	 CLI_READ},
	{"Book", "split-level", 0, "N",
	 "chapters start at headings down to level N; auto (default), none", OPT_JOB, CLI_CONVERT},
	{NULL, "toc-depth", 0, "N", "levels in the contents (default: all)", OPT_JOB, CLI_CONVERT},
	{NULL, "theme", 0, "NAME", "style: default, modern", OPT_JOB, CLI_CONVERT},
	{NULL, "cover", 0, "FILE", "the cover's picture; auto (default): drawn; none", OPT_JOB,
	 CLI_CONVERT},
	{NULL, "kepub", 0, NULL, "name books .kepub.epub, as Kobo's own reader wants it", OPT_JOB,
	 CLI_CONVERT},
	{NULL, "css", 0, "FILE", "a style sheet to add; may be repeated", OPT_JOB, CLI_CONVERT},
	{NULL, "template-dir", 0, "DIR", "templates that replace the built-in ones", OPT_JOB,
	 CLI_CONVERT},
	{"Running", "explain", 0, NULL, "say what was guessed, and why", OPT_EXPLAIN, CLI_READ},
	{NULL, "strict", 0, NULL, "exit status 3 where something of an article is missing",
	 OPT_STRICT, CLI_CONVERT},
	{NULL, "verbose", 'v', NULL, "say each step", OPT_VERBOSE, CLI_READ},
	{NULL, "quiet", 'q', NULL, "say nothing but errors", OPT_QUIET, CLI_READ | CLI_CHECK},
	{NULL, "threads", 'j', "N", "threads to use (default: one a core)", OPT_THREADS, CLI_READ},
	{NULL, "sandbox", 0, "[=WHEN]",
	 "give up what is not needed: yes, no, auto (default: for web pages)", OPT_SANDBOX,
	 CLI_READ},
	{NULL, "json", 0, NULL, "info: print JSON; extract: print the metadata", OPT_JSON,
	 CLI_INFO | CLI_EXTRACT},
	{NULL, "help", 'h', NULL, "this text", OPT_HELP, CLI_ANY},
	{NULL, "version", 'V', NULL, "the version", OPT_VERSION, CLI_ANY},
};

const size_t cli_option_count = sizeof cli_options / sizeof *cli_options;

static const struct cli_option *find_long(const char *name, size_t len)
{
	for (size_t i = 0; i < cli_option_count; i++)
		if (strlen(cli_options[i].name) == len &&
		    strncmp(cli_options[i].name, name, len) == 0)
			return &cli_options[i];
	return NULL;
}

static const struct cli_option *find_letter(char letter)
{
	for (size_t i = 0; i < cli_option_count; i++)
		if (cli_options[i].letter == letter)
			return &cli_options[i];
	return NULL;
}

bool cli_is_cover_word(const struct cli_setting *s)
{
	return strcmp(s->key, "cover") == 0 &&
	       (strcmp(s->value, "auto") == 0 || strcmp(s->value, "none") == 0);
}

static int apply(struct cli_args *args, const struct cli_option *option, const char *value)
{
	char *end;
	unsigned long n;
	switch (option->kind) {
	case OPT_JOB:
		args->settings[args->setting_count++] =
			(struct cli_setting){option->name, value ? value : "yes"};
		break;
	case OPT_OUTPUT:
		args->output = value;
		break;
	case OPT_TO_DIR:
		args->to_dir = value;
		break;
	case OPT_FROM:
		args->from = value;
		break;
	case OPT_BASE_URL:
		args->base_url = value;
		break;
	case OPT_DIR:
		args->dir = value;
		break;
	case OPT_LIST:
		args->list = value;
		break;
	case OPT_EXPLAIN:
		args->explain = true;
		break;
	case OPT_VERBOSE:
		args->verbose = true;
		break;
	case OPT_STRICT:
		args->strict = true;
		break;
	case OPT_QUIET:
		args->quiet = true;
		break;
	case OPT_JSON:
		args->json = true;
		break;
	case OPT_SANDBOX:
		if (strcmp(value, "auto") == 0) {
			args->sandbox = CLI_SANDBOX_AUTO;
		} else if (!*value || strcmp(value, "yes") == 0) {
			args->sandbox = CLI_SANDBOX_YES;
		} else if (strcmp(value, "no") == 0) {
			args->sandbox = CLI_SANDBOX_NO;
		} else {
			cli_complain("--sandbox: '%s' is not auto, yes or no", value);
			return -1;
		}
		break;
	case OPT_THREADS:
		n = strtoul(value, &end, 10);
		if (end == value || *end || n > 256) {
			cli_complain("--threads: '%s' is not a number of threads", value);
			return -1;
		}
		args->threads = (unsigned)n;
		break;
	case OPT_HELP:
		args->help = true;
		break;
	case OPT_VERSION:
		args->version = true;
		break;
	}
	return 0;
}

/* One "--name", "--name=value" or "-x" with its value, which may be the next argument. */
static int parse_option(struct cli_args *args, const struct cli_command *command, int argc,
			char **argv, int *i)
{
	const char *arg = argv[*i], *value = NULL;
	const struct cli_option *option;
	if (arg[1] == '-') {
		const char *equals = strchr(arg, '=');
		option = find_long(arg + 2, equals ? (size_t)(equals - arg - 2) : strlen(arg + 2));
		value = equals ? equals + 1 : NULL;
	} else {
		option = find_letter(arg[1]);
		value = arg[2] ? arg + 2 : NULL;
	}
	if (!option) {
		cli_complain("there is no option '%s'; try --help", arg);
		return -1;
	}
	if (!(option->commands & command->bit)) {
		cli_complain("--%s has no meaning %s%s", option->name,
			     command->name ? "for " : "without a command",
			     command->name ? command->name : "");
		return -1;
	}
	if (!option->argument && value) {
		cli_complain("--%s takes no value", option->name);
		return -1;
	}
	if (option->argument && !value && option->argument[0] == '[') {
		value = "";
	} else if (option->argument && !value) {
		if (*i + 1 >= argc) {
			cli_complain("--%s wants a value: %s", option->name, option->argument);
			return -1;
		}
		value = argv[++*i];
	}
	return apply(args, option, value);
}

int cli_args_parse(struct cli_args *args, const struct cli_command *command, int argc, char **argv)
{
	size_t most = argc > 0 ? (size_t)argc : 1;
	args->from = command->from;
	args->settings = calloc(most, sizeof *args->settings);
	args->files = calloc(most, sizeof *args->files);
	if (!args->settings || !args->files) {
		cli_complain("out of memory");
		return CLI_NOT_CONVERTED;
	}
	bool options = true;
	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0)
			options = false;
		else if (!options || argv[i][0] != '-' || argv[i][1] == '\0')
			args->files[args->file_count++] = argv[i];
		else if (parse_option(args, command, argc, argv, &i) != 0)
			return CLI_USAGE;
	}
	return CLI_DONE;
}

void cli_args_release(struct cli_args *args)
{
	free(args->settings);
	free(args->files);
	*args = (struct cli_args){0};
}
