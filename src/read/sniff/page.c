#include "read/sniff/parts.h"

#include "base/ascii.h"

#include <string.h>
#include <strings.h>

static const char *after_comments(const char *p, const char *end)
{
	for (;;) {
		while (p < end && strchr(" \t\n\r\f", *p))
			p++;
		if (end - p < 4 || memcmp(p, "<!--", 4) != 0)
			return p;
		const char *close = memmem(p + 2, (size_t)(end - p - 2), "-->", 3);
		if (!close)
			return end;
		p = close + 3;
	}
}

static bool starts_with(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);
	return (size_t)(end - p) >= n && strncasecmp(p, word, n) == 0;
}

bool sniff_is_page(const char *text, size_t len, bool fragment)
{
	static const char *const pages[] = {"<!doctype html", "<html",  "<head", "<body",
					    "<?xml",          "<title", "<meta", "<link"};
	static const char blocks[] = "p div h1 h2 h3 h4 h5 h6 article section main header center "
				     "table blockquote ul ol figure font span a img hr";
	const char *end = text + len;
	if (starts_with(text, end, "\xEF\xBB\xBF"))
		text += 3;
	text = after_comments(text, end);
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (starts_with(text, end, pages[i]))
			return true;
	if (!fragment || end - text < 3 || *text != '<')
		return false;
	size_t n = 1;
	while (text + n < end && n < 12 && !strchr(" \t\n/>", text[n]))
		n++;
	return sniff_is_listed(blocks, text + 1, n - 1) &&
	       memmem(text, (size_t)(end - text), "</", 2);
}

bool sniff_has_no_tags(const char *text, size_t len)
{
	const char *end = text + len;
	for (const char *p = text; (p = memchr(p, '<', (size_t)(end - p))) != NULL; p++)
		if (end - p > 2 && (strchr("/!?", p[1]) || ascii_is_alpha(p[1])) &&
		    memchr(p, '>', (size_t)(end - p)))
			return false;
	return true;
}
