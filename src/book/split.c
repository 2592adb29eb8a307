/* Chapters: where an article is cut.
 *
 * The rule when nobody says otherwise: cut at the shallowest level that has two headings at
 * least, if the sections that this gives have WORDS_WORTH_A_CHAPTER words on average; else the
 * article stays in one piece. A chapter of more than BYTES_MAX, which old readers open slowly or
 * not at all, is cut again at its next level, if its sections are long enough; else it goes on in
 * further files, which begin at headings where there are any. Only headings at the top of the body
 * cut: one inside a quote or a list stays where it is. */
#include "book/parts.h"

#include "article/tree.h"
#include "base/map.h"

#include <stdint.h>
#include <string.h>

/* BYTES_MAX: with what a template has around it, a file has less than 300 KB. */
enum {
	WORDS_WORTH_A_CHAPTER = 150,
	BYTES_MAX = 290 * 1000,
	BYTES_WORTH_A_CHAPTER = BYTES_MAX / 10,
};

/* A top-level node of the body, with what the decision needs to know. */
struct piece {
	xmlNode *node;
	int level;      /* of its heading, or 0 */
	bool cut;       /* a chapter starts here */
	bool continues; /* a file starts here, but no chapter */
	int depth;      /* of sections in its chapter that are open before it */
	int open;       /* the level of the innermost of them; 0: there is none */
	size_t words, bytes;
};

struct pieces {
	struct piece *items;
	size_t count, cap;
};

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

static void add_piece(struct book *book, struct pieces *pieces, xmlNode *node)
{
	struct piece *piece = ARENA_PUSH(&book->arena, *pieces);
	if (!piece)
		return;
	piece->node = node;
	piece->level = tree_heading_level(node);
	piece->words = tree_count_words(node);
	piece->bytes = book_count_bytes(node);
}

/* Notes are left in the body, for book_link() to move them to the pages that refer to them. White
 * space between blocks is removed. A block of more than `most` bytes is divided. */
static void list_pieces(struct book *book, const struct article *article, size_t most,
			struct pieces *pieces)
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
		add_piece(book, pieces, n);
		if (pieces->count == 0 || pieces->items[pieces->count - 1].bytes <= most)
			continue;
		pieces->count--;
		for (xmlNode *part = book_divide(n, most); part != next; part = tree_next(part))
			add_piece(book, pieces, part);
	}
}

/* Keep the bytes of each note at the first reference to it, with which it moves. */
static void weigh_notes(struct book *book, const struct article *article)
{
	struct map notes = MAP_INIT;
	for (xmlNode *n = tree_first(article->body); n; n = tree_next(n))
		if (is_footnote(n) && tree_get(n, "id"))
			map_set(&notes, tree_get(n, "id"), n);
	for (xmlNode *a = notes.count ? tree_find(article->body, NULL, "a") : NULL; a;
	     a = tree_find(article->body, a, "a")) {
		const char *href = tree_get(a, "epub:type") ? tree_get(a, "href") : NULL;
		const xmlNode *note = href && *href == '#' ? map_find(&notes, href + 1) : NULL;
		if (!note || note == article->body) /* it was referred to before */
			continue;
		tree_set_data(a, (void *)(uintptr_t)book_count_bytes(note));
		map_set(&notes, tree_get(note, "id"), article->body);
	}
	book->arena.failed |= notes.failed;
	map_release(&notes);
}

static void forget_notes(const struct article *article)
{
	for (xmlNode *a = tree_find(article->body, NULL, "a"); a;
	     a = tree_find(article->body, a, "a"))
		tree_set_data(a, NULL);
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

/* Cut the chapter of pieces [from, to) at its next level, if that gives sections that are worth a
 * file. */
static bool cut_chapter(struct pieces *pieces, size_t from, size_t to, size_t bytes,
			struct diag *diag)
{
	int level = repeated_level(pieces, from + 1, to);
	size_t sections = 1;
	for (size_t i = from + 1; i < to; i++)
		sections += pieces->items[i].level && pieces->items[i].level <= level;
	if (level == 0 || bytes / sections < BYTES_WORTH_A_CHAPTER)
		return false;
	cut_at(pieces, from, to, level);
	diag_add(diag, DIAG_SPLIT, 0, "split at level %d: %zu KB are too large", level,
		 bytes / 1000);
	return true;
}

/* Which sections of a chapter are open before each of its pieces, as renumber() nests them. */
static void nest(struct pieces *pieces, size_t from, size_t to)
{
	int open[7] = {0}, depth = 0;
	for (size_t i = from; i < to; i++) {
		struct piece *piece = &pieces->items[i];
		while (piece->level && depth > 0 && open[depth] >= piece->level)
			depth--;
		piece->depth = depth;
		piece->open = open[depth];
		if (piece->level && !piece->cut && depth < 5)
			open[++depth] = piece->level;
	}
}

/* Where the file ends that begins at the piece `start`: at the shallowest heading in its second
 * half, else anywhere but behind a heading. A section that was open when it began ends it, so that
 * what follows stands right in the contents. */
static size_t find_end(const struct pieces *pieces, size_t start, size_t to)
{
	const struct piece *items = pieces->items;
	size_t filled = items[start].bytes, best = 0, i;
	for (i = start + 1; i < to; i++) {
		if (items[i].level && items[i].level <= items[start].open)
			return i;
		if (items[i].level && filled >= BYTES_MAX / 2 &&
		    (!best || items[i].level <= items[best].level))
			best = i;
		if (filled + items[i].bytes > BYTES_MAX)
			break;
		filled += items[i].bytes;
	}
	if (i == to || best)
		return i == to ? to : best;
	return items[i - 1].level && i - 1 > start ? i - 1 : i;
}

/* Let the chapter of pieces [from, to) go on in further files. */
static void continue_chapter(struct pieces *pieces, size_t from, size_t to, struct diag *diag)
{
	size_t files = 1;
	nest(pieces, from, to);
	for (size_t i = from; (i = find_end(pieces, i, to)) < to; files++)
		pieces->items[i].continues = true;
	if (files > 1)
		diag_add(diag, DIAG_SPLIT, 0, "a chapter is too large for one file: it has %zu",
			 files);
}

/* Cut what is too large, until nothing more can be cut. */
static void cut_large(struct pieces *pieces, struct diag *diag)
{
	for (size_t from = 0, to; from < pieces->count; from = to) {
		size_t bytes = pieces->items[from].bytes;
		for (to = from + 1; to < pieces->count && !pieces->items[to].cut; to++)
			bytes += pieces->items[to].bytes;
		if (bytes <= BYTES_MAX)
			continue;
		if (cut_chapter(pieces, from, to, bytes, diag))
			to = from; /* its sections may be too large, too */
		else
			continue_chapter(pieces, from, to, diag);
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

/* The next file of the chapter that `page` is of: its number in that chapter is `part`. */
static struct page *continue_page(struct book *book, const struct article *article,
				  const char *title, int rank, size_t part)
{
	struct page *page = add_chapter(book, article, NULL, rank);
	if (!page)
		return NULL;
	page->continues = true;
	page->title = arena_printf(&book->arena, "%s (%zu)", title, part);
	return page;
}

void book_split(struct book *book, const struct article *article, int split_level,
		struct diag *diag)
{
	struct pieces pieces = {0};
	weigh_notes(book, article);
	list_pieces(book, article, split_level >= 0 ? BYTES_MAX : SIZE_MAX, &pieces);
	forget_notes(article);
	if (split_level > 0)
		cut_at(&pieces, 0, pieces.count, split_level);
	else if (split_level == 0)
		decide(&pieces, diag);
	if (split_level >= 0)
		cut_large(&pieces, diag);

	/* An article in a book of several always has an opening page; a single one has the title
	 * page and needs one only for what stands before the first heading. */
	struct page *page = NULL;
	const char *title = article->title;
	size_t first = book->pages.count, part = 1;
	int rank = 1;
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
		if (piece->cut) {
			rank = piece->level - top + 1;
			part = 1;
			page = add_chapter(book, article, piece->node, rank);
			title = page ? page->title : NULL;
		} else if (piece->continues) {
			page = continue_page(book, article, title, rank + piece->depth, ++part);
		}
		if (!page)
			return;
		tree_append(page->body, piece->node);
	}
	for (size_t i = first; i < book->pages.count; i++) {
		renumber(book->pages.items[i].body, !book->pages.items[i].heading_is_article_title);
	}
}
