/* Language tags. */
#ifndef ARTICLE_LANGUAGE_TAG_H
#define ARTICLE_LANGUAGE_TAG_H

#include <stdbool.h>

/* Whether it is well formed: BCP 47 (RFC 5646 section 2.1), with a language of two or three
 * letters, then script, region, variants, and private use ("en", "zh-Hant-TW", "de-1996"). */
bool language_tag_is_valid(const char *tag);

/* Give a valid tag the case that is usual, in place: "ZH-hant-tw" is "zh-Hant-TW" (RFC 5646 section
 * 2.1.1). */
void language_tag_settle_case(char *tag);

#endif
