/* A line of the record: a JSON object (RFC 8259) whose values are strings, numbers, true, false or
 * null. */
#ifndef BATCH_LINE_H
#define BATCH_LINE_H

#include "base/arena.h"
#include "base/buf.h"
#include "chapbook.h"

/* Append the entry and a line feed. What is not valid UTF-8 in it is replaced. */
void line_put(struct buf *out, const struct chapbook_entry *entry);

/* Read a line, which may be changed and is `len` bytes long without its line feed. The strings of
 * the entry are in the arena. Members that are not known are ignored. False: it is not a line of a
 * record, or memory ran out (arena->failed). */
bool line_parse(struct chapbook_entry *entry, const char *line, size_t len, struct arena *arena);

#endif
