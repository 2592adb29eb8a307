/* What a page claims about its article, in one list: each claim says a field's value, and stands
 * at the rank of its source.
 *
 * The sources of each field are rows of assets/page_sources.tsv, the best first:
 *
 *   field <tab> source <tab> name|name|… <tab> what for <tab> where from
 *
 * A claim is made under the name that the page used ("og:title", "datePublished"); the rows say
 * which field it is about, if any. */
#ifndef EXTRACT_METADATA_CLAIMS_H
#define EXTRACT_METADATA_CLAIMS_H

#include "extract/page/page.h"

enum claim_field {
#define CLAIM_FIELD(id, name) CLAIM_##id,
#define CLAIM_SOURCE(id, name)
#include "extract/metadata/claim_table.h"
#undef CLAIM_FIELD
#undef CLAIM_SOURCE
	CLAIM_FIELDS
};

enum claim_source {
#define CLAIM_FIELD(id, name)
#define CLAIM_SOURCE(id, name) FROM_##id,
#include "extract/metadata/claim_table.h"
#undef CLAIM_FIELD
#undef CLAIM_SOURCE
	CLAIM_SOURCES
};

struct claim {
	enum claim_field field;
	enum claim_source source;
	unsigned rank;       /* row in the table */
	const char *name;    /* what the source calls it */
	const char *value;   /* decoded, white space folded, clean, not empty; lines of an
				element's text are parted by "\n" */
	const xmlNode *node; /* where it stands, or NULL */
	unsigned order;      /* number of the element in the page */
	bool aside;          /* it stands in a part of the page that is about something else */
	bool organisation;   /* JSON-LD says that the author is one */
	const struct author *person; /* what else JSON-LD says of the author, or NULL */
	unsigned number;             /* in the order in which the claims were made */
};

enum { CLAIM_RANKS = 128 };

struct claims {
	struct page *page;
	struct claim *items;
	size_t count, cap;
	unsigned char of_rank[CLAIM_RANKS]; /* how many there are */
	unsigned headline_order;            /* of the element that is the headline, or 0 */
};

/* Whether any field has a row for this source and name: asked before a value is made. */
bool claim_wanted(enum claim_source source, const char *name);

/* The rank at which a field has it; false when it has not. */
bool claim_rank(enum claim_field field, enum claim_source source, const char *name, unsigned *rank);

/* Claim the value for each field that has a row for the name. `from` says the rest, may be NULL.
 * More than some thousand claims are not taken. */
void claim_add(struct claims *c, enum claim_source source, const char *name, const char *value,
	       const struct claim *from);

/* Whether the claim stands in sight of the headline: where bylines and dates are. Sources that are
 * not seen on the page are near everywhere. */
bool claim_is_near(const struct claims *c, const struct claim *claim);

/* Order them by rank. */
void claims_sort(struct claims *c);

/* The field's claims, from the best on: start with NULL, ends with NULL. After claims_sort(). */
const struct claim *claim_next(const struct claims *c, enum claim_field field,
			       const struct claim *last);

/* Say which source was believed. */
void claim_note(const struct claims *c, const struct claim *claim, const char *value);

#endif
