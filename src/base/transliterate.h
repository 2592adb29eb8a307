/* From any script to ASCII, by libicui18n, which is opened at first use. */
#ifndef BASE_TRANSLITERATE_H
#define BASE_TRANSLITERATE_H

#include <stdbool.h>

struct buf;

/* Append `text` (UTF-8) in ASCII letters: Chinese in pinyin, Russian and its neighbours by the BGN
 * tables of their languages (BCP 47 tag; NULL: not known), others by ICU's "Any-Latin". False, with
 * nothing appended, where the library or its data is not installed. */
bool transliterate_put(struct buf *out, const char *text, const char *language);

#endif
