/* PNG: chunks (PNG specification, third edition, sections 5 and 11), and what programs write into
 * those for text. */
#include "media/metadata/parts.h"

#include "base/ascii.h"
#include "base/utf8.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define KEYWORD_XMP "XML:com.adobe.xmp"
#define KEYWORD_RAW "Raw profile type "

/* Unpacked text, of one chunk and of all. */
enum {
	MAX_UNPACKED = 8 << 20,
	MAX_UNPACKED_ALL = 32 << 20,
	SIGNATURE = 8,
	MAX_KEYWORD = 79,
	MIN_TRAILER = 32
};

struct chunk {
	const char *type, *data, *bytes;
	size_t len, size;
};

/* The chunk at *at, which moves behind it; false at the end, and where it is broken. */
static bool next_chunk(const char *s, size_t size, size_t *at, struct chunk *c)
{
	if (size < 12 || *at > size - 12)
		return false;
	size_t len = word_be32(s + *at);
	if (len > size - *at - 12)
		return false;
	*c = (struct chunk){s + *at + 4, s + *at + 8, s + *at, len, len + 12};
	*at += c->size;
	return true;
}

static bool is_type(const struct chunk *c, const char *type)
{
	return memcmp(c->type, type, 4) == 0;
}

/* Chunks that may be left out and are known to be harmless: those of the specification and its
 * extensions, and a few that programs write. */
static bool is_known(const struct chunk *c)
{
	static const char known[] =
		"tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT "
		"tIME eXIf tEXt zTXt iTXt acTL fcTL fdAT oFFs pCAL sCAL sTER "
		"gIFg iDOT vpAg orNT caNv";
	for (size_t i = 0; i < sizeof known - 1; i += 5)
		if (is_type(c, known + i))
			return true;
	return !(c->type[0] & 0x20); /* a critical one */
}

/* --- Texts --- */

/* TEXT_OTHER: which may say who or what made the picture; is not read. */
enum text_kind { TEXT_OTHER, TEXT_WORDS, TEXT_XMP, TEXT_EXIF, TEXT_IPTC };

/* A text chunk: section 11.3.3. */
struct text {
	enum text_kind kind;
	enum image_field field; /* TEXT_WORDS */
	char keyword[MAX_KEYWORD + 1];
	const char *value;
	size_t len;
	bool is_packed;
};

static void name_text(struct text *t)
{
	static const struct {
		const char *keyword;
		enum text_kind kind;
		enum image_field field;
	} known[] = {
		{"Description", TEXT_WORDS, WORD_CAPTION},
		{"Author", TEXT_WORDS, WORD_CREATOR},
		{"Artist", TEXT_WORDS, WORD_CREATOR},
		{"Copyright", TEXT_WORDS, WORD_RIGHTS},
		{KEYWORD_XMP, TEXT_XMP, 0},
		{KEYWORD_RAW "xmp", TEXT_XMP, 0},
		{KEYWORD_RAW "exif", TEXT_EXIF, 0},
		{KEYWORD_RAW "APP1", TEXT_EXIF, 0},
		{KEYWORD_RAW "iptc", TEXT_IPTC, 0},
		{KEYWORD_RAW "8bim", TEXT_IPTC, 0},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcasecmp(t->keyword, known[i].keyword) == 0) {
			t->kind = known[i].kind;
			t->field = known[i].field;
			return;
		}
	}
}

static bool png_read_text(const struct chunk *c, struct text *t)
{
	*t = (struct text){TEXT_OTHER, 0, "", NULL, 0, is_type(c, "zTXt")};
	bool is_international = is_type(c, "iTXt");
	if (!is_international && !t->is_packed && !is_type(c, "tEXt"))
		return false;
	const char *end = c->data + c->len, *s = memchr(c->data, '\0', c->len);
	size_t keyword = s ? (size_t)(s - c->data) : 0;
	if (!keyword || keyword > MAX_KEYWORD)
		return true;
	memcpy(t->keyword, c->data, keyword);
	s++;
	if (is_international) { /* packed?, method, language, translated keyword */
		if (end - s < 2)
			return true;
		t->is_packed = *s != 0;
		s += 2;
		for (int i = 0; i < 2; i++) {
			s = memchr(s, '\0', (size_t)(end - s));
			if (!s)
				return true;
			s++;
		}
	} else if (t->is_packed && s++ == end) {
		return true;
	}
	t->value = s;
	t->len = (size_t)(end - s);
	name_text(t);
	return true;
}

/* Append what was packed with zlib. `left` is how many bytes may still be unpacked in this file;
 * each try counts. */
static bool png_unpack(const char *s, size_t len, size_t *left, struct buf *out)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	bool done = false;
	out->failed |= !d;
	for (size_t room = len * 4 + 4096; d && !done; room *= 4) {
		size_t got;
		if (room > MAX_UNPACKED || room > *left)
			break;
		*left -= room;
		buf_truncate(out, 0);
		buf_reserve(out, room);
		if (out->failed)
			break;
		enum libdeflate_result result =
			libdeflate_zlib_decompress(d, s, len, out->data, room, &got);
		if (result == LIBDEFLATE_SUCCESS) {
			out->len = got;
			out->data[got] = '\0';
			done = true;
		} else if (result != LIBDEFLATE_INSUFFICIENT_SPACE) {
			break;
		}
	}
	libdeflate_free_decompressor(d);
	return done;
}

/* ImageMagick's raw profiles: an empty line, the name, the length, then hexadecimal digits. In
 * place. */
static bool decode_raw(struct buf *raw)
{
	char *s = raw->data, *end = s + raw->len;
	for (int lines = 0; lines < 3; lines++) {
		s = memchr(s, '\n', (size_t)(end - s));
		if (!s)
			return false;
		s++;
	}
	size_t n = 0;
	for (; s < end; s++) {
		int high = ascii_hex_value(*s), low = s + 1 < end ? ascii_hex_value(s[1]) : -1;
		if (high >= 0 && low >= 0) {
			raw->data[n++] = (char)(high << 4 | low);
			s++;
		}
	}
	buf_truncate(raw, n);
	return true;
}

static void mark_private(enum text_kind kind, struct metadata_found *found)
{
	found->xmp.is_private |= kind == TEXT_XMP;
	found->exif.is_private |= kind == TEXT_EXIF;
	found->iptc.is_private |= kind == TEXT_IPTC;
	found->is_private |= kind == TEXT_OTHER;
}

static void set_text_field(const struct text *t, const char *value, size_t len, struct arena *arena,
			   struct metadata_found *found)
{
	switch (t->kind) {
	case TEXT_WORDS:
		image_field_set_bytes(&found->text, t->field, value, len, arena);
		break;
	case TEXT_XMP:
		metadata_found_xmp(found, value, len, arena);
		break;
	case TEXT_EXIF: /* some write XMP there */
		if (len > 28 && memcmp(value, "http://ns.adobe.com/xap/1.0/", 28) == 0)
			mark_private(t->kind, found);
		else
			metadata_found_exif(found, value, len, arena);
		break;
	case TEXT_IPTC:
		metadata_found_iptc(found, value, len, arena);
		break;
	case TEXT_OTHER:
		break;
	}
}

static void png_take_text(const struct text *t, size_t *left, struct arena *arena,
			  struct metadata_found *found)
{
	struct buf value = BUF_INIT;
	if (!t->value || t->kind == TEXT_OTHER || t->kind == TEXT_WORDS)
		mark_private(TEXT_OTHER, found);
	if (!t->value || t->kind == TEXT_OTHER)
		return;
	bool is_raw = strncmp(t->keyword, KEYWORD_RAW, sizeof KEYWORD_RAW - 1) == 0;
	bool done = true;
	if (t->is_packed)
		done = png_unpack(t->value, t->len, left, &value);
	else if (is_raw)
		buf_append(&value, t->value, t->len);
	if (done && is_raw)
		done = decode_raw(&value);
	if (!done)
		mark_private(t->kind, found); /* its content is not known */
	else if (t->is_packed || is_raw)
		set_text_field(t, value.data, value.len, arena, found);
	else
		set_text_field(t, t->value, t->len, arena, found);
	buf_end(&value, &arena->failed);
}

void png_metadata(const char *bytes, size_t size, struct arena *arena, struct metadata_found *found)
{
	size_t at = SIGNATURE, left = MAX_UNPACKED_ALL;
	struct chunk c;
	struct text t;
	while (next_chunk(bytes, size, &at, &c) && !is_type(&c, "IEND")) {
		if (is_type(&c, "eXIf"))
			metadata_found_exif(found, c.data, c.len, arena);
		else if (png_read_text(&c, &t))
			png_take_text(&t, &left, arena, found);
		else
			found->is_private |= !is_known(&c);
	}
	/* Behind the end lies what a program has not overwritten: the picture before it was cut. */
	found->leftovers |= size - at >= MIN_TRAILER;
}

/* --- Writing --- */

static void put_chunk(struct buf *out, const char *type, const struct buf *data)
{
	if (data->len == 0)
		return;
	word_put_be32(out, (uint32_t)data->len);
	size_t start = out->len;
	buf_append(out, type, 4);
	buf_append(out, data->data, data->len);
	uint32_t crc = out->failed ? 0 : libdeflate_crc32(0, out->data + start, out->len - start);
	word_put_be32(out, crc);
}

static bool is_dropped(const struct metadata_plan *plan, const struct chunk *c)
{
	struct text t;
	if (is_type(c, "eXIf"))
		return plan->exif_goes;
	if (is_type(c, "iDOT")) /* where the picture's halves are, counted from itself */
		return true;
	if (!png_read_text(c, &t))
		return plan->private_goes && !is_known(c);
	switch (t.kind) {
	case TEXT_XMP:
		return plan->xmp_goes;
	case TEXT_EXIF:
		return plan->exif_goes;
	case TEXT_IPTC:
		return plan->iptc_goes;
	case TEXT_WORDS:
		return plan->text_goes;
	default:
		return plan->private_goes;
	}
}

void png_put(const char *bytes, size_t size, const struct metadata_plan *plan, struct buf *out)
{
	size_t at = SIGNATURE;
	struct chunk c = {0};
	buf_append(out, bytes, SIGNATURE);
	while (!(c.type && is_type(&c, "IEND")) && next_chunk(bytes, size, &at, &c)) {
		if (!is_dropped(plan, &c))
			buf_append(out, c.bytes, c.size);
		if (!is_type(&c, "IHDR"))
			continue;
		struct buf text = BUF_INIT;
		if (plan->xmp.len) { /* not packed, no language, no translation */
			buf_append(&text, KEYWORD_XMP "\0\0\0\0", sizeof KEYWORD_XMP + 4);
			buf_append(&text, plan->xmp.data, plan->xmp.len);
		}
		out->failed |= text.failed;
		put_chunk(out, "iTXt", &text);
		put_chunk(out, "eXIf", &plan->exif);
		buf_release(&text);
	}
}
