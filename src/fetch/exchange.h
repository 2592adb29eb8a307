/* One request and its answer: no redirects, no second tries, no cache. */
#ifndef FETCH_EXCHANGE_H
#define FETCH_EXCHANGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "chapbook.h"
#include "fetch/curl.h"
#include "fetch/http.h"
#include "fetch/web_url.h"

#include <pthread.h>

struct loop_host;

struct exchange {
	/* --- Asked: set by who asks, before loop_do() --- */
	const struct web_url *url;
	const char *const *lines; /* "Name: value", all that are sent but what libcurl makes */
	size_t line_count;
	const char *proxy; /* "" for none */
	bool public_only;
	bool has_cookies;     /* the user's; else those of other requests without them */
	size_t limit;         /* bytes of a body, decompressed */
	unsigned timeout;     /* seconds in all */
	bool plain;           /* ask for no compression, and take what comes as it is */
	bool old;             /* HTTP/1.1 at most */
	long long not_before; /* loop_now() */

	/* --- Under way: the loop's --- */
	const struct curl *curl;
	CURL *easy;
	struct curl_slist *list;
	char *error; /* CURL_ERROR_SIZE bytes */
	enum {
		EXCHANGE_RUNS,
		EXCHANGE_TOO_LARGE,
		EXCHANGE_TOO_MUCH_HEAD,
		EXCHANGE_NOT_PUBLIC,
		EXCHANGE_NO_MEMORY,
		EXCHANGE_DROPPED
	} stopped;
	size_t head_size, dropped;
	struct exchange *next;
	struct loop_host *host;
	bool done;
	pthread_cond_t when_done;

	/* --- Answered --- */
	struct arena arena;    /* what `head` points to */
	struct http_head head; /* status 0: there was no answer, and `words` say why */
	struct buf body;       /* of 200 and 203 */
	enum chapbook_code code;
	char words[256];
	bool may_pass;      /* it may do better next time */
	bool http2_failed;  /* … without HTTP/2 */
	bool no_connection; /* the host was not reached */
	bool bad_encoding;
	bool is_public;              /* where it came from */
	unsigned long long received; /* bytes */
	double seconds;
};

void exchange_init(struct exchange *ex);
/* Forget the answer and what is under way, to ask again. */
void exchange_clear(struct exchange *ex);
void exchange_release(struct exchange *ex);

/* Make ex->easy; false (ex->words, ex->code) when that cannot be. */
bool exchange_begin(struct exchange *ex, const struct curl *curl, CURLSH *share);
/* Read what came of it into the answer, and free ex->easy. */
void exchange_end(struct exchange *ex, CURLcode result);

#endif
