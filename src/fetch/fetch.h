/* Pages and pictures by their addresses: the only code that opens a socket. libcurl is loaded for
 * the first request, not before. */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include "chapbook.h"

/* One for all jobs of a program: it holds connections, cookies, the cache and what is owed to each
 * host. Any number of threads may ask it at once. */
struct fetcher;

/* Zero-initialised: the defaults in parentheses. */
struct fetch_options {
	const char *user_agent; /* (one that says chapbook) */
	/* "Name: value" lines, sent to the hosts of the URLs that the caller asked for by
	 * themselves and never to others: they may be secrets. */
	const char *const *headers;
	size_t header_count;
	/* A file in Netscape's format, read and never written (none). Its cookies are sent with
	 * pages that the user asks for and what these ask for of their own sites; all other
	 * requests have cookies of their own, which only servers set. */
	const char *cookies;
	const char *proxy;     /* "": none (what the environment says, as curl(1) has it) */
	const char *cache_dir; /* made when there is something to keep (no cache) */
	size_t cache_max;      /* bytes (500 MB) */
	double rate;           /* requests a second to one host (as fast as it answers) */
	unsigned timeout;      /* seconds that a transfer may take in all (30) */
	unsigned redirects;    /* (10) */
	size_t page_max;       /* bytes (20 MB) */
	size_t picture_max;    /* bytes (50 MB) */
	bool offline;          /* what is not in the cache is an error: no socket is ever opened */
};

/* Copies the options. NULL when memory runs out; fails later, at the first request, where there is
 * no libcurl. That request starts a thread, which may do what the thread that asks may: none must
 * ask first from inside a sandbox. */
struct fetcher *fetcher_new(const struct fetch_options *options);
/* No request may be under way. */
void fetcher_free(struct fetcher *f);

enum fetch_kind { FETCH_PAGE, FETCH_PICTURE };

struct fetch_request {
	const char *url; /* http or https */
	enum fetch_kind kind;
	/* The page that asks, sent as Referer (to another origin only its origin, as browsers do);
	 * NULL: the user does. */
	const char *referrer;
	/* An address: its user name and password, if it has them, are sent to its origin and to no
	 * other; or NULL. What `url` itself has of them is used first. */
	const char *login;
	/* The page that asks is at a public address: private ones (loopback, RFC 1918, link-local,
	 * …) are refused. */
	bool public_only;
};

struct fetch_result {
	char *bytes; /* decompressed; NUL behind them */
	size_t size;
	char *url;           /* reached, behind all redirects; no user name and password */
	char *media_type;    /* as the server has it, "text/html", in lower case; or NULL */
	char *charset;       /* of the Content-Type, or NULL */
	long long retrieved; /* when it was got or last found unchanged: seconds since 1970 */
	bool from_cache;     /* nothing but, at most, a question whether it changed was sent */
	bool is_public;      /* the address that it came from */
	char *archived;      /* for callers that took it from a web archive: its address there */
	/* After a failure: the page does not exist (404, 410) or its host is not reached. */
	bool is_gone;
};

/* Get it: wait for its turn, follow redirects, try again what may pass (three tries, with back-off;
 * a host's Retry-After is waited for up to 30 s), ask the cache first. Once an address was public,
 * no redirect leads to a private one. Returns 0, or -1 with a message that names the URL; `result`
 * is to be released either way. */
int fetch_get(struct fetcher *f, const struct fetch_request *request, struct fetch_result *result,
	      struct chapbook_error *err);
void fetch_result_release(struct fetch_result *result);

/* What was done so far. */
struct fetch_tally {
	size_t fetched, unchanged, cached; /* answers: new, confirmed by the server, taken from the
					      cache without asking */
	unsigned long long bytes;          /* received */
};
void fetcher_tally(struct fetcher *f, struct fetch_tally *tally);

/* The most bytes that a page may have, decoded. */
size_t fetcher_page_max(const struct fetcher *f);

/* Whether it is an address that fetch_get() takes: "http://…" or "https://…". */
bool fetch_is_url(const char *text);

#endif
