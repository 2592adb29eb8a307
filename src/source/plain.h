/* HTML as plain text, of a line or two. */
#ifndef SOURCE_PLAIN_H
#define SOURCE_PLAIN_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether a text has tags or references of HTML. */
bool plain_has_markup(const char *text, size_t len);
/* Append HTML as plain text: without tags, references decoded. */
void plain_put_html(struct buf *out, const char *html, size_t len);
/* Append the bytes of a Base64 text (RFC 4648); what is no such character is skipped. */
void plain_put_base64(struct buf *out, const char *text, size_t len);

#endif
