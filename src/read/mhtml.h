/* Web archives: a page with its pictures in one file (RFC 2557, over MIME: RFC 2045, 2046), as
 * Chrome, Edge, Internet Explorer and UnMHT write them (.mht, .mhtml). */
#ifndef READ_MHTML_H
#define READ_MHTML_H

#include "article/article.h"
#include "chapbook.h"

#include <stdbool.h>
#include <stddef.h>

struct mhtml_page {
	const char *bytes; /* in the article's arena, as all that follows */
	size_t size;
	const char *charset; /* NULL: not said */
	const char *url;     /* where it is from, or NULL */
	const char *date;    /* when it was saved, as it is written, or NULL */
};

/* Whether the bytes are such an archive: a header that says multipart/related. */
bool mhtml_is(const char *bytes, size_t size);

/* Take it apart: the page that stands for the whole, and its pictures, which go to a->parts. What
 * is cut short is taken up to its end. CHAPBOOK_E_INPUT when there is no page in it. */
int mhtml_read(struct article *a, const char *bytes, size_t size, struct mhtml_page *page,
	       struct chapbook_error *err);

#endif
