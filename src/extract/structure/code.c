#include "extract/structure/structure.h"

#include "article/tree.h"
#include "base/ascii.h"
#include "base/buf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* How many nodes are inspected to find what an element holds. */
enum { FEW = 40, MANY = 500 };

/* Lines and links in one another: all that is deeper is only text. */
enum { MAX_LINES_DEEP = 16 };

/* --- The language --- */

static const char *const language_attributes[] = {"data-lang", "data-language",
						  "data-code-language", "data-enlighter-language"};
/* What a class that names the language begins with, and what such a name may not be. */
static const char *const language_prefixes[] = {
	"language-",   "lang-", "highlight-source-", "highlight-text-", "brush:",
	"sourceCode-", "src-",  "hljs-language-",    "code-lang-"};
static const char *const no_languages[] = {"none",    "plain",      "plaintext",   "text",
					   "txt",     "auto",       "nohighlight", "undefined",
					   "default", "notranslate"};

static bool put_language(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < sizeof no_languages / sizeof *no_languages; i++)
		if (strlen(no_languages[i]) == len && strncasecmp(no_languages[i], s, len) == 0)
			return false;
	if (len == 0 || len > 24)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!ascii_is_alpha(s[i]) && !ascii_is_digit(s[i]) && !strchr("+#-_.", s[i]))
			return false;
	buf_puts(out, "language-");
	for (size_t i = 0; i < len; i++)
		buf_putc(out, s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] | 32) : s[i]);
	return true;
}

/* "language-c", "brush: js; toolbar: false" */
static bool language_in_class(struct buf *out, const char *cls)
{
	while (cls && *cls) {
		cls += strspn(cls, " \t\n\r\f;");
		for (size_t i = 0; i < sizeof language_prefixes / sizeof *language_prefixes; i++) {
			size_t n = strlen(language_prefixes[i]);
			if (strncasecmp(cls, language_prefixes[i], n) != 0)
				continue;
			const char *name = cls + n + strspn(cls + n, " ");
			if (put_language(out, name, strcspn(name, " \t\n\r\f;{")))
				return true;
		}
		cls += strcspn(cls, " \t\n\r\f;");
	}
	return false;
}

/* "sourceCode python", "highlight ruby", "hljs go": a highlighter's name in front of it. */
static bool language_after_name(struct buf *out, const char *cls)
{
	static const char *const names[] = {"sourceCode", "src", "hljs"};
	size_t first = cls ? strcspn(cls, " ") : 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (first == strlen(names[i]) && strncmp(cls, names[i], first) == 0) {
			cls += first + strspn(cls + first, " ");
			return put_language(out, cls, strcspn(cls, " "));
		}
	return false;
}

static bool language_of(struct buf *out, const xmlNode *node)
{
	for (size_t i = 0; i < sizeof language_attributes / sizeof *language_attributes; i++) {
		const char *value = tree_get(node, language_attributes[i]);
		if (value && put_language(out, value, strlen(value)))
			return true;
	}
	const char *cls = tree_get(node, "class");
	return language_in_class(out, cls) || language_after_name(out, cls);
}

/* The language of the code in `pre`, as declared by it, by the code element in it, or by an element
 * around it. */
static void find_language(struct buf *out, const xmlNode *pre)
{
	if (language_of(out, pre))
		return;
	int steps = 0;
	for (const xmlNode *n = tree_walk(pre, NULL); n && steps < MANY;
	     n = tree_walk(pre, n), steps++)
		if (page_name_is_in(n, "pre code") && language_of(out, n))
			return;
	const xmlNode *up = tree_parent(pre);
	for (int i = 0; i < 3 && page_name_is_in(up, "div figure span td"); i++) {
		if (language_of(out, up))
			return;
		up = tree_parent(up);
	}
}

/* --- The lines --- */

/* The code so far: lines begin at line feeds, at `br`, and with what was shown as a block. */
struct lines {
	struct normaliser *s;
	xmlNode *root;
	uintptr_t written; /* texts, and lines that are blank */
	unsigned due;      /* line feeds before the next text */
	bool at_start;     /* of a line */
	int depth;         /* elements that we are in and that are not taken away at once */
	bool only;         /* it is no `pre`: white space between its blocks is not of the code */
	bool many_codes;   /* each `code` is a line */
	const xmlNode *number; /* the text that is the line's number */
	xmlNode *last;         /* text */
};

static bool style_has(const xmlNode *node, const char *property, const char *values)
{
	const char *style = tree_get(node, "style");
	size_t len = strlen(property);
	for (const char *at = style; at && (at = strcasestr(at, property)) != NULL; at += len) {
		const char *value = at + len + strspn(at + len, " ");
		if (*value != ':' || (at > style && at[-1] != ';' && at[-1] != ' '))
			continue;
		value += 1 + strspn(value + 1, " ");
		for (const char *word = values; *word;) {
			size_t n = strcspn(word, " ");
			if (strncasecmp(value, word, n) == 0)
				return true;
			word += n + (word[n] == ' ');
		}
	}
	return false;
}

static bool is_line(const struct lines *l, const xmlNode *node)
{
	return page_name_is_in(node, "div p li tr dd dt ol ul section figure table pre h1 h2 h3 "
				     "h4 h5 h6 blockquote") ||
	       (tree_is(node, "code") && l->many_codes) ||
	       (page_name_is_in(node, "span a code") &&
		((names_of(l->s->page, node) & NAMED(CODE_LINE)) ||
		 style_has(node, "display", "block flex grid table")));
}

/* Numbers of lines, buttons to copy: what was shown beside the code. */
static bool is_beside(const struct lines *l, const xmlNode *node)
{
	if (page_name_is_in(node, "button script style svg textarea input select noscript "
				  "template colgroup col thead caption"))
		return true;
	if (names_of(l->s->page, node) & NAMED(CODE_GUTTER))
		return true;
	return style_has(node, "user-select", "none") ||
	       style_has(node, "-webkit-user-select", "none");
}

static bool is_kept(const xmlNode *node)
{
	return page_name_is_in(node, "b strong em i mark var sub sup kbd ins del s u math img") ||
	       (tree_is(node, "a") && tree_get(node, "href") && *tree_get(node, "href") != '#');
}

/* Write a text: what is due before it, and it. */
static void write_text(struct lines *l, xmlNode *node, const char *text)
{
	struct buf out = BUF_INIT;
	if (l->written == 0) { /* blank lines at the top are dropped */
		size_t blank = strspn(text, " \t\r\n");
		while (blank && text[blank - 1] != '\n')
			blank--;
		text += blank;
		l->due = 0;
	} else if (l->due && *text == '\n') {
		l->due--;
	}
	for (; l->due; l->due--)
		buf_putc(&out, '\n');
	for (; *text; text++)
		if (*text != '\r')
			buf_putc(&out, *text);
	if (out.failed)
		tree_fail(node);
	if (out.len) {
		l->at_start = out.data[out.len - 1] == '\n' || node == l->number;
		l->last = node;
		l->written++;
	}
	tree_set_text(node, out.data, out.len);
	buf_release(&out);
}

static void write_break(struct lines *l, xmlNode *br)
{
	for (l->due++; l->due; l->due--)
		put_text_before(br, "\n");
	l->written++;
	l->at_start = true;
	l->last = tree_prev(br);
}

/* The line that `node` is has ended. */
static void end_line(struct lines *l, xmlNode *node)
{
	uintptr_t before = (uintptr_t)tree_data(node) - 1;
	tree_set_data(node, NULL);
	if (l->written == before && !page_name_is_in(node, "table ol ul pre figure section")) {
		l->due++;
		l->written++;
		l->at_start = false;
	} else if (!l->at_start && l->due == 0) {
		l->due = 1;
	}
}

/* Leave `node`: what only coloured it gives way to its children. */
static void code_leave(struct lines *l, xmlNode *node)
{
	if (tree_data(node))
		end_line(l, node);
	l->depth--;
	if (!is_kept(node)) {
		tree_unwrap(node);
		return;
	}
	static const char *const useless[] = {"class", "style", "id", "title"};
	for (size_t i = 0; i < sizeof useless / sizeof *useless; i++)
		tree_set(node, useless[i], NULL);
}

/* A number that stands before the line's code, in an element of its own, is kept in the same line.
 */
static void normalise_number(struct lines *l, const xmlNode *line)
{
	xmlNode *number = tree_first(line), *code = tree_next(number);
	const char *digits = tree_text_value(tree_first(number));
	size_t n = strspn(digits, "0123456789");
	if (n && !digits[n] && tree_is_element(code))
		l->number = tree_text(number, "  ", 2);
}

enum next_step {
	STEP_PAST,   /* done with it: it may be gone */
	STEP_INTO,   /* its children come next, then it is left */
	STEP_UNWRAP, /* its children come next, in its place */
};

/* Enter `node`, an element or text. */
static enum next_step code_enter(struct lines *l, xmlNode *node)
{
	if (tree_is_text(node)) {
		const xmlNode *up = tree_parent(node);
		const char *text = tree_text_value(node);
		if (page_name_is_in(up, "table tbody tfoot tr ol ul") || (l->only && up == l->root))
			text += strspn(text, " \t\r\n");
		else if (l->only && page_name_is_in(up, "td div") && strchr(text, '\n') &&
			 !text[strspn(text, " \t\r\n")])
			text = "";
		write_text(l, node, text);
		return STEP_PAST;
	}
	if (tree_is(node, "br")) {
		write_break(l, node);
		tree_remove(node);
		return STEP_PAST;
	}
	if (!tree_is_element(node) || is_beside(l, node)) {
		tree_remove(node);
		return STEP_PAST;
	}
	if (page_name_is_in(node, "math img"))
		return STEP_PAST;
	bool line = is_line(l, node);
	if (l->depth == MAX_LINES_DEEP || (!line && !is_kept(node)))
		return STEP_UNWRAP;
	l->depth++;
	tree_set_data(node, line ? (void *)(l->written + 1) : NULL);
	if (line) {
		normalise_number(l, node);
		if (!l->at_start && l->written && l->due == 0)
			l->due = 1;
	}
	return STEP_INTO;
}

static void trim_end(struct lines *l)
{
	const char *text = tree_text_value(l->last);
	size_t len = strlen(text);
	while (len && strchr(" \t\n", text[len - 1]))
		len--;
	if (l->last)
		tree_set_text(l->last, text, len);
}

/* All that is below `root` becomes text with line feeds, and what markup has a meaning in it. */
static void place_lines(struct normaliser *s, xmlNode *root, bool only)
{
	struct lines l = {.s = s, .root = root, .at_start = true, .only = only};
	const xmlNode *code = tree_first_element(root);
	l.many_codes = tree_is(code, "code") && tree_is(tree_next_element(code), "code");
	for (xmlNode *n = tree_first(root); n;) {
		xmlNode *next = tree_next(n), *up = tree_parent(n);
		enum next_step step = code_enter(&l, n);
		xmlNode *first = step == STEP_PAST ? NULL : tree_first(n);
		if (step == STEP_UNWRAP)
			tree_unwrap(n);
		else if (step == STEP_INTO && !first)
			code_leave(&l, n);
		if (first) {
			n = first;
			continue;
		}
		while (!next && up != root) {
			n = up;
			next = tree_next(n);
			up = tree_parent(n);
			code_leave(&l, n);
		}
		n = next;
	}
	trim_end(&l);
}

/* --- Labels --- */

/* Languages as sites name them over code, in small letters; sorted. */
static const char *const language_names[] = {
	"ada",         "apl",        "asm",        "assembly",   "awk",
	"bash",        "basic",      "batch",      "c",          "c#",
	"c++",         "clojure",    "cmake",      "cobol",      "coffeescript",
	"cpp",         "csharp",     "css",        "csv",        "cuda",
	"d",           "dart",       "diff",       "docker",     "dockerfile",
	"elixir",      "elm",        "erlang",     "f#",         "fish",
	"fortran",     "fsharp",     "glsl",       "go",         "golang",
	"graphql",     "groovy",     "haskell",    "hcl",        "html",
	"http",        "ini",        "java",       "javascript", "js",
	"json",        "jsx",        "julia",      "kotlin",     "latex",
	"less",        "lisp",       "lua",        "makefile",   "markdown",
	"matlab",      "mermaid",    "nginx",      "nim",        "nix",
	"objective-c", "ocaml",      "pascal",     "perl",       "php",
	"plaintext",   "postgresql", "powershell", "prolog",     "protobuf",
	"py",          "python",     "r",          "rb",         "ruby",
	"rust",        "sass",       "scala",      "scheme",     "scss",
	"sh",          "shell",      "solidity",   "sql",        "svelte",
	"swift",       "terraform",  "tex",        "toml",       "ts",
	"tsx",         "typescript", "vb",         "vim",        "vue",
	"wasm",        "xml",        "yaml",       "yml",        "zig",
	"zsh",
};

static int compare_names(const void *text, const void *name)
{
	return strcmp(text, *(const char *const *)name);
}

/* The text in small letters, without the words of the button beside it. */
static void fold_label(struct buf *label)
{
	static const char *const buttons[] = {"copy code", "copy"};
	for (size_t i = 0; i < label->len; i++)
		if (label->data[i] >= 'A' && label->data[i] <= 'Z')
			label->data[i] |= 32;
	for (size_t i = 0; i < sizeof buttons / sizeof *buttons; i++) {
		size_t len = strlen(buttons[i]);
		if (label->len > len && strcmp(label->data + label->len - len, buttons[i]) == 0)
			buf_truncate(label, label->len - len);
	}
	buf_fold_space(label, 0);
}

/* What stands in front of the code in its box, or right in front of the code. */
static xmlNode *label_before(const struct normaliser *s, const xmlNode *pre, bool *in_box)
{
	const xmlNode *node = pre;
	for (int up = 0; up < 3; up++, node = tree_parent(node)) {
		xmlNode *before = tree_prev(node), *box = tree_parent(node);
		while (tree_is_space(before))
			before = tree_prev(before);
		*in_box = page_name_is_in(box, "div figure") &&
			  (names_of(s->page, box) & (NAMED(CODE_BOX) | NAMED(CODE_CELL)));
		if (before)
			return tree_is_element(before) ? before : NULL;
		if (!page_name_is_in(tree_parent(node), "div figure section span"))
			return NULL;
	}
	return NULL;
}

/* The name of the language over the code has no use in a book: it is removed, and the code is
 * marked with it. Names of files stay. */
static void code_take_label(struct normaliser *s, const xmlNode *pre, struct buf *language)
{
	enum { LONGEST_LABEL = 24 };
	struct buf label = BUF_INIT;
	bool in_box = false;
	xmlNode *before = label_before(s, pre, &in_box);
	if (before && !tree_heading_level(before) && short_text(&label, before) &&
	    label.len <= LONGEST_LABEL && label.len) {
		fold_label(&label);
		const char *own = language->len ? language->data + strlen("language-") : "";
		bool known = bsearch(label.data, language_names,
				     sizeof language_names / sizeof *language_names,
				     sizeof *language_names, compare_names) != NULL;
		if (strcmp(own, label.data) == 0 || (in_box && known)) {
			page_note(s->page, "code-label", before, "%s", label.data);
			if (!language->len)
				put_language(language, label.data, label.len);
			tree_remove(before);
		}
	}
	buf_end(&label, &language->failed);
}

/* --- What holds code --- */

/* `node` becomes `pre` with the lines of what is in it. `is_code`: it is code in any case, not
 * only text as it was typed. */
static xmlNode *make_pre(struct normaliser *s, xmlNode *node, bool is_code, bool only)
{
	struct buf language = BUF_INIT;
	find_language(&language, node);
	code_take_label(s, node, &language);
	is_code = is_code || language.len || tree_is(tree_first_element(node), "code") ||
		  tree_is(tree_parent(node), "code");
	place_lines(s, node, only);
	tree_rename(node, "pre");
	static const char *const useless[] = {"class", "style", "width", "role", "tabindex"};
	for (size_t i = 0; i < sizeof useless / sizeof *useless; i++)
		tree_set(node, useless[i], NULL);
	if (tree_is(tree_parent(node), "code") && !tree_prev(node) && !tree_next(node))
		tree_unwrap(tree_parent(node));
	if (is_code) {
		xmlNode *code = tree_detached(node, "code");
		tree_move_children(node, code);
		tree_append(node, code);
		if (language.len)
			tree_set(code, "class", language.data);
	}
	if (language.failed)
		tree_fail(node);
	buf_release(&language);
	return walk_past(s, node);
}

/* The first of these elements that is among the first so many nodes below it. */
static const xmlNode *holds(const xmlNode *root, const char *names, int most)
{
	int steps = 0;
	for (const xmlNode *n = tree_walk(root, NULL); n && steps < most;
	     n = tree_walk(root, n), steps++)
		if (page_name_is_in(n, names))
			return n;
	return NULL;
}

xmlNode *normalise_pre(struct normaliser *s, xmlNode *node)
{
	if (holds(node, "svg", FEW)) { /* a drawing that a script made of its text: Mermaid */
		tree_rename(node, "div");
		return walk_into(s, node);
	}
	if (holds(node, "p h1 h2 h3 h4 h5 h6 ul", FEW)) /* a page that was typed */
		return walk_into(s, node);
	return make_pre(s, node, names_of(s->page, node) & (NAMED(CODE_BOX) | NAMED(CODE_CELL)),
			false);
}

/* Code that was shown as a block, without a `pre`. */
xmlNode *normalise_code(struct normaliser *s, xmlNode *node)
{
	const xmlNode *first = tree_first_element(node);
	if (s->heading || tree_is(first, "pre"))
		return walk_into(s, node);
	bool styled = style_has(node, "white-space", "pre") || tree_has_class(node, "block");
	if (styled || holds(node, "br div", FEW)) {
		page_note(s->page, "code-block", node, "shown as a block");
		return make_pre(s, node, true, false);
	}
	return walk_into(s, node);
}

xmlNode *normalise_code_box(struct normaliser *s, xmlNode *node)
{
	if (!page_name_is_in(node, "div section figure span") ||
	    holds(node, "pre p ul ol table h1 h2 h3 h4 h5 h6 img iframe form article", MANY))
		return walk_into(s, node);
	page_note(s->page, "code-box", node, "code by its name");
	return make_pre(s, node, true, tree_first_element(node) != NULL);
}

/* A table that a highlighter made: a column of line numbers, one of code. */
xmlNode *normalise_code_table(struct normaliser *s, xmlNode *node)
{
	const xmlNode *cell = holds(node, "td", FEW);
	bool gutter = false, code = false;
	bool named = names_of(s->page, node) & NAMED(CODE_CELL);
	for (int i = 0; cell && i < 4; cell = tree_next_element(cell), i++) {
		name_set names = names_of(s->page, cell);
		gutter = gutter || (names & NAMED(CODE_GUTTER));
		code = code || (names & NAMED(CODE_CELL)) || holds(cell, "pre", FEW);
		gutter = gutter || (named && holds(cell, "pre", FEW));
	}
	if (!code || !gutter)
		return walk_into(s, node);
	page_note(s->page, "code-table", node, "lines and their numbers");
	return make_pre(s, node, true, true);
}
