/* The reader of XML feeds: RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0, CDF. */
#ifndef SOURCE_FEED_H
#define SOURCE_FEED_H

#include "source/item.h"

#include "base/buf.h"

/* --- feed_bytes.c: the bytes as XML that a parser can read to its end --- */

/* Bytes of `in` as UTF-8, decoded by the BOM or the XML declaration, without a document type. An
 * "&" that begins no reference and a "<" that begins no markup are escaped; entities of HTML are
 * characters; each start tag has its end tag, and attributes have quotation marks. Nothing is
 * changed in CDATA sections and comments. */
struct feed_bytes;
struct feed_bytes *feed_bytes_new(struct source_bytes *in, struct chapbook_error *err);
/* The next part, valid until the next call. Its length; 0 at the end; -1 and *err. */
long feed_bytes_next(struct feed_bytes *bytes, const char **part, struct chapbook_error *err);
/* Whether the document ended before its elements did. To be called at the end. */
bool feed_bytes_is_cut(const struct feed_bytes *bytes);
void feed_bytes_free(struct feed_bytes *bytes);

/* --- feed_date.c --- */

/* A date of a feed in W3C form, in the arena, or NULL: RFC 822, asctime(), ISO 8601, and those of
 * date_parse(). */
char *feed_date(struct arena *arena, const char *text, size_t len);

#endif
