/* Finding the article in a web page. */
#ifndef EXTRACT_EXTRACT_H
#define EXTRACT_EXTRACT_H

#include "article/article.h"
#include "base/diag.h"
#include "extract/page/page.h"

/* The message of CHAPBOOK_E_INPUT when the page has text, but no article was found in it. */
#define EXTRACT_NOTHING_LEFT "no article found (only menus, forms and the like have text)"

/* Find the article in `page` and fill `a`: its metadata, where they are still unknown, and its
 * body, as article.h has it (it takes over the page's document, also on failure). What was
 * kept and dropped is reported as notes. CHAPBOOK_E_INPUT, with the reason, when there is no
 * article in it. */
int extract_article(struct article *a, struct page *page, struct diag *diag,
		    struct chapbook_error *err);

#endif
