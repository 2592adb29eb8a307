/* How HTML becomes a tree.
 *
 * gumbo knows how HTML5 nests elements (section 13.2.6, tree construction), but it reads a
 * character at a time, and dearly. So it is given a skeleton of the page: the tags, without those
 * attributes that have no say in how elements nest, and for each run of text one character that
 * stands for it. The tree that comes out is then filled with the text and the attributes of the
 * page itself. */
#ifndef READ_HTML_PARTS_H
#define READ_HTML_PARTS_H

#include "base/buf.h"
#include "read/html/parse.h"
#include "read/html/tag.h"

#include <stdint.h>

/* --- Character references (section 13.2.5.72) --- */

enum html_reference {
	HTML_REFERENCE_NONE,    /* this "&" is text */
	HTML_REFERENCE_KNOWN,   /* it stands for *cp */
	HTML_REFERENCE_UNKNOWN, /* gumbo may know it */
};

/* What the "&" at `s` begins, and its length. */
enum html_reference html_reference_read(const char *s, size_t len, bool in_attribute, uint32_t *cp,
					size_t *taken);
/* Append the text with its references resolved; unknown ones stay as they stand. */
void html_put_resolved(struct buf *out, const char *s, size_t len, bool in_attribute);

/* --- The skeleton --- */

/* A start tag of the skeleton. */
struct html_start {
	uint32_t at;       /* where it is in the skeleton */
	uint32_t tag, len; /* where it is in the page */
	uint32_t raw;      /* of noscript: where its content is, and how long it is */
	uint32_t raw_len;
	bool as_is; /* gumbo was given its attributes */
};

/* A run of text. */
struct html_run {
	uint32_t start, len;
	uint32_t space;  /* so many characters of white space before it stand as one in the skeleton
			  */
	bool references; /* has some, to be resolved */
	bool used;
};

struct html_skeleton {
	const char *html; /* the page */
	size_t len;
	bool whole;      /* a whole page, not a fragment */
	bool prose;      /* by hand, among prose: what is no tag of HTML is text, "/>" ends an
			    element */
	bool plain;      /* formatting elements are left out */
	size_t max_open; /* elements in one another */
	/* scripts of type application/ld+json go here, unless it is NULL; strings in `arena` */
	struct string_list *json_ld;
	struct arena *arena;

	struct buf text;         /* what gumbo is given */
	struct buf starts, runs; /* arrays of the above */
};

enum { HTML_MAX_OPEN = 500 };

/* Fill text, starts and runs. Linear in the page's size. */
void html_skeleton_make(struct html_skeleton *sk);
void html_skeleton_release(struct html_skeleton *sk);

/* The run that a character of the skeleton stands for, once; NULL when there is none. */
struct html_run *html_skeleton_run(const struct html_skeleton *sk, uint32_t high, uint32_t low);

/* The characters that stand for runs are of the two planes for private use: one of plane 16 says
 * the number, and one of plane 15 before it which tens of thousands it is in. */
enum { HTML_RUN_LOW = 0x100000, HTML_RUN_HIGH = 0xF0000, HTML_RUN_BASE = 0xFFFE };

/* --- The tree --- */

/* Append the children of gumbo's `root` to `parent`. The `noscript` elements that came out, with
 * their html_start, go to `noscripts` (struct html_noscript), unless it is NULL. */
void html_tree_put(xmlNode *parent, const GumboNode *root, const struct html_skeleton *sk,
		   struct buf *noscripts);
/* The attributes of one element. */
void html_tree_put_attributes(xmlNode *node, const GumboElement *element,
			      const struct html_skeleton *sk);

struct html_noscript {
	xmlNode *node;
	uint32_t start, len; /* its content in the page */
};

#endif
