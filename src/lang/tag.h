/* Language tags (RFC 5646): the one home of what is a tag, how it is written, and which way its
 * script runs. */
#ifndef LANG_TAG_H
#define LANG_TAG_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Whether it is well formed (RFC 5646 section 2.1): "en", "zh-Hant-TW", "x-own", "i-klingon". */
bool lang_tag_is_well_formed(const char *tag, size_t len);

/* Whether it is well formed and names a language by two or three letters, as nearly all do; a word
 * of four to eight ("English") would be well formed, too. At most 100 bytes. */
bool lang_tag_is_valid(const char *tag);

/* The canonical form (RFC 5646 section 4.5), in the arena: the usual case ("ZH-hant-tw" is
 * "zh-Hant-TW"), "-" for the "_" of locales, the current code for a deprecated one ("iw" is "he",
 * "zh-yue" is "yue") and the shortest for a longer one ("ger" and "deu" are "de"). NULL if it is
 * not valid (lang_tag_is_valid), or if memory ran out, which the arena records. */
char *lang_tag_normalise(struct arena *arena, const char *tag);

/* Whether the language is written from right to left: by the script of the tag, else by the script
 * that is most likely for the language and region ("ar", "pa-PK", "az-Arab"; not "he-Latn").
 * `tag`: normalised. */
bool lang_tag_is_rtl(const char *tag);

#endif
