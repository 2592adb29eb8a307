/* The readers of formats. */
#ifndef SOURCE_FORMATS_H
#define SOURCE_FORMATS_H

#include "source/source.h"

/* Lists. */
extern const struct source_format source_lines; /* addresses, a line each (lines.c) */

#endif
