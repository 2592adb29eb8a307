/* Chapters: where an article is cut.
 *
 * The automatic rule: the shallowest level with two headings gives the sections. A section of
 * MIN_CHAPTER words starts a chapter. A shorter one is kept, under its heading, in the chapter
 * before it; the first joins the one after it. A chapter of more than MAX_BYTES, which old readers
 * open slowly or not at all, is cut again at its next level, if its sections are long enough; else
 * it continues in further files, which begin at headings where there are any. Only headings at the
 * top of the body cut: one inside a quote or a list is kept where it is. */
#include "book/parts.h"

#include "article/tree.h"
#include "base/map.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* MAX_BYTES: with what a template has around it, a file has less than 300 KB. */
enum {
	MIN_CHAPTER = 400, /* words; see length_words() */
	MAX_BYTES = 290 * 1000,
	BYTES_WORTH_A_CHAPTER = MAX_BYTES / 10,
};

/* How long a text is to read. */
struct length {
	size_t words, characters;
};

static void length_add(struct length *length, struct length more)
{
	length->words += more.words;
	length->characters += more.characters;
}

/* In words of six characters, with the space, where those of the text are longer: German or Finnish
 * says with 350 words what English says with 400. Two ideographs count as a word. */
static size_t length_words(struct length length)
{
	enum { WORD = 6 };
	return length.characters / WORD > length.words ? length.characters / WORD : length.words;
}

/* A top-level node of the body, with what the decision needs to know. */
struct piece {
	xmlNode *node;
	int level;      /* of its heading, or 0 */
	bool cut;       /* a chapter starts here */
	bool continues; /* a file starts here, but no chapter */
	int depth;      /* of sections in its chapter that are open before it */
	int open;       /* the level of the innermost of them; 0: there is none */
	size_t bytes;
	struct length length;
	size_t section; /* of a heading: the words before the next one of its level or a shallower
			 */
};

struct pieces {
	struct piece *items;
	size_t count, cap;
};

static size_t count_characters(const xmlNode *node)
{
	size_t characters = 0;
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n)) {
		const char *text = tree_text_value(n);
		characters += utf8_count(text, strlen(text));
	}
	return characters;
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

/* A heading that has only a drawing or a formula names nothing: it becomes a paragraph. */
static void replace_unnamed_headings(xmlNode *body)
{
	for (xmlNode *n = tree_walk(body, NULL); n; n = tree_walk(body, n)) {
		bool has_name = !tree_heading_level(n);
		for (xmlNode *part = tree_walk(n, NULL); part && !has_name;
		     part = tree_walk(n, part)) {
			const char *text = tree_text_value(part);
			has_name = text[strspn(text, " \t\n\r\f")] || tree_is(part, "img");
		}
		if (!has_name && !tree_is_blank(n))
			tree_rename(n, "p");
	}
}

static void add_piece(struct book *book, struct pieces *pieces, xmlNode *node)
{
	struct piece *piece = ARENA_PUSH(&book->arena, *pieces);
	if (!piece)
		return;
	piece->node = node;
	piece->level = tree_heading_level(node);
	piece->length = (struct length){tree_count_words(node), count_characters(node)};
	piece->bytes = book_count_bytes(node);
}

/* Notes are left in the body, for book_link() to move them to the pages that refer to them. White
 * space between blocks is removed. A block of more than `most` bytes is divided. */
static void list_pieces(struct book *book, const struct article *article, size_t most,
			struct pieces *pieces)
{
	replace_unnamed_headings(article->body);
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

/* Count the words of each heading's section. */
static void measure_sections(struct pieces *pieces)
{
	struct length length[7] = {{0}}; /* up to the next heading of this level, or a shallower */
	for (size_t i = pieces->count; i-- > 0;) {
		struct piece *piece = &pieces->items[i];
		for (int level = 1; level <= 6; level++)
			length_add(&length[level], piece->length);
		if (piece->level == 0)
			continue;
		piece->section = length_words(length[piece->level]);
		for (int level = piece->level; level <= 6; level++)
			length[level] = (struct length){0};
	}
}

/* Cut at the headings up to `level` whose sections are long enough; adds the cuts to `cuts`.
 * Returns the number of sections. */
static size_t cut_sections(struct pieces *pieces, int level, size_t *cuts)
{
	size_t sections = 0;
	struct length chapter = {0}; /* so far */
	for (size_t i = 0; i < pieces->count; i++) {
		struct piece *piece = &pieces->items[i];
		if (piece->level && piece->level <= level) {
			size_t before = length_words(chapter);
			sections++;
			piece->cut = before >= MIN_CHAPTER && piece->section >= MIN_CHAPTER;
			*cuts += piece->cut;
			if (piece->cut)
				chapter = (struct length){0};
		}
		length_add(&chapter, piece->length);
	}
	return sections;
}

/* The automatic rule. Returns the level of the sections; 0: there are not two. */
static int cut_automatically(struct pieces *pieces, struct diag *diag)
{
	int level = repeated_level(pieces, 0, pieces->count);
	if (level == 0) {
		diag_add(diag, DIAG_SPLIT, 0, "not split: no two headings of one level");
		return 0;
	}
	size_t cuts = 0;
	measure_sections(pieces);
	size_t sections = cut_sections(pieces, level, &cuts);
	if (cuts)
		diag_add(diag, DIAG_SPLIT, 0, "split at level %d: %zu sections in %zu chapters",
			 level, sections, cuts + 1);
	else
		diag_add(diag, DIAG_SPLIT, 0,
			 "not split at level %d: %zu sections, not two chapters of %d words", level,
			 sections, MIN_CHAPTER);
	return level;
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
static size_t split_find_end(const struct pieces *pieces, size_t start, size_t to)
{
	const struct piece *items = pieces->items;
	size_t filled = items[start].bytes, best = 0, i;
	for (i = start + 1; i < to; i++) {
		if (items[i].level && items[i].level <= items[start].open)
			return i;
		if (items[i].level && filled >= MAX_BYTES / 2 &&
		    (!best || items[i].level <= items[best].level))
			best = i;
		if (filled + items[i].bytes > MAX_BYTES)
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
	for (size_t i = from; (i = split_find_end(pieces, i, to)) < to; files++)
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
		if (bytes <= MAX_BYTES)
			continue;
		if (cut_chapter(pieces, from, to, bytes, diag))
			to = from; /* its sections may be too large, too */
		else
			continue_chapter(pieces, from, to, diag);
	}
}

/* Renumber the headings of a page: its h1 is there already (as the first heading, or printed by
 * the template); below it each is one deeper than the nearest shallower one before it. */
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

/* `rank`: depth of the chapter in the contents, 1 for the top. */
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

static bool heads_section(const struct piece *piece, int section_level)
{
	return piece->cut || (piece->level && piece->level <= section_level);
}

/* The shallowest level of the headings that head sections; 6 when there are none. */
static int top_level(const struct pieces *pieces, int section_level)
{
	int top = 6;
	for (size_t i = 0; i < pieces->count; i++)
		if (heads_section(&pieces->items[i], section_level) && pieces->items[i].level < top)
			top = pieces->items[i].level;
	return top;
}

/* A section that joined another's chapter has the place in the contents that a chapter of its own
 * would have. */
static void set_rank(xmlNode *heading, int rank)
{
	char text[12];
	snprintf(text, sizeof text, "%d", rank);
	tree_set(heading, HEADING_RANK_ATTRIBUTE, text);
}

static size_t count_cuts(const struct pieces *pieces)
{
	size_t cuts = 0;
	for (size_t i = 0; i < pieces->count; i++)
		cuts += pieces->items[i].cut;
	return cuts;
}

/* Move the pieces to pages: the first gets what stands before the first cut. */
static void add_chapters(struct book *book, const struct article *article, struct pieces *pieces,
			 int section_level)
{
	bool split = count_cuts(pieces) > 0;
	int top = top_level(pieces, section_level), rank = 1;
	struct page *page = NULL;
	const char *title = article->title;
	size_t part = 1;
	if (book->articles_open || !split || !pieces->items[0].cut) {
		page = add_chapter(book, article, NULL, 1);
		if (page)
			page->opens_article = book->articles_open;
	}
	for (size_t i = 0; i < pieces->count; i++) {
		struct piece *piece = &pieces->items[i];
		int own_rank = piece->level - top + 1;
		if (piece->cut) {
			rank = own_rank;
			part = 1;
			page = add_chapter(book, article, piece->node, rank);
			title = page ? page->title : NULL;
		} else if (piece->continues) {
			page = continue_page(book, article, title, rank + piece->depth, ++part);
		}
		if (!piece->cut && split && heads_section(piece, section_level))
			set_rank(piece->node, own_rank);
		if (!page)
			return;
		tree_append(page->body, piece->node);
	}
	if (page)
		page->ends_article = true;
}

void book_split(struct book *book, const struct article *article, int split_level,
		struct diag *diag)
{
	struct pieces pieces = {0};
	size_t first = book->pages.count;
	int section_level = split_level > 0 ? split_level : 0;
	weigh_notes(book, article);
	list_pieces(book, article, split_level >= 0 ? MAX_BYTES : SIZE_MAX, &pieces);
	forget_notes(article);
	if (split_level > 0)
		cut_at(&pieces, 0, pieces.count, split_level);
	else if (split_level == 0)
		section_level = cut_automatically(&pieces, diag);
	/* A heading that begins the text is on the page of the article header, or begins a page. */
	if (count_cuts(&pieces))
		pieces.items[0].cut =
			!book->articles_open && heads_section(&pieces.items[0], section_level);
	if (split_level >= 0)
		cut_large(&pieces, diag);
	add_chapters(book, article, &pieces, section_level);
	for (size_t i = first; i < book->pages.count; i++)
		renumber(book->pages.items[i].body, !book->pages.items[i].heading_is_article_title);
}
