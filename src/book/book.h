/* The book: articles bound into pages, with one table of contents from which both nav and NCX
 * are printed. Knows what an e-book is made of, not how EPUB writes it down. */
#ifndef BOOK_BOOK_H
#define BOOK_BOOK_H

#include "article/article.h"
#include "base/arena.h"
#include "base/diag.h"
#include "book/labels.h"

enum page_kind {
	PAGE_COVER,    /* the cover picture alone */
	PAGE_TITLE,    /* title, subtitle, standfirst, byline, date, source */
	PAGE_NAV,      /* contents, photos, landmarks */
	PAGE_CHAPTER,  /* part of an article's body */
	PAGE_COLOPHON, /* of several articles: those that are missing, the list of photos */
};

/* One XHTML page of the book, in reading order. */
struct page {
	enum page_kind kind;
	size_t number;  /* of chapters: 1, 2, … through the book */
	int rank;       /* of chapters: depth in the contents that its heading asks for */
	bool continues; /* the chapter before continues here: it has no line in the contents */
	char *id;       /* manifest id: "chapter-1" */
	char *file;     /* "chapter-1.xhtml" */
	char *title;    /* for <title> and, in chapters, what its h1 says as plain text */
	const char *language; /* of this page; never NULL */
	enum direction direction;
	const struct article *article; /* of a chapter; else NULL */
	xmlNode *body; /* chapters: a `section` that holds the page's content, h1 first when the
			  chapter has one of its own; links and ids are final. Else NULL */
	bool heading_is_article_title; /* the chapter has no heading of its own: its h1 (to be
				   printed by the template) is `title`, the article's */
	bool opens_article; /* the first page of an article: title, standfirst, byline and date are
			       printed over its text, unless the book's title page has them */
	bool ends_article;  /* the last one: its authors and where it was published come after it */
	bool off_spine;     /* not in the reading order: a navigation document that only readers'
			       menus use */
	bool dropped;       /* it is not in the book after all: the page of a cover that is lost */
	bool has_svg, has_mathml;
};

/* A line of the contents. */
struct toc_entry {
	char *title;
	char *href; /* "chapter-1.xhtml" or "chapter-1.xhtml#id" */
	struct toc_entry *first_child, *next;
};

/* A line of the list of photos, and what the package document says of the picture. */
struct photo {
	const struct figure *figure;
	const struct resource *resource; /* NULL: the picture is lost */
	char *href;                      /* where the figure stands: "chapter-2.xhtml#photo-1" */
	char *label; /* what the list calls it: the caption shortened, alt, credit, or its heading
		      */
};

/* A file of the book that is not a page: picture or extra style sheet. */
struct resource {
	char *id;   /* "image-1" */
	char *file; /* "image-1.jpg": the place in the package's content folder */
	const char *media_type;
	const void *bytes;
	size_t size;
	unsigned width, height;
	bool is_cover, is_drawn; /* drawn: by book_set_cover() */
	const char *stands_in; /* of an original: the id of what readers show that cannot show it */
	size_t original;       /* its index in the list + 1; 0: there is none */
	bool dropped;          /* it is not in the book after all */
	const char *origin;    /* of a style sheet: what messages call it */
	bool given;            /* of a style sheet: by the caller */
};

/* Accessibility facts, computed from what is really there. Values are those of the EPUB
 * Accessibility 1.1 discovery vocabulary (schema.org). */
struct accessibility {
	struct string_list modes;      /* textual, visual */
	struct string_list sufficient; /* "textual", "textual,visual" */
	struct string_list features; /* structuralNavigation, tableOfContents, alternativeText, … */
	struct string_list hazards; /* none, unknown, … */
	char *summary;              /* in the book's language */
	char *conforms_to;          /* only when the caller says that someone evaluated it */
	char *certified_by;
};

struct page_list {
	struct page *items;
	size_t count, cap;
};
struct photo_list {
	struct photo *items;
	size_t count, cap;
};
struct resource_list {
	struct resource *items;
	size_t count, cap;
};

enum page_choice { CHOICE_AUTO, CHOICE_YES, CHOICE_NO };

struct book_options {
	const struct article *whole; /* what the caller says of a book of several articles; NULL:
					nothing. Its title, publisher, … are used, no body */
	int split_level; /* 0: decide; 1 to 6: split at headings up to this level; -1: never */
	int toc_depth;   /* 0: all */
	enum page_choice title_page,
		contents_page; /* automatic: for several articles or a long text */
	const char *conforms_to, *certified_by;
	const char *theme;          /* NULL: "default" */
	long long epoch;            /* SOURCE_DATE_EPOCH, or -1 */
	struct string_list missing; /* names of articles that could not be read */
};

struct book {
	struct arena arena;
	struct article **articles; /* owned */
	size_t article_count;
	/* Book-level metadata; for one article these are the article's own. */
	const char *title, *subtitle, *description, *publisher, *published, *rights;
	const char *language;         /* never NULL: "und" when it is not known */
	struct string_list languages; /* all, main one first */
	enum direction direction;
	bool vertical;
	struct string_list missing; /* names of articles that should be in it; borrowed strings */
	struct author_list authors; /* all, in order, each once; sort_name is filled in */
	struct string_list subjects;
	struct string_list sources;
	struct identifier_list identifiers; /* those given; ISBN, DOI, … */
	struct series series;
	char *identifier; /* "urn:uuid:…", or the caller's */
	char *modified;   /* dcterms:modified: YYYY-MM-DDThh:mm:ssZ; never NULL */
	long long epoch;  /* the same as seconds, for ZIP times */
	const char *theme;
	struct page_list pages;
	size_t chapter_count;
	bool articles_open;       /* each article begins with its title, standfirst and byline */
	struct toc_entry *toc;    /* first of the top level */
	int toc_depth;            /* deepest level there is */
	struct photo_list photos; /* with those that lost their picture */
	const char *photos_href;  /* the list of photos: "chapter-2.xhtml#photos"; NULL: none */
	struct resource_list resources;
	struct resource_list css;         /* extra style sheets */
	struct resource_list style_files; /* what they name: fonts, pictures, imported sheets */
	struct accessibility accessibility;
	const struct labels *labels;
};

/* A book is made in three steps: book_new() takes the articles, a cover and style sheets may be
 * added, and book_finish() makes the pages, numbers and links them, makes the contents and says
 * what is true of accessibility. */

/* Take articles (owned, also on failure) into a book: they are laid out, their pictures become
 * resources, and the metadata of the book is made. The options are read again by book_finish().
 * NULL with an error set: CHAPBOOK_E_MEMORY; CHAPBOOK_E_INPUT without articles. */
struct book *book_new(struct article **articles, size_t count, const struct book_options *options,
		      struct chapbook_error *err);
/* To be called once. Returns 0, or -1 with CHAPBOOK_E_MEMORY. */
int book_finish(struct book *book, const struct book_options *options, struct diag *diag,
		struct chapbook_error *err);
void book_free(struct book *book);

/* How much of a page book_simplify() makes plain text. */
enum book_part {
	BOOK_BLOCK,       /* the innermost block */
	BOOK_OUTER_BLOCK, /* the block right in the page that holds it */
	BOOK_PAGE,        /* every block of the page */
};

/* The last resort for a page that is not valid: replace a part of it by its text; ids stay where
 * they were. `line`: where the fault is in what xhtml_put_children() writes of the page's body; 0:
 * unknown, all of the page is meant. False when the page has nothing that could be replaced. */
bool book_simplify(struct page *page, size_t line, enum book_part part);

/* The same for a picture that is not valid: it is dropped, as if it had been lost, from the cover,
 * too, whose page is dropped until book_set_cover() gives another one. False when it is a cover
 * that book_set_cover() added. */
bool book_drop_picture(struct book *book, struct resource *picture);

/* Find out what can be said of the book's accessibility: book_finish() does, and so must the caller
 * of the two functions above. */
void book_assess_accessibility(struct book *book, const struct book_options *options);

struct book_cover {
	char *bytes; /* malloc()ed; the book takes them over, whatever happens */
	size_t size;
	bool png; /* else a JPEG */
	unsigned width, height;
};

/* Give a book that has none a cover: before book_finish(), which makes its page, or in place of one
 * that was dropped after it. Returns 0, or -1 with CHAPBOOK_E_MEMORY. */
int book_set_cover(struct book *book, const struct book_cover *cover, struct chapbook_error *err);
/* NULL: the book has no cover. */
const struct resource *book_cover_picture(const struct book *book);

/* Whether the list of photos names this one: its picture is in the book. */
bool book_lists_photo(const struct photo *photo);

#endif
