#include "source/bytes.h"

#include "base/error.h"
#include "base/file.h"
#include "base/gzip.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { PACKED_BLOCK = 32768 };

struct source_gzip {
	z_stream stream;
	bool ended; /* after the end of a member */
	bool last;  /* the file has ended */
	unsigned char packed[PACKED_BLOCK];
};

/* --- The bytes as they are --- */

static long read_descriptor(struct source_input *in, void *to, size_t size,
			    struct chapbook_error *err)
{
	ssize_t n;
	if (size > INT_MAX)
		size = INT_MAX;
	do
		n = read(in->fd, to, size);
	while (n < 0 && errno == EINTR);
	return n < 0 ? error_sys(err, "%s", in->bytes.name) : (long)n;
}

static long read_raw(struct source_input *in, void *to, size_t size, struct chapbook_error *err)
{
	size_t left = in->head_len - in->head_at;
	if (left || in->peeking) {
		size_t n = left < size ? left : size;
		if (n)
			memcpy(to, in->head + in->head_at, n);
		in->head_at += n;
		return (long)n;
	}
	if (in->fd >= 0)
		return read_descriptor(in, to, size, err);
	left = in->size - in->at;
	size_t n = left < size ? left : size;
	if (n)
		memcpy(to, in->memory + in->at, n);
	in->at += n;
	return (long)n;
}

/* --- gzip (RFC 1952), whose members follow each other --- */

static int gzip_fill(struct source_input *in, struct chapbook_error *err)
{
	struct source_gzip *gz = in->gzip;
	long n = read_raw(in, gz->packed, sizeof gz->packed, err);
	if (n < 0)
		return -1;
	gz->stream.next_in = gz->packed;
	gz->stream.avail_in = (uInt)n;
	gz->last = n == 0;
	return 0;
}

static long read_gzip(struct source_input *in, void *to, size_t size, struct chapbook_error *err)
{
	struct source_gzip *gz = in->gzip;
	z_stream *z = &gz->stream;
	z->next_out = to;
	z->avail_out = size > INT_MAX ? INT_MAX : (uInt)size;
	uInt wanted = z->avail_out;
	while (z->avail_out == wanted && !gz->last) {
		if (z->avail_in == 0 && gzip_fill(in, err) != 0)
			return -1;
		if (gz->last)
			break;
		/* Behind a member, zeros are padding. */
		if (gz->ended && (*z->next_in != 0x1F || inflateReset(z) != Z_OK)) {
			gz->last = true;
			break;
		}
		gz->ended = false;
		int rc = inflate(z, Z_NO_FLUSH);
		if (rc == Z_STREAM_END)
			gz->ended = true;
		else if (rc == Z_MEM_ERROR)
			return error_memory(err);
		else if (rc != Z_OK && rc != Z_BUF_ERROR)
			return error_set(err, CHAPBOOK_E_INPUT, "%s: damaged gzip data",
					 in->bytes.name);
	}
	if (z->avail_out == wanted && gz->last && !gz->ended && !in->peeking && z->total_in)
		return error_set(err, CHAPBOOK_E_INPUT, "%s: gzip data without an end",
				 in->bytes.name);
	return (long)(wanted - z->avail_out);
}

static int gzip_begin(struct source_input *in, struct chapbook_error *err)
{
	in->gzip = calloc(1, sizeof *in->gzip);
	if (in->gzip && inflateInit2(&in->gzip->stream, 16 + MAX_WBITS) == Z_OK)
		return 0;
	free(in->gzip);
	in->gzip = NULL;
	return error_memory(err);
}

/* --- Both --- */

static long input_read(struct source_bytes *bytes, void *to, size_t size,
		       struct chapbook_error *err)
{
	struct source_input *in = (struct source_input *)bytes;
	return in->gzip ? read_gzip(in, to, size, err) : read_raw(in, to, size, err);
}

/* Read the first bytes again; `gzip` from its start. */
static void begin_again(struct source_input *in)
{
	in->head_at = 0;
	if (!in->gzip)
		return;
	inflateReset(&in->gzip->stream);
	in->gzip->stream.avail_in = 0;
	in->gzip->ended = in->gzip->last = false;
}

static int input_rewind(struct source_bytes *bytes, struct chapbook_error *err)
{
	struct source_input *in = (struct source_input *)bytes;
	if (in->fd >= 0 && lseek(in->fd, in->start + (off_t)in->head_len, SEEK_SET) < 0)
		return error_sys(err, "%s", bytes->name);
	in->at = in->head_len < in->size ? in->head_len : in->size;
	begin_again(in);
	return 0;
}

static int read_head(struct source_input *in, struct chapbook_error *err)
{
	char *head = malloc(SOURCE_HEAD);
	size_t len = 0;
	long n = 1;
	if (!head)
		return error_memory(err);
	while (len < SOURCE_HEAD && n > 0) {
		n = read_raw(in, head + len, SOURCE_HEAD - len, err);
		len += n > 0 ? (size_t)n : 0;
	}
	in->head = head;
	in->head_len = n < 0 ? 0 : len;
	if (n < 0)
		return -1;
	return gzip_is(head, len) ? gzip_begin(in, err) : 0;
}

int source_input_open(struct source_input *in, const char *path, struct chapbook_error *err)
{
	bool standard = strcmp(path, "-") == 0;
	*in = (struct source_input){
		.bytes = {input_read, NULL, standard ? "standard input" : path, NULL}, .fd = -1};
	in->fd = standard ? dup(STDIN_FILENO) : file_open(path);
	if (in->fd < 0)
		return error_sys(err, "%s", in->bytes.name);
	in->start = lseek(in->fd, 0, SEEK_CUR);
	in->can_seek = in->start >= 0;
	if (in->can_seek)
		in->bytes.rewind = input_rewind;
	return read_head(in, err);
}

int source_input_open_memory(struct source_input *in, const char *name, const void *bytes,
			     size_t size, struct chapbook_error *err)
{
	*in = (struct source_input){.bytes = {input_read, input_rewind, name, NULL},
				    .fd = -1,
				    .memory = bytes,
				    .size = size,
				    .can_seek = true};
	return read_head(in, err);
}

void source_input_close(struct source_input *in)
{
	if (in->gzip)
		inflateEnd(&in->gzip->stream);
	free(in->gzip);
	free(in->head);
	if (in->fd >= 0)
		close(in->fd);
	*in = (struct source_input){.fd = -1};
}

long source_input_peek(struct source_input *in, char *to, size_t size, struct chapbook_error *err)
{
	size_t len = 0;
	long n = 1;
	in->peeking = true;
	while (len < size && n > 0) {
		n = input_read(&in->bytes, to + len, size - len, err);
		len += n > 0 ? (size_t)n : 0;
	}
	in->peeking = false;
	begin_again(in);
	return n < 0 ? -1 : (long)len;
}

int source_read_all(struct source_bytes *in, size_t limit, char **bytes, size_t *size,
		    struct chapbook_error *err)
{
	size_t len = 0, cap = 65536;
	char *data = malloc(cap + 1);
	long n = 1;
	while (data && n > 0) {
		if (len == cap) {
			char *more = realloc(data, 2 * cap + 1);
			if (!more)
				break;
			data = more;
			cap *= 2;
		}
		n = in->read(in, data + len, cap - len, err);
		len += n > 0 ? (size_t)n : 0;
		if (len > limit)
			n = error_set(err, CHAPBOOK_E_LIMIT, "%s: larger than %zu MB", in->name,
				      limit >> 20);
	}
	if (!data || n != 0) {
		free(data);
		return n < 0 ? -1 : error_memory(err);
	}
	data[len] = '\0';
	*bytes = data;
	*size = len;
	return 0;
}
