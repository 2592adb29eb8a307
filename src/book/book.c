#include "book/book.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/timestamp.h"
#include "book/layout.h"
#include "book/parts.h"
#include "lang/name.h"
#include "lang/tag.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The file's name without folder and extension: what to call an article without a title. */
static char *stem(struct arena *arena, const char *name)
{
	const char *dot = strrchr(name, '.');
	return arena_dupn(arena, name, dot && dot != name ? (size_t)(dot - name) : strlen(name));
}

static void give_titles(struct book *book)
{
	for (size_t i = 0; i < book->article_count; i++) {
		struct article *a = book->articles[i];
		if (a->title)
			continue;
		const char *name = a->source_name;
		if (name && *name && strcmp(name, "-") != 0)
			a->title = stem(&a->arena, name);
		else
			a->title = arena_dup(&a->arena, "…");
	}
}

/* Titles, one after the other; of more than `most` the first ones stand for all. */
static char *join_titles(struct book *book, const char *separator, size_t most, const char *rest)
{
	struct buf text = BUF_INIT;
	for (size_t i = 0; i < book->article_count && i < most; i++) {
		if (i)
			buf_puts(&text, separator);
		buf_puts(&text, book->articles[i]->title);
	}
	if (book->article_count > most)
		buf_puts(&text, rest);
	return buf_to_arena(&text, &book->arena);
}

static void add_once(struct book *book, struct string_list *list, const char *value)
{
	enum { MAX_COMPARED = 1000 };
	if (!value)
		return;
	for (size_t i = 0; i < list->count && i < MAX_COMPARED; i++)
		if (strcmp(list->items[i], value) == 0)
			return;
	char **slot = ARENA_PUSH(&book->arena, *list);
	if (slot)
		*slot = arena_dup(&book->arena, value);
}

/* A person may be there in several roles. */
static bool is_same_entry(const struct author *a, const struct author *b)
{
	return strcmp(a->name, b->name) == 0 && a->contributor == b->contributor &&
	       strcmp(a->role ? a->role : "aut", b->role ? b->role : "aut") == 0;
}

/* An author of several articles is one author, with whatever any of them says. */
static void book_add_author(struct book *book, const struct author *from, const char *language)
{
	enum { MAX_COMPARED = 1000 };
	if (!from->name)
		return;
	struct author *to = NULL;
	for (size_t i = 0; i < book->authors.count && i < MAX_COMPARED && !to; i++)
		if (is_same_entry(&book->authors.items[i], from))
			to = &book->authors.items[i];
	if (!to) {
		to = ARENA_PUSH(&book->arena, book->authors);
		if (!to)
			return;
		*to = *from;
	} else {
		to->bio = to->bio ? to->bio : from->bio;
		to->affiliation = to->affiliation ? to->affiliation : from->affiliation;
		to->url = to->url ? to->url : from->url;
		to->portrait = to->portrait ? to->portrait : from->portrait;
		to->sort_name = to->sort_name ? to->sort_name : from->sort_name;
	}
	if (!to->sort_name)
		to->sort_name = name_sort(&book->arena, to->name, language);
	if (!to->role)
		to->role = arena_dup(&book->arena, "aut");
}

/* UUIDv5 of the canonical URL, else of the source's digest; of several articles, of all of them. */
static void make_identifier(struct book *book)
{
	if (book->identifiers.count) {
		book->identifier = arena_dup(&book->arena, book->identifiers.items[0].value);
		return;
	}
	struct buf name = BUF_INIT;
	for (size_t i = 0; i < book->article_count; i++) {
		const struct article *a = book->articles[i];
		if (i)
			buf_putc(&name, '\n');
		const char *url = a->canonical_url ? a->canonical_url : a->source_url;
		buf_puts(&name, url && url_is_absolute(url) ? url : a->digest);
	}
	char uuid[UUID_TEXT];
	uuid_v5_url(name.data, name.len, uuid);
	book->identifier = arena_printf(&book->arena, "urn:uuid:%s", uuid);
	buf_end(&name, &book->arena.failed);
}

/* --- What is true of all articles --- */

/* The value that all articles have in the field at `at`; NULL where they differ. */
static const char *shared_value(const struct book *book, size_t at)
{
	const char *value = *(char **)((char *)book->articles[0] + at);
	for (size_t i = 1; value && i < book->article_count; i++) {
		const char *other = *(char **)((char *)book->articles[i] + at);
		if (!other || strcmp(other, value) != 0)
			return NULL;
	}
	return value;
}

/* The newest date in the field at `at`; of dates that cannot be compared the first. NULL: there is
 * no date. */
static const char *newest_date(const struct book *book, size_t at)
{
	const char *newest = NULL;
	long long newest_time = 0, when;
	for (size_t i = 0; i < book->article_count; i++) {
		const char *date = *(char **)((char *)book->articles[i] + at);
		bool known = date && when_parse(date, &when);
		if (date && (!newest || (known && when > newest_time))) {
			newest = date;
			newest_time = known ? when : newest_time;
		}
	}
	return newest;
}

static bool has_identifier(const struct article *a, const char *value)
{
	for (size_t i = 0; i < a->identifiers.count; i++)
		if (strcmp(a->identifiers.items[i].value, value) == 0)
			return true;
	return false;
}

/* Those that all articles have. */
static void add_identifiers(struct book *book)
{
	const struct identifier_list *list = &book->articles[0]->identifiers;
	for (size_t n = 0; n < list->count; n++) {
		bool shared = true;
		for (size_t i = 1; shared && i < book->article_count; i++)
			shared = has_identifier(book->articles[i], list->items[n].value);
		struct identifier *slot =
			shared ? ARENA_PUSH(&book->arena, book->identifiers) : NULL;
		if (slot)
			*slot = list->items[n];
	}
}

/* A subject of the book is one that its only article has, or two of several. */
static void add_subjects(struct book *book)
{
	struct map seen = MAP_INIT;
	for (size_t i = 0; i < book->article_count; i++) {
		const struct article *a = book->articles[i];
		for (size_t n = 0; n < a->subjects.count; n++) {
			const char *subject = a->subjects.items[n];
			const struct article *first = map_find(&seen, subject);
			if (book->article_count == 1 || (first && first != a))
				add_once(book, &book->subjects, subject);
			if (!first)
				map_set(&seen, subject, (void *)(uintptr_t)a);
		}
	}
	book->arena.failed |= seen.failed;
	map_release(&seen);
}

static long long newest_file(const struct book *book)
{
	long long newest = 0;
	for (size_t i = 0; i < book->article_count; i++)
		if (book->articles[i]->file_time > newest)
			newest = book->articles[i]->file_time;
	return newest;
}

static void set_newest(const char *date, long long *time)
{
	long long when;
	if (date && when_parse(date, &when) && when > *time)
		*time = when;
}

/* The time of last modification: the caller's; else the newest date at which an article was
 * published or changed; else when it was downloaded, or its file modified. What none of them says
 * (a pipe) gets the program's own date. Never the clock's, so that the same input makes the same
 * book. */
static void book_set_time(struct book *book, const struct book_options *options)
{
	const long long zip_era = 315532800; /* 1980-01-01T00:00:00Z: ZIP has no earlier time */
	long long time = 0;
	set_newest(newest_date(book, offsetof(struct article, modified)), &time);
	set_newest(newest_date(book, offsetof(struct article, published)), &time);
	if (time == 0)
		set_newest(newest_date(book, offsetof(struct article, retrieved)), &time);
	if (time == 0)
		time = newest_file(book);
	if (time == 0)
		set_newest(CHAPBOOK_RELEASED, &time);
	book->epoch = options->epoch >= 0 ? options->epoch : time > zip_era ? time : zip_era;
	char text[WHEN_TEXT];
	when_format(book->epoch, text);
	book->modified = arena_dup(&book->arena, text);
}

static void set_directions(struct book *book)
{
	for (size_t i = 0; i < book->article_count; i++) {
		struct article *a = book->articles[i];
		if (a->direction == DIR_UNKNOWN)
			a->direction =
				a->language && lang_tag_is_rtl(a->language) ? DIR_RTL : DIR_LTR;
	}
}

static void describe_one(struct book *book)
{
	const struct article *a = book->articles[0];
	book->title = a->title;
	book->subtitle = a->subtitle;
	book->description = a->description ? a->description : a->standfirst;
	book->publisher = a->publisher;
	book->rights = a->rights;
	book->published = a->published;
}

/* What is true of all articles. */
static void describe_several(struct book *book)
{
	book->title = join_titles(book, " · ", 3, " …");
	book->description = join_titles(book, "; ", 50, "; …");
	book->publisher = shared_value(book, offsetof(struct article, publisher));
	book->rights = shared_value(book, offsetof(struct article, rights));
	book->published = newest_date(book, offsetof(struct article, published));
}

static void replace(struct book *book, const char **field, const char *given)
{
	if (given)
		*field = arena_dup(&book->arena, given);
}

static void describe(struct book *book, const struct article *whole)
{
	if (book->article_count > 1)
		describe_several(book);
	else
		describe_one(book);
	if (!whole)
		return;
	replace(book, &book->title, whole->title);
	replace(book, &book->subtitle, whole->subtitle);
	replace(book, &book->description, whole->description);
	replace(book, &book->publisher, whole->publisher);
	replace(book, &book->rights, whole->rights);
	replace(book, &book->published, whole->published);
}

static void merge_metadata(struct book *book, const struct book_options *options)
{
	const struct article *first = book->articles[0];
	describe(book, options->whole);
	book->language = first->language ? first->language : "und";
	book->direction = first->direction;
	book->vertical = first->vertical;
	if (shared_value(book, offsetof(struct article, series.name)))
		book->series = first->series;
	book->missing = options->missing;
	for (size_t i = 0; i < book->article_count; i++) {
		struct article *a = book->articles[i];
		add_once(book, &book->languages, a->language ? a->language : book->language);
		add_once(book, &book->sources, a->canonical_url ? a->canonical_url : a->source_url);
		for (size_t n = 0; n < a->authors.count; n++)
			book_add_author(book, &a->authors.items[n], a->language);
	}
	book->direction = first->direction;
	book->labels = labels_find(book->language);
	add_subjects(book);
	add_identifiers(book);
	book->theme = options->theme ? options->theme : "default";
	make_identifier(book);
	book_set_time(book, options);
}

/* A text that is long enough for a title page and a contents page of its own. */
static bool is_long(const struct book *book)
{
	enum { LONG_TEXT = 10000 }; /* words */
	return tree_count_words(book->articles[0]->body) > LONG_TEXT;
}

static bool decide_page(enum page_choice choice, bool automatic)
{
	return choice == CHOICE_AUTO ? automatic : choice == CHOICE_YES;
}

/* Cover, title and contents. Readers' menus use the navigation document whether or not it is in the
 * reading order. Out of the spine, not linear="no": readers disagree on where to show such a page,
 * and EPUB wants a link to it (EPUB 3.3, section 5.7.2). */
static void add_front_pages(struct book *book, const struct book_options *options)
{
	bool several = book->article_count > 1, front = several || is_long(book);
	if (book_cover_picture(book))
		book_add_page(book, PAGE_COVER, "cover", book->labels->text[LABEL_COVER]);
	bool title = decide_page(options->title_page, front);
	if (title)
		book_add_page(book, PAGE_TITLE, "title", book->title);
	book->articles_open = several || !title;
	struct page *nav = book_add_page(book, PAGE_NAV, "nav", book->labels->text[LABEL_CONTENTS]);
	if (nav)
		nav->off_spine = !decide_page(options->contents_page, front);
}

static size_t count_listed(const struct book *book)
{
	size_t listed = 0;
	for (size_t i = 0; i < book->photos.count; i++)
		listed += book_lists_photo(&book->photos.items[i]);
	return listed;
}

static void book_add_pages(struct book *book, const struct book_options *options, struct diag *diag)
{
	enum { MIN_LISTED = 3 };
	add_front_pages(book, options);
	for (size_t i = 0; i < book->article_count; i++) {
		size_t first = book->pages.count;
		book_split(book, book->articles[i], options->split_level, diag);
		if (book->arena.failed)
			return;
		book_link(book, book->articles[i], first);
		for (size_t k = first; k < book->pages.count; k++)
			book_note_content(&book->pages.items[k]);
		book_add_photos(book, book->articles[i], first);
	}
	book_link_articles(book, diag);
	bool lists_photos = count_listed(book) >= MIN_LISTED;
	if (book->article_count > 1 && (lists_photos || book->missing.count))
		book_add_page(book, PAGE_COLOPHON, "colophon", book->labels->text[LABEL_COLOPHON]);
	if (lists_photos)
		book_add_photo_list(book);
}

static int check_memory(struct book *book, struct chapbook_error *err)
{
	for (size_t i = 0; i < book->article_count; i++)
		book->arena.failed |= article_failed(book->articles[i]);
	return book->arena.failed ? error_memory(err) : 0;
}

/* A book that owns the articles, also on failure. */
static struct book *take_articles(struct article **articles, size_t count)
{
	struct book *book = calloc(1, sizeof *book);
	struct article **own = calloc(count ? count : 1, sizeof *own);
	if (!book || !own) {
		for (size_t i = 0; i < count; i++)
			article_free(articles[i]);
		free(book);
		free(own);
		return NULL;
	}
	memcpy(own, articles, count * sizeof *own);
	book->articles = own;
	book->article_count = count;
	return book;
}

struct book *book_new(struct article **articles, size_t count, const struct book_options *options,
		      struct chapbook_error *err)
{
	struct book *book = take_articles(articles, count);
	if (!book) {
		error_memory(err);
		return NULL;
	}
	if (count == 0) {
		error_set(err, CHAPBOOK_E_INPUT, "no article was given");
		goto fail;
	}
	give_titles(book);
	set_directions(book);
	for (size_t i = 0; i < count; i++)
		book_lay_out(book, book->articles[i]);
	book_add_images(book); /* authors are merged with their portraits */
	merge_metadata(book, options);
	if (check_memory(book, err) == 0)
		return book;
fail:
	book_free(book);
	return NULL;
}

int book_finish(struct book *book, const struct book_options *options, struct diag *diag,
		struct chapbook_error *err)
{
	book_add_pages(book, options, diag);
	if (!book->arena.failed) {
		book_add_contents(book, options->toc_depth);
		book_assess_accessibility(book, options);
	}
	return check_memory(book, err);
}

void book_free(struct book *book)
{
	if (!book)
		return;
	for (size_t i = 0; i < book->article_count; i++)
		article_free(book->articles[i]);
	free(book->articles);
	arena_release(&book->arena);
	free(book);
}
