#include "article/article.h"
#include "base/date.h"
#include "extract/meta_fields.h"

#include <stdint.h>
#include <string.h>

static void take(struct claims *c, enum claim_field field, char **to)
{
	for (const struct claim *k = NULL; !*to && (k = claim_next(c, field, k));) {
		size_t s, e;
		if (k->aside)
			continue;
		char *d = date_parse(&c->page->arena, k->value, strlen(k->value));
		if (!d)
			d = date_find(&c->page->arena, k->value, strlen(k->value), &s, &e);
		if (d && strlen(d) >= 10 && article_fill(c->page->a, to, d, SIZE_MAX))
			claim_note(c, k, d);
	}
}
void meta_take_dates(struct claims *c)
{
	take(c, CLAIM_PUBLISHED, &c->page->a->published);
	take(c, CLAIM_MODIFIED, &c->page->a->modified);
}
