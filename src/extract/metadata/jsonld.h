/* What a page says in JSON-LD (schema.org). */
#ifndef EXTRACT_METADATA_JSONLD_H
#define EXTRACT_METADATA_JSONLD_H

#include "extract/metadata/claims.h"

#include <jansson.h>

/* Claim what page->json_ld says: the members of the object that is the article, of the page that it
 * is on, of its site. Fills page->image_facts, too. */
void jsonld_read(struct claims *c);

/* Parse one script's text: an array of all values in it; members keep their order (jansson sees to
 * that, whatever the seed of its hashes). What is not JSON is mended where what was
 * meant is clear: raw line ends in strings, commas too many, comments and CDATA around it, quotes
 * as entities, quotes within strings; the rest is left out. NULL when nothing is left or, with
 * *failed set, when memory ran out. The caller drops it. */
json_t *jsonld_parse(const char *text, size_t len, bool *failed);

#endif
