/* Web pages. */
#include "read/html/html.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"
#include "base/error.h"
#include "extract/extract.h"
#include "lang/date.h"
#include "lang/name.h"
#include "read/html/given.h"
#include "read/html/parse.h"
#include "read/html/saved.h"
#include "read/text/text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Where the page is from, and what its references are relative to: its base element says so
 * (section 4.2.3), relative to the page. */
static void find_addresses(struct article *a, struct page *page, const char *text, size_t len,
			   const char *url)
{
	struct saved_page saved = saved_page_find(text, len, page->html, &page->arena);
	url = url ? url : saved.url;
	if (url && strncasecmp(url, "http", 4) == 0) /* not a file on somebody's disk */
		article_fill(a, &a->source_url, url, SIZE_MAX);
	if (!page->url)
		page->url = arena_dup(&page->arena, url);
	if (saved.date && !a->retrieved) {
		size_t n = strlen(saved.date), start, end;
		a->retrieved = date_parse(&a->arena, saved.date, n);
		if (!a->retrieved)
			a->retrieved = date_find(&a->arena, saved.date, n, &start, &end);
	}
	const xmlNode *base = tree_find(page->head, NULL, "base");
	while (base && !tree_get(base, "href"))
		base = tree_find(page->head, base, "base");
	if (!base)
		return;
	struct buf absolute = BUF_INIT;
	if (url_resolve(&absolute, tree_get(base, "href"), page->url ? page->url : "", URL_LINK) &&
	    url_is_absolute(absolute.data))
		article_fill(a, &a->base_url, absolute.data, absolute.len);
	buf_end(&absolute, &page->arena.failed);
}

/* Whether a name and nothing else stands under the title, over prose: the author's. */
static bool begins_with_name(const struct article *a)
{
	enum { MIN_PROSE = 20 /* words */ };
	const xmlNode *first = tree_first_element(a->body), *next = tree_next_element(first);
	struct buf text = BUF_INIT;
	if (!tree_is(first, "p") || !tree_is(next, "p") || tree_find(first, NULL, "img") ||
	    tree_count_words(next) < MIN_PROSE)
		return false;
	tree_put_text(&text, first);
	bool name = text.len && name_is_personal(text.data, text.len);
	if (text.failed)
		tree_fail(a->body);
	buf_release(&text);
	return name;
}

struct page_text {
	const char *s;
	size_t len;
	bool whole; /* keep all of it */
};

static int read_once(struct article *a, struct page_text text, const struct html_input *in,
		     struct diag *diag, struct chapbook_error *err)
{
	struct arena arena = ARENA_INIT;
	struct string_list json_ld = {0};
	struct given given;
	int result = -1;
	xmlDoc *doc = html_document_parse(text.s, text.len, &json_ld, &arena, err);
	struct page *page = page_new(doc, in->url);
	if (page) {
		page->json_ld = json_ld;
		page->picture_width = in->picture_width;
		page->keeps_places = in->files != NULL;
		page->is_article = in->is_article;
		page->whole = text.whole;
		find_addresses(a, page, text.s, text.len, in->url);
		given_set_aside(a, &given);
		result = extract_article(a, page, diag, err);
		if (result == 0) {
			given_restore(a, &given);
			bool named = a->authors.count == 0 && begins_with_name(a);
			text_read_body(a, TEXT_BODY_CAPTIONS | (named ? TEXT_BODY_HEAD : 0), diag);
		}
	} else if (doc) {
		error_memory(err);
	}
	page_free(page);
	arena_release(&arena);
	return result == 0 && article_failed(a) ? error_memory(err) : result;
}

int read_html(struct article *a, const char *text, size_t len, const struct html_input *in,
	      struct diag *diag, struct chapbook_error *err)
{
	struct chapbook_error why = {0};
	int result = read_once(a, (struct page_text){text, len, in->is_article}, in, diag, &why);
	if (result != 0 && !in->is_article && strcmp(why.message, EXTRACT_NOTHING_LEFT) == 0)
		return read_once(a, (struct page_text){text, len, true}, in, diag, err);
	if (result != 0 && err)
		*err = why;
	return result;
}
