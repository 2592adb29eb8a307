/* Jobs: options, by their names. */
#include "job/job.h"

#include "article/url.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"
#include "base/word_list.h"
#include "epub/epub.h"
#include "read/metadata/keys.h"
#include "read/metadata/metadata.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A key of chapbook_job_set(): a row of the table. */
struct option {
	const char *key;
	/* Takes a value; returns 0, or -1 with an error set. */
	int (*set)(struct chapbook_job *job, const struct option *o, const char *value,
		   struct chapbook_error *err);
	size_t at;           /* of the field in the job that it sets */
	long long low, high; /* limits of numbers */
	const char *wanted;  /* when it is another number: "a depth from 1 to 6" */
};

static void *field_of(struct chapbook_job *job, const struct option *o)
{
	return (char *)job + o->at;
}

static int bad_value(const struct option *o, const char *value, const char *wanted,
		     struct chapbook_error *err)
{
	return error_set(err, CHAPBOOK_E_USAGE, "--%s: '%.100s' is not %s", o->key, value, wanted);
}

/* --- Kinds of values. Each returns 0, or -1 with an error set. --- */

static bool parse_number(const char *value, long long low, long long high, long long *out)
{
	char *end = NULL;
	errno = 0;
	long long n = strtoll(value, &end, 10);
	if (errno || end == value || *end || n < low || n > high)
		return false;
	*out = n;
	return true;
}

/* A number of bytes: "300000", "500K", "50M", "2G" (powers of 1000, as mail providers count). */
static bool parse_size(const char *value, long long *out)
{
	static const struct {
		char letter;
		long long factor;
	} units[] = {{'\0', 1}, {'K', 1000}, {'M', 1000000}, {'G', 1000000000}};
	char *end = NULL;
	errno = 0;
	long long n = strtoll(value, &end, 10);
	if (errno || end == value || n < 0 || (*end && end[1] && strcmp(end + 1, "B") != 0))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if ((*end & ~0x20) != units[i].letter || n > LLONG_MAX / units[i].factor)
			continue;
		*out = n * units[i].factor;
		return true;
	}
	return false;
}

static int set_list(struct chapbook_job *job, const struct option *o, const char *value,
		    struct chapbook_error *err)
{
	struct string_list *list = field_of(job, o);
	char **slot = ARENA_PUSH(&job->arena, *list);
	char *copy = arena_dup(&job->arena, value);
	if (!slot || !copy)
		return error_memory(err);
	*slot = copy;
	return 0;
}

/* What ends up in the book must be fit for XML. */
static int set_text(struct chapbook_job *job, const struct option *o, const char *value,
		    struct chapbook_error *err)
{
	const char **field = field_of(job, o);
	struct buf clean = BUF_INIT;
	utf8_clean(&clean, value, strlen(value));
	buf_fold_space(&clean, 0);
	*field = clean.failed ? NULL : arena_dup(&job->arena, clean.data);
	buf_release(&clean);
	return *field ? 0 : error_memory(err);
}

static int set_copy(struct chapbook_job *job, const struct option *o, const char *value,
		    struct chapbook_error *err)
{
	const char **field = field_of(job, o);
	*field = arena_dup(&job->arena, value);
	return *field ? 0 : error_memory(err);
}

static int set_flag(struct chapbook_job *job, const struct option *o, const char *value,
		    struct chapbook_error *err)
{
	bool yes = strcmp(value, "yes") == 0;
	if (!yes && strcmp(value, "no") != 0)
		return bad_value(o, value, "yes or no", err);
	*(bool *)field_of(job, o) = yes;
	return 0;
}

static int set_number(struct chapbook_job *job, const struct option *o, const char *value,
		      struct chapbook_error *err)
{
	long long *field = field_of(job, o);
	return parse_number(value, o->low, o->high, field) ? 0
							   : bad_value(o, value, o->wanted, err);
}

static int set_int(struct chapbook_job *job, const struct option *o, const char *value,
		   struct chapbook_error *err)
{
	long long n;
	if (!parse_number(value, o->low, o->high, &n))
		return bad_value(o, value, o->wanted, err);
	*(int *)field_of(job, o) = (int)n;
	return 0;
}

static int set_unsigned(struct chapbook_job *job, const struct option *o, const char *value,
			struct chapbook_error *err)
{
	long long n;
	if (!parse_number(value, o->low, o->high, &n))
		return bad_value(o, value, o->wanted, err);
	*(unsigned *)field_of(job, o) = (unsigned)n;
	return 0;
}

/* Bytes, in a long long. */
static int set_bytes(struct chapbook_job *job, const struct option *o, const char *value,
		     struct chapbook_error *err)
{
	long long n;
	if (!parse_size(value, &n) || n == 0)
		return bad_value(o, value, "a size such as 500K, 50M or 2G", err);
	*(long long *)field_of(job, o) = n;
	return 0;
}

/* Bytes, in a size_t. */
static int set_size(struct chapbook_job *job, const struct option *o, const char *value,
		    struct chapbook_error *err)
{
	long long n;
	if (!parse_size(value, &n) || n == 0)
		return bad_value(o, value, "a size such as 500K, 50M or 2G", err);
	*(size_t *)field_of(job, o) = (size_t)n;
	return 0;
}

/* Whether a key is about the author before it. */
static bool is_of_author(const struct metadata_key *key)
{
	return key->kind == KEY_OF_AUTHOR || strcmp(key->name, "author-role") == 0;
}

/* The setting that a later one replaces, because an article has that fact once, or the author has;
 * NULL: none, or the key may be repeated. */
static struct setting *find_replaced(struct chapbook_job *job, const struct metadata_key *key)
{
	bool single = key->kind == KEY_TEXT || key->kind == KEY_LITERAL ||
		      key->kind == KEY_SPECIAL || key->kind == KEY_OF_AUTHOR;
	for (size_t i = job->metadata.count; single && i-- > 0;) {
		struct setting *s = &job->metadata.items[i];
		const struct metadata_key *other = metadata_key_find(s->key);
		if (other->kind == key->kind && other->field == key->field &&
		    other->set == key->set)
			return s;
		if (is_of_author(key) &&
		    (other->kind == KEY_AUTHOR || other->kind == KEY_CONTRIBUTOR))
			return NULL;
	}
	return NULL;
}

/* Metadata that metadata_set() knows is tried on an article that is thrown away, so that a
 * wrong key or value is an error at once. */
static int set_metadata(struct chapbook_job *job, const struct option *o, const char *value,
			struct chapbook_error *err)
{
	const char *key = o->key;
	struct article *trial = article_new();
	if (!trial)
		return error_memory(err);
	struct chapbook_error why = {0};
	int known = metadata_set(trial, key, value, &why);
	article_free(trial);
	if (known != 0) {
		if (why.code != CHAPBOOK_OK)
			return error_set(err, why.code, "%s", why.message);
		return error_set(err, CHAPBOOK_E_USAGE, "--%s: no such option", key);
	}
	struct setting *slot = find_replaced(job, metadata_key_find(key));
	if (!slot)
		slot = ARENA_PUSH(&job->arena, job->metadata);
	if (slot)
		*slot = (struct setting){arena_dup(&job->arena, key),
					 arena_dup(&job->arena, value)};
	return job->arena.failed ? error_memory(err) : 0;
}

/* --- Options that are more than a value. Each returns as above. --- */

static int set_from(struct chapbook_job *job, const struct option *o, const char *value,
		    struct chapbook_error *err)
{
	int format = read_format_parse(value);
	if (format < 0)
		return bad_value(o, value, "text, markdown or html", err);
	job->format = (enum read_format)format;
	return 0;
}

static int set_base_url(struct chapbook_job *job, const struct option *o, const char *value,
			struct chapbook_error *err)
{
	if (*value && !url_is_absolute(value))
		return bad_value(o, value, "a URL", err);
	return set_text(job, o, value, err);
}

static int set_since(struct chapbook_job *job, const struct option *o, const char *value,
		     struct chapbook_error *err)
{
	return choice_parse_date(&job->choice.since, value)
		       ? 0
		       : bad_value(o, value, CHOICE_DATES, err);
}

static int set_until(struct chapbook_job *job, const struct option *o, const char *value,
		     struct chapbook_error *err)
{
	return choice_parse_date(&job->choice.until, value)
		       ? 0
		       : bad_value(o, value, CHOICE_DATES, err);
}

static int set_where(struct chapbook_job *job, const struct option *o, const char *value,
		     struct chapbook_error *err)
{
	return choice_is_condition(value) ? set_list(job, o, value, err)
					  : bad_value(o, value, CHOICE_CONDITIONS, err);
}

static int set_order(struct chapbook_job *job, const struct option *o, const char *value,
		     struct chapbook_error *err)
{
	return word_list_has("list date saved", value)
		       ? set_copy(job, o, value, err)
		       : bad_value(o, value, "list, date or saved", err);
}

static int set_group_by(struct chapbook_job *job, const struct option *o, const char *value,
			struct chapbook_error *err)
{
	return word_list_has("site folder tag author date", value)
		       ? set_copy(job, o, value, err)
		       : bad_value(o, value, "site, folder, tag, author or date", err);
}

static int set_theme(struct chapbook_job *job, const struct option *o, const char *value,
		     struct chapbook_error *err)
{
	if (!epub_has_theme(value))
		return bad_value(o, value, "a theme; the themes are " EPUB_THEMES, err);
	return set_text(job, o, value, err);
}

static int set_split_level(struct chapbook_job *job, const struct option *o, const char *value,
			   struct chapbook_error *err)
{
	long long n;
	if (strcmp(value, "auto") == 0)
		job->book.split_level = 0;
	else if (strcmp(value, "none") == 0)
		job->book.split_level = -1;
	else if (parse_number(value, 1, 6, &n))
		job->book.split_level = (int)n;
	else
		return bad_value(o, value, "auto, none or a level from 1 to 6", err);
	return 0;
}

/* Whether the book has a page. */
static int set_choice(struct chapbook_job *job, const struct option *o, const char *value,
		      struct chapbook_error *err)
{
	static const char *const names[] = {"auto", "yes", "no"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(value, names[i]) == 0) {
			*(enum page_choice *)field_of(job, o) = (enum page_choice)i;
			return 0;
		}
	}
	return bad_value(o, value, "yes, no or auto", err);
}

static int set_profile(struct chapbook_job *job, const struct option *o, const char *value,
		       struct chapbook_error *err)
{
	const struct profile *profile = profile_find(value);
	if (!profile)
		return bad_value(o, value, "a profile; the profiles are " PROFILES, err);
	job->pictures.profile = profile;
	return 0;
}

/* "1600x2400"; "1600": a square of it. */
static int set_image_size(struct chapbook_job *job, const struct option *o, const char *value,
			  struct chapbook_error *err)
{
	enum { MIN_SIDE = 16, MAX_SIDE = 20000 };
	struct picture_settings *p = &job->pictures;
	char *end = NULL;
	long width = strtol(value, &end, 10), height = width;
	if (*end == 'x' || *end == 'X')
		height = strtol(end + 1, &end, 10);
	if (end == value || *end || width < MIN_SIDE || width > MAX_SIDE || height < MIN_SIDE ||
	    height > MAX_SIDE)
		return bad_value(o, value, "a size such as 1600x2400", err);
	p->width = width;
	p->height = height;
	return 0;
}

static int set_wayback_url(struct chapbook_job *job, const struct option *o, const char *value,
			   struct chapbook_error *err)
{
	if (!fetch_is_url(value))
		return bad_value(o, value, "an http or https address", err);
	job->fetch.wayback = true;
	return set_copy(job, o, value, err);
}

static int set_rate(struct chapbook_job *job, const struct option *o, const char *value,
		    struct chapbook_error *err)
{
	char *end = NULL;
	double rate = strtod(value, &end);
	if (end == value || *end || !isfinite(rate) || rate < 0)
		return bad_value(o, value, "a number of requests per second", err);
	job->fetch.options.rate = rate;
	return 0;
}

static int set_header(struct chapbook_job *job, const struct option *o, const char *value,
		      struct chapbook_error *err)
{
	const char *colon = strchr(value, ':');
	if (!colon || colon == value || strpbrk(value, "\r\n"))
		return bad_value(o, value, "a header field; write \"Name: value\"", err);
	return set_list(job, o, value, err);
}

static int set_cache(struct chapbook_job *job, const struct option *o, const char *value,
		     struct chapbook_error *err)
{
	if (strcmp(value, "none") == 0) {
		job->fetch.options.cache_dir = NULL;
		return 0;
	}
	return set_copy(job, o, value, err);
}

/* A picture is named from where the caller is, not from where an article lies. */
static int set_cover(struct chapbook_job *job, const struct option *o, const char *value,
		     struct chapbook_error *err)
{
	(void)o;
	job->cover = NULL;
	job->no_cover = strcmp(value, "none") == 0;
	if (job->no_cover || strcmp(value, "auto") == 0)
		return 0;
	char *path = realpath(value, NULL);
	if (!path)
		return error_sys(err, "%s", value);
	job->cover = arena_dup(&job->arena, path);
	free(path);
	return job->cover ? 0 : error_memory(err);
}

/* One file twice would take the caption of another photo. */
static int set_photo(struct chapbook_job *job, const struct option *o, const char *value,
		     struct chapbook_error *err)
{
	char *path = realpath(value, NULL);
	for (size_t i = 0; path && i < job->photos.count; i++) {
		char *other = realpath(job->photos.items[i], NULL);
		bool same = other && strcmp(path, other) == 0;
		free(other);
		if (same) {
			free(path);
			return error_set(
				err, CHAPBOOK_E_USAGE,
				"--%s: %s is given twice; give each photo once, in the order of "
				"the captions",
				o->key, value);
		}
	}
	free(path);
	return set_list(job, o, value, err);
}

static int set_template_dir(struct chapbook_job *job, const struct option *o, const char *value,
			    struct chapbook_error *err)
{
	struct stat st;
	if (stat(value, &st) != 0)
		return error_sys(err, "--%s: %s", o->key, value);
	if (!S_ISDIR(st.st_mode))
		return bad_value(o, value, "a folder", err);
	return set_list(job, o, value, err);
}

/* libcurl ignores a file that cannot be read. */
static int set_cookies(struct chapbook_job *job, const struct option *o, const char *value,
		       struct chapbook_error *err)
{
	if (access(value, R_OK) != 0)
		return error_sys(err, "--%s: %s", o->key, value);
	return set_copy(job, o, value, err);
}

static int set_limit_memory(struct chapbook_job *job, const struct option *o, const char *value,
			    struct chapbook_error *err)
{
	long long n = 0;
	if (strcmp(value, "none") != 0 && (!parse_size(value, &n) || n == 0))
		return bad_value(o, value, "a size such as 500M or 2G, or none", err);
	job->memory = (size_t)n;
	return 0;
}

/* --- The table --- */

#define IN_JOB(member) offsetof(struct chapbook_job, member)
#define OPTION_GROUP(heading)
#define OPTION_OF_PROGRAM(...)
#define OPTION_OF_LIBRARY(name, ...) {.key = name, __VA_ARGS__},
#define OPTION_OF_JOB(name, letter, argument, values, commands, help, ...)                         \
	{.key = name, __VA_ARGS__},
#define OPTION_OF_BOTH(name, letter, argument, values, commands, help, of_program, ...)            \
	{.key = name, __VA_ARGS__},

static const struct option options[] = {
#include "job/option_table.h"
};

static int set_option(struct chapbook_job *job, const char *key, const char *value,
		      struct chapbook_error *err)
{
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (strcmp(options[i].key, key) == 0)
			return options[i].set(job, &options[i], value, err);
	/* Of metadata, more can be set than the program has options for. */
	return set_metadata(job, &(struct option){.key = key}, value, err);
}

int chapbook_job_set(struct chapbook_job *job, const char *key, const char *value,
		     struct chapbook_error *err)
{
	int rc = set_option(job, key, value, err);
	return rc == 0 ? job_note_setting(job, key, value, err) : rc;
}
