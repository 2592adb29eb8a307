/* A web page on its way to an article: what the passes of this room share.
 *
 * The tree is that of an HTML5 parser: root `html`, with `head` and `body`; comments, style sheets
 * and scripts are not in it, but for `script` elements with a type of mathematics ("math/tex").
 * `noscript` elements have their content as elements. Nothing has been cleaned: names and
 * attributes are what the page had (lower case; svg and math by their own names). */
#ifndef EXTRACT_PAGE_PAGE_H
#define EXTRACT_PAGE_PAGE_H

#include "article/article.h"
#include "base/arena.h"
#include "base/diag.h"
#include "base/map.h"

#include <libxml/tree.h>

/* What the page says of a picture, outside its text. Any but `url` may be NULL. */
struct image_fact {
	const char *url; /* as the page has it */
	const char *caption, *credit, *licence;
};
struct image_fact_list {
	struct image_fact *items;
	size_t count, cap;
};

struct page {
	struct arena arena; /* whatever the passes need until the article is found */
	xmlDoc *doc;        /* owned, until extract_article() */
	xmlNode *html, *head, *body;
	struct string_list json_ld; /* the text of each script of type application/ld+json */
	const char *url;            /* where the page is from, or NULL */
	bool is_article;            /* the page is an article and nothing else: an item of a feed */
	bool whole;                 /* no article was found: all the text is to be kept */
	bool keeps_places;          /* other articles of the book may link to any place in it */
	unsigned picture_width;     /* of pictures in several sizes this is enough; 0: a usual
				       screen's */

	/* From here on: set by extract_article(). */
	struct article *a;
	struct diag *diag;
	struct image_fact_list image_facts; /* metadata_read(): from JSON-LD */
	bool is_paid;                       /* metadata_read(): isAccessibleForFree is false */
	xmlNode *content;      /* after find: the element that holds the article, and what was moved
				  into it */
	xmlNode *lead;         /* the lead picture, while it is out of the tree: owned */
	xmlNode *notes;        /* footnotes on their way, outside of the body; or NULL */
	struct map name_kinds; /* names.c: attribute value -> its kinds */
};

/* Takes over `doc` (NULL gives NULL); `url` is copied. NULL when memory runs out: `doc` is freed.
 */
struct page *page_new(xmlDoc *doc, const char *url);
void page_free(struct page *page);

/* Say that a rule fired (a note, for --explain): `rule` names it, `node` is where (may be NULL).
 * Costs next to nothing without a listener. */
void page_note(const struct page *page, const char *rule, const xmlNode *node, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Whether an element, or an element that it is in, has one of these names (separated by spaces);
 * the search ends at `stop`. */
bool page_is_inside(const xmlNode *node, const char *names, const xmlNode *stop);
bool page_name_is_in(const xmlNode *node, const char *names);

/* An address, resolved against the page's if that is known, when it is one that a book may point
 * at; NULL if not. */
char *page_url(struct page *page, const char *url);

/* Whether `node` is `root` or below it. */
bool page_holds(const xmlNode *root, const xmlNode *node);

#endif
