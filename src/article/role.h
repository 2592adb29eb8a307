/* Roles of people: assets/roles.tsv, the MARC relators. */
#ifndef ARTICLE_ROLE_H
#define ARTICLE_ROLE_H

#include <stdbool.h>

#define ROLE_CODE 4 /* with NUL */

/* The code of a role that is given by its code or by a word for it ("translator"), whatever the
 * case. False when there is no such role. */
bool role_find(const char *word, char code[ROLE_CODE]);

/* Whether people of that role are named in the byline: those who wrote the piece. NULL: the author.
 */
bool role_is_author(const char *code);

#endif
