#include "epub/facts.h"

#include "article/role.h"
#include "article/url.h"
#include "base/utf8.h"
#include "base/when.h"
#include "book/dates.h"

#include <string.h>

char *facts_link(struct arena *arena, const char *url)
{
	struct buf clean = BUF_INIT;
	char *link = NULL;
	if (url && url_is_absolute(url) && url_put_clean(&clean, url, strlen(url), URL_LINK))
		link = arena_dup(arena, clean.data);
	arena->failed |= clean.failed;
	buf_release(&clean);
	return link;
}

bool facts_has_role(const struct author *author, const char *role)
{
	if (!author->name)
		return false;
	return role ? author->role && strcmp(author->role, role) == 0
		    : !author->contributor && role_is_author(author->role);
}

const struct page *facts_find_page(const struct book *book, enum page_kind kind)
{
	for (size_t i = 0; i < book->pages.count; i++)
		if (book->pages.items[i].kind == kind)
			return &book->pages.items[i];
	return NULL;
}

const struct resource *facts_cover(const struct book *book)
{
	for (size_t i = 0; i < book->resources.count; i++)
		if (book->resources.items[i].is_cover)
			return &book->resources.items[i];
	return NULL;
}

static const char *direction_name(enum direction direction)
{
	return direction == DIR_RTL ? "rtl" : direction == DIR_LTR ? "ltr" : NULL;
}

/* "https://www.example.org/essays/" -> "www.example.org/essays" */
static char *address_text(struct arena *arena, const char *url)
{
	if (!url)
		return NULL;
	const char *scheme = strstr(url, "://");
	const char *text = scheme ? scheme + 3 : url;
	size_t len = strlen(text);
	if (len && text[len - 1] == '/')
		len--;
	return arena_dupn(arena, text, len);
}

/* A date for machines (only if it is one) and for people; NULL when there is none. */
static struct value *date_facts(struct arena *arena, const char *language, const char *w3c)
{
	long long epoch;
	struct buf text = BUF_INIT;
	if (!w3c)
		return NULL;
	struct value *date = value_map(arena);
	date_put(&text, w3c, language);
	value_put_string(arena, date, "iso", when_parse(w3c, &epoch) ? w3c : NULL);
	value_put_string(arena, date, "text", arena_dup(arena, text.data));
	arena->failed |= text.failed;
	buf_release(&text);
	return date;
}

/* The label's words before and after the names: "By %s". */
static void put_around(struct arena *arena, struct value *map, const char *label)
{
	const char *hole = strstr(label, "%s");
	size_t before = hole ? (size_t)(hole - label) : 0;
	value_put(arena, map, "before", value_string_n(arena, label, before));
	value_put_string(arena, map, "after", hole ? hole + 2 : NULL);
}

/* The names of those whose role is `role`, or, for NULL, who wrote the piece, in the words of a
 * label. NULL when there is nobody. */
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
	for (size_t n = 0; n < authors->count && i < NAMES_SHOWN; n++) {
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
			 count > NAMES_SHOWN ? labels->text[LABEL_AND_OTHERS] : NULL);
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

/* A link that says its address. NULL for what is none. */
static struct value *address_facts(struct arena *arena, const char *url)
{
	char *href = facts_link(arena, url);
	if (!href)
		return NULL;
	struct value *address = value_map(arena);
	value_put_string(arena, address, "href", href);
	value_put_string(arena, address, "text", address_text(arena, url));
	return address;
}

static const char *source_of(const struct article *article)
{
	return article->canonical_url ? article->canonical_url : article->source_url;
}

/* An address that says more than those before it. */
static struct value *other_address(struct arena *arena, const char *url, const char *before,
				   const char *first)
{
	bool said =
		url && ((before && strcmp(url, before) == 0) || (first && strcmp(url, first) == 0));
	return said ? NULL : address_facts(arena, url);
}

/* Where an article came from. */
static struct value *article_facts(struct arena *arena, const struct book *book,
				   const struct article *article)
{
	struct value *map = value_map(arena);
	struct value *published = date_facts(arena, book->language, article->published);
	struct value *updated = date_facts(arena, book->language, article->modified);
	struct value *retrieved = date_facts(arena, book->language, article->retrieved);
	struct value *source = address_facts(arena, source_of(article));
	value_put_string(arena, map, "title", article->title);
	value_put_string(arena, map, "publisher", article->publisher);
	value_put_string(arena, map, "rights", article->rights);
	value_put(arena, map, "published", published);
	value_put(arena, map, "updated", updated);
	value_put(arena, map, "retrieved", retrieved);
	value_put(arena, map, "source", source);
	value_put(arena, map, "fetched_from",
		  other_address(arena, article->reached_url, source_of(article), NULL));
	value_put(
		arena, map, "asked_for",
		other_address(arena, article->asked_url, article->reached_url, source_of(article)));
	value_put_string(arena, map, "digest", article->digest);
	value_put(arena, map, "has_provenance",
		  value_bool(arena, article->publisher || article->rights || published || updated ||
					    retrieved || source || article->digest[0]));
	return map;
}

/* The articles of a book of several, for its title page. */
static struct value *listed_facts(struct arena *arena, const struct book *book)
{
	struct value *list = value_list(arena);
	for (size_t i = 0; i < book->pages.count; i++) {
		const struct page *page = &book->pages.items[i];
		if (!page->opens_article)
			continue;
		const struct article *a = page->article;
		struct value *map = value_map(arena);
		value_put_string(arena, map, "href", page->file);
		value_put_string(arena, map, "title", a->title);
		value_put_string(arena, map, "language",
				 strcmp(page->language, book->language) ? page->language : NULL);
		value_put(arena, map, "byline",
			  byline_facts(arena, book->labels, LABEL_BY, NULL, &a->authors));
		value_add(arena, list, map);
	}
	return list;
}

/* What stands over a text: on the title page, or where one article of several begins. With no
 * article, of the book as a whole. */
static struct value *opening_facts(struct arena *arena, const struct book *book,
				   const struct article *article)
{
	const struct labels *labels = book->labels;
	const struct article *only = book->article_count == 1 ? book->articles[0] : article;
	struct value *map = value_map(arena);
	const char *publisher = article ? article->publisher : book->publisher;
	struct value *published =
		date_facts(arena, book->language, article ? article->published : book->published);
	value_put_string(arena, map, "title", article ? article->title : book->title);
	value_put_string(arena, map, "subtitle", article ? article->subtitle : book->subtitle);
	value_put_string(arena, map, "section", only ? only->section : NULL);
	value_put_string(arena, map, "standfirst", only ? only->standfirst : NULL);
	const struct author_list *authors = article ? &article->authors : &book->authors;
	value_put(arena, map, "byline", byline_facts(arena, labels, LABEL_BY, NULL, authors));
	value_put(arena, map, "credits", credit_facts(arena, labels, authors));
	value_put_string(arena, map, "publisher", publisher);
	value_put(arena, map, "published", published);
	value_put(arena, map, "source", only ? address_facts(arena, source_of(only)) : NULL);
	value_put(arena, map, "imprint", value_bool(arena, publisher || published));
	return map;
}

/* The paragraphs of a text, which a blank line separates. */
static struct value *paragraphs(struct arena *arena, const char *text)
{
	struct value *list = value_list(arena);
	while (text && *text) {
		text += strspn(text, "\n");
		const char *end = strstr(text, "\n\n");
		size_t len = end ? (size_t)(end - text) : strlen(text);
		if (len)
			value_add(arena, list, value_string_n(arena, text, len));
		text += len;
	}
	return list;
}

/* Those of whom there is something to say. A lone author's name needs no heading when the text
 * begins with it. */
static struct value *author_facts(struct arena *arena, const struct book *book)
{
	struct value *list = value_list(arena);
	for (size_t i = 0; i < book->authors.count; i++) {
		const struct author *author = &book->authors.items[i];
		if (!author_has_facts(author))
			continue;
		struct value *map = value_map(arena);
		char *url = facts_link(arena, author->url);
		bool named = book->authors.count == 1 && author->bio && author->name &&
			     strncmp(author->bio, author->name, strlen(author->name)) == 0;
		value_put_string(arena, map, "heading", named ? NULL : author->name);
		value_put_string(arena, map, "portrait", author->portrait);
		value_put_string(arena, map, "name", author->name);
		value_put_string(arena, map, "affiliation", author->affiliation);
		value_put(arena, map, "paragraphs", paragraphs(arena, author->bio));
		value_put_string(arena, map, "url", url);
		value_put_string(arena, map, "url_text", address_text(arena, author->url));
		value_add(arena, list, map);
	}
	return list;
}

static struct value *subject_facts(struct arena *arena, const struct book *book)
{
	struct value *list = value_list(arena);
	for (size_t i = 0; i < book->subjects.count; i++) {
		struct value *map = value_map(arena);
		value_put_string(arena, map, "joint",
				 i ? book->labels->text[LABEL_LIST_SEPARATOR] : NULL);
		value_put_string(arena, map, "name", book->subjects.items[i]);
		value_add(arena, list, map);
	}
	return list;
}

static char *made_with(struct arena *arena, const char *label, const char *generator)
{
	const char *hole = strstr(label, "%s");
	if (!hole)
		return arena_dup(arena, generator);
	return arena_printf(arena, "%.*s%s%s", (int)(hole - label), label, generator, hole + 2);
}

static struct value *cover_file_facts(struct arena *arena, const struct book *book)
{
	const struct resource *cover = facts_cover(book);
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
	char *copy = arena_dup(arena, clean.data);
	arena->failed |= clean.failed;
	buf_release(&clean);
	return copy;
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
	struct value *map = value_map(arena), *articles = value_list(arena), *only = NULL;
	if (book->article_count == 1)
		only = article_facts(arena, book, book->articles[0]);
	else
		for (size_t i = 0; i < book->article_count; i++)
			value_add(arena, articles, article_facts(arena, book, book->articles[i]));
	const char *generator = "chapbook " CHAPBOOK_VERSION;
	value_put_string(arena, map, "title", book->title);
	value_put_string(arena, map, "subtitle", book->subtitle);
	value_put_string(arena, map, "description", book->description);
	value_put_string(arena, map, "language", book->language);
	value_put_string(arena, map, "dir", direction_name(book->direction));
	value_put_string(arena, map, "identifier", book->identifier);
	value_put_string(arena, map, "publisher", book->publisher);
	value_put_string(arena, map, "rights", book->rights);
	value_put_string(arena, map, "generator", generator);
	value_put_string(arena, map, "made_with",
			 made_with(arena, book->labels->text[LABEL_MADE_WITH], generator));
	value_put(arena, map, "has_subjects", value_bool(arena, book->subjects.count > 0));
	value_put(arena, map, "subjects", subject_facts(arena, book));
	value_put(arena, map, "cover", cover_file_facts(arena, book));
	value_put(arena, map, "css", css_facts(arena, book));
	value_put(arena, map, "opening", opening_facts(arena, book, NULL));
	value_put(arena, map, "is_anthology", value_bool(arena, book->article_count > 1));
	value_put(arena, map, "listed", listed_facts(arena, book));
	value_put(arena, map, "has_missing", value_bool(arena, book->missing.count > 0));
	value_put(arena, map, "missing", missing_facts(arena, book));
	value_put(arena, map, "authors", author_facts(arena, book));
	value_put(arena, map, "article", only);
	value_put(arena, map, "articles", articles);
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

/* A single article without a title page begins like one of several. */
static bool has_opening(const struct book *book, const struct page *page)
{
	if (page->opens_article)
		return true;
	return book->article_count == 1 && page == facts_find_page(book, PAGE_CHAPTER) &&
	       page->heading_is_article_title && !facts_find_page(book, PAGE_TITLE);
}

struct value *facts_page(struct arena *arena, const struct facts *facts, const struct page *page,
			 const struct buf *text)
{
	struct value *map = value_map(arena);
	bool chapter = page->kind == PAGE_CHAPTER;
	bool opening = chapter && has_opening(facts->book, page);
	value_put_string(arena, map, "title", page->title);
	value_put_string(arena, map, "language", page->language);
	value_put_string(arena, map, "dir", direction_name(page->direction));
	value_put(arena, map, "opening",
		  opening ? opening_facts(arena, facts->book, page->article) : NULL);
	value_put_string(arena, map, "heading",
			 page->heading_is_article_title && !opening ? page->title : NULL);
	value_put(arena, map, "continues", value_bool(arena, page->continues));
	value_put(arena, map, "body",
		  chapter ? value_string_n(arena, text->data, text->len) : NULL);
	value_put(arena, map, "record",
		  chapter ? NULL : value_string_n(arena, text->data, text->len));
	return map;
}
