/* From bytes to an article. */
#ifndef READ_READ_H
#define READ_READ_H

#include "article/article.h"
#include "base/diag.h"
#include "base/map.h"

enum read_format { READ_AUTO, READ_TEXT, READ_MARKDOWN, READ_HTML };

/* "text", "markdown", "html"; also "plain", "md", "gfm", "commonmark". -1: no such format. */
int read_format_parse(const char *name);

/* A YAML metadata file. */
struct read_metadata {
	const char *name; /* for messages */
	const char *bytes;
	size_t size;
	const char *folder; /* the files that it names are below it; NULL: it may name none */
};

struct read_input {
	const char *name; /* file name or URL, for sniffing and messages */
	const char *bytes;
	size_t size;
	enum read_format format;
	const char *charset; /* NULL: find out */
	const char *says;    /* the charset that the server declares, which may be wrong; or NULL */
	const char *type;    /* the media type that the server declares, or NULL */
	const char *url;     /* where it came from, or NULL */
	bool is_article; /* a page that is the article, with nothing around it: keep all of it */
	unsigned picture_width; /* of pictures that a page has in several sizes, this is enough; 0:
				   a usual screen's */
	/* Metadata files: consulted after the front matter and before any guess, the last first, as
	 * pandoc has it. */
	const struct read_metadata *metadata;
	size_t metadata_count;
	const struct map *files; /* of the same book, for links_resolve(); or NULL */
};

/* Sniff, decode, take front matter, read. `a` holds what is known already; the rest is filled
 * in. On failure `a` is only good for article_free(). */
int read_article(struct article *a, const struct read_input *in, struct diag *diag,
		 struct chapbook_error *err);

#endif
