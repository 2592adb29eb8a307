#include "base/gzip.h"

#include "base/error.h"

#include <libdeflate.h>
#include <stdlib.h>

bool gzip_is(const char *bytes, size_t size)
{
	return size >= 18 && (unsigned char)bytes[0] == 0x1f && (unsigned char)bytes[1] == 0x8b;
}

/* The last four bytes tell the size, modulo 2^32: RFC 1952 section 2.3.1. */
static size_t promised_size(const char *bytes, size_t size)
{
	const unsigned char *s = (const unsigned char *)bytes + size - 4;
	return s[0] | (size_t)s[1] << 8 | (size_t)s[2] << 16 | (size_t)s[3] << 24;
}

int gzip_read(const char *bytes, size_t size, size_t limit, char **out, size_t *out_size,
	      struct chapbook_error *err)
{
	size_t room = promised_size(bytes, size);
	if (room > limit)
		return error_set(err, CHAPBOOK_E_LIMIT, "more than %zu bytes when unpacked", limit);
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	char *data = malloc(room + 1);
	int result = d && data ? 0 : error_memory(err);
	if (result == 0 &&
	    libdeflate_gzip_decompress(d, bytes, size, data, room, out_size) != LIBDEFLATE_SUCCESS)
		result = error_set(err, CHAPBOOK_E_INPUT, "broken gzip data");
	if (result == 0) {
		data[*out_size] = '\0';
		*out = data;
	} else {
		free(data);
	}
	libdeflate_free_decompressor(d);
	return result;
}
