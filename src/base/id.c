#include "base/id.h"

#include <nettle/base16.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

void sha256_hex(const void *bytes, size_t size, char out[SHA256_HEX])
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx ctx;
	sha256_init(&ctx);
	sha256_update(&ctx, size, bytes);
	sha256_digest(&ctx, sizeof digest, digest);
	base16_encode_update(out, sizeof digest, digest);
	out[SHA256_HEX - 1] = '\0';
}

void uuid_v5_url(const void *name, size_t size, char out[UUID_TEXT])
{
	/* RFC 4122 appendix C: the URL namespace, 6ba7b811-9dad-11d1-80b4-00c04fd430c8. */
	static const uint8_t namespace_url[16] = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
						  0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
	uint8_t d[SHA1_DIGEST_SIZE];
	struct sha1_ctx ctx;
	sha1_init(&ctx);
	sha1_update(&ctx, sizeof namespace_url, namespace_url);
	sha1_update(&ctx, size, name);
	sha1_digest(&ctx, sizeof d, d);
	d[6] = (uint8_t)((d[6] & 0x0F) | 0x50);
	d[8] = (uint8_t)((d[8] & 0x3F) | 0x80);
	snprintf(out, UUID_TEXT,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", d[0], d[1],
		 d[2], d[3], d[4], d[5], d[6], d[7], d[8], d[9], d[10], d[11], d[12], d[13], d[14],
		 d[15]);
}

/* Latin-1 Supplement and Latin Extended-A, U+00C0 to U+017F, without their accents: two letters
 * a code point, a space for none. */
static const char latin_plain[] =
	"a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thss"  /* C0-DF */
	"a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thy "  /* E0-FF */
	"a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "  /* 100-11F */
	"g g g g h h h h i i i i i i i i i i ijijj j k k k l l l l l l l "  /* 120-13F */
	"l l l n n n n n n n n n o o o o o o oeoer r r r r r s s s s s s "  /* 140-15F */
	"s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s "; /* 160-17F */

size_t latin_plain_letters(uint32_t cp, char out[2])
{
	if (cp < 0xC0 || cp >= 0x180)
		return 0;
	memcpy(out, latin_plain + (cp - 0xC0) * 2, 2);
	return out[0] == ' ' ? 0 : out[1] == ' ' ? 1 : 2;
}
