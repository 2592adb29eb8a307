/* What is seen in pixels: transparency, grays, how flat they are, how many colours. */
#include "media/fit/parts.h"

struct slot {
	uint32_t colour;
	bool taken;
};
enum { SLOTS = 1024 };

static struct slot *count_colours_find_slot(struct slot *slots, uint32_t colour)
{
	size_t at = (colour * 2654435761u) >> 22;
	while (slots[at].taken && slots[at].colour != colour)
		at = (at + 1) % SLOTS;
	return &slots[at];
}

/* RGBA, the first byte first. */
static uint32_t colour_at(const unsigned char *p, unsigned bands)
{
	uint32_t alpha = bands % 2 ? 255 : p[bands - 1];
	if (bands < 3)
		return p[0] | (uint32_t)p[0] << 8 | (uint32_t)p[0] << 16 | alpha << 24;
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | alpha << 24;
}

void fit_measure(const struct pixels *pixels, struct pixel_facts *seen)
{
	struct slot slots[SLOTS] = {0};
	uint32_t opaque = 255, last = 0;
	size_t like = 0, count = (size_t)pixels->width * pixels->height;
	const unsigned char *p = pixels->bytes;
	*seen = (struct pixel_facts){.gray = true};
	for (size_t i = 0; i < count; i++, p += pixels->bands) {
		uint32_t colour = colour_at(p, pixels->bands);
		if (i > 0 && colour == last) {
			like++;
			continue;
		}
		last = colour;
		if (colour >> 24 < opaque)
			opaque = colour >> 24;
		if ((colour & 255) != (colour >> 8 & 255) || (colour & 255) != (colour >> 16 & 255))
			seen->gray = false;
		struct slot *slot;
		if (seen->colours > MAX_COLOURS ||
		    (slot = count_colours_find_slot(slots, colour))->taken)
			continue;
		seen->colours++;
		*slot = (struct slot){colour, true};
	}
	/* What resampling makes of an opaque edge is not transparency. */
	seen->transparent = opaque < 250;
	seen->flat = (double)like / (double)count;
}

static bool is_light(const unsigned char *p, unsigned bands)
{
	enum { LIGHT = 200 };
	for (unsigned i = 0; i < bands - 1; i++)
		if (p[i] < LIGHT)
			return false;
	return true;
}

void fit_flatten(const struct pixels *pixels, unsigned char *bytes)
{
	enum { WHITE = 255, DARK = 64, SEEN = 128, PERCENT_LIGHT = 98 };
	unsigned bands = pixels->bands;
	size_t count = (size_t)pixels->width * pixels->height, seen = 0, light = 0;
	if (bands % 2)
		return;
	for (const unsigned char *p = bytes; p < bytes + count * bands; p += bands) {
		seen += p[bands - 1] >= SEEN;
		light += p[bands - 1] >= SEEN && is_light(p, bands);
	}
	unsigned ground = seen < count && light * 100 > seen * PERCENT_LIGHT ? DARK : WHITE;
	for (unsigned char *p = bytes; p < bytes + count * bands; p += bands) {
		unsigned alpha = p[bands - 1];
		for (unsigned i = 0; i < bands - 1; i++)
			p[i] = (unsigned char)((p[i] * alpha + ground * (255 - alpha) + 127) / 255);
		p[bands - 1] = 255;
	}
}
