/* What the templates are filled from: a book as values. One file a part of the package. */
#ifndef EPUB_FACTS_H
#define EPUB_FACTS_H

#include "base/buf.h"
#include "book/book.h"
#include "template/template.h"

/* The parts that every template sees, made once and then only read. Their memory is the arena's;
 * strings are the book's. */
struct facts {
	struct arena arena;
	const struct book *book;
	struct value *book_map; /* "book": what is known of it as a whole */
	struct value *labels;   /* "labels": the book's own words */
	struct value *package;  /* "package": for the package document */
	struct value *contents; /* "contents": for nav and NCX */
};

/* Returns -1 when memory runs out. `facts` must be released either way. */
int facts_make(struct facts *facts, const struct book *book);
void facts_release(struct facts *facts);

/* The root for a template. `page` is NULL, or made by facts_page(). In `arena`, which may be
 * another one than the facts'. */
struct value *facts_root(struct arena *arena, const struct facts *facts, struct value *page);

/* "page": for one XHTML page. `text` is the markup of a chapter's body; it must outlive the value.
 */
struct value *facts_page(struct arena *arena, const struct facts *facts, const struct page *page,
			 const struct buf *text);

/* --- The parts, called by facts_make() --- */

/* toc.c */
struct value *toc_facts(struct arena *arena, const struct book *book);
/* opf.c */
struct value *opf_facts(struct arena *arena, const struct book *book);
/* end_matter.c: what stands at the end of an article; NULL when there is nothing to say. Called by
 * facts_page(). */
struct value *end_matter_facts(struct arena *arena, const char *language,
			       const struct article *article);

/* --- links.c: what they share --- */

/* An address that a page may link to: absolute and clean. NULL when it is none. */
char *facts_link(struct arena *arena, const char *url);
/* The same with the short form that pages print: "href", "text". NULL when it is none. */
struct value *facts_address(struct arena *arena, const char *url);
/* The address that an article was published at, or NULL. */
const char *facts_source(const struct article *article);
/* A date for machines ("iso", when it is one) and for people ("text"; also to *printed, unless that
 * is NULL). NULL when there is none. */
struct value *facts_date(struct arena *arena, const char *language, const char *w3c,
			 const char **printed);
/* Whether a person has that role; NULL: wrote the piece, so that the byline names them. */
bool facts_has_role(const struct author *author, const char *role);
const struct page *facts_find_page(const struct book *book, enum page_kind kind);
/* Whether there is a list of photos, and something in it. */
bool facts_lists_photos(const struct book *book);

/* --- The record (jsonld.c): all of it, for machines --- */

/* Its file, beside the package document. The package document links to it; it is no page, so that
 * pages need no script elements, which Kindle's converter does not take. */
#define RECORD_FILE "record.jsonld"

/* Append JSON-LD: schema.org's NewsArticle, Person, ImageObject. */
void jsonld_put(struct buf *out, const struct book *book);

#endif
