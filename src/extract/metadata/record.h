/* An article's metadata as JSON, for programs. */
#ifndef EXTRACT_METADATA_RECORD_H
#define EXTRACT_METADATA_RECORD_H

#include "article/article.h"
#include "base/buf.h"

/* Append an object with the members title, subtitle, standfirst, authors (name, role, bio, url,
 * portrait), published, modified, site, section, language, direction, description, url, canonical,
 * image, licence, subjects, figures (id, src, caption, credit, copyright, alt, licence); what is
 * unknown is left out, but for authors and figures, which are always lists. */
void record_put_json(struct buf *out, const struct article *a);

#endif
