/* Names of people. */
#ifndef LANG_NAME_H
#define LANG_NAME_H

#include "base/arena.h"

#include <stdbool.h>

/* The form to sort by: "Ann Brown" -> "Brown, Ann", "Ludwig van Beethoven" -> "Beethoven,
 * Ludwig van"; family-name-first names stay as they are: those in Han, Kana or Hangul; those
 * with a first word that is a common Chinese, Korean or Vietnamese family name and whose form says
 * so
 * ("Yu Hongjun", "Kim Jong-un", "Nguyen Van A"); those of a book in zh, ja, ko, vi, hu. One
 * word, or an organisation, is kept as it is. `language` may be NULL. In the arena. */
char *name_sort(struct arena *arena, const char *name, const char *language);

/* Whether the text looks like the name of a person (2 to 5 words, each with a capital or a
 * particle; or 2 to 4 ideographs). */
bool name_is_personal(const char *text, size_t len);

/* Whether a name in ideographs or Hangul begins with a common family name, and is no longer than a
 * name with that is. */
bool name_has_family(const char *text, size_t len);

/* Whether two names are one, spelled differently: case, accents, hyphens, initials between the
 * first and the last word, a title before it ("Dr."), "Brown, Ann" for "Ann Brown". */
bool name_is_same(const char *a, const char *b);

#endif
