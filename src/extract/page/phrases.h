/* What short texts of web pages say: "Read more", "Share this article", in many languages.
 *
 * The rules are rows of assets/page_phrases.tsv:
 *
 *   kind <tab> language <tab> phrase|phrase|… <tab> what for, where from
 *
 * Letters match without case; a quote mark, dash or the like before the phrase, and a colon, a
 * count in brackets, an arrow or the like after it do not matter. */
#ifndef EXTRACT_PAGE_PHRASES_H
#define EXTRACT_PAGE_PHRASES_H

#include <stdbool.h>
#include <stddef.h>

/* The kinds: a row each in phrase_table.h, which says what each means. */
enum page_phrase {
#define PAGE_PHRASE(id, name) PAGE_PHRASE_##id,
#include "extract/page/phrase_table.h"
#undef PAGE_PHRASE
	PAGE_PHRASE_COUNT
};

#define SAYS(id) (1u << PAGE_PHRASE_##id)

/* The kind, of those asked for, that the whole text is; 0 when it is none. */
unsigned phrase_whole(unsigned kinds, const char *text, size_t len);

/* The kind, of those asked for, of the longest phrase that the text starts with. */
unsigned phrase_start(unsigned kinds, const char *text, size_t len);

#endif
