/* The parts of a byline: what texts and pages have in common of "By Ann Brown and Bo Lind, Staff
 * Writers". */
#ifndef LANG_BYLINE_H
#define LANG_BYLINE_H

#include <stdbool.h>
#include <stddef.h>

/* "By", "Written by:", "Author |", "文/" at the start: the bytes up to what follows; 0: there is no
 * such label. */
size_t byline_label(const char *s, size_t len);

/* Bytes of the marks (":", "/", …) and spaces at the start; *has_mark: there is a mark. */
size_t byline_skip_marks(const char *s, size_t len, bool *has_mark);

/* Whether a word is one of a position: "Staff Writer" is no second author. */
bool byline_has_position(const char *s, size_t len);

/* The length of a separator of names at s[at]: a comma, an "and"; 0: there is none. */
size_t byline_joint(const char *s, size_t len, size_t at);

#endif
