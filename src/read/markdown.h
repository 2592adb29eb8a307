/* The Markdown reader's inside: what read/markdown*.c share. The way in is read_markdown()
 * (read.h).
 *
 *  1. limits   What would cost cmark the square of its length is refused; notes that nothing
 *              refers to become paragraphs.
 *  2. parse    cmark-gfm makes its tree; out of memory is an error, not an abort.
 *  3. tree     cmark's tree becomes the body, block after block, each freed as it is done.
 *  4. raw      Runs of blocks with raw HTML are written as HTML and parsed as such.
 *  5. places   Ids: of headings (as GitHub makes them), notes, raw HTML; links follow.
 *  6. sanitise If there was raw HTML: only then can the body be wrong.
 *  7. figures  Pictures alone in their paragraph get their captions.
 *  8. head     Title and byline leave the body. */
#ifndef READ_MARKDOWN_H
#define READ_MARKDOWN_H

#include "article/article.h"
#include "base/buf.h"
#include "base/diag.h"

#include <cmark-gfm.h>
#include <stdbool.h>
#include <stddef.h>

/* --- markdown_parser.c --- */
struct markdown_memory {
	struct markdown_block *blocks; /* what cmark holds */
	size_t left;                   /* how many blocks it may still ask for */
};
/* Run fn(ctx), which may call cmark; afterwards nothing that cmark made is left. */
int markdown_run(struct markdown_memory *memory, void (*fn)(void *ctx), void *ctx,
		 struct chapbook_error *err);
/* Parse; to be called inside markdown_run(). Never NULL. */
cmark_node *markdown_parse(const char *text, size_t len);
/* Whether the text can be parsed in linear time. */
int markdown_check_limits(const char *text, size_t len, int first_line, struct chapbook_error *err);
/* Markdown reduced to its words, appended. */
void markdown_put_plain(struct buf *out, const char *text, size_t len);

/* --- markdown_notes.c --- */
/* Append the text to `out` with the notes that nothing refers to as paragraphs. False, and
 * nothing appended, when there are none. */
bool markdown_keep_notes(struct buf *out, const char *text, size_t len);

/* --- markdown_tree.c --- */
/* Pieces of raw HTML stand in the tree as elements of this name, which hold them as text. */
#define MARKDOWN_RAW "raw-html"
/* What the conversion needs; the caller releases it, since cmark may leave by longjmp. */
struct markdown_scratch {
	struct buf text, scratch, alt;
	int *notes; /* how many references each footnote has had */
};
#define MARKDOWN_SCRATCH_INIT                                                                      \
	{                                                                                          \
		BUF_INIT, BUF_INIT, BUF_INIT, NULL                                                 \
	}
void markdown_scratch_release(struct markdown_scratch *scratch);
/* Append the document to `body`; frees it. Returns how many pieces of raw HTML there are. */
size_t markdown_put_tree(xmlNode *body, cmark_node *document, struct markdown_scratch *scratch);

/* --- markdown_raw.c --- */
int markdown_parse_raw(xmlNode *body, struct chapbook_error *err);

/* --- markdown_body.c --- */
void markdown_name_places(xmlNode *body, bool drop_dead_links);
void markdown_make_figures(xmlNode *body, struct diag *diag);
void markdown_read_head(struct article *a, int first_line, struct diag *diag);

#endif
