/* The readers of formats. */
#ifndef SOURCE_FORMATS_H
#define SOURCE_FORMATS_H

#include "source/source.h"

/* Lists. */
extern const struct source_format source_lines;     /* addresses, a line each (lines.c) */
extern const struct source_format source_csv;       /* rows of sources.tsv (csv.c) */
extern const struct source_format source_json;      /* rows of sources.tsv (json.c) */
extern const struct source_format source_bookmarks; /* rows of sources.tsv (bookmarks.c) */
extern const struct source_format source_opml;      /* feeds (opml.c) */
extern const struct source_format source_pocket;    /* Pocket's archive (pocket.c) */
extern const struct source_format source_zip;       /* an archive of lists (zip.c) */

/* Containers. */
extern const struct source_format source_omnivore; /* the export of Omnivore (omnivore.c) */
extern const struct source_format source_feed;     /* RSS, Atom, CDF (feed.c) */
extern const struct source_format source_mail;     /* a message (mail.c) */
extern const struct source_format source_mbox;     /* an mbox file (mail.c) */
extern const struct source_format source_maildir;  /* a Maildir (mail.c) */

#endif
