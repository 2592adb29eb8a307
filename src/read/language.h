/* Which language a text is in, when nobody said. */
#ifndef READ_LANGUAGE_H
#define READ_LANGUAGE_H

#include <stddef.h>

/* A BCP 47 tag (static string), or NULL when the text is too short to tell. By script where the
 * script says it (Kana, Hangul, Greek, Thai, …), by function words where they are plain, else by
 * libexttextcat (loaded only then). Looks at the first 2 KB or so of running text. */
const char *language_detect(const char *text, size_t len);

#endif
