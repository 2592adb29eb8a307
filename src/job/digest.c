/* What a job's book is made of, as far as that is known before it is made: for records of many
 * articles. */
#include "job/job.h"

#include "article/url.h"
#include "base/below.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "job/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_KEY = 1000 /* bytes; a longer one is its digest */ };

/* Options that say how something is done and not what: they do not change a book. Those of one
 * article are in its input. */
static bool changes_books(const char *key)
{
	static const char *const others[] = {
		"article-title", "base-url", "cache",        "cache-size",    "cookies",
		"force",         "header",   "limit-memory", "max-redirects", "offline",
		"proxy",         "rate",     "strict",       "threads",       "timeout",
		"user-agent",    "wayback",  "wayback-url"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcmp(key, others[i]) == 0)
			return false;
	return true;
}

int job_note_setting(struct chapbook_job *job, const char *key, const char *value,
		     struct chapbook_error *err)
{
	if (!changes_books(key))
		return 0;
	struct setting *slot = ARENA_PUSH(&job->arena, job->said);
	if (slot)
		*slot = (struct setting){arena_dup(&job->arena, key),
					 arena_dup(&job->arena, value)};
	job->said_digest[0] = '\0';
	return job->arena.failed ? error_memory(err) : 0;
}

static bool names_file(const char *key)
{
	static const char *const files[] = {"cover", "css", "metadata-file", "photo"};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (strcmp(key, files[i]) == 0)
			return true;
	return false;
}

static void put_digest(struct buf *out, const void *bytes, size_t size)
{
	char digest[SHA256_HEX];
	sha256_hex(bytes, size, digest);
	buf_puts(out, digest);
}

/* Of a file that cannot be read: nothing. */
static void digest_put_file(struct buf *out, const char *path)
{
	char *bytes;
	size_t size;
	if (file_read(path, MAX_INPUT_BYTES, &bytes, &size, NULL) != 0)
		return;
	put_digest(out, bytes, size);
	free(bytes);
}

/* A folder of templates is known by when something in it was changed last. */
static void digest_put_time(struct buf *out, const char *path)
{
	struct stat st;
	if (stat(path, &st) == 0)
		buf_printf(out, "%lld.%09ld", (long long)st.st_mtime, st.st_mtim.tv_nsec);
}

static int digest_settings(struct chapbook_job *job, struct chapbook_error *err)
{
	struct buf all = BUF_INIT;
	if (job->said_digest[0])
		return 0;
	buf_puts(&all, CHAPBOOK_VERSION);
	for (size_t i = 0; i < job->said.count; i++) {
		const struct setting *s = &job->said.items[i];
		buf_printf(&all, "\n%s=%s ", s->key, s->value);
		if (names_file(s->key))
			digest_put_file(&all, s->value);
		if (strcmp(s->key, "template-dir") == 0)
			digest_put_time(&all, s->value);
	}
	if (!all.failed)
		sha256_hex(all.data, all.len, job->said_digest);
	bool failed = all.failed;
	buf_release(&all);
	return failed ? error_memory(err) : 0;
}

static void digest_put_line(struct buf *out, const char *text)
{
	buf_printf(out, "%s\n", text ? text : "");
}

/* What a source says of the article. */
static void digest_put_item(struct buf *out, const struct chapbook_item *item)
{
	const char *const facts[] = {item->id,       item->url,   item->source,   item->title,
				     item->summary,  item->state, item->folder,   item->note,
				     item->language, item->saved, item->published};
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		digest_put_line(out, facts[i]);
	for (size_t i = 0; i < item->author_count; i++)
		digest_put_line(out, item->authors[i].name);
	for (size_t i = 0; i < item->tag_count; i++)
		digest_put_line(out, item->tags[i]);
	for (size_t i = 0; i < item->highlight_count; i++) {
		digest_put_line(out, item->highlights[i].text);
		digest_put_line(out, item->highlights[i].note);
	}
}

/* The bytes are kept for when the input's turn comes. */
static void digest_put_input(struct buf *out, struct input *input)
{
	buf_printf(out, "\n%s\n%s\n", input->title ? input->title : "",
		   input->url ? input->url : "");
	if (input->item)
		digest_put_item(out, input->item);
	if (input->is_remote) {
		buf_puts(out, input->name);
	} else if (input->bytes) {
		put_digest(out, input->bytes, input->size);
	} else {
		if (!input->kept && input->listed)
			below_read(input->folder, input->listed, MAX_INPUT_BYTES, &input->kept,
				   &input->kept_size, NULL);
		else if (!input->kept)
			file_read(input->name, MAX_INPUT_BYTES, &input->kept, &input->kept_size,
				  NULL);
		if (input->kept)
			put_digest(out, input->kept, input->kept_size);
	}
}

int chapbook_job_digest(struct chapbook_job *job, char digest[65], struct chapbook_error *err)
{
	struct buf all = BUF_INIT;
	if (digest_settings(job, err) != 0)
		return -1;
	buf_puts(&all, job->said_digest);
	for (size_t i = 0; i < job->inputs.count; i++)
		digest_put_input(&all, &job->inputs.items[i]);
	if (!all.failed)
		sha256_hex(all.data, all.len, digest);
	bool failed = all.failed;
	buf_release(&all);
	return failed ? error_memory(err) : 0;
}

char *chapbook_job_key(const struct chapbook_job *job)
{
	const struct input *input = job->inputs.items;
	struct buf key = BUF_INIT;
	char *path = NULL;
	if (job->inputs.count == 0)
		return strdup("");
	const struct chapbook_item *item = input->item;
	if (item && item->url && url_is_absolute(item->url))
		url_put_key(&key, item->url);
	else if (item && item->id && !input->is_remote)
		buf_printf(&key, "%s#%s", item->source ? item->source : "", item->id);
	else if (input->is_remote)
		url_put_key(&key, input->name);
	else if (!input->bytes && (strcmp(input->name, "-") != 0 || input->listed))
		path = realpath(input->name, NULL);
	if (key.len == 0)
		buf_puts(&key, path ? path : input->name);
	free(path);
	if (key.len > MAX_KEY) {
		char digest[SHA256_HEX];
		sha256_hex(key.data, key.len, digest);
		buf_truncate(&key, 0);
		buf_printf(&key, "sha256:%s", digest);
	}
	if (!key.failed)
		return buf_detach(&key, NULL);
	buf_release(&key);
	return NULL;
}
