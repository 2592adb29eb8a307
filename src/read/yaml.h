/* YAML as a tree of values. */
#ifndef READ_YAML_H
#define READ_YAML_H

#include "base/arena.h"
#include "chapbook.h"

#include <stdbool.h>
#include <stddef.h>

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

/* Strings are in the arena, NUL-ended and clean. */
struct yaml_value {
	enum yaml_kind kind;
	const char *key;                        /* in a map */
	const char *text;                       /* YAML_TEXT; NULL for null */
	int line;                               /* from 1 */
	struct yaml_value *first, *last, *next; /* children; the next in its parent */
};

/* Parse the first document. Aliases are refused; depth is bounded. NULL with CHAPBOOK_E_INPUT
 * when it is no YAML: the message says "WHERE:LINE: …". An empty document is a null text. */
struct yaml_value *yaml_parse_tree(struct arena *arena, const char *yaml, size_t len,
				   const char *where, int first_line, struct chapbook_error *err);
/* The value of a key of a map, or NULL. */
const struct yaml_value *yaml_find(const struct yaml_value *map, const char *key);

#endif
