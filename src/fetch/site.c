#include "fetch/site.h"

#include "base/ascii.h"
#include "base/library.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>

/* libpsl, which libcurl needs, too: its header is not asked for. Written once, under once. */
static struct psl {
	const void *(*psl_builtin)(void);
	const char *(*psl_registrable_domain)(const void *list, const char *domain);
} psl_calls;
static const void *psl_list;

static void site_load(void)
{
	static const struct library_symbol symbols[] = {
		{"psl_builtin", offsetof(struct psl, psl_builtin)},
		{"psl_registrable_domain", offsetof(struct psl, psl_registrable_domain)},
	};
	void *library = library_open("libpsl.so.5");
	if (library && library_find(library, symbols, 2, &psl_calls))
		psl_list = psl_calls.psl_builtin();
}

/* "[::1]", "192.0.2.1": what has no domain. */
static bool site_is_address(const char *host)
{
	const char *last = strrchr(host, '.');
	last = last ? last + 1 : host;
	return *host == '[' || ascii_is_digit(*last);
}

const char *site_of_host(const char *host)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, site_load);
	const char *site = NULL;
	if (psl_list && !site_is_address(host))
		site = psl_calls.psl_registrable_domain(psl_list, host);
	return site ? site : host;
}
