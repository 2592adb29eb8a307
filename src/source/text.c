#include "source/text.h"

#include "base/error.h"
#include "base/utf8.h"

#include <string.h>

enum { TEXT_BLOCK = 32768 };

/* How many bytes at the end of a block begin a character of UTF-8 that is not whole. */
static size_t count_torn(const unsigned char *s, size_t len)
{
	for (size_t back = 1; back <= 3 && back <= len; back++) {
		unsigned char c = s[len - back];
		size_t need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
		if (c >= 0xC0)
			return need > back ? back : 0;
		if (c < 0x80)
			return 0;
	}
	return 0;
}

/* Whether more of the characters beyond ASCII are not UTF-8 than are. */
static bool is_legacy(const char *s, size_t len)
{
	size_t good = 0, bad = 0;
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n = (unsigned char)s[i] < 0x80 ? 1 : utf8_decode(s + i, len - i, &cp);
		if ((unsigned char)s[i] >= 0x80) {
			bool is_bad = cp == 0xFFFD && memcmp(s + i, "\xEF\xBF\xBD", n) != 0;
			bad += is_bad;
			good += !is_bad;
		}
		i += n;
	}
	return bad > good;
}

static bool has_high_byte(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] >= 0x80)
			return true;
	return false;
}

static void put_windows(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		uint32_t cp = c >= 0x80 && c < 0xA0 ? utf8_windows_1252(c) : c;
		if (cp)
			buf_put_utf8(out, cp);
	}
}

/* Returns how many bytes were whole characters. */
static size_t put_utf16(struct buf *out, const char *s, size_t len, bool big)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t i = 0;
	while (i + 1 < len) {
		uint32_t cp = big ? p[i] << 8 | p[i + 1] : p[i + 1] << 8 | p[i];
		size_t n = 2;
		if (cp >= 0xD800 && cp < 0xDC00) {
			if (i + 3 >= len)
				break;
			uint32_t low = big ? p[i + 2] << 8 | p[i + 3] : p[i + 3] << 8 | p[i + 2];
			bool pair = low >= 0xDC00 && low < 0xE000;
			cp = pair ? 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
			n = pair ? 4 : 2;
		} else if (cp >= 0xDC00 && cp < 0xE000) {
			cp = 0xFFFD;
		}
		buf_put_utf8(out, cp);
		i += n;
	}
	return i;
}

/* Returns the length of the BOM. */
static size_t take_bom(struct source_text *text, const char *s, size_t len)
{
	if (len >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
		text->charset = SOURCE_UTF8;
		return 3;
	}
	if (len >= 2 && memcmp(s, "\xFF\xFE", 2) == 0)
		text->charset = SOURCE_UTF16LE;
	else if (len >= 2 && memcmp(s, "\xFE\xFF", 2) == 0)
		text->charset = SOURCE_UTF16BE;
	return text->charset == SOURCE_UNKNOWN ? 0 : 2;
}

/* Decode a block; what is not a whole character is kept for the next one, unless this is the last.
 */
static void text_decode(struct source_text *text, struct buf *out, const char *s, size_t len)
{
	size_t used = len;
	if (text->charset == SOURCE_UNKNOWN && has_high_byte(s, len))
		text->charset = is_legacy(s, len - count_torn((const unsigned char *)s, len))
					? SOURCE_WINDOWS
					: SOURCE_UTF8;
	if (text->charset == SOURCE_UTF16LE || text->charset == SOURCE_UTF16BE) {
		used = put_utf16(out, s, len, text->charset == SOURCE_UTF16BE);
	} else if (text->charset == SOURCE_WINDOWS) {
		put_windows(out, s, len);
	} else {
		if (!text->ended)
			used -= count_torn((const unsigned char *)s, len);
		buf_append(out, s, used);
	}
	text->rest_len = text->ended ? 0 : len - used;
	memcpy(text->rest, s + used, text->rest_len);
}

/* Append without what is not clean, with LF line ends. */
static void text_put(struct source_text *text, const char *s, size_t len)
{
	size_t start = text->ready.len, kept = start;
	utf8_clean(&text->ready, s, len);
	for (size_t i = start; i < text->ready.len; i++) {
		char c = text->ready.data[i];
		bool skipped = c == '\n' && text->after_cr;
		text->after_cr = c == '\r';
		if (!skipped)
			text->ready.data[kept++] = c == '\r' ? '\n' : c;
	}
	if (text->ready.len > kept)
		buf_truncate(&text->ready, kept);
}

static int text_read_block(struct source_text *text, struct chapbook_error *err)
{
	char block[TEXT_BLOCK + sizeof text->rest];
	struct buf decoded = BUF_INIT;
	size_t len = text->rest_len;
	memcpy(block, text->rest, len);
	long n = text->in->read(text->in, block + len, TEXT_BLOCK, err);
	if (n < 0)
		return -1;
	text->ended = n == 0;
	len += (size_t)n;
	size_t bom = text->started ? 0 : take_bom(text, block, len);
	text->started = true;
	text_decode(text, &decoded, block + bom, len - bom);
	text_put(text, decoded.data, decoded.len);
	bool failed = decoded.failed || text->ready.failed;
	buf_release(&decoded);
	return failed ? error_memory(err) : 0;
}

static long text_read(struct source_bytes *in, void *to, size_t size, struct chapbook_error *err)
{
	struct source_text *text = (struct source_text *)in;
	while (text->at == text->ready.len && !text->ended) {
		buf_truncate(&text->ready, 0);
		text->at = 0;
		if (text_read_block(text, err) != 0)
			return -1;
	}
	size_t left = text->ready.len - text->at, n = left < size ? left : size;
	if (n)
		memcpy(to, text->ready.data + text->at, n);
	text->at += n;
	return (long)n;
}

int source_text_peek(struct source_text *text, size_t size, struct chapbook_error *err)
{
	while (text->ready.len - text->at < size && !text->ended)
		if (text_read_block(text, err) != 0)
			return -1;
	return 0;
}

static int text_rewind(struct source_bytes *in, struct chapbook_error *err)
{
	struct source_text *text = (struct source_text *)in;
	if (text->in->rewind(text->in, err) != 0)
		return -1;
	buf_truncate(&text->ready, 0);
	text->at = text->rest_len = 0;
	text->started = text->ended = text->after_cr = false;
	text->charset = SOURCE_UNKNOWN;
	return 0;
}

void source_text_init(struct source_text *text, struct source_bytes *in)
{
	*text = (struct source_text){
		.bytes = {text_read, in->rewind ? text_rewind : NULL, in->name, in->url},
		.in = in,
		.ready = BUF_INIT};
}

void source_text_release(struct source_text *text)
{
	buf_release(&text->ready);
}
