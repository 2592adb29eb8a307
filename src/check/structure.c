/* Where elements and text may stand: HTML, "Content models" (3.2.5) and the elements' own
 * definitions (4), as far as EPUBCheck's schemas hold books to them. */
#include "base/word_list.h"
#include "check/content.h"

#include <string.h>

static void misplaced(struct content *c, const struct frame *f, const char *fmt, const char *a,
		      const char *b)
{
	char text[160];
	int n = 0;
	for (const char *p = fmt; *p && n < (int)sizeof text - 1; p++) {
		const char *s = *p == '1' ? a : *p == '2' ? b : NULL;
		if (!s)
			text[n++] = *p;
		for (; s && *s && n < (int)sizeof text - 1; s++)
			text[n++] = *s;
	}
	text[n] = '\0';
	report_add(&c->d->report, RULE_HTML_NESTING, f->line, "%s", text);
}

static const char *structure_name_of(const struct frame *f)
{
	return f->el ? f->el->name : "an element of another namespace";
}

static bool named(const char *children, const struct html_element *el)
{
	return word_list_has(children, el->name);
}

/* Whether `f` may be a child of `parent`, whose model has been resolved. */
static bool may_hold(const struct frame *parent, const struct frame *f)
{
	const struct html_element *el = f->el;
	if (parent->model == MODEL_ANY)
		return true;
	if (!el) /* svg and math are phrasing; what is unknown has been told of */
		return f->ns == IN_HTML || f->ns == IN_EPUB || f->ns == IN_OTHER ||
		       parent->model == MODEL_PHRASING || parent->model == MODEL_FLOW;
	if (parent->children && named(parent->children, el))
		return true;
	switch (parent->model) {
	case MODEL_PHRASING:
		return el->flags & HE_PHRASING;
	case MODEL_FLOW:
		return el->flags & (HE_PHRASING | HE_FLOW);
	case MODEL_METADATA:
		return el->flags & HE_METADATA;
	case MODEL_LIST:
		return f->name == HTML_script || f->name == HTML_template;
	default:
		return false;
	}
}

/* Set f's model to one that does not depend on its parent any more. */
static void resolve_model(const struct frame *parent, struct frame *f)
{
	enum html_model above = parent ? parent->model : MODEL_ANY;
	f->model = f->el ? f->el->model : MODEL_ANY;
	f->children = f->el ? f->el->children : NULL;
	switch (f->model) {
	case MODEL_MIXED:
		f->model = MODEL_PHRASING;
		break;
	case MODEL_FLOW_AND:
		f->model = MODEL_FLOW;
		break;
	case MODEL_SAME:
	case MODEL_SAME_AND:
		f->model = above == MODEL_LIST || above == MODEL_EMPTY || above == MODEL_TEXT
				   ? MODEL_FLOW
				   : above;
		break;
	default:
		break;
	}
	if (f->name == HTML_div && parent && parent->name == HTML_dl) {
		f->model = MODEL_LIST;
		f->children = "dt dd";
	}
}

/* --- The order of children. `state` of the parent keeps how far it has come. --- */

enum { FIGURE_EMPTY, FIGURE_CAPTION_FIRST, FIGURE_CONTENT, FIGURE_CAPTION_LAST };
enum { DL_START, DL_TERM, DL_DESCRIPTION };
enum { HTML_START, HTML_HEAD, HTML_BODY };

static void order_figure(struct content *c, struct frame *figure, const struct frame *child)
{
	bool caption = child && child->name == HTML_figcaption;
	if (!caption && figure->state == FIGURE_CAPTION_LAST) {
		misplaced(c, figure, "figcaption is neither first nor last in figure", "", "");
		figure->state = FIGURE_CONTENT;
	} else if (caption && figure->state == FIGURE_EMPTY) {
		figure->state = FIGURE_CAPTION_FIRST;
	} else if (caption && figure->state == FIGURE_CONTENT) {
		figure->state = FIGURE_CAPTION_LAST;
	} else if (caption) {
		misplaced(c, child, "a second figcaption", "", "");
	} else if (figure->state == FIGURE_EMPTY) {
		figure->state = FIGURE_CONTENT;
	}
}

/* After a caption that came first, all else is content, and no second caption may come: so the
 * state is kept. */

static void order_table(struct content *c, struct frame *table, const struct frame *child)
{
	static const struct {
		enum html_name name;
		int rank;
	} ranks[] = {{HTML_caption, 1}, {HTML_colgroup, 2}, {HTML_thead, 3},
		     {HTML_tbody, 4},   {HTML_tr, 5},       {HTML_tfoot, 6}};
	for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++) {
		if (ranks[i].name != child->name)
			continue;
		int rank = ranks[i].rank;
		bool once = rank == 1 || rank == 3 || rank == 6;
		if (rank < table->state || (once && rank == table->state) ||
		    (rank == 5 && table->state == 4))
			misplaced(c, child, "1 comes too late in table", child->el->name, "");
		table->state = rank > table->state ? rank : table->state;
	}
}

static void order_dl(struct content *c, struct frame *dl, const struct frame *child)
{
	if (child->name == HTML_dt) {
		dl->state = DL_TERM;
	} else if (child->name == HTML_dd) {
		if (dl->state == DL_START)
			misplaced(c, child, "dd before any dt", "", "");
		dl->state = DL_DESCRIPTION;
	}
}

static void order_html(struct content *c, struct frame *html, const struct frame *child)
{
	bool right = (child->name == HTML_head && html->state == HTML_START) ||
		     (child->name == HTML_body && html->state == HTML_HEAD);
	if (!right)
		report_add(&c->d->report, RULE_HTML_ROOT, child->line, "%s",
			   structure_name_of(child));
	html->state = child->name == HTML_head ? HTML_HEAD : HTML_BODY;
}

static void structure_check_order(struct content *c, struct frame *parent, const struct frame *f)
{
	switch (parent->name) {
	case HTML_figure:
		order_figure(c, parent, f);
		break;
	case HTML_table:
		order_table(c, parent, f);
		break;
	case HTML_dl:
		order_dl(c, parent, f);
		break;
	case HTML_div:
		if (parent->model == MODEL_LIST)
			order_dl(c, parent, f);
		break;
	case HTML_html:
		order_html(c, parent, f);
		break;
	case HTML_details:
	case HTML_fieldset:
		if (parent->state == 0 && parent->name == HTML_details && f->name != HTML_summary)
			misplaced(c, f, "details does not start with a summary", "", "");
		else if (parent->state > 0 && (f->name == HTML_summary || f->name == HTML_legend))
			misplaced(c, f, "1 is not first in 2", f->el->name, parent->el->name);
		parent->state = 1;
		break;
	case HTML_ruby:
		if (f->name == HTML_rt || f->name == HTML_rtc)
			parent->state = 1;
		break;
	default:
		break;
	}
}

/* --- Elements that must not be inside others, however deep --- */

static void check_ancestors(struct content *c, const struct frame *f, uint32_t above,
			    const struct attrs *at)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {
		{HE_IN_A, "a"},           {HE_IN_BUTTON, "button"},     {HE_IN_FORM, "form"},
		{HE_IN_HEADER, "header"}, {HE_IN_ADDRESS, "address"},   {HE_IN_DFN, "dfn"},
		{HE_IN_LABEL, "label"},   {HE_IN_CAPTION, "caption"},   {HE_IN_MEDIA, "media"},
		{HE_IN_METER, "meter"},   {HE_IN_PROGRESS, "progress"},
	};
	uint32_t forbidden = f->el->inside;
	if ((f->name == HTML_input && attr_is(at, ATTR_TYPE, "hidden")))
		forbidden = 0;
	if (((f->name == HTML_img || f->name == HTML_object) && attr_has(at, ATTR_USEMAP)) ||
	    ((f->el->flags & HE_IN_MEDIA) && attr_has(at, ATTR_CONTROLS)))
		forbidden |= HE_IN_A | HE_IN_BUTTON;
	uint32_t bad = forbidden & above;
	if (!bad)
		return;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (bad & names[i].bit) {
			misplaced(c, f, "1 inside 2", f->el->name, names[i].name);
			return;
		}
}

void structure_open(struct content *c, struct frame *parent, struct frame *f,
		    const struct attrs *at)
{
	const uint32_t groups =
		~(uint32_t)(HE_PHRASING | HE_FLOW | HE_METADATA | HE_CHILD | HE_INTERACTIVE |
			    HE_HEADING | HE_NO_TYPE | HE_SECTION | HE_NO_ROLE);
	uint32_t above = f->inside;
	resolve_model(parent, f);
	if (f->el) {
		check_ancestors(c, f, above, at);
		f->inside |= f->el->flags & groups;
	}
	if (!parent)
		return;
	if (parent->el && !may_hold(parent, f))
		misplaced(c, f, "1 in 2", structure_name_of(f), parent->el->name);
	else if (parent->el && f->el)
		structure_check_order(c, parent, f);
	else if (parent->name == HTML_figure)
		order_figure(c, parent, f);
}

void structure_text(struct content *c, struct frame *f)
{
	if (f->name == HTML_figure)
		order_figure(c, f, NULL);
	if (f->name == HTML_details && f->state == 0) {
		misplaced(c, f, "details does not start with a summary", "", "");
		f->state = 1;
	}
	bool forbidden = f->el && (f->model == MODEL_EMPTY || f->model == MODEL_LIST ||
				   f->model == MODEL_METADATA);
	if (forbidden && !f->text_reported) {
		f->text_reported = true;
		misplaced(c, f, "text in 1", f->el->name, "");
	}
}

static void close_heading(struct content *c, const struct frame *f)
{
	struct report *r = &c->d->report;
	int level = f->el->name[1] - '0';
	c->heading_count++;
	c->h1_count += level == 1;
	if (c->last_heading > 0 && level > c->last_heading + 1)
		report_add(r, RULE_HEADING_SKIP, f->line, "h%d after h%d", level, c->last_heading);
	c->last_heading = level;
	if (f->text_mark == c->text_seen)
		report_add(r, c->d->is_nav ? RULE_NAV_LABEL : RULE_HEADING_EMPTY, f->line, "%s",
			   f->el->name);
}

void structure_close(struct content *c, struct frame *f)
{
	struct document *d = c->d;
	if (!f->el)
		return;
	if (f->el->flags & HE_HEADING)
		close_heading(c, f);
	if (f->is_note && !f->has_link)
		report_add(&d->report, RULE_NOTE_BACK, f->line, "%s", "");
	switch (f->name) {
	case HTML_title:
		if (f->text_mark == c->text_seen)
			report_add(&d->report, RULE_HTML_TITLE_EMPTY, f->line, "%s", "");
		break;
	case HTML_html:
		if (f->state != HTML_BODY)
			report_add(&d->report, RULE_HTML_ROOT, f->line, "%s",
				   f->state == HTML_START ? "no head" : "no body");
		break;
	case HTML_dl:
	case HTML_div:
		if (f->model == MODEL_LIST && f->state == DL_TERM)
			misplaced(c, f, "dt with no dd after it", "", "");
		break;
	case HTML_ruby:
		if (f->state == 0)
			misplaced(c, f, "ruby without rt", "", "");
		break;
	default:
		break;
	}
}

void structure_end(struct content *c)
{
	struct document *d = c->d;
	if (d->kind != DOC_XHTML)
		return;
	if (!c->has_title)
		report_add(&d->report, RULE_HTML_TITLE, 0, "%s", "");
	if (c->heading_count > 0 && c->h1_count != 1)
		report_add(&d->report, RULE_HEADING_FIRST, 0, "%d h1 among %d headings",
			   c->h1_count, c->heading_count);
}
