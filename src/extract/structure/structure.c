#include "extract/structure/structure.h"

#include "article/tree.h"
#include "extract/page/passes.h"

#include <stdlib.h>
#include <string.h>

/* By the element's own name; sorted. */
static const struct tag_rule {
	const char *name;
	normalise_element *normalise;
} by_tag[] = {
	{"a", normalise_link},
	{"amp-dailymotion", normalise_player},
	{"amp-iframe", normalise_player},
	{"amp-soundcloud", normalise_player},
	{"amp-video", normalise_player},
	{"amp-vimeo", normalise_player},
	{"amp-youtube", normalise_player},
	{"audio", normalise_player},
	{"button", normalise_button},
	{"code", normalise_code},
	{"details", normalise_details},
	{"embed", normalise_player},
	{"h1", normalise_heading},
	{"h2", normalise_heading},
	{"h3", normalise_heading},
	{"h4", normalise_heading},
	{"h5", normalise_heading},
	{"h6", normalise_heading},
	{"iframe", normalise_player},
	{"img", normalise_math_image},
	{"lite-vimeo", normalise_player},
	{"lite-youtube", normalise_player},
	{"math", normalise_math},
	{"mjx-container", normalise_math_box},
	{"object", normalise_player},
	{"pre", normalise_pre},
	{"script", normalise_player_script},
	{"summary", normalise_summary},
	{"table", normalise_code_table},
	{"video", normalise_player},
	{"youtube-video", normalise_player},
};

/* Of other elements, by what their names say. */
static const struct {
	name_set names;
	normalise_element *normalise;
} by_names[] = {
	{NAMED(CODE_BOX), normalise_code_box},    {NAMED(FORMULA), normalise_math_box},
	{NAMED(PLAYER), normalise_player_box},    {NAMED(EDIT_LINK), normalise_edit_link},
	{NAMED(HEADING), normalise_heading_role},
};

static int structure_compare(const void *name, const void *rule)
{
	return strcmp(name, ((const struct tag_rule *)rule)->name);
}

static xmlNode *normalise_one(struct normaliser *s, xmlNode *node)
{
	const struct tag_rule *rule =
		bsearch(tree_name(node), by_tag, sizeof by_tag / sizeof *by_tag, sizeof *by_tag,
			structure_compare);
	if (rule)
		return rule->normalise(s, node);
	name_set names = names_of(s->page, node);
	for (size_t i = 0; i < sizeof by_names / sizeof *by_names; i++)
		if (names & by_names[i].names)
			return by_names[i].normalise(s, node);
	return walk_into(s, node);
}

void structure_normalise(struct page *page)
{
	struct normaliser s = {.page = page, .players = MAP_INIT};
	for (xmlNode *n = tree_walk(page->body, NULL); n;) {
		if (n == s.after_heading)
			s.heading = s.after_heading = NULL;
		n = tree_is_element(n) ? normalise_one(&s, n) : walk_into(&s, n);
	}
	if (s.players.failed)
		page->arena.failed = true;
	map_release(&s.players);
	tables_normalise(page);
	notes_resolve(page);
}
