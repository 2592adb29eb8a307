/* What the files of fetch_get() share: it follows addresses (fetch.c), asks the cache
 * about each (fetch_cached.c), then the host, more than once if need be (fetch_ask.c). */
#ifndef FETCH_FETCH_PARTS_H
#define FETCH_FETCH_PARTS_H

#include "base/map.h"
#include "fetch/cache.h"
#include "fetch/fetch.h"
#include "fetch/loop.h"
#include "fetch/web_url.h"

struct fetcher {
	struct arena arena; /* what `options` points to */
	struct fetch_options options;
	struct cache *cache;         /* or NULL */
	struct chapbook_error wrong; /* the options mean nothing, and why */

	pthread_mutex_t lock;         /* for all that follows */
	struct loop *loop;            /* from the first request on */
	struct chapbook_error failed; /* it could not be started, and why */
	struct map asked;             /* origins that get options.headers */
	struct map dead;              /* by origin: how many connections failed */
	bool no_names;                /* the DNS did not answer: it is not asked again */
	struct map sites;             /* of pages that the user asked for */
	struct arena asked_names;
	struct fetch_tally tally;
};

/* One fetch_get(). */
struct get {
	struct fetcher *f;
	const struct fetch_request *request;
	struct fetch_result *result;
	struct chapbook_error *err;
	struct arena arena;
	struct web_url first, url; /* asked for; where it is now, behind redirects */
	unsigned redirects;        /* so far */
	bool public_only;
	bool is_gone;     /* as of the result */
	bool has_headers; /* url's origin gets options.headers */
	bool has_cookies; /* … the user's cookies */
	struct {
		const char **items;
		size_t count, cap;
	} lines; /* header fields of the request for `url` */
};

/* Set the error: "URL: …", or "URL (redirected to URL): …". Returns -1. */
int get_fail(struct get *g, enum chapbook_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* --- fetch_ask.c --- */

/* The lines that every request for g->url has; -1 when memory runs out. */
int get_make_lines(struct get *g);
/* What is said for the header field `name`, or NULL. */
const char *get_line(const struct get *g, const char *name);
void get_add_line(struct get *g, const char *name, const char *value);

/* Ask the host until it has answered with 200, 203, 304, or a redirect, or there is no more hope.
 */
int get_ask(struct get *g, struct exchange *ex);

/* --- fetch_cached.c --- */

enum known {
	KNOWN_NOTHING,
	KNOWN_FRESH, /* use it */
	KNOWN_STALE, /* ask whether it is still so: the lines for that are added */
};

/* What the cache has for g->url; with bytes, unless it is a redirect. */
enum known get_known(struct get *g, struct cache_entry *entry, char **bytes);
/* The answer is new: keep it, if it may be kept. `location`: where it redirects to, or NULL. */
void get_keep(struct get *g, const struct exchange *ex, const char *location, long long asked,
	      long long received);
/* The host says that the entry is still what it has. */
void get_confirm(struct get *g, const struct exchange *ex, struct cache_entry *entry,
		 long long asked, long long received);

#endif
