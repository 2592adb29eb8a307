/* What the user may have meant: nearest names by edit distance. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_WORD = 40 /* bytes; longer words have no nearest name */ };

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The optimal string alignment distance: how many letters to insert, delete, replace or swap with
 * their neighbour make b of a. Words longer than MAX_WORD: MAX_WORD. */
static size_t distance(const char *a, size_t a_len, const char *b)
{
	size_t rows[3][MAX_WORD + 1], b_len = strlen(b);
	if (a_len > MAX_WORD || b_len > MAX_WORD)
		return MAX_WORD;
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			row[j] = min(min(above[j], row[j - 1]) + 1,
				     above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = min(row[j], second[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

/* A word is near a name when at most a third of its letters are wrong. */
static size_t max_distance(size_t len)
{
	return len < 3 ? 0 : len < 6 ? 1 : len / 3;
}

/* What an option of another name is called here; NULL: not known. */
static const char *find_synonym(const char *name, size_t len)
{
	static const char *const synonyms[][2] = {
		{"categories", "subject"},  {"format", "from"},           {"gray", "grayscale"},
		{"grey", "grayscale"},      {"isbn", "identifier"},       {"keyword", "subject"},
		{"keywords", "subject"},    {"language", "lang"},         {"list", "input-list"},
		{"no-photos", "no-images"}, {"no-pictures", "no-images"}, {"out-dir", "output"},
		{"style", "css"},           {"stylesheet", "css"},        {"tag", "subject"},
		{"tags", "subject"},        {"url", "base-url"},
	};
	for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
		if (strlen(synonyms[i][0]) == len && strncmp(name, synonyms[i][0], len) == 0)
			return synonyms[i][1];
	return NULL;
}

const char *cli_nearest_option(const char *name, size_t len, unsigned command)
{
	const char *nearest = NULL, *synonym = find_synonym(name, len);
	size_t best = max_distance(len) + 1;
	for (size_t i = 0; i < cli_option_count; i++) {
		const struct cli_option *o = &cli_options[i];
		if (synonym && o->commands & command && strcmp(o->name, synonym) == 0)
			return synonym;
		size_t d = o->commands & command ? distance(name, len, o->name) : best;
		if (d < best) {
			best = d;
			nearest = o->name;
		}
	}
	return nearest;
}

void cli_suggest_value(const char *key, const char *value, struct chapbook_error *err)
{
	bool negated;
	const struct cli_option *o = cli_find_option(key, &negated);
	char nearest[MAX_WORD + 1] = "", word[MAX_WORD + 1];
	size_t best = max_distance(strlen(value)) + 1, used = strlen(err->message);
	for (const char *w = o && o->values ? o->values : ""; *w; w += strspn(w, " ")) {
		size_t len = strcspn(w, " ");
		snprintf(word, sizeof word, "%.*s", (int)len, w);
		size_t d = distance(value, strlen(value), word);
		if (d < best && word[0] != '.' && strstr(err->message, word)) {
			best = d;
			memcpy(nearest, word, sizeof nearest);
		}
		w += len;
	}
	if (*nearest)
		snprintf(err->message + used, sizeof err->message - used, "; did you mean %s?",
			 nearest);
}

/* A command, or the option that "help" or "version" stands for. */
static const char *nearest_command(const char *word)
{
	const char *nearest = NULL;
	size_t len = strlen(word), best = max_distance(len) + 1;
	static const char *const options[] = {"help", "version"};
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		size_t d = distance(word, len, options[i]);
		if (d < best) {
			best = d;
			nearest = i == 0 ? "--help" : "--version";
		}
	}
	for (size_t i = 0; i < cli_command_count; i++) {
		const char *name = cli_commands[i].name;
		size_t d = name ? distance(word, len, name) : best;
		if (d < best) {
			best = d;
			nearest = name;
		}
	}
	return nearest;
}

int cli_check_command_word(const struct cli_args *args)
{
	const char *word = args->file_count ? args->files[0] : NULL;
	if (!word || access(word, F_OK) == 0)
		return CLI_DONE;
	const char *command = nearest_command(word);
	if (!command)
		return CLI_DONE;
	cli_complain("%s: no such file or command; did you mean chapbook %s?", word, command);
	return CLI_USAGE;
}
