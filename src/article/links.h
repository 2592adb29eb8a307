/* Links that lead out of the article. */
#ifndef ARTICLE_LINKS_H
#define ARTICLE_LINKS_H

#include "article/article.h"
#include "base/diag.h"
#include "base/map.h"

/* Remove the link; keep its text and its id. */
void link_drop(xmlNode *link);

/* What references in the body are relative to: an http or https URL, or NULL when it is not known.
 */
const char *links_base(const struct article *a);

/* The absolute path of a file, for comparing; the caller frees. NULL when its folder is not there
 * or memory runs out. */
char *links_absolute_path(const char *file);

/* A link to a file that becomes another chapter of the book has this attribute: the file's absolute
 * path, and the fragment. */
#define LINK_FILE_ATTRIBUTE "data-chapbook-file"

/* Relative links lead to where the article came from: they are resolved against its source URL
 * (RFC 3986 section 5). Without one they lead nowhere in a book, and are dropped, with a
 * warning. Links to files of the same book are marked, and left as they are where there is no
 * source URL. `files`: these files, by their absolute paths; NULL: there are no others. */
void links_resolve(struct article *a, const struct map *files, struct diag *diag);

#endif
