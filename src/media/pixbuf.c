#include "media/pixbuf.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Written once, under a pthread_once(). */
static struct pixbuf pixbuf_calls;
static bool pixbuf_loaded;

static const struct {
	const char *name;
	size_t at;
} symbols[] = {
#define PIXBUF_CALL(name) {#name, offsetof(struct pixbuf, name)},
#include "media/pixbuf_table.h"
#undef PIXBUF_CALL
};

static void load(void)
{
	/* Never closed: GLib's types cannot be unloaded. */
	void *library = dlopen("libgdk_pixbuf-2.0.so.0", RTLD_LAZY | RTLD_LOCAL);
	if (!library)
		return;
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
		void *symbol = dlsym(library, symbols[i].name);
		if (!symbol)
			return;
		memcpy((char *)&pixbuf_calls + symbols[i].at, &symbol, sizeof symbol);
	}
	pixbuf_loaded = true;
}

const struct pixbuf *pixbuf_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, load);
	return pixbuf_loaded ? &pixbuf_calls : NULL;
}
