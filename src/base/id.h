/* Names made from content: digests, UUIDs, file and fragment names. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_HEX 65 /* with NUL */
#define UUID_TEXT  37

void sha256_hex(const void *bytes, size_t size, char out[SHA256_HEX]);
/* RFC 4122 section 4.3, name-based with SHA-1, in the URL namespace. */
void uuid_v5_url(const void *name, size_t size, char out[UUID_TEXT]);

/* The one or two lower-case ASCII letters that a letter of U+00C0 to U+017F is without its accent:
 * "é" e, "æ" ae. Returns how many; 0 for any other code point. */
size_t latin_plain_letters(uint32_t cp, char out[2]);

struct buf;
/* Append a file name of [a-z0-9-] made from UTF-8 text: Latin letters without their accents,
 * other letters dropped, at most `max` bytes, cut at a word. May append nothing. */
void slug_put(struct buf *out, const char *text, size_t max);

#endif
