/* Charsets by way of iconv. */
#ifndef READ_CHARSET_CONVERT_H
#define READ_CHARSET_CONVERT_H

#include "base/buf.h"

/* How many bytes a character takes at least. */
size_t charset_unit(const char *charset);

/* Append `bytes` in UTF-8; what cannot be converted becomes U+FFFD, the shortest character at a
 * time. Returns how many did, or -1 when iconv does not know the charset. */
long charset_convert(struct buf *out, const char *bytes, size_t size, const char *charset);

#endif
