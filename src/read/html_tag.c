/* Tags in HTML text. HTML Living Standard, section 13.1.2. */
#include "read/html_fragment.h"

#include <string.h>
#include <strings.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool html_tag_read(const char *html, size_t len, struct html_tag *tag)
{
	size_t i = 1;
	*tag = (struct html_tag){0};
	if (i < len && html[i] == '/') {
		tag->end = true;
		i++;
	}
	if (i >= len || !is_alpha(html[i]))
		return false;
	size_t start = i;
	while (i < len && !is_space(html[i]) && html[i] != '/' && html[i] != '>')
		i++;
	tag->name = html + start;
	tag->name_len = i - start;

	bool in_name = false; /* of an attribute, or a bare value */
	for (; i < len && html[i] != '>'; i++) {
		char c = html[i];
		if (c == '=') {
			/* A quote opens a value only behind an equals sign. */
			while (i + 1 < len && is_space(html[i + 1]))
				i++;
			char quote = i + 1 < len ? html[i + 1] : '\0';
			if (quote != '"' && quote != '\'') {
				in_name = true;
				continue;
			}
			const char *close = memchr(html + i + 2, quote, len - i - 2);
			if (!close)
				return false;
			i = (size_t)(close - html);
			in_name = false;
		} else if (is_space(c) || c == '/') {
			in_name = false;
		} else if (!in_name) {
			in_name = true;
			tag->attributes++;
		}
	}
	if (i >= len)
		return false;
	tag->self_closing = html[i - 1] == '/';
	tag->len = i + 1;
	return true;
}

bool html_tag_is(const struct html_tag *tag, const char *name)
{
	return strncasecmp(tag->name, name, tag->name_len) == 0 && name[tag->name_len] == '\0';
}

bool html_tag_nests(const struct html_tag *tag)
{
	/* Void elements, and those whose end tag may be left out. */
	static const char *const names[] = {
		"area",   "base",     "br",      "col",      "embed", "frame",  "hr",    "img",
		"image",  "input",    "link",    "meta",     "param", "source", "track", "wbr",
		"keygen", "basefont", "bgsound", "colgroup", "dd",    "dt",     "li",    "optgroup",
		"option", "p",        "rb",      "rp",       "rt",    "rtc",    "tbody", "td",
		"tfoot",  "th",       "thead",   "tr",       "html",  "head",   "body",  NULL};
	for (const char *const *name = names; *name; name++)
		if (html_tag_is(tag, *name))
			return false;
	return true;
}
