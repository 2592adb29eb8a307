#include "extract/structure/structure.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/buf.h"
#include "extract/page/phrases.h"
#include "extract/structure/note_bodies.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	MAX_CLIMB = 6,   /* from a place to the block that is the note */
	MAX_NODES = 400, /* of a note */
	MAX_LABEL = 12,  /* bytes */
	MAX_BACK = 400,  /* numbers between a reference and its note */
};

struct place {
	xmlNode *node;
	unsigned order;
};

/* A number without a link, which may refer to a note or stand at the head of one. */
struct number {
	xmlNode *node;
	unsigned long value;
	unsigned order;
	xmlNode *block; /* that it stands at the head of, or NULL */
};

struct finder {
	struct page *page;
	unsigned order;
	struct map places; /* id -> struct place */
	struct note_list notes;
	struct note_ref_list refs;
	struct {
		struct number *items;
		size_t count, cap;
	} numbers;
	struct {
		xmlNode **items;
		size_t count, cap;
	} lists, sidenotes; /* that may be notes */
};

/* --- What there is on the page --- */

/* The fragment of a link within the page, or NULL. */
static const char *own_fragment(const struct page *page, const char *href)
{
	const char *hash = href ? strchr(href, '#') : NULL;
	if (!hash || !hash[1])
		return NULL;
	size_t before = (size_t)(hash - href), len = page->url ? strcspn(page->url, "#") : 0;
	if (before == 0)
		return hash + 1;
	bool whole = before == len && strncmp(page->url, href, len) == 0;
	bool path = *href == '/' && href[1] != '/' && before <= len &&
		    strncmp(page->url + len - before, href, before) == 0;
	return whole || path ? hash + 1 : NULL;
}

static void add_place(struct finder *f, const char *id, xmlNode *node)
{
	if (!id || !*id || map_find(&f->places, id))
		return;
	struct place *place = arena_alloc(&f->page->arena, sizeof *place);
	char *key = arena_dup(&f->page->arena, id);
	if (!place || !key)
		return;
	*place = (struct place){node, f->order};
	map_set(&f->places, key, place);
}

/* Whether a text marks a place for a note: "1", "[12]", "*", "†", "[a]". */
static bool is_label(const char *text, bool raised)
{
	text += strspn(text, "[( ");
	size_t digits = strspn(text, "0123456789");
	if (digits && digits < 4)
		return !text[digits + strspn(text + digits, "]). ")];
	size_t len = strcspn(text, "]) ");
	if (text[len + strspn(text + len, "]) ")] || len == 0)
		return false;
	if (text[strspn(text, "*")] == '\0' || strncmp(text, "\xE2\x80\xA0", 3) == 0 ||
	    strncmp(text, "\xE2\x80\xA1", 3) == 0)
		return true;
	return raised && len <= 3;
}

static bool starts_like(const char *id, const char *const *names, size_t count)
{
	if (strncmp(id, "user-content-", 13) == 0)
		id += 13;
	id += *id == '_';
	for (size_t i = 0; i < count; i++)
		if (strncasecmp(id, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static bool id_is_of_note(const char *id)
{
	static const char *const names[] = {"fn",      "footnote", "ftn",        "easy-footnote",
					    "endnote", "en-",      "sdfootnote", "note"};
	return starts_like(id, names, sizeof names / sizeof *names);
}

static bool is_raised(const xmlNode *node)
{
	return page_is_inside(node, "sup", tree_parent(tree_parent(tree_parent(node))));
}

static void add_ref(struct finder *f, xmlNode *node, const char *id, const char *label)
{
	struct note_ref *ref = ARENA_PUSH(&f->page->arena, f->refs);
	if (ref)
		*ref = (struct note_ref){node, arena_dup(&f->page->arena, id),
					 arena_dup(&f->page->arena, label), 0, f->order};
}

/* A link that may refer to a note. */
static void inspect_link(struct finder *f, xmlNode *node)
{
	const char *fragment = own_fragment(f->page, tree_get(node, "href"));
	const char *href = tree_get(node, "href"), *id = tree_get(node, "id");
	struct buf text = BUF_INIT, target = BUF_INIT;
	if (fragment) {
		url_put_decoded(&target, fragment, strlen(fragment));
		if (*href != '#')
			tree_set(node, "href", arena_printf(&f->page->arena, "#%s", fragment));
	} else if (id && strstr(id, "ref") && (!href || *href == '#' || strchr(href, ':'))) {
		/* A script leads from "footnoteref-1" to "footnote-1". */
		const char *ref = strstr(id, "ref");
		buf_printf(&target, "%.*s%s", (int)(ref - id), id, ref + 3);
	}
	bool first = tree_is(tree_first_element(node), "sup") || is_raised(node);
	bool says = first || (names_of(f->page, node) & NAMED(NOTE)) || id_is_of_note(target.data);
	if (target.len && short_text(&text, node) && text.len <= MAX_LABEL &&
	    is_label(text.data, says) && (says || *text.data == '['))
		add_ref(f, node, target.data, text.data);
	if (text.failed || target.failed)
		tree_fail(node);
	buf_release(&text);
	buf_release(&target);
}

/* Where a link back stands is the note, when its id is nowhere: "…#_ftnref1" is in "_ftn1". */
static void inspect_way_back(struct finder *f, xmlNode *node)
{
	const char *href = tree_get(node, "href"), *hash = href ? strchr(href, '#') : NULL;
	const char *ref = hash ? strstr(hash, "ref") : NULL;
	if (!ref)
		return;
	struct buf id = BUF_INIT;
	buf_printf(&id, "%.*s%s", (int)(ref - hash - 1), hash + 1, ref + 3);
	add_place(f, id.data, node);
	if (id.failed)
		tree_fail(node);
	buf_release(&id);
}

static const xmlNode *element_before(const xmlNode *node)
{
	do
		node = tree_prev(node);
	while (node && !tree_is_element(node));
	return node;
}

/* The block that `node` is at the very beginning of, or NULL. */
static xmlNode *block_begun(xmlNode *node)
{
	for (int i = 0; i < 4 && node; i++) {
		const xmlNode *before = tree_prev(node);
		while (tree_is_space(before))
			before = tree_prev(before);
		if (before)
			return NULL;
		node = tree_parent(node);
		if (page_name_is_in(node, "p li div dd"))
			return node;
	}
	return NULL;
}

static void inspect_number(struct finder *f, xmlNode *node)
{
	struct buf text = BUF_INIT;
	if (short_text(&text, node) && is_label(text.data, false)) {
		unsigned long value = strtoul(text.data + strspn(text.data, "[( "), NULL, 10);
		xmlNode *block = block_begun(node);
		bool raised = tree_is(node, "sup");
		struct number *number =
			value && (raised || block) ? ARENA_PUSH(&f->page->arena, f->numbers) : NULL;
		if (number)
			*number = (struct number){node, value, f->order, block};
	}
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
}

/* Whether a list is one of notes by what its box is called, or by the heading over it. */
static bool is_note_list(struct finder *f, const xmlNode *list)
{
	if ((names_of(f->page, list) | names_of(f->page, tree_parent(list))) & NAMED(NOTE))
		return true;
	return tree_is(tree_parent(list), "aside") || heading_is_of_notes(element_before(list));
}

/* Whether a note stands in the text, beside the mark that opens it: by its name, or named as notes
 * are and right behind a raised number. */
static bool may_be_sidenote(struct finder *f, const xmlNode *node)
{
	name_set names = names_of(f->page, node);
	const xmlNode *before = tree_prev(node);
	while (before && (tree_is_space(before) || tree_is(before, "input")))
		before = tree_prev(before);
	return (names & NAMED(SIDENOTE)) ||
	       ((names & NAMED(NOTE)) && (tree_is(before, "sup") || tree_is(before, "label")));
}

static void inspect_node(struct finder *f, xmlNode *node)
{
	f->order++;
	tree_set_data(node, NULL);
	add_place(f, tree_get(node, "id"), node);
	if (tree_is(node, "a")) {
		add_place(f, tree_get(node, "name"), node);
		inspect_link(f, node);
		inspect_way_back(f, node);
	} else if (page_name_is_in(node, "sup strong b")) {
		if (!page_is_inside(tree_parent(node), "a", tree_parent(tree_parent(node))) &&
		    !tree_is(tree_first_element(node), "a"))
			inspect_number(f, node);
	} else if (tree_is(node, "ol") && is_note_list(f, node)) {
		xmlNode **list = ARENA_PUSH(&f->page->arena, f->lists);
		if (list)
			*list = node;
	} else if (page_name_is_in(node, "span small") && may_be_sidenote(f, node)) {
		xmlNode **note = ARENA_PUSH(&f->page->arena, f->sidenotes);
		if (note)
			*note = node;
	} else if (tree_is(node, "span") && tree_get(node, "data-definition")) {
		add_ref(f, node, tree_get(node, "data-definition"), "*");
	}
}

/* --- References and notes that belong together --- */

static bool notes_is_small(const xmlNode *block)
{
	int nodes = 0;
	for (const xmlNode *n = tree_walk(block, NULL); n; n = tree_walk(block, n))
		if (++nodes > MAX_NODES)
			return false;
	return true;
}

/* The block that holds the note that starts at `place`. */
static xmlNode *block_at(xmlNode *place)
{
	struct buf text = BUF_INIT;
	bool mark = !page_name_is_in(place, "li p aside") && short_text(&text, place) &&
		    text.len <= MAX_LABEL;
	if (text.failed)
		tree_fail(place);
	buf_release(&text);
	xmlNode *block = place;
	for (int i = 0; i < MAX_CLIMB && block; i++, block = tree_parent(block))
		if (page_name_is_in(block, "li p dd td aside div section") &&
		    !(mark && block == place))
			break;
	return block;
}

/* The note in `block`: the one known already, or a new one. 0 when there is none. */
static size_t note_of(struct finder *f, xmlNode *block, xmlNode *place, const struct note_ref *ref)
{
	size_t known = (size_t)tree_data(block);
	if (known) {
		struct note *note = &f->notes.items[known - 1];
		note->shared = note->shared || strcmp(note->id, ref->id) != 0;
		return known;
	}
	if (!page_name_is_in(block, "li p dd td aside div") || page_holds(block, ref->node) ||
	    !notes_is_small(block) || tree_is_blank(block) ||
	    page_is_inside(block, "h1 h2 h3 h4 h5 h6", NULL))
		return 0;
	struct note *note = ARENA_PUSH(&f->page->arena, f->notes);
	if (!note)
		return 0;
	*note = (struct note){.block = block, .place = place, .id = ref->id, .label = ref->label};
	name_set names = names_of(f->page, block) | names_of(f->page, tree_parent(block)) |
			 names_of(f->page, tree_parent(tree_parent(block)));
	bool is_note = (names & NAMED(NOTE)) || id_is_of_note(ref->id);
	note->plain = !is_note || (names & NAMED(REFERENCES)) || tree_is(block, "td");
	tree_set_data(block, (void *)f->notes.count);
	return f->notes.count;
}

static void pair_links(struct finder *f)
{
	for (size_t i = 0; i < f->refs.count; i++) {
		struct note_ref *ref = &f->refs.items[i];
		const struct place *place = ref->id ? map_find(&f->places, ref->id) : NULL;
		if (place && place->order > ref->order)
			ref->note = note_of(f, block_at(place->node), place->node, ref);
		if (ref->note)
			tree_set_data(ref->node, (void *)ref->note);
	}
}

/* A number in the text, and a block after it: a note that no link leads to. */
static bool pair_number(struct finder *f, const struct number *number, xmlNode *block, bool is_run)
{
	char label[24], id[40];
	if (tree_data(block) || page_holds(block, number->node))
		return false;
	snprintf(label, sizeof label, "%lu", number->value);
	snprintf(id, sizeof id, "note-%lu-%zu", number->value, f->refs.count);
	f->order = number->order;
	add_ref(f, number->node, id, label);
	struct note_ref *ref = f->refs.count ? &f->refs.items[f->refs.count - 1] : NULL;
	if (ref && ref->node == number->node && ref->id) {
		ref->note = note_of(f, block, block, ref);
		if (ref->note) {
			f->notes.items[ref->note - 1].plain = false;
			f->notes.items[ref->note - 1].run = is_run;
		}
	}
	return true;
}

/* Whether the block that this number is at the head of stands in a run of notes: a rule or a
 * heading parts it from the text, or the block of the number before it is in the run. */
static bool is_in_run(const struct finder *f, const struct number *head)
{
	const xmlNode *before = element_before(head->block);
	size_t note = head->value > 1 && head[-1].block ? (size_t)tree_data(head[-1].block) : 0;
	return tree_is(before, "hr") || heading_is_of_notes(before) ||
	       (note && f->notes.items[note - 1].run);
}

/* Blocks with a number at their head are notes to the same numbers raised in the text before them.
 */
static void pair_numbers(struct finder *f)
{
	for (size_t i = 1; i < f->numbers.count; i++) {
		const struct number *head = &f->numbers.items[i];
		bool is_run = head->block && is_in_run(f, head);
		if (!head->block || (!is_run && !tree_is(head->node, "sup")))
			continue;
		for (size_t k = i; k > 0 && i - k < MAX_BACK; k--) {
			const struct number *number = &f->numbers.items[k - 1];
			if (!number->block && number->value == head->value) {
				pair_number(f, number, head->block, is_run);
				break;
			}
		}
	}
}

/* The items of a list of notes, by their number. */
static void pair_list(struct finder *f, const xmlNode *list)
{
	const char *start = tree_get(list, "start");
	unsigned long value = start ? strtoul(start, NULL, 10) : 1;
	size_t k = 0;
	for (xmlNode *li = tree_first_element(list); li; li = tree_next_element(li), value++)
		for (size_t i = k; i < f->numbers.count && i - k < MAX_BACK; i++) {
			const struct number *number = &f->numbers.items[i];
			if (number->block || number->value != value)
				continue;
			if (pair_number(f, number, li, false))
				k = i + 1;
			break;
		}
}

/* What refers to a note beside the text: the label, number or link in front of it; NULL when
 * nothing does. */
static xmlNode *mark_before(const xmlNode *sidenote)
{
	xmlNode *mark = tree_prev(sidenote);
	while (mark && (tree_is(mark, "input") || tree_is_space(mark)))
		mark = tree_prev(mark);
	const char *text = tree_text_value(mark);
	if (*text && strspn(text, "0123456789") == strlen(text))
		return tree_wrap(mark, "sup");
	return page_name_is_in(mark, "label sup a") ? mark : NULL;
}

/* Whether it says more than a label, and is not in a note that links lead to. */
static bool is_sidenote(const xmlNode *node)
{
	struct buf text = BUF_INIT;
	bool is_short = short_text(&text, node) && is_label(text.data, true);
	if (text.failed)
		tree_fail(node);
	buf_release(&text);
	const xmlNode *up = tree_parent(node);
	for (int i = 0; i < MAX_CLIMB && up && !is_short; i++, up = tree_parent(up))
		if (page_name_is_in(up, "li p dd td aside div span small") && tree_data(up))
			return false;
	return !is_short && !tree_is_blank(node) &&
	       !page_is_inside(node, "h1 h2 h3 h4 h5 h6", NULL);
}

/* A note that stands in the text. One that a link in front of it leads to elsewhere is there twice.
 */
static void normalise_sidenote(struct finder *f, xmlNode *sidenote, size_t number)
{
	if (!is_sidenote(sidenote))
		return;
	xmlNode *mark = mark_before(sidenote), *link = tree_first_element(mark);
	if (tree_data(mark) || (tree_is(link, "a") && tree_data(link))) {
		tree_rename(sidenote, "template");
		return;
	}
	char label[24], id[40];
	struct buf text = BUF_INIT;
	snprintf(label, sizeof label, "%zu", number);
	snprintf(id, sizeof id, "sidenote-%zu", number);
	bool says = mark && short_text(&text, mark) && is_label(text.data, false);
	if (!says) {
		mark = tree_detached(sidenote, "sup");
		tree_text(mark, label, strlen(label));
		tree_insert_before(sidenote, mark);
	}
	if (!tree_is(mark, "a"))
		tree_rename(mark, "sup");
	add_ref(f, mark, id, says ? text.data : label);
	struct note_ref *ref = f->refs.count ? &f->refs.items[f->refs.count - 1] : NULL;
	struct note *note = ARENA_PUSH(&f->page->arena, f->notes);
	if (ref && ref->node == mark && ref->id && ref->label && note) {
		ref->note = f->notes.count;
		tree_set_data(sidenote, (void *)ref->note);
		*note = (struct note){sidenote, sidenote, ref->id, ref->label, NULL,
				      0,        false,    false,   false};
	}
	if (text.failed)
		tree_fail(sidenote);
	buf_release(&text);
}

void notes_resolve(struct page *page)
{
	struct finder f = {.page = page, .places = MAP_INIT};
	for (xmlNode *n = tree_walk(page->body, NULL); n; n = tree_walk(page->body, n))
		if (tree_is_element(n))
			inspect_node(&f, n);
	pair_links(&f);
	if (f.numbers.count) {
		pair_numbers(&f);
		for (size_t i = 0; i < f.lists.count; i++)
			pair_list(&f, f.lists.items[i]);
	}
	for (size_t i = 0; i < f.sidenotes.count; i++)
		normalise_sidenote(&f, f.sidenotes.items[i], i + 1);
	if (f.notes.count)
		notes_take(page, &f.notes, &f.refs);
	if (f.places.failed)
		page->arena.failed = true;
	map_release(&f.places);
}
