#include "media/fit/pixbuf.h"

#include "base/library.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Written once, under a pthread_once(). */
static struct pixbuf pixbuf_calls;
static bool pixbuf_loaded;

static const struct library_symbol symbols[] = {
#define PIXBUF_CALL(name) {#name, offsetof(struct pixbuf, name)},
#include "media/fit/pixbuf_table.h"
#undef PIXBUF_CALL
};

static void fit_pixbuf_load(void)
{
	/* Never closed: GLib's types cannot be unloaded. */
	void *library = library_open("libgdk_pixbuf-2.0.so.0");
	if (!library ||
	    !library_find(library, symbols, sizeof symbols / sizeof *symbols, &pixbuf_calls))
		return;
	pixbuf_loaded = true;
}

const struct pixbuf *pixbuf_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, fit_pixbuf_load);
	return pixbuf_loaded ? &pixbuf_calls : NULL;
}
