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
	bool attribute;    /* declarations alone, of a style attribute */
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
		if (x->s == x->end) {
			if (x->attribute && open)
				css_syntax_fail(x, "a bracket is not closed");
			return any;
		}
		if (strchr("{};", *x->s)) {
			if (open == 0 && strchr(stops, *x->s))
				return any;
			css_syntax_fail(x, open ? "a bracket is not closed"
						: "a brace is not allowed here");
			return any;
		}
		if (*stops == ';' && *x->s == '@' && starts_name(x, x->s + 1))
			css_syntax_fail(x, "an at sign in a value");
		else if (skip_if(x, "-->") || skip_if(x, "<!--"))
			css_syntax_fail(x, "a mark of an HTML comment in a value");
		else
			skip_component(x, &open);
		any = true;
	}
}

static void scan_rules(struct syntax *x, bool top);
static void scan_at_rule(struct syntax *x);

/* Whether a block begins with a rule: a brace comes before the end of a declaration. */
static bool begins_rule(const struct syntax *x)
{
	struct syntax ahead = *x;
	size_t open = 0;
	skip_space(&ahead);
	while (ahead.s < ahead.end && !strchr("{};", *ahead.s)) {
		skip_component(&ahead, &open);
		skip_space(&ahead);
	}
	return ahead.s < ahead.end && *ahead.s == '{';
}

/* "!important" */
static bool begins_priority(const struct syntax *x)
{
	struct syntax ahead = *x;
	if (!skip_if(&ahead, "!"))
		return false;
	skip_space(&ahead);
	return ahead.end - ahead.s >= 9 && strncasecmp(ahead.s, "important", 9) == 0;
}

/* Up to the brace that ends the block. */
static void scan_declarations(struct syntax *x, bool page)
{
	for (skip_space(x); x->s < x->end && *x->s != '}'; skip_space(x)) {
		if (x->attribute && skip_if(x, ";"))
			continue;                             /* EPUBCheck lets it pass here */
		if (page && *x->s == '@' && begins_rule(x)) { /* a margin box */
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
		if (begins_priority(x)) {
			css_syntax_fail(x, "a declaration has no value");
			return;
		}
		if (!skip_components(x, ";}") && (!custom || x->attribute)) {
			css_syntax_fail(x, "a declaration has no value");
			return;
		}
		skip_if(x, ";");
	}
}

/* At the "@". Blocks hold rules or declarations, whatever the rule's name. */
static void scan_at_rule(struct syntax *x)
{
	const char *name = ++x->s;
	if (!starts_name(x, name)) {
		css_syntax_fail(x, "an at sign without a name");
		return;
	}
	size_t len = skip_name(x);
	bool page = len == 4 && strncasecmp(name, "page", 4) == 0;
	skip_space(x);
	if (len == 6 && strncasecmp(name, "import", 6) == 0 && (x->s == x->end || *x->s == ';')) {
		css_syntax_fail(x, "@import has no address");
		return;
	}
	skip_components(x, "{;}");
	if (x->s == x->end)
		css_syntax_fail(x, "an at-rule has no end");
	if (x->s == x->end || *x->s == '}' || skip_if(x, ";"))
		return;
	x->s++;
	bool rules = begins_rule(x);
	if (x->depth >= MAX_DEPTH) {
		css_syntax_fail(x, "more than 20 blocks in one another");
		return;
	}
	x->depth++;
	skip_space(x);
	if (rules && !(page && x->s < x->end && *x->s == '@'))
		scan_rules(x, false);
	else
		scan_declarations(x, page);
	x->depth--;
	skip_if(x, "}");
}

/* A name, or "*", that may have a namespace: "ns|name". False: there is none. */
static bool skip_qualified(struct syntax *x)
{
	bool any = skip_if(x, "*") || (starts_name(x, x->s) && skip_name(x));
	if (x->s < x->end && *x->s == '|' && !(x->s + 1 < x->end && x->s[1] == '=')) {
		x->s++;
		any = skip_if(x, "*") || (starts_name(x, x->s) && skip_name(x));
	}
	return any;
}

/* "[name]", "[name=value]"; at the bracket. */
static void scan_attribute(struct syntax *x)
{
	x->s++;
	skip_space(x);
	if (!skip_qualified(x)) {
		css_syntax_fail(x, "an attribute in a selector has no name");
		return;
	}
	skip_space(x);
	if (x->s < x->end && *x->s != ']') {
		if (*x->s != '=' && strchr("~|^$*", *x->s))
			x->s++;
		if (!skip_if(x, "=")) {
			css_syntax_fail(x, "an attribute in a selector has no \"=\"");
			return;
		}
		skip_space(x);
		if (x->s < x->end && (*x->s == '"' || *x->s == '\''))
			skip_string(x);
		else if (starts_name(x, x->s))
			skip_name(x);
		else
			css_syntax_fail(x, "an attribute in a selector has no value");
		skip_space(x);
	}
	if (!skip_if(x, "]"))
		css_syntax_fail(x, "a bracket is not closed");
}

static void scan_part(struct syntax *x);

/* The selectors that a pseudo-class has in parentheses; behind the first of them. */
static void scan_inner_selectors(struct syntax *x)
{
	bool wanted = true;
	if (++x->depth > MAX_DEPTH)
		css_syntax_fail(x, "more than 20 pseudo-classes in one another");
	for (skip_space(x); x->s < x->end && *x->s != ')'; skip_space(x)) {
		if (*x->s == ',' && wanted)
			break;
		bool sign = strchr(">+~", *x->s) != NULL;
		wanted = *x->s == ',' || (sign && wanted);
		if (sign || wanted)
			x->s++;
		else
			scan_part(x);
	}
	x->depth--;
	if (wanted)
		css_syntax_fail(x, "a selector is missing");
	else if (!skip_if(x, ")"))
		css_syntax_fail(x, "a bracket is not closed");
}

/* Names, strings and numbers that a pseudo-class has in parentheses; at the first of them. */
static void scan_arguments(struct syntax *x)
{
	size_t open = 0;
	do {
		bool name = css_syntax_is_name(x->s[-1]);
		if (x->s < x->end && strchr("{};", *x->s))
			css_syntax_fail(x, "a bracket is not closed");
		else if (x->s < x->end &&
			 (strchr(".,|@/=~>:#*[", *x->s) || (*x->s == '(' && !name)))
			css_syntax_fail(x, "a pseudo-class has an argument that EPUBCheck refuses");
		else if (x->s < x->end)
			skip_component(x, &open);
		skip_space(x);
	} while (open && x->s < x->end);
}

/* A pseudo-class or pseudo-element; at its colon. */
static void scan_pseudo(struct syntax *x)
{
	static const char *const with_selectors[] = {"not", "is", "where", "has"};
	x->s++;
	skip_if(x, ":");
	skip_space(x);
	const char *name = x->s;
	if (x->s == x->end || strchr("{};(", *x->s)) {
		css_syntax_fail(x, "a colon in a selector has no name");
		return;
	}
	size_t open = 0, len = starts_name(x, name) ? skip_name(x) : 0;
	if (!len) { /* EPUBCheck takes anything */
		skip_component(x, &open);
		return;
	}
	bool selectors = false;
	for (size_t i = 0; i < sizeof with_selectors / sizeof *with_selectors; i++)
		selectors |= strlen(with_selectors[i]) == len &&
			     strncasecmp(name, with_selectors[i], len) == 0;
	if (selectors && skip_if(x, "("))
		scan_inner_selectors(x);
	else if (x->s < x->end && *x->s == '(')
		scan_arguments(x);
}

/* A class or id; at its mark. */
static void scan_marked(struct syntax *x)
{
	char mark = *x->s++;
	bool digit = mark == '#' && x->s < x->end && ascii_is_digit(*x->s);
	if (!digit && !starts_name(x, x->s))
		css_syntax_fail(x, "a mark in a selector has no name");
	else
		skip_name(x);
}

/* A percentage, as key frames have it. */
static bool skip_percentage(struct syntax *x)
{
	const char *s = x->s;
	s += s < x->end && (*s == '-' || *s == '+');
	const char *digits = s;
	while (s < x->end && (ascii_is_digit(*s) || *s == '.'))
		s++;
	if (s == digits || s == x->end || *s != '%')
		return false;
	x->s = s + 1;
	return true;
}

/* One of the parts that selectors are made of. */
static void scan_part(struct syntax *x)
{
	if (skip_percentage(x))
		return;
	if (*x->s == '[')
		scan_attribute(x);
	else if (*x->s == ':')
		scan_pseudo(x);
	else if (*x->s == '.' || *x->s == '#')
		scan_marked(x);
	else if (!skip_qualified(x))
		css_syntax_fail(x, "not a selector");
}

/* Past white space in a selector. EPUBCheck takes no comment right behind a part of it, nor right
 * before one. */
static void skip_selector_space(struct syntax *x, bool wanted)
{
	const char *start = x->s;
	while (x->s < x->end && ascii_is_space(*x->s))
		x->s++;
	bool comment = x->s + 1 < x->end && x->s[0] == '/' && x->s[1] == '*';
	if (!comment || wanted) {
		skip_space(x);
		return;
	}
	const char *first = x->s;
	skip_space(x);
	bool apart = ascii_is_space(x->s[-1]);
	if (first == start || (x->s < x->end && !apart && !strchr(",>+~{", *x->s))) {
		x->s = first;
		css_syntax_fail(x, "a comment in a selector");
	}
}

/* A selector up to its block. */
static void scan_selector(struct syntax *x)
{
	bool wanted = true; /* a name or the like must come */
	skip_space(x);
	while (x->s < x->end && *x->s != '{') {
		if (skip_percentage(x)) {
			wanted = false;
		} else if (strchr(",>+~", *x->s)) {
			if (wanted)
				break;
			wanted = true;
			x->s++;
		} else {
			scan_part(x);
			wanted = false;
		}
		skip_selector_space(x, wanted);
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
			css_syntax_fail(x, "a closing brace without an opening one");
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

void css_check_syntax(struct document *d, const char *text, size_t len, int line, bool attribute)
{
	struct syntax x = {.s = text, .end = text + len, .attribute = attribute};
	if (attribute) {
		scan_declarations(&x, false);
		if (x.s < x.end)
			css_syntax_fail(&x, "a closing brace without an opening one");
		if (len && text[len - 1] == '\\' && !(len > 1 && text[len - 2] == '\\'))
			css_syntax_fail(&x, "a backslash at the end");
	} else {
		scan_rules(&x, true);
	}
	if (!x.wrong)
		return;
	for (const char *s = text; s < x.at && (s = memchr(s, '\n', (size_t)(x.at - s))); s++)
		line++;
	report_add(&d->report, RULE_CSS_SYNTAX, line, "%s", x.wrong);
}
