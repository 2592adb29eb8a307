#include "read/charset/convert.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

size_t charset_unit(const char *charset)
{
	if (strncasecmp(charset, "UTF-16", 6) == 0 || strncasecmp(charset, "UCS-2", 5) == 0)
		return 2;
	if (strncasecmp(charset, "UTF-32", 6) == 0 || strncasecmp(charset, "UCS-4", 5) == 0)
		return 4;
	return 1;
}

long charset_convert(struct buf *out, const char *bytes, size_t size, const char *charset)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	if (cd == (iconv_t)-1)
		return -1;
	char chunk[16 * 1024], *in = (char *)(uintptr_t)bytes; /* iconv() reads it only */
	size_t unit = charset_unit(charset);
	long replaced = 0;
	bool flushed = false;
	while (!flushed && !out->failed) {
		char *to = chunk;
		size_t room = sizeof chunk;
		size_t done = size ? iconv(cd, &in, &size, &to, &room)
				   : iconv(cd, NULL, NULL, &to, &room);
		int why = done == (size_t)-1 ? errno : 0;
		buf_append(out, chunk, (size_t)(to - chunk));
		if (why == E2BIG)
			continue;
		if (why) { /* EILSEQ, or EINVAL: cut off at the end */
			buf_put_utf8(out, 0xFFFD);
			replaced++;
			size_t skip = unit < size ? unit : size;
			in += skip;
			size -= skip;
			iconv(cd, NULL, NULL, NULL, NULL);
		} else {
			flushed = size == 0;
			if (flushed) /* one more turn would write nothing: shift state is back */
				break;
		}
	}
	iconv_close(cd);
	return replaced;
}
