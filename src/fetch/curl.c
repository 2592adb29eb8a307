#include "fetch/curl.h"

#include "base/library.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Written once, under once. */
static struct curl curl_calls;
static bool curl_loaded;

static const struct library_symbol symbols[] = {
#define CURL_CALL(name) {#name, offsetof(struct curl, name)},
#include "fetch/curl_table.h"
#undef CURL_CALL
};

static const struct library_symbol idn_symbols[] = {
	{"idn2_lookup_u8", offsetof(struct curl, idn2_lookup_u8)},
	{"idn2_free", offsetof(struct curl, idn2_free)},
};

static void fetch_curl_load(void)
{
	/* Never closed: OpenSSL has things to do when the process ends. */
	void *library = library_open("libcurl.so.4");
	if (!library ||
	    !library_find(library, symbols, sizeof symbols / sizeof *symbols, &curl_calls))
		return;
	if (curl_calls.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return;
	void *idn = library_open("libidn2.so.0");
	if (idn && !library_find(idn, idn_symbols, 2, &curl_calls))
		curl_calls.idn2_lookup_u8 = NULL;
	curl_loaded = true;
}

const struct curl *curl_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, fetch_curl_load);
	return curl_loaded ? &curl_calls : NULL;
}
