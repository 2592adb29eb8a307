/* Any charset to clean UTF-8 with LF line ends. */
#ifndef READ_CHARSET_H
#define READ_CHARSET_H

#include "base/buf.h"
#include "base/diag.h"

/* Decide by BOM, by the caller's word (`charset`), by the text's own (`says`), where its bytes do
 * not give it the lie, by UTF-8 validity, by UTF-16's pattern of NULs, then by uchardet (loaded
 * only then); convert with iconv; clean; CR LF and CR become LF. What cannot be converted becomes
 * U+FFFD, with a warning that counts them. Binary data (a picture, a PDF, a ZIP) is
 * CHAPBOOK_E_INPUT. */
int charset_decode(struct buf *out, const char *bytes, size_t size, const char *charset,
		   const char *says, struct diag *diag, struct chapbook_error *err);

/* What an HTML page says that it is in: its meta elements, else its XML declaration (HTML Living
 * Standard, section 13.2.3.2, but up to the end of the head). A label, in `name`; "" when it does
 * not say. */
void charset_of_page(const char *bytes, size_t size, char *name, size_t name_size);

#endif
