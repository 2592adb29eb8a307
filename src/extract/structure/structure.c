#include "extract/structure/structure.h"

#include "article/tree.h"
#include "extract/page/passes.h"

#include <stdlib.h>
#include <string.h>

xmlNode *settle_into(const struct settling *s, xmlNode *node)
{
	return tree_walk(s->page->body, node);
}

xmlNode *settle_past(const struct settling *s, xmlNode *node)
{
	return tree_walk_skip(s->page->body, node);
}

xmlNode *settle_remove(const struct settling *s, xmlNode *node)
{
	xmlNode *next = settle_past(s, node);
	tree_remove(node);
	return next;
}

void put_text_before(xmlNode *node, const char *text)
{
	xmlNode *holder = tree_detached(node, "span");
	tree_insert_before(node, tree_text(holder, text, strlen(text)));
	tree_remove(holder);
}

bool short_text(struct buf *out, const xmlNode *node)
{
	enum { MAX_NODES = 12, MAX_BYTES = 200 };
	int nodes = 0;
	buf_puts(out, tree_text_value(node));
	for (const xmlNode *n = tree_walk(node, NULL); n; n = tree_walk(node, n)) {
		buf_puts(out, tree_text_value(n));
		if (++nodes > MAX_NODES || out->len > MAX_BYTES)
			return false;
	}
	buf_fold_space(out, 0);
	return true;
}

/* By the element's own name; sorted. */
static const struct tag_rule {
	const char *name;
	settle_element *settle;
} by_tag[] = {
	{"a", settle_link},
	{"amp-dailymotion", settle_player},
	{"amp-iframe", settle_player},
	{"amp-soundcloud", settle_player},
	{"amp-video", settle_player},
	{"amp-vimeo", settle_player},
	{"amp-youtube", settle_player},
	{"audio", settle_player},
	{"button", settle_button},
	{"code", settle_code},
	{"details", settle_details},
	{"embed", settle_player},
	{"h1", settle_heading},
	{"h2", settle_heading},
	{"h3", settle_heading},
	{"h4", settle_heading},
	{"h5", settle_heading},
	{"h6", settle_heading},
	{"iframe", settle_player},
	{"img", settle_math_image},
	{"lite-vimeo", settle_player},
	{"lite-youtube", settle_player},
	{"math", settle_math},
	{"mjx-container", settle_math_box},
	{"object", settle_player},
	{"pre", settle_pre},
	{"script", settle_player_script},
	{"summary", settle_summary},
	{"table", settle_code_table},
	{"video", settle_player},
	{"youtube-video", settle_player},
};

/* Of other elements, by what their names say. */
static const struct {
	name_set names;
	settle_element *settle;
} by_names[] = {
	{NAMED(CODE_BOX), settle_code_box},    {NAMED(FORMULA), settle_math_box},
	{NAMED(PLAYER), settle_player_box},    {NAMED(EDIT_LINK), settle_edit_link},
	{NAMED(HEADING), settle_heading_role},
};

static int structure_compare(const void *name, const void *rule)
{
	return strcmp(name, ((const struct tag_rule *)rule)->name);
}

static xmlNode *settle(struct settling *s, xmlNode *node)
{
	const struct tag_rule *rule =
		bsearch(tree_name(node), by_tag, sizeof by_tag / sizeof *by_tag, sizeof *by_tag,
			structure_compare);
	if (rule)
		return rule->settle(s, node);
	name_set names = names_of(s->page, node);
	for (size_t i = 0; i < sizeof by_names / sizeof *by_names; i++)
		if (names & by_names[i].names)
			return by_names[i].settle(s, node);
	return settle_into(s, node);
}

void structure_settle(struct page *page)
{
	struct settling s = {.page = page, .players = MAP_INIT};
	for (xmlNode *n = tree_walk(page->body, NULL); n;) {
		if (n == s.after_heading)
			s.heading = s.after_heading = NULL;
		n = tree_is_element(n) ? settle(&s, n) : settle_into(&s, n);
	}
	if (s.players.failed)
		page->arena.failed = true;
	map_release(&s.players);
	tables_settle(page);
	notes_settle(page);
}
