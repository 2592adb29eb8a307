/* Tags and text of HTML, one after the other, without a tree: for lists of any length. */
#ifndef SOURCE_TAGS_H
#define SOURCE_TAGS_H

#include "source/text.h"

enum { MAX_TAG_ATTRIBUTES = 64 };

struct html_tag {
	const char *name; /* in small letters */
	bool is_end;
	/* Names in small letters and values, with character references decoded. */
	struct {
		const char *name, *value;
	} attributes[MAX_TAG_ATTRIBUTES];
	size_t count;
};

struct html_events {
	void (*tag)(void *ctx, const struct html_tag *tag);
	/* Character references are decoded. */
	void (*text)(void *ctx, const char *text, size_t len);
	bool (*stopped)(void *ctx);
	void *ctx;
};

/* Read all. Comments and declarations are left out; a tag of more than 4 MB is an error. */
int html_read_tags(struct source_text *text, const struct html_events *events,
		   struct chapbook_error *err);

#endif
