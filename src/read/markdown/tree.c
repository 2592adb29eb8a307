/* From cmark's tree to the body. */
#include "read/markdown/markdown.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/ascii.h"
#include "base/utf8.h"

#include <cmark-gfm-core-extensions.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 180 }; /* quotes, lists and emphasis deeper than this leave no trace */

struct converter {
	xmlNode *at; /* where what comes next is appended */
	int depth;
	/* text: characters to append there; alt: those of the image that we are in */
	struct markdown_scratch *own;
	const char *box;     /* of a task list's item, to stand before its text */
	int images;          /* how many images we are in: one in the text of another */
	uint8_t *alignments; /* of the table that we are in: 'l', 'c', 'r' or 0 each */
	uint16_t columns, column;
	bool head_row;
	int note_count, note;
	size_t raw;
	bool failed;
};

static void flush_text(struct converter *c)
{
	if (c->own->text.len == 0)
		return;
	if (utf8_is_clean(c->own->text.data, c->own->text.len)) {
		tree_text(c->at, c->own->text.data, c->own->text.len);
	} else { /* a numeric character reference to what XML does not know */
		buf_truncate(&c->own->scratch, 0);
		utf8_clean(&c->own->scratch, c->own->text.data, c->own->text.len);
		tree_text(c->at, c->own->scratch.data, c->own->scratch.len);
	}
	buf_truncate(&c->own->text, 0);
}

/* A clean copy of an attribute's value in c->own->scratch. */
static const char *tree_clean(struct converter *c, const char *value)
{
	struct buf shown = BUF_INIT;
	markdown_put_shown(&shown, c->own->math, value);
	buf_truncate(&c->own->scratch, 0);
	utf8_clean(&c->own->scratch, shown.data, shown.len);
	buf_end(&shown, &c->failed);
	return c->own->scratch.data;
}

/* Open an element for `node`; close_node() closes it. */
static xmlNode *open_node(struct converter *c, cmark_node *node, const char *name)
{
	flush_text(c);
	cmark_node_set_user_data(node, c->at);
	xmlNode *element = tree_element(c->at, name);
	if (!element)
		c->failed = true;
	else
		c->at = element;
	c->depth++;
	return element;
}

static void close_node(struct converter *c, cmark_node *node)
{
	xmlNode *parent = cmark_node_get_user_data(node);
	if (!parent)
		return; /* was never opened */
	flush_text(c);
	c->at = parent;
	c->depth--;
}

/* Text as it was written: code. */
static void put_literal(struct converter *c, cmark_node *node)
{
	const char *literal = cmark_node_get_literal(node);
	markdown_put_shown(c->images ? &c->own->alt : &c->own->text, c->own->math,
			   literal ? literal : "");
}

static bool ends_word(const char *s, size_t len)
{
	unsigned char last = len ? (unsigned char)s[len - 1] : ' ';
	return last >= 0x80 || ascii_is_alnum(last) || last == ')' || last == ']';
}

/* The length of the superscript "^2^", as pandoc writes it, at `s`; 0 when it is something else.
 * `before`: what stands in front of it. */
static size_t superscript(const char *s, const char *before, size_t len)
{
	enum { MAX_LENGTH = 24 };
	size_t inside = strcspn(s + 1, "^ \t\n");
	bool is_one = inside && inside <= MAX_LENGTH && s[1 + inside] == '^' &&
		      s[2 + inside] != '^' && ends_word(before, len);
	return is_one ? inside + 2 : 0;
}

/* Text without formulas, s[0..len): each "^2^" in it is a `sup`. */
static void markdown_tree_put_run(struct converter *c, const char *s, size_t len)
{
	const char *end = s + len;
	for (const char *hat = memchr(s, '^', len); hat;
	     hat = hat < end ? memchr(hat, '^', (size_t)(end - hat)) : NULL) {
		buf_append(&c->own->text, s, (size_t)(hat - s));
		s = hat;
		size_t n = superscript(hat, c->own->text.data, c->own->text.len);
		if (n && n <= (size_t)(end - hat)) {
			flush_text(c);
			xmlNode *sup = tree_element(c->at, "sup"), *parent = c->at;
			c->at = sup;
			buf_append(&c->own->text, hat + 1, n - 2);
			flush_text(c);
			c->at = parent;
			s += n;
			hat = s;
		} else {
			hat++;
		}
	}
	buf_append(&c->own->text, s, (size_t)(end - s));
}

/* Text; each formula in it is a `span` with its TeX. */
static void markdown_tree_put_text(struct converter *c, cmark_node *node)
{
	const char *s = cmark_node_get_literal(node), *mark;
	struct markdown_formula formula = {"", 0};
	size_t len;
	if (c->images || !s) {
		put_literal(c, node);
		return;
	}
	for (; (mark = markdown_next_formula(c->own->math, s, &formula, &len)); s = mark + len) {
		markdown_tree_put_run(c, s, (size_t)(mark - s));
		flush_text(c);
		xmlNode *span = tree_element(c->at, "span");
		tree_set(span, "class", "math");
		tree_text(span, formula.tex, formula.len);
	}
	markdown_tree_put_run(c, s, strlen(s));
}

static void put_box(struct converter *c)
{
	if (c->box)
		buf_puts(&c->own->text, c->box);
	c->box = NULL;
}

/* --- Blocks --- */

/* The paragraphs of a tight list's items are no elements. */
static bool is_tight(cmark_node *paragraph)
{
	cmark_node *list = cmark_node_parent(cmark_node_parent(paragraph));
	return list && cmark_node_get_type(list) == CMARK_NODE_LIST &&
	       cmark_node_get_list_tight(list);
}

static void open_list(struct converter *c, cmark_node *node)
{
	bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
	int start = cmark_node_get_list_start(node);
	xmlNode *list = open_node(c, node, ordered ? "ol" : "ul");
	if (ordered && start != 1) {
		buf_truncate(&c->own->scratch, 0);
		buf_printf(&c->own->scratch, "%d", start);
		tree_set(list, "start", c->own->scratch.data);
	}
}

static void open_item(struct converter *c, cmark_node *node)
{
	xmlNode *item = open_node(c, node, "li");
	if (strcmp(cmark_node_get_type_string(node), "tasklist") != 0)
		return;
	tree_set(item, "class", "task");
	c->box = cmark_gfm_extensions_get_tasklist_item_checked(node) ? "☑ " : "☐ ";
	cmark_node *first = cmark_node_first_child(node);
	if (!first || cmark_node_get_type(first) != CMARK_NODE_PARAGRAPH)
		put_box(c);
}

static void put_code_block(struct converter *c, cmark_node *node)
{
	xmlNode *pre = open_node(c, node, "pre"), *parent = c->at;
	const char *info = cmark_node_get_fence_info(node);
	if (info && *info == '{') /* "{.python .numberLines}", "{r, echo=FALSE}" */
		info += 1 + strspn(info + 1, " .=");
	size_t len = strcspn(info ? info : "", " \t\n,}");
	c->at = tree_element(pre, "code");
	if (len && len < 64) {
		buf_truncate(&c->own->alt, 0);
		buf_puts(&c->own->alt, "language-");
		for (size_t i = 0; i < len; i++) /* class names that a style sheet can name */
			buf_putc(&c->own->alt,
				 strchr("\"'<>&{}:;,./\\*()[]", info[i]) ? '-' : info[i]);
		tree_set(c->at, "class", tree_clean(c, c->own->alt.data));
		buf_truncate(&c->own->alt, 0);
	}
	put_literal(c, node);
	flush_text(c);
	c->at = parent;
	close_node(c, node);
}

/* Whether nothing but comments is in it. */
static bool is_comment(const char *html)
{
	for (;;) {
		html += strspn(html, " \t\n");
		if (!*html)
			return true;
		const char *end = strncmp(html, "<!--", 4) == 0 ? strstr(html + 4, "-->") : NULL;
		if (!end)
			return false;
		html = end + 3;
	}
}

static void put_raw(struct converter *c, cmark_node *node)
{
	const char *html = cmark_node_get_literal(node);
	if (c->images || is_comment(html))
		return;
	flush_text(c);
	struct buf shown = BUF_INIT;
	markdown_put_shown(&shown, c->own->math, html);
	xmlNode *raw = tree_element(c->at, MARKDOWN_RAW);
	tree_text(raw, shown.data, shown.len);
	buf_end(&shown, &c->failed);
	c->raw++;
}

static void open_note(struct converter *c, cmark_node *node)
{
	xmlNode *aside = open_node(c, node, "aside");
	c->note++;
	tree_set(aside, "epub:type", "footnote");
	tree_set(aside, "role", "doc-footnote");
	buf_truncate(&c->own->scratch, 0);
	buf_printf(&c->own->scratch, "note-%d", c->note);
	tree_set(aside, "id", c->own->scratch.data);
}

/* A link back to the nth reference of a note. */
static void put_backlink(struct converter *c, xmlNode *parent, int note, int nth)
{
	xmlNode *link = tree_element(parent, "a");
	tree_set(link, "role", "doc-backlink");
	buf_truncate(&c->own->scratch, 0);
	buf_printf(&c->own->scratch, nth > 1 ? "#noteref-%d-%d" : "#noteref-%d", note, nth);
	tree_set(link, "href", c->own->scratch.data);
	buf_truncate(&c->own->scratch, 0);
	if (nth > 1)
		buf_printf(&c->own->scratch, "↩%d", nth);
	else
		buf_printf(&c->own->scratch, "%d", note);
	tree_text(link, c->own->scratch.data, c->own->scratch.len);
}

/* The note's number in front leads back to its first reference; behind it ways to the others. */
static void put_backlinks(struct converter *c, xmlNode *aside, int note)
{
	int refs = c->own->notes[note - 1];
	if (refs == 0) { /* what referred to it is gone: not a note any more */
		tree_set(aside, "epub:type", NULL);
		tree_set(aside, "role", NULL);
		tree_set(aside, "id", NULL);
		return;
	}
	xmlNode *first = tree_first(aside), *last = tree_last(aside);
	if (!tree_is(first, "p")) {
		xmlNode *p = tree_detached(aside, "p");
		if (first)
			tree_insert_before(first, p);
		else
			tree_append(aside, p);
		first = p;
	}
	xmlNode *number = tree_detached(aside, "span");
	tree_set(number, "class", "note-number");
	put_backlink(c, number, note, 1);
	tree_text(number, " ", 1);
	if (tree_first(first))
		tree_insert_before(tree_first(first), number);
	else
		tree_append(first, number);
	if (refs > 1 && !tree_is(last, "p"))
		last = tree_element(aside, "p");
	for (int nth = 2; nth <= refs; nth++) {
		tree_text(last, " ", 1);
		put_backlink(c, last, note, nth);
	}
}

/* When all references are known, also those in other notes. */
static void finish_notes(struct converter *c, xmlNode *body)
{
	int note = c->note;
	for (xmlNode *n = tree_last(body); n && note > 0; n = tree_prev(n), note--)
		put_backlinks(c, n, note);
}

/* --- Tables --- */

static void open_table(struct converter *c, cmark_node *node)
{
	open_node(c, node, "table");
	c->alignments = cmark_gfm_extensions_get_table_alignments(node);
	c->columns = cmark_gfm_extensions_get_table_columns(node);
}

static void open_row(struct converter *c, cmark_node *node)
{
	c->head_row = cmark_gfm_extensions_get_table_row_is_header(node);
	c->column = 0;
	const char *group = c->head_row ? "thead" : "tbody";
	xmlNode *table = c->at, *body = tree_last(table);
	if (!tree_is(body, group))
		body = tree_element(table, group);
	c->at = body;
	open_node(c, node, "tr");
	cmark_node_set_user_data(node, table);
}

static void open_cell(struct converter *c, cmark_node *node)
{
	xmlNode *cell = open_node(c, node, c->head_row ? "th" : "td");
	char side = (char)(c->alignments && c->column < c->columns ? c->alignments[c->column] : 0);
	c->column++;
	if (c->head_row)
		tree_set(cell, "scope", "col");
	if (side)
		tree_set(cell, "class",
			 side == 'l'   ? "align-left"
			 : side == 'c' ? "align-center"
				       : "align-right");
}

/* --- Inlines --- */

static void put_note_reference(struct converter *c, cmark_node *node)
{
	const char *number = cmark_node_get_literal(node);
	int note = 0;
	for (const char *s = number; ascii_is_digit(*s) && note < 100000000; s++)
		note = note * 10 + (*s - '0');
	if (c->images || note < 1 || note > c->note_count)
		return;
	int nth = ++c->own->notes[note - 1];
	flush_text(c);
	xmlNode *link = tree_element(tree_element(c->at, "sup"), "a");
	tree_set(link, "epub:type", "noteref");
	tree_set(link, "role", "doc-noteref");
	buf_truncate(&c->own->scratch, 0);
	buf_printf(&c->own->scratch, "#note-%d", note);
	tree_set(link, "href", c->own->scratch.data);
	buf_truncate(&c->own->scratch, 0);
	buf_printf(&c->own->scratch, nth > 1 ? "noteref-%d-%d" : "noteref-%d", note, nth);
	tree_set(link, "id", c->own->scratch.data);
	tree_text(link, number, strlen(number));
}

static void open_link(struct converter *c, cmark_node *node)
{
	const char *url = cmark_node_get_url(node), *title = cmark_node_get_title(node);
	struct buf href = BUF_INIT;
	buf_puts(&href, tree_clean(c, url));
	buf_truncate(&c->own->scratch, 0);
	if (url_put_clean(&c->own->scratch, href.data, href.len, URL_LINK)) {
		buf_truncate(&href, 0);
		buf_append(&href, c->own->scratch.data, c->own->scratch.len);
		xmlNode *link = open_node(c, node, "a");
		tree_set(link, "href", href.data);
		if (title && *title)
			tree_set(link, "title", tree_clean(c, title));
	}
	buf_end(&href, &c->failed);
}

static void close_image(struct converter *c, cmark_node *node)
{
	if (--c->images > 0)
		return;
	const char *url = cmark_node_get_url(node), *title = cmark_node_get_title(node);
	struct buf src = BUF_INIT;
	buf_puts(&src, tree_clean(c, url));
	buf_truncate(&c->own->scratch, 0);
	if (url_put_clean(&c->own->scratch, src.data, src.len, URL_IMAGE)) {
		flush_text(c);
		xmlNode *img = tree_element(c->at, "img");
		tree_set(img, "src", c->own->scratch.data);
		if (c->own->alt.len)
			tree_set(img, "alt", tree_clean(c, c->own->alt.data));
		if (title && *title)
			tree_set(img, "title", tree_clean(c, title));
	} else {
		buf_append(&c->own->text, c->own->alt.data, c->own->alt.len);
	}
	buf_end(&src, &c->failed);
	buf_truncate(&c->own->alt, 0);
}

/* --- Subscripts, as pandoc writes them: H~2~O --- */

/* Whether what cmark takes for struck out is one word between single tildes behind a letter. */
static bool is_subscript(cmark_node *node)
{
	cmark_node *before = cmark_node_previous(node), *text = cmark_node_first_child(node);
	if (!before || cmark_node_get_type(before) != CMARK_NODE_TEXT || !text ||
	    cmark_node_get_type(text) != CMARK_NODE_TEXT || cmark_node_next(text))
		return false;
	const char *front = cmark_node_get_literal(before), *word = cmark_node_get_literal(text);
	return cmark_node_get_start_column(text) - cmark_node_get_start_column(node) == 1 &&
	       !word[strcspn(word, " \t")] && ends_word(front, strlen(front));
}

/* --- The walk --- */

static void enter_block(struct converter *c, cmark_node *node)
{
	static const char *const headings[] = {"h1", "h2", "h3", "h4", "h5", "h6"};
	bool deep = c->depth >= MAX_DEPTH;
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_BLOCK_QUOTE:
		if (!deep)
			open_node(c, node, "blockquote");
		break;
	case CMARK_NODE_LIST:
		if (!deep)
			open_list(c, node);
		break;
	case CMARK_NODE_ITEM:
		if (tree_is(c->at, "ul") || tree_is(c->at, "ol"))
			open_item(c, node);
		break;
	case CMARK_NODE_CODE_BLOCK:
		put_code_block(c, node);
		break;
	case CMARK_NODE_HTML_BLOCK:
		put_raw(c, node);
		break;
	case CMARK_NODE_PARAGRAPH:
		if (!is_tight(node) || deep)
			open_node(c, node, "p");
		put_box(c);
		break;
	case CMARK_NODE_HEADING:
		open_node(c, node, headings[(cmark_node_get_heading_level(node) + 5) % 6]);
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		tree_element(c->at, "hr");
		break;
	case CMARK_NODE_FOOTNOTE_DEFINITION:
		open_note(c, node);
		break;
	default: {
		const char *type = cmark_node_get_type_string(node);
		if (strcmp(type, "table") == 0)
			open_table(c, node);
		else if (strcmp(type, "table_row") == 0 || strcmp(type, "table_header") == 0)
			open_row(c, node);
		else if (strcmp(type, "table_cell") == 0)
			open_cell(c, node);
		else if (strcmp(type, "strikethrough") == 0 && !c->images && !deep)
			open_node(c, node, is_subscript(node) ? "sub" : "del");
	}
	}
}

static void enter_inline(struct converter *c, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT:
		markdown_tree_put_text(c, node);
		break;
	case CMARK_NODE_SOFTBREAK:
		buf_putc(c->images ? &c->own->alt : &c->own->text, c->images ? ' ' : '\n');
		break;
	case CMARK_NODE_LINEBREAK:
		if (c->images) {
			buf_putc(&c->own->alt, ' ');
		} else {
			flush_text(c);
			tree_element(c->at, "br");
		}
		break;
	case CMARK_NODE_CODE:
		if (!c->images)
			open_node(c, node, "code");
		put_literal(c, node);
		close_node(c, node);
		break;
	case CMARK_NODE_HTML_INLINE:
		put_raw(c, node);
		break;
	case CMARK_NODE_EMPH:
		if (!c->images && c->depth < MAX_DEPTH)
			open_node(c, node, "em");
		break;
	case CMARK_NODE_STRONG:
		if (!c->images && c->depth < MAX_DEPTH)
			open_node(c, node, "strong");
		break;
	case CMARK_NODE_LINK:
		if (!c->images)
			open_link(c, node);
		break;
	case CMARK_NODE_IMAGE:
		c->images++;
		break;
	case CMARK_NODE_FOOTNOTE_REFERENCE:
		put_note_reference(c, node);
		break;
	default:
		enter_block(c, node);
	}
}

static void tree_leave(struct converter *c, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_IMAGE:
		close_image(c, node);
		break;
	case CMARK_NODE_HEADING: {
		xmlNode *heading = c->at;
		close_node(c, node);
		if (!tree_first(heading)) /* a row of "#" and nothing more */
			tree_remove(heading);
		break;
	}
	default:
		close_node(c, node);
	}
}

void markdown_scratch_release(struct markdown_scratch *scratch)
{
	buf_release(&scratch->text);
	buf_release(&scratch->scratch);
	buf_release(&scratch->alt);
	free(scratch->notes);
	scratch->notes = NULL;
}

size_t markdown_put_tree(xmlNode *body, cmark_node *document, struct markdown_scratch *scratch)
{
	struct converter c = {.at = body, .own = scratch};

	/* cmark puts the notes at the end, in the order of their first references. */
	for (cmark_node *n = cmark_node_last_child(document);
	     n && cmark_node_get_type(n) == CMARK_NODE_FOOTNOTE_DEFINITION;
	     n = cmark_node_previous(n))
		c.note_count++;
	scratch->notes = calloc((size_t)c.note_count + 1, sizeof *scratch->notes);
	c.failed = !scratch->notes;

	for (cmark_node *block; !c.failed && (block = cmark_node_first_child(document)) != NULL;) {
		cmark_iter *it = cmark_iter_new(block);
		for (cmark_event_type event; (event = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
			cmark_node *node = cmark_iter_get_node(it);
			if (event == CMARK_EVENT_ENTER)
				enter_inline(&c, node);
			else
				tree_leave(&c, node);
		}
		flush_text(&c);
		cmark_iter_free(it);
		cmark_node_free(block);
	}
	finish_notes(&c, body);
	if (c.failed || scratch->text.failed || scratch->scratch.failed || scratch->alt.failed)
		tree_fail(body);
	return c.raw;
}
