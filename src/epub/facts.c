#include "epub/facts.h"

#include "base/utf8.h"
#include "book/dates.h"

#include <string.h>

static const char *direction_name(enum direction direction)
{
	return direction == DIR_RTL ? "rtl" : direction == DIR_LTR ? "ltr" : NULL;
}

/* The label's words before and after the names: "By %s". */
static void put_around(struct arena *arena, struct value *map, const char *label)
{
	const char *hole = strstr(label, "%s");
	size_t before = hole ? (size_t)(hole - label) : 0;
	value_put(arena, map, "before", value_string_n(arena, label, before));
	value_put_string(arena, map, "after", hole ? hole + 2 : NULL);
}

/* The names of those with the role `role`, or, for NULL, of the authors, in the words of a
 * label. NULL when there are none. */
static struct value *byline_facts(struct arena *arena, const struct labels *labels,
				  enum label label, const char *role,
				  const struct author_list *authors)
{
	size_t count = 0, i = 0;
	for (size_t n = 0; n < authors->count; n++)
		count += facts_has_role(&authors->items[n], role);
	if (count == 0)
		return NULL;
	struct value *byline = value_map(arena), *names = value_list(arena);
	for (size_t n = 0; n < authors->count && i < MAX_NAMES_SHOWN; n++) {
		const struct author *author = &authors->items[n];
		if (!facts_has_role(author, role))
			continue;
		struct value *name = value_map(arena);
		value_put_string(arena, name, "joint", labels_joint(labels, i++, count));
		value_put_string(arena, name, "name", author->name);
		value_put_string(arena, name, "url", facts_link(arena, author->url));
		value_add(arena, names, name);
	}
	put_around(arena, byline, labels->text[label]);
	value_put(arena, byline, "names", names);
	value_put_string(arena, byline, "others",
			 count > MAX_NAMES_SHOWN ? labels->text[LABEL_AND_OTHERS] : NULL);
	return byline;
}

/* Who translated, edited, illustrated, photographed: a line each. */
static struct value *credit_facts(struct arena *arena, const struct labels *labels,
				  const struct author_list *authors)
{
	static const struct {
		const char *role;
		enum label label;
	} lines[] = {
		{"trl", LABEL_TRANSLATED_BY},
		{"edt", LABEL_EDITED_BY},
		{"ill", LABEL_ILLUSTRATED_BY},
		{"pht", LABEL_PHOTOGRAPHS_BY},
	};
	struct value *list = value_list(arena);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct value *line =
			byline_facts(arena, labels, lines[i].label, lines[i].role, authors);
		if (line)
			value_add(arena, list, line);
	}
	return list;
}

/* What stands over a text: on the title page, or where one article of several begins. With no
 * article, of the book as a whole. */
static struct value *header_facts(struct arena *arena, const struct book *book,
				  const struct article *article)
{
	const struct labels *labels = book->labels;
	const struct article *only = book->article_count == 1 ? book->articles[0] : article;
	struct value *map = value_map(arena);
	const char *publisher = article ? article->publisher : book->publisher;
	struct value *published = facts_date(arena, book->language,
					     article ? article->published : book->published, NULL);
	value_put_string(arena, map, "title", article ? article->title : book->title);
	value_put_string(arena, map, "subtitle", article ? article->subtitle : book->subtitle);
	value_put_string(arena, map, "section", only ? only->section : NULL);
	value_put_string(arena, map, "standfirst", only ? only->standfirst : NULL);
	const struct author_list *authors = article ? &article->authors : &book->authors;
	value_put(arena, map, "byline", byline_facts(arena, labels, LABEL_BY, NULL, authors));
	value_put(arena, map, "credits", credit_facts(arena, labels, authors));
	value_put_string(arena, map, "publisher", publisher);
	value_put(arena, map, "published", published);
	value_put(arena, map, "source", only ? facts_address(arena, facts_source(only)) : NULL);
	value_put(arena, map, "imprint", value_bool(arena, publisher || published));
	return map;
}

static struct value *cover_file_facts(struct arena *arena, const struct book *book)
{
	const struct resource *cover = book_cover_picture(book);
	if (!cover)
		return NULL;
	struct value *map = value_map(arena);
	value_put_string(arena, map, "id", cover->id);
	value_put_string(arena, map, "file", cover->file);
	return map;
}

static struct value *css_facts(struct arena *arena, const struct book *book)
{
	struct value *list = value_list(arena);
	for (size_t i = 0; i < book->css.count; i++)
		if (!book->css.items[i].dropped)
			value_add(arena, list, value_string(arena, book->css.items[i].file));
	return list;
}

/* A file's name may have any bytes. */
static char *clean_name(struct arena *arena, const char *name)
{
	struct buf clean = BUF_INIT;
	utf8_clean(&clean, name, strlen(name));
	return buf_to_arena(&clean, arena);
}

/* The names of articles that could not be read; an address is a link. */
static struct value *missing_facts(struct arena *arena, const struct book *book)
{
	struct value *list = value_list(arena);
	for (size_t i = 0; i < book->missing.count; i++) {
		const char *name = book->missing.items[i];
		struct value *map = value_map(arena);
		value_put_string(arena, map, "name", clean_name(arena, name));
		value_put_string(arena, map, "href", facts_link(arena, name));
		value_add(arena, list, map);
	}
	return list;
}

static struct value *book_facts(struct arena *arena, const struct book *book)
{
	struct value *map = value_map(arena);
	value_put_string(arena, map, "title", book->title);
	value_put_string(arena, map, "subtitle", book->subtitle);
	value_put_string(arena, map, "description", book->description);
	value_put_string(arena, map, "language", book->language);
	value_put_string(arena, map, "dir", direction_name(book->direction));
	value_put_string(arena, map, "identifier", book->identifier);
	value_put_string(arena, map, "publisher", book->publisher);
	value_put_string(arena, map, "rights", book->rights);
	value_put_string(arena, map, "generator", "chapbook " CHAPBOOK_VERSION);
	value_put(arena, map, "cover", cover_file_facts(arena, book));
	value_put(arena, map, "css", css_facts(arena, book));
	value_put(arena, map, "opening", header_facts(arena, book, NULL));
	value_put(arena, map, "has_missing", value_bool(arena, book->missing.count > 0));
	value_put(arena, map, "missing", missing_facts(arena, book));
	return map;
}

static struct value *label_facts(struct arena *arena, const struct labels *labels)
{
	struct value *map = value_map(arena);
	for (int i = 0; i < LABEL_COUNT; i++)
		value_put_string(arena, map, label_name((enum label)i), labels->text[i]);
	return map;
}

int facts_make(struct facts *facts, const struct book *book)
{
	*facts = (struct facts){.arena = ARENA_INIT, .book = book};
	struct arena *arena = &facts->arena;
	facts->labels = label_facts(arena, book->labels);
	facts->book_map = book_facts(arena, book);
	facts->package = opf_facts(arena, book);
	facts->contents = toc_facts(arena, book);
	return arena->failed ? -1 : 0;
}

void facts_release(struct facts *facts)
{
	arena_release(&facts->arena);
}

struct value *facts_root(struct arena *arena, const struct facts *facts, struct value *page)
{
	struct value *root = value_map(arena);
	value_put(arena, root, "package", facts->package);
	value_put(arena, root, "contents", facts->contents);
	value_put(arena, root, "book", facts->book_map);
	value_put(arena, root, "labels", facts->labels);
	value_put(arena, root, "page", page);
	return root;
}

/* The list of photos, on the last page. */
static struct value *photo_list_facts(struct arena *arena, const struct facts *facts,
				      const struct page *page)
{
	const struct book *book = facts->book;
	if (page != &book->pages.items[book->pages.count - 1] || !facts_lists_photos(book))
		return NULL;
	struct value *map = value_map(arena);
	value_put_string(arena, map, "id", strchr(book->photos_href, '#') + 1);
	return map;
}

struct value *facts_page(struct arena *arena, const struct facts *facts, const struct page *page,
			 const struct buf *text)
{
	const struct book *book = facts->book;
	struct value *map = value_map(arena);
	value_put_string(arena, map, "title", page->title);
	value_put_string(arena, map, "language", page->language);
	value_put_string(arena, map, "dir", direction_name(page->direction));
	value_put(arena, map, "photo_list", photo_list_facts(arena, facts, page));
	if (page->kind != PAGE_CHAPTER)
		return map;
	value_put(arena, map, "opening",
		  page->opens_article ? header_facts(arena, book, page->article) : NULL);
	value_put_string(arena, map, "heading",
			 page->heading_is_article_title && !page->opens_article ? page->title
										: NULL);
	value_put(arena, map, "continues", value_bool(arena, page->continues));
	value_put(arena, map, "body", value_string_n(arena, text->data, text->len));
	value_put(arena, map, "end_matter",
		  page->ends_article ? end_matter_facts(arena, page->language, page->article)
				     : NULL);
	return map;
}
