#include "job/input.h"

#include "article/join.h"
#include "article/smart.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "base/memory_limit.h"
#include "base/timestamp.h"
#include "job/item.h"
#include "job/pictures.h"
#include "read/metadata/keys.h"
#include "read/metadata/metadata.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_PAGES = 50 /* of one article */ };

/* What the reading of an article needs. */
struct input_reader {
	struct chapbook_job *job;
	const struct input *input;
	const struct metadata_files *metadata;
	struct diag *diag;
};

static bool is_stdin(const struct input *input)
{
	return strcmp(input->name, "-") == 0 && !input->bytes && !input->listed;
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
			const struct input_bytes *s, struct article *a)
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
	article_fill(a, &a->archived_url, f->archived, SIZE_MAX);
	when_format(job->book.epoch >= 0 ? job->book.epoch : f->retrieved, when);
	article_fill(a, &a->retrieved, when, SIZE_MAX);
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
	if (input->item && input->bytes)
		item_fill(article, input->item, true);
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
	if (input->is_remote || (input->item && input->bytes))
		return;
	if (!input->bytes)
		folder = input_folder(input->name);
	else if (strchr(input->name, '/'))
		folder = file_dirname(input->name);
	a->folder = folder ? arena_dup(&a->arena, folder) : NULL;
	free(folder);
}

/* The text of what was loaded, after what the caller said. */
static int read_source(const struct input_reader *r, const struct input_bytes *s,
		       struct article *article, struct chapbook_error *err)
{
	struct chapbook_job *job = r->job;
	const struct input *input = r->input;
	struct media_options options;
	struct read_input in = {.name = is_stdin(input) ? "standard input" : input->name,
				.bytes = s->bytes,
				.size = s->size,
				.format = item_format(input, job->format),
				.is_article = input->item && input->bytes,
				.charset = job->charset,
				.files = job->paths,
				.says = s->fetched.charset,
				.type = s->fetched.media_type,
				.url = input->is_remote ? s->fetched.url : input->url,
				.metadata = r->metadata->items,
				.metadata_count = r->metadata->count};
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
	return read_article(article, &in, r->diag, err);
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
static struct article *read_further_page(const struct input_reader *first, const char *url,
					 const char *referrer, bool public_only)
{
	static const struct metadata_files none;
	struct chapbook_error why = {0};
	struct input_bytes s = {0};
	struct input input = *first->input;
	struct input_reader r = *first;
	struct article *page = article_new();
	const struct fetch_request request = {.url = url,
					      .kind = FETCH_PAGE,
					      .referrer = referrer,
					      .login = input.login,
					      .public_only = public_only};
	r.input = &input;
	r.metadata = &none;
	int rc = page ? input_fetch(r.job, &input, &request, &s.fetched, &why) : -1;
	if (rc == 0) {
		s.bytes = s.fetched.bytes;
		s.size = s.fetched.size;
		input.name = (char *)(uintptr_t)url;
		rc = input_unpack(r.job, &input, &s, &why);
	}
	if (rc == 0)
		rc = read_source(&r, &s, page, &why);
	input_bytes_release(&s);
	if (rc == 0)
		return page;
	diag_add(r.diag, DIAG_PAGE_MISSING, 0, "a further page of the article is missing: %s",
		 page ? why.message : "out of memory");
	article_free(page);
	return NULL;
}

/* Further pages of the article are read for as long as there are links to the next, and joined. */
static int read_pages(const struct input_reader *r, bool public_only, struct article *article,
		      struct chapbook_error *err)
{
	const char *next = article->next_url, *referrer = article->reached_url;
	for (int count = 1; next && count < MAX_PAGES; count++) {
		struct article *page = read_further_page(r, next, referrer, public_only);
		if (!page)
			break;
		bool same = is_titled_alike(article, page);
		if (same) {
			media_resolve_addresses(page);
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

static int fill_article(const struct input_reader *r, bool pictures, struct article *article,
			struct chapbook_error *err)
{
	struct chapbook_job *job = r->job;
	struct input_bytes s = {0};
	r->diag->file = is_stdin(r->input) ? "standard input" : r->input->name;
	int rc = input_load(job, r->input, &s, err);
	if (rc == 0)
		rc = read_source(r, &s, article, err);
	if (rc == 0 && r->input->is_remote)
		rc = read_pages(r, s.fetched.is_public, article, err);
	if (rc == 0 && r->input->item)
		rc = item_complete(article, r->input, err);
	if (job->no_cover)
		article->cover_ref = NULL;
	if (rc == 0 && pictures)
		rc = input_load_pictures(job, r->input, &s.fetched, article, r->diag, err);
	else if (rc == 0)
		media_resolve_addresses(article);
	input_bytes_release(&s);
	if (rc != 0)
		return -1;
	if (job->smart)
		article_make_smart(article);
	article_make_figures(article);
	article_collect_figures(article);
	if (pictures && job->pictures.embed_captions)
		media_embed_captions(article);
	report_incomplete(article, r->diag);
	return article_failed(article) ? error_memory(err) : 0;
}

static struct article *read_input(const struct input_reader *r, bool pictures,
				  struct chapbook_error *err)
{
	struct article *article = article_new();
	if (!article)
		error_memory(err);
	else if (fill_article(r, pictures, article, err) == 0)
		return article;
	memory_limit_explain(is_stdin(r->input) ? "standard input" : r->input->name, err);
	article_free(article);
	return NULL;
}

/* The page of an item that has only the beginning of its article. NULL, with a warning, when it
 * cannot be read. */
static struct article *read_page_of_item(const struct input_reader *r, bool pictures)
{
	struct chapbook_error why = {0};
	struct input page = *r->input;
	struct input_reader reading = *r;
	page.is_remote = true;
	page.bytes = NULL;
	page.name = page.url;
	reading.input = &page;
	struct article *article = read_input(&reading, pictures, &why);
	if (!article)
		diag_add(r->diag, DIAG_ITEM_PARTIAL, 0,
			 "only the beginning of the article is there: %s", why.message);
	return article;
}

struct article *input_read(struct chapbook_job *job, const struct input *input,
			   const struct metadata_files *metadata, bool pictures, struct diag *diag,
			   struct chapbook_error *err)
{
	const struct input_reader r = {job, input, metadata, diag};
	struct article *article = NULL;
	if (item_is_partial(input))
		article = read_page_of_item(&r, pictures);
	return article ? article : read_input(&r, pictures, err);
}
