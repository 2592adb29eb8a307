/* Any charset to clean UTF-8 with LF line ends. */
#ifndef READ_CHARSET_CHARSET_H
#define READ_CHARSET_CHARSET_H

#include "base/buf.h"
#include "base/diag.h"

/* What is known of a text beside its bytes; any may be NULL. */
struct charset_hints {
	const char *given;      /* by the user: it is obeyed */
	const char *server;     /* declared by the server */
	const char *page_label; /* declared by the page itself */
	const char *language;   /* BCP 47 tag of the text */
	bool page;              /* it has HTML tags */
};

/* Decide by BOM, by what is given, by what is declared (where the bytes do not contradict it; the
 * page's declaration wins over the server's when its text reads better so), by UTF-8 validity, by
 * UTF-16's pattern of NULs, by what reads best (guess.h), then by uchardet (loaded only
 * then); convert with iconv; clean; CR LF and CR become LF. What cannot be converted becomes
 * U+FFFD, with a warning that counts them. Binary data is CHAPBOOK_E_INPUT, an unknown charset that
 * was given CHAPBOOK_E_USAGE. */
int charset_decode(struct buf *out, const char *bytes, size_t size,
		   const struct charset_hints *hints, struct diag *diag,
		   struct chapbook_error *err);

/* The charset that an HTML page declares: its meta elements, else its XML declaration (HTML Living
 * Standard, section 13.2.3.2, but up to the end of the head). A label, in `name`; "" when it does
 * not say. */
void charset_of_page(const char *bytes, size_t size, char *name, size_t name_size);

/* The language that a page's html element declares, in `tag`; "" when it does not. */
void language_of_page(const char *bytes, size_t size, char *tag, size_t tag_size);

#endif
