/* A drawing that is more than plain shapes: librsvg draws it. */
#include "base/error.h"
#include "base/library.h"
#include "cover/parts.h"

#include <librsvg/rsvg.h>
#include <pthread.h>

/* Written once, under a pthread_once(). */
static struct rsvg {
	__typeof__(&rsvg_handle_new_from_data) new_from_data;
	__typeof__(&rsvg_handle_render_document) render_document;
} rsvg;
static bool rsvg_loaded;

static void drawing_load(void)
{
	static const struct library_symbol symbols[] = {
		{"rsvg_handle_new_from_data", offsetof(struct rsvg, new_from_data)},
		{"rsvg_handle_render_document", offsetof(struct rsvg, render_document)},
	};
	void *library = library_open("librsvg-2.so.2");
	rsvg_loaded =
		library && library_find(library, symbols, sizeof symbols / sizeof *symbols, &rsvg);
}

bool cover_drawing_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, drawing_load);
	return rsvg_loaded;
}

int cover_drawing_draw(const struct pango *p, cairo_t *cr, const struct cover_layer *layer,
		       const struct cover_sheet *sheet, struct chapbook_error *err)
{
	RsvgRectangle whole = {0, 0, sheet->width, sheet->height};
	GError *why = NULL;
	RsvgHandle *handle = rsvg.new_from_data((const guint8 *)layer->svg, layer->svg_size, &why);
	bool done = handle && rsvg.render_document(handle, cr, &whole, &why);
	if (handle)
		p->g_object_unref(handle);
	if (done)
		return 0;
	error_set(err, CHAPBOOK_E_INPUT, "cover.svg: %s", why ? why->message : "not drawn");
	if (why)
		p->g_error_free(why);
	return -1;
}
