/* Where a picture's bytes are: what a reference in the body means. */
#ifndef MEDIA_SOURCE_H
#define MEDIA_SOURCE_H

#include "article/article.h"
#include "base/buf.h"
#include "base/map.h"

enum source_kind {
	SOURCE_NONE, /* a relative reference to no file that may be read */
	SOURCE_DATA, /* a data: URL */
	SOURCE_FILE,
	SOURCE_PART, /* a file that came with the article */
	SOURCE_URL,
};

struct source {
	enum source_kind kind;
	const char *where;         /* the reference; of a file its path, of a URL all of it. In the
				      article's arena, or borrowed from the body */
	const char *folder, *name; /* of a file: for below_open(). No folder: an option names the
				      file, which is `where` */
	const char *why;           /* SOURCE_NONE: as below_why() */
	const struct part *part;
};

struct source_finder {
	struct article *a;
	struct map parts; /* address, as a reference in the body says it -> struct part */
};

/* Memory that runs out fails the article's arena. */
void source_finder_init(struct source_finder *f, struct article *a);
void source_finder_release(struct source_finder *f);

/* What a reference means; a file it names is below `folder` (NULL: it may name none). */
struct source source_find(struct source_finder *f, const char *folder, const char *ref);
/* Whether a relative reference names a file that may be read. */
bool source_is_file(struct source_finder *f, const char *ref);

/* What the reference means, as seen from the page: an address, or what it is. In the article's
 * arena. */
const char *source_resolve(struct source_finder *f, const char *ref);

/* Append what a "data:[type][;base64],…" URL (RFC 2397) holds. False when it is not well formed.
 */
bool source_decode_data(struct buf *out, const char *url);

#endif
