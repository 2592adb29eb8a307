#include "article/css.h"

#include "base/ascii.h"
#include "base/buf.h"

#include <string.h>
#include <strings.h>

/* What is still to be read. */
struct css {
	const char *s, *end;
	const struct css_references *refs;
	const char *scope; /* the id that selectors are put under; NULL: none */
	bool all;          /* nothing was left out */
};

static bool is_letter(char c)
{
	return ascii_is_alpha(c) || (unsigned char)c >= 0x80;
}

static bool css_is_name(char c)
{
	return is_letter(c) || ascii_is_digit(c) || c == '-' || c == '_';
}

/* The length of the identifier at `s`, 0 when there is none. */
static size_t identifier(const char *s, const char *end)
{
	const char *p = s;
	p += p < end && *p == '-';
	if (p == end || !(is_letter(*p) || *p == '_'))
		return 0;
	while (p < end && css_is_name(*p))
		p++;
	return (size_t)(p - s);
}

static bool css_is_word(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(s, word, len) == 0;
}

bool css_property_is_forbidden(const char *name, size_t len)
{
	return css_is_word(name, len, "direction") || css_is_word(name, len, "unicode-bidi");
}

const char *css_comment_end(const char *text, const char *end)
{
	for (const char *s = text; (s = memchr(s, '/', (size_t)(end - s))) != NULL; s++)
		if (s > text && s[-1] == '*')
			return s + 1;
	return NULL;
}

/* Past white space and comments; a comment that is not closed ends with the text. */
static void css_skip_space(struct css *css)
{
	while (css->s < css->end) {
		if (ascii_is_html_space(*css->s)) {
			css->s++;
		} else if (css->end - css->s >= 2 && memcmp(css->s, "/*", 2) == 0) {
			const char *after = css_comment_end(css->s + 2, css->end);
			css->all &= after != NULL;
			css->s = after ? after : css->end;
		} else {
			return;
		}
	}
}

/* Past the string that starts at `s`; NULL when it is not closed on its line, or has escapes or
 * markup in it. */
static const char *string_end(const char *s, const char *end)
{
	for (const char *p = s + 1; p < end; p++) {
		if (*p == *s)
			return p + 1;
		if (strchr("\\\n\r\f<", *p))
			return NULL;
	}
	return NULL;
}

/* --- Values --- */

/* "url(#id)", of which `*s` is at the "u": written without quotes. */
static bool put_url(struct buf *out, const char **s, const char *end,
		    const struct css_references *refs)
{
	const char *p = *s + strlen("url(");
	while (p < end && ascii_is_html_space(*p))
		p++;
	char quote = p < end && (*p == '"' || *p == '\'') ? *p++ : '\0';
	if (p == end || *p++ != '#')
		return false;
	size_t len = 0;
	while (p + len < end && !ascii_is_html_space(p[len]) && !strchr("\"'()\\<", p[len]))
		len++;
	struct buf id = BUF_INIT;
	buf_append(&id, p, len);
	const char *final = len ? refs->find(refs->ctx, id.data) : NULL;
	buf_end(&id, &out->failed);
	p += len;
	if (quote && (p == end || *p++ != quote))
		return false;
	while (p < end && ascii_is_html_space(*p))
		p++;
	if (!final || p == end || *p++ != ')')
		return false;
	buf_printf(out, "url(#%s)", final);
	*s = p;
	return true;
}

/* Functions that load something, in CSS or in browsers of old. */
static bool is_loading(const char *s, size_t len)
{
	static const char *const names[] = {
		"src",        "image",      "image-set", "-webkit-image-set",
		"expression", "cross-fade", "element",   "attr"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (css_is_word(s, len, names[i]))
			return true;
	return false;
}

/* A name at *s, with what belongs to it when it is a function that loads. */
static bool css_put_name(struct buf *out, const char **s, const char *end,
			 const struct css_references *refs)
{
	size_t len = 0;
	while (*s + len < end && css_is_name((*s)[len]))
		len++;
	bool function = *s + len < end && (*s)[len] == '(';
	if (function && css_is_word(*s, len, "url"))
		return put_url(out, s, end, refs);
	if (function && is_loading(*s, len))
		return false;
	buf_append(out, *s, len);
	*s += len;
	return true;
}

static bool put_tokens(struct buf *out, const char *s, const char *end,
		       const struct css_references *refs)
{
	int open = 0;
	while (s < end) {
		if (css_is_name(*s)) {
			if (!css_put_name(out, &s, end, refs))
				return false;
		} else if (*s == '"' || *s == '\'') {
			const char *after = string_end(s, end);
			if (!after)
				return false;
			buf_append(out, s, (size_t)(after - s));
			s = after;
		} else if (*s == '!') {
			for (s++; s < end && ascii_is_html_space(*s);)
				s++;
			if (open || !css_is_word(s, (size_t)(end - s), "important"))
				return false;
			buf_puts(out, "!important");
			return true;
		} else if (ascii_is_html_space(*s) || strchr("#%.,+*/()", *s)) {
			open += (*s == '(') - (*s == ')');
			if (open < 0 || (*s == '/' && s + 1 < end && s[1] == '*'))
				return false;
			buf_putc(out, *s++);
		} else {
			return false;
		}
	}
	return open == 0;
}

bool css_put_value(struct buf *out, const char *value, size_t len,
		   const struct css_references *refs)
{
	size_t start = out->len;
	const char *end = value + len;
	while (value < end && ascii_is_html_space(*value))
		value++;
	while (value < end && ascii_is_html_space(end[-1]))
		end--;
	if (value < end && put_tokens(out, value, end, refs))
		return true;
	buf_truncate(out, start);
	return false;
}

/* --- Declarations --- */

/* The end of what starts at `s`: the first of `stops` that is in no string and no bracket. */
static const char *find_end(const char *s, const char *end, const char *stops)
{
	int open = 0;
	while (s < end) {
		const char *after = *s == '"' || *s == '\'' ? string_end(s, end) : NULL;
		if (open <= 0 && strchr(stops, *s))
			return s;
		open += (*s == '(') - (*s == ')');
		s = after ? after : s + 1;
	}
	return end;
}

static bool put_declaration(struct buf *out, struct css *css, const char *end, bool first)
{
	size_t start = out->len, len = identifier(css->s, end);
	const char *name = css->s;
	if (!len || css_property_is_forbidden(name, len))
		return false;
	css->s += len;
	css_skip_space(css);
	if (css->s >= end || *css->s++ != ':')
		return false;
	css_skip_space(css);
	if (!first)
		buf_putc(out, ';');
	buf_append(out, name, len);
	buf_putc(out, ':');
	if (css->s < end && css_put_value(out, css->s, (size_t)(end - css->s), css->refs))
		return true;
	buf_truncate(out, start);
	return false;
}

/* Up to the end of the text, or to the brace that closes the block. */
static void put_declarations(struct buf *out, struct css *css)
{
	bool first = true;
	for (;;) {
		css_skip_space(css);
		if (css->s < css->end && *css->s == ';') {
			css->s++;
			continue;
		}
		if (css->s >= css->end || *css->s == '}')
			return;
		const char *end = find_end(css->s, css->end, ";}");
		bool kept = put_declaration(out, css, end, first);
		css->all &= kept;
		first &= !kept;
		css->s = end;
	}
}

bool css_put_declarations(struct buf *out, const char *text, size_t len,
			  const struct css_references *refs)
{
	struct css css = {text, text + len, refs, NULL, true};
	while (css.s < css.end) {
		put_declarations(out, &css);
		if (css.s < css.end) { /* a brace that closes nothing: what follows is not read */
			css.all = false;
			break;
		}
	}
	return css.all;
}

/* --- Rules --- */

/* Past what ends at `mark` (find_end()): a statement at its semicolon, a block at the brace that
 * closes it. */
static void skip_rule(struct css *css, const char *mark)
{
	int open = 0;
	css->all = false;
	css->s = mark;
	while (css->s < css->end) {
		char c = *css->s;
		const char *after = c == '"' || c == '\'' ? string_end(css->s, css->end) : NULL;
		css->s = after ? after : css->s + 1;
		open += (c == '{') - (c == '}');
		if (open < 0 || (open == 0 && (c == ';' || c == '}')))
			return;
	}
}

/* Names of elements, classes, ids and pseudo-classes, with combinators between. */
static bool is_plain_selector(const char *s, size_t len)
{
	const char *end = s + len;
	bool any = false, wanted = true; /* a name must come before the next combinator */
	while (s < end) {
		size_t name;
		if (ascii_is_html_space(*s)) {
			s++;
		} else if (strchr(",>+~", *s)) {
			if (wanted)
				return false;
			wanted = true;
			s++;
		} else if (*s == '*') {
			wanted = false;
			any = true;
			s++;
		} else {
			s += strchr(".#:", *s) != NULL;
			if (s == end || (name = identifier(s, end)) == 0)
				return false;
			wanted = false;
			any = true;
			s += name;
		}
	}
	return any && !wanted;
}

static bool is_plain_query(const char *s, size_t len)
{
	int open = 0;
	for (size_t i = 0; i < len; i++) {
		open += (s[i] == '(') - (s[i] == ')');
		if (open < 0 || open > 1 ||
		    !(css_is_name(s[i]) || ascii_is_html_space(s[i]) || strchr("():,.", s[i])))
			return false;
	}
	return open == 0;
}

/* One plain selector, with the ids that its elements have now. */
static void put_renamed(struct buf *out, const struct css *css, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = s[i] == '#' ? identifier(s + i + 1, s + len) : 0;
		if (!n) {
			buf_putc(out, s[i++]);
			continue;
		}
		struct buf id = BUF_INIT;
		buf_append(&id, s + i + 1, n);
		const char *final = css->refs->find(css->refs->ctx, id.data);
		buf_printf(out, "#%s", final ? final : id.data);
		buf_end(&id, &out->failed);
		i += n + 1;
	}
}

/* Plain selectors (is_plain_selector()), each below the scope or, where it can mean that, the
 * element of the scope itself. */
static void put_scoped(struct buf *out, const struct css *css, const char *s, size_t len)
{
	static const char *const roots[] = {"svg", ":root"};
	const char *end = s + len;
	for (bool first = true; s < end; first = false) {
		const char *comma = memchr(s, ',', (size_t)(end - s));
		size_t n = (size_t)((comma ? comma : end) - s), root = 0;
		struct buf own = BUF_INIT;
		while (n && ascii_is_html_space(*s)) {
			s++;
			n--;
		}
		put_renamed(&own, css, s, n);
		for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
			size_t word = strlen(roots[i]);
			if (strncmp(own.data, roots[i], word) == 0 && !css_is_name(own.data[word]))
				root = word;
		}
		size_t scope = strlen(css->scope);
		bool below =
			!(own.data[0] == '#' && strncmp(own.data + 1, css->scope, scope) == 0 &&
			  !css_is_name(own.data[1 + scope]));
		buf_puts(out, first ? "" : ",");
		if (below)
			buf_printf(out, root ? "#%s" : "#%s ", css->scope);
		buf_puts(out, own.data + root);
		buf_end(&own, &out->failed);
		s += n + (comma != NULL);
	}
}

/* A rule whose selector begins here. */
static void put_rule(struct buf *out, struct css *css)
{
	const char *start = css->s, *brace = find_end(start, css->end, "{};");
	size_t len = (size_t)(brace - start), mark = out->len;
	while (len && ascii_is_html_space(start[len - 1]))
		len--;
	if (brace == css->end || *brace != '{' || !is_plain_selector(start, len)) {
		skip_rule(css, brace);
		return;
	}
	if (css->scope)
		put_scoped(out, css, start, len);
	else
		buf_append(out, start, len);
	buf_putc(out, '{');
	size_t empty = out->len;
	css->s = brace + 1;
	put_declarations(out, css);
	bool closed = css->s < css->end;
	css->s += closed;
	css->all &= closed;
	if (out->len == empty)
		buf_truncate(out, mark);
	else
		buf_putc(out, '}');
}

/* Rules up to the end of the text, or of the block. */
static void put_rules(struct buf *out, struct css *css, bool in_media)
{
	for (;;) {
		css_skip_space(css);
		if (css->s >= css->end || (in_media && *css->s == '}'))
			return;
		const char *brace = find_end(css->s, css->end, "{};");
		size_t len = (size_t)(brace - css->s), media = strlen("@media");
		if (*css->s != '@') {
			put_rule(out, css);
		} else if (in_media || len <= media || !css_is_word(css->s, media, "@media") ||
			   brace == css->end || *brace != '{' ||
			   !is_plain_query(css->s + media, len - media)) {
			skip_rule(css, brace);
		} else {
			buf_append(out, css->s, len + 1);
			css->s = brace + 1;
			put_rules(out, css, true);
			css->all &= css->s < css->end;
			css->s += css->s < css->end;
			buf_putc(out, '}');
		}
	}
}

bool css_put_sheet(struct buf *out, const char *text, size_t len, const struct css_references *refs)
{
	return css_put_scoped_sheet(out, text, len, refs, NULL);
}

bool css_put_scoped_sheet(struct buf *out, const char *text, size_t len,
			  const struct css_references *refs, const char *scope)
{
	struct css css = {text, text + len, refs, scope, true};
	static const char *const marks[] = {"<!--", "-->"}; /* CSS Syntax: ignored around a sheet */
	css_skip_space(&css);
	if ((size_t)(css.end - css.s) >= 4 && memcmp(css.s, marks[0], 4) == 0)
		css.s += 4;
	while (css.end > css.s && ascii_is_html_space(css.end[-1]))
		css.end--;
	if ((size_t)(css.end - css.s) >= 3 && memcmp(css.end - 3, marks[1], 3) == 0)
		css.end -= 3;
	put_rules(out, &css, false);
	return css.all;
}
