/* References between files: EPUB 3.3, "Publication resources" and "URLs in the OCF abstract
 * container". */
#include "check/run.h"

#include <string.h>

/* Where a URL outside of the container may stand: hyperlinks, sound, film and fonts, and what a
 * link element merely mentions. */
static bool may_be_remote(enum link_kind kind)
{
	return kind == LINK_HYPER || kind == LINK_CITE || kind == LINK_MEDIA || kind == LINK_FONT ||
	       kind == LINK_OTHER;
}

static void links_check_remote(struct document *d, const struct link *l, bool insecure)
{
	int len = (int)(l->text_len < 200 ? l->text_len : 200);
	if (l->kind == LINK_CITE && insecure)
		report_add(&d->report, RULE_LINK_INSECURE, l->line, "%.*s", len, l->text);
	if (l->kind == LINK_HYPER || l->kind == LINK_CITE || l->kind == LINK_OTHER)
		return;
	if (!may_be_remote(l->kind)) {
		if (d->ck->version != 2 || l->kind != LINK_OBJECT)
			report_add(&d->report, RULE_LINK_REMOTE, l->line, "%.*s", len, l->text);
		return;
	}
	d->seen |= PROP_REMOTE;
	if (insecure)
		report_add(&d->report, RULE_LINK_INSECURE, l->line, "%.*s", len, l->text);
}

/* What can be said of a reference without looking at what it refers to. */
static void check_url(struct document *d, const struct link *l, const struct url *url)
{
	int len = (int)(l->text_len < 200 ? l->text_len : 200);
	switch (url->kind) {
	case URL_REMOTE:
		links_check_remote(d, l, url->insecure);
		break;
	case URL_OUTSIDE:
		report_add(&d->report, RULE_LINK_OUTSIDE, l->line, "%.*s", len, l->text);
		break;
	case URL_DATA:
		if (l->kind == LINK_HYPER || l->kind == LINK_FRAME)
			report_add(&d->report, RULE_LINK_URL, l->line, "data URL: %.*s",
				   len < 40 ? len : 40, l->text);
		break;
	case URL_FILE:
	case URL_BAD:
		report_add(&d->report, RULE_LINK_URL, l->line, "%.*s", len, l->text);
		break;
	case URL_SCRIPT:
		report_add(&d->report, RULE_SCRIPT_URL, l->line, "%.*s", len, l->text);
		break;
	case URL_LOCAL:
		if (url->has_query)
			report_add(&d->report, RULE_LINK_URL, l->line, "%.*s", len, l->text);
		break;
	case URL_OTHER:
		break;
	}
}

struct link *document_link(struct document *d, enum link_kind kind, const char *text, size_t len,
			   int line)
{
	struct url url;
	struct link *l = ARENA_PUSH(&d->arena, d->links);
	if (!l)
		return NULL;
	url_parse(&url, &d->arena, d->entry->name, text, len);
	*l = (struct link){
		.text = arena_dupn(&d->arena, text, len),
		.text_len = len,
		.fragment = url.fragment,
		.fragment_len = url.fragment_len,
		.target = NONE,
		.line = line,
		.kind = kind,
		.where = url.kind,
	};
	if (url.kind == URL_LOCAL)
		l->target = url.same ? d->index : index_get(&d->ck->names, url.path, url.path_len);
	check_url(d, l, &url);
	return l;
}

/* --- References to other files, when all have been read --- */

static bool is_image_type(const char *type)
{
	return type && strncmp(type, "image/", 6) == 0;
}

/* Whether the fallback chain of a foreign file ends at one that readers know. */
static bool has_core_fallback(const struct checker *ck, const struct item *item)
{
	for (int steps = 0; item && steps <= FALLBACK_STEPS; steps++) {
		if (media_type_is_core(item->media_type))
			return true;
		size_t next = item->fallback ? index_get(&ck->item_ids, item->fallback,
							 strlen(item->fallback))
					     : NONE;
		item = next == NONE ? NULL : &ck->manifest.items[next];
	}
	return false;
}

static void check_hyperlink(struct document *d, const struct link *l, struct item *item)
{
	if (item == d->item)
		return;
	item->linked = true;
	if (item->kind != DOC_XHTML && item->kind != DOC_SVG) {
		if (item->media_type && !item->fallback)
			report_add(&d->report, RULE_LINK_TYPE, l->line, "%s (%s)", item->href,
				   item->media_type);
	} else if (item->spine == NONE) {
		report_add(&d->report, RULE_LINK_SPINE, l->line, "%s", item->href);
	}
}

/* Whether the fragment is one that picks an element, and not a piece of a medium, a passage of
 * text or the like. */
static bool is_element_fragment(const struct link *l)
{
	static const char *const schemes[] = {
		"epubcfi(", "xywh=", "t=", "svgView(", ":~:", "xpointer("};
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t n = strlen(schemes[i]);
		if (l->fragment_len >= n && memcmp(l->fragment, schemes[i], n) == 0)
			return false;
	}
	return l->fragment_len > 0;
}

static void check_fragment(struct checker *ck, struct document *d, const struct link *l)
{
	const struct item *item = ck->entry_item[l->target] == NONE
					  ? NULL
					  : &ck->manifest.items[ck->entry_item[l->target]];
	const struct document *to = ck->documents[l->target];
	int len = (int)(l->text_len < 200 ? l->text_len : 200);
	bool picture = item && is_image_type(item->media_type) && item->kind != DOC_SVG;
	if (l->kind == LINK_STYLE || picture) {
		report_add(&d->report, picture ? RULE_LINK_FRAGMENT_IMAGE : RULE_LINK_FRAGMENT_KIND,
			   l->line, "%.*s", len, l->text);
		return;
	}
	if (!to || to->failed || (to->kind != DOC_XHTML && to->kind != DOC_SVG) ||
	    !is_element_fragment(l))
		return;
	size_t place = index_get(&to->ids, l->fragment, l->fragment_len);
	if (place == NONE)
		report_add(&d->report, RULE_LINK_FRAGMENT, l->line, "%.*s", len, l->text);
	else if (l->noteref && !(place & ID_NOTE))
		report_add(&d->report, RULE_NOTE_TARGET, l->line, "%.*s", len, l->text);
	else if (l->kind == LINK_PAINT && !(place & ID_PAINT))
		report_add(&d->report, RULE_LINK_FRAGMENT_PAINT, l->line, "%.*s", len, l->text);
}

static void check_link(struct checker *ck, struct document *d, const struct link *l)
{
	int len = (int)(l->text_len < 200 ? l->text_len : 200);
	if (l->target == NONE) {
		report_add(&d->report, l->kind == LINK_OTHER ? RULE_LINK_OTHER : RULE_LINK_MISSING,
			   l->line, "%.*s", len, l->text);
		return;
	}
	if (l->target != d->index || l->kind == LINK_HYPER) {
		size_t n = ck->entry_item[l->target];
		if (n == NONE) {
			if (l->kind != LINK_OTHER && l->target != ck->opf_entry)
				report_add(&d->report, RULE_LINK_UNDECLARED, l->line, "%.*s", len,
					   l->text);
		} else {
			struct item *item = &ck->manifest.items[n];
			bool shown = l->kind == LINK_IMAGE || l->kind == LINK_STYLE ||
				     l->kind == LINK_FRAME;
			item->used |= item != d->item;
			if (l->kind == LINK_HYPER)
				check_hyperlink(d, l, item);
			else if (shown && !l->has_fallback && !has_core_fallback(ck, item))
				report_add(&d->report, RULE_LINK_TYPE, l->line, "%s (%s)",
					   item->href, item->media_type);
		}
	}
	if (l->fragment)
		check_fragment(ck, d, l);
}

void check_links(struct checker *ck, struct document *d)
{
	for (size_t i = 0; i < d->links.count; i++)
		if (d->links.items[i].where == URL_LOCAL)
			check_link(ck, d, &d->links.items[i]);
}

/* --- Manifest properties against what is in the file --- */

static void property(struct document *d, enum property p, const char *name)
{
	bool declared = d->item->declared & p, there = d->seen & p;
	if (there && !declared)
		report_add(&d->report, RULE_PROPERTY_MISSING, 0, "%s", name);
	else if (declared && !there && p == PROP_REMOTE)
		report_add(&d->report, RULE_PROPERTY_REMOTE, 0, "%s", "");
	else if (declared && !there)
		report_add(&d->report, RULE_PROPERTY_UNTRUE, 0, "%s", name);
}

void check_properties(struct checker *ck, struct document *d)
{
	bool page = d->kind == DOC_XHTML || d->kind == DOC_SVG;
	if (ck->version != 3 || !d->item || d->failed)
		return;
	if (page) {
		property(d, PROP_SCRIPTED, "scripted");
		property(d, PROP_MATHML, "mathml");
		property(d, PROP_SWITCH, "switch");
		if (d->kind == DOC_XHTML)
			property(d, PROP_SVG, "svg");
	}
	/* A script may get what it likes: then the property may stand without a reference. */
	if ((page || d->kind == DOC_CSS) &&
	    !((d->item->declared & PROP_REMOTE) && (d->seen & PROP_SCRIPTED)))
		property(d, PROP_REMOTE, "remote-resources");
}

void check_unused(struct checker *ck)
{
	bool scripted = false;
	for (size_t i = 0; i < ck->count; i++)
		scripted |= (ck->list[i].seen & PROP_SCRIPTED) != 0;
	for (size_t i = 0; i < ck->manifest.count; i++) {
		struct item *item = &ck->manifest.items[i];
		if (ck->version == 3 && item->spine != NONE && !item->linear && !item->linked &&
		    item != ck->nav && !scripted)
			report_add(&ck->opf, RULE_SPINE_UNREACHABLE, item->line, "%s", item->href);
		if (!item->used && item->spine == NONE && item != ck->nav && item->entry != NONE &&
		    ck->entry_item[item->entry] == i && !(item->declared & PROP_COVER) &&
		    item->kind != DOC_NCX && item->kind != DOC_XML)
			report_add(&ck->opf, RULE_ITEM_UNUSED, item->line, "%s", item->href);
	}
}
