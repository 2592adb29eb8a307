/* The picture sniffer, and the heads of bitmaps that are made anew: any bytes, as a picture. */
#include "fuzz.h"

#include "media/fit/fit.h"
#include "media/identify/bitmap.h"

#include <limits.h>
#include <string.h>

/* What is made of a head says the same. */
static void check_head(const struct bitmap *bitmap)
{
	unsigned char head[BITMAP_MAX_HEAD + 4096];
	struct bitmap again;
	size_t size = bitmap_head(bitmap, head), row = 4096;
	if (size > BITMAP_MAX_HEAD)
		fuzz_fail("a head too long", "");
	memset(head + size, 0, row);
	struct icon icon = {head + 22, size + row - 22, false};
	if (bitmap->width > row / 8 || (bitmap->icon && bitmap->header_size > 40))
		return;
	if ((bitmap->icon ? bitmap_open_icon(&icon, &again)
			  : bitmap_open_bmp(head, size + row, &again)) != 0 ||
	    again.width != bitmap->width || again.height != bitmap->height ||
	    again.bits != bitmap->bits || again.pixels != head + size)
		fuzz_fail("a head", "that says something else");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fit_options options = {
		.width = 1600, .height = 2400, .grayscale = true};
	struct image_info info;
	struct bitmap bitmap;
	struct icon icon;
	int result = image_identify((const char *)data, size, &info);
	if (result != 0)
		return 0;
	if (info.kind == IMAGE_UNKNOWN || !info.media_type || !info.extension)
		fuzz_fail("a picture", "of no kind");
	/* A drawing may have no size, and the file of one be without end. */
	if (info.kind != IMAGE_SVG &&
	    (info.width == 0 || info.height == 0 || info.width > INT_MAX || info.height > INT_MAX))
		fuzz_fail("a size that no picture has", info.extension);
	if (info.kind > IMAGE_SVG && !fit_reason(&info, 0, &options))
		fuzz_fail("foreign, but fits", info.extension);
	if (fit_cost(&info, &options) == 0)
		fuzz_fail("costs nothing", info.extension);
	if (info.kind == IMAGE_BMP && bitmap_open_bmp(data, size, &bitmap) == 0)
		check_head(&bitmap);
	if (info.kind == IMAGE_ICO && icon_find(data, size, &icon) == 0 && !icon.png &&
	    bitmap_open_icon(&icon, &bitmap) == 0)
		check_head(&bitmap);
	return 0;
}
