#include "media/fit/vips.h"

#include "base/error.h"
#include "base/library.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>

/* Written once, under vips_once. */
static struct vips vips_calls;
static bool vips_loaded;

static const struct library_symbol symbols[] = {
#define VIPS_CALL(name) {#name, offsetof(struct vips, name)},
#include "media/fit/vips_table.h"
#undef VIPS_CALL
};

static void vips_ignore_message(const char *domain, GLogLevelFlags level, const char *message,
				void *data)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)data;
}

static void fit_vips_load(void)
{
	/* Never closed: GLib's types cannot be unloaded. */
	void *library = library_open("libvips.so.42");
	if (!library ||
	    !library_find(library, symbols, sizeof symbols / sizeof *symbols, &vips_calls))
		return;
	if (vips_calls.vips_init("chapbook") != 0)
		return;
	static const char *const domains[] = {"VIPS", "GLib", "GLib-GObject", "GdkPixbuf", "Pango"};
	for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
		vips_calls.g_log_set_handler(domains[i], G_LOG_LEVEL_MASK, vips_ignore_message,
					     NULL);
	vips_calls.vips_cache_set_max(0);
	vips_calls.vips_concurrency_set(1);
	vips_loaded = true;
}

const struct vips *vips_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, fit_vips_load);
	return vips_loaded ? &vips_calls : NULL;
}

int vips_fail(const struct vips *v, const char *name, struct chapbook_error *err)
{
	char *text = v->vips_error_buffer_copy();
	size_t len = text ? strcspn(text, "\n") : 0;
	error_set(err, CHAPBOOK_E_INPUT, "%s%s%.*s", name ? name : "", name ? ": " : "",
		  len ? (int)len : 64, len ? text : "libvips failed without a message");
	v->g_free(text);
	return -1;
}
