/* Formats that chapbook does not read: recognised, so that the user learns what the file is. */
#ifndef READ_SNIFF_SNIFF_H
#define READ_SNIFF_SNIFF_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Append to `what` the format of these bytes, with what to do instead ("this is a PDF file:
 * convert …"). Looks at signatures of binary formats. False: none of them. */
bool sniff_bytes(const char *bytes, size_t size, struct buf *what);

/* As above, of a text (clean UTF-8): data, feeds, mail, source code. `name` is the file's name or
 * address, for its extension, or NULL. Prose, Markdown and web pages are never recognised as one of
 * these, whatever they quote. */
bool sniff_text(const char *name, const char *text, size_t len, struct buf *what);

/* Whether a text is HTML: it begins as a page does (comments may come first). `fragment`: or as a
 * part of one, with the tags of blocks. */
bool sniff_is_page(const char *text, size_t len, bool fragment);

/* Whether a text has no tag at all, so that it cannot be HTML. */
bool sniff_has_no_tags(const char *text, size_t len);

#endif
