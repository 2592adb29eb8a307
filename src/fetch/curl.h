/* libcurl, loaded when the first URL is to be fetched: it and what it needs take some 7 ms to load,
 * which readers of local files do not pay. */
#ifndef FETCH_CURL_H
#define FETCH_CURL_H

#include <stdint.h>

/* Its macros that inspect the types of arguments do not work through a pointer. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/* Its functions, by their own names: `c->curl_easy_init()`. */
struct curl {
#define CURL_CALL(name) __typeof__(&name) name;
#include "fetch/curl_table.h"
#undef CURL_CALL
	/* libidn2's, which libcurl itself calls only with text in the locale's charset: UTF-8 to
	 * ASCII names of hosts. NULL where there is no such library. */
	int (*idn2_lookup_u8)(const uint8_t *name, uint8_t **ascii, int flags);
	void (*idn2_free)(void *p);
};

/* The library, set up. Loaded once in a process. NULL where it is not installed. */
const struct curl *curl_load(void);

#endif
