/* Where the bytes of a source come from: a file, memory. */
#ifndef SOURCE_BYTES_H
#define SOURCE_BYTES_H

#include "source/source.h"

#include <sys/types.h>

struct source_gzip;

/* The bytes of a file or of memory; of gzip, the decompressed ones. */
struct source_input {
	struct source_bytes bytes;
	int fd;             /* -1: memory */
	const char *memory; /* borrowed */
	size_t size, at;
	bool can_seek;
	off_t start; /* of the file */
	/* The first bytes as they are, which can be read twice of a pipe, too. */
	char *head;
	size_t head_len, head_at;
	bool peeking;             /* read no more than these */
	struct source_gzip *gzip; /* NULL: not compressed */
};

/* Open a file ("-": standard input) or memory. The caller calls source_input_close() either way. */
int source_input_open(struct source_input *in, const char *path, struct chapbook_error *err);
int source_input_open_memory(struct source_input *in, const char *name, const void *bytes,
			     size_t size, struct chapbook_error *err);
void source_input_close(struct source_input *in);

/* Read the first bytes, at most `size`, and begin again. Returns how many, or -1. */
long source_input_peek(struct source_input *in, char *to, size_t size, struct chapbook_error *err);

#endif
