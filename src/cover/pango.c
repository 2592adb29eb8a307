#include "cover/pango.h"

#include "base/library.h"

#include <pthread.h>
#include <stddef.h>

enum library { CAIRO, FONTCONFIG, GLIB, GOBJECT, PANGO, PANGOCAIRO, PANGOFT2, LIBRARIES };

static const char *const names[LIBRARIES] = {
	[CAIRO] = "libcairo.so.2",           [FONTCONFIG] = "libfontconfig.so.1",
	[GLIB] = "libglib-2.0.so.0",         [GOBJECT] = "libgobject-2.0.so.0",
	[PANGO] = "libpango-1.0.so.0",       [PANGOCAIRO] = "libpangocairo-1.0.so.0",
	[PANGOFT2] = "libpangoft2-1.0.so.0",
};

/* Written once, under a pthread_once(). */
static struct pango pango_calls;
static bool pango_loaded;

static const struct {
	enum library library;
	struct library_symbol symbol;
} symbols[] = {
#define PANGO_CALL(library, name) {library, {#name, offsetof(struct pango, name)}},
#include "cover/pango_table.h"
#undef PANGO_CALL
};

static void pango_silence(const char *domain, GLogLevelFlags level, const char *message, void *data)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)data;
}

static void cover_pango_load(void)
{
	static const char *const domains[] = {"GLib", "GLib-GObject", "Pango"};
	/* Never closed: GLib's types cannot be unloaded. */
	void *libraries[LIBRARIES];
	for (int i = 0; i < LIBRARIES; i++) {
		libraries[i] = library_open(names[i]);
		if (!libraries[i])
			return;
	}
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
		if (!library_find(libraries[symbols[i].library], &symbols[i].symbol, 1,
				  &pango_calls))
			return;
	for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
		pango_calls.g_log_set_handler(domains[i], G_LOG_LEVEL_MASK, pango_silence, NULL);
	pango_loaded = true;
}

const struct pango *pango_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, cover_pango_load);
	return pango_loaded ? &pango_calls : NULL;
}
