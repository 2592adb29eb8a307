/* What pictures say of themselves. The first byte says what the rest is: 'X' XMP, 'I' IIM or
 * Photoshop's resources, 'E' Exif, 'R' what a PNG's text is called and holds; anything else is the
 * first byte of a whole picture. A block is read alone and within pictures. */
#include "fuzz.h"

#include "base/utf8.h"
#include "media/metadata/metadata.h"
#include "media/metadata/parts.h"

#include <libdeflate.h>
#include <string.h>

static void check_word(const char *name, const char *s)
{
	if (s && (s[0] == '\0' || s[0] == ' ' || s[strlen(s) - 1] == ' ' || strchr(s, '\n') ||
		  !utf8_is_clean(s, strlen(s))))
		fuzz_fail(name, s);
}

static void check_words(const struct image_metadata *w)
{
	check_word("caption", w->caption);
	check_word("credit", w->credit);
	check_word("creator", w->creator);
	check_word("rights", w->rights);
	check_word("alt", w->alt);
	check_word("description", w->description);
	check_word("licence", w->licence);
	if (w->orientation > 8)
		fuzz_fail("orientation", "above 8");
}

static void check_same(const char *name, const char *a, const char *b)
{
	if (a != b && (!a || !b || strcmp(a, b) != 0))
		fuzz_fail(name, b ? b : "(none)");
}

static void check_all_same(const struct image_metadata *a, const struct image_metadata *b)
{
	check_same("caption after", a->caption, b->caption);
	check_same("credit after", a->credit, b->credit);
	check_same("creator after", a->creator, b->creator);
	check_same("rights after", a->rights, b->rights);
	check_same("alt after", a->alt, b->alt);
	check_same("description after", a->description, b->description);
	check_same("licence after", a->licence, b->licence);
}

/* The creator that XMP, IIM or Exif name. A PNG's own texts ("Author") are private: programs put
 * the name of the computer's user there. */
static const char *public_creator(const char *bytes, size_t size, struct arena *arena)
{
	struct metadata_found found = {0};
	struct image_metadata words;
	png_metadata(bytes, size, arena, &found);
	found.text.creator = NULL;
	metadata_found_all(&found, &words);
	return words.creator;
}

/* Write it anew: the same picture, these words, nothing private if that was asked. */
static void write_anew(const char *bytes, size_t size, const struct image_info *info,
		       const struct image_metadata *had, const struct image_metadata *words,
		       bool drop)
{
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT, again = BUF_INIT;
	struct image_info after;
	struct image_metadata left, expected = words ? *words : *had;
	if (!words && drop && info->kind == IMAGE_PNG)
		expected.creator = public_creator(bytes, size, &arena);
	bool changed = image_metadata_write(bytes, size, info->kind, words, drop, &out);
	if (changed != (out.len > 0))
		fuzz_fail("changed", changed ? "without output" : "with output");
	const char *result = changed ? out.data : bytes;
	size_t result_size = changed ? out.len : size;
	if (image_identify(result, result_size, &after) != 0 || after.kind != info->kind ||
	    after.width != info->width || after.height != info->height)
		fuzz_fail("written", "is another picture");
	image_metadata_read(result, result_size, info->kind, &arena, &left);
	check_words(&left);
	check_all_same(&expected, &left);
	if (drop && left.is_private)
		fuzz_fail("written", "is private");
	if (left.orientation != had->orientation && had->orientation > 1)
		fuzz_fail("written", "is turned otherwise");
	if (image_metadata_write(result, result_size, info->kind, words, drop, &again))
		fuzz_fail("written", "can be written again");
	buf_release(&again);
	buf_release(&out);
	arena_release(&arena);
}

static void try_picture(const char *bytes, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct image_info info;
	if (image_identify(bytes, size, &info) == 0) {
		struct image_metadata words, none = {0},
					     new = {.caption = "New & \"good\"", .alt = "a"};
		image_metadata_read(bytes, size, info.kind, &arena, &words);
		check_words(&words);
		if (info.kind == IMAGE_JPEG || info.kind == IMAGE_PNG) {
			write_anew(bytes, size, &info, &words, NULL, true);
			write_anew(bytes, size, &info, &words, &words, false);
			write_anew(bytes, size, &info, &words, &none, true);
			write_anew(bytes, size, &info, &words, &new, true);
		}
	}
	arena_release(&arena);
}

static void put_be16(struct buf *out, unsigned n)
{
	buf_putc(out, (char)(n >> 8));
	buf_putc(out, (char)n);
}

static void put_chunk(struct buf *out, const char *type, const char *name, size_t name_len,
		      const char *bytes, size_t size)
{
	put_be16(out, (unsigned)((name_len + size) >> 16));
	put_be16(out, (unsigned)(name_len + size));
	size_t at = out->len;
	buf_append(out, type, 4);
	buf_append(out, name, name_len);
	buf_append(out, bytes, size);
	uint32_t crc = libdeflate_crc32(0, out->data + at, out->len - at);
	put_be16(out, crc >> 16);
	put_be16(out, crc & 0xFFFF);
}

/* A block within a JPEG and a PNG. */
static void try_block(char kind, const char *bytes, size_t size)
{
	static const char picture[] = "\xFF\xC0\0\x0B\x08\0\x05\0\x07\1\1\x11\0"
				      "\xFF\xDA\0\x08\1\1\0\0\x3F\0\x2A\xFF\xD9";
	struct buf file = BUF_INIT;
	static const char xmp[] = "http://ns.adobe.com/xap/1.0/";
	const char *name = kind == 'X' ? xmp : kind == 'I' ? "Photoshop 3.0" : "Exif\0";
	size_t name_len = kind == 'X' ? sizeof xmp : kind == 'I' ? 14 : 6;
	if (kind != 'R' && size < 60000) {
		buf_append(&file, kind == 'I' ? "\xFF\xD8\xFF\xED" : "\xFF\xD8\xFF\xE1", 4);
		put_be16(&file, (unsigned)(2 + name_len + size));
		buf_append(&file, name, name_len);
		buf_append(&file, bytes, size);
		buf_append(&file, picture, sizeof picture - 1);
		try_picture(file.data, file.len);
	}
	buf_truncate(&file, 0);
	buf_append(&file, "\x89PNG\r\n\x1A\n", 8);
	put_chunk(&file, "IHDR", "", 0, "\0\0\0\1\0\0\0\1\x08\6\0\0\0", 13);
	if (kind == 'X')
		put_chunk(&file, "iTXt", "XML:com.adobe.xmp\0\0\0\0", 22, bytes, size);
	else if (kind == 'E')
		put_chunk(&file, "eXIf", "", 0, bytes, size);
	else
		put_chunk(&file, size % 2 ? "tEXt" : "iTXt", "", 0, bytes, size);
	put_chunk(&file, "IDAT", "", 0, "\x78\xDA\x63\x64\xF8\xCF\x50\x0F\0\3\x86\1\x80", 13);
	put_chunk(&file, "IEND", "", 0, "", 0);
	try_picture(file.data, file.len);
	buf_release(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct arena arena = ARENA_INIT;
	struct image_metadata words = {0};
	if (size == 0)
		return 0;
	switch (bytes[0]) {
	case 'X':
		image_metadata_add_xmp(bytes + 1, size - 1, &arena, &words);
		break;
	case 'I':
		image_metadata_add_iptc(bytes + 1, size - 1, &arena, &words);
		break;
	case 'E':
		image_metadata_add_exif(bytes + 1, size - 1, &arena, &words);
		break;
	default:
		break;
	}
	check_words(&words);
	arena_release(&arena);
	if (memchr("XIER", bytes[0], 4) && !(size > 4 && memcmp(bytes, "RIFF", 4) == 0))
		try_block(bytes[0], bytes + 1, size - 1);
	else
		try_picture(bytes, size);
	return 0;
}
