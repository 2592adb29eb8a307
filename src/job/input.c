#include "job/input.h"

#include "article/join.h"
#include "article/smart.h"
#include "base/below.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/gzip.h"
#include "base/id.h"
#include "base/memory_limit.h"
#include "base/timestamp.h"
#include "read/metadata/keys.h"
#include "read/metadata/metadata.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* No article is larger; it keeps a mistaken argument from filling the memory. */
#define MAX_INPUT_BYTES ((size_t)512 << 20)
#define MAX_METADATA    ((size_t)1 << 20)

enum { MAX_PAGES = 50 /* of one article */ };

/* --- Folders --- */

/* The folder that the files which `name` names lie in; malloc()ed. NULL: it lies in none itself
 * (standard input, a pipe). */
static char *folder_of(const char *name)
{
	struct stat st;
	bool lies = strcmp(name, "-") != 0 && stat(name, &st) == 0 && S_ISREG(st.st_mode);
	return lies ? file_dirname(name) : NULL;
}

static char *real_folder_of(const char *name)
{
	char *folder = folder_of(name), *real = folder ? realpath(folder, NULL) : NULL;
	free(folder);
	return real;
}

/* --- Metadata files --- */

void metadata_files_release(struct metadata_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free((void *)files->items[i].bytes);
		free((void *)files->items[i].folder);
	}
	free(files->items);
}

int metadata_files_read(const struct chapbook_job *job, struct metadata_files *files,
			struct chapbook_error *err)
{
	*files = (struct metadata_files){0};
	if (job->metadata_files.count == 0)
		return 0;
	files->items = calloc(job->metadata_files.count, sizeof *files->items);
	if (!files->items)
		return error_memory(err);
	for (size_t i = 0; i < job->metadata_files.count; i++) {
		struct read_metadata *file = &files->items[i];
		char *bytes = NULL;
		file->name = job->metadata_files.items[i];
		if (file_read(file->name, MAX_METADATA, &bytes, &file->size, err) != 0)
			return -1;
		file->bytes = bytes;
		files->count++;
		file->folder = real_folder_of(file->name);
	}
	return 0;
}

/* --- One input's bytes, and what is known of them --- */

struct source_bytes {
	const char *bytes;
	size_t size;
	char *owned;
	struct fetch_result fetched; /* of what came from an address */
};

static void source_bytes_release(struct source_bytes *s)
{
	free(s->owned);
	fetch_result_release(&s->fetched);
}

static int fetch(struct chapbook_job *job, const struct fetch_request *request,
		 struct fetch_result *result, struct chapbook_error *err)
{
	struct fetcher *fetcher = job_fetcher(job);
	return fetcher ? fetch_get(fetcher, request, result, err) : error_memory(err);
}

/* Decompress gzip input; a page from the web has at most --max-page-size bytes then. */
static int input_unpack(struct chapbook_job *job, const struct input *input, struct source_bytes *s,
			struct chapbook_error *err)
{
	struct chapbook_error why = {0};
	char *unpacked;
	if (!gzip_is(s->bytes, s->size))
		return 0;
	size_t limit = input->is_remote ? fetcher_page_max(job_fetcher(job)) : MAX_INPUT_BYTES;
	if (gzip_read(s->bytes, s->size, limit, &unpacked, &s->size, &why) != 0)
		return error_set(err, why.code, "%s: %s%s", input->name, why.message,
				 why.code == CHAPBOOK_E_LIMIT && input->is_remote
					 ? "; use a larger --max-page-size"
					 : "");
	free(s->owned);
	s->bytes = s->owned = unpacked;
	return 0;
}

/* Whether a path that does not exist is the address of a web page without its scheme:
 * "example.org/story", "www.example.org". */
static bool is_bare_address(const char *path)
{
	size_t host = strcspn(path, "/"), dots = 0;
	for (size_t i = 0; i < host; i++) {
		dots += path[i] == '.';
		if (path[i] == '.' ? i == 0 || i + 1 == host || path[i + 1] == '.'
				   : !isalnum((unsigned char)path[i]) && path[i] != '-')
			return false;
	}
	return dots && (path[host] == '/' || strncasecmp(path, "www.", 4) == 0);
}

static int read_file(const struct input *input, struct source_bytes *s, struct chapbook_error *err)
{
	struct chapbook_error why = {0};
	if (file_read(input->name, MAX_INPUT_BYTES, &s->owned, &s->size, &why) == 0) {
		s->bytes = s->owned;
		return 0;
	}
	if (why.sys_errno == ENOENT && strncasecmp(input->name, "file://", 7) == 0)
		return error_set(err, why.code, "%s: file addresses are not read; use the path %s",
				 input->name, input->name + 7);
	if (why.sys_errno == ENOENT && strstr(input->name, "://"))
		return error_set(err, why.code,
				 "%s: no such file; of addresses only http:// and https:// are "
				 "downloaded",
				 input->name);
	if (why.sys_errno == ENOENT && is_bare_address(input->name))
		return error_set(err, why.code, "%s: no such file; for a web page use https://%s",
				 input->name, input->name);
	if (err)
		*err = why;
	return -1;
}

static int input_load(struct chapbook_job *job, const struct input *input, struct source_bytes *s,
		      struct chapbook_error *err)
{
	if (input->is_remote) {
		job_progress(job, CHAPBOOK_FETCHING, input->name, 0, 0);
		const struct fetch_request request = {
			.url = input->name, .kind = FETCH_PAGE, .login = input->login};
		if (fetch(job, &request, &s->fetched, err) != 0)
			return -1;
		s->bytes = s->fetched.bytes;
		s->size = s->fetched.size;
	} else if (input->bytes) {
		s->bytes = input->bytes;
		s->size = input->size;
	} else if (input->listed) {
		if (below_read(input->folder, input->listed, MAX_INPUT_BYTES, &s->owned, &s->size,
			       err) != 0)
			return -1;
		s->bytes = s->owned;
	} else if (read_file(input, s, err) != 0) {
		return -1;
	}
	return input_unpack(job, input, s, err);
}

/* Of the input's file: seconds since 1970; 0: unknown. */
static long long modification_time(const struct input *input)
{
	struct stat st;
	bool standard = strcmp(input->name, "-") == 0 && !input->listed;
	const char *path = input->path ? input->path : input->name;
	bool known = (standard ? fstat(STDIN_FILENO, &st) : stat(path, &st)) == 0;
	return known && S_ISREG(st.st_mode) && st.st_mtime > 0 ? (long long)st.st_mtime : 0;
}

/* Where the bytes came from, when, and which they were. */
static void note_origin(const struct chapbook_job *job, const struct input *input,
			const struct source_bytes *s, struct article *a)
{
	const struct fetch_result *f = &s->fetched;
	char when[WHEN_TEXT];
	sha256_hex(s->bytes, s->size, a->digest);
	if (!input->is_remote) {
		a->file_time = input->bytes ? 0 : modification_time(input);
		return;
	}
	article_fill(a, &a->asked_url, input->name, SIZE_MAX);
	article_fill(a, &a->reached_url, f->url, SIZE_MAX);
	when_format(job->book.epoch >= 0 ? job->book.epoch : f->retrieved, when);
	article_fill(a, &a->retrieved, when, SIZE_MAX);
}

static bool is_stdin(const struct input *input)
{
	return strcmp(input->name, "-") == 0 && !input->bytes && !input->listed;
}

/* What the caller said comes first, so that nothing replaces it. Of several articles some of it is
 * about the book (input_book_facts()). */
static void apply_settings(const struct chapbook_job *job, const struct input *input,
			   struct article *article)
{
	bool several = job->inputs.count > 1;
	article->no_guess = job->no_guess;
	for (size_t i = 0; i < job->metadata.count; i++) {
		const struct setting *s = &job->metadata.items[i];
		if (!several || !metadata_key_find(s->key)->of_book)
			metadata_set(article, s->key, s->value, NULL);
	}
	if (input->title)
		metadata_set(article, "title", input->title, NULL);
}

struct article *input_book_facts(const struct chapbook_job *job)
{
	struct article *facts = article_new();
	for (size_t i = 0; facts && i < job->metadata.count; i++) {
		const struct setting *s = &job->metadata.items[i];
		if (metadata_key_find(s->key)->of_book)
			metadata_set(facts, s->key, s->value, NULL);
	}
	return facts;
}

/* --- Pictures --- */

void input_media_options(struct chapbook_job *job, struct media_options *options)
{
	const struct picture_settings *said = &job->pictures;
	const struct profile *profile = said->profile;
	bool sized = said->width != NOT_SAID;
	*options = (struct media_options){
		.cover = job->cover,
		.cover_width = profile->cover_width,
		.cover_height = profile->cover_height,
		.fit = {.width = sized ? (unsigned)said->width : profile->image_width,
			.height = sized ? (unsigned)said->height : profile->image_height,
			.quality = said->quality != NOT_SAID ? (int)said->quality
							     : profile->image_quality,
			.grayscale = said->grayscale,
			.animation = profile->keep_animation,
			.opaque = profile->opaque},
		.none = said->none,
		.keep_originals = profile->keep_originals,
		.keep_private = said->keep_private || profile->keep_originals,
		.threads = job->threads,
		.budget = &job->commons->budget,
	};
}

/* The page that asks for pictures. */
struct asker {
	struct chapbook_job *job;
	const char *name;     /* of the input */
	const char *referrer; /* NULL: it has no address */
	const char *login;    /* as in struct fetch_request */
	bool public_only;
};

static int fetch_picture(void *ctx, const char *url, char **bytes, size_t *size,
			 struct chapbook_error *err)
{
	const struct asker *asker = ctx;
	struct fetcher *fetcher = job_fetcher(asker->job);
	struct fetch_result result = {0};
	const struct fetch_request request = {.url = url,
					      .kind = FETCH_PICTURE,
					      .referrer = asker->referrer ? asker->referrer : "",
					      .login = asker->login,
					      .public_only = asker->public_only};
	int rc = fetcher ? fetch_get(fetcher, &request, &result, err) : error_memory(err);
	if (rc == 0) {
		*bytes = result.bytes;
		*size = result.size;
		result.bytes = NULL;
	}
	fetch_result_release(&result);
	return rc;
}

static void picture_progress(void *ctx, size_t done, size_t total)
{
	const struct asker *asker = ctx;
	job_progress(asker->job, CHAPBOOK_PICTURES, asker->name, done, total);
}

/* A file's pictures are fetched only where the caller wants it; a file may have been written by
 * anybody, so that it is trusted with no private address. */
static int load_pictures(struct chapbook_job *job, const struct input *input,
			 const struct fetch_result *fetched, struct article *article,
			 struct diag *diag, struct chapbook_error *err)
{
	struct media_options options;
	struct asker asker = {.job = job,
			      .name = input->name,
			      .referrer = input->is_remote ? fetched->url : article->source_url,
			      .login = input->login,
			      .public_only = !input->is_remote || fetched->is_public};
	input_media_options(job, &options);
	options.ctx = &asker;
	options.progress = picture_progress;
	if (input->is_remote || job->fetch.online)
		options.fetch = fetch_picture;
	return media_load(article, &job->photos, &options, diag, err);
}

/* Load the body's pictures, for a book; or give them their addresses, where there is to be none. */
static int settle_pictures(struct chapbook_job *job, const struct input *input, bool load,
			   const struct fetch_result *fetched, struct article *article,
			   struct diag *diag, struct chapbook_error *err)
{
	if (job->no_cover)
		article->cover_ref = NULL;
	if (load)
		return load_pictures(job, input, fetched, article, diag, err);
	media_settle_addresses(article);
	return 0;
}

/* --- The article --- */

/* Facts without what they are about: of an author without a name, of a place in no series. */
static void report_incomplete(const struct article *a, struct diag *diag)
{
	for (size_t i = 0; i < a->authors.count; i++) {
		const struct author *author = &a->authors.items[i];
		const char *key = author->bio         ? "bio"
				  : author->url       ? "author-url"
				  : author->sort_name ? "author-sort"
						      : "author-role";
		if (!author->name)
			diag_add(diag, DIAG_METADATA_BAD, 0,
				 "\"%s\" has no effect: no author is known; name one with --author",
				 key);
	}
	if ((a->series.position || a->series.type) && !a->series.name)
		diag_add(diag, DIAG_METADATA_BAD, 0,
			 "\"%s\" has no effect: no series is known; name it with --series",
			 a->series.position ? "series-index" : "collection-type");
}

/* Where the files lie that the article may name: beside it. What is in memory lies where its name
 * says, if that has a folder. */
static void set_folder(const struct input *input, struct article *a)
{
	char *folder = NULL;
	a->path = arena_dup(&a->arena, input->path);
	if (input->is_remote)
		return;
	if (!input->bytes)
		folder = folder_of(input->name);
	else if (strchr(input->name, '/'))
		folder = file_dirname(input->name);
	a->folder = folder ? arena_dup(&a->arena, folder) : NULL;
	free(folder);
}

/* The text of what was loaded, after what the caller said. */
static int read_source(struct chapbook_job *job, const struct input *input,
		       const struct metadata_files *metadata, const struct source_bytes *s,
		       struct article *article, struct diag *diag, struct chapbook_error *err)
{
	struct media_options options;
	struct read_input in = {.name = is_stdin(input) ? "standard input" : input->name,
				.bytes = s->bytes,
				.size = s->size,
				.format = job->format,
				.charset = job->charset,
				.files = job->paths,
				.says = s->fetched.charset,
				.type = s->fetched.media_type,
				.url = input->is_remote ? s->fetched.url : input->url,
				.metadata = metadata->items,
				.metadata_count = metadata->count};
	input_media_options(job, &options);
	in.picture_width = options.keep_originals ? UINT_MAX : options.fit.width;
	note_origin(job, input, s, article);
	set_folder(input, article);
	article_fill(article, &article->input_name, in.name, SIZE_MAX);
	if (!is_stdin(input))
		article_fill(article, &article->source_name, file_basename(input->name),
			     input->is_remote ? strcspn(file_basename(input->name), "?#")
					      : SIZE_MAX);
	apply_settings(job, input, article);
	return read_article(article, &in, diag, err);
}

/* --- The pages of one article --- */

/* Whether two pages bear the title of one article: one may say "page 2" behind it. */
static bool is_titled_alike(const struct article *a, const struct article *b)
{
	if (!a->title || !b->title)
		return true;
	size_t n = strlen(a->title), m = strlen(b->title);
	return strncasecmp(a->title, b->title, n < m ? n : m) == 0;
}

/* The page at `url`, asked for by the page at `referrer`; NULL, with a warning, when it cannot be
 * downloaded. */
static struct article *input_read_page(struct chapbook_job *job, const struct input *first,
				       const char *url, const char *referrer, bool public_only,
				       struct diag *diag)
{
	static const struct metadata_files none;
	struct chapbook_error why = {0};
	struct source_bytes s = {0};
	struct input input = *first;
	struct article *page = article_new();
	const struct fetch_request request = {.url = url,
					      .kind = FETCH_PAGE,
					      .referrer = referrer,
					      .login = first->login,
					      .public_only = public_only};
	int rc = page ? fetch(job, &request, &s.fetched, &why) : -1;
	if (rc == 0) {
		s.bytes = s.fetched.bytes;
		s.size = s.fetched.size;
		input.name = (char *)(uintptr_t)url;
		rc = input_unpack(job, &input, &s, &why);
	}
	if (rc == 0) {
		rc = read_source(job, &input, &none, &s, page, diag, &why);
	}
	source_bytes_release(&s);
	if (rc == 0)
		return page;
	diag_add(diag, DIAG_PAGE_MISSING, 0, "a further page of the article is missing: %s",
		 page ? why.message : "out of memory");
	article_free(page);
	return NULL;
}

/* Further pages of the article are read for as long as there are links to the next, and joined. */
static int read_pages(struct chapbook_job *job, const struct input *input, bool public_only,
		      struct article *article, struct diag *diag, struct chapbook_error *err)
{
	const char *next = article->next_url, *referrer = article->reached_url;
	for (int count = 1; next && count < MAX_PAGES; count++) {
		struct article *page =
			input_read_page(job, input, next, referrer, public_only, diag);
		if (!page)
			break;
		bool same = is_titled_alike(article, page);
		if (same) {
			media_settle_addresses(page);
			article_join(article, page);
		}
		referrer = arena_dup(&article->arena, page->reached_url);
		next = same ? arena_dup(&article->arena, page->next_url) : NULL;
		article_free(page);
	}
	return article_failed(article) ? error_memory(err) : 0;
}

/* --- The summary for --explain --- */

static void list_authors(const struct article *article, struct buf *out)
{
	for (size_t i = 0; i < article->authors.count; i++)
		if (article->authors.items[i].name)
			buf_printf(out, "%s%s", out->len ? "; " : "",
				   article->authors.items[i].name);
}

static size_t count_captions(const struct article *article)
{
	size_t count = 0;
	for (size_t i = 0; i < article->figures.count; i++)
		count += article->figures.items[i].caption != NULL;
	return count;
}

void input_report_summary(const struct article *article, struct diag *diag)
{
	struct buf authors = BUF_INIT;
	size_t captions = count_captions(article);
	if (!diag_listening(diag))
		return;
	list_authors(article, &authors);
	diag->file = article->input_name;
	const struct {
		const char *label, *value;
	} facts[] = {{"title", article->title},
		     {"authors", authors.len ? authors.data : NULL},
		     {"date", article->published},
		     {"language", article->language}};
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		diag_add(diag, DIAG_SUMMARY, 0, "%s: %s", facts[i].label,
			 facts[i].value ? facts[i].value : "unknown");
	diag_add(diag, DIAG_SUMMARY, 0, "captions: %zu", captions);
	buf_release(&authors);
}

/* --- All of it --- */

static int fill_article(struct chapbook_job *job, const struct input *input,
			const struct metadata_files *metadata, bool pictures,
			struct article *article, struct diag *diag, struct chapbook_error *err)
{
	struct source_bytes s = {0};
	diag->file = is_stdin(input) ? "standard input" : input->name;
	int rc = input_load(job, input, &s, err);
	if (rc == 0)
		rc = read_source(job, input, metadata, &s, article, diag, err);
	if (rc == 0 && input->is_remote)
		rc = read_pages(job, input, s.fetched.is_public, article, diag, err);
	if (rc == 0)
		rc = settle_pictures(job, input, pictures, &s.fetched, article, diag, err);
	source_bytes_release(&s);
	if (rc != 0)
		return -1;
	if (job->smart)
		article_make_smart(article);
	article_make_figures(article);
	article_collect_figures(article);
	if (pictures && job->pictures.embed_captions)
		media_embed_captions(article);
	report_incomplete(article, diag);
	return article_failed(article) ? error_memory(err) : 0;
}

struct article *input_read(struct chapbook_job *job, const struct input *input,
			   const struct metadata_files *metadata, bool pictures, struct diag *diag,
			   struct chapbook_error *err)
{
	struct article *article = article_new();
	if (!article)
		error_memory(err);
	else if (fill_article(job, input, metadata, pictures, article, diag, err) == 0)
		return article;
	memory_limit_explain(is_stdin(input) ? "standard input" : input->name, err);
	article_free(article);
	return NULL;
}
