#include "base/gzip.h"

#include "base/error.h"

#include <libdeflate.h>
#include <stdlib.h>

/* Deflate cannot do better (RFC 1951: 258 bytes for two bits). */
enum { MAX_RATIO = 1032, MIN_ROOM = 4096 };

bool gzip_is(const char *bytes, size_t size)
{
	return size >= 18 && (unsigned char)bytes[0] == 0x1f && (unsigned char)bytes[1] == 0x8b;
}

/* The last four bytes tell the size of the last member, modulo 2^32: RFC 1952 section 2.3.1. */
static size_t promised_size(const char *bytes, size_t size)
{
	const unsigned char *s = (const unsigned char *)bytes + size - 4;
	return s[0] | (size_t)s[1] << 8 | (size_t)s[2] << 16 | (size_t)s[3] << 24;
}

/* Make *data larger; false when memory runs out. */
static bool grow(char **data, size_t room)
{
	char *larger = realloc(*data, room + 1);
	if (larger)
		*data = larger;
	return larger != NULL;
}

/* The next size to try: `limit` is tried before anything beyond it. */
static size_t larger_room(size_t room, size_t limit)
{
	size_t larger = room * 2 + MIN_ROOM;
	return room < limit && larger > limit ? limit : larger;
}

int gzip_read(const char *bytes, size_t size, size_t limit, char **out, size_t *out_size,
	      struct chapbook_error *err)
{
	if (!gzip_is(bytes, size))
		return error_set(err, CHAPBOOK_E_INPUT, "broken gzip data");
	size_t room = promised_size(bytes, size), done = 0;
	if (room / MAX_RATIO > size) /* a lie, or what follows the last member */
		room = limit < MIN_ROOM ? limit : MIN_ROOM;
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	char *data = NULL;
	int result = d ? 0 : error_memory(err);
	/* A file may have several members, one after the other; what follows them is not inspected.
	 */
	while (result == 0 && gzip_is(bytes, size)) {
		size_t taken, got;
		if (room > limit) {
			result = error_set(err, CHAPBOOK_E_LIMIT,
					   "larger than %zu bytes when unpacked", limit);
		} else if (!grow(&data, room)) {
			result = error_memory(err);
		} else {
			switch (libdeflate_gzip_decompress_ex(d, bytes, size, data + done,
							      room - done, &taken, &got)) {
			case LIBDEFLATE_SUCCESS:
				done += got;
				bytes += taken;
				size -= taken;
				break;
			case LIBDEFLATE_INSUFFICIENT_SPACE:
				room = larger_room(room, limit);
				break;
			default:
				result = error_set(err, CHAPBOOK_E_INPUT, "broken gzip data");
			}
		}
	}
	if (result == 0) {
		data[done] = '\0';
		*out = data;
		*out_size = done;
	} else {
		free(data);
	}
	libdeflate_free_decompressor(d);
	return result;
}
