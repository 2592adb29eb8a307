/* The contents and the list of photos. */
#include "book/parts.h"

#include "article/tree.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "media/metadata/metadata.h"

#include <stdio.h>
#include <string.h>

/* The contents as they grow: the entry added last at each depth. Its rank decides what is placed
 * below it: whatever has a higher one. */
struct branch {
	struct toc_entry *last[16];
	int rank[16];
	int depth; /* how many of them the next entry may go below */
	int most;  /* deepest allowed, 0: any */
};

static void add_entry(struct book *book, struct branch *b, int rank, const char *title,
		      const char *href)
{
	while (b->depth > 0 && b->rank[b->depth - 1] >= rank)
		b->depth--;
	if ((b->most && b->depth >= b->most) || b->depth >= 15)
		return;
	struct toc_entry *entry = arena_alloc(&book->arena, sizeof *entry);
	if (!entry)
		return;
	entry->title = arena_dup(&book->arena, title);
	entry->href = arena_dup(&book->arena, href);
	if (b->last[b->depth])
		b->last[b->depth]->next = entry;
	else if (b->depth == 0)
		book->toc = entry;
	else
		b->last[b->depth - 1]->first_child = entry;
	b->last[b->depth] = entry;
	b->rank[b->depth] = rank;
	b->depth++;
	b->last[b->depth] = NULL;
	if (b->depth > book->toc_depth)
		book->toc_depth = b->depth;
}

/* A heading that belongs to something quoted or set aside is no line of the contents. */
static bool contents_is_listed(const xmlNode *heading, const xmlNode *page)
{
	for (const xmlNode *n = tree_parent(heading); n && n != page; n = tree_parent(n))
		if (tree_is_any(n, "blockquote aside li td th figure details dd"))
			return false;
	return true;
}

/* The lines for the headings inside a page. Those of sections that could have been chapters have
 * the rank of one, `base` being that of the page. The others nest as they are printed. */
static void add_headings(struct book *book, struct branch *b, struct page *page, int base)
{
	unsigned long long number = 0;
	bool own = !page->heading_is_article_title;
	for (xmlNode *n = tree_walk(page->body, NULL); n; n = tree_walk(page->body, n)) {
		int level = tree_heading_level(n);
		if (!level)
			continue;
		if (own) {
			own = false; /* the page's own line leads there */
			continue;
		}
		if (!contents_is_listed(n, page->body))
			continue;
		const char *own_rank = tree_get(n, HEADING_RANK_ATTRIBUTE);
		int rank = own_rank ? atoi(own_rank) + (book->article_count > 1) : base + level - 1;
		tree_set(n, HEADING_RANK_ATTRIBUTE, NULL);
		if (!tree_get(n, "id")) {
			char id[40];
			if (number == 0)
				number = tree_last_id(page->body, "section");
			snprintf(id, sizeof id, "section-%llu", ++number);
			tree_set(n, "id", id);
		}
		add_entry(book, b, rank, book_heading_title(book, n),
			  arena_printf(&book->arena, "%s#%s", page->file, tree_get(n, "id")));
	}
}

/* "Title — Author, Paper": an article in the contents of several. */
static const char *article_line(struct book *book, const struct article *article)
{
	enum { MAX_NAMES = 3 };
	const struct labels *labels = book->labels;
	struct buf text = BUF_INIT;
	size_t named = 0, count = 0;
	for (size_t i = 0; i < article->authors.count; i++)
		count += author_wrote(&article->authors.items[i]);
	size_t shown = count > MAX_NAMES ? MAX_NAMES + 1 : count; /* the last joint is a comma */
	buf_puts(&text, article->title);
	for (size_t i = 0; i < article->authors.count && named < MAX_NAMES; i++) {
		if (!author_wrote(&article->authors.items[i]))
			continue;
		buf_puts(&text, named ? labels_joint(labels, named, shown) : " — ");
		buf_puts(&text, article->authors.items[i].name);
		named++;
	}
	if (count > MAX_NAMES)
		buf_puts(&text, labels->text[LABEL_AND_OTHERS]);
	if (article->publisher) {
		buf_puts(&text, named ? labels->text[LABEL_LIST_SEPARATOR] : " — ");
		buf_puts(&text, article->publisher);
	}
	return buf_to_arena(&text, &book->arena);
}

/* Whether an article begins another group than the one before. */
static bool begins_group(const struct page *page, const char *last)
{
	const char *group = page->article ? page->article->group : NULL;
	return page->opens_article && group && (!last || strcmp(group, last) != 0);
}

void book_add_contents(struct book *book, int most)
{
	struct branch branch = {.most = most};
	const char *group = NULL;
	bool several = book->article_count > 1, below = false;
	for (size_t i = 0; i < book->pages.count; i++) {
		struct page *page = &book->pages.items[i];
		if (page->kind == PAGE_COLOPHON) {
			add_entry(book, &branch, group ? 0 : 1, page->title, page->file);
		} else if (page->kind == PAGE_CHAPTER) {
			/* Articles of a book come first, their chapters below them; a chapter
			 * that was cut at a deeper heading is placed below the one before. */
			if (!page->continues)
				below = several && !page->opens_article;
			int base = page->rank + below;
			bool begins = several && page->opens_article;
			if (several && begins_group(page, group)) {
				group = page->article->group;
				add_entry(book, &branch, base - 1, group, page->file);
			} else if (group && page->opens_article && !page->article->group) {
				branch.depth = 0; /* the articles without a group follow */
				group = "";
			}
			if (!page->continues)
				add_entry(book, &branch, base,
					  begins ? article_line(book, page->article) : page->title,
					  page->file);
			add_headings(book, &branch, page, base);
		}
	}
}

/* The text, cut at a word. */
static char *shorten(struct book *book, const char *text)
{
	enum { MAX_CHARACTERS = 90 };
	size_t len = strlen(text), at = 0, cut = 0;
	for (size_t count = 0; at < len && count < MAX_CHARACTERS; count++) {
		uint32_t cp;
		size_t n = utf8_decode(text + at, len - at, &cp);
		if (cp_is_space(cp))
			cut = at;
		at += n;
	}
	if (at == len)
		return arena_dup(&book->arena, text);
	return arena_printf(&book->arena, "%.*s…", (int)(cut > at / 2 ? cut : at), text);
}

/* What a photo is called in a list: its caption, else its alt text, else its credit, else the
 * heading that it stands under. */
static char *photo_label(struct book *book, const struct figure *figure, const char *heading)
{
	if (!image_caption_is_junk(figure->caption))
		return shorten(book, figure->caption);
	if (!image_caption_is_junk(figure->alt))
		return shorten(book, figure->alt);
	if (figure->credit)
		return arena_printf(&book->arena, "%s: %s", book->labels->text[LABEL_PHOTO],
				    figure->credit);
	return shorten(book, heading);
}

/* Where a photo stands. */
struct photo_place {
	const struct page *page;
	const xmlNode *heading; /* above it; NULL: that of the page */
};

static void add_photo(struct book *book, const struct photo_place *place, const xmlNode *node,
		      const struct figure *figure, const struct map *resource_of)
{
	struct photo *photo = ARENA_PUSH(&book->arena, book->photos);
	if (!photo)
		return;
	const xmlNode *img = tree_is(node, "img") ? node : tree_find(node, NULL, "img");
	size_t at = book_index_find(resource_of, tree_get(img, "src"));
	photo->figure = figure;
	photo->resource = at ? &book->resources.items[at - 1] : NULL;
	photo->href = arena_printf(&book->arena, "%s#%s", place->page->file, figure->id);
	photo->label = photo_label(book, figure,
				   place->heading ? book_heading_title(book, place->heading)
						  : place->page->title);
}

void book_add_photos(struct book *book, const struct article *article, size_t first_page)
{
	const struct figure_list *figures = &article->figures;
	if (figures->count == 0)
		return;
	struct map figure_of = MAP_INIT, resource_of = MAP_INIT;
	for (size_t i = 0; i < figures->count; i++)
		if (figures->items[i].id)
			book_index_add(book, &figure_of, figures->items[i].id, i + 1);
	for (size_t i = 0; i < book->resources.count; i++)
		book_index_add(book, &resource_of, book->resources.items[i].file, i + 1);
	for (size_t i = first_page; i < book->pages.count; i++) {
		struct photo_place place = {.page = &book->pages.items[i]};
		const xmlNode *body = place.page->body;
		for (const xmlNode *n = tree_walk(body, NULL); n; n = tree_walk(body, n)) {
			size_t at = book_index_find(&figure_of, tree_get(n, "id"));
			if (tree_heading_level(n))
				place.heading = n;
			if (at)
				add_photo(book, &place, n, &figures->items[at - 1], &resource_of);
		}
	}
	map_release(&figure_of);
	map_release(&resource_of);
}

bool book_lists_photo(const struct photo *photo)
{
	return photo->resource && !photo->resource->dropped;
}

void book_add_photo_list(struct book *book)
{
	const struct page *last = &book->pages.items[book->pages.count - 1];
	struct map ids = MAP_INIT;
	for (const xmlNode *n = tree_walk(last->body, NULL); n; n = tree_walk(last->body, n))
		if (tree_get(n, "id"))
			book_index_add(book, &ids, tree_get(n, "id"), 1);
	char id[32] = "photos";
	for (unsigned number = 2; map_find(&ids, id); number++)
		snprintf(id, sizeof id, "photos-%u", number);
	book->photos_href = arena_printf(&book->arena, "%s#%s", last->file, id);
	map_release(&ids);
}
