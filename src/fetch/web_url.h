/* Addresses of pages and pictures, as text. */
#ifndef FETCH_WEB_URL_H
#define FETCH_WEB_URL_H

#include "base/arena.h"

/* Longer ones are refused: servers take some 8,000 bytes. */
enum { MAX_WEB_URL = 32768 };

struct web_url {
	char *text;   /* the whole, as it is asked for: no fragment, nothing but ASCII behind the
			 host */
	char *shown;  /* without user name and password: all that others get to see */
	char *origin; /* "https://host:443": scheme, host and port, always all three */
	const char *user; /* "name:password" as in the text, or NULL */
	char *host;       /* lower case; IPv6 in brackets; may have letters beyond ASCII */
	bool secure;      /* https */
	bool is_too_long; /* why it could not be read */
};

/* Read an address, with white space around it dropped and what may not stand in one
 * percent-encoded. In the arena. False when it is no http or https URL or its host, port or user
 * could be read in two ways ("http://a\@b/"), or it is longer than MAX_WEB_URL. */
bool web_url_read(struct arena *arena, const char *text, struct web_url *url);

/* Give `url`, unless it has its own, the user name and password of `from`, where both are of one
 * origin. In the arena. */
void web_url_login(struct arena *arena, struct web_url *url, const struct web_url *from);

/* For messages: `text` in one line of at most some 140 bytes without user name and password. */
char *web_url_for_message(struct arena *arena, const char *text);

/* What Referer says at `to` when the page `from` asks: the page where both are of one origin, else
 * only its origin, nothing where the page was secure and the picture is not (the Referrer Policy
 * "strict-origin-when-cross-origin", which is what hosts know from browsers). May be NULL. */
char *web_url_referrer(struct arena *arena, const char *from, const struct web_url *to);

#endif
