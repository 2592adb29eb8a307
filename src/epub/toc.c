/* The one table of contents, as nav and NCX print it. */
#include "epub/facts.h"

#include <string.h>

/* Numbers for the NCX: every entry has its own; entries that lead to one place share their place
 * in the order (Z39.86-2005 section 8.4.1). */
struct counter {
	long long number, order;
	const char *last_href;
};

static void put_order(struct arena *arena, struct value *map, struct counter *counter,
		      const char *href)
{
	if (!counter->last_href || strcmp(counter->last_href, href) != 0)
		counter->order++;
	counter->last_href = href;
	value_put(arena, map, "order", value_number(arena, counter->order));
}

static struct value *toc_add_entry(struct arena *arena, struct value *list, struct counter *counter,
				   const char *title, const char *href)
{
	struct value *map = value_map(arena);
	value_put(arena, map, "number", value_number(arena, ++counter->number));
	put_order(arena, map, counter, href);
	value_put_string(arena, map, "title", title);
	value_put_string(arena, map, "href", href);
	value_add(arena, list, map);
	return map;
}

static void put_entries(struct arena *arena, struct value *map, struct value *entries)
{
	value_put(arena, map, "entries", entries);
	value_put(arena, map, "has_entries", value_bool(arena, entries != NULL));
}

/* In the order of the text, with a stack of its own: for each level the list being made and the
 * entry it is at. */
static struct value *entries_facts(struct arena *arena, const struct book *book,
				   struct counter *counter)
{
	size_t levels = (size_t)book->toc_depth + 1, depth = 0;
	struct value **lists = arena_alloc(arena, levels * sizeof *lists);
	const struct toc_entry **at = arena_alloc(arena, levels * sizeof *at);
	if (!lists || !at)
		return NULL;
	lists[0] = value_list(arena);
	at[0] = book->toc;
	for (;;) {
		const struct toc_entry *entry = at[depth];
		if (!entry) {
			if (depth == 0)
				return lists[0];
			depth--;
			continue;
		}
		at[depth] = entry->next;
		struct value *map =
			toc_add_entry(arena, lists[depth], counter, entry->title, entry->href);
		struct value *below = NULL;
		if (entry->first_child && depth + 1 < levels) {
			below = lists[++depth] = value_list(arena);
			at[depth] = entry->first_child;
		}
		put_entries(arena, map, below);
	}
}

/* Counted behind the contents: NCX, navList. */
static struct value *toc_photo_facts(struct arena *arena, const struct book *book,
				     struct counter *counter)
{
	struct value *list = value_list(arena);
	for (size_t i = 0; i < book->photos.count; i++) {
		const struct photo *photo = &book->photos.items[i];
		if (!book_lists_photo(photo))
			continue;
		struct value *map = value_map(arena);
		put_order(arena, map, counter, photo->href);
		value_put_string(arena, map, "title", photo->label);
		value_put_string(arena, map, "href", photo->href);
		value_add(arena, list, map);
	}
	return list;
}

static void add_landmark(struct arena *arena, struct value *list, const char *type,
			 const char *title, const char *href)
{
	struct value *map = value_map(arena);
	value_put_string(arena, map, "type", type);
	value_put_string(arena, map, "title", title);
	value_put_string(arena, map, "href", href);
	value_add(arena, list, map);
}

/* EPUB 3.3 section 5.4.2.4 and the EPUB Structural Semantics Vocabulary. */
static struct value *landmark_facts(struct arena *arena, const struct book *book)
{
	static const struct {
		enum page_kind kind;
		const char *type;
		enum label label;
		const char *fragment;
	} landmarks[] = {
		{PAGE_COVER, "cover", LABEL_COVER, ""},
		{PAGE_TITLE, "titlepage", LABEL_TITLE_PAGE, ""},
		{PAGE_NAV, "toc", LABEL_CONTENTS, "#toc"},
		{PAGE_CHAPTER, "bodymatter", LABEL_START, ""},
		{PAGE_COLOPHON, "colophon", LABEL_COLOPHON, ""},
	};
	struct value *list = value_list(arena);
	for (size_t i = 0; i < sizeof landmarks / sizeof *landmarks; i++) {
		const struct page *page = facts_find_page(book, landmarks[i].kind);
		if (!page || page->off_spine)
			continue;
		add_landmark(arena, list, landmarks[i].type, book->labels->text[landmarks[i].label],
			     arena_printf(arena, "%s%s", page->file, landmarks[i].fragment));
	}
	if (facts_lists_photos(book))
		add_landmark(arena, list, "loi", book->labels->text[LABEL_PHOTOS],
			     book->photos_href);
	return list;
}

struct value *toc_facts(struct arena *arena, const struct book *book)
{
	struct counter counter = {0};
	struct value *map = value_map(arena);
	value_put(arena, map, "entries", entries_facts(arena, book, &counter));
	value_put(arena, map, "photos", toc_photo_facts(arena, book, &counter));
	value_put(arena, map, "has_photos", value_bool(arena, facts_lists_photos(book)));
	value_put(arena, map, "landmarks", landmark_facts(arena, book));
	value_put(arena, map, "depth", value_number(arena, book->toc_depth));
	return map;
}
