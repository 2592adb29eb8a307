#include "cover/jpeg.h"

#include "base/error.h"
#include "base/library.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define PIXELS TJPF_BGRX
#else
#define PIXELS TJPF_XRGB
#endif

#define CALLS                                                                                      \
	CALL(tjCompress2)                                                                          \
	CALL(tjDecompress2)                                                                        \
	CALL(tjDecompressHeader3)                                                                  \
	CALL(tjDestroy)                                                                            \
	CALL(tjFree)                                                                               \
	CALL(tjGetErrorCode)                                                                       \
	CALL(tjGetErrorStr2)                                                                       \
	CALL(tjInitCompress)                                                                       \
	CALL(tjInitDecompress)

/* Written once, under a pthread_once(). */
static struct turbo {
#define CALL(name) __typeof__(&name) name;
	CALLS
#undef CALL
} turbo;
static bool turbo_loaded;

static const struct library_symbol symbols[] = {
#define CALL(name) {#name, offsetof(struct turbo, name)},
	CALLS
#undef CALL
};

static void cover_jpeg_load(void)
{
	void *library = library_open("libturbojpeg.so.0");
	turbo_loaded =
		library && library_find(library, symbols, sizeof symbols / sizeof *symbols, &turbo);
}

bool jpeg_load(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, cover_jpeg_load);
	return turbo_loaded;
}

/* --- Encoding --- */

/* From the best on, until it is small enough. What would hardly become so, going by the last try,
 * is not tried. */
static int encode(tjhandle handle, const struct jpeg_page *page, unsigned char **bytes,
		  unsigned long *size)
{
	static const struct {
		int quality;
		unsigned least; /* bytes of a picture, to compare: even of noise, seldom less */
	} steps[] = {{88, 125}, {82, 100}, {74, 80}, {64, 65}, {52, 53}, {40, 43}, {28, 33}};
	enum { STEPS = sizeof steps / sizeof *steps };
	size_t last = 0;
	for (size_t i = 0; i < STEPS; i++) {
		bool hopeless =
			*bytes && *size / steps[last].least * steps[i].least > page->max_bytes;
		if (hopeless && i < STEPS - 1)
			continue;
		if (turbo.tjCompress2(handle, (const unsigned char *)page->pixels, (int)page->width,
				      0, (int)page->height, PIXELS, bytes, size,
				      page->grey ? TJSAMP_GRAY : TJSAMP_420, steps[i].quality,
				      0) != 0)
			return -1;
		if (*size <= page->max_bytes)
			break;
		last = i;
	}
	return 0;
}

int jpeg_encode(const struct jpeg_page *page, char **bytes, size_t *size,
		struct chapbook_error *err)
{
	*bytes = NULL;
	tjhandle handle = turbo.tjInitCompress();
	unsigned char *jpeg = NULL;
	unsigned long jpeg_size = 0;
	int rc = handle ? encode(handle, page, &jpeg, &jpeg_size) : -1;
	if (rc != 0) {
		error_set(err, CHAPBOOK_E_INPUT, "the cover: %s", turbo.tjGetErrorStr2(handle));
	} else if ((*bytes = malloc(jpeg_size)) != NULL) {
		memcpy(*bytes, jpeg, jpeg_size);
		*size = jpeg_size;
	} else {
		rc = error_memory(err);
	}
	turbo.tjFree(jpeg);
	if (handle)
		turbo.tjDestroy(handle);
	return rc;
}

/* --- Decoding --- */

static unsigned reduced(int side, unsigned eighths)
{
	return ((unsigned)side * eighths + 7) / 8;
}

static uint32_t *cover_jpeg_decode(tjhandle handle, const unsigned char *bytes, unsigned long size,
				   unsigned least, unsigned *width, unsigned *height)
{
	int whole_width, whole_height, samples, space;
	unsigned eighths = 1;
	if (turbo.tjDecompressHeader3(handle, bytes, size, &whole_width, &whole_height, &samples,
				      &space) != 0 ||
	    space == TJCS_CMYK || space == TJCS_YCCK)
		return NULL;
	int smaller = whole_width < whole_height ? whole_width : whole_height;
	while (eighths < 8 && reduced(smaller, eighths) < least)
		eighths++;
	*width = reduced(whole_width, eighths);
	*height = reduced(whole_height, eighths);
	uint32_t *pixels = calloc((size_t)*width * *height, sizeof *pixels);
	if (!pixels)
		return NULL;
	int rc = turbo.tjDecompress2(handle, bytes, size, (unsigned char *)pixels, (int)*width, 0,
				     (int)*height, PIXELS, TJFLAG_LIMITSCANS);
	if (rc == 0 || turbo.tjGetErrorCode(handle) == TJERR_WARNING)
		return pixels;
	free(pixels);
	return NULL;
}

uint32_t *jpeg_decode(const void *bytes, size_t size, unsigned least, unsigned *width,
		      unsigned *height)
{
	tjhandle handle = jpeg_load() ? turbo.tjInitDecompress() : NULL;
	uint32_t *pixels =
		handle ? cover_jpeg_decode(handle, bytes, size, least, width, height) : NULL;
	if (handle)
		turbo.tjDestroy(handle);
	return pixels;
}
