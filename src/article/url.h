/* Addresses: what a link or a picture may point at, and how that is written. */
#ifndef ARTICLE_URL_H
#define ARTICLE_URL_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum url_use {
	URL_LINK,  /* http, https, mailto, tel, relative references, fragments */
	URL_IMAGE, /* http, https, relative references, data:image/…, cid:… (RFC 2392) */
};

/* Append `url` as RFC 3986 and the URL Standard both take it: white space at the ends and line
 * ends dropped, user name and password dropped, what may not stand in a URL percent-encoded (not
 * letters beyond ASCII: an IRI).
 * Returns false, and appends nothing, when its scheme is not allowed for this use or it cannot
 * be a URL. */
bool url_put_clean(struct buf *out, const char *url, size_t len, enum url_use use);

/* Whether it has a scheme of its own ("https:…", "data:…") or a host ("//…"). */
bool url_is_absolute(const char *url);

/* Append what `ref` means in a document at `base` (RFC 3986 section 5.2; white space and letters
 * beyond ASCII are fine), cleaned as above. Returns false, and appends nothing, when it comes to
 * nothing. */
bool url_resolve(struct buf *out, const char *ref, const char *base, enum url_use use);

/* Append a form that all addresses of one page have in common, for comparing: without the scheme,
 * "www.", fragment, final slash, what marks its AMP form and the parameters that only tell servers
 * where a reader came from (utm_source and the like), and decoded. */
void url_put_key(struct buf *out, const char *url);

/* Append with %XX decoded; the result is clean UTF-8 (bad sequences are kept encoded). */
void url_put_decoded(struct buf *out, const char *url, size_t len);

#endif
