/* Small pages for tests of the passes over a page: the page before, the pass, what the body is
 * afterwards. */
#ifndef TEST_PAGE_CASES_H
#define TEST_PAGE_CASES_H

#include "article/article.h"
#include "article/xhtml.h"
#include "base/buf.h"
#include "extract/page/page.h"
#include "extract/page/passes.h"
#include "read/html/parse.h"

#include <string.h>

/* A page with this in its body; page->content is the body. page_case_free() frees it. */
static inline struct page *page_case_new(const char *body)
{
	struct arena arena = ARENA_INIT;
	struct string_list json_ld = {0};
	struct buf html = BUF_INIT;
	buf_printf(&html, "<!DOCTYPE html><html><head><title>A page</title></head><body>%s</body>",
		   body);
	xmlDoc *doc = html_document_parse(html.data, html.len, &json_ld, &arena, NULL);
	struct page *page = page_new(doc, "https://example.org/news/story.html");
	if (page) {
		page->a = article_new();
		page->content = page->body;
	}
	buf_release(&html);
	arena_release(&arena);
	return page;
}

static inline void page_case_free(struct page *page)
{
	if (page)
		article_free(page->a);
	page_free(page);
}

/* What is in the page's body, with no line ends that the writer put between blocks. */
static inline void page_case_put(struct buf *out, const struct page *page)
{
	xhtml_put_children(out, page->body);
	while (out->len && out->data[out->len - 1] == '\n')
		buf_truncate(out, out->len - 1);
}

/* The body after a pass over the page. The caller frees it. */
static inline char *page_case_run(const char *body, void pass(struct page *))
{
	struct page *page = page_case_new(body);
	struct buf out = BUF_INIT;
	if (page) {
		pass(page);
		page_case_put(&out, page);
	}
	page_case_free(page);
	return buf_detach(&out, NULL);
}

#endif
