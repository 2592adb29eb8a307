#include "base/word_list.h"
#include "check/run.h"

#include <string.h>

xmlNode *opf_node(const struct checker *ck, const char *id)
{
	size_t at = id ? index_get(&ck->opf_ids, id, strlen(id)) : NONE;
	return at == NONE ? NULL : ck->opf_nodes.items[at];
}

/* EPUB 3.3, "Reserved prefixes", with the two that older versions had. */
bool opf_prefix_known(const struct checker *ck, const char *property)
{
	const char *colon = strchr(property, ':');
	size_t n = colon ? (size_t)(colon - property) : 0;
	if (!colon)
		return true;
	return word_list_has_n("a11y dcterms marc media onix rendition schema xsd msv prism",
			       property, n) ||
	       index_get(&ck->prefixes, property, n) != NONE;
}

struct opf_link *opf_link(struct checker *ck, const char *href, enum check_id rule, int line)
{
	struct opf_link *l = ARENA_PUSH(&ck->arena, ck->opf_links);
	if (!l)
		return NULL;
	*l = (struct opf_link){.rule = rule, .line = line, .text = href};
	url_parse(&l->url, &ck->arena, ck->opf_name, href, strlen(href));
	return l;
}
