/* Facts that options and metadata gave of a web page, out of the way while it is read: what the
 * page itself says has to be known to find its title, byline and dates among its lines. */
#ifndef READ_HTML_GIVEN_H
#define READ_HTML_GIVEN_H

#include "article/article.h"

struct given {
	char *title, *subtitle, *standfirst, *description, *publisher, *section, *published,
		*modified;
	struct author_list authors;
};

/* Move these facts out of the article. */
void given_set_aside(struct article *a, struct given *given);

/* Put them back, over what was found since. What was found about an author who was given is kept
 * with that author, however the name is spelled; the bio of anybody else becomes the last
 * paragraphs of the body. */
void given_restore(struct article *a, const struct given *given);

#endif
