/* The lists of the navigation document: EPUB 3.3, "The nav element: restrictions". A nav with an
 * epub:type is a heading (or none) and one ol; an ol is made of li; an li is a link, or a link or
 * label with an ol of its own. */
#include "check/content.h"

#include <string.h>

enum { NAV_START, NAV_HEADED, NAV_LISTED };     /* nav_state of nav */
enum { LI_START, LI_LINK, LI_SPAN, LI_LISTED }; /* nav_state of li */

static void wrong(struct content *c, int line, const char *what)
{
	report_add(&c->d->report, RULE_NAV_STRUCTURE, line, "%s", what);
}

static void open_nav(struct content *c, struct frame *f, const struct attrs *at)
{
	if (!attr_has(at, ATTR_EPUB_TYPE))
		return;
	c->nav_kind = attr_word(at, ATTR_EPUB_TYPE, "toc")         ? NAV_TOC
		      : attr_word(at, ATTR_EPUB_TYPE, "page-list") ? NAV_PAGES
		      : attr_word(at, ATTR_EPUB_TYPE, "landmarks") ? NAV_LANDMARKS
								   : NAV_OTHER;
	c->nav_depth = 0;
	struct nav_list *list = &c->d->nav[c->nav_kind];
	if (list->found++ == 0)
		list->line = f->line;
	else if (c->nav_kind != NAV_OTHER)
		report_add(&c->d->report, RULE_NAV_TOC, f->line, "%s", "a second one");
	f->nav_role = NAV_ROLE_NAV;
}

/* A landmark must say what it is, and not twice the same. */
static void check_landmark(struct content *c, const struct frame *f, const struct attrs *at)
{
	struct arena *a = &c->d->arena;
	if (!attr_has(at, ATTR_EPUB_TYPE)) {
		report_add(&c->d->report, RULE_NAV_LANDMARK, f->line, "%s", "no epub:type");
		return;
	}
	const char *key = arena_printf(a, "%.*s %.*s", (int)at->len[ATTR_EPUB_TYPE],
				       at->value[ATTR_EPUB_TYPE], (int)at->len[ATTR_HREF],
				       at->value[ATTR_HREF] ? at->value[ATTR_HREF] : "");
	if (key && index_add(&c->landmarks, key, strlen(key), 0) != NONE)
		report_add(&c->d->report, RULE_NAV_LANDMARK, f->line, "%s", key);
}

static void open_label(struct content *c, struct frame *f, const struct attrs *at)
{
	struct document *d = c->d;
	struct nav_list *list = &d->nav[c->nav_kind];
	bool linked = f->name == HTML_a && at->len[ATTR_HREF] > 0 && d->links.count > 0;
	f->nav_role = NAV_ROLE_LABEL;
	struct nav_point *p = ARENA_PUSH(&d->arena, *list);
	if (p)
		*p = (struct nav_point){.link = linked ? d->links.count - 1 : NONE,
					.line = f->line,
					.depth = c->nav_depth,
					.play_order = -1};
	if (c->nav_kind == NAV_LANDMARKS && f->name == HTML_a)
		check_landmark(c, f, at);
}

static void open_list(struct content *c, struct frame *f)
{
	f->nav_role = NAV_ROLE_OL;
	c->nav_depth++;
}

void navdoc_open(struct content *c, struct frame *parent, struct frame *f, const struct attrs *at)
{
	bool heading = f->el && ((f->el->flags & HE_HEADING) || f->name == HTML_hgroup);
	bool label = f->name == HTML_a || f->name == HTML_span;
	if (f->name == HTML_nav) {
		open_nav(c, f, at);
		return;
	}
	switch (parent ? parent->nav_role : NAV_ROLE_NONE) {
	case NAV_ROLE_NAV:
		if (heading && parent->nav_state == NAV_START) {
			parent->nav_state = NAV_HEADED;
		} else if (f->name == HTML_ol && parent->nav_state != NAV_LISTED) {
			if (c->nav_kind == NAV_OTHER && parent->nav_state == NAV_START)
				wrong(c, parent->line,
				      "a nav other than toc, page-list and landmarks needs a "
				      "heading");
			parent->nav_state = NAV_LISTED;
			open_list(c, f);
		} else {
			wrong(c, f->line, f->el ? f->el->name : "an element");
		}
		break;
	case NAV_ROLE_OL:
		if (f->name == HTML_li)
			f->nav_role = NAV_ROLE_LI;
		else
			wrong(c, f->line, f->el ? f->el->name : "an element");
		parent->nav_state = 1;
		break;
	case NAV_ROLE_LI:
		if (label && parent->nav_state == LI_START) {
			parent->nav_state = f->name == HTML_a ? LI_LINK : LI_SPAN;
			open_label(c, f, at);
		} else if (f->name == HTML_ol &&
			   (parent->nav_state == LI_LINK || parent->nav_state == LI_SPAN)) {
			parent->nav_state = LI_LISTED;
			open_list(c, f);
		} else {
			wrong(c, f->line, f->el ? f->el->name : "an element");
		}
		break;
	case NAV_ROLE_LABEL:
	case NAV_ROLE_NONE:
		break;
	}
}

void navdoc_close(struct content *c, struct frame *f)
{
	switch (f->nav_role) {
	case NAV_ROLE_NAV:
		if (f->nav_state != NAV_LISTED)
			wrong(c, f->line, "no list");
		break;
	case NAV_ROLE_OL:
		c->nav_depth--;
		if (f->nav_state == 0)
			wrong(c, f->line, "an empty list");
		break;
	case NAV_ROLE_LI:
		if (f->nav_state == LI_START)
			wrong(c, f->line, "an entry without link or label");
		else if (f->nav_state == LI_SPAN)
			wrong(c, f->line, "a label with neither link nor list");
		break;
	case NAV_ROLE_LABEL:
		if (f->text_mark == c->text_seen)
			report_add(&c->d->report, RULE_NAV_LABEL, f->line, "%s", "");
		break;
	case NAV_ROLE_NONE:
		break;
	}
}

void navdoc_text(struct content *c, struct frame *f)
{
	if (f->nav_role != NAV_ROLE_LABEL && !f->text_reported && f->model != MODEL_LIST) {
		f->text_reported = true;
		wrong(c, f->line, "text outside of a link or label");
	}
}
