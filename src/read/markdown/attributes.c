/* Attributes in braces (pandoc, kramdown), GitHub's alerts, and commands for typesetting: in the
 * body, what cmark left as text. */
#include "read/markdown/markdown.h"

#include "article/tree.h"
#include "base/ascii.h"

#include <ctype.h>
#include <string.h>

enum { MAX_BRACES = 1000 /* bytes between "{" and "}" */, MAX_SIBLINGS = 50, MAX_LINK_TEXT = 1000 };

/* What "{#id .class key=value}" says; parts of the text. */
struct braces {
	const char *id, *alt;
	size_t id_len, alt_len;
	bool format; /* "{=html}": raw text of a format */
};

static bool ends_token(char c)
{
	return ascii_is_space(c) || c == '\0' || c == '{' || c == '}';
}

/* A token in braces; returns its length, 0: it cannot be one. */
static size_t read_token(const char *s, struct braces *found)
{
	size_t n = 0;
	while (n < MAX_BRACES && !ends_token(s[n]) && s[n] != '"' && s[n] != '=')
		n++;
	if (s[n] == '=' && n > 0 && *s != '#' && *s != '.') {
		const char *value = s + n + 1;
		bool quoted = *value == '"' || *value == '\'';
		size_t len = 0;
		while (len < MAX_BRACES && (quoted ? value[1 + len] && value[1 + len] != *value
						   : !ends_token(value[len])))
			len++;
		if (len == MAX_BRACES || (quoted && !value[1 + len]))
			return 0;
		bool alt = (n == 3 && memcmp(s, "alt", 3) == 0) ||
			   (n == 7 && memcmp(s, "fig-alt", 7) == 0);
		if (alt) {
			found->alt = value + quoted;
			found->alt_len = len;
		}
		return n + 1 + len + 2 * quoted;
	}
	if (*s == '=') {
		found->format = true;
		n = 1;
		while (n < MAX_BRACES && !ends_token(s[n]))
			n++;
		return n;
	}
	if (!ends_token(s[n]) || (*s != '#' && *s != '.'))
		return n == 1 && *s == '-' ? 1 : 0;
	if (*s == '#' && n > 1) {
		found->id = s + 1;
		found->id_len = n - 1;
	}
	return n > 1 ? n : 0;
}

/* The length of the attributes in braces at `s`; 0: there are none. */
static size_t read_braces(const char *s, struct braces *found)
{
	const char *p = s + 1;
	size_t tokens = 0;
	*found = (struct braces){0};
	if (*s != '{')
		return 0;
	p += *p == ':';
	for (;; tokens++) {
		while (ascii_is_space(*p))
			p++;
		if (*p == '}' || p - s > MAX_BRACES)
			break;
		size_t n = read_token(p, found);
		if (n == 0)
			return 0;
		p += n;
	}
	return *p == '}' && tokens ? (size_t)(p + 1 - s) : 0;
}

static void set_attribute_from(xmlNode *node, const char *attribute, const char *value, size_t len)
{
	struct buf copy = BUF_INIT;
	if (!value)
		return;
	buf_append(&copy, value, len);
	if (copy.failed)
		tree_fail(node);
	else
		tree_set(node, attribute, copy.data);
	buf_release(&copy);
}

/* Take `len` bytes at an offset out of a text node; returns whether the node is still there. */
static bool cut_text(xmlNode *text, size_t at, size_t len)
{
	struct buf rest = BUF_INIT;
	const char *s = tree_text_value(text);
	buf_append(&rest, s, at);
	buf_puts(&rest, s + at + len);
	bool left = rest.len > 0 && !rest.failed;
	if (rest.failed)
		tree_fail(text);
	else if (left)
		tree_set_text(text, rest.data, rest.len);
	else
		tree_remove(text);
	buf_release(&rest);
	return left;
}

/* --- Where they stand --- */

/* Behind a picture, a link, code or a formula. False: the text is gone. */
static bool take_behind(xmlNode *text)
{
	struct braces braces;
	xmlNode *before = tree_prev(text);
	bool code = tree_is(before, "code"), math = tree_has_class(before, "math");
	if (!code && !math && !tree_is(before, "img") && !tree_is(before, "a"))
		return true;
	const char *s = tree_text_value(text);
	size_t space = math ? strspn(s, " ") : 0, len = read_braces(s + space, &braces);
	if (!len || (braces.format && !code))
		return true;
	set_attribute_from(before, "id", braces.id, braces.id_len);
	if (tree_is(before, "img"))
		set_attribute_from(before, "alt", braces.alt, braces.alt_len);
	return cut_text(text, 0, space + len);
}

/* At the end of a heading, or (kramdown's "{: .class}") on the last line of a paragraph. */
static bool take_last(xmlNode *text)
{
	struct braces braces;
	xmlNode *parent = tree_parent(text);
	const char *s = tree_text_value(text), *open = strrchr(s, '{');
	bool heading = tree_heading_level(parent) > 0;
	if (!open || tree_next(text) || !(heading || tree_is(parent, "p")))
		return true;
	/* a value may hold a brace */
	for (size_t len;
	     !(len = read_braces(open, &braces)) || open[len + strspn(open + len, " \n")];)
		if (!heading || open == s || !(open = memrchr(s, '{', (size_t)(open - s))))
			return true;
	bool own_line = open[1] == ':' && (open == s || open[-1] == '\n');
	if ((!heading && !own_line) || braces.format)
		return true;
	set_attribute_from(parent, "id", braces.id, braces.id_len);
	while (open > s && ascii_is_space(open[-1]))
		open--;
	return cut_text(text, (size_t)(open - s), strlen(open));
}

/* The "[" in the siblings before `text` that is open still, to be closed in it: the node, and its
 * place there; NULL: there is none. */
static xmlNode *find_open_bracket(xmlNode *text, size_t *place)
{
	size_t closed = 0, siblings = 0, looked = 0;
	for (xmlNode *n = tree_prev(text); n && siblings++ < MAX_SIBLINGS; n = tree_prev(n)) {
		const char *s = tree_text_value(n);
		for (const char *p = s + strlen(s); p > s && looked++ < MAX_LINK_TEXT;) {
			p--;
			if (*p == '[' && closed-- == 0) {
				*place = (size_t)(p - s);
				return n;
			}
			closed += *p == ']';
		}
	}
	return NULL;
}

/* Text that is written anew without the marks of its spans. */
struct span_scan {
	xmlNode *text;
	struct buf out;
	struct buf open; /* of each "[" that is open: its offset in `out`, a size_t */
	bool looked_back;
};

enum { REMOVED = '\1' /* stands for a character that is removed: no text has it */ };

/* "]" with braces behind it. False: no "[" belongs to it. */
static bool close_span(struct span_scan *scan, const struct braces *braces)
{
	size_t place;
	if (scan->open.len) {
		scan->open.len -= sizeof place;
		memcpy(&place, scan->open.data + scan->open.len, sizeof place);
		scan->out.data[place] = REMOVED;
	} else {
		xmlNode *opening = scan->looked_back ? NULL : find_open_bracket(scan->text, &place);
		scan->looked_back = true;
		if (!opening)
			return false;
		cut_text(opening, place, 1);
	}
	if (braces->id) {
		xmlNode *span = tree_detached(scan->text, "span");
		set_attribute_from(span, "id", braces->id, braces->id_len);
		tree_insert_before(scan->text, span);
	}
	return true;
}

/* "[words]{.class}": the words alone. */
static void take_spans(xmlNode *text)
{
	struct span_scan scan = {.text = text, .out = BUF_INIT, .open = BUF_INIT};
	const char *s = tree_text_value(text);
	if (!strstr(s, "]{"))
		return;
	while (*s && !scan.out.failed && !scan.open.failed) {
		struct braces braces;
		size_t len = s[0] == ']' && s[1] == '{' ? read_braces(s + 1, &braces) : 0;
		if (len && !braces.format && close_span(&scan, &braces)) {
			s += 1 + len;
			continue;
		}
		if (*s == '[')
			buf_append(&scan.open, (const char *)&scan.out.len, sizeof scan.out.len);
		else if (*s == ']' && scan.open.len)
			scan.open.len -= sizeof scan.out.len;
		buf_putc(&scan.out, *s++);
	}
	size_t kept = 0;
	for (size_t i = 0; i < scan.out.len; i++)
		if (scan.out.data[i] != REMOVED)
			scan.out.data[kept++] = scan.out.data[i];
	if (scan.out.failed || scan.open.failed)
		tree_fail(text);
	else if (kept)
		tree_set_text(text, scan.out.data, kept);
	else
		tree_remove(text);
	buf_release(&scan.out);
	buf_release(&scan.open);
}

/* --- Alerts --- */

/* "[!NOTE] Title" at the start of a quotation; returns its length up to the line's end. */
static size_t alert_length(const char *s, const char **word, size_t *word_len, const char **title)
{
	size_t n = 2;
	if (strncmp(s, "[!", 2) != 0)
		return 0;
	while (ascii_is_alpha(s[n]) || s[n] == '-')
		n++;
	if (n == 2 || n > 24 || s[n] != ']')
		return 0;
	*word = s + 2;
	*word_len = n - 2;
	n++;
	n += s[n] == '-' || s[n] == '+'; /* Obsidian: whether it is folded */
	n += strspn(s + n, " \t");
	*title = s + n;
	return n + strcspn(s + n, "\n");
}

static void make_alert(xmlNode *quote)
{
	xmlNode *p = tree_first_element(quote), *text = tree_first(p);
	const char *word, *title;
	size_t word_len, len = 0;
	if (tree_is(p, "p") && tree_is_text(text))
		len = alert_length(tree_text_value(text), &word, &word_len, &title);
	if (!len)
		return;
	struct buf label = BUF_INIT;
	size_t title_len = (size_t)(tree_text_value(text) + len - title);
	if (title_len) {
		buf_append(&label, title, title_len);
	} else {
		for (size_t i = 0; i < word_len; i++)
			buf_putc(&label, (char)(i ? tolower((unsigned char)word[i])
						  : toupper((unsigned char)word[i])));
	}
	xmlNode *heading = tree_detached(quote, "p");
	tree_leaf(heading, "strong", label.data);
	if (label.failed)
		tree_fail(quote);
	buf_release(&label);
	tree_insert_before(p, heading);
	len += tree_text_value(text)[len] == '\n';
	if (!cut_text(text, 0, len) && !tree_first(p))
		tree_remove(p);
	tree_rename(quote, "aside");
	tree_set(quote, "class", "callout");
}

/* --- Captions of tables --- */

/* ": Caption {#tbl:id}" or "Table: Caption" behind a table, as pandoc has it. */
static void make_table_caption(xmlNode *p)
{
	xmlNode *table = tree_prev(p), *text = tree_is(p, "p") ? tree_first(p) : NULL;
	const char *s = tree_text_value(text);
	size_t mark = strncmp(s, ": ", 2) == 0 ? 2 : strncmp(s, "Table: ", 7) == 0 ? 7 : 0;
	while (tree_is_space(table))
		table = tree_prev(table);
	if (!mark || !tree_is(table, "table") || tree_find(table, NULL, "caption"))
		return;
	if (cut_text(text, 0, mark)) {
		struct braces braces;
		text = tree_last(p);
		s = tree_text_value(text);
		const char *open = strrchr(s, '{');
		size_t len = open ? read_braces(open, &braces) : 0;
		if (len && !open[len] && !braces.format) {
			set_attribute_from(table, "id", braces.id, braces.id_len);
			while (open > s && ascii_is_space(open[-1]))
				open--;
			cut_text(text, (size_t)(open - s), strlen(open));
		}
	}
	tree_rename(p, "caption");
	tree_insert_before(tree_first(table), p);
}

/* --- All of them --- */

/* A paragraph that only tells TeX to begin a page. */
static bool is_page_break(const xmlNode *p)
{
	const char *s = tree_text_value(tree_first(p));
	return tree_is(p, "p") && tree_first(p) == tree_last(p) &&
	       (strcmp(s, "\\newpage") == 0 || strcmp(s, "\\pagebreak") == 0);
}

static void take_from_text(xmlNode *text)
{
	if (!strchr(tree_text_value(text), '{'))
		return;
	if (!take_behind(text) || !take_last(text))
		return;
	take_spans(text);
}

void markdown_take_attributes(xmlNode *body)
{
	for (xmlNode *n = tree_walk(body, NULL), *next; n; n = next) {
		if (tree_is(n, "pre") || tree_is(n, "code") || tree_is(n, "svg") ||
		    tree_is(n, "math") || tree_has_class(n, "math")) {
			next = tree_walk_skip(body, n);
			continue;
		}
		if (tree_is(n, "blockquote"))
			make_alert(n);
		make_table_caption(n);
		next = is_page_break(n) ? tree_walk_skip(body, n) : tree_walk(body, n);
		if (is_page_break(n))
			tree_remove(n);
		else if (tree_is_text(n))
			take_from_text(n);
	}
}
