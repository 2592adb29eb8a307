/* The text reader's passes over a body that is a tree already, from Markdown or a page: bylines,
 * captions and bios are found by the same rules, whatever the format. */
#include "article/figcaption.h"
#include "article/tree.h"
#include "base/arena.h"
#include "lang/caption.h"
#include "read/text/text.h"

#include <stdlib.h>
#include <string.h>

enum {
	HEAD_PARAGRAPHS = 6, /* so many may be lines of a head under one another */
	HEAD_LINES = 4,      /* … in one paragraph */
	HEAD_COLUMNS = 120,
};

struct body_reader {
	struct text_reader r;
	struct arena arena; /* the blocks' text */
	xmlNode **nodes;    /* of each block; several blocks may be lines of one paragraph */
	struct buf text;
};

/* --- From the tree to blocks --- */

static bool body_is_note(const xmlNode *node)
{
	return tree_is(node, "aside") && tree_get(node, "epub:type");
}

/* A paragraph of words, emphasis and links. */
static bool is_plain(const xmlNode *p)
{
	static const char *const names[] = {"a",    "abbr", "b",     "br",   "cite",   "em",  "i",
					    "q",    "s",    "small", "span", "strong", "sub", "sup",
					    "time", "u",    "code",  "mark", "bdi",    "wbr"};
	if (!tree_is(p, "p") || tree_get(p, "class"))
		return false;
	for (const xmlNode *n = tree_walk(p, NULL); n; n = tree_walk(p, n)) {
		bool known = !tree_is_element(n);
		for (size_t i = 0; i < sizeof names / sizeof *names && !known; i++)
			known = tree_is(n, names[i]);
		if (!known || (tree_is(n, "a") && tree_get(n, "epub:type")))
			return false;
	}
	return true;
}

static enum block_kind body_kind_of(const xmlNode *node)
{
	if (is_plain(node))
		return BLOCK_PARAGRAPH;
	if (tree_heading_level(node))
		return BLOCK_HEADING;
	if (tree_is(node, "figure"))
		return BLOCK_CAPTION;
	if (tree_is(node, "hr"))
		return BLOCK_SEPARATOR;
	return body_is_note(node) ? BLOCK_NOTE : BLOCK_TABLE; /* nothing reads it */
}

static void add_block(struct body_reader *b, xmlNode *node, enum block_kind kind, const char *s,
		      size_t len)
{
	struct text_reader *r = &b->r;
	char *own = arena_dupn(&b->arena, s, len);
	if (!own)
		return;
	r->lines[r->line_count] =
		(struct line){.text = own, .len = len, .width = text_columns(own, len)};
	b->nodes[r->line_count++] = node;
	struct block *block = text_add_block(r, kind, r->line_count - 1, r->line_count);
	if (!block)
		return;
	block->chunk = r->chunk_count++;
	block->alone = true;
	block->rank = kind == BLOCK_HEADING ? RANK_SHORT : RANK_NONE;
}

/* The lines of a paragraph of the head as a block each, when they are few and short. Returns
 * whether they are. */
static bool body_add_lines(struct body_reader *b, xmlNode *p)
{
	struct buf *text = &b->text;
	size_t count = 1, start = 0;
	buf_truncate(text, 0);
	for (const xmlNode *n = tree_walk(p, NULL); n; n = tree_walk(p, n))
		buf_puts(text, tree_is(n, "br") ? "\n" : tree_text_value(n));
	while (text->len && strchr(" \t\n", text->data[text->len - 1]))
		buf_truncate(text, text->len - 1);
	for (size_t i = 0; i <= text->len; i++) {
		if (i < text->len && text->data[i] != '\n')
			continue;
		if (text_columns(text->data + start, i - start) > HEAD_COLUMNS)
			return false;
		count += i < text->len && i > start;
		start = i + 1;
	}
	if (count < 2 || count > HEAD_LINES)
		return false;
	for (start = 0; start < text->len;) {
		size_t len = strcspn(text->data + start, "\n"), trimmed = len;
		const char *s = text->data + start;
		utf8_trim(&s, &trimmed);
		if (trimmed)
			add_block(b, p, BLOCK_PARAGRAPH, s, trimmed);
		start += len + 1;
	}
	return true;
}

static bool read_tree(struct body_reader *b, bool head)
{
	size_t children = 0, paragraphs = 0;
	const xmlNode *body = b->r.a->body;
	for (const xmlNode *n = tree_first(body); n; n = tree_next(n))
		children++;
	size_t room = children + HEAD_PARAGRAPHS * HEAD_LINES;
	b->r.lines = calloc(room, sizeof *b->r.lines);
	b->nodes = calloc(room, sizeof(xmlNode *));
	if (!b->r.lines || !b->nodes)
		return false;
	for (xmlNode *n = tree_first(body); n; n = tree_next(n)) {
		enum block_kind kind = body_kind_of(n);
		if (!tree_is_element(n))
			continue;
		if (head && kind == BLOCK_PARAGRAPH && paragraphs++ < HEAD_PARAGRAPHS &&
		    body_add_lines(b, n))
			continue;
		buf_truncate(&b->text, 0);
		tree_put_text(&b->text, n);
		add_block(b, n, kind, b->text.data, b->text.len);
	}
	return !b->r.failed && !b->text.failed && !b->arena.failed;
}

/* Lines that the head left are one paragraph again. */
static void join_lines(struct body_reader *b)
{
	struct text_reader *r = &b->r;
	for (size_t i = 0, end; i < r->block_count; i = end) {
		bool gone = true;
		for (end = i; end < r->block_count && b->nodes[end] == b->nodes[i]; end++)
			gone &= r->blocks[end].kind == BLOCK_GONE;
		if (end == i + 1 || gone)
			continue;
		r->blocks[i].kind = BLOCK_PARAGRAPH;
		r->blocks[i].cls = NULL;
		r->blocks[i].end = r->blocks[end - 1].end;
		for (size_t k = i + 1; k < end; k++) {
			r->blocks[i].width += r->blocks[k].width + 1;
			r->blocks[k].kind = BLOCK_GONE;
			b->nodes[k] = NULL;
		}
	}
}

/* --- From blocks to the tree --- */

/* A figure beside `p` that has a picture and no caption. */
static xmlNode *picture_beside(xmlNode *p)
{
	xmlNode *const near[] = {tree_prev(p), tree_next(p)};
	for (int i = 0; i < 2; i++) {
		xmlNode *n = near[i];
		while (tree_is_space(n))
			n = i ? tree_next(n) : tree_prev(n);
		if (tree_is(n, "figure") && tree_find(n, NULL, "img") &&
		    !tree_find(n, NULL, "figcaption"))
			return n;
	}
	return NULL;
}

/* The paragraph becomes the caption of the picture beside it, or of one that is lost. */
static void make_caption(xmlNode *p, const struct line *line)
{
	xmlNode *figure = picture_beside(p);
	struct credit credit;
	if (!figure && !(credit_find(line->text, line->len, &credit) && credit.sure))
		return; /* "Figure 2: …", of something else than a picture */
	if (!figure) {
		figure = tree_detached(p, "figure");
		tree_insert_before(p, figure);
	}
	xmlNode *figcaption = tree_element(figure, "figcaption");
	tree_move_children(p, figcaption);
	caption_mark_credit(figcaption);
	tree_remove(p);
}

/* The text of a link in a bio is followed by where it leads, unless it says that itself. */
static void put_address(struct article *a, struct author *author, const char *text,
			const char *href)
{
	char *at = author->bio ? strstr(author->bio, text) : NULL;
	if (!at || strstr(href, text) || strstr(author->bio, href))
		return;
	struct buf bio = BUF_INIT;
	size_t before = (size_t)(at - author->bio) + strlen(text);
	buf_append(&bio, author->bio, before);
	buf_printf(&bio, " (%s)%s", href, author->bio + before);
	author->bio = buf_to_arena(&bio, &a->arena);
}

/* Links of a paragraph that leaves the body: the author's page, or an address in the bio. */
static void keep_links(struct body_reader *b, const xmlNode *p)
{
	struct article *a = b->r.a;
	for (const xmlNode *n = tree_find(p, NULL, "a"); n; n = tree_find(p, n, "a")) {
		const char *href = tree_get(n, "href");
		buf_truncate(&b->text, 0);
		tree_put_text(&b->text, n);
		if (!href || !b->text.len)
			continue;
		struct author *author = article_find_author(a, b->text.data);
		if (author && *href != '#' && article_fill(a, &author->url, href, SIZE_MAX))
			continue;
		for (size_t i = 0; i < a->authors.count; i++)
			put_address(a, &a->authors.items[i], b->text.data, href);
	}
}

static void normalise_block(struct body_reader *b, size_t i, const char *text)
{
	const struct block *block = &b->r.blocks[i];
	const struct line *line = &b->r.lines[block->first];
	xmlNode *node = b->nodes[i];
	if (block->kind == BLOCK_GONE) {
		keep_links(b, node);
		tree_remove(node);
		return;
	}
	if (!is_plain(node))
		return;
	if (block->kind == BLOCK_CAPTION) {
		make_caption(node, line);
		return;
	}
	if (line->text != text) { /* without the names that others overrule */
		for (xmlNode *child; (child = tree_first(node)) != NULL;)
			tree_remove(child);
		tree_text(node, line->text, line->len);
	}
	if (block->cls)
		tree_set(node, "class", block->cls);
}

static void place_blocks(struct body_reader *b, const char *const *texts)
{
	struct text_reader *r = &b->r;
	size_t left = 0;
	for (size_t i = 0; i < r->block_count; i++)
		left += r->blocks[i].kind != BLOCK_GONE && r->blocks[i].kind != BLOCK_SEPARATOR;
	for (size_t i = 0; left && i < r->block_count; i++)
		if (b->nodes[i] && !(i && b->nodes[i] == b->nodes[i - 1]))
			normalise_block(b, i, texts[i]);
	for (xmlNode *last;
	     left && r->block_count > left && (last = tree_last(r->a->body)) != NULL;) {
		if (!tree_is(last, "hr") && !tree_is_space(last))
			break;
		tree_remove(last);
	}
}

void text_read_body(struct article *a, unsigned passes, struct diag *diag)
{
	struct body_reader b = {.r = {.a = a, .diag = diag, .titled = true, .scratch = BUF_INIT},
				.arena = ARENA_INIT,
				.text = BUF_INIT};
	const char **texts = NULL;
	if (a->no_guess)
		return;
	text_note_given(&b.r);
	bool read = read_tree(&b, passes & TEXT_BODY_HEAD);
	texts = read ? calloc(b.r.block_count + 1, sizeof *texts) : NULL;
	if (texts) {
		for (size_t i = 0; i < b.r.block_count; i++)
			texts[i] = b.r.lines[b.r.blocks[i].first].text;
		if (passes & TEXT_BODY_HEAD)
			text_read_head(&b.r);
		join_lines(&b);
		if (passes & TEXT_BODY_CAPTIONS)
			text_find_captions(&b.r);
		if (passes & TEXT_BODY_TAIL)
			text_read_tail(&b.r);
		place_blocks(&b, texts);
	}
	a->arena.failed |=
		!texts || b.r.failed || b.r.scratch.failed || b.text.failed || b.arena.failed;
	buf_release(&b.r.scratch);
	buf_release(&b.text);
	free(b.r.lines);
	free(b.r.blocks);
	free(b.r.words);
	free(b.nodes);
	free(texts);
	arena_release(&b.arena);
}
