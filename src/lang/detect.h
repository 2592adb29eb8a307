/* Which language a text is in, when nothing says so. */
#ifndef LANG_DETECT_H
#define LANG_DETECT_H

#include "base/tsv.h"

#include <stdbool.h>

/* A BCP 47 tag (static string), or NULL when the text is too short to tell. By script where the
 * script says it (Kana, Hangul, Greek, Thai, …), by function words where they are plain, else by
 * libexttextcat (loaded only then). Looks at the first 2 KB or so of running text; where all of it
 * is in doubt, at the longest beginning, of whole sentences, that is not. */
const char *language_detect(const char *text, size_t len);

/* Whether a text cannot be in the language of a BCP 47 tag: it has hardly any of its function
 * words, or is in another script. False for a short text and for a language that is not in the
 * table. */
bool language_is_contradicted(const char *text, size_t len, const char *tag);

/* How much of a text is function words of one language. */
struct language_share {
	const char *tag;     /* the language that has most (static), or NULL where none has any */
	struct cell letters; /* its letters beyond ASCII, of small size; empty: not known */
	unsigned hits;       /* its function words */
	unsigned words;      /* all words in the script */
};

/* Count in clean UTF-8 the words of `script` (script.h), and those of them that are function words
 * of each language in `languages` (BCP 47 tags, "|" between them; empty: of all). */
struct language_share language_share(const char *text, size_t len, int script,
				     struct cell languages);

#endif
