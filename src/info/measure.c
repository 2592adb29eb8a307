/* How large a picture is, by its header. */
#include "info/facts.h"

#include <string.h>

/* A big-endian number of n bytes. */
static unsigned be(const unsigned char *b, int n)
{
	unsigned v = 0;
	while (n-- > 0)
		v = v << 8 | *b++;
	return v;
}

/* ITU T.81, B.1.1.3: the frame header (SOF0 to SOF15 less DHT, JPG and DAC) has the size. */
static void jpeg_size(const unsigned char *b, size_t size, struct info_picture *p)
{
	for (size_t i = 2; i + 9 < size && b[i] == 0xFF;) {
		unsigned marker = b[i + 1], len = be(b + i + 2, 2);
		if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 &&
		    marker != 0xCC) {
			p->height = be(b + i + 5, 2);
			p->width = be(b + i + 7, 2);
			return;
		}
		i += marker == 0xFF ? 1 : 2 + len;
	}
}

void info_measure(struct info_picture *p, const struct entry *e)
{
	const unsigned char *b = (const unsigned char *)e->bytes;
	p->size = e->size;
	if (e->size >= 24 && memcmp(b, "\x89PNG\r\n\x1a\n", 8) == 0) {
		p->width = be(b + 16, 4);
		p->height = be(b + 20, 4);
	} else if (e->size >= 10 && memcmp(b, "GIF8", 4) == 0) {
		p->width = b[6] | (unsigned)b[7] << 8;
		p->height = b[8] | (unsigned)b[9] << 8;
	} else if (e->size >= 4 && b[0] == 0xFF && b[1] == 0xD8) {
		jpeg_size(b, e->size, p);
	}
}
