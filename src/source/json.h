/* Lists in JSON. */
#ifndef SOURCE_JSON_H
#define SOURCE_JSON_H

#include "source/rows.h"
#include "source/text.h"

/* Read all items as the row says. */
int json_read_row(struct source_text *text, const struct source_row *row,
		  const struct source_sink *sink, struct chapbook_error *err);

#endif
