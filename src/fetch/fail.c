#include "fetch/fetch_parts.h"

#include "base/error.h"
#include "fetch/fetch.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int get_fail(struct get *g, enum chapbook_code code, const char *fmt, ...)
{
	char words[400];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(words, sizeof words, fmt, ap);
	va_end(ap);
	if (code == CHAPBOOK_E_MEMORY)
		return error_memory(g->err);
	char *first = web_url_for_message(&g->arena, g->request->url);
	char *now = g->url.text && strcmp(g->url.text, g->first.text) != 0
			    ? web_url_for_message(&g->arena, g->url.text)
			    : NULL;
	if (!first)
		return error_memory(g->err);
	if (now)
		return error_set(g->err, code, "%s (redirected to %s): %s", first, now, words);
	return error_set(g->err, code, "%s: %s", first, words);
}
