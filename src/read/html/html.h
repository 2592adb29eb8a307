/* The reader of pages. */
#ifndef READ_HTML_HTML_H
#define READ_HTML_HTML_H

#include "article/article.h"
#include "base/diag.h"
#include "base/map.h"

struct html_input {
	const char *url;        /* where the page came from, or NULL */
	bool is_article;        /* keep all of it */
	unsigned picture_width; /* see struct read_input */
	const struct map *files;
};

/* Read a page into `a`. `text` is UTF-8 with LF line ends. What `a` holds already is kept. On
 * failure `a` is only good for article_free(). */
int read_html(struct article *a, const char *text, size_t len, const struct html_input *in,
	      struct diag *diag, struct chapbook_error *err);

#endif
