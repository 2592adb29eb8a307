/* Web pages. */
#include "read/read.h"

#include "base/error.h"
#include "extract/extract.h"
#include "read/html_parse.h"

#include <stdint.h>

int read_html(struct article *a, const char *text, size_t len, const char *url, struct diag *diag,
	      struct chapbook_error *err)
{
	struct arena arena = ARENA_INIT;
	struct string_list json_ld = {0};
	int result = -1;
	xmlDoc *doc = html_document_parse(text, len, &json_ld, &arena, err);
	struct page *page = page_new(doc, url);
	if (page) {
		page->json_ld = json_ld;
		article_fill(a, &a->source_url, url, SIZE_MAX);
		result = extract_article(a, page, diag, err);
	} else if (doc) {
		error_memory(err);
	}
	page_free(page);
	arena_release(&arena);
	return result;
}
