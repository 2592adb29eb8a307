/* What holds articles: lists, feeds, exports, mail. A source is read as a stream of items: each is
 * given to a function and forgotten, so that memory does not grow with the number of items. */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/diag.h"
#include "chapbook.h"

#include <stdbool.h>
#include <stddef.h>

/* Called for each item, whose strings are valid until it returns. Not 0: stop reading. */
typedef int source_item_fn(void *ctx, const struct chapbook_item *item);

/* Bytes to read a source from, in order. */
struct source_bytes {
	/* Read at most `size` bytes. Returns how many; 0 at the end; -1 after filling *err. */
	long (*read)(struct source_bytes *in, void *to, size_t size, struct chapbook_error *err);
	const char *name; /* for messages */
	const char *url;  /* where it came from, or NULL: relative addresses are of this */
};

/* A reader of one format. */
struct source_format {
	const char *name; /* for messages and --from: "rss", "pocket" … */
	/* Whether these are the first bytes of the format: at most 4,096, decoded to UTF-8. */
	bool (*is)(const char *head, size_t len);
	/* Read all items. A bad item is a warning and is left out; -1 and *err: nothing more can be
	 * read. What `fn` returned, when it stopped the reading. */
	int (*read)(struct source_bytes *in, source_item_fn *fn, void *ctx, struct diag *diag,
		    struct chapbook_error *err);
};

#endif
