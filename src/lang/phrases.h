/* The words by which the parts of an article are known, in many languages: assets/phrases.tsv,
 * with rows that say what each kind marks. Matching is without case. */
#ifndef LANG_PHRASES_H
#define LANG_PHRASES_H

#include <stdbool.h>
#include <stddef.h>

enum phrase_kind {
	PHRASE_BY,
	PHRASE_BY_MARK,
	PHRASE_BY_AFTER,
	PHRASE_AND,
	PHRASE_POSITION,
	PHRASE_PUBLISHED,
	PHRASE_UPDATED,
	PHRASE_TITLE,
	PHRASE_SECTION,
	PHRASE_STANDFIRST,
	PHRASE_ABOUT,
	PHRASE_AUTHOR_IS,
	PHRASE_IS,
	PHRASE_OCCUPATION,
	PHRASE_MORE,
	PHRASE_ABOUT_WHOM,
	PHRASE_NOT_BIO,
	PHRASE_READING_TIME,
	PHRASE_CHECKED_BY,
	PHRASE_DATE_WORD,
	PHRASE_PART,
	PHRASE_CHAPTER,
	PHRASE_PART_MARK,
	PHRASE_CHAPTER_MARK,
	PHRASE_LONE_HEADING,
	PHRASE_NUMERAL,
	PHRASE_COUNT,
};
/* How many bytes a phrase of that kind takes at the start of the text; 0: there is none. */
size_t phrase_at(enum phrase_kind kind, const char *s, size_t len);
/* Whether all of the text is such a phrase, a colon after it allowed. */
bool phrase_is(enum phrase_kind kind, const char *s, size_t len);
/* Whether the text, in its first 240 bytes, says what somebody does: "… is a reporter in Lima". */
bool phrase_is_occupation(const char *s, size_t len);

#endif
