/* Inside the module of captions: reading words at the start and the end of a text. */
#ifndef LANG_CAPTION_PARTS_H
#define LANG_CAPTION_PARTS_H

#include "lang/lexicon.h"

#include <stddef.h>
#include <stdint.h>

/* Kinds of the rows of assets/credits.tsv, which says what each is. */
enum {
	LABEL,
	LABEL_END,
	LABEL_AFTER,
	SOURCE,
	AGENCY,
	ARCHIVE,
	TAKEN,
	UNNAMED,
	FIGURE,
	CAPTION,
	KIND_COUNT
};

enum { MAX_BRACKET = 240 }; /* bytes of a credit in brackets */

/* A stretch of a text: text[start..end). */
struct stretch {
	const char *text;
	size_t start, end;
};

/* The words of assets/credits.tsv. */
const struct lexicon *credit_words(void);
/* Cut white space off both ends. */
void credit_trim(struct stretch *s);
/* The last code point before text[end], end > 0; returns the bytes it takes. */
size_t credit_last_cp(const char *text, size_t end, uint32_t *cp);
/* The bytes of what may stand between a label and a name: ":", "/", "|", a dash or a dot in the
 * middle; 0: it starts with something else. */
size_t credit_separator(const char *s, size_t len);
/* The bytes of the white space that it starts with. */
size_t credit_skip_spaces(const char *s, size_t len);
/* Where the bracket opens that `close`, the last character of text[0..end), closes; SIZE_MAX if it
 * does not open within MAX_BRACKET bytes. */
size_t credit_opening_bracket(const char *text, size_t end, uint32_t close);

#endif
