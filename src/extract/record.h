/* An article's metadata as JSON, for programs. */
#ifndef EXTRACT_RECORD_H
#define EXTRACT_RECORD_H

#include "article/article.h"
#include "base/buf.h"

/* Append an object with the members title, subtitle, standfirst, authors (name, bio, url),
 * published, modified, site, section, language, direction, description, url, canonical, image,
 * licence, subjects, figures (src, caption, credit, alt); what is unknown is left out. */
void record_put_json(struct buf *out, const struct article *a);

#endif
