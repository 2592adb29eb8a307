/* Items as bytes, in the file of the plan. */
#ifndef CLI_PLAN_ITEM_H
#define CLI_PLAN_ITEM_H

#include "cli/cli.h"

#include <stdint.h>

/* A growing buffer; the caller frees `data`. */
struct plan_bytes {
	char *data;
	size_t len, room;
	bool failed;
};

void plan_put_bytes(struct plan_bytes *out, const void *data, size_t size);
/* With its length + 1 (0: NULL) before it and a NUL behind it. */
void plan_put_block(struct plan_bytes *out, const void *data, size_t size);
void plan_put_item(struct plan_bytes *out, const struct chapbook_item *item);

/* An item that is read back, and the memory that it is in. */
struct planned_item {
	struct chapbook_item item;
	char *bytes;
	const char **tags;
	struct chapbook_item_author *authors;
	struct chapbook_highlight *highlights;
	struct chapbook_item_file *files;
};

/* Read so many bytes. False: they are not there. */
bool plan_read_at(int fd, void *to, size_t size, uint64_t offset);
/* Read the item whose fields begin at `offset`. The caller calls planned_item_release() either way.
 */
int planned_item_read(int fd, uint64_t offset, size_t size, struct planned_item *planned,
		      struct chapbook_error *err);
void planned_item_release(struct planned_item *planned);

#endif
