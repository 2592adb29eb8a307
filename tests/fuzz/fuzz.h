/* What the fuzz targets share. A target is LLVMFuzzerTestOneInput() in a file of its own; it is
 * linked with libFuzzer to search, or with replay.c to run over files. Its oracle: a book
 * that the preflight accepts, without any part of it replaced; or an error that names what is wrong
 * with the input (CHAPBOOK_E_INPUT, _LIMIT or _USAGE). Anything else ends in abort(). */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "chapbook.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A job that uses one thread. */
struct chapbook_job *fuzz_job(void);
void fuzz_set(struct chapbook_job *job, const char *key, const char *value);
/* Make the book in memory, look at its bytes as if they came from elsewhere, and free both. */
void fuzz_finish(struct chapbook_job *job);
/* Tell and abort. */
_Noreturn void fuzz_fail(const char *what, const char *detail);

#endif
