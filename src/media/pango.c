#include "media/pango.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

enum library { CAIRO, FONTCONFIG, GLIB, GOBJECT, PANGO, PANGOCAIRO, PANGOFT2, RSVG, LIBRARIES };

static const char *const names[LIBRARIES] = {
	[CAIRO] = "libcairo.so.2",           [FONTCONFIG] = "libfontconfig.so.1",
	[GLIB] = "libglib-2.0.so.0",         [GOBJECT] = "libgobject-2.0.so.0",
	[PANGO] = "libpango-1.0.so.0",       [PANGOCAIRO] = "libpangocairo-1.0.so.0",
	[PANGOFT2] = "libpangoft2-1.0.so.0", [RSVG] = "librsvg-2.so.2",
};

/* Written once, under a pthread_once(). */
static struct pango pango_calls;
static bool pango_loaded;

static const struct {
	enum library library;
	const char *name;
	size_t at;
} symbols[] = {
#define PANGO_CALL(library, name) {library, #name, offsetof(struct pango, name)},
#include "media/pango_table.h"
#undef PANGO_CALL
};

static void load(void)
{
	/* Never closed: GLib's types cannot be unloaded. */
	void *libraries[LIBRARIES];
	for (int i = 0; i < LIBRARIES; i++) {
		libraries[i] = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL);
		if (!libraries[i])
			return;
	}
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
		void *symbol = dlsym(libraries[symbols[i].library], symbols[i].name);
		if (!symbol)
			return;
		memcpy((char *)&pango_calls + symbols[i].at, &symbol, sizeof symbol);
	}
	pango_loaded = true;
}

const struct pango *pango_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, load);
	return pango_loaded ? &pango_calls : NULL;
}
