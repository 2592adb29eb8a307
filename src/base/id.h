/* Names made from content: digests and UUIDs. */
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

#endif
