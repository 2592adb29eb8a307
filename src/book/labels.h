/* The words that a book itself says, in the book's language: from assets/labels.tsv. */
#ifndef BOOK_LABELS_H
#define BOOK_LABELS_H

#include <stddef.h>

enum label {
#define LABEL(id, name) LABEL_##id,
#include "book/label_table.h"
#undef LABEL
	LABEL_COUNT
};

struct labels {
	const char *language;          /* of the words */
	const char *text[LABEL_COUNT]; /* never NULL: English where a language has no word */
};

/* The labels for a BCP 47 tag (NULL: none is known): the closest row ("zh-Hant-TW", "zh-Hant",
 * "zh"), else English. Static; parsed once, thread-safe. */
const struct labels *labels_find(const char *language);
/* What is written before name `i` of `count` in a list: "", the comma or the "and" of the language,
 * with its spaces. */
const char *labels_joint(const struct labels *labels, size_t i, size_t count);
/* The key that the table and the templates use: "about_the_author". */
const char *label_name(enum label label);

/* So many names stand on the title page and the cover; the others are LABEL_AND_OTHERS. */
enum { MAX_NAMES_SHOWN = 12 };

#endif
