/* Metadata as a tree of values, whatever it was written in: YAML, TOML, JSON, lines of "Key:
 * value". */
#ifndef READ_METADATA_TREE_H
#define READ_METADATA_TREE_H

#include "base/arena.h"
#include "chapbook.h"

#include <stdbool.h>
#include <stddef.h>

/* Of every format: values and nesting are bounded, so that no bomb unfolds. */
enum { METADATA_MAX_DEPTH = 32, METADATA_MAX_VALUES = 100 * 1000 };

enum metadata_kind { METADATA_TEXT, METADATA_LIST, METADATA_MAP };

/* Strings are in the arena, NUL-ended and clean. Numbers, dates and booleans are texts as they were
 * written. */
struct metadata_value {
	enum metadata_kind kind;
	const char *key;                            /* in a map; else NULL */
	const char *text;                           /* METADATA_TEXT; NULL for null */
	int line;                                   /* in the file, from 1 */
	struct metadata_value *first, *last, *next; /* children; the next in its parent */
};

/* Add a value to `parent`, or make a root where that is NULL. NULL when memory runs out. */
struct metadata_value *metadata_add(struct arena *arena, struct metadata_value *parent,
				    const char *key, enum metadata_kind kind, int line);
/* The value of a key of a map, or NULL. */
struct metadata_value *metadata_find(const struct metadata_value *map, const char *key);
/* A copy of the text, clean for XML. */
const char *metadata_clean(struct arena *arena, const char *s, size_t len);

/* Set the error "WHERE:LINE: metadata: WHY". Returns -1. */
int metadata_fail(struct chapbook_error *err, const char *where, int line, const char *why);

/* --- The formats. Each parses the whole of `text`; its first line is `first_line` of the file
 * `where`. NULL with CHAPBOOK_E_INPUT ("WHERE:LINE: metadata: …") where it is not well-formed. ---
 */

/* YAML 1.1 (libyaml): the first document. Aliases are refused. An empty document is a null text. */
struct metadata_value *yaml_parse_tree(struct arena *arena, const char *text, size_t len,
				       const char *where, int first_line,
				       struct chapbook_error *err);
/* TOML 1.0: all of it but the checks of numbers and dates, which are kept as texts. */
struct metadata_value *toml_parse_tree(struct arena *arena, const char *text, size_t len,
				       const char *where, int first_line,
				       struct chapbook_error *err);
/* A JSON object, from line 1 on; what comes after it is not read. *used: the bytes of it. */
struct metadata_value *json_parse_tree(struct arena *arena, const char *text, size_t len,
				       size_t *used, const char *where, struct chapbook_error *err);

#endif
