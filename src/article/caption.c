#include "article/caption.h"

#include "article/caption_parts.h"
#include "article/tree.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

bool caption_is_marked(const char *text, size_t len)
{
	struct lexicon_match match;
	struct stretch s = {text, 0, len};
	uint32_t cp;
	credit_trim(&s);
	if (s.start == s.end)
		return false;
	size_t n = utf8_decode(text + s.start, s.end - s.start, &cp);
	bool bracket = cp == '[' || cp == 0x3010 || cp == '(' || cp == 0xFF08;
	if (bracket) {
		size_t end = s.end;
		uint32_t close;
		size_t m = credit_last_cp(text, end, &close);
		if (credit_opening_bracket(text, end, close) != s.start ||
		    end - s.start > 4 * BRACKET_MAX)
			return false;
		s.start += n;
		s.end -= m;
	}
	text += s.start;
	len = s.end - s.start;
	if (lexicon_prefix(credit_words(), KIND(CAPTION), text, len, &match))
		return true;
	if (!lexicon_prefix(credit_words(), KIND(FIGURE), text, len, &match))
		return false;
	size_t at = match.len + credit_skip_spaces(text + match.len, len - match.len);
	size_t digits = at;
	while (digits < len &&
	       ((text[digits] >= '0' && text[digits] <= '9') ||
		(digits > at && (text[digits] == '.' || text[digits] == '-') && digits + 1 < len &&
		 text[digits + 1] >= '0' && text[digits + 1] <= '9')))
		digits++;
	size_t sep = credit_separator(text + digits, len - digits);
	bool stop = digits < len && text[digits] == '.';
	if (digits > at) /* "Figure 2: …", "图1 …" */
		return (sep || stop || (cp_is_cjk(cp) && digits < len)) && digits + 1 < len;
	return bracket && sep && text[digits] != '/' && digits + sep < len;
}

/* The text node of the caption that has byte `at` of its text, and where in the node that is. */
static xmlNode *text_at(const xmlNode *figcaption, size_t at, size_t *within)
{
	for (xmlNode *n = tree_walk(figcaption, NULL); n; n = tree_walk(figcaption, n)) {
		size_t len = tree_is_text(n) ? strlen(tree_text_value(n)) : 0;
		if (at < len) {
			*within = at;
			return n;
		}
		at -= len;
	}
	return NULL;
}

/* Move all of the caption from byte `within` of `text` on into a new span at its end. */
static void wrap_from(xmlNode *figcaption, xmlNode *text, size_t within)
{
	xmlNode *span = tree_detached(figcaption, "span"), *top = text;
	const char *value = tree_text_value(text);
	tree_set(span, "class", "credit");
	tree_text(span, value + within, strlen(value + within));
	tree_set_text(text, value, within);
	/* Elements that the caption and the credit share end where the credit begins. */
	for (; tree_parent(top) != figcaption; top = tree_parent(top))
		while (tree_next(top))
			tree_append(span, tree_next(top));
	while (tree_next(top))
		tree_append(span, tree_next(top));
	tree_append(figcaption, span);
	for (xmlNode *n = text; n != figcaption && !tree_first(n) && !*tree_text_value(n);) {
		xmlNode *up = tree_parent(n);
		tree_remove(n);
		n = up;
	}
}

void caption_mark_credit(xmlNode *figcaption)
{
	struct buf all = BUF_INIT;
	struct credit credit;
	size_t within;
	for (xmlNode *n = tree_walk(figcaption, NULL); n; n = tree_walk(figcaption, n)) {
		if (tree_has_class(n, "credit")) {
			buf_release(&all);
			return;
		}
		if (tree_is_text(n))
			buf_puts(&all, tree_text_value(n));
	}
	/* what follows the credit (a stop, a space) is part of it */
	if (!all.failed && credit_find(all.data, all.len, &credit)) {
		xmlNode *text = text_at(figcaption, credit.whole_start, &within);
		if (text)
			wrap_from(figcaption, text, within);
	}
	if (all.failed)
		tree_fail(figcaption);
	buf_release(&all);
}
