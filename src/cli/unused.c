/* Options that have no effect beside others, or on these inputs. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

/* Whether the option was given on the command line: the file of defaults is for every run. */
static bool is_given(const struct cli_args *args, const char *key)
{
	for (size_t i = args->default_count; i < args->setting_count; i++)
		if (strcmp(args->settings[i].key, key) == 0 &&
		    strcmp(args->settings[i].value, "no") != 0)
			return true;
	return false;
}

static void unused_report(const struct cli_args *args, const char *option, const char *why)
{
	if (!args->quiet)
		cli_complain("warning: --%s has no effect: %s", option, why);
}

static void report_given(const struct cli_args *args, const char *const *options, const char *why)
{
	for (; *options; options++)
		if (is_given(args, *options))
			unused_report(args, *options, why);
}

static void report_empty(const struct cli_args *args)
{
	for (size_t i = args->default_count; i < args->setting_count; i++)
		if (!*args->settings[i].value)
			unused_report(args, args->settings[i].key, "its value is empty");
}

/* Options for downloads, where nothing is downloaded. */
static void report_downloads(const struct cli_args *args, const struct cli_inputs *inputs)
{
	static const char *const downloads[] = {
		"user-agent", "header",        "cookies",       "proxy",          "rate",
		"timeout",    "max-redirects", "max-page-size", "max-image-size", NULL};
	if (cli_flag(args, "offline"))
		report_given(args, downloads, "--offline downloads nothing");
	else if (!cli_inputs_remote(inputs) && !cli_flag(args, "online"))
		report_given(args, downloads,
			     "nothing is downloaded; --online downloads the pictures of files");
	const char *cache = cli_setting(args, "cache");
	static const char *const sizes[] = {"cache-size", NULL};
	if (cache && strcmp(cache, "none") == 0)
		report_given(args, sizes, "there is no cache");
}

void cli_report_unused(const struct cli_args *args, const struct cli_inputs *inputs)
{
	static const char *const pictures[] = {"image-size",     "image-quality",  "grayscale",
					       "embed-captions", "keep-location",  "photo",
					       "online",         "max-image-size", NULL};
	static const char *const kepub[] = {"kepub", NULL},
				 *const certified[] = {"certified-by", NULL},
				 *const online[] = {"online", NULL};
	size_t remote = 0;
	for (size_t i = 0; i < inputs->count; i++)
		remote += inputs->items[i].remote;
	report_empty(args);
	if (cli_flag(args, "no-images"))
		report_given(args, pictures, "--no-images leaves the pictures out");
	else if (remote && remote == inputs->count)
		report_given(args, online, "pages at addresses bring their pictures anyway");
	report_downloads(args, inputs);
	if (!cli_setting(args, "conforms-to"))
		report_given(args, certified, "use --conforms-to to say what was certified");
	if (args->to_dir)
		report_given(args, kepub, "--to-dir writes no book file");
	else if (args->output && *args->output && args->output[strlen(args->output) - 1] != '/')
		report_given(args, kepub, "--output names the book");
	if (args->base_url && inputs->count == 1 && remote)
		unused_report(args, "base-url", "the page's own address counts");
}
