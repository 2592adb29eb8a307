/* What the header fields of answers say (RFC 9110, RFC 9111). Their values are what servers send:
 * anything. */
#ifndef FETCH_HTTP_H
#define FETCH_HTTP_H

#include "base/arena.h"

/* The fields that matter, as they came; those sent more than once joined with ", ". NULL where
 * there is none. */
struct http_head {
	int status;
	const char *age, *cache_control, *content_encoding, *content_type, *date, *etag, *expires,
		*last_modified, *location, *pragma, *retry_after, *set_cookie, *vary;
};

/* The three forms of RFC 9110 section 5.6.7, in seconds since 1970. */
bool http_date(const char *text, long long *epoch);

/* Retry-After: seconds from `now` on, or -1 when it is neither a number nor a date. */
long long http_retry_after(const char *value, long long now);

/* Content-Type: "text/html" in lower case and the charset as it is written, in the arena, or NULL
 * where they are missing or malformed. */
void http_content_type(struct arena *arena, const char *value, char **media_type, char **charset);

/* The next item of a list of names ("gzip, br"), in lower case, cut to `room`; false at the end. */
bool http_next_name(const char **list, char *name, size_t room);

/* Whether a private cache may keep the answer (RFC 9111 section 3), where it is whole. */
bool http_may_keep(const struct http_head *head);
/* Until when it need not be asked for again (sections 4.2, 5.2; a tenth of its age where nothing is
 * said, a day at most); not after `received` when it must always be. Permanent redirects that say
 * nothing are good for a day. `asked`, `received`: when the request went and the answer came. */
long long http_fresh_until(const struct http_head *head, long long asked, long long received);

/* "Not Found", or NULL for a status that is seldom seen. */
const char *http_status_words(int status);

#endif
