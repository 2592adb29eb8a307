/* The new tree: where what comes next is put. */
#include "sanitise/parts.h"

#include "article/tree.h"
#include "base/word_list.h"
#include "sanitise/rules.h"

#include <string.h>

struct open *out_top(struct sanitiser *s)
{
	return &s->stack[s->depth - 1];
}

static bool is(const struct open *open, const char *name)
{
	return strcmp(open->el->name, name) == 0;
}

void out_flush(struct sanitiser *s)
{
	if (s->text.failed)
		tree_fail(out_top(s)->node);
	if (s->text.len)
		tree_text(out_top(s)->node, s->text.data, s->text.len);
	buf_truncate(&s->text, 0);
}

/* Ids of elements that went lead to the one just opened. */
void out_resolve_ids(struct sanitiser *s, xmlNode *node)
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

void out_pop(struct sanitiser *s)
{
	out_flush(s);
	struct open open = s->stack[--s->depth];
	if (open.frame >= 0) {
		s->frames[open.frame].at = -1;
		s->phrases_open -= s->frames[open.frame].kind == FRAME_PHRASE;
	}
	sanitise_mend(open.node);
}

void out_pop_to(struct sanitiser *s, int depth)
{
	while (s->depth > depth && s->depth > 1)
		out_pop(s);
}

static bool out_push(struct sanitiser *s, xmlNode *node, const char *name, int frame)
{
	if (!node || s->depth >= MAX_OPEN)
		return false;
	s->stack[s->depth++] = (struct open){node, element_find(name), frame};
	return true;
}

/* Open an element in the one on top, with what is allowed of the attributes of `source` (NULL:
 * it is implied). `frame` is its owner, or -1. */
bool out_open(struct sanitiser *s, const char *name, int frame, const xmlNode *source)
{
	out_flush(s);
	if (s->depth >= MAX_OPEN)
		return false;
	xmlNode *node = tree_element(out_top(s)->node, name);
	if (!out_push(s, node, name, frame))
		return false;
	struct frame *f = frame >= 0 ? &s->frames[frame] : NULL;
	if (source)
		sanitise_attributes(f && f->used ? NULL : &s->ids, source, node, out_top(s)->el,
				    f ? f->extra_class : NULL);
	if (f) {
		f->used = true;
		f->at = s->depth - 1;
		s->phrases_open += f->kind == FRAME_PHRASE;
	}
	if (s->pending.len)
		out_resolve_ids(s, node);
	return true;
}

/* Bare text in these stands in a paragraph. */
static bool wants_paragraphs(const struct element *el)
{
	return word_list_has("body section article blockquote aside nav header footer", el->name);
}

/* Open again the last child of the element on top if it is a `name`. */
static bool reopen_last(struct sanitiser *s, const char *name)
{
	xmlNode *last = tree_last(out_top(s)->node);
	return tree_is(last, name) && out_push(s, last, name, -1);
}

/* Make the element on top one that takes text or blocks, where it takes certain parts only. */
static bool imply_part(struct sanitiser *s)
{
	const struct open *open = out_top(s);
	if (is(open, "ul") || is(open, "ol"))
		return out_open(s, "li", -1, NULL);
	if (is(open, "dl"))
		return out_open(s, "dd", -1, NULL);
	if (is(open, "table"))
		return reopen_last(s, "tbody") || out_open(s, "tbody", -1, NULL);
	if (is(open, "tr"))
		return out_open(s, "td", -1, NULL);
	if (is(open, "thead") || is(open, "tbody") || is(open, "tfoot"))
		return out_open(s, "tr", -1, NULL);
	out_pop(s); /* colgroup */
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
		out_pop_to(s, line);
	} else if (s->stack[line].el->flags & EL_PRE) {
		if (has_content(s) && !(s->text.len && s->text.data[s->text.len - 1] == '\n'))
			buf_putc(&s->text, '\n');
	} else if (has_content(s) && !(s->stack[line].el->flags & EL_HOLDS_ONLY)) {
		out_flush(s);
		if (!tree_is(tree_last(out_top(s)->node), "br") &&
		    strcmp(tree_name(tree_last(out_top(s)->node)), "p") != 0)
			tree_element(out_top(s)->node, "br");
	}
}

/* Make the element on top one that takes text, with the phrasing around it open. */
bool out_open_phrasing(struct sanitiser *s)
{
	if (s->line_break)
		put_line_break(s);
	while (out_top(s)->el->flags & EL_HOLDS_ONLY)
		if (!imply_part(s))
			return false;
	if (wants_paragraphs(out_top(s)->el) && !out_open(s, "p", -1, NULL))
		return false;
	for (int i = 0; i < s->frame_count && s->phrases_open < s->phrases; i++) {
		const struct frame *f = &s->frames[i];
		if (f->kind != FRAME_PHRASE || f->at >= 0)
			continue;
		/* A thousand paragraphs in ten spans must not become ten thousand spans. */
		if (f->used && s->reopened++ > 1000 + 2 * s->seen)
			continue;
		if (!out_open(s, f->name, i, f->source))
			return false;
	}
	return true;
}

void out_text(struct sanitiser *s, const char *text)
{
	size_t len = strlen(text);
	if (text[strspn(text, " \t\n\r\f")] == '\0') {
		/* White space counts between words, not between blocks. */
		const struct open *open = out_top(s);
		const struct element *last = element_find(tree_name(tree_last(open->node)));
		bool blocks = open->el->flags & (EL_HOLDS_FLOW | EL_HOLDS_ONLY);
		if (s->text.len || !blocks ||
		    (!(open->el->flags & EL_HOLDS_ONLY) && last && (last->flags & EL_PHRASING)))
			buf_append(&s->text, text, len);
		return;
	}
	if (out_open_phrasing(s))
		buf_append(&s->text, text, len);
	else
		tree_fail(out_top(s)->node);
}

void out_void(struct sanitiser *s, const xmlNode *source, const char *name)
{
	if (strcmp(name, "br") == 0 && wants_paragraphs(out_top(s)->el))
		return; /* between paragraphs */
	if (out_open_phrasing(s) && out_open(s, name, -1, source))
		s->depth--;
}

/* A place with a name: the id of an element of which nothing else is kept. */
void out_anchor(struct sanitiser *s, const xmlNode *source)
{
	const char *id = tree_get(source, "id");
	if (!id && tree_is(source, "a"))
		id = tree_get(source, "name");
	if (!id || !*id)
		return;
	bool flow = out_top(s)->el->flags & EL_HOLDS_ONLY || wants_paragraphs(out_top(s)->el);
	if (flow || id_map_find(&s->ids, id)) {
		buf_append(&s->pending, id, strlen(id) + 1);
		return;
	}
	buf_append(&s->pending, id, strlen(id) + 1);
	if (out_open(s, "span", -1, NULL))
		s->depth--;
}

/* --- Blocks --- */

/* Blocks with text that may as well stand in a heading or a summary. */
static bool is_soft(const char *name)
{
	return word_list_has(
		"div p section article header footer aside nav hr figure h1 h2 h3 h4 h5 h6 details",
		name);
}

/* Make the element on top one that takes the block `name`. False: nothing does, its text is to
 * stand where we are. */
bool out_make_room(struct sanitiser *s, const char *name)
{
	for (;;) {
		int line = s->depth - 1;
		while (line > 0 && (s->stack[line].el->flags & EL_PHRASING))
			line--;
		const struct open *open = &s->stack[line];
		if (is(open, "rt") || is(open, "rp"))
			return false;
		if (is(open, "p")) {
			out_pop_to(s, line);
		} else if (open->el->flags & EL_HOLDS_PHRASING) {
			if (is_soft(name) || is(open, "summary"))
				return false;
			out_pop_to(s, line);
		} else {
			out_pop_to(s, line + 1);
			if (!(out_top(s)->el->flags & EL_HOLDS_ONLY))
				return true;
			bool list = strcmp(name, "ul") == 0 || strcmp(name, "ol") == 0;
			if (list && (is(out_top(s), "ul") || is(out_top(s), "ol")) &&
			    reopen_last(s, "li"))
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
		if (word_list_has(part->parents, el->name))
			return i;
		if (!(el->flags & EL_PHRASING) && !word_list_has(part->through, el->name))
			return 0;
	}
	return 0;
}

/* Make the element on top the parent that a part needs. */
bool out_make_room_for_part(struct sanitiser *s, const struct part_rule *part)
{
	int parent = find_parent(s, part);
	if (parent) {
		out_pop_to(s, parent + 1);
	} else if (part->fallback) {
		if (!out_make_room(s, part->fallback) || !out_open(s, part->fallback, -1, NULL))
			return false;
	} else {
		return false;
	}
	/* A row may stand in the table itself, a cell in the table or its body: fill in between. */
	while (!word_list_has(part->direct, out_top(s)->el->name)) {
		if (strcmp(part->name, "col") == 0) {
			if (!out_open(s, "colgroup", -1, NULL))
				return false;
		} else if (!imply_part(s)) {
			return false;
		}
	}
	return true;
}
