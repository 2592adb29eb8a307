/* The bytes of a source as text. */
#ifndef SOURCE_TEXT_H
#define SOURCE_TEXT_H

#include "source/source.h"

#include "base/buf.h"

/* Bytes of `in` as clean UTF-8 (base/utf8.h) with LF line ends, without a BOM. The charset is by
 * the BOM; else UTF-8; else, where the first bytes that are not ASCII are not UTF-8, Windows-1252.
 */
struct source_text {
	struct source_bytes bytes; /* to read from */
	struct source_bytes *in;
	enum source_charset {
		SOURCE_UNKNOWN,
		SOURCE_UTF8,
		SOURCE_UTF16LE,
		SOURCE_UTF16BE,
		SOURCE_WINDOWS
	} charset;
	bool started, ended, after_cr;
	struct buf ready; /* decoded */
	size_t at;        /* read of it */
	char rest[4];     /* bytes of a character that is not whole yet */
	size_t rest_len;
};
/* `in` must outlive it. The caller calls source_text_release(). */
void source_text_init(struct source_text *text, struct source_bytes *in);
/* Make the text's next bytes ready in text->ready, from text->at on, and leave them to be read: at
 * least `size`, or all that are left. */
int source_text_peek(struct source_text *text, size_t size, struct chapbook_error *err);
void source_text_release(struct source_text *text);

#endif
