/* A growing byte buffer. `data` is never NULL and always ends in a NUL that `len` does not
 * count. When memory runs out `failed` is set and remains set, later appends do nothing, and
 * the caller asks once, at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

struct buf {
	char *data;
	size_t len;
	size_t cap; /* 0: data is a constant empty string */
	bool failed;
};

extern char buf_empty[1];
#define BUF_INIT                                                                                   \
	{                                                                                          \
		.data = buf_empty                                                                  \
	}

void buf_append(struct buf *b, const void *bytes, size_t size);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_put_utf8(struct buf *b, unsigned code_point);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap);

/* Append UTF-8 text as XML character data or attribute value: & < > " escaped. The text must
 * be clean already (utf8_clean()). */
void buf_put_xml(struct buf *b, const char *s, size_t len);
/* As above, into a JSON string: without the quotes; also safe inside an HTML script element
 * (< is escaped). */
void buf_put_json(struct buf *b, const char *s);

/* Make room for `size` more bytes, so that the appends that follow need not grow. */
void buf_reserve(struct buf *b, size_t size);
/* Fold runs of ASCII white space from `start` on to one space, and trim them at both ends. */
void buf_fold_space(struct buf *b, size_t start);
/* Shorten to `len`, keeping the memory. */
void buf_truncate(struct buf *b, size_t len);
/* Take the memory (the caller frees it; never NULL unless failed); `b` is empty afterwards. */
char *buf_detach(struct buf *b, size_t *len);
void buf_release(struct buf *b);
/* Release it; *failed becomes true if the buffer failed. */
void buf_end(struct buf *b, bool *failed);
/* Release it, and return a copy in the arena. NULL when memory ran out, for either: the arena
 * fails. */
char *buf_to_arena(struct buf *b, struct arena *a);

#endif
