/* Identifiers of publications: ISBN, DOI and the like. */
#ifndef ARTICLE_IDENTIFIER_H
#define ARTICLE_IDENTIFIER_H

#include "article/article.h"

/* Whether an identifier was made, and whether it is what its scheme says. */
enum identifier_outcome { IDENTIFIER_OK, IDENTIFIER_EMPTY, IDENTIFIER_BAD_ISBN };

/* Fill `id` from what was given; `scheme` may be NULL, or any spelling ("isbn13"). An ISBN, known
 * by its check digit, becomes "urn:isbn:DIGITS" with its scheme; a DOI is known by its form. Other
 * values are kept, white space folded. IDENTIFIER_BAD_ISBN: the scheme says ISBN, and the check
 * digit is wrong; the value is kept. */
enum identifier_outcome identifier_make(struct article *a, const char *scheme, const char *value,
					struct identifier *id);

/* The code of a scheme in ONIX code list 5 (EPUB 3.3 section D.3.5), or NULL. */
const char *identifier_onix_code(const char *scheme);

#endif
