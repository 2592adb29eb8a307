#include "extract/page/passes.h"

#include "article/tree.h"
#include "extract/clean/clean.h"
#include "extract/page/measure.h"
#include "extract/page/phrases.h"

#include <stdlib.h>
#include <string.h>

/* Where in a link's last text its words about itself begin, with the mark before them: "report,
 * opens in a new tab", "answer (new window)". The length of the text if there are none. */
static size_t window_words(const char *s, size_t len)
{
	static const char marks[] = ",(-[";
	for (size_t at = len; at-- > 0;) {
		bool start = at == 0;
		if (!start && !strchr(marks, s[at]))
			continue;
		size_t from = start && !strchr(marks, s[0]) ? 0 : at + 1, end = len;
		from += strspn(s + from, " \t\n\r\f");
		while (end > from && strchr(" \t\n\r\f)].", s[end - 1]))
			end--;
		if (end > from && phrase_whole(SAYS(WINDOW), s + from, end - from)) {
			while (at && strchr(" \t\n\r\f", s[at - 1]))
				at--;
			return at;
		}
	}
	return len;
}

/* What a link says of itself to users of screen readers is no text of the article. */
static void drop_window_words(struct page *page)
{
	for (xmlNode *a = tree_find(page->content, NULL, "a"); a;
	     a = tree_find(page->content, a, "a")) {
		xmlNode *last = NULL;
		bool only = true;
		for (xmlNode *n = tree_walk(a, NULL); n; n = tree_walk(a, n))
			if (tree_is_text(n) && !tree_is_space(n)) {
				only = last == NULL;
				last = n;
			}
		const char *text = tree_text_value(last);
		size_t len = strlen(text), keep = window_words(text, len);
		if (keep == len || (only && keep == 0))
			continue;
		char *own = strndup(text, keep);
		if (own)
			tree_set_text(last, own, keep);
		else
			tree_fail(a);
		free(own);
	}
}

void content_clean(struct page *page)
{
	drop_window_words(page);
	measure_all(page, page->content);
	clean_named(page);
	clean_shapes(page);
	clean_lines(page);
	clean_teasers(page);
}
