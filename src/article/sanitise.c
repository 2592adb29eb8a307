/* The sanitiser builds a new tree from the old one, as an HTML parser builds its tree from tags:
 * it walks the old elements in document order and keeps a stack of the new ones that are open.
 * What comes next is put where the content model allows it: parents that are missing are
 * implied, parents that cannot take it are closed. Phrasing elements (b, a, span, …) are opened
 * only when there is text to stand in them, and again after a block interrupted them:
 *   <b>one<p>two</p></b>  becomes  <p><b>one</b></p><p><b>two</b></p>.
 * Elements that no rule knows give way to their children. Old nodes are freed as they are left,
 * and nothing is looked at twice: linear time, one and a bit trees of memory. */
#include "article/sanitise.h"

#include "article/sanitise_parts.h"
#include "article/sanitise_rules.h"
#include "article/tree.h"
#include "article/url.h"

#include <string.h>
#include <strings.h>

enum {
	MOST_FRAMES = 200, /* old elements deeper than this give way to their children */
	MOST_OPEN = 256,   /* new elements: implied ones come on top */
	MOST_REOPENED = 16 /* phrasing elements in one another */
};

enum frame_kind {
	FRAME_SKIP,   /* gave way to its children */
	FRAME_BREAK,  /* the same, of a block: its text stands apart from its neighbours' */
	FRAME_BLOCK,  /* is (or was) open in the new tree */
	FRAME_PHRASE, /* phrasing: open when needed */
};

/* An old element whose children are being walked. */
struct frame {
	enum frame_kind kind;
	const xmlNode *source;
	const char *name; /* of the new element */
	const char *extra_class;
	int at;    /* where it is in the stack of open elements now, or -1 */
	int base;  /* BLOCK: where it was opened */
	bool used; /* it was opened once */
};

/* A new element that is open. */
struct open {
	xmlNode *node;
	const struct element *el;
	int frame; /* whose it is, or -1: implied */
};

struct sanitiser {
	struct id_map ids;
	struct frame frames[MOST_FRAMES];
	int frame_count;
	int phrases, phrases_open; /* frames that are FRAME_PHRASE; those of them that are open */
	size_t too_deep;           /* how many elements deeper than MOST_FRAMES we are */
	struct open stack[MOST_OPEN];
	int depth;
	struct buf text;       /* characters to append to the top of the stack */
	struct buf pending;    /* ids of elements that went, NUL-ended, for the next one opened */
	bool line_break;       /* a block that gave way stands between the last text and the next */
	size_t seen, reopened; /* old elements; phrasing elements opened more than once */
	unsigned links;        /* videos, frames and the like that became links */
};

static const struct element body_element = {"body", EL_FLOW | EL_HOLDS_FLOW, ""};

static struct open *top(struct sanitiser *s)
{
	return &s->stack[s->depth - 1];
}

static bool is(const struct open *open, const char *name)
{
	return strcmp(open->el->name, name) == 0;
}

/* --- The stack --- */

static void flush_text(struct sanitiser *s)
{
	if (s->text.failed)
		tree_fail(top(s)->node);
	if (s->text.len)
		tree_text(top(s)->node, s->text.data, s->text.len);
	buf_truncate(&s->text, 0);
}

/* Ids of elements that went lead to the one just opened. */
static void settle_pending_ids(struct sanitiser *s, xmlNode *node)
{
	for (size_t i = 0; i < s->pending.len; i += strlen(s->pending.data + i) + 1) {
		const char *wanted = s->pending.data + i;
		if (id_map_find(&s->ids, wanted))
			continue;
		if (!tree_get(node, "id"))
			tree_set(node, "id", id_map_claim(&s->ids, wanted));
		else
			id_map_alias(&s->ids, wanted, tree_get(node, "id"));
	}
	/* What is in the map must outlive the tree: aliases are made of claimed names only. */
	buf_truncate(&s->pending, 0);
}

static void pop(struct sanitiser *s)
{
	flush_text(s);
	struct open open = s->stack[--s->depth];
	if (open.frame >= 0) {
		s->frames[open.frame].at = -1;
		s->phrases_open -= s->frames[open.frame].kind == FRAME_PHRASE;
	}
	sanitise_mend(open.node);
}

static void pop_to(struct sanitiser *s, int depth)
{
	while (s->depth > depth && s->depth > 1)
		pop(s);
}

static bool push(struct sanitiser *s, xmlNode *node, const char *name, int frame)
{
	if (!node || s->depth >= MOST_OPEN)
		return false;
	s->stack[s->depth++] = (struct open){node, element_find(name), frame};
	return true;
}

/* Open an element in the one on top, with what is allowed of the attributes of `source` (NULL:
 * it is implied). `frame` is whose it is, or -1. */
static bool open_element(struct sanitiser *s, const char *name, int frame, const xmlNode *source)
{
	flush_text(s);
	if (s->depth >= MOST_OPEN)
		return false;
	xmlNode *node = tree_element(top(s)->node, name);
	if (!push(s, node, name, frame))
		return false;
	struct frame *f = frame >= 0 ? &s->frames[frame] : NULL;
	if (source)
		sanitise_attributes(f && f->used ? NULL : &s->ids, source, node, top(s)->el,
				    f ? f->extra_class : NULL);
	if (f) {
		f->used = true;
		f->at = s->depth - 1;
		s->phrases_open += f->kind == FRAME_PHRASE;
	}
	if (s->pending.len)
		settle_pending_ids(s, node);
	return true;
}

/* Bare text in these stands in a paragraph. */
static bool wants_paragraphs(const struct element *el)
{
	static const char *const names[] = {"body",  "section", "article", "blockquote",
					    "aside", "nav",     "header",  "footer"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(el->name, names[i]) == 0)
			return true;
	return false;
}

/* Open again the last child of the element on top if it is a `name`. */
static bool reopen_last(struct sanitiser *s, const char *name)
{
	xmlNode *last = tree_last(top(s)->node);
	return tree_is(last, name) && push(s, last, name, -1);
}

/* Make the element on top one that takes text or blocks, where it takes certain parts only. */
static bool imply_part(struct sanitiser *s)
{
	const struct open *open = top(s);
	if (is(open, "ul") || is(open, "ol"))
		return open_element(s, "li", -1, NULL);
	if (is(open, "dl"))
		return open_element(s, "dd", -1, NULL);
	if (is(open, "table"))
		return reopen_last(s, "tbody") || open_element(s, "tbody", -1, NULL);
	if (is(open, "tr"))
		return open_element(s, "td", -1, NULL);
	if (is(open, "thead") || is(open, "tbody") || is(open, "tfoot"))
		return open_element(s, "tr", -1, NULL);
	pop(s); /* colgroup */
	return true;
}

/* --- Text and phrasing --- */

static bool has_content(const struct sanitiser *s)
{
	return s->text.len || tree_last(s->stack[s->depth - 1].node);
}

/* A block gave way between the last text of this line and the next. */
static void put_line_break(struct sanitiser *s)
{
	s->line_break = false;
	int line = s->depth - 1;
	while (line > 0 && (s->stack[line].el->flags & EL_PHRASING))
		line--;
	if (is(&s->stack[line], "p") && s->stack[line].frame < 0) {
		pop_to(s, line);
	} else if (s->stack[line].el->flags & EL_PRE) {
		if (has_content(s) && !(s->text.len && s->text.data[s->text.len - 1] == '\n'))
			buf_putc(&s->text, '\n');
	} else if (has_content(s) && !(s->stack[line].el->flags & EL_HOLDS_ONLY)) {
		flush_text(s);
		if (!tree_is(tree_last(top(s)->node), "br") &&
		    strcmp(tree_name(tree_last(top(s)->node)), "p") != 0)
			tree_element(top(s)->node, "br");
	}
}

/* Make the element on top one that takes text, with the phrasing around it open. */
static bool open_phrasing(struct sanitiser *s)
{
	if (s->line_break)
		put_line_break(s);
	while (top(s)->el->flags & EL_HOLDS_ONLY)
		if (!imply_part(s))
			return false;
	if (wants_paragraphs(top(s)->el) && !open_element(s, "p", -1, NULL))
		return false;
	for (int i = 0; i < s->frame_count && s->phrases_open < s->phrases; i++) {
		const struct frame *f = &s->frames[i];
		if (f->kind != FRAME_PHRASE || f->at >= 0)
			continue;
		/* A thousand paragraphs in ten spans must not become ten thousand spans. */
		if (f->used && s->reopened++ > 1000 + 2 * s->seen)
			continue;
		if (!open_element(s, f->name, i, f->source))
			return false;
	}
	return true;
}

static void put_text(struct sanitiser *s, const char *text)
{
	size_t len = strlen(text);
	if (text[strspn(text, " \t\n\r\f")] == '\0') {
		/* White space counts between words, not between blocks. */
		const struct open *open = top(s);
		const struct element *last = element_find(tree_name(tree_last(open->node)));
		bool blocks = open->el->flags & (EL_HOLDS_FLOW | EL_HOLDS_ONLY);
		if (s->text.len || !blocks ||
		    (!(open->el->flags & EL_HOLDS_ONLY) && last && (last->flags & EL_PHRASING)))
			buf_append(&s->text, text, len);
		return;
	}
	if (open_phrasing(s))
		buf_append(&s->text, text, len);
	else
		tree_fail(top(s)->node);
}

static void put_void(struct sanitiser *s, const xmlNode *source, const char *name)
{
	if (strcmp(name, "br") == 0 && wants_paragraphs(top(s)->el))
		return; /* between paragraphs */
	if (open_phrasing(s) && open_element(s, name, -1, source))
		s->depth--;
}

/* A place with a name: the id of an element of which nothing else stays. */
static void put_anchor(struct sanitiser *s, const xmlNode *source)
{
	const char *id = tree_get(source, "id");
	if (!id && tree_is(source, "a"))
		id = tree_get(source, "name");
	if (!id || !*id)
		return;
	bool flow = top(s)->el->flags & EL_HOLDS_ONLY || wants_paragraphs(top(s)->el);
	if (flow || id_map_find(&s->ids, id)) {
		buf_append(&s->pending, id, strlen(id) + 1);
		return;
	}
	buf_append(&s->pending, id, strlen(id) + 1);
	if (open_element(s, "span", -1, NULL))
		s->depth--;
}

/* --- Blocks --- */

/* Blocks whose text may as well stand in a heading or a summary. */
static bool is_soft(const char *name)
{
	static const char *const names[] = {
		"div",    "p",  "section", "article", "header", "footer", "aside", "nav",    "hr",
		"figure", "h1", "h2",      "h3",      "h4",     "h5",     "h6",    "details"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Make the element on top one that takes the block `name`. False: nothing does, its text is to
 * stand where we are. */
static bool make_room(struct sanitiser *s, const char *name)
{
	for (;;) {
		int line = s->depth - 1;
		while (line > 0 && (s->stack[line].el->flags & EL_PHRASING))
			line--;
		const struct open *open = &s->stack[line];
		if (is(open, "rt") || is(open, "rp"))
			return false;
		if (is(open, "p")) {
			pop_to(s, line);
		} else if (open->el->flags & EL_HOLDS_PHRASING) {
			if (is_soft(name) || is(open, "summary"))
				return false;
			pop_to(s, line);
		} else {
			pop_to(s, line + 1);
			if (!(top(s)->el->flags & EL_HOLDS_ONLY))
				return true;
			bool list = strcmp(name, "ul") == 0 || strcmp(name, "ol") == 0;
			if (list && (is(top(s), "ul") || is(top(s), "ol")) && reopen_last(s, "li"))
				return true;
			if (!imply_part(s))
				return false;
		}
	}
}

/* The open element that takes the part `name`, of those that `name` may stand in without more
 * ado; 0 when there is none. Looks only through what the part may break out of. */
static int find_parent(const struct sanitiser *s, const struct part_rule *part)
{
	for (int i = s->depth - 1; i > 0; i--) {
		const struct element *el = s->stack[i].el;
		if (rule_has_word(part->parents, el->name))
			return i;
		if (!(el->flags & EL_PHRASING) && !rule_has_word(part->through, el->name))
			return 0;
	}
	return 0;
}

/* Make the element on top the parent that a part needs. */
static bool make_room_for_part(struct sanitiser *s, const struct part_rule *part)
{
	int parent = find_parent(s, part);
	if (parent) {
		pop_to(s, parent + 1);
	} else if (part->fallback) {
		if (!make_room(s, part->fallback) || !open_element(s, part->fallback, -1, NULL))
			return false;
	} else {
		return false;
	}
	/* A row may stand in the table itself, a cell in the table or its body: fill in between. */
	while (!rule_has_word(part->direct, top(s)->el->name)) {
		if (strcmp(part->name, "col") == 0) {
			if (!open_element(s, "colgroup", -1, NULL))
				return false;
		} else if (!imply_part(s)) {
			return false;
		}
	}
	return true;
}

/* --- Old elements --- */

static bool inside(const struct sanitiser *s, const char *name)
{
	for (int i = 1; i < s->depth; i++)
		if (is(&s->stack[i], name))
			return true;
	return false;
}

static bool in_phrase(const struct sanitiser *s, const char *name)
{
	for (int i = 0; s->phrases && i < s->frame_count; i++)
		if (s->frames[i].kind == FRAME_PHRASE && strcmp(s->frames[i].name, name) == 0)
			return true;
	return false;
}

/* Elements that are nothing without an attribute, or not allowed in themselves. */
static bool phrase_is_good(const struct sanitiser *s, const xmlNode *node, const char *name)
{
	static const char *const needs[][2] = {
		{"a", "href"}, {"bdo", "dir"}, {"data", "value"}, {"time", "datetime"}};
	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
		if (strcmp(name, needs[i][0]) == 0 &&
		    !sanitise_has_attribute(node, name, needs[i][1]))
			return false;
	bool alone =
		strcmp(name, "a") == 0 || strcmp(name, "dfn") == 0 || strcmp(name, "ruby") == 0;
	return !(alone && in_phrase(s, name)) && s->phrases < MOST_REOPENED;
}

/* Decide what becomes of an element that can have children; opens it if it is a block. */
static enum frame_kind enter(struct sanitiser *s, const xmlNode *node, const char **name, int frame)
{
	const struct element *el = element_find(*name);
	if (!el)
		return FRAME_SKIP;
	if (el->flags & EL_PHRASING)
		return phrase_is_good(s, node, *name) ? FRAME_PHRASE : FRAME_SKIP;

	const struct part_rule *part = part_find(*name);
	if (part && strcmp(part->parents, "ruby") == 0 && in_phrase(s, "ruby"))
		open_phrasing(s);
	if (part) {
		if (make_room_for_part(s, part))
			return open_element(s, *name, frame, node) ? FRAME_BLOCK : FRAME_BREAK;
		if (!part->otherwise)
			return strcmp(part->parents, "ruby") == 0 ? FRAME_SKIP : FRAME_BREAK;
		*name = part->otherwise;
	}
	bool page_part = strcmp(*name, "header") == 0 || strcmp(*name, "footer") == 0;
	if (page_part && (inside(s, "header") || inside(s, "footer")))
		*name = "div";
	if (strcmp(*name, "table") == 0 && inside(s, "caption"))
		return FRAME_BREAK;
	if (!make_room(s, *name) || s->depth >= MOST_FRAMES)
		return FRAME_BREAK;
	return open_element(s, *name, frame, node) ? FRAME_BLOCK : FRAME_BREAK;
}

static void leave(struct sanitiser *s)
{
	if (s->too_deep) {
		s->too_deep--;
		s->line_break = true;
		return;
	}
	struct frame *f = &s->frames[s->frame_count - 1];
	switch (f->kind) {
	case FRAME_SKIP:
		break;
	case FRAME_BREAK:
		s->line_break = true;
		break;
	case FRAME_BLOCK:
		s->line_break = false;
		pop_to(s, f->base);
		break;
	case FRAME_PHRASE:
		if (f->at >= 0)
			pop_to(s, f->at);
		else if (!f->used)
			put_anchor(s, f->source);
		s->phrases--;
		break;
	}
	s->frame_count--;
}

/* Text that stands for an element: a check box, the label of a button. */
static void put_input(struct sanitiser *s, const xmlNode *node)
{
	const char *type = tree_get(node, "type"), *value = tree_get(node, "value");
	if (type && strcasecmp(type, "checkbox") == 0)
		put_text(s, tree_get(node, "checked") ? "☑" : "☐");
	else if (type && strcasecmp(type, "radio") == 0)
		put_text(s, tree_get(node, "checked") ? "◉" : "○");
	else if (value && !(type && rule_has_word("hidden password file color range", type))) {
		put_text(s, value);
		put_text(s, " ");
	}
}

/* A video, a frame: a link to it in its place. */
static void put_media_link(struct sanitiser *s, const xmlNode *node)
{
	static const char *const sources[] = {"src", "data", "data-src", NULL};
	const char *url = NULL;
	for (const char *const *a = sources; *a && !url; a++)
		url = tree_get(node, *a);
	for (const xmlNode *child = tree_first_element(node); child && !url;
	     child = tree_next_element(child))
		url = tree_is(child, "source") ? tree_get(child, "src") : NULL;

	struct buf href = BUF_INIT;
	s->links++;
	const char *title = tree_get(node, "title");
	title = title ? title : tree_get(node, "aria-label");
	if (url && url_put_clean(&href, url, strlen(url), URL_LINK) && open_phrasing(s)) {
		bool linked = in_phrase(s, "a");
		if (linked || open_element(s, "a", -1, NULL)) {
			if (!linked)
				tree_set(top(s)->node, "href", href.data);
			buf_puts(&s->text, title && *title ? title : href.data);
			if (!linked)
				pop(s);
		}
	} else if (title && *title) {
		put_text(s, title);
	}
	if (href.failed)
		tree_fail(top(s)->node);
	buf_release(&href);
}

static void put_image(struct sanitiser *s, const xmlNode *node)
{
	const char *alt = tree_get(node, "alt");
	if (sanitise_has_attribute(node, "img", "src"))
		put_void(s, node, "img");
	else if (alt)
		put_text(s, alt);
}

/* svg and math: as they are, cleaned, or as their text. */
static void put_foreign(struct sanitiser *s, xmlNode *node)
{
	if (sanitise_foreign(&s->ids, node) && open_phrasing(s)) {
		flush_text(s);
		tree_append(top(s)->node, node);
		return;
	}
	struct buf text = BUF_INIT;
	const char *alt = tree_get(node, "alttext");
	tree_put_text(&text, node);
	if (text.len || alt)
		put_text(s, text.len ? text.data : alt);
	if (text.failed)
		tree_fail(top(s)->node);
	buf_release(&text);
	tree_remove(node);
}

/* Process one old element. Returns whether its children are to be walked; if not, the element
 * is done with, and freed or moved. */
static bool process(struct sanitiser *s, xmlNode *node)
{
	s->seen++;
	const struct element_rule *rule = rule_find(tree_name(node));
	const char *name = rule && rule->becomes ? rule->becomes : tree_name(node);
	enum rule_action action = rule ? rule->action : RULE_KEEP;

	if (strcmp(name, "object") == 0 && tree_is_blank(node))
		action = RULE_MEDIA;
	if (strcmp(name, "svg") == 0 || strcmp(name, "math") == 0) {
		put_foreign(s, node);
		return false;
	}
	switch (action) {
	case RULE_DROP:
		tree_remove(node);
		return false;
	case RULE_INPUT:
		put_input(s, node);
		tree_remove(node);
		return false;
	case RULE_MEDIA:
		put_media_link(s, node);
		tree_remove(node);
		return false;
	case RULE_KEEP:
	case RULE_UNWRAP:
		break;
	}
	if (strcmp(name, "img") == 0) {
		put_image(s, node);
		tree_remove(node);
		return false;
	}
	const struct element *el = action == RULE_UNWRAP ? NULL : element_find(name);
	const struct part_rule *part = part_find(name);
	if (el && (el->flags & EL_VOID)) {
		if (el->flags & EL_PHRASING)
			put_void(s, node, name);
		else if ((part ? make_room_for_part(s, part) : make_room(s, name)) &&
			 open_element(s, name, -1, node))
			s->depth--;
		tree_remove(node);
		return false;
	}
	if (s->frame_count == MOST_FRAMES || s->too_deep) {
		s->too_deep++;
		s->line_break = true;
		return true;
	}
	struct frame *f = &s->frames[s->frame_count];
	*f = (struct frame){
		.source = node, .at = -1, .extra_class = rule ? rule->extra_class : NULL};
	f->kind = el ? enter(s, node, &name, s->frame_count) : FRAME_SKIP;
	f->base = f->at;
	f->name = name;
	if (f->kind == FRAME_PHRASE)
		s->phrases++;
	if (f->kind == FRAME_BREAK)
		s->line_break = true;
	if (f->kind == FRAME_SKIP || f->kind == FRAME_BREAK)
		put_anchor(s, node);
	s->frame_count++;
	return true;
}

void sanitise(xmlNode *root, struct diag *diag)
{
	if (!root)
		return;
	struct sanitiser s = {.text = BUF_INIT, .pending = BUF_INIT, .depth = 1};
	s.stack[0] = (struct open){root, &body_element, -1};
	id_map_init(&s.ids);

	xmlNode *old = tree_detached(root, "body");
	tree_move_children(root, old);
	for (xmlNode *node = tree_first(old); node;) {
		xmlNode *next = tree_next(node), *parent = tree_parent(node);
		if (tree_is_element(node)) {
			if (process(&s, node)) {
				xmlNode *child = tree_first(node);
				if (child) {
					node = child;
					continue;
				}
				leave(&s);
				tree_remove(node);
			}
		} else {
			if (tree_is_text(node))
				put_text(&s, tree_text_value(node));
			tree_remove(node);
		}
		while (!next && parent != old) {
			leave(&s);
			node = parent;
			next = tree_next(node);
			parent = tree_parent(node);
			tree_remove(node);
		}
		node = next;
	}
	flush_text(&s);
	pop_to(&s, 1);
	if (s.pending.len && tree_last(root))
		settle_pending_ids(&s, tree_last(root));
	id_map_resolve_links(&s.ids, root, true);
	if (s.links)
		diag_add(diag, DIAG_MARKUP_DROPPED, 0,
			 "%u videos, frames or the like cannot be in the book: links to them are",
			 s.links);
	if (s.ids.failed || s.pending.failed || s.text.failed || !old)
		tree_fail(root);
	if (old)
		tree_remove(old);
	buf_release(&s.text);
	buf_release(&s.pending);
	id_map_release(&s.ids);
}
