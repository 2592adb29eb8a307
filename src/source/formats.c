/* The formats of sources, in the order in which they are asked: those that are recognised by more
 * come first. */
#include "source/formats.h"

const struct source_format *const source_formats[] = {
	&source_feed,      &source_mail, &source_mbox, &source_maildir, &source_opml,
	&source_bookmarks, &source_json, &source_csv,  &source_lines,   &source_pocket,
	&source_omnivore,  &source_zip,  NULL,
};
