/* ZIP archives that are sources. */
#ifndef SOURCE_ARCHIVE_H
#define SOURCE_ARCHIVE_H

#include "source/bytes.h"

/* Open the archive that `in` has the bytes of; `in` must outlive it. The caller calls
 * source_archive_free(). NULL: *err. */
struct source_archive *source_archive_new(struct source_input *in, struct chapbook_error *err);
void source_archive_free(struct source_archive *a);

#endif
