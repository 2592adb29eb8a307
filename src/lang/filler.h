/* What devices, programs and sites write where a picture has its caption, alternative text or
 * credit, and what says nothing: "IMG_0042.JPG", "Screenshot 2024-01-01 at 10.00.00", "Untitled",
 * an address. The words are rows of assets/picture_junk.tsv. */
#ifndef LANG_FILLER_H
#define LANG_FILLER_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a text that should say what a picture shows says nothing. */
bool filler_is_caption(const char *s, size_t len);
/* Whether it is the name of a picture's file or an address, and nothing else. */
bool filler_is_file(const char *s, size_t len);
/* Whether a text that should name a person names none. */
bool filler_is_name(const char *s, size_t len);

#endif
