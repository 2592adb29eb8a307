/* Pages that have no article, or only its first sentences: bot checks, log-in and consent walls,
 * error pages, pages that a script would fill, teasers. */
#include "extract/page/passes.h"

#include "article/tree.h"
#include "base/buf.h"
#include "base/plural.h"
#include "extract/page/phrases.h"

#include <string.h>

enum {
	MIN_WORDS = 40,         /* fewer are hardly an article */
	MAX_GATE_WORDS = 150,   /* more are an article, whatever its title says */
	MAX_TEASER_WORDS = 250, /* more are an article, whatever its metadata declare */
	MAX_BLOCKS = 6,         /* of the body, that are compared with phrases */
};

/* What the text says the page is; NULL: nothing of the kind. */
static const char *gate_of(const char *text, size_t len)
{
	static const struct {
		unsigned kind;
		const char *name;
	} gates[] = {
		{SAYS(GATE_BOT), "a check for bots"},
		{SAYS(GATE_LOGIN), "a log-in page"},
		{SAYS(GATE_CONSENT), "a consent page"},
		{SAYS(GATE_ERROR), "an error page"},
		{SAYS(GATE_SCRIPT), "a page that needs JavaScript"},
	};
	for (size_t i = 0; text && i < sizeof gates / sizeof *gates; i++)
		if (phrase_start(gates[i].kind, text, len))
			return gates[i].name;
	return NULL;
}

static const char *find_gate(struct article *a)
{
	const char *gate = gate_of(a->title, a->title ? strlen(a->title) : 0);
	int count = 0;
	for (const xmlNode *n = tree_first(a->body); n && !gate && count < MAX_BLOCKS;
	     n = tree_next(n), count++) {
		struct buf text = BUF_INIT;
		tree_put_text(&text, n);
		buf_fold_space(&text, 0);
		gate = gate_of(text.data, text.len);
		buf_end(&text, &a->arena.failed);
	}
	return gate;
}

void gate_report(struct page *page)
{
	struct article *a = page->a;
	size_t words = tree_count_words(a->body);
	if (page->is_article)
		return;
	if (page->whole)
		diag_add(page->diag, DIAG_NO_ARTICLE, 0,
			 "no article was found; the book has all the text of the page");
	const char *gate = words < MAX_GATE_WORDS ? find_gate(a) : NULL;
	if (gate)
		diag_add(
			page->diag, DIAG_NO_ARTICLE, 0,
			"this seems to be %s, not an article; try --cookies, or save the page in a "
			"browser",
			gate);
	else if (page->is_paid && words < MAX_TEASER_WORDS)
		diag_add(page->diag, DIAG_NO_ARTICLE, 0,
			 "the article is not free, and the page has only %zu words of it; try "
			 "--cookies, or save the page in a browser",
			 words);
	else if (words < MIN_WORDS)
		diag_add(page->diag, DIAG_NO_ARTICLE, 0,
			 "the page has only %zu %s of text; it may not be an article", words,
			 plural(words, "word", "words"));
}
