/* What the files of the reader of XML feeds share: feed.c has the events of the parser,
 * feed_value.c the content of elements, feed_item.c what an item says. */
#ifndef SOURCE_FEED_PARTS_H
#define SOURCE_FEED_PARTS_H

#include "source/feed.h"

#include <libxml/parser.h>

enum {
	MAX_DEPTH = 200,      /* of elements; what is deeper is text */
	MAX_VALUE = 16 << 20, /* bytes of an element's content */
	MIN_CONTENT = 1000,   /* characters: less is a teaser */
	MAX_LANGUAGE = 36,
	RANK_ALTERNATE = 4,
	RANK_LINK = 3,
	RANK_GUID = 2,
	RANK_ABOUT = 1, /* of the address */
};

enum feed_field {
	NONE_OF_THEM,
	CHANNEL,
	ITEM,
	TITLE,
	LINK,
	ORIGINAL_LINK,
	ID,
	SUMMARY,
	CONTENT,
	AUTHOR,
	NAME,
	HOMEPAGE,
	TAG,
	TAGS,
	PUBLISHED,
	UPDATED,
	DATE,
	CREATED,
	LANGUAGE,
	SOURCE,
	GROUP,
	POST_TYPE, /* of an export of WordPress (WXR) */
	POST_STATUS,
	FIELD_COUNT
};

struct feed_element {
	const char *ns, *name;
	enum feed_field field;
	int rank;
};

/* How the content of an element is to be read. */
enum feed_form { FORM_GUESS, FORM_TEXT, FORM_HTML, FORM_XHTML, FORM_NONE };

struct feed_frame {
	const struct feed_element *element; /* NULL: not known */
	struct buf base;                    /* xml:base, absolute; empty: none */
	char language[MAX_LANGUAGE];        /* xml:lang */
};

/* A text that may become the content. */
struct feed_text {
	struct buf bytes, base;
	char language[MAX_LANGUAGE];
	size_t characters; /* of plain text */
	bool is_plain, is_content;
};

struct feed {
	xmlParserCtxt *ctxt;
	struct item_builder b;
	struct chapbook_error *err;
	int result; /* of the sink, or -1 */
	size_t count;
	unsigned depth, item_depth; /* item_depth 0: outside of items */
	struct feed_frame frames[MAX_DEPTH];
	/* The element that is being read. */
	unsigned value_depth; /* 0: none */
	enum feed_form form;
	bool is_base64, has_children, is_permalink, is_too_large;
	struct buf value;
	/* The item so far. */
	int ranks[FIELD_COUNT];
	const char *created, *date, *author_name, *author_url;
	const char *post_type, *post_status; /* NULL: not of WordPress */
	struct feed_text best;
	/* The feed. */
	struct arena arena;
	const char *title, *url, *language;
	const char *self;    /* the address that the feed gives for itself, or NULL */
	const char *own_url; /* of the feed itself, or NULL */
};

/* Attributes as libxml2 passes them: five pointers each. */
struct feed_attributes {
	const xmlChar **items;
	int count;
};

/* --- feed_value.c --- */

/* The row of feed_table.h; NULL: none. */
const struct feed_element *feed_element_find(const xmlChar *uri, const xmlChar *prefix,
					     const xmlChar *name);
/* Set `text` to the value of an attribute. False: there is none of that name. `ns`: its prefix, or
 * NULL for any. */
bool feed_attribute(const struct feed_attributes *at, const char *ns, const char *name,
		    struct buf *text);
/* Whether the open element at this depth is of the field. */
bool feed_frame_has(const struct feed *f, unsigned depth, enum feed_field field);
/* Begin to keep the content of the element that starts. */
void feed_value_begin(struct feed *f, const struct feed_attributes *at);
void feed_value_add(struct feed *f, const char *text, size_t len);
/* Write an element inside a value as HTML. */
void feed_put_child_start(struct feed *f, const char *name, const struct feed_attributes *at);
void feed_put_child_end(struct feed *f, const char *name);
/* Make f->value what was read, as HTML or as plain text: then *is_plain. */
void feed_value_finish(struct feed *f, bool *is_plain);
/* The value as one line of plain text; NULL: it is empty. */
const char *feed_value_line(struct feed *f, bool is_plain);

/* --- feed_item.c --- */

void feed_item_begin(struct feed *f, const struct feed_attributes *at);
/* Pass the item on. Sets f->result. */
void feed_item_end(struct feed *f);
/* The value of an element that ends, as a child of an item or of the feed. */
void feed_take_field(struct feed *f, const struct feed_element *e, bool is_plain);
void feed_take_channel(struct feed *f, const struct feed_element *e, bool is_plain);
/* The end of an author, a text or an element with children. */
void feed_author_end(struct feed *f, const struct feed_element *e, bool is_plain);
/* The address of the item, unless one of a higher rank is known. */
void feed_take_link(struct feed *f, const char *text, size_t len, int rank);
/* `link` with attributes (RFC 4287, 4.2.7), of an item and of the feed. */
void feed_take_atom_link(struct feed *f, const struct feed_attributes *at);
void feed_take_channel_link(struct feed *f, const struct feed_attributes *at, struct buf *href);

#endif
