#include "job/articles.h"

#include "article/links.h"
#include "article/url.h"
#include "base/buf.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

/* --- Where the files are --- */

/* The absolute path of each file of the book, for links between them. */
static int find_paths(struct chapbook_job *job, struct map *paths, struct chapbook_error *err)
{
	for (size_t i = 0; i < job->inputs.count; i++) {
		struct input *input = &job->inputs.items[i];
		char *path = input->is_remote || (input->item && input->bytes)
				     ? NULL
				     : links_absolute_path(input->name);
		if (!path)
			continue;
		input->path = arena_take(&job->inputs_arena, path);
		if (input->path)
			map_set(paths, input->path, input->path);
	}
	return paths->failed || job->inputs_arena.failed ? error_memory(err) : 0;
}

/* --- The same article twice --- */

/* What an article is known by: its address, else its bytes. */
static char *key_of(struct arena *arena, const struct article *a)
{
	struct buf key = BUF_INIT;
	const char *url = a->canonical_url ? a->canonical_url : a->source_url;
	if (url && url_is_absolute(url))
		url_put_key(&key, url);
	else
		buf_puts(&key, a->digest);
	return buf_to_arena(&key, arena);
}

/* Pages with one address are one article only when they have one title: the pages of some sites all
 * claim to be the first. */
static bool is_same(const struct article *a, const struct article *b)
{
	return strcmp(a->title ? a->title : "", b->title ? b->title : "") == 0;
}

static const char *articles_name_of(const struct article *a)
{
	return a->source_url ? a->source_url : a->source_name ? a->source_name : a->title;
}

/* Free articles that are in the set already. */
static int drop_doubles(struct chapbook_job *job, struct article_set *set, struct diag *diag,
			struct chapbook_error *err)
{
	struct map known = MAP_INIT;
	size_t kept = 0;
	for (size_t i = 0; i < set->count; i++) {
		struct article *a = set->items[i];
		char *key = key_of(&job->inputs_arena, a);
		const struct article *first = key ? map_find(&known, key) : NULL;
		if (first && is_same(first, a)) {
			diag->file = NULL;
			diag_add(diag, DIAG_ARTICLE_TWICE, 0,
				 "%s: is the same article as %s; it is in the book once",
				 articles_name_of(a), articles_name_of(first));
			article_free(a);
			continue;
		}
		if (key && !first)
			map_set(&known, key, a);
		set->items[kept++] = a;
	}
	set->count = kept;
	bool failed = known.failed || job->inputs_arena.failed;
	map_release(&known);
	return failed ? error_memory(err) : 0;
}

/* --- Groups --- */

static char *host_of(struct article *a)
{
	const char *url = a->canonical_url ? a->canonical_url : a->source_url;
	const char *host = url ? strstr(url, "://") : NULL;
	return host ? arena_dupn(&a->arena, host + 3, strcspn(host + 3, "/?#:")) : NULL;
}

/* What the article has in the field, or NULL. */
static char *group_of(struct article *a, const char *field)
{
	if (strcmp(field, "site") == 0)
		return a->publisher ? a->publisher : host_of(a);
	if (strcmp(field, "folder") == 0)
		return a->folder_name;
	if (strcmp(field, "tag") == 0)
		return a->subjects.count ? a->subjects.items[0] : NULL;
	if (strcmp(field, "author") == 0)
		return a->authors.count ? a->authors.items[0].name : NULL;
	return a->published ? arena_dupn(&a->arena, a->published, strcspn(a->published, "T"))
			    : NULL;
}

/* Put the articles of a group together, in the order of the first ones; those without one come
 * last.
 */
static int group_articles(const struct chapbook_job *job, struct article_set *set,
			  struct chapbook_error *err)
{
	const char *field = job->choice.group_by;
	struct article **sorted = field ? calloc(set->count + 1, sizeof *sorted) : NULL;
	size_t count = 0;
	if (!field || set->count < 2) {
		free(sorted);
		return 0;
	}
	if (!sorted)
		return error_memory(err);
	for (size_t i = 0; i < set->count; i++)
		set->items[i]->group = group_of(set->items[i], field);
	for (size_t i = 0; i < set->count; i++) {
		const char *group = set->items[i] ? set->items[i]->group : NULL;
		for (size_t k = i; group && k < set->count; k++) {
			struct article *a = set->items[k];
			if (!a || !a->group || strcmp(a->group, group) != 0)
				continue;
			sorted[count++] = a;
			set->items[k] = NULL;
		}
	}
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i])
			sorted[count++] = set->items[i];
	memcpy(set->items, sorted, count * sizeof *sorted);
	free(sorted);
	return 0;
}

/* --- All of them --- */

/* Whether a book is made without an input that failed. */
static bool can_do_without(const struct chapbook_job *job, const struct chapbook_error *why)
{
	return job->inputs.count > 1 && !job->strict && why->code != CHAPBOOK_E_MEMORY &&
	       why->code != CHAPBOOK_E_INTERNAL;
}

static int read_one(struct chapbook_job *job, const struct input *input,
		    const struct metadata_files *metadata, struct article_set *set,
		    struct diag *diag, struct chapbook_error *err)
{
	struct chapbook_error why = {0};
	struct article *article = input_read(job, input, metadata, true, diag, &why);
	if (article) {
		set->items[set->count++] = article;
		return 0;
	}
	if (!can_do_without(job, &why)) {
		if (err)
			*err = why;
		return -1;
	}
	char **slot = ARENA_PUSH(&job->inputs_arena, set->missing);
	if (!slot)
		return error_memory(err);
	*slot = input->name;
	diag->file = NULL;
	diag_add(diag, DIAG_ARTICLE_MISSING, 0, "%s (left out of the book)", why.message);
	return 0;
}

int articles_read(struct chapbook_job *job, const struct metadata_files *metadata,
		  struct article_set *set, struct diag *diag, struct chapbook_error *err)
{
	size_t count = job->inputs.count;
	struct map paths = MAP_INIT;
	int rc = 0;
	set->items = calloc(count ? count : 1, sizeof *set->items);
	if (!set->items)
		return error_memory(err);
	if (count > 1) {
		rc = find_paths(job, &paths, err);
		job->paths = &paths;
	}
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = read_one(job, &job->inputs.items[i], metadata, set, diag, err);
	job->paths = NULL;
	map_release(&paths);
	if (rc == 0 && set->count == 0 && count > 1)
		rc = error_set(err, CHAPBOOK_E_INPUT,
			       "no book: none of the %zu articles could be read", count);
	diag->file = NULL;
	if (rc == 0)
		rc = drop_doubles(job, set, diag, err);
	return rc == 0 ? group_articles(job, set, err) : -1;
}

void articles_release(struct article_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		article_free(set->items[i]);
	free(set->items);
	*set = (struct article_set){0};
}
