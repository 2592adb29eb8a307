#include "article/figcaption.h"
#include "article/tree.h"
#include "base/utf8.h"
#include "lang/caption.h"
#include "read/text/text.h"

#include <stdio.h>
#include <string.h>

enum { MAX_VERSE_INDENT = 24 }; /* columns that a line of verse may be set in by */

/* Where the next block is appended. */
struct place {
	xmlNode *quotes[MAX_TEXT_QUOTE +
			2]; /* [0] is the body, [n] the n-th block quote inside it */
	unsigned quote_depth;
	xmlNode *lists[MAX_TEXT_LIST], *items[MAX_TEXT_LIST];
	unsigned list_depth; /* how many are open */
};

/* The text of `part`, which is of block `b`. */
static void put_text_of(struct text_reader *r, xmlNode *parent, const struct block *b,
			const struct block *part)
{
	size_t len;
	const char *s = text_of(r, part, &len);
	text_put_inline(r, parent, b, s, len);
}

static void build_put_text(struct text_reader *r, xmlNode *parent, const struct block *b)
{
	put_text_of(r, parent, b, b);
}

/* Lines with br between them; what a line is set in by is kept in em spaces. */
static void build_put_lines(struct text_reader *r, xmlNode *parent, const struct block *b)
{
	for (size_t i = b->first; i < b->end; i++) {
		const struct line *line = &r->lines[i];
		if (i > b->first)
			tree_element(parent, "br");
		unsigned in = line->indent - b->indent;
		if (in > MAX_VERSE_INDENT)
			in = MAX_VERSE_INDENT;
		for (; in >= 2; in -= 2)
			tree_text(parent, "\xE2\x80\x83", 3);
		text_put_inline(r, parent, b, line->text, line->len);
	}
}

static void put_table(struct text_reader *r, xmlNode *parent, const struct block *b)
{
	struct buf text = BUF_INIT;
	for (size_t i = b->first; i < b->end; i++) {
		const struct line *line = &r->lines[i];
		for (unsigned in = line->indent - b->indent; in > 0; in--)
			buf_putc(&text, ' ');
		buf_append(&text, line->text, line->len);
		if (i + 1 < b->end)
			buf_putc(&text, '\n');
	}
	r->failed |= text.failed;
	tree_text(tree_element(tree_element(parent, "pre"), "code"), text.data, text.len);
	buf_release(&text);
}

static void put_caption(struct text_reader *r, xmlNode *parent, const struct block *b)
{
	xmlNode *figcaption = tree_element(tree_element(parent, "figure"), "figcaption");
	const struct line *last = &r->lines[b->end - 1];
	struct credit credit;
	if (b->end - b->first > 1 && credit_find(last->text, last->len, &credit) && credit.sure &&
	    credit.whole_start == 0) { /* the credit is the line below */
		struct block above = *b;
		above.end--;
		put_text_of(r, figcaption, b, &above);
		tree_text(figcaption, " ", 1);
		xmlNode *span = tree_element(figcaption, "span");
		tree_set(span, "class", "credit");
		text_put_inline(r, span, b, last->text, last->len);
		return;
	}
	build_put_text(r, figcaption, b);
	caption_mark_credit(figcaption);
}

/* The footnotes, at the end of the body, each with its way back. */
static void build_put_note(struct text_reader *r, xmlNode *parent, const struct note *note)
{
	const struct block *b = &r->blocks[note->block];
	const struct line *line = &r->lines[b->first];
	char id[48], href[48];
	snprintf(id, sizeof id, "note-%zu", note->id);
	snprintf(href, sizeof href, "#noteref-%zu", note->id);
	xmlNode *aside = tree_element(parent, "aside");
	tree_set(aside, "epub:type", "footnote");
	tree_set(aside, "role", "doc-footnote");
	tree_set(aside, "id", id);
	xmlNode *p = tree_element(aside, "p"), *back = tree_element(p, "a");
	tree_set(back, "role", "doc-backlink");
	tree_set(back, "href", href);
	size_t mark = b->marker.len;
	while (mark && (line->text[mark - 1] == ' ' || line->text[mark - 1] == '\t'))
		mark--;
	tree_text(back, line->text, mark);
	tree_text(p, " ", 1);
	build_put_text(r, p, b);
}

static void open_quotes(struct place *at, unsigned depth)
{
	if (depth > MAX_TEXT_QUOTE + 1)
		depth = MAX_TEXT_QUOTE + 1;
	while (at->quote_depth < depth) {
		xmlNode *quote = tree_element(at->quotes[at->quote_depth], "blockquote");
		at->quotes[++at->quote_depth] = quote;
	}
	at->quote_depth = depth;
}

static void put_item(struct text_reader *r, struct place *at, size_t i)
{
	const struct block *b = &r->blocks[i];
	unsigned depth = b->depth;
	if (depth > at->list_depth) /* cannot be: a list is opened before those inside it */
		depth = at->list_depth;
	if (b->starts_list || depth == at->list_depth) {
		xmlNode *parent = depth ? at->items[depth - 1] : at->quotes[at->quote_depth];
		bool ordered = b->marker.kind != MARKER_BULLET;
		xmlNode *list = tree_element(parent, ordered ? "ol" : "ul");
		if (b->marker.kind == MARKER_LETTER)
			tree_set(list, "type", "a");
		if (ordered && b->marker.number != 1) {
			char start[32];
			snprintf(start, sizeof start, "%ld", b->marker.number);
			tree_set(list, "start", start);
		}
		at->lists[depth] = list;
	}
	at->list_depth = depth + 1;
	xmlNode *item = at->items[depth] = tree_element(at->lists[depth], "li");
	bool more = i + 1 < r->block_count && r->blocks[i + 1].kind == BLOCK_ITEM_MORE;
	build_put_text(r, more ? tree_element(item, "p") : item, b);
}

static void put_heading(struct text_reader *r, xmlNode *parent, const struct block *b,
			const unsigned char *levels)
{
	char name[3] = {'h', (char)('0' + levels[b->rank]), '\0'};
	xmlNode *heading = tree_element(parent, name);
	if (b->end - b->first == 1) {
		build_put_text(r, heading, b);
		return;
	}
	for (size_t i = b->first; i < b->end; i++) { /* a chapter's number, then its title */
		if (i > b->first)
			tree_element(heading, "br");
		text_put_inline(r, heading, b, r->lines[i].text, r->lines[i].len);
	}
}

/* The ranks that are there become levels 2, 3, …: 1 is the title's. */
static void assign_levels(const struct text_reader *r, unsigned char levels[RANK_COUNT])
{
	bool used[RANK_COUNT] = {false};
	unsigned char level = 2;
	for (size_t i = 0; i < r->block_count; i++)
		if (r->blocks[i].kind == BLOCK_HEADING)
			used[r->blocks[i].rank] = true;
	for (int rank = 0; rank < RANK_COUNT; rank++) {
		levels[rank] = level;
		if (used[rank] && level < 6)
			level++;
	}
}

/* A separator stands between things: not first, last or twice. */
static bool separates(const struct text_reader *r, size_t i, bool begun)
{
	if (!begun)
		return false;
	for (size_t k = i + 1; k < r->block_count; k++) {
		unsigned char kind = r->blocks[k].kind;
		if (kind == BLOCK_SEPARATOR)
			return false;
		if (kind != BLOCK_GONE && kind != BLOCK_NOTE)
			return true;
	}
	return false;
}

static void put_block(struct text_reader *r, struct place *at, size_t i,
		      const unsigned char *levels)
{
	const struct block *b = &r->blocks[i];
	xmlNode *parent = at->quotes[at->quote_depth], *p;
	switch ((enum block_kind)b->kind) {
	case BLOCK_PARAGRAPH:
		p = tree_element(parent, "p");
		if (b->cls)
			tree_set(p, "class", b->cls);
		build_put_text(r, p, b);
		break;
	case BLOCK_VERSE:
		p = tree_element(parent, "p");
		tree_set(p, "class", "verse");
		build_put_lines(r, p, b);
		break;
	case BLOCK_TABLE:
		put_table(r, parent, b);
		break;
	case BLOCK_ITEM:
		put_item(r, at, i);
		break;
	case BLOCK_ITEM_MORE:
		build_put_text(r, tree_element(at->items[at->list_depth - 1], "p"), b);
		break;
	case BLOCK_SEPARATOR:
		tree_element(parent, "hr");
		break;
	case BLOCK_HEADING:
		put_heading(r, parent, b, levels);
		break;
	case BLOCK_CAPTION:
		put_caption(r, parent, b);
		break;
	case BLOCK_NOTE:
	case BLOCK_GONE:
		break;
	}
}

void text_build(struct text_reader *r)
{
	struct place at = {.quotes = {r->a->body}};
	unsigned char levels[RANK_COUNT];
	bool begun = false;
	assign_levels(r, levels);
	for (size_t i = 0; i < r->block_count; i++) {
		const struct block *b = &r->blocks[i];
		if (b->kind == BLOCK_GONE || b->kind == BLOCK_NOTE ||
		    (b->kind == BLOCK_SEPARATOR && !separates(r, i, begun)))
			continue;
		if (b->kind != BLOCK_ITEM && (b->kind != BLOCK_ITEM_MORE || !at.list_depth))
			at.list_depth = 0;
		unsigned quote = b->kind == BLOCK_ITEM_MORE ? at.quote_depth : b->quote;
		if (quote != at.quote_depth)
			at.list_depth = 0;
		open_quotes(&at, quote);
		put_block(r, &at, i, levels);
		begun = true;
	}
	for (size_t i = 0; i < r->block_count && r->note_count; i++)
		if (r->blocks[i].kind == BLOCK_NOTE)
			build_put_note(r, r->a->body, text_note_of(r, &r->blocks[i]));
}
