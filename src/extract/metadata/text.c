#include "extract/metadata/text.h"

#include "article/tree.h"
#include "article/url.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>

/* --- Entities --- */

/* The entity at `s` ("&amp;", "&#39;", "&#x27;"): bytes taken and its code point, or 0. */
static size_t read_entity(const char *s, size_t len, uint32_t *cp)
{
	char name[12];
	size_t n = 1;
	while (n < len && n < sizeof name && s[n] != ';' && s[n] != '&' && s[n] > ' ')
		n++;
	if (n < 3 || n >= len || n >= sizeof name || s[n] != ';')
		return 0;
	memcpy(name, s + 1, n - 1);
	name[n - 1] = '\0';
	if (name[0] == '#') {
		bool hex = name[1] == 'x' || name[1] == 'X';
		char *end = NULL;
		unsigned long value = strtoul(name + 1 + hex, &end, hex ? 16 : 10);
		if (*end || value == 0 || value > 0x10FFFF)
			return 0;
		*cp = (uint32_t)value;
		return n + 1;
	}
	if (strcmp(name, "apos") == 0) {
		*cp = '\'';
		return n + 1;
	}
	const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);
	*cp = entity ? entity->value : 0;
	return entity ? n + 1 : 0;
}

static void put_decoded(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n = s[i] == '&' ? read_entity(s + i, len - i, &cp) : 0;
		if (n) {
			buf_put_utf8(out, cp);
			i += n;
			continue;
		}
		const char *next = memchr(s + i + 1, '&', len - i - 1);
		n = next ? (size_t)(next - s) - i : len - i;
		buf_append(out, s + i, n);
		i += n;
	}
}

/* --- Tags --- */

/* The length of the tag at `s`, or 0: an element that texts are marked up with. */
static size_t text_read_tag(const char *s, size_t len)
{
	static const char *const names =
		" a abbr b blockquote br cite code div em font h1 h2 h3 h4 h5 "
		"h6 hr i img li ol p s small span strong sub sup u ul wbr ";
	char name[14] = " ";
	size_t i = 1, n = 1;
	if (i < len && s[i] == '/')
		i++;
	while (i < len && n < sizeof name - 2 && ((s[i] | 32) >= 'a' || ascii_is_digit(s[i])) &&
	       (s[i] | 32) <= 'z')
		name[n++] = (char)(s[i++] | 32);
	name[n] = ' ';
	name[n + 1] = '\0';
	if (n == 1 || i == len || !strchr(" \t\n\r/>", s[i]) || !strstr(names, name))
		return 0;
	const char *end = memchr(s + i, '>', len - i < 2000 ? len - i : 2000);
	return end ? (size_t)(end - s) + 1 : 0;
}

/* White space folded; with `tags`, these are taken off. */
static void put_folded(struct buf *out, const char *s, size_t len, bool tags)
{
	bool space = false;
	size_t start = out->len;
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t tag = tags && s[i] == '<' ? text_read_tag(s + i, len - i) : 0;
		size_t n = tag ? tag : utf8_decode(s + i, len - i, &cp);
		if (tag) {
			/* within a word, a tag is no space */
			space |= !strchr("abisuABISU", s[i + 1 + (s[i + 1] == '/')]);
		} else if (cp_is_space(cp) || cp < ' ') {
			space |= cp != 0xFEFF && cp != 0x200B;
		} else {
			if (space && out->len > start)
				buf_putc(out, ' ');
			buf_append(out, s + i, n);
			space = false;
		}
		i += n;
	}
}

char *meta_text(struct page *page, const char *s, size_t len, size_t max)
{
	struct buf once = BUF_INIT, twice = BUF_INIT, folded = BUF_INIT, clean = BUF_INIT;
	char *text = NULL;
	if (len > max) {
		len = max;
		while (len && ((unsigned char)s[len] & 0xC0) == 0x80)
			len--;
	}
	if (memchr(s, '&', len)) {
		put_decoded(&once, s, len);
		put_decoded(&twice, once.data, once.len);
		s = twice.data;
		len = twice.len;
	}
	put_folded(&folded, s, len, true);
	utf8_clean(&clean, folded.data, folded.len);
	if (once.failed || twice.failed || folded.failed || clean.failed)
		page->arena.failed = true;
	else if (clean.len)
		text = arena_dupn(&page->arena, clean.data, clean.len);
	buf_release(&once);
	buf_release(&twice);
	buf_release(&folded);
	buf_release(&clean);
	return text;
}

/* --- Elements --- */

/* Where a line ends, in text that is not folded yet: no page has this character. */
enum { LINE_END = 0x1E };

/* Whether an element that ends between `node` and `next` is a block. */
static bool ends_block(const xmlNode *node, const xmlNode *next, const char *blocks)
{
	const xmlNode *parent = tree_parent(next);
	for (; node && tree_parent(node) != parent && node != parent; node = tree_parent(node))
		if (page_name_is_in(node, blocks))
			return true;
	return node && tree_parent(node) == parent && page_name_is_in(node, blocks);
}

static void text_put_element(struct buf *out, const xmlNode *node, size_t max)
{
	enum { MAX_NODES = 300 };
	static const char *const blocks =
		"address article aside blockquote br dd div dl dt figcaption "
		"figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p "
		"section table td th tr ul";
	size_t nodes = 0;
	for (const xmlNode *n = tree_walk(node, NULL), *next; n; n = next) {
		if (out->len >= max || ++nodes > MAX_NODES)
			return;
		bool skip = page_name_is_in(n, "script style svg noscript button");
		if (tree_is_text(n)) {
			const char *text = tree_text_value(n);
			buf_append(out, text, strnlen(text, max));
		} else if (page_name_is_in(n, blocks)) {
			buf_putc(out, LINE_END);
		}
		next = skip ? tree_walk_skip(node, n) : tree_walk(node, n);
		if (next && tree_parent(next) != n && ends_block(n, next, blocks))
			buf_putc(out, LINE_END);
	}
}

char *meta_element_text(struct page *page, const xmlNode *node, size_t max)
{
	struct buf raw = BUF_INIT, lines = BUF_INIT;
	char *text = NULL;
	text_put_element(&raw, node, max);
	for (size_t i = 0; i < raw.len;) {
		const char *end = memchr(raw.data + i, LINE_END, raw.len - i);
		size_t len = end ? (size_t)(end - raw.data) - i : raw.len - i, start = lines.len;
		if (start)
			buf_putc(&lines, '\n');
		put_folded(&lines, raw.data + i, len, false);
		if (start && lines.len == start + 1)
			buf_truncate(&lines, start);
		i += len + 1;
	}
	if (raw.failed || lines.failed)
		page->arena.failed = true;
	else if (lines.len)
		text = arena_dupn(&page->arena, lines.data, lines.len);
	buf_release(&raw);
	buf_release(&lines);
	return text;
}

/* --- Comparing --- */

void meta_put_letters(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		i += utf8_decode(s + i, len - i, &cp);
		if (cp_is_letter(cp) || ascii_is_digit(cp))
			buf_put_utf8(out, cp_lower(cp));
	}
}
