#include "extract/structure/note_bodies.h"

#include "article/tree.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "extract/page/passes.h"
#include "extract/structure/structure.h"

#include <string.h>

enum { MAX_SHELLS = 3 };

/* The first text below that is not blank. */
static xmlNode *first_text(const xmlNode *root)
{
	xmlNode *text = tree_walk(root, NULL);
	while (text && !(tree_is_text(text) && !tree_is_space(text)))
		text = tree_walk(root, text);
	return text;
}

static void trim_start(xmlNode *root)
{
	xmlNode *text = first_text(root);
	const char *s = tree_text_value(text);
	size_t len = strlen(s);
	if (!text)
		return;
	utf8_trim(&s, &len);
	tree_set_text(text, s, strlen(s));
}

/* What the text calls the note is at its head, too: "1.", "[1]", "^". It is removed. */
static void strip_label(xmlNode *aside, const char *label)
{
	xmlNode *text = first_text(aside);
	const char *s = tree_text_value(text);
	s += strspn(s, " \t\n\xC2\xA0[(");
	label += strspn(label, "[( ");
	size_t len = strcspn(label, "]). ");
	if (len == 0 || strncmp(s, label, len) != 0 || ascii_is_digit(s[len]))
		return;
	const char *after = s + len;
	after += strspn(after, "]).:");
	if (after > s + len || strchr(" \xC2", *after) ||
	    page_is_inside(text, "sup strong b", aside))
		tree_set_text(text, after, strlen(after));
}

/* A link back to a reference, or one that only leads back in the reader's history. */
static bool is_way_back(const struct map *ref_ids, const xmlNode *a)
{
	const char *href = tree_get(a, "href"), *hash = href ? strchr(href, '#') : NULL;
	const char *role = tree_get(a, "role");
	if (role && strcmp(role, "doc-backlink") == 0)
		return true;
	if (!hash || tree_get(a, "epub:type"))
		return false;
	struct buf text = BUF_INIT;
	bool mark = short_text(&text, a) && text.len <= 12;
	if (text.failed)
		tree_fail(a);
	buf_release(&text);
	return map_find(ref_ids, hash + 1) || (mark && (hash[1] == '\0' || strstr(hash, "ref")));
}

static void drop_ways_back(const struct map *ref_ids, xmlNode *aside)
{
	for (xmlNode *n = tree_walk(aside, NULL), *next; n; n = next) {
		if (tree_is(n, "a") && is_way_back(ref_ids, n)) {
			next = tree_walk_skip(aside, n);
			tree_remove(n);
		} else {
			next = tree_walk(aside, n);
		}
	}
}

/* Remove the heading of notes, or the rule, above notes that were removed. */
static void drop_head(xmlNode *before)
{
	while (before && !tree_is_element(before))
		before = tree_prev(before);
	if (heading_is_of_notes(before) || tree_is(before, "hr"))
		tree_remove(before);
}

/* What notes stood in, when nothing is left in it. */
static void drop_shells(const struct page *page, xmlNode *shell)
{
	for (int i = 0; i < MAX_SHELLS && shell && shell != page->body; i++) {
		if (shell == page->notes || tree_parent(shell) == page->notes)
			return;
		drop_head(tree_last(shell));
		drop_head(tree_last(shell));
		if (!tree_is_blank(shell))
			return;
		xmlNode *up = tree_parent(shell), *before = tree_prev(shell);
		tree_remove(shell);
		drop_head(before);
		shell = up;
	}
}

/* The paragraph that the note begins with: made, when its text stands in no paragraph. */
static xmlNode *first_paragraph(xmlNode *aside)
{
	xmlNode *n = tree_first(aside);
	while (tree_is_space(n))
		n = tree_next(n);
	while (tree_is(n, "div") && tree_first_element(n) == tree_first(n))
		n = tree_first(n);
	if (tree_is(n, "p"))
		return n;
	xmlNode *p = tree_detached(aside, "p"), *holder = n ? tree_parent(n) : aside;
	for (xmlNode *next; n && !page_name_is_in(n, "p div ul ol dl table pre blockquote figure");
	     n = next) {
		next = tree_next(n);
		tree_append(p, n);
	}
	if (tree_first(holder))
		tree_insert_before(tree_first(holder), p);
	else
		tree_append(holder, p);
	return p;
}

/* The note's number in front of it leads back to its first reference. */
static void put_way_back(xmlNode *aside, const struct note *note)
{
	struct buf href = BUF_INIT;
	xmlNode *p = first_paragraph(aside), *a = tree_detached(p, "a");
	buf_printf(&href, "#%s", note->back);
	tree_set(a, "role", "doc-backlink");
	tree_set(a, "href", href.data);
	tree_text(a, note->label, strlen(note->label));
	if (tree_first(p)) {
		tree_insert_before(tree_first(p), a);
		put_text_before(tree_next(a), " ");
	} else {
		tree_append(p, a);
	}
	if (href.failed)
		tree_fail(p);
	buf_release(&href);
}

/* The note's `aside`, out of the body. Of a run of notes what stands before `end`, the next note,
 * is in it. */
static void take_note(struct page *page, struct note *note, const xmlNode *end,
		      const struct map *ref_ids)
{
	xmlNode *aside = tree_element(page->notes, "aside"), *block = note->block;
	tree_set(aside, "epub:type", "footnote");
	tree_set(aside, "role", "doc-footnote");
	tree_set(aside, "id", note->id);
	if (tree_is(block, "p")) {
		xmlNode *more = tree_next(block);
		tree_append(aside, block);
		for (xmlNode *after; more && more != end; more = after) {
			after = tree_next(more);
			tree_append(aside, more);
		}
	} else {
		tree_move_children(block, aside);
		tree_remove(block);
	}
	drop_ways_back(ref_ids, aside);
	strip_label(aside, note->label);
	trim_start(aside);
	put_way_back(aside, note);
	page_note(page, "footnote", aside, "%s", note->label);
}

/* The link of a reference; another element is made a link. */
static xmlNode *note_bodies_link_of(const struct note_ref *ref)
{
	if (tree_is(ref->node, "a"))
		return ref->node;
	xmlNode *a = tree_first_element(ref->node);
	if (tree_is(a, "a"))
		return a;
	a = tree_detached(ref->node, "a");
	tree_move_children(ref->node, a);
	tree_append(ref->node, a);
	return a;
}

static void resolve_reference(struct page *page, const struct note_ref *ref, struct note *note,
			      struct map *ref_ids)
{
	xmlNode *a = note_bodies_link_of(ref), *up = tree_parent(a);
	const char *id = tree_get(a, "id");
	if (!id && page_name_is_in(up, "sup span") && tree_get(up, "id"))
		id = tree_get(up, "id");
	if (!id) {
		id = arena_printf(&page->arena, "ref-%s-%u", note->id, note->refs);
		tree_set(a, "id", id);
	}
	id = arena_dup(&page->arena, id);
	note->back = note->back ? note->back : id;
	note->refs++;
	tree_set(a, "epub:type", "noteref");
	tree_set(a, "role", "doc-noteref");
	const char *href = arena_printf(&page->arena, "#%s", note->id);
	tree_set(a, "href", href);
	if (id)
		map_set(ref_ids, id, (void *)id);
}

/* A note that is kept where it is, in case the article is found elsewhere. */
static void mark_plain(const struct note *note)
{
	tree_set(note->block, "data-note", note->id);
	if (!tree_get(note->place, "id") && !tree_get(note->place, "name"))
		tree_set(note->place, "id", note->id);
}

void notes_take(struct page *page, struct note_list *notes, const struct note_ref_list *refs)
{
	struct map ref_ids = MAP_INIT;
	page->notes = tree_element(page->html, "div");
	for (size_t i = 0; i < refs->count; i++) {
		struct note *note =
			refs->items[i].note ? &notes->items[refs->items[i].note - 1] : NULL;
		if (note && !note->plain && !note->shared)
			resolve_reference(page, &refs->items[i], note, &ref_ids);
	}
	for (size_t i = 0; i < notes->count; i++) {
		struct note *note = &notes->items[i];
		tree_set_data(note->block, NULL);
		if (note->back)
			tree_set(note->place, "id", NULL);
		else
			mark_plain(note);
	}
	xmlNode *shell = NULL;
	for (size_t i = 0; i < notes->count; i++) {
		struct note *note = &notes->items[i];
		if (!note->back)
			continue;
		xmlNode *up = tree_parent(note->block);
		if (shell && shell != up)
			drop_shells(page, shell);
		drop_head(up == shell ? NULL : tree_prev(note->block));
		shell = up;
		const struct note *next = i + 1 < notes->count ? note + 1 : NULL;
		bool goes_on = next && note->run && next->run && tree_parent(next->block) == up;
		take_note(page, note, goes_on ? next->block : tree_next(note->block), &ref_ids);
	}
	drop_shells(page, shell);
	if (ref_ids.failed)
		page->arena.failed = true;
	map_release(&ref_ids);
}

/* --- After the article was found --- */

static void map_notes(struct map *map, const xmlNode *root, const char *attribute)
{
	for (xmlNode *n = tree_walk(root, NULL); n; n = tree_walk(root, n)) {
		const char *id = tree_get(n, attribute);
		if (id)
			map_set(map, id, n);
	}
}

/* A note that stood outside of the article comes to its end. */
static void bring_plain(struct page *page, xmlNode *note)
{
	if (tree_is(note, "li")) {
		xmlNode *list = tree_last(page->content);
		if (!tree_has_class(list, "references")) {
			list = tree_element(page->content, "ol");
			tree_set(list, "class", "references");
		}
		tree_append(list, note);
	} else if (!page_name_is_in(note, "td dd")) {
		tree_append(page->content, note);
	}
}

void notes_bring(struct page *page)
{
	if (!page->notes)
		return;
	struct map waiting = MAP_INIT, outside = MAP_INIT, inside = MAP_INIT;
	map_notes(&waiting, page->notes, "id");
	map_notes(&outside, page->body, "data-note");
	map_notes(&inside, page->content, "data-note");
	for (xmlNode *n = tree_find(page->content, NULL, "a"); n;
	     n = tree_find(page->content, n, "a")) {
		const char *href = tree_get(n, "href");
		if (!href || *href != '#')
			continue;
		xmlNode *note = map_find(&waiting, href + 1);
		if (note && tree_parent(note) == page->notes) {
			tree_append(page->content, note);
			continue;
		}
		note = map_find(&outside, href + 1);
		if (note && !map_find(&inside, href + 1)) {
			bring_plain(page, note);
			map_set(&inside, tree_get(note, "data-note"), note);
		}
	}
	if (waiting.failed || outside.failed || inside.failed)
		page->arena.failed = true;
	map_release(&waiting);
	map_release(&outside);
	map_release(&inside);
}
