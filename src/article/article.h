/* The model: what is known about an article, and its body.
 *
 * Plain structs that own nothing by themselves: every string lives in the article's arena,
 * is UTF-8, clean for XML (utf8_is_clean()), trimmed, and NULL when it is not known; nothing
 * is ever "". (Folders are paths as the system has them.) The body is a tree (tree.h) whose form is
 * fixed below. Nothing here knows of EPUB.
 *
 * First come, first served: an article starts with what the caller said (options), then front
 * matter, then a metadata file, then the reader's guesses each fill in what is still unknown.
 * So a reader sets a field only when it is NULL; article_fill() does just that.
 *
 * The body, as every reader leaves it:
 * - the root is `body`; its elements and their nesting follow elements.h; no namespaces: names
 *   and attributes are plain XHTML names, plus `epub:type`, and `svg` and `math` subtrees with
 *   their own names (`xlink:href` as it stands);
 * - the article's title, byline, standfirst and bios that went into the structs are not in it;
 *   all else that was in the input is;
 * - headings are h1 to h6 with any levels: the book renumbers them;
 * - `img` has `src`: the reference as the input had it, and `alt` where the input gave one (an
 *   absent alt is unknown, an empty one says "decoration");
 * - a picture or its caption alone is `figure`: at most one `img` (bare or in `a`), then
 *   `figcaption`, in which the credit is `span class="credit"` with the words as they stood
 *   ("(Photo/Xinhua)"). Readers need not set an id: article_collect_figures() does;
 * - of a picture that is lost there may be a `span class="missing-image"`: its alt text and an `a
 *   class="missing-source"` that leads to its address;
 * - a footnote reference is `a epub:type="noteref" role="doc-noteref" href="#ID" id="…"`, its
 *   note `aside epub:type="footnote" role="doc-footnote" id="ID"` among the body's children,
 *   at the end, with an `a role="doc-backlink"` that leads back;
 * - a pull quote has class "pullquote"; a thematic break is `hr`; verse is `p class="verse"` with
 *   `br`; code is `pre` > `code`, class "language-X" where known; a credit or date line remains a
 *   paragraph;
 * - `id`s are unique in the body, and every `href="#…"` has one. */
#ifndef ARTICLE_ARTICLE_H
#define ARTICLE_ARTICLE_H

#include "base/arena.h"
#include "base/id.h"

#include <libxml/tree.h>

struct author {
	char *name; /* as printed: "Yu Hongjun"; NULL only while a lone bio waits for its name */
	char *sort_name;  /* file-as: "Yu Hongjun" (family first), "Brown, Ann"; see name_sort() */
	char *role;       /* MARC relator code; NULL means "aut" */
	bool contributor; /* not one of the creators: dc:contributor */
	char *bio;        /* paragraphs separated by a blank line */
	char *affiliation;
	char *url;
	char *portrait;              /* image reference */
	const char *portrait_folder; /* as cover_folder */
};

/* A picture in the article, or the caption of one that is lost. Made from the body by
 * article_collect_figures(): the body is where they are at home. */
struct figure {
	char *id;        /* of its `figure` element, or of the `img` that stands alone: "photo-1" */
	char *src;       /* the `img`'s reference; NULL when there is only a caption */
	char *caption;   /* plain text without the credit; NULL if none */
	char *credit;    /* the bare name: "Xinhua" */
	char *copyright; /* "© 2024 …" where the caption has such a notice */
	char *alt;       /* NULL unknown; the only field that may be "" (decoration) */
	char *description; /* long description */
	char *licence;     /* URL or name */
	char *source_url;  /* where the picture came from, when not src */
};

/* A picture's bytes; one for each distinct content, however many references point at it. */
struct image {
	char *ref; /* the reference that stands in the body (first one) */
	const char *media_type;
	const void *bytes; /* the arena's */
	size_t size;
	unsigned width, height; /* pixels; 0 unknown (SVG without size) */
	const void *original;   /* as it came, where it was made anew and is kept; or NULL */
	size_t original_size;
};

/* body `src` -> image; several refs may share one image. */
struct image_ref {
	char *ref;
	size_t image; /* index into images */
};

enum direction { DIR_UNKNOWN, DIR_LTR, DIR_RTL };

struct series {
	char *name;     /* belongs-to-collection */
	char *type;     /* "series" or "set" */
	char *position; /* group-position: "2" or "2.1" */
};

struct identifier {
	char *value;
	char *scheme; /* "ISBN-13", "DOI", "URI"; NULL unknown */
};

struct author_list {
	struct author *items;
	size_t count, cap;
};
struct string_list {
	char **items;
	size_t count, cap;
};
struct figure_list {
	struct figure *items;
	size_t count, cap;
};
struct image_list {
	struct image *items;
	size_t count, cap;
};
struct image_ref_list {
	struct image_ref *items;
	size_t count, cap;
};
struct identifier_list {
	struct identifier *items;
	size_t count, cap;
};

/* A file that came with the article: a part of an MHTML archive. */
struct part {
	char *url;         /* its Content-Location, or "cid:…" */
	const char *bytes; /* in the arena */
	size_t size;
};
struct part_list {
	struct part *items;
	size_t count, cap;
};

struct article {
	struct arena arena;
	char *title;
	char *subtitle;
	char *standfirst;  /* the paragraph under the title that sums up */
	char *description; /* abstract, for catalogues; the book falls back on the standfirst */
	struct author_list authors;
	char *publisher;   /* or site */
	char *section;     /* "Politics" */
	char *folder_name; /* that its source has it in: "Reading/Science" */
	char *group;       /* of a book of several: the line of the contents that it is below */
	char *published;   /* W3C date and time format: 2021, 2021-07, 2021-07-02,
			      2021-07-02T10:00:00Z */
	char *modified;
	char *retrieved;
	char *language; /* BCP 47 */
	bool language_guessed;
	enum direction direction;
	bool vertical;           /* vertical-rl writing */
	char *source_url;        /* where it was got */
	char *asked_url;         /* of what was fetched: the address that was asked for */
	char *reached_url;       /* … and the one that its bytes came from, behind redirects */
	char *archived_url;      /* … the copy in a web archive that it was, or NULL */
	char *next_url;          /* the next page of the same article */
	char *base_url;          /* what its references are relative to, when not to source_url */
	char *canonical_url;     /* the address to cite: given, or what the page says */
	char *source_name;       /* the input's file name, no folders */
	char *input_name;        /* what messages call the input */
	char *path;              /* absolute, of the file that it was read from; for comparing only:
				    bytes of any kind */
	char digest[SHA256_HEX]; /* of the source bytes; "" until known */
	long long file_time;     /* when the file that it was read from was modified last: seconds
				    since 1970; 0: unknown */
	struct string_list subjects;
	char *rights;
	struct identifier_list identifiers;
	struct series series;
	bool no_guess;      /* only what is declared counts: front matter, metadata of a page. Set
			       before reading */
	const char *folder; /* the files that the article names are below it (base/below.h); NULL:
			       the article may name no files. Set before reading */
	char *cover_ref;    /* cover-image: an image reference */
	const char *cover_folder; /* that the file is below, when a->folder is not; "": none */
	char *lead_image;       /* the picture that stands for the article: og:image and the like */
	struct part_list parts; /* files that came with it */
	struct string_list css; /* extra style sheets: file names */
	const char *css_folder; /* as cover_folder */
	struct figure_list figures;
	struct image_list images;
	struct image_ref_list image_refs;
	xmlDoc *doc;   /* owned; tree_doc_new() */
	xmlNode *body; /* its root */
};

/* Returns NULL when memory runs out. The body is empty. */
struct article *article_new(void);
void article_free(struct article *a);

/* Whether memory ran out anywhere in this article (arena or tree). */
bool article_failed(const struct article *a);

/* Set *field to a trimmed, cleaned copy of `value` if it is NULL and value has anything in it.
 * `len` SIZE_MAX means up to the NUL. Returns whether it was set. */
bool article_fill(struct article *a, char **field, const char *value, size_t len);

/* Take user names and passwords out of all addresses that are known of the article: a book has
 * none.
 */
void article_hide_logins(struct article *a);

/* Add an author, or return the one of that name (compared without case and space), or the
 * nameless one whose bio was given first. NULL when memory runs out. */
struct author *article_author(struct article *a, const char *name);

/* The author of that name, also where it is spelled differently (name_is_same()), or NULL. */
struct author *article_find_author(struct article *a, const char *name);

/* Whether there is more to say of an author than the name. */
bool author_has_facts(const struct author *author);

/* Whether the byline names them: somebody who wrote the piece. */
bool author_wrote(const struct author *author);

/* Whether anybody is named as author yet: a lone bio still waits for its name. */
bool article_has_author(const struct article *a);

/* Pictures that are alone in their paragraph, list item or other block become figures, one a
 * figure; a list of figures alone gives way to them. Icons, and pictures in cells of tables, stay
 * in the text. Called when the pictures are loaded: small ones are icons. */
void article_make_figures(struct article *a);

/* Whether a figure without a picture is the caption of a lost photo, and not a table or code with a
 * caption; and the address where its picture can still be had, or NULL. */
bool article_is_lost_photo(const xmlNode *figure);
const char *article_lost_address(const xmlNode *figure);

/* Give figures and lone images their ids ("photo-1", …, in document order, unless the id is
 * taken) and fill a->figures from the body. Called once, after reading. Figures whose img is a
 * decoration (alt="" and no caption) are left out. */
void article_collect_figures(struct article *a);
/* Remove soft hyphens, zero-width spaces, word joiners and byte order marks from names, titles,
 * captions and headings. */
void article_clean_words(struct article *a);
/* Remove captions and alternative texts that say nothing (lang/filler.h). */
void article_drop_fillers(struct article *a);

#endif
