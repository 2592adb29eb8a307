#include "extract/extract.h"

#include "article/tree.h"
#include "base/error.h"
#include "extract/page/passes.h"
#include "sanitise/sanitise.h"

/* The page's tree becomes the article's: what was found is its root. */
static void take_body(struct article *a, struct page *page)
{
	tree_doc_free(a->doc);
	tree_make_root(page->content, "body");
	a->doc = page->doc;
	a->body = page->content;
	page->doc = NULL;
	page->html = page->head = page->body = page->content = page->notes = NULL;
}

/* Everything that may remove text. */
static void extract_clean(struct page *page)
{
	lead_take(page);
	if (!page->a->no_guess)
		standfirst_take(page);
	content_clean(page);
	if (!page->a->no_guess)
		people_take(page);
	header_normalise(page);
	lead_place(page);
}

int extract_article(struct article *a, struct page *page, struct diag *diag,
		    struct chapbook_error *err)
{
	const char *why = "the page is empty";
	page->a = a;
	page->diag = diag;
	images_resolve(page);
	metadata_read(page);
	next_page_find(page);
	structure_normalise(page);
	if (!a->no_guess)
		author_boxes_take(page);
	hidden_drop(page);
	figures_bind(page);
	if (!page->body || !content_find(page, &why)) {
		if (tree_failed(page->doc) || page->arena.failed)
			return error_memory(err);
		return error_set(err, CHAPBOOK_E_INPUT, "no article found (%s)", why);
	}
	if (page->whole)
		page->content = page->body;
	else
		extract_clean(page);
	figures_finish(page);
	notes_bring(page);
	body_normalise(page);
	take_body(a, page);
	sanitise(a->body, diag);
	if (article_failed(a) || page->arena.failed || page->name_kinds.failed)
		return error_memory(err);
	if (tree_is_blank(a->body))
		return error_set(err, CHAPBOOK_E_INPUT, EXTRACT_NOTHING_LEFT);
	gate_report(page);
	return article_failed(a) ? error_memory(err) : 0;
}
