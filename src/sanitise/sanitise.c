/* The sanitiser builds a new tree from the old one, as an HTML parser builds its tree from tags:
 * it walks the old elements in document order and keeps a stack of the new ones that are open.
 * What comes next is put where the content model allows it: parents that are missing are
 * implied, parents that cannot take it are closed. Phrasing elements (b, a, span, …) are opened
 * only when there is text to stand in them, and again after a block interrupted them:
 *   <b>one<p>two</p></b>  becomes  <p><b>one</b></p><p><b>two</b></p>.
 * Elements that no rule knows give way to their children. Old nodes are freed as they are left,
 * and nothing is inspected twice: linear time, one and a bit trees of memory. */
#include "sanitise/sanitise.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/plural.h"
#include "base/word_list.h"
#include "sanitise/parts.h"
#include "sanitise/rules.h"

#include <string.h>
#include <strings.h>

static const struct element body_element = {"body", EL_FLOW | EL_HOLDS_FLOW, ""};

/* --- Old elements --- */

static bool inside(const struct sanitiser *s, const char *name)
{
	for (int i = 1; i < s->depth; i++)
		if (strcmp(s->stack[i].el->name, name) == 0)
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
	return !(alone && in_phrase(s, name)) && s->phrases < MAX_REOPENED;
}

/* Decide what becomes of an element that can have children; opens it if it is a block. */
static enum frame_kind sanitise_enter(struct sanitiser *s, const xmlNode *node, const char **name,
				      int frame)
{
	const struct element *el = element_find(*name);
	if (!el)
		return FRAME_SKIP;
	if (el->flags & EL_PHRASING)
		return phrase_is_good(s, node, *name) ? FRAME_PHRASE : FRAME_SKIP;

	const struct part_rule *part = part_find(*name);
	if (part && strcmp(part->parents, "ruby") == 0 && in_phrase(s, "ruby"))
		out_open_phrasing(s);
	if (part) {
		if (out_make_room_for_part(s, part))
			return out_open(s, *name, frame, node) ? FRAME_BLOCK : FRAME_BREAK;
		if (!part->otherwise)
			return strcmp(part->parents, "ruby") == 0 ? FRAME_SKIP : FRAME_BREAK;
		*name = part->otherwise;
	}
	bool page_part = strcmp(*name, "header") == 0 || strcmp(*name, "footer") == 0;
	if (page_part && (inside(s, "header") || inside(s, "footer")))
		*name = "div";
	if (strcmp(*name, "table") == 0 && inside(s, "caption"))
		return FRAME_BREAK;
	if (!out_make_room(s, *name) || s->depth >= MAX_FRAMES)
		return FRAME_BREAK;
	return out_open(s, *name, frame, node) ? FRAME_BLOCK : FRAME_BREAK;
}

static void sanitise_leave(struct sanitiser *s)
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
		out_pop_to(s, f->base);
		break;
	case FRAME_PHRASE:
		if (f->at >= 0)
			out_pop_to(s, f->at);
		else if (!f->used)
			out_anchor(s, f->source);
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
		out_text(s, tree_get(node, "checked") ? "☑" : "☐");
	else if (type && strcasecmp(type, "radio") == 0)
		out_text(s, tree_get(node, "checked") ? "◉" : "○");
	else if (value && !(type && word_list_has("hidden password file color range", type))) {
		out_text(s, value);
		out_text(s, " ");
	}
}

static const char *media_address(const xmlNode *node)
{
	static const char *const sources[] = {"src", "data", "data-src"};
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
		if (tree_get(node, sources[i]))
			return tree_get(node, sources[i]);
	for (const xmlNode *child = tree_first_element(node); child;
	     child = tree_next_element(child))
		if (tree_is(child, "source") && tree_get(child, "src"))
			return tree_get(child, "src");
	return NULL;
}

static void put_image(struct sanitiser *s, const xmlNode *node)
{
	const char *alt = tree_get(node, "alt");
	if (sanitise_has_attribute(node, "img", "src"))
		out_void(s, node, "img");
	else if (alt)
		out_text(s, alt);
}

/* Whether an `embed` or `object` is a picture, by its type or the name of its file. */
static bool sanitise_is_picture(const xmlNode *node)
{
	static const char *const endings[] = {".png", ".jpg",  ".jpeg", ".gif",
					      ".svg", ".webp", ".avif"};
	const char *url = media_address(node), *type = tree_get(node, "type");
	size_t len = url ? strcspn(url, "?#") : 0;
	if (!url || !(tree_is(node, "embed") || tree_is(node, "object")))
		return false;
	if (type)
		return strncasecmp(type, "image/", 6) == 0;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t n = strlen(endings[i]);
		if (len > n && strncasecmp(url + len - n, endings[i], n) == 0)
			return true;
	}
	return false;
}

static void put_embedded_picture(struct sanitiser *s, xmlNode *node)
{
	struct buf alt = BUF_INIT;
	xmlNode *img = tree_detached(node, "img");
	tree_put_text(&alt, node);
	tree_set(img, "src", media_address(node));
	tree_set(img, "alt", alt.len ? alt.data : tree_get(node, "title"));
	put_image(s, img);
	tree_remove(img);
	if (alt.failed)
		tree_fail(out_top(s)->node);
	buf_release(&alt);
}

/* A video, a frame: a link to it in its place. */
static void put_media_link(struct sanitiser *s, const xmlNode *node)
{
	const char *url = media_address(node);
	struct buf href = BUF_INIT, absolute = BUF_INIT;
	if (url &&
	    strncmp(url, "//", 2) == 0) { /* of the web, also where the page's address is unknown */
		buf_printf(&absolute, "https:%s", url);
		url = absolute.data;
	}
	size_t js = url && tree_is(node, "script") ? strcspn(url, "?#") : 0;
	if (js > 3 && memcmp(url + js - 3, ".js", 3) == 0) { /* the page that the script shows */
		struct buf page = BUF_INIT;
		buf_append(&page, url, js - 3);
		buf_release(&absolute);
		absolute = page;
		url = absolute.data;
	}
	s->links++;
	const char *title = tree_get(node, "title");
	title = title ? title : tree_get(node, "aria-label");
	if (url && url_put_clean(&href, url, strlen(url), URL_LINK) && out_open_phrasing(s)) {
		bool linked = in_phrase(s, "a");
		if (linked || out_open(s, "a", -1, NULL)) {
			if (!linked)
				tree_set(out_top(s)->node, "href", href.data);
			buf_puts(&s->text, title && *title ? title : href.data);
			if (!linked)
				out_pop(s);
		}
	} else if (title && *title) {
		out_text(s, title);
	}
	if (href.failed || absolute.failed)
		tree_fail(out_top(s)->node);
	buf_release(&href);
	buf_release(&absolute);
}

/* svg and math: as they are, cleaned, or as their text. */
static void put_foreign(struct sanitiser *s, xmlNode *node)
{
	if (sanitise_foreign(&s->ids, node) && out_open_phrasing(s)) {
		out_flush(s);
		tree_append(out_top(s)->node, node);
		return;
	}
	struct buf text = BUF_INIT;
	const char *alt = tree_get(node, "alttext");
	tree_put_text(&text, node);
	if (text.len || alt)
		out_text(s, alt ? alt : text.data);
	if (text.failed)
		tree_fail(out_top(s)->node);
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

	bool object = strcmp(name, "object") == 0;
	if (sanitise_is_picture(node)) {
		put_embedded_picture(s, node);
		tree_remove(node);
		return false;
	}
	if (object && tree_is_blank(node))
		action = RULE_MEDIA;
	if (strcmp(name, "script") == 0 && tree_get(node, "src"))
		action = RULE_MEDIA; /* readers keep those that show something */
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
	if (strcmp(name, "ruby") == 0)
		sanitise_pair_ruby(node);
	const struct element *el = action == RULE_UNWRAP ? NULL : element_find(name);
	const struct part_rule *part = part_find(name);
	if (el && (el->flags & EL_VOID)) {
		if (el->flags & EL_PHRASING)
			out_void(s, node, name);
		else if ((part ? out_make_room_for_part(s, part) : out_make_room(s, name)) &&
			 out_open(s, name, -1, node))
			s->depth--;
		tree_remove(node);
		return false;
	}
	if (s->frame_count == MAX_FRAMES || s->too_deep) {
		s->too_deep++;
		s->line_break = true;
		return true;
	}
	struct frame *f = &s->frames[s->frame_count];
	*f = (struct frame){
		.source = node, .at = -1, .extra_class = rule ? rule->extra_class : NULL};
	f->kind = el ? sanitise_enter(s, node, &name, s->frame_count) : FRAME_SKIP;
	f->base = f->at;
	f->name = name;
	if (f->kind == FRAME_PHRASE)
		s->phrases++;
	if (f->kind == FRAME_BREAK)
		s->line_break = true;
	if (f->kind == FRAME_SKIP || f->kind == FRAME_BREAK)
		out_anchor(s, node);
	s->frame_count++;
	return true;
}

/* --- Notes --- */

static bool has_value(const xmlNode *node, const char *attr, const char *value)
{
	const char *found = tree_get(node, attr);
	return found && strcmp(found, value) == 0;
}

static void drop_note(xmlNode *node)
{
	tree_set(node, "epub:type", NULL);
	tree_set(node, "role", NULL);
}

/* A note has an id and a way back, and a reference leads to a note: others are plain asides and
 * links. */
static void sanitise_place_notes(xmlNode *root)
{
	struct map notes = MAP_INIT;
	const xmlNode *back = NULL;
	for (xmlNode *n = tree_find(root, NULL, "aside"); n; n = tree_find(root, n, "aside")) {
		if (!has_value(n, "epub:type", "footnote") && !has_value(n, "role", "doc-footnote"))
			continue;
		for (back = tree_find(n, NULL, "a"); back; back = tree_find(n, back, "a"))
			if (has_value(back, "role", "doc-backlink") && tree_get(back, "href"))
				break;
		if (back && tree_get(n, "id"))
			map_set(&notes, tree_get(n, "id"), n);
		else
			drop_note(n);
	}
	for (xmlNode *n = tree_find(root, NULL, "a"); n; n = tree_find(root, n, "a")) {
		const char *href = tree_get(n, "href");
		if ((has_value(n, "epub:type", "noteref") || has_value(n, "role", "doc-noteref")) &&
		    !(href && *href == '#' && map_find(&notes, href + 1)))
			drop_note(n);
	}
	if (notes.failed)
		tree_fail(root);
	map_release(&notes);
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
				sanitise_leave(&s);
				tree_remove(node);
			}
		} else {
			if (tree_is_text(node))
				out_text(&s, tree_text_value(node));
			tree_remove(node);
		}
		while (!next && parent != old) {
			sanitise_leave(&s);
			node = parent;
			next = tree_next(node);
			parent = tree_parent(node);
			tree_remove(node);
		}
		node = next;
	}
	out_flush(&s);
	out_pop_to(&s, 1);
	if (s.pending.len && tree_last(root))
		out_resolve_ids(&s, tree_last(root));
	id_map_resolve_links(&s.ids, root, true);
	sanitise_place_notes(root);
	if (s.links)
		diag_add(diag, DIAG_MARKUP_DROPPED, 0,
			 "%u %s replaced by a link: a book cannot contain videos, audio or frames",
			 s.links, plural(s.links, "element was", "elements were"));
	if (s.ids.failed || s.pending.failed || s.text.failed || !old)
		tree_fail(root);
	if (old)
		tree_remove(old);
	buf_release(&s.text);
	buf_release(&s.pending);
	id_map_release(&s.ids);
}
