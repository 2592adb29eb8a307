/* Bitmaps: decoded by gdk-pixbuf, which is given a head made anew (its readers trust what they find
 * in one) and no more pixels than mean anything. */
#include "media/fit/parts.h"

#include "base/error.h"
#include "media/fit/pixbuf.h"
#include "media/identify/bitmap.h"

struct decoder {
	const struct pixbuf *p;
	uint64_t rows; /* that are there, an icon's mask among them */
};

/* What is not there is white, and not what was in memory before. */
static void begin_white(GdkPixbufLoader *loader, gpointer data)
{
	struct decoder *d = data;
	d->p->gdk_pixbuf_fill(d->p->gdk_pixbuf_loader_get_pixbuf(loader), 0xFFFFFFFF);
}

static void count_rows(GdkPixbufLoader *loader, int x, int y, int width, int height, gpointer data)
{
	struct decoder *d = data;
	(void)loader;
	(void)x;
	(void)y;
	(void)width;
	d->rows += (unsigned)height;
}

/* For the caller to drop; NULL: it cannot be decoded. */
static GdkPixbuf *bitmap_decode(struct decoder *d, const struct bitmap *bitmap)
{
	const struct pixbuf *p = d->p;
	unsigned char head[BITMAP_MAX_HEAD];
	size_t head_size = bitmap_head(bitmap, head), size = bitmap->pixel_bytes;
	if (size > bitmap->pixel_bytes_most)
		size = bitmap->pixel_bytes_most;
	GdkPixbufLoader *loader =
		p->gdk_pixbuf_loader_new_with_type(bitmap->icon ? "ico" : "bmp", NULL);
	if (!loader)
		return NULL;
	p->g_signal_connect_data(loader, "area-prepared", G_CALLBACK(begin_white), d, NULL, 0);
	p->g_signal_connect_data(loader, "area-updated", G_CALLBACK(count_rows), d, NULL, 0);
	if (p->gdk_pixbuf_loader_write(loader, head, head_size, NULL))
		p->gdk_pixbuf_loader_write(loader, bitmap->pixels, size, NULL);
	p->gdk_pixbuf_loader_close(loader, NULL);
	GdkPixbuf *pixbuf = p->gdk_pixbuf_loader_get_pixbuf(loader);
	if (pixbuf && p->gdk_pixbuf_get_width(pixbuf) == (int)bitmap->width &&
	    p->gdk_pixbuf_get_height(pixbuf) == (int)bitmap->height)
		(p->g_object_ref)(pixbuf); /* else a macro */
	else
		pixbuf = NULL;
	p->g_object_unref(loader);
	return pixbuf;
}

int fit_bitmap(struct fit *f, const struct bitmap *bitmap, struct chapbook_error *err)
{
	struct decoder d = {.p = pixbuf_load()};
	if (fit_check_size(f->name, &f->info, bitmap->width, bitmap->height, 1, err) != 0)
		return -1;
	GdkPixbuf *pixbuf = d.p ? bitmap_decode(&d, bitmap) : NULL;
	if (!pixbuf)
		return error_set(err, CHAPBOOK_E_INPUT,
				 "%.200s: the installed gdk-pixbuf cannot read it", f->name);
	f->info.width = bitmap->width;
	f->info.height = bitmap->height;
	f->out->damaged = d.rows < bitmap->height;
	VipsImage *image = fit_shrink_pixels(f, d.p->gdk_pixbuf_get_pixels(pixbuf),
					     (unsigned)d.p->gdk_pixbuf_get_n_channels(pixbuf),
					     (size_t)d.p->gdk_pixbuf_get_rowstride(pixbuf));
	int result = image ? fit_encode(f, image, err) : vips_fail(f->v, f->name, err);
	if (image)
		f->v->g_object_unref(image);
	d.p->g_object_unref(pixbuf);
	return result;
}
