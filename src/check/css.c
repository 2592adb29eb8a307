/* Style sheets: what they refer to, and the little that EPUB forbids in them. A tokenizer for CSS
 * Syntax Level 3 as far as url(), @import, @font-face, strings, comments and braces go. */
#include "article/css.h"
#include "base/ascii.h"
#include "check/run.h"

#include <string.h>
#include <strings.h>

struct css {
	struct document *d;
	const char *s;
	size_t len, at;
	int line;
	int braces;        /* open blocks */
	bool font_face;    /* inside @font-face { */
	bool wants_import; /* after @import, before its URL */
	bool wants_block;  /* after @font-face, before its brace */
	bool names;        /* after @namespace: addresses are names */
	bool at_property;  /* where a declaration may start */
};

static bool check_css_is_name(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z'
		       ? true
		       : ascii_is_digit(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static void advance(struct css *css, size_t to)
{
	const char *s = css->s + css->at, *end = css->s + to;
	while (s < end && (s = memchr(s, '\n', (size_t)(end - s)))) {
		css->line++;
		s++;
	}
	css->at = to;
}

static void css_refer(struct css *css, const char *url, size_t len)
{
	enum link_kind kind = css->wants_import ? LINK_STYLE
			      : css->font_face  ? LINK_FONT
						: LINK_CSS;
	css->wants_import = false;
	if (css->names)
		return;
	if (len == 0)
		report_add(&css->d->report, RULE_CSS_SYNTAX, css->line, "%s", "an empty address");
	else
		document_link(css->d, kind, url, len, css->line);
}

/* A string token that starts at `at`; sets its content. Returns the place after it; an unclosed
 * one ends at its line. */
static size_t string_end(const struct css *css, size_t at, const char **text, size_t *len)
{
	char quote = css->s[at];
	size_t i = at + 1;
	*text = css->s + i;
	while (i < css->len && css->s[i] != quote && css->s[i] != '\n')
		i += css->s[i] == '\\' && i + 1 < css->len ? 2 : 1;
	if (i > css->len)
		i = css->len;
	*len = i - at - 1;
	return i < css->len && css->s[i] == quote ? i + 1 : i;
}

/* url( … ), at the character after the parenthesis. */
static size_t url_end(struct css *css, size_t at)
{
	const char *text;
	size_t len;
	while (at < css->len && (unsigned char)css->s[at] <= ' ')
		at++;
	if (at < css->len && (css->s[at] == '"' || css->s[at] == '\'')) {
		at = string_end(css, at, &text, &len);
	} else {
		const char *close = memchr(css->s + at, ')', css->len - at);
		text = css->s + at;
		len = close ? (size_t)(close - text) : css->len - at;
		at += len;
		while (len > 0 && (unsigned char)text[len - 1] <= ' ')
			len--;
	}
	css_refer(css, text, len);
	return at;
}

static bool css_is(const char *word, size_t len, const char *name)
{
	return strlen(name) == len && strncasecmp(word, name, len) == 0;
}

/* A name (identifier, function name or at-keyword) that ends before `end`. */
static size_t css_take_name(struct css *css, const char *word, size_t len, size_t end)
{
	if (css_is(word, len, "@import"))
		css->wants_import = true;
	else if (css_is(word, len, "@font-face"))
		css->wants_block = true;
	else if (css_is(word, len, "@namespace"))
		css->names = true;
	if (end < css->len && css->s[end] == '(' && css_is(word, len, "url")) {
		css->at_property = false;
		return url_end(css, end + 1);
	}
	if (css->at_property && css_property_is_forbidden(word, len)) {
		size_t i = end;
		while (i < css->len && (unsigned char)css->s[i] <= ' ')
			i++;
		if (i < css->len && css->s[i] == ':')
			report_add(&css->d->report, RULE_CSS_PROPERTY, css->line, "%.*s", (int)len,
				   word);
	}
	css->at_property = false;
	return end;
}

static void take_mark(struct css *css, char c)
{
	switch (c) {
	case '{':
		css->names = false;
		css->braces++;
		css->font_face = css->wants_block;
		css->wants_block = css->wants_import = false;
		css->at_property = true;
		break;
	case '}':
		css->braces -= css->braces > 0;
		css->font_face = false;
		css->at_property = css->braces > 0;
		break;
	case ';':
		css->wants_import = css->names = false;
		css->at_property = true;
		break;
	default:
		css->at_property = false;
		break;
	}
}

void css_scan(struct document *d, const char *text, size_t len, int line, bool declarations)
{
	struct css css = {.d = d, .s = text, .len = len, .line = line, .at_property = declarations};
	while (css.at < len) {
		char c = text[css.at];
		size_t next = css.at + 1;
		const char *content;
		size_t content_len;
		if (c == '/' && next < len && text[next] == '*') {
			const char *after = css_comment_end(text + next + 1, text + len);
			if (!after)
				report_add(&d->report, RULE_CSS_SYNTAX, css.line, "%s",
					   "a comment is not closed");
			next = after ? (size_t)(after - text) : len;
		} else if (c == '"' || c == '\'') {
			next = string_end(&css, css.at, &content, &content_len);
			if (css.wants_import)
				css_refer(&css, content, content_len);
			css.at_property = false;
		} else if (check_css_is_name(c) ||
			   (c == '@' && next < len && check_css_is_name(text[next]))) {
			while (next < len && check_css_is_name(text[next]))
				next++;
			next = css_take_name(&css, text + css.at, next - css.at, next);
		} else if (c == '\\') {
			next += next < len;
		} else if ((unsigned char)c > ' ') {
			take_mark(&css, c);
		}
		advance(&css, next < len ? next : len);
	}
	if (css.braces > 0)
		report_add(&d->report, RULE_CSS_SYNTAX, css.line, "%s", "a block is not closed");
	css_check_syntax(d, text, len, line, declarations);
}

void check_css(struct document *d)
{
	const char *b = d->entry->bytes;
	size_t len = d->entry->size;
	if (len >= 2 && (memcmp(b, "\xFE\xFF", 2) == 0 || memcmp(b, "\xFF\xFE", 2) == 0)) {
		report_add(&d->report, RULE_CSS_ENCODING, 1, "%s", "UTF-16");
		d->failed = true;
		return;
	}
	if (len >= 3 && memcmp(b, "\xEF\xBB\xBF", 3) == 0) {
		b += 3;
		len -= 3;
	}
	if (len > 10 && memcmp(b, "@charset \"", 10) == 0 &&
	    (len < 16 || strncasecmp(b + 10, "utf-8\"", 6) != 0)) {
		const char *end = memchr(b + 10, '"', len - 10);
		report_add(&d->report, RULE_CSS_ENCODING, 1, "%.*s", end ? (int)(end - b) - 10 : 0,
			   b + 10);
	}
	css_scan(d, b, len, 1, false);
}
