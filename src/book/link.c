/* Links and notes, once it is known which page everything went to. */
#include "book/parts.h"

#include "article/id_map.h"
#include "article/links.h"
#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"
#include "base/plural.h"

#include <string.h>

static bool has_type(const xmlNode *node, const char *type)
{
	const char *value = tree_get(node, "epub:type");
	return value && strcmp(value, type) == 0;
}

/* Notes are still children of the body, beside the chapters. */
static void find_notes(const struct article *article, struct map *notes)
{
	for (xmlNode *n = tree_first(article->body); n; n = tree_next(n)) {
		const char *id = has_type(n, "footnote") ? tree_get(n, "id") : NULL;
		if (id)
			map_set(notes, id, n);
	}
}

static xmlNode *notes_section(const struct page *page)
{
	xmlNode *last = tree_last(page->body);
	if (has_type(last, "footnotes"))
		return last;
	xmlNode *section = tree_element(page->body, "section");
	tree_set(section, "epub:type", "footnotes");
	tree_set(section, "role", "doc-endnotes");
	tree_set(section, "class", "footnotes");
	tree_set(section, "aria-label", labels_find(page->language)->text[LABEL_FOOTNOTES]);
	return section;
}

/* Move each note to the end of the page that refers to it first. Notes may refer to notes: those
 * that were moved to a page are walked with it. */
static void place_notes(const struct page *page, struct map *notes)
{
	for (xmlNode *n = tree_find(page->body, NULL, "a"); n; n = tree_find(page->body, n, "a")) {
		const char *href = has_type(n, "noteref") ? tree_get(n, "href") : NULL;
		if (!href || href[0] != '#')
			continue;
		xmlNode *note = map_find(notes, href + 1);
		if (note && tree_parent(note) != NULL && !has_type(tree_parent(note), "footnotes"))
			tree_append(notes_section(page), note);
	}
}

/* Notes that are not referred to are put on the last page. */
static void place_rest(const struct article *article, const struct page *last)
{
	for (xmlNode *n = tree_first(article->body), *next; n; n = next) {
		next = tree_next(n);
		if (has_type(n, "footnote"))
			tree_append(notes_section(last), n);
	}
}

static void index_page(struct book *book, size_t page, struct map *page_of)
{
	const xmlNode *body = book->pages.items[page].body;
	for (const xmlNode *n = tree_walk(body, NULL); n; n = tree_walk(body, n)) {
		const char *id = tree_get(n, "id");
		if (id)
			book_index_add(book, page_of, id, page + 1);
	}
}

/* A target that has gone takes the link with it, but not its text. */
static void relink(struct book *book, size_t page, struct map *page_of)
{
	const struct labels *labels = labels_find(book->pages.items[page].language);
	const xmlNode *body = book->pages.items[page].body;
	for (xmlNode *n = tree_find(body, NULL, "a"); n; n = tree_find(body, n, "a")) {
		const char *href = tree_get(n, "href");
		if (!href || href[0] != '#')
			continue;
		const char *role = tree_get(n, "role");
		if (role && strcmp(role, "doc-backlink") == 0)
			tree_set(n, "aria-label", labels->text[LABEL_FOOTNOTE_BACK]);
		size_t at = book_index_find(page_of, href + 1);
		if (at == 0)
			tree_set(n, "href", NULL);
		else if (at - 1 != page)
			tree_set(n, "href",
				 arena_printf(&book->arena, "%s%s", book->pages.items[at - 1].file,
					      href));
	}
}

/* Whether anything in the article points at a place in it: most articles have no such link and
 * need no index. */
static bool has_inner_links(const struct article *article)
{
	for (const xmlNode *n = tree_find(article->body, NULL, "a"); n;
	     n = tree_find(article->body, n, "a")) {
		const char *href = tree_get(n, "href");
		if (href && href[0] == '#')
			return true;
	}
	return false;
}

void book_link(struct book *book, const struct article *article, size_t first_page)
{
	size_t end = book->pages.count;
	if (first_page == end)
		return;
	if (!has_inner_links(article)) {
		place_rest(article, &book->pages.items[end - 1]);
		return;
	}
	struct map page_of = MAP_INIT, notes = MAP_INIT;
	find_notes(article, &notes);
	for (size_t i = first_page; i < end; i++)
		place_notes(&book->pages.items[i], &notes);
	place_rest(article, &book->pages.items[end - 1]);
	for (size_t i = first_page; i < end; i++)
		index_page(book, i, &page_of);
	for (size_t i = first_page; i < end; i++)
		relink(book, i, &page_of);
	book->arena.failed |= notes.failed;
	map_release(&page_of);
	map_release(&notes);
}

/* --- From article to article --- */

/* How the articles of a book are found. */
struct articles {
	struct book *book;
	struct map paths, addresses; /* an article's number, from 1 */
	size_t *first_page;          /* of each article */
	struct map *pages_of_ids; /* of each article: a page's number, from 1; made when needed */
};

static void link_add_address(struct articles *s, const char *url, size_t number)
{
	struct buf key = BUF_INIT;
	if (!url)
		return;
	url_put_key(&key, url);
	const char *copy = key.failed ? NULL : arena_dup(&s->book->arena, key.data);
	s->book->arena.failed |= key.failed;
	if (copy)
		book_index_add(s->book, &s->addresses, copy, number);
	buf_release(&key);
}

static void find_articles(struct articles *s)
{
	struct book *book = s->book;
	size_t page = 0;
	for (size_t i = 0; i < book->article_count; i++) {
		const struct article *a = book->articles[i];
		const char *const urls[] = {a->canonical_url, a->source_url, a->asked_url,
					    a->reached_url};
		if (a->path)
			book_index_add(book, &s->paths, a->path, i + 1);
		for (size_t k = 0; k < sizeof urls / sizeof *urls; k++)
			link_add_address(s, urls[k], i + 1);
		while (page < book->pages.count && book->pages.items[page].article != a)
			page++;
		s->first_page[i] = page;
	}
}

/* The number of the article that a link leads to; 0: to none. */
static size_t find_target(struct articles *s, const char *file, const char *href)
{
	struct buf key = BUF_INIT;
	size_t number = 0;
	if (file) {
		buf_append(&key, file, strcspn(file, "#"));
		number = book_index_find(&s->paths, key.data);
	} else if (href && url_is_absolute(href)) {
		url_put_key(&key, href);
		number = book_index_find(&s->addresses, key.data);
	}
	buf_end(&key, &s->book->arena.failed);
	return number;
}

/* Lead a link to a place in an article, or to its beginning where it does not have this place. */
static void lead_to(struct articles *s, xmlNode *link, size_t number, const char *fragment)
{
	struct book *book = s->book;
	const struct article *a = book->articles[number - 1];
	struct map *ids = &s->pages_of_ids[number - 1];
	struct buf wanted = BUF_INIT, id = BUF_INIT;
	size_t first = s->first_page[number - 1];
	if (fragment && ids->count == 0)
		for (size_t i = first; i < book->pages.count && book->pages.items[i].article == a;
		     i++)
			index_page(book, i, ids);
	url_put_decoded(&wanted, fragment ? fragment : "", fragment ? strlen(fragment) : 0);
	id_map_put_name(&id, wanted.data);
	size_t at = id.len ? book_index_find(ids, id.data) : 0;
	const char *file = book->pages.items[at ? at - 1 : first].file;
	tree_set(link, "href", at ? arena_printf(&book->arena, "%s#%s", file, id.data) : file);
	buf_end(&wanted, &book->arena.failed);
	buf_end(&id, &book->arena.failed);
}

/* The links of a page. Returns how many lead to files that are not in the book after all. */
static unsigned link_page(struct articles *s, const struct page *page)
{
	unsigned lost = 0;
	for (xmlNode *n = tree_find(page->body, NULL, "a"), *next; n; n = next) {
		next = tree_find(page->body, n, "a");
		const char *file = tree_get(n, LINK_FILE_ATTRIBUTE), *href = tree_get(n, "href");
		const char *mark = file ? strchr(file, '#') : href ? strchr(href, '#') : NULL;
		size_t number = find_target(s, file, href);
		bool own = number && s->book->articles[number - 1] == page->article;
		if (number && (file || !own || mark)) {
			char *fragment = mark ? arena_dup(&s->book->arena, mark + 1) : NULL;
			lead_to(s, n, number, fragment);
		}
		tree_set(n, LINK_FILE_ATTRIBUTE, NULL);
		if (file && !number && !(href && url_is_absolute(href))) {
			link_drop(n);
			lost++;
		}
	}
	return lost;
}

void book_link_articles(struct book *book, struct diag *diag)
{
	struct articles s = {.book = book};
	size_t count = book->article_count;
	unsigned lost = 0;
	s.first_page = arena_alloc(&book->arena, count * sizeof *s.first_page);
	s.pages_of_ids = arena_alloc(&book->arena, count * sizeof *s.pages_of_ids);
	if (!s.first_page || !s.pages_of_ids)
		return;
	if (count > 1)
		find_articles(&s);
	for (size_t i = 0; i < book->pages.count; i++)
		if (book->pages.items[i].body)
			lost += link_page(&s, &book->pages.items[i]);
	if (lost)
		diag_add(diag, DIAG_LINK_BROKEN, 0,
			 "%u %s to articles that are not in the book %s removed; the text is kept",
			 lost, plural(lost, "link", "links"), plural(lost, "was", "were"));
	for (size_t i = 0; i < count; i++)
		map_release(&s.pages_of_ids[i]);
	map_release(&s.paths);
	map_release(&s.addresses);
}

void book_note_content(struct page *page)
{
	page->has_svg = tree_find(page->body, NULL, "svg") != NULL;
	page->has_mathml = tree_find(page->body, NULL, "math") != NULL;
}
