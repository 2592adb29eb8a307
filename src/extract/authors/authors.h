/* Inside people*.c, extract/clean/header.c and credit_line.c: what the lines of a page say about
 * who wrote it. */
#ifndef EXTRACT_AUTHORS_AUTHORS_H
#define EXTRACT_AUTHORS_AUTHORS_H

#include "base/buf.h"
#include "extract/page/lines.h"

/* --- names.c --- */

/* How many bytes at the start of the text say the name, whatever stands between its letters (white
 * space, stops, case); 0 when it starts with something else, or with a longer word. */
size_t name_at(const char *text, size_t len, const char *name);
bool name_is(const char *text, size_t len, const char *name);

/* The author whose name the text starts with, *used bytes of it; NULL when there is none. */
struct author *author_at(const struct article *a, const char *text, size_t len, size_t *used);
/* The author whose name has all the words of `name`, or the other way round: "Dr. Ann Brown" and
 * "Ann Brown", "Ann" and "Ann Brown"; one word is enough when there is one author. */
struct author *author_like(const struct article *a, const char *name, size_t len);
/* The one author that the article has, or NULL. */
struct author *author_alone(const struct article *a);

/* Of the words of the shorter text, the share that the other has, too: 0 to 1. */
double share_of_words(const char *a, size_t alen, const char *b, size_t blen);
/* Whether it is the name of a person and not of their position. */
bool is_name(const char *text, size_t len);

/* --- bio_text.c --- */

/* Whether a line, with this text, is prose that may describe an author, and no button, link or
 * label. */
bool is_bio_prose(const struct line *line, const char *text, size_t len);

/* The length of a bio without the button behind its last sentence ("Read more"). */
size_t trim_bio(const char *text, size_t len);

/* The text of a person's bio, paragraph by paragraph. */
struct bio {
	const char *name; /* of the author, as it is given there; NULL when it is not */
	struct buf text;
};

/* The author whom the bio is about, by name or, when it gives none, because there is one only; NULL
 * when that cannot be said. */
struct author *bio_author(const struct article *a, const struct bio *bio);
/* Let the author have the bio, if they had none or a shorter one. */
void bio_give(struct article *a, struct author *author, const struct buf *text);

/* Past brackets, dashes and stars that a bio may stand in. */
void skip_wrapping(const char **s, size_t *len);

/* Whether a line, with this text, is a bio by its own words: "The author is …", "Ann Brown is …"
 * where she is the author or, with `may_add`, another person. *name is the author's, NULL for "the
 * author". */
bool is_bio_line(struct page *page, const struct line *line, const char *s, size_t len,
		 bool may_add, const char **name);

/* --- credit_line.c --- */

/* What a line says that says nothing else. */
enum meta {
	META_WHO = 1,
	META_WHEN = 2,
	META_LABEL = 4, /* "By", "Published" */
	META_COUNT = 8, /* "5 min read" */
};

/* A set of enum meta, or 0 when the line says anything else. */
unsigned meta_line(struct page *page, const char *text, size_t len);

#endif
