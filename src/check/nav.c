/* Contents against the book: the order of the nav's entries, and whether NCX and nav agree. */
#include "check/run.h"

#include <string.h>

static const struct link *link_of(const struct document *d, const struct nav_point *p)
{
	return p->link == NONE ? NULL : &d->links.items[p->link];
}

/* Where in the book an entry leads: the page's place in the spine, and the id's place in the page.
 */
struct place {
	size_t spine, id; /* id: 0 is the page's start */
};

static bool nav_place_of(const struct checker *ck, const struct link *l, struct place *place)
{
	if (!l || l->target == NONE || ck->entry_item[l->target] == NONE)
		return false;
	place->spine = ck->manifest.items[ck->entry_item[l->target]].spine;
	place->id = 0;
	const struct document *to = ck->documents[l->target];
	if (l->fragment && to) {
		size_t at = index_get(&to->ids, l->fragment, l->fragment_len);
		if (at == NONE)
			return false;
		place->id = (at >> ID_FLAGS) + 1;
	}
	return place->spine != NONE;
}

/* EPUB 3.3, "The toc nav element": the order of the references is that of the spine, and within a
 * page that of the text. */
static void check_order(struct checker *ck, struct document *nav, enum nav_kind kind)
{
	struct place last = {0, 0}, here;
	for (size_t i = 0; i < nav->nav[kind].count; i++) {
		const struct nav_point *p = &nav->nav[kind].items[i];
		const struct link *l = link_of(nav, p);
		if (!nav_place_of(ck, l, &here))
			continue;
		if (here.spine < last.spine || (here.spine == last.spine && here.id < last.id))
			report_add(&nav->report, RULE_NAV_ORDER, p->line, "%s", l->text);
		last = here;
	}
}

static void check_remote(struct document *nav)
{
	for (int kind = NAV_TOC; kind <= NAV_LANDMARKS; kind++)
		for (size_t i = 0; i < nav->nav[kind].count; i++) {
			const struct nav_point *p = &nav->nav[kind].items[i];
			const struct link *l = link_of(nav, p);
			if (l && (l->where == URL_REMOTE || l->where == URL_OTHER))
				report_add(&nav->report, RULE_NAV_LINK, p->line, "%s", l->text);
		}
}

static bool same_target(const struct link *a, const struct link *b)
{
	return a->target == b->target && a->fragment_len == b->fragment_len &&
	       (!a->fragment || !b->fragment ||
		memcmp(a->fragment, b->fragment, a->fragment_len) == 0);
}

/* The same targets in the same order. A nav may have labels without link, which an NCX cannot:
 * such a nav is not compared. */
static void check_agreement(struct document *nav, struct document *ncx)
{
	const struct nav_list *a = &nav->nav[NAV_TOC], *b = &ncx->nav[NAV_TOC];
	for (size_t i = 0; i < a->count; i++)
		if (a->items[i].link == NONE)
			return;
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		const struct link *l = link_of(nav, &a->items[i]), *m = link_of(ncx, &b->items[i]);
		if (!same_target(l, m) || a->items[i].depth != b->items[i].depth) {
			report_add(&ncx->report, RULE_NCX_AGREES, b->items[i].line, "%s and %s",
				   m->text, l->text);
			return;
		}
	}
	if (a->count != b->count)
		report_add(&ncx->report, RULE_NCX_AGREES, 0, "%zu entries and %zu", b->count,
			   a->count);
}

void check_nav(struct checker *ck)
{
	struct document *nav =
		ck->nav && ck->nav->entry != NONE ? ck->documents[ck->nav->entry] : NULL;
	struct document *ncx =
		ck->ncx && ck->ncx->entry != NONE ? ck->documents[ck->ncx->entry] : NULL;
	if (!nav || nav->failed || ck->version != 3)
		return;
	if (nav->nav[NAV_TOC].found == 0)
		report_add(&nav->report, RULE_NAV_TOC, 0, "%s", "no toc");
	if (nav->nav[NAV_LANDMARKS].found == 0)
		report_add(&nav->report, RULE_NAV_LANDMARKS, 0, "%s", "");
	check_remote(nav);
	check_order(ck, nav, NAV_TOC);
	check_order(ck, nav, NAV_PAGES);
	if (ncx && !ncx->failed)
		check_agreement(nav, ncx);
}
