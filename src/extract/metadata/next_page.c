/* The next page of an article that its site gives in several. */
#include "extract/page/passes.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/ascii.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* rel is a list of words: HTML Living Standard, section 4.6.7. */
static bool is_next(const xmlNode *link)
{
	const char *rel = tree_get(link, "rel");
	for (const char *s = rel; s && *s;) {
		size_t len = strcspn(s, " \t\n\f\r");
		if (len == 4 && strncasecmp(s, "next", 4) == 0)
			return true;
		s += len + (s[len] != '\0');
	}
	return false;
}

static size_t digits_at(const char *s, size_t len)
{
	size_t n = 0;
	while (n < len && ascii_is_digit(s[n]))
		n++;
	return n;
}

/* The number of the page that a stretch of an address says: "2", "/2/", "?page=2", "-p2". 0: it
 * says none, or something else, too. */
static long page_number(const char *s, size_t len, bool *named)
{
	static const char *const words[] = {"page",  "p",      "pg",     "part",
					    "seite", "pagina", "pagenum"};
	long number = 0;
	*named = false;
	while (len) {
		size_t digits = digits_at(s, len), letters = 0;
		while (letters < len && ascii_is_alpha(s[letters]))
			letters++;
		if (digits) {
			if (number || digits > 3)
				return 0;
			number = atol(s);
		}
		for (size_t i = 0; letters && i < sizeof words / sizeof *words; i++)
			*named |= letters == strlen(words[i]) &&
				  strncasecmp(s, words[i], letters) == 0;
		if (letters && !*named)
			return 0;
		size_t step = digits ? digits : letters ? letters : 1;
		s += step;
		len -= step;
	}
	return number;
}

/* Whether page words stand right before: "page=", "/page/", "-p". */
static bool ends_with_page_word(const char *s, size_t len)
{
	size_t end = len, start;
	bool named;
	while (end && strchr("=/-_", s[end - 1]))
		end--;
	for (start = end; start && ascii_is_alpha(s[start - 1]);)
		start--;
	page_number(s + start, end - start, &named);
	return named;
}

/* Whether `next` is `url` with a page's number in it, one higher or for the first time: the next of
 * a site's articles differs by more. */
static bool is_page_after(const char *url, const char *next)
{
	enum { MAX_PAGE_NUMBER = 200 /* pages: a higher number is an article's */ };
	size_t len = strcspn(url, "#"), next_len = strcspn(next, "#"), start = 0, end = 0;
	bool named, was_named;
	while (start < len && start < next_len && url[start] == next[start])
		start++;
	/* not within a number */
	if (digits_at(url + start, len - start) || digits_at(next + start, next_len - start))
		while (start && digits_at(url + start - 1, 1))
			start--;
	while (end < len - start && end < next_len - start &&
	       url[len - 1 - end] == next[next_len - 1 - end])
		end++;
	if ((len - end > start && digits_at(url + len - end - 1, 1)) ||
	    (next_len - end > start && digits_at(next + next_len - end - 1, 1)))
		while (end && digits_at(url + len - end, 1))
			end--;
	const char *host = strstr(url, "://");
	const char *path = host ? strchr(host + 3, '/') : NULL;
	if (!path || start < (size_t)(path - url))
		return false;
	long number = page_number(next + start, next_len - start - end, &named);
	if (number == 0 || number > MAX_PAGE_NUMBER)
		return false;
	named |= ends_with_page_word(next, start);
	if (len - start - end == 0) /* sites that count from 0 name their second page 1 */
		return number == 2 || (number == 1 && named);
	long before = page_number(url + start, len - start - end, &was_named);
	return number == before + 1 && (named || before > 0);
}

void next_page_find(struct page *page)
{
	xmlNode *const places[] = {page->head, page->body};
	static const char *const names[] = {"link", "a"};
	for (size_t i = 0; i < 2 && page->url && !page->a->next_url; i++) {
		for (const xmlNode *n = tree_find(places[i], NULL, names[i]); n;
		     n = tree_find(places[i], n, names[i])) {
			struct buf whole = BUF_INIT;
			const char *href = is_next(n) ? tree_get(n, "href") : NULL;
			if (href && url_resolve(&whole, href, page->url, URL_LINK) &&
			    is_page_after(page->url, whole.data)) {
				article_fill(page->a, &page->a->next_url, whole.data, whole.len);
				page_note(page, "next-page", n, "%s", whole.data);
			}
			buf_end(&whole, &page->arena.failed);
		}
	}
}
