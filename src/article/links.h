/* Links that lead out of the article. */
#ifndef ARTICLE_LINKS_H
#define ARTICLE_LINKS_H

#include "article/article.h"
#include "base/diag.h"

/* Take the link off: what it says stays, and its id. */
void link_drop(xmlNode *link);

/* What references in the body are relative to: an http or https URL, or NULL when it is not known.
 */
const char *links_base(const struct article *a);

/* Relative links lead to where the article came from: they are resolved against its source URL
 * (RFC 3986 section 5). Without one they lead nowhere in a book, and are dropped, with a
 * warning. */
void links_settle(struct article *a, struct diag *diag);

#endif
