/* Language tags. */
#ifndef ARTICLE_LANGUAGE_TAG_H
#define ARTICLE_LANGUAGE_TAG_H

#include <stdbool.h>
#include <stddef.h>

/* Whether it is well formed (RFC 5646 section 2.1): "en", "zh-Hant-TW", "x-own", "i-klingon". */
bool language_tag_is_well_formed(const char *tag, size_t len);

/* Whether it is well formed and names a language by two or three letters, as nearly all do; a word
 * of four to eight ("English") would be well formed, too. At most 100 bytes. */
bool language_tag_is_valid(const char *tag);

/* Give a valid tag the case that is usual, in place: "ZH-hant-tw" is "zh-Hant-TW" (RFC 5646 section
 * 2.1.1). */
void language_tag_settle_case(char *tag);

#endif
