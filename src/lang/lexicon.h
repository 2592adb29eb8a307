/* Known words and phrases, found fast: an index over a table of assets/ with rows that are
 * kind, (language,) and phrases separated by "|". Matching is without case.
 *
 * A lexicon is read once in a process, by pthread_once() in the module that owns it, and never
 * changes afterwards. */
#ifndef LANG_LEXICON_H
#define LANG_LEXICON_H

#include <stdbool.h>
#include <stddef.h>

enum { LEXICON_BUCKETS = 1024 };

struct lexicon_entry {
	const char *s;
	unsigned short len, next, rank;
	unsigned char kind;
};

/* `entries` has room for `room` of them, given by the owner: a table that is built in has a size
 * that is known, and reading it cannot fail. */
struct lexicon {
	struct lexicon_entry *entries;
	size_t room, count;
	unsigned short heads[LEXICON_BUCKETS]; /* 1 + index of the first entry; 0 none */
};

/* Read the table `file`: kinds[i] is the first cell of rows of kind i (at most 32); phrases are in
 * cell `column`. Rows of other kinds are left out. */
void lexicon_load(struct lexicon *lx, const char *file, const char *const *kinds, size_t count,
		  size_t column);

/* The bit of kind i in the sets below. */
#define KIND(i) (1u << (i))

struct lexicon_match {
	unsigned kind; /* its index */
	unsigned rank; /* which phrase of its row, from 0 */
	size_t len;    /* bytes of the text */
};

/* The longest phrase of these kinds that the text starts with, ending where a word ends. */
bool lexicon_prefix(const struct lexicon *lx, unsigned kinds, const char *text, size_t len,
		    struct lexicon_match *match);
/* Whether the whole text is such a phrase. `match` may be NULL. */
bool lexicon_has(const struct lexicon *lx, unsigned kinds, const char *text, size_t len,
		 struct lexicon_match *match);

#endif
