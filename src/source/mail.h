/* Mail: what its parts are made from. */
#ifndef SOURCE_MAIL_H
#define SOURCE_MAIL_H

#include "source/item.h"

#include "base/buf.h"

/* A message with its pictures and attachments. */
enum { MAX_MESSAGE = 64 << 20 };

/* Read a message (RFC 5322) and pass its item on; one without a text is reported and left out.
 * Returns what the sink does; -1: *err. `name` is for messages. */
int mail_read_message(struct item_builder *b, const char *bytes, size_t size, const char *name,
		      struct chapbook_error *err);

/* What is known of a letter beside its HTML. */
struct mail_parts {
	const char *unsubscribe; /* the address that ends the subscription, or NULL */
	const struct chapbook_item_file *pictures;
	size_t picture_count;
};

/* Append the HTML of a letter, which is clean UTF-8, without what is not its text: what is hidden
 * (the text that lists of mail show), pictures of one pixel, the block with the link that ends the
 * subscription, and the one with the link to the page. Pictures of the letter become data: URLs.
 * Returns the address of the page, in the arena; NULL: there is none, or memory ran out
 * (arena->failed). */
const char *mail_clean_html(struct arena *arena, struct buf *out, const char *html, size_t len,
			    const struct mail_parts *parts);

/* Whether a text is the name of the link to the page: "View in browser". */
bool mail_is_page_link(const char *text);

#endif
