/* Chapters: where an article is cut.
 *
 * The rule when nobody says otherwise: cut at the shallowest level that has two headings at
 * least, if the sections that this gives have WORDS_WORTH_A_CHAPTER words on average; else the
 * article stays in one piece. A piece of more than BYTES_TOO_MANY, which old readers open slowly
 * or not at all, is cut again at its next level. Only headings at the top of the body cut: one
 * inside a quote or a list stays where it is. */
#include "book/parts.h"

#include "article/tree.h"
#include "base/buf.h"

#include <string.h>

enum { WORDS_WORTH_A_CHAPTER = 150, BYTES_TOO_MANY = 300 * 1024 };

/* A top-level node of the body, with what the decision needs to know. */
struct piece {
	xmlNode *node;
	int level; /* of its heading, or 0 */
	bool cut;  /* a chapter starts here */
	size_t words, bytes;
};

struct pieces {
	struct piece *items;
	size_t count, cap;
};

static size_t count_bytes(const xmlNode *node)
{
	size_t bytes = strlen(tree_text_value(node));
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n))
		bytes += tree_is_element(n) ? 2 * strlen(tree_name(n)) + 5
					    : strlen(tree_text_value(n));
	return bytes;
}

static bool is_footnote(const xmlNode *node)
{
	const char *type = tree_get(node, "epub:type");
	return type && strcmp(type, "footnote") == 0;
}

/* A heading in a note is no part of the outline of the page that the note is moved to: it becomes a
 * paragraph in strong type. */
static void replace_headings(xmlNode *note)
{
	for (xmlNode *n = tree_walk(note, NULL); n; n = tree_walk(note, n)) {
		if (!tree_heading_level(n))
			continue;
		tree_rename(n, "p");
		xmlNode *strong = tree_detached(n, "strong");
		tree_move_children(n, strong);
		tree_append(n, strong);
	}
}

/* Notes are left in the body, for book_link() to move them to the pages that refer to them. White
 * space between blocks is removed. */
static void list_pieces(struct book *book, const struct article *article, struct pieces *pieces)
{
	for (xmlNode *n = tree_first(article->body), *next; n; n = next) {
		next = tree_next(n);
		if (is_footnote(n)) {
			replace_headings(n);
			continue;
		}
		if ((tree_is_text(n) || tree_heading_level(n)) && tree_is_blank(n)) {
			tree_remove(n);
			continue;
		}
		struct piece *piece = ARENA_PUSH(&book->arena, *pieces);
		if (!piece)
			return;
		piece->node = n;
		piece->level = tree_heading_level(n);
		piece->words = tree_count_words(n);
		piece->bytes = count_bytes(n);
	}
}

/* The shallowest level with at least two headings among pieces [from, to), or 0. */
static int repeated_level(const struct pieces *pieces, size_t from, size_t to)
{
	size_t count[7] = {0};
	for (size_t i = from; i < to; i++)
		count[pieces->items[i].level]++;
	for (int level = 1; level <= 6; level++)
		if (count[level] >= 2)
			return level;
	return 0;
}

static void cut_at(struct pieces *pieces, size_t from, size_t to, int level)
{
	for (size_t i = from; i < to; i++)
		if (pieces->items[i].level && pieces->items[i].level <= level)
			pieces->items[i].cut = true;
}

static void decide(struct pieces *pieces, struct diag *diag)
{
	int level = repeated_level(pieces, 0, pieces->count);
	if (level == 0) {
		diag_add(diag, DIAG_SPLIT, 0, "not split: no two headings of one level");
		return;
	}
	size_t sections = 0, words = 0;
	for (size_t i = 0; i < pieces->count; i++) {
		if (pieces->items[i].level && pieces->items[i].level <= level)
			sections++;
		if (sections)
			words += pieces->items[i].words;
	}
	bool worth = words / sections >= WORDS_WORTH_A_CHAPTER;
	if (worth)
		cut_at(pieces, 0, pieces->count, level);
	diag_add(diag, DIAG_SPLIT, 0, "%s at level %d: %zu sections of %zu words on average",
		 worth ? "split" : "not split", level, sections, words / sections);
}

/* Cut what is too large at its next level, until nothing more can be cut. */
static void cut_large(struct pieces *pieces, struct diag *diag)
{
	for (bool again = true; again;) {
		again = false;
		for (size_t from = 0, to; from < pieces->count; from = to) {
			size_t bytes = pieces->items[from].bytes;
			for (to = from + 1; to < pieces->count && !pieces->items[to].cut; to++)
				bytes += pieces->items[to].bytes;
			int level =
				bytes > BYTES_TOO_MANY ? repeated_level(pieces, from + 1, to) : 0;
			if (level == 0)
				continue;
			cut_at(pieces, from, to, level);
			again = true;
			diag_add(diag, DIAG_SPLIT, 0, "split at level %d: %zu KB are too large",
				 level, bytes >> 10);
		}
	}
}

/* Renumber the headings of a page: its h1 is there already (as the first heading, or printed by
 * the template); below it each goes one deeper than the nearest shallower one before it. */
static void renumber(xmlNode *section, bool has_own_heading)
{
	static const char *const names[] = {"h1", "h2", "h3", "h4", "h5", "h6"};
	int open[7] = {0}, depth = 1; /* open[d]: what level the heading at depth d+1 had */
	bool first = has_own_heading;
	for (xmlNode *n = tree_walk(section, NULL); n; n = tree_walk(section, n)) {
		int level = tree_heading_level(n);
		if (!level)
			continue;
		if (first) {
			first = false;
			tree_rename(n, "h1");
			continue;
		}
		while (depth > 1 && open[depth - 1] >= level)
			depth--;
		if (depth < 6)
			depth++;
		open[depth - 1] = level;
		tree_rename(n, names[depth - 1]);
	}
}

/* `rank`: where the chapter goes in the contents, 1 for the top. */
static struct page *add_chapter(struct book *book, const struct article *article, xmlNode *heading,
				int rank)
{
	struct page *page = ARENA_PUSH(&book->arena, book->pages);
	if (!page)
		return NULL;
	size_t number = ++book->chapter_count;
	page->kind = PAGE_CHAPTER;
	page->number = number;
	page->rank = rank;
	page->id = arena_printf(&book->arena, "chapter-%zu", number);
	page->file = arena_printf(&book->arena, "chapter-%zu.xhtml", number);
	page->language = article->language ? article->language : book->language;
	page->direction = article->direction;
	page->article = article;
	page->body = tree_detached(article->body, "section");
	page->heading_is_article_title = !heading;
	page->title = heading ? book_heading_title(book, heading) : article->title;
	if (page->body)
		tree_append(article->body, page->body);
	return page;
}

void book_split(struct book *book, const struct article *article, int split_level,
		struct diag *diag)
{
	struct pieces pieces = {0};
	list_pieces(book, article, &pieces);
	if (split_level > 0)
		cut_at(&pieces, 0, pieces.count, split_level);
	else if (split_level == 0)
		decide(&pieces, diag);
	if (split_level >= 0)
		cut_large(&pieces, diag);

	/* An article in a book of several always has an opening page; a single one has the title
	 * page and needs one only for what stands before the first heading. */
	struct page *page = NULL;
	size_t first = book->pages.count;
	bool several = book->article_count > 1;
	if (several || pieces.count == 0 || !pieces.items[0].cut) {
		page = add_chapter(book, article, NULL, 1);
		if (page)
			page->opens_article = several;
	}
	int top = 6;
	for (size_t i = 0; i < pieces.count; i++)
		if (pieces.items[i].cut && pieces.items[i].level < top)
			top = pieces.items[i].level;
	for (size_t i = 0; i < pieces.count; i++) {
		struct piece *piece = &pieces.items[i];
		if (piece->cut)
			page = add_chapter(book, article, piece->node, piece->level - top + 1);
		if (!page)
			return;
		tree_append(page->body, piece->node);
	}
	for (size_t i = first; i < book->pages.count; i++) {
		renumber(book->pages.items[i].body, !book->pages.items[i].heading_is_article_title);
	}
}
