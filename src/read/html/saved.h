/* Where a saved page is from. */
#ifndef READ_HTML_SAVED_H
#define READ_HTML_SAVED_H

#include "base/arena.h"

#include <libxml/tree.h>
#include <stddef.h>

struct saved_page {
	const char *url;  /* its address; NULL unknown */
	const char *date; /* when it was saved, as it is written; NULL unknown */
};

/* What the programs that save pages write into them: the comment of Internet Explorer, Chrome and
 * Edge ("saved from url=(0042)https://…"), that of SingleFile ("Page saved with SingleFile",
 * "url: …", "saved date: …"), HTTrack's ("Mirrored from … by HTTrack"), and the attributes and meta
 * elements of WebScrapBook and Save Page WE. `text` is the page, `html` the root of its tree; the
 * strings are in `arena`. */
struct saved_page saved_page_find(const char *text, size_t len, const xmlNode *html,
				  struct arena *arena);

#endif
