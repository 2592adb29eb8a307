/* The reader of Markdown, and what its files share.
 *
 *  0. blocks   Fenced divs and inline notes are written as what cmark knows.
 *  1. limits   What would cost cmark the square of its length is refused, or kept as text; notes
 *              that nothing refers to become paragraphs.
 *              What is TeX is hidden.
 *  2. parse    cmark-gfm makes its tree; out of memory is an error, not an abort.
 *  3. tree     cmark's tree becomes the body, block after block, each freed as it is done.
 *  4. raw      Runs of blocks with raw HTML are written as HTML and parsed as such.
 *     attributes  What stands in braces is taken.
 *  5. places   Ids: of headings (as GitHub makes them), notes, raw HTML; links follow.
 *  6. sanitise If there was raw HTML: only then can the body be wrong.
 *  7. figures  Pictures alone in their paragraph get their captions.
 *  8. head     Title and byline leave the body. */
#ifndef READ_MARKDOWN_MARKDOWN_H
#define READ_MARKDOWN_MARKDOWN_H

#include "article/article.h"
#include "base/buf.h"
#include "base/diag.h"

#include <cmark-gfm.h>
#include <stdbool.h>
#include <stddef.h>

/* --- markdown.c --- */
/* Read Markdown into `a`. `text` is UTF-8 with LF line ends, without its front matter; first_line
 * is the number of its first line in the file. What `a` holds already is kept. On failure `a` is
 * only good for article_free(). */
int read_markdown(struct article *a, const char *text, size_t len, int first_line,
		  struct diag *diag, struct chapbook_error *err);

/* --- limits.c --- */
/* What cmark searches for besides CommonMark, footnotes, strikethrough and task lists. */
struct markdown_syntax {
	bool autolinks, tables;
	bool costly_addresses; /* there are bare addresses; they are kept as text */
};
/* Set *syntax so that the text can be parsed in linear time: what costs too much is kept as text.
 * Where that is not possible: CHAPBOOK_E_LIMIT. */
int markdown_check_limits(const char *text, size_t len, int first_line,
			  struct markdown_syntax *syntax, struct chapbook_error *err);

/* --- parser.c --- */
struct markdown_memory {
	struct markdown_block *blocks; /* what cmark holds */
	size_t left;                   /* how many bytes it may still ask for */
	size_t taken, owner;           /* of memory_limit_take() */
};
/* The memory that cmark may have for a text of this length: several times what any text written by
 * hand needs. A link's address is copied for each use of its reference. */
struct markdown_memory markdown_memory_for(size_t len);
/* Run fn(ctx), which may call cmark; afterwards nothing that cmark made is left. */
int markdown_run(struct markdown_memory *memory, void (*fn)(void *ctx), void *ctx,
		 struct chapbook_error *err);
/* Parse; to be called inside markdown_run(). Never NULL. */
cmark_node *markdown_parse(const char *text, size_t len, const struct markdown_syntax *syntax);
/* Markdown reduced to its words, appended. */
void markdown_put_plain(struct buf *out, const char *text, size_t len);

/* --- blocks.c --- */
/* Append the text to `out` with fenced divs (":::") as HTML and inline notes ("^[text]") as notes.
 * False, and nothing appended, when there are none. Linear. */
bool markdown_write_blocks(struct buf *out, const char *text, size_t len);

/* --- notes.c --- */
/* Append the text to `out` with the notes that nothing refers to as paragraphs. False, and
 * nothing appended, when there are none. */
bool markdown_keep_notes(struct buf *out, const char *text, size_t len);

/* --- math.c --- */
struct markdown_formula {
	const char *tex; /* in the text, with its delimiters */
	size_t len;
};
struct markdown_math {
	struct buf formulas; /* struct markdown_formula each */
	size_t count;
};
/* Append the text to `out` with a mark in the place of each formula. False when there are none:
 * then `out` is not to be used. `text` must outlive `math`. Linear. */
bool markdown_hide_math(struct buf *out, const char *text, size_t len, struct markdown_math *math);
/* The next mark in `s`, *len bytes of it, and its formula; NULL when there is none. */
const char *markdown_next_formula(const struct markdown_math *math, const char *s,
				  struct markdown_formula *found, size_t *len);
/* Append `s` with its formulas as they were. */
void markdown_put_shown(struct buf *out, const struct markdown_math *math, const char *s);

/* --- tree.c --- */
/* Pieces of raw HTML stand in the tree as elements of this name, which hold them as text. */
#define MARKDOWN_RAW "raw-html"
/* What the conversion needs; the caller releases it, since cmark may leave by longjmp. */
struct markdown_scratch {
	struct buf text, scratch, alt;
	int *notes;                       /* how many references each footnote has had */
	const struct markdown_math *math; /* borrowed; NULL: none */
};
#define MARKDOWN_SCRATCH_INIT                                                                      \
	{                                                                                          \
		BUF_INIT, BUF_INIT, BUF_INIT, NULL, NULL                                           \
	}
void markdown_scratch_release(struct markdown_scratch *scratch);
/* Append the document to `body`; frees it. Returns how many pieces of raw HTML there are. */
size_t markdown_put_tree(xmlNode *body, cmark_node *document, struct markdown_scratch *scratch);

/* --- raw.c --- */
int markdown_parse_raw(xmlNode *body, struct chapbook_error *err);

/* --- attributes.c --- */
/* Attributes in braces behind headings, pictures, code and "[words]" are removed, their ids and alt
 * texts taken; quotations that begin with "[!NOTE]" become callouts. */
void markdown_take_attributes(xmlNode *body);

/* --- body.c --- */
void markdown_name_places(xmlNode *body, bool drop_dead_links);
void markdown_make_figures(xmlNode *body, struct diag *diag);
void markdown_read_head(struct article *a, int first_line, struct diag *diag);

#endif
