#include "fetch/curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Written once, under once. */
static struct curl curl_calls;
static bool curl_loaded;

static const struct {
	const char *name;
	size_t at;
} symbols[] = {
#define CURL_CALL(name) {#name, offsetof(struct curl, name)},
#include "fetch/curl_table.h"
#undef CURL_CALL
};

static bool take(void *library, const char *name, size_t at)
{
	void *symbol = dlsym(library, name);
	if (!symbol)
		return false;
	memcpy((char *)&curl_calls + at, &symbol, sizeof symbol);
	return true;
}

static void load(void)
{
	/* Never closed: OpenSSL has things to do when the process ends. */
	void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
	if (!library)
		return;
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
		if (!take(library, symbols[i].name, symbols[i].at))
			return;
	if (curl_calls.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return;
	void *idn = dlopen("libidn2.so.0", RTLD_LAZY | RTLD_LOCAL);
	if (idn && !(take(idn, "idn2_lookup_u8", offsetof(struct curl, idn2_lookup_u8)) &&
		     take(idn, "idn2_free", offsetof(struct curl, idn2_free))))
		curl_calls.idn2_lookup_u8 = NULL;
	curl_loaded = true;
}

const struct curl *curl_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, load);
	return curl_loaded ? &curl_calls : NULL;
}
