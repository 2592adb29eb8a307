/* The picture sniffer, and the bitmaps that are decoded here: any bytes, as a picture. */
#include "fuzz.h"

#include "media/dib.h"
#include "media/fit.h"

#include <limits.h>
#include <stdlib.h>

enum { MOST_PIXELS = 1 << 20 };

static void decode(const struct dib *dib)
{
	bool damaged = false;
	if ((uint64_t)dib->width * dib->height <= MOST_PIXELS)
		free(dib_decode(dib, &damaged));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fit_options options = {
		.width = 1600, .height = 2400, .grayscale = true};
	struct image_info info;
	struct dib dib;
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
	if (info.kind == IMAGE_BMP && dib_open_bmp(data, size, &dib) == 0)
		decode(&dib);
	if (info.kind == IMAGE_ICO && icon_find(data, size, &icon) == 0 && !icon.png &&
	    dib_open_icon(&icon, &dib) == 0)
		decode(&dib);
	return 0;
}
