/* UTF-8: RFC 3629, and what XML 1.0 section 2.2 allows of it. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xFFFDu /* stands for bytes that are no UTF-8 */

/* Decode the code point at `s` (len bytes left, at least 1) into *cp. Returns the number of
 * bytes taken; a malformed sequence yields U+FFFD and takes its maximal subpart (Unicode
 * chapter 3, "U+FFFD substitution of maximal subparts"). */
size_t utf8_decode(const char *s, size_t len, uint32_t *cp);
/* Write `cp` to `out`; returns the bytes written, 1 to 4. */
size_t utf8_write(uint32_t cp, char out[4]);
/* Whether all of it is well-formed and every code point may stand in an XML document that
 * epub checkers accept: no C0 controls but tab, LF, CR, no surrogates, no non-characters. */
bool utf8_is_clean(const char *s, size_t len);

struct buf;
/* What Windows-1252 has at the place of a C1 control character (WHATWG Encoding Standard, index
 * windows-1252): U+2019 for U+0092. 0 for the five that it does not have, and for all others. */
uint32_t utf8_windows_1252(uint32_t cp);
/* Append `s` to `out`, with what is not clean replaced by U+FFFD (malformed) or dropped
 * (controls, non-characters, BOM inside). C1 control characters, which are left where a program
 * took Windows-1252 for ISO 8859-1, become what Windows-1252 has there; behind a letter with which
 * they are UTF-8 that was taken for ISO 8859-1, that character. Returns how many code
 * points were lost: replaced by U+FFFD or dropped. */
size_t utf8_clean(struct buf *out, const char *s, size_t len);

/* Move *s and *len past white space (cp_is_space()) at both ends. */
void utf8_trim(const char **s, size_t *len);

/* Which way a text runs, by its first letter (UAX #9, rule P2): 1 from the right, -1 from the left,
 * 0 when it has none. */
int utf8_direction(const char *s);

/* How many code points. */
size_t utf8_length(const char *s, size_t len);

/* Code point classes that the readers need. Ranges are those of the Unicode block and script
 * tables; ASCII answers are the C locale's. */
bool cp_is_space(uint32_t cp); /* White_Space, U+00A0, U+3000, U+200B, U+FEFF */
bool cp_is_cjk(uint32_t cp);   /* Han, Kana, Hangul, Bopomofo: text that wraps between any two */
bool cp_is_upper(
	uint32_t cp); /* by towupper/towlower-free tables: Latin, Greek, Cyrillic, Armenian */
bool cp_is_lower(uint32_t cp);
bool cp_is_letter(uint32_t cp); /* a letter or ideograph of any script */
uint32_t cp_lower(uint32_t cp); /* simple case folding for the scripts above */

/* Remove, in place, the characters that only say where a line may break: soft hyphen, zero-width
 * space, word joiner, byte order mark. Returns the new length. */
size_t utf8_drop_invisible(char *s, size_t len);

/* The characters in clean UTF-8 of `len` bytes. */
size_t utf8_count(const char *s, size_t len);

/* Add the words of clean UTF-8, which are runs between spaces, without ideographs, and the
 * ideographs. */
void utf8_count_words(const char *s, size_t len, size_t *words, size_t *ideographs);

#endif
