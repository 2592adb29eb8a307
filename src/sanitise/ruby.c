/* Ruby: bases and annotations in the one form that reading systems show, each base before its
 * annotation: <ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>. HTML Living Standard, section 4.5.10;
 * `rb` and `rtc` after HTML Ruby Markup Extensions (W3C). */
#include "sanitise/parts.h"

#include "article/tree.h"

#include <string.h>

/* --- Before: from a run of bases and a run of annotations to pairs --- */

static bool is_note(const xmlNode *node)
{
	return tree_is(node, "rt") || tree_is(node, "rtc") || tree_is(node, "rp");
}

static bool has_text(const xmlNode *node)
{
	return (tree_is_element(node) && !tree_is_blank(node)) ||
	       (tree_is_text(node) && !tree_is_space(node));
}

/* The annotations of an `rtc` take its place; text of its own is one annotation. */
static void open_container(xmlNode *rtc)
{
	bool bare = false;
	for (const xmlNode *n = tree_first(rtc); n; n = tree_next(n))
		bare |= !is_note(n) && has_text(n);
	if (bare)
		tree_rename(rtc, "rt");
	else
		tree_unwrap(rtc);
}

/* A second annotation of the same bases, as "(text)" behind the whole: few reading systems show one
 * above and one below. */
static void move_behind(xmlNode *ruby, xmlNode *rtc)
{
	struct buf text = BUF_INIT;
	buf_puts(&text, " (");
	tree_put_text(&text, rtc);
	buf_putc(&text, ')');
	if (!tree_is_blank(rtc))
		tree_text(ruby, text.data, text.len);
	if (text.failed)
		tree_fail(ruby);
	tree_remove(rtc);
	buf_release(&text);
}

/* From `base`, the first of a run of bases, and `note`, the first of the annotations behind it, to
 * pairs. `end` is the next base. */
static void ruby_pair(xmlNode *base, xmlNode *note, const xmlNode *end)
{
	size_t bases = 0, notes = 0;
	for (const xmlNode *n = base; n != note; n = tree_next(n)) {
		if (!tree_is(n, "rb") && has_text(n))
			return; /* which part of it an annotation is for is unknown */
		bases += tree_is(n, "rb");
	}
	for (const xmlNode *n = note; n != end; n = tree_next(n))
		notes += tree_is(n, "rt");
	if (bases < 2 || notes < 2)
		return; /* one annotation is for all the bases before it */
	for (xmlNode *n = note, *next; n != end; n = next) {
		next = tree_next(n);
		if (!tree_is(n, "rt")) {
			if (tree_is(n, "rp"))
				tree_remove(n);
			continue;
		}
		while (!tree_is(base, "rb"))
			base = tree_next(base);
		if (--bases == 0) { /* the last base has this annotation and all that follow */
			for (; next != end; n = next) {
				next = tree_next(n);
				if (tree_is(n, "rp"))
					tree_remove(n);
			}
			return;
		}
		xmlNode *following = tree_next(base);
		tree_insert_after(base, n);
		base = following;
	}
}

void sanitise_pair_ruby(xmlNode *ruby)
{
	bool annotated = false; /* the bases just before */
	for (xmlNode *n = tree_first(ruby), *next; n; n = next) {
		next = tree_next(n);
		if (tree_is(n, "ruby")) { /* its own annotations come first */
			annotated = true;
			continue;
		}
		if (tree_is(n, "rbc")) {
			next = tree_first(n) ? tree_first(n) : next;
			tree_unwrap(n);
			continue;
		}
		if (!is_note(n)) {
			annotated &= !has_text(n);
			continue;
		}
		bool second = tree_is(n, "rtc") || tree_is(tree_prev(n), "ruby");
		if (second && annotated && !tree_is(n, "rp"))
			move_behind(ruby, n);
		else if (tree_is(n, "rtc"))
			open_container(n);
		annotated = true;
	}
	for (xmlNode *base = tree_first(ruby), *note, *end; base; base = end) {
		for (note = base; note && !is_note(note);)
			note = tree_next(note);
		for (end = note; end && (is_note(end) || !has_text(end));)
			end = tree_next(end);
		ruby_pair(base, note, end);
	}
}

/* --- After: parentheses in pairs, no base without annotation at the end --- */

static bool is_annotation(const xmlNode *node)
{
	return tree_is(node, "rt") || tree_is(node, "rp");
}

/* A run of rt and rp from `first` up to `end`: rp in pairs around each rt, or none. */
static void mend_annotations(xmlNode *first, const xmlNode *end)
{
	size_t rts = 0, rps = 0, i = 0;
	bool paired = true;
	for (const xmlNode *n = first; n != end; n = tree_next(n), i++) {
		rts += tree_is(n, "rt");
		rps += tree_is(n, "rp");
		paired &= tree_is(n, i % 2 ? "rt" : "rp");
	}
	if (rps == 0 || (paired && rts > 0 && rps == rts + 1))
		return;
	for (xmlNode *n = first, *next; n != end; n = next) {
		next = tree_next(n);
		if (tree_is(n, "rp"))
			tree_remove(n);
	}
}

/* What rp is for: a bracket around the annotation where ruby is not shown. */
static bool is_parenthesis(const xmlNode *rp)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	const xmlNode *child = tree_first(rp);
	const char *text = tree_text_value(child);
	return !child || (child == tree_last(rp) && tree_is_text(child) && strlen(text) <= 8 &&
			  strcspn(text, letters) == strlen(text));
}

void sanitise_mend_ruby(xmlNode *ruby)
{
	xmlNode *last_rt = NULL;
	for (xmlNode *child = tree_first(ruby), *next; child; child = next) {
		next = tree_next(child);
		if (tree_is_space(child))
			tree_remove(child);
		else if (tree_is(child, "rp") && !is_parenthesis(child))
			tree_unwrap(child);
	}
	for (xmlNode *child = tree_first(ruby), *next; child; child = next) {
		next = tree_next(child);
		if (!is_annotation(child))
			continue;
		xmlNode *end = child;
		while (is_annotation(end)) {
			if (tree_is(end, "rt"))
				last_rt = end;
			end = tree_next(end);
		}
		mend_annotations(child, end);
		next = end;
	}
	if (!last_rt) {
		tree_unwrap(ruby);
		return;
	}
	/* A base without annotation may not end it: it stands behind. */
	xmlNode *tail = tree_next(last_rt);
	if (tree_is(tail, "rp"))
		tail = tree_next(tail);
	for (xmlNode *place = ruby, *next; tail; tail = next) {
		next = tree_next(tail);
		tree_insert_after(place, tail);
		place = tail;
	}
}
