/* The thread in which all exchanges run, side by side: it gives each its turn. A host is asked for
 * so many things at once as browsers do, not more often than `rate` says, and not at all while it
 * asks to wait. */
#ifndef FETCH_LOOP_H
#define FETCH_LOOP_H

#include "fetch/exchange.h"

struct loop;

enum {
	MAX_LOOP_HOST = 6, /* exchanges with one host at once */
	MAX_LOOP = 48,     /* in all */
};

/* Milliseconds that never jump. */
long long loop_now(void);

/* Load libcurl and start. `cookies`: a file in Netscape's format, or NULL; `rate`: requests a
 * second to one host, 0 for any. NULL on failure. */
struct loop *loop_new(const char *cookies, double rate, struct chapbook_error *err);
/* No exchange may be under way. */
void loop_free(struct loop *loop);
const struct curl *loop_curl(struct loop *loop);

enum { LOOP_PATIENCE = 30 }; /* seconds that a host may ask to wait */

/* Run an exchange: returns when it is answered or has failed, as it does at once where its host has
 * asked to wait for longer than that. Any number of threads may call. */
void loop_do(struct loop *loop, struct exchange *ex);

/* The host (web_url.origin) asks not to be asked for so many milliseconds. From then on fewer
 * things at once are asked of it. */
void loop_pause(struct loop *loop, const char *origin, long long milliseconds);

#endif
