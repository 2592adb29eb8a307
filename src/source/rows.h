/* assets/sources.tsv: where lists have the fields of their items. */
#ifndef SOURCE_ROWS_H
#define SOURCE_ROWS_H

#include "source/item.h"

#include "base/tsv.h"

#include <jansson.h>

enum row_field {
	ROW_NAME,
	ROW_KIND,
	ROW_SIGNATURE,
	ROW_WALK,
	ROW_ID,
	ROW_URL,
	ROW_TITLE,
	ROW_TAGS,
	ROW_FOLDER,
	ROW_STATE,
	ROW_NOTE,
	ROW_SUMMARY,
	ROW_AUTHORS,
	ROW_SAVED,
	ROW_PUBLISHED,
	ROW_HIGHLIGHTS,
	ROW_CONTENT,
	ROW_FIELD_COUNT
};

struct source_row {
	struct cell cells[ROW_FIELD_COUNT];
};

/* A value of an item as its format has it. */
struct row_value {
	const char *text; /* NULL: `json` has it */
	size_t len;
	const json_t *json;
};

/* Something that has values with names. */
struct row_record {
	/* False: there is none. */
	bool (*get)(void *ctx, const char *name, size_t len, struct row_value *value);
	void *ctx;
	const char *base; /* what relative addresses are resolved with, or NULL */
};

/* Whether what is to be recognised has this name. */
typedef bool row_has_fn(void *ctx, const struct cell *name);

/* The first row of the kind whose signature is there. False: none. */
bool row_find(struct source_row *row, const char *kind, row_has_fn *has, void *ctx);
/* The row of that kind and name. */
bool row_of_name(struct source_row *row, const char *kind, const char *name);
/* Copy its name, as struct source_format has it. */
bool row_copy_name(const struct source_row *row, char *name, size_t size);

/* Fill in all fields that the row names. Returns whether it is an item: it has an address, or a
 * text.
 */
bool row_read(const struct source_row *row, const struct row_record *record,
	      struct item_builder *b);

/* The value of a field as one line, or NULL. */
const char *row_line(const struct source_row *row, enum row_field field,
		     const struct row_record *record, struct item_builder *b);

/* Whether one of the row's fields is taken from the member of that name, or from a member of it. */
bool row_uses(const struct source_row *row, const char *name);

/* Whether two names are one: without case, "_" is a space. */
bool row_is_name(const struct cell *name, const char *text, size_t len);

#endif
