/* The reader of plain text, and what its files share.
 *
 * A text becomes an article in passes, each a file or a part of one; a later pass never undoes
 * an earlier one, and what no pass claims remains a paragraph.
 *
 *  1. lines     The text is cut into lines; ">" quoting and indents are measured; from the lines'
 *               lengths it is decided whether the text is hard-wrapped, and where.
 *  2. blocks    Chunks (lines between blank ones) are cut into blocks: separators, underlined
 *               headings, list items, notes, tables, paragraphs (unwrapped where the text is
 *               wrapped), or lines that keep their breaks (verse, addresses).
 *  3. lists     Items that have siblings become lists; a lone one is a paragraph after all.
 *  4. head      From the top: title, byline, date, standfirst.
 *  5. captions  Paragraphs with words that say that they belong to a picture.
 *  6. tail      From the bottom: bios, a byline at the end.
 *  7. headings  Chapter words, numbers, capitals; then short lines before prose.
 *  8. notes     "[1]" in the text meets its "[1] …" paragraph.
 *  9. build     The blocks become the body's tree; URLs become links.
 *
 * Nothing is lost: a block leaves the body (GONE) only when everything in it stands in fields of
 * the article that the book prints. What is not printed again are words of assets/phrases.tsv
 * that announce such a field ("By", "Published", "About the author") and the form of a date. */
#ifndef READ_TEXT_TEXT_H
#define READ_TEXT_TEXT_H

#include "article/article.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/utf8.h"
#include "lang/phrases.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Read a text into `a`. `text` is UTF-8 with LF line ends, without its front matter; first_line is
 * the number of its first line in the file. What `a` holds already is kept. On failure `a` is only
 * good for article_free(). */
int read_text(struct article *a, const char *text, size_t len, int first_line, struct diag *diag,
	      struct chapbook_error *err);

enum { MAX_TEXT_QUOTE = 8, MAX_TEXT_LIST = 6 };

/* A line without its quote marks, its indent and the white space at its end. */
struct line {
	const char *text;
	size_t len;
	unsigned width;        /* columns: wide characters count two */
	unsigned short indent; /* columns */
	unsigned char quote;   /* how many ">" */
};

enum block_kind {
	BLOCK_PARAGRAPH,
	BLOCK_VERSE,     /* lines that keep their breaks */
	BLOCK_TABLE,     /* lines that keep their spaces */
	BLOCK_ITEM,      /* of a list */
	BLOCK_ITEM_MORE, /* a further paragraph of the item before it */
	BLOCK_SEPARATOR,
	BLOCK_HEADING,
	BLOCK_CAPTION,
	BLOCK_NOTE, /* a footnote's text */
	BLOCK_GONE, /* its words are in the article's fields */
};

/* How a list item or note is marked. */
enum marker_kind { MARKER_NONE, MARKER_BULLET, MARKER_NUMBER, MARKER_LETTER, MARKER_NOTE };

struct marker {
	enum marker_kind kind;
	long number;  /* of the item or note; of a bullet, its character */
	unsigned len; /* bytes, with the space after it */
};

/* Ranks of headings, from the largest part to the smallest. */
enum heading_rank {
	RANK_NONE,
	RANK_PART,
	RANK_CHAPTER,
	RANK_DOUBLE /* === */,
	RANK_SINGLE /* --- */,
	RANK_CAPITALS,
	RANK_SHORT,
	RANK_NUMBERED,
	RANK_NUMBERED_2,
	RANK_NUMBERED_3,
	RANK_COUNT,
};

struct block {
	size_t first, end; /* lines[first .. end) */
	size_t chunk;      /* which one it was cut from */
	const char *cls;   /* class of its paragraph, or NULL */
	struct marker marker;
	unsigned width; /* columns of its text, all lines */
	unsigned short indent;
	unsigned char kind;  /* enum block_kind */
	unsigned char quote; /* depth of block quotes */
	unsigned char depth; /* of a list item, from 0 */
	unsigned char rank;  /* of a heading */
	bool starts_list;
	bool header; /* a line of a block of headers: "Date: …" */
	bool alone;  /* its chunk has nothing else */
};

/* A footnote's text. */
struct note {
	long number;
	size_t block;
	size_t refs; /* how many references it has */
	size_t put;  /* how many of them have been written */
	size_t id;   /* from 1, in the order of the notes */
};

struct text_reader {
	struct article *a;
	struct diag *diag;
	int first_line; /* 0: lines have no numbers */
	bool titled;    /* the title is known from elsewhere than the first lines */
	struct line *lines;
	size_t line_count;
	unsigned wrap;      /* the column where lines were broken; 0: they were not */
	unsigned indent;    /* of most lines */
	bool indents_quote; /* few lines are indented: those that are, are quotations */
	struct {
		bool title, authors, published, modified, standfirst, section;
	} given; /* known before the text was read: these overrule what the text says */
	struct block *blocks;
	size_t block_count, block_cap;
	size_t chunk_count;
	struct note *notes; /* sorted by number, then block */
	size_t note_count;
	uint64_t *words; /* hashes of the text's words, for hyphens at line ends; made on demand */
	size_t word_slots;
	struct buf scratch; /* text_of() */
	bool failed;        /* out of memory */
};

/* --- lines.c --- */
void text_cut_lines(struct text_reader *r, const char *text, size_t len);
void text_find_layout(struct text_reader *r);
/* The end of the chunk that line `i` is in. */
size_t text_chunk_end(const struct text_reader *r, size_t i);
/* Columns up to the end of the first word. */
unsigned line_first_word(const struct line *line);
/* How many columns short of the wrap the line is, were the next line's first word added to it; at
 * most 0 when there was no room. `limit` is the wrap column for text of this indent. */
int line_gap(const struct line *line, const struct line *next, unsigned limit);

/* --- join.c --- */
/* The text of a block: its lines joined as wrapped ones are, without the marker. Borrowed: from the
 * input, or from r->scratch until the next call. */
const char *text_of(struct text_reader *r, const struct block *block, size_t *len);
/* Append one more line to joined text. */
void text_join(struct text_reader *r, struct buf *out, const char *line, size_t len);

/* --- chars.c: small questions about characters and lines --- */
bool text_is_uncased(uint32_t cp);
uint32_t text_first_letter(const char *s, size_t len);
uint32_t text_last_char(const char *s, size_t len);
/* Whether it ends as a sentence does: a stop, also behind closing quotes and brackets. */
bool text_ends_sentence(const char *s, size_t len);
/* Whether it ends in a mark that promises more: comma, colon, semicolon, dash. */
bool text_ends_open(const char *s, size_t len);
unsigned text_columns(const char *s, size_t len);
/* Whether the line is nothing but a row of marks ("* * *", "-----"); *mark is which. */
bool line_is_rule(const struct line *line, char *mark);
/* Whether words are the same but for case, white space and quotation marks. */
bool text_same(const char *a, size_t alen, const char *b, size_t blen);

/* --- blocks.c --- */
void text_cut_blocks(struct text_reader *r);
struct block *text_add_block(struct text_reader *r, enum block_kind kind, size_t first, size_t end);

/* --- lists.c --- */
bool line_marker(const struct line *line, struct marker *marker);
void text_find_lists(struct text_reader *r);

/* --- head.c, standfirst.c --- */
void text_read_head(struct text_reader *r);
/* Find the standfirst among the paragraphs from blocks[first] on. `before_byline`: the block that
 * stands between title and byline, or SIZE_MAX. */
void text_find_standfirst(struct text_reader *r, size_t first, size_t before_byline);

/* --- byline.c --- */
/* What one line of a head says. */
struct head_line {
	bool is_byline, is_date;
	bool whole;       /* all of it is in the fields: the line can go */
	bool bare;        /* a name without "By": to be believed beside a date only */
	const char *left; /* with `take`: what is left of the line without the names and dates that
			     others overrule; NULL when nothing was taken out of it. In the arena */
};
/* Read a line of byline and date, filling what is unknown in the article when `take`. False when
 * it is neither. */
bool text_read_byline(struct text_reader *r, const char *s, size_t len, int line, bool take,
		      struct head_line *said);

/* What becomes of the line's block, after text_read_byline() took it. */
void text_place_byline(struct text_reader *r, struct block *b, const struct head_line *said);

/* --- headings.c, captions.c, tail.c --- */
void text_find_headings(struct text_reader *r);
void text_find_captions(struct text_reader *r);
void text_read_tail(struct text_reader *r);
/* Whether a line announces a chapter or part: the rank, or RANK_NONE. *bare: it has no title of
 * its own. */
enum heading_rank text_chapter_rank(const char *s, size_t len, bool *bare);
bool block_is_prose(struct text_reader *r, const struct block *block);

/* --- inline.c --- */
void text_find_notes(struct text_reader *r);
/* The note with its text in this block of kind BLOCK_NOTE. */
struct note *text_note_of(struct text_reader *r, const struct block *block);
/* Put text into `parent`: URLs and e-mail addresses as links, note references as such. */
void text_put_inline(struct text_reader *r, xmlNode *parent, const struct block *block,
		     const char *s, size_t len);

/* --- build.c --- */
void text_build(struct text_reader *r);

/* --- body.c --- */
enum text_passes { TEXT_BODY_HEAD = 1, TEXT_BODY_CAPTIONS = 2, TEXT_BODY_TAIL = 4 };
/* The same passes over the blocks of a->body, which has no title in it: bylines and bios move into
 * fields, captions become figures. Out of memory is noted in the article. Linear. */
void text_read_body(struct article *a, unsigned passes, struct diag *diag);

/* --- guess.c: notes for --explain --- */
/* Note in r->given what the article knows already. */
void text_note_given(struct text_reader *r);
int text_line_number(const struct text_reader *r, const struct block *block);
/* Tell a guess: `block` is where, the words are why. A start of the block's text is added. */
void text_guess(struct text_reader *r, enum diag_id id, const struct block *block, const char *fmt,
		...) __attribute__((format(printf, 4, 5)));

#endif
