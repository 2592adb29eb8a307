/* Any charset to clean UTF-8 with LF line ends. */
#ifndef READ_CHARSET_H
#define READ_CHARSET_H

#include "base/buf.h"
#include "base/diag.h"

/* Decide by BOM, by the caller's word, by UTF-8 validity, by UTF-16's pattern of NULs, then by
 * uchardet (loaded only then); convert with iconv; clean; CR LF and CR become LF. What cannot
 * be converted becomes U+FFFD, with a warning that counts them. Binary data (a picture, a PDF,
 * a ZIP) is CHAPBOOK_E_INPUT. */
int charset_decode(struct buf *out, const char *bytes, size_t size, const char *charset,
		   struct diag *diag, struct chapbook_error *err);

#endif
