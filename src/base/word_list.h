/* Lists of words in one string, separated by white space, as attributes and small fixed sets are.
 */
#ifndef BASE_WORD_LIST_H
#define BASE_WORD_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Whether `word` is one of the words of `list`. Compares case. A list of NULL is empty. */
bool word_list_has(const char *list, const char *word);
bool word_list_has_n(const char *list, const char *word, size_t len);
/* The same without the case of ASCII letters. */
bool word_list_has_case(const char *list, const char *word, size_t len);

#endif
