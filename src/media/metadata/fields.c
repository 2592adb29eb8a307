#include "media/metadata/parts.h"

#include "base/utf8.h"
#include "lang/filler.h"

#include <string.h>

/* Characters that are kept. Together, all of them escaped, they fit into one segment of a JPEG. */
static const struct {
	size_t at;
	unsigned most;
	bool says_what; /* and not who */
} fields[WORD_COUNT] = {
	[WORD_CAPTION] = {offsetof(struct image_metadata, caption), 4000, true},
	[WORD_CREDIT] = {offsetof(struct image_metadata, credit), 200, false},
	[WORD_CREATOR] = {offsetof(struct image_metadata, creator), 500, false},
	[WORD_RIGHTS] = {offsetof(struct image_metadata, rights), 1000, false},
	[WORD_ALT] = {offsetof(struct image_metadata, alt), 1000, true},
	[WORD_DESCRIPTION] = {offsetof(struct image_metadata, description), 3000, true},
	[WORD_LICENCE] = {offsetof(struct image_metadata, licence), 900, false},
};

/* --- What says nothing --- */

static bool has_letters(const char *s, size_t len)
{
	uint32_t cp;
	for (size_t i = 0; i < len;) {
		i += utf8_decode(s + i, len - i, &cp);
		if (cp_is_letter(cp))
			return true;
	}
	return false;
}

static bool says_nothing(enum image_field field, const char *s, size_t len)
{
	if (fields[field].says_what)
		return filler_is_caption(s, len);
	return !(has_letters(s, len) || field == WORD_RIGHTS) || filler_is_name(s, len);
}

bool image_caption_is_junk(const char *text)
{
	return !text || says_nothing(WORD_CAPTION, text, strlen(text));
}

/* --- One word --- */

static const char **metadata_slot_of(struct image_metadata *words, enum image_field field)
{
	return (const char **)((char *)words + fields[field].at);
}

const char *word_of(const struct image_metadata *words, enum image_field field)
{
	return *(const char *const *)((const char *)words + fields[field].at);
}

/* Where to cut so that at most `most` characters stay, one of them for the mark of the cut: behind
 * a word, unless that is far away. `len` when all may stay. */
static size_t metadata_cut_at(const char *s, size_t len, unsigned most)
{
	size_t at = 0, n = 0, space = 0;
	uint32_t cp;
	for (size_t i = 0; i < len; n++) {
		if (n == most)
			return space > at / 2 ? space : at;
		if (n + 1 == most)
			at = i;
		if (s[i] == ' ' && n + 1 <= most)
			space = i;
		i += utf8_decode(s + i, len - i, &cp);
	}
	return len;
}

/* An address of the web and nothing else. */
static bool metadata_is_address(const char *s, size_t len)
{
	if (!(len > 8 && (strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0)))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] <= ' ' || strchr("\"<>\\^`{|}", s[i]))
			return false;
	return true;
}

void image_field_set(struct image_metadata *words, enum image_field field, const char *s,
		     size_t len, struct arena *arena)
{
	const char **slot = metadata_slot_of(words, field);
	if (*slot)
		return;
	struct buf text = BUF_INIT;
	utf8_clean(&text, s, len < WORD_MAX_RAW ? len : WORD_MAX_RAW);
	buf_fold_space(&text, 0);
	s = text.data;
	len = text.len;
	utf8_trim(&s, &len);
	bool kept = len && !says_nothing(field, s, len);
	size_t cut = kept ? metadata_cut_at(s, len, fields[field].most) : len;
	if (field == WORD_LICENCE)
		kept = kept && cut == len && metadata_is_address(s, len);
	if (text.failed) {
		arena->failed = true;
	} else if (kept && cut < len) {
		utf8_trim(&s, &cut);
		*slot = arena_printf(arena, "%.*s…", (int)cut, s);
	} else if (kept) {
		*slot = arena_dupn(arena, s, len);
	}
	buf_release(&text);
}

static bool is_utf8(const char *s, size_t len)
{
	uint32_t cp;
	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_decode(s + i, len - i, &cp);
		if (cp == 0xFFFD && !(n == 3 && memcmp(s + i, "\xEF\xBF\xBD", 3) == 0))
			return false;
	}
	return true;
}

/* Windows-1252, of which Latin-1 is all that does not look like control characters. */
static void put_1252(struct buf *out, const char *s, size_t len)
{
	static const unsigned short high[32] = {
		0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
		0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
		0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
	};
	for (size_t i = 0; i < len; i++) {
		unsigned c = (unsigned char)s[i];
		if (c >= 0x80 && c < 0xA0)
			c = high[c - 0x80];
		if (c)
			buf_put_utf8(out, c);
	}
}

void image_field_set_bytes(struct image_metadata *words, enum image_field field, const char *s,
			   size_t len, struct arena *arena)
{
	if (len > WORD_MAX_RAW)
		len = WORD_MAX_RAW;
	len = strnlen(s, len);
	if (is_utf8(s, len)) {
		image_field_set(words, field, s, len, arena);
		return;
	}
	struct buf text = BUF_INIT;
	put_1252(&text, s, len);
	if (text.failed)
		arena->failed = true;
	image_field_set(words, field, text.data, text.len, arena);
	buf_release(&text);
}

/* --- All of them --- */

void metadata_merge(struct image_metadata *words, const struct image_metadata *more)
{
	for (enum image_field f = 0; f < WORD_COUNT; f++)
		if (!word_of(words, f))
			*metadata_slot_of(words, f) = word_of(more, f);
	if (!words->orientation)
		words->orientation = more->orientation;
	words->is_private |= more->is_private;
}

bool image_metadata_is_same(const struct image_metadata *a, const struct image_metadata *b)
{
	for (enum image_field f = 0; f < WORD_COUNT; f++) {
		const char *one = word_of(a, f), *other = word_of(b, f);
		if (one != other && (!one || !other || strcmp(one, other) != 0))
			return false;
	}
	return true;
}

bool image_metadata_is_empty(const struct image_metadata *words)
{
	static const struct image_metadata none;
	return image_metadata_is_same(words, &none);
}
