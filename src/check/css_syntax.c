/* The grammar of style sheets (CSS Syntax Level 3, section 5; Selectors Level 3, section 4), as far
 * as EPUBCheck holds books to it: it takes no error that browsers would recover from. */
#include "article/css.h"
#include "base/ascii.h"
#include "check/run.h"

#include <string.h>
#include <strings.h>

struct syntax {
	const char *s, *end;
	const char *wrong; /* the first fault; NULL: none so far */
	const char *at;    /* its place */
	int depth;         /* blocks of rules around here */
};

enum { MAX_DEPTH = 20 }; /* blocks of rules in blocks of rules; what is deeper is not examined */

static void css_syntax_fail(struct syntax *x, const char *wrong)
{
	if (x->wrong)
		return;
	x->wrong = wrong;
	x->at = x->s < x->end ? x->s : x->end;
	x->s = x->end;
}

/* Letters, digits, "-", "_", escapes and what is not ASCII: a bit for each byte. */
static bool css_syntax_is_name(char c)
{
	static const uint32_t bits[8] = {0, 0x03FF2000, 0x97FFFFFE, 0x07FFFFFE, ~0u, ~0u, ~0u, ~0u};
	unsigned char byte = (unsigned char)c;
	return bits[byte >> 5] >> (byte & 31) & 1;
}

static bool starts_name(const struct syntax *x, const char *s)
{
	return s < x->end && css_syntax_is_name(*s) && !ascii_is_digit(*s);
}

/* Past a name; returns its length. */
static size_t skip_name(struct syntax *x)
{
	const char *s = x->s, *end = x->end, *start = s;
	while (s < end && css_syntax_is_name(*s))
		s += *s == '\\' && s + 1 < end ? 2 : 1;
	x->s = s;
	return (size_t)(s - start);
}

static bool skip_if(struct syntax *x, const char *text)
{
	size_t len = strlen(text);
	if ((size_t)(x->end - x->s) < len || memcmp(x->s, text, len) != 0)
		return false;
	x->s += len;
	return true;
}

/* White space and comments; css_scan() reports a comment that is not closed. */
static void skip_space(struct syntax *x)
{
	while (x->s < x->end) {
		if (ascii_is_space(*x->s)) {
			x->s++;
		} else if (*x->s == '/' && skip_if(x, "/*")) {
			const char *after = css_comment_end(x->s, x->end);
			x->s = after ? after : x->end;
		} else {
			return;
		}
	}
}

static void skip_string(struct syntax *x)
{
	const char *start = x->s;
	char quote = *x->s++;
	while (x->s < x->end && *x->s != quote && *x->s != '\n')
		x->s += *x->s == '\\' && x->s + 1 < x->end ? 2 : 1;
	if (x->s < x->end && *x->s == quote) {
		x->s++;
		return;
	}
	x->s = start;
	css_syntax_fail(x, "a string is not closed");
}

/* What follows "url(". */
static void skip_url(struct syntax *x)
{
	skip_space(x);
	if (x->s < x->end && (*x->s == '"' || *x->s == '\'')) {
		skip_string(x);
		return; /* the parenthesis is one as any other */
	}
	while (x->s < x->end && *x->s != ')')
		x->s += *x->s == '\\' && x->s + 1 < x->end ? 2 : 1;
}

/* One component: a name, a string, a bracket, a character. *open counts brackets. */
static void skip_component(struct syntax *x, size_t *open)
{
	if (starts_name(x, x->s)) {
		const char *name = x->s;
		bool url = skip_name(x) == 3 && strncasecmp(name, "url", 3) == 0;
		if (url && x->s < x->end && *x->s == '(') {
			x->s++;
			++*open;
			skip_url(x);
		}
	} else if (*x->s == '"' || *x->s == '\'') {
		skip_string(x);
	} else {
		*open += *x->s == '(' || *x->s == '[';
		*open -= (*x->s == ')' || *x->s == ']') && *open > 0;
		x->s++;
	}
}

/* Components up to one of `stops` outside of brackets. Returns whether there was any. */
static bool skip_components(struct syntax *x, const char *stops)
{
	size_t open = 0;
	bool any = false;
	for (;;) {
		skip_space(x);
		if (x->s == x->end)
			return any;
		if (strchr("{};", *x->s) && (open == 0 || *x->s != ';')) {
			if (open == 0 && strchr(stops, *x->s))
				return any;
			css_syntax_fail(x, open ? "a bracket is not closed"
						: "a brace where none may be");
			return any;
		}
		skip_component(x, &open);
		any = true;
	}
}

/* Past a block of which only its braces matter; at its first one. */
static void css_syntax_skip_block(struct syntax *x)
{
	size_t open = 0, braces = 0;
	while (x->s < x->end) {
		braces += *x->s == '{';
		if (*x->s == '}' && --braces == 0) {
			x->s++;
			return;
		}
		skip_component(x, &open);
		skip_space(x);
	}
}

static void scan_rules(struct syntax *x, bool top);
static void scan_at_rule(struct syntax *x);

/* Up to the brace that ends the block. */
static void scan_declarations(struct syntax *x, bool page)
{
	for (skip_space(x); x->s < x->end && *x->s != '}'; skip_space(x)) {
		if (page && *x->s == '@') { /* a margin box */
			scan_at_rule(x);
			continue;
		}
		if (!starts_name(x, x->s)) {
			css_syntax_fail(x, *x->s == ';' ? "an empty declaration"
							: "not a declaration");
			return;
		}
		bool custom = skip_if(x, "--");
		page = false; /* they come first */
		skip_name(x);
		skip_space(x);
		if (!skip_if(x, ":")) {
			css_syntax_fail(x, "a declaration has no colon");
			return;
		}
		skip_space(x);
		if (x->s < x->end && *x->s == '@') {
			css_syntax_fail(x, "an at sign in a value");
			return;
		}
		if (!skip_components(x, ";}") && !custom) {
			css_syntax_fail(x, "a declaration has no value");
			return;
		}
		skip_if(x, ";");
	}
}

static void scan_at_rule(struct syntax *x)
{
	static const char *const with_rules[] = {"media", "supports", "document"};
	const char *name = ++x->s;
	if (!starts_name(x, name)) {
		css_syntax_fail(x, "an at sign without a name");
		return;
	}
	size_t len = skip_name(x);
	skip_space(x);
	if (len == 6 && strncasecmp(name, "import", len) == 0 &&
	    (x->s == x->end || !strchr("\"'uU", *x->s))) {
		css_syntax_fail(x, "@import has no address");
		return;
	}
	skip_components(x, "{;}");
	if (x->s == x->end || *x->s == '}' || skip_if(x, ";"))
		return;
	bool rules = false, page = len == 4 && strncasecmp(name, "page", len) == 0;
	for (size_t i = 0; i < sizeof with_rules / sizeof *with_rules; i++)
		rules |= strlen(with_rules[i]) == len && strncasecmp(name, with_rules[i], len) == 0;
	rules &= x->depth < MAX_DEPTH;
	if (rules || page || (len == 9 && strncasecmp(name, "font-face", len) == 0)) {
		x->s++;
		x->depth++;
		if (rules)
			scan_rules(x, false);
		else
			scan_declarations(x, page && x->depth < MAX_DEPTH);
		x->depth--;
		skip_if(x, "}");
	} else {
		css_syntax_skip_block(x);
	}
}

/* What is in brackets; at the first of them. */
static void skip_brackets(struct syntax *x)
{
	size_t open = 0;
	bool attribute = *x->s == '[';
	do {
		bool string = *x->s == '"' || *x->s == '\'';
		if (!strchr("{};", *x->s))
			skip_component(x, &open);
		skip_space(x);
		/* Selectors Level 3 has nothing behind the value of an attribute */
		if (x->s < x->end && open &&
		    (strchr("{};", *x->s) || (attribute && string && *x->s != ']')))
			css_syntax_fail(x, "a bracket is not closed");
	} while (open && x->s < x->end);
}

/* A part of a selector that begins with a mark: class, id, pseudo-class or pseudo-element. */
static void scan_marked(struct syntax *x)
{
	char mark = *x->s++;
	if (mark == ':')
		skip_if(x, ":");
	bool digit = mark == '#' && x->s < x->end && ascii_is_digit(*x->s);
	if (!digit && !starts_name(x, x->s)) {
		css_syntax_fail(x, "a mark in a selector has no name");
		return;
	}
	skip_name(x);
	if (mark == ':' && x->s < x->end && *x->s == '(')
		skip_brackets(x);
}

/* A selector up to its block. */
static void scan_selector(struct syntax *x)
{
	bool wanted = true; /* a name or the like must come */
	for (skip_space(x); x->s < x->end && *x->s != '{'; skip_space(x)) {
		if (strchr(",>+~", *x->s)) {
			if (wanted)
				break;
			wanted = true;
			x->s++;
		} else if (*x->s == '[') {
			skip_brackets(x);
			wanted = false;
		} else if (strchr(".#:", *x->s)) {
			scan_marked(x);
			wanted = false;
		} else if (*x->s == '*' || *x->s == '|') {
			wanted = false;
			x->s++;
		} else if (starts_name(x, x->s)) {
			skip_name(x);
			wanted = false;
		} else {
			css_syntax_fail(x, "not a selector");
		}
	}
	if (x->s == x->end)
		css_syntax_fail(x, "a selector has no block");
	else if (wanted)
		css_syntax_fail(x, "a selector is missing");
}

static void scan_rules(struct syntax *x, bool top)
{
	for (;;) {
		skip_space(x);
		if (top && (skip_if(x, "<!--") || skip_if(x, "-->")))
			continue;
		if (top && x->s < x->end && *x->s == '}')
			css_syntax_fail(x, "a brace closes what was not opened");
		if (x->s == x->end || *x->s == '}')
			return;
		if (*x->s == '@') {
			scan_at_rule(x);
			continue;
		}
		scan_selector(x);
		if (x->s < x->end) {
			x->s++;
			scan_declarations(x, false);
			skip_if(x, "}");
		}
	}
}

void css_check_syntax(struct document *d, const char *text, size_t len, int line)
{
	struct syntax x = {.s = text, .end = text + len};
	scan_rules(&x, true);
	if (!x.wrong)
		return;
	for (const char *s = text; s < x.at && (s = memchr(s, '\n', (size_t)(x.at - s))); s++)
		line++;
	report_add(&d->report, RULE_CSS_SYNTAX, line, "%s", x.wrong);
}
