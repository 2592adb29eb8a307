#include "read/html_fragment.h"

#include "article/tree.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"

#include <gumbo.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	MOST_OPEN = 500,       /* elements in one another */
	MOST_ATTRIBUTES = 100, /* on an element: gumbo compares each with each */
};

/* --- Before parsing: take out what would swallow text or cost the square of its length --- */

struct tamer {
	const char *html;
	size_t len;
	struct html_tag open[MOST_OPEN];
	size_t depth, too_deep;
	size_t foreign; /* depth of the svg or math that we are in, or 0 */
	size_t wasted;  /* bytes looked at in vain */
};

/* Elements whose content is no text of the page. */
static bool is_unseen(const struct html_tag *tag)
{
	return html_tag_is(tag, "script") || html_tag_is(tag, "style") ||
	       html_tag_is(tag, "template") || html_tag_is(tag, "noembed") ||
	       html_tag_is(tag, "noframes");
}

/* Elements that, left open, take in all that follows as their text. */
static bool is_greedy(const struct html_tag *tag)
{
	return is_unseen(tag) || html_tag_is(tag, "textarea") || html_tag_is(tag, "title") ||
	       html_tag_is(tag, "xmp") || html_tag_is(tag, "iframe") ||
	       html_tag_is(tag, "plaintext") || html_tag_is(tag, "select");
}

/* The end tag for `tag` at or behind `from`: its place, or SIZE_MAX. */
static size_t find_end_tag(struct tamer *t, const struct html_tag *tag, size_t from)
{
	for (size_t i = from; i + tag->name_len + 2 < t->len; i++) {
		const char *lt = memchr(t->html + i, '<', t->len - i);
		if (!lt)
			break;
		i = (size_t)(lt - t->html);
		if (i + tag->name_len + 2 < t->len && lt[1] == '/' &&
		    strncasecmp(lt + 2, tag->name, tag->name_len) == 0 &&
		    strchr(" \t\n\r\f/>", lt[2 + tag->name_len]) != NULL) {
			t->wasted += i - from;
			return i;
		}
	}
	t->wasted += t->len - from;
	return SIZE_MAX;
}

/* Whether the tag goes on to the parser: keeps count of what is open. */
static bool count_tag(struct tamer *t, const struct html_tag *tag)
{
	if (tag->end) {
		for (size_t i = t->depth; i-- > 0;) {
			if (t->open[i].name_len != tag->name_len ||
			    strncasecmp(t->open[i].name, tag->name, tag->name_len) != 0)
				continue;
			if (t->too_deep) {
				t->too_deep--;
				return false;
			}
			t->depth = i;
			if (t->foreign > i)
				t->foreign = 0;
			return true;
		}
		return !html_tag_is(tag, "html") && !html_tag_is(tag, "body");
	}
	if (tag->attributes > MOST_ATTRIBUTES)
		return false;
	if (!html_tag_nests(tag) || (t->foreign && tag->self_closing))
		return true;
	if (t->depth == MOST_OPEN) {
		t->too_deep++;
		return false;
	}
	t->open[t->depth++] = *tag;
	if (!t->foreign && (html_tag_is(tag, "svg") || html_tag_is(tag, "math")))
		t->foreign = t->depth;
	return true;
}

/* What begins with "<" at `i`: append what is to be parsed of it. Returns where it ends. */
static size_t tame_markup(struct tamer *t, struct buf *out, size_t i)
{
	const char *s = t->html + i, *end;
	size_t left = t->len - i;
	struct html_tag tag;

	if (left >= 4 && memcmp(s, "<!--", 4) == 0) {
		end = memmem(s + 2, left - 2, "-->", 3);
		if (end)
			return (size_t)(end + 3 - t->html);
		t->wasted += left;
		return i + 4;
	}
	if (left >= 2 && (s[1] == '!' || s[1] == '?')) {
		bool cdata = left >= 9 && memcmp(s, "<![CDATA[", 9) == 0;
		end = cdata ? memmem(s, left, "]]>", 3) : memchr(s, '>', left);
		if (end)
			return (size_t)(end - t->html) + (cdata ? 3 : 1);
		t->wasted += left;
	} else if (html_tag_read(s, left, &tag)) {
		size_t close = tag.end || !is_greedy(&tag) ? i : find_end_tag(t, &tag, i + tag.len);
		if (close == SIZE_MAX || html_tag_is(&tag, "plaintext"))
			return i + tag.len; /* never closed: its text is text */
		if (close > i && is_unseen(&tag) && !t->foreign) {
			html_tag_read(t->html + close, t->len - close, &tag);
			return close + (tag.len ? tag.len : t->len - close);
		}
		if (count_tag(t, &tag))
			buf_append(out, s, tag.len);
		return i + tag.len;
	} else if (tag.name) {
		t->wasted += left;
	}
	buf_puts(out, "&lt;");
	return i + 1;
}

/* Linear but for tags that never end, whose number is bounded. */
static void tame(struct buf *out, const char *html, size_t len, struct tamer *t)
{
	*t = (struct tamer){.html = html, .len = len};
	buf_reserve(out, len);
	for (size_t i = 0; i < len;) {
		const char *lt = memchr(html + i, '<', len - i);
		size_t end = lt ? (size_t)(lt - html) : len;
		buf_append(out, html + i, end - i);
		if (!lt)
			break;
		if (t->wasted > 100 * 1000 * 1000) {
			buf_puts(out, "&lt;");
			i = end + 1;
		} else {
			i = tame_markup(t, out, end);
		}
	}
}

/* --- Parsing --- */

/* gumbo asks for memory here; it never gives any back before all is done. */
struct gumbo_memory {
	struct arena arena;
	size_t left;
	jmp_buf stop;
};

static void *allocate(void *userdata, size_t size)
{
	struct gumbo_memory *memory = userdata;
	if (size > memory->left)
		longjmp(memory->stop, 1);
	memory->left -= size;
	void *p = arena_alloc(&memory->arena, size);
	if (!p)
		longjmp(memory->stop, 2);
	return p;
}

static void deallocate(void *userdata, void *p)
{
	(void)userdata;
	(void)p;
}

static bool is_plain_name(const char *name)
{
	if (!((name[0] | 32) >= 'a' && (name[0] | 32) <= 'z'))
		return false;
	for (; *name; name++)
		if (!((*name | 32) >= 'a' && (*name | 32) <= 'z') &&
		    !(*name >= '0' && *name <= '9') && !strchr("-_.:", *name))
			return false;
	return true;
}

static xmlNode *put_element(xmlNode *parent, const GumboElement *el, struct buf *name)
{
	buf_truncate(name, 0);
	GumboStringPiece original = el->original_tag;
	gumbo_tag_from_original_text(&original);
	const char *svg_name = el->tag_namespace == GUMBO_NAMESPACE_SVG
				       ? gumbo_normalize_svg_tagname(&original)
				       : NULL;
	if (svg_name) {
		buf_puts(name, svg_name);
	} else if (el->tag != GUMBO_TAG_UNKNOWN) {
		buf_puts(name, gumbo_normalized_tagname(el->tag));
	} else {
		for (size_t i = 0; i < original.length && i < 100; i++) {
			char c = original.data[i];
			buf_putc(name, (char)(c >= 'A' && c <= 'Z' ? c | 32 : c));
		}
	}
	xmlNode *node = tree_element(parent, is_plain_name(name->data) ? name->data : "unknown");

	struct buf value = BUF_INIT;
	for (unsigned i = 0; i < el->attributes.length; i++) {
		const GumboAttribute *a = el->attributes.data[i];
		const char *prefix = a->attr_namespace == GUMBO_ATTR_NAMESPACE_XLINK ? "xlink:"
				     : a->attr_namespace == GUMBO_ATTR_NAMESPACE_XML ? "xml:"
										     : "";
		if (a->attr_namespace == GUMBO_ATTR_NAMESPACE_XMLNS || !is_plain_name(a->name))
			continue;
		buf_truncate(name, 0);
		buf_puts(name, prefix);
		buf_puts(name, a->name);
		size_t len = strlen(a->value);
		buf_truncate(&value, 0);
		if (!utf8_is_clean(a->value, len))
			utf8_clean(&value, a->value, len);
		tree_set(node, name->data, utf8_is_clean(a->value, len) ? a->value : value.data);
	}
	if (value.failed)
		tree_fail(parent);
	buf_release(&value);
	return node;
}

static void put_text(xmlNode *parent, const char *text)
{
	size_t len = strlen(text);
	if (utf8_is_clean(text, len)) {
		tree_text(parent, text, len);
		return;
	}
	struct buf clean = BUF_INIT;
	utf8_clean(&clean, text, len);
	if (clean.failed)
		tree_fail(parent);
	tree_text(parent, clean.data, clean.len);
	buf_release(&clean);
}

static const GumboVector *children_of(const GumboNode *node)
{
	bool element = node->type == GUMBO_NODE_ELEMENT;
	return element && node->v.element.children.length ? &node->v.element.children : NULL;
}

/* Append the children of gumbo's `root` to `parent`, without recursion. */
static void put_nodes(xmlNode *parent, const GumboNode *root)
{
	struct buf name = BUF_INIT;
	const GumboVector *children = children_of(root);
	const GumboNode *node = children ? children->data[0] : NULL;
	while (node) {
		switch (node->type) {
		case GUMBO_NODE_ELEMENT:
			if ((children = children_of(node)) != NULL) {
				parent = put_element(parent, &node->v.element, &name);
				node = children->data[0];
				continue;
			}
			put_element(parent, &node->v.element, &name);
			break;
		case GUMBO_NODE_TEXT:
		case GUMBO_NODE_WHITESPACE:
		case GUMBO_NODE_CDATA:
			put_text(parent, node->v.text.text);
			break;
		default:
			break;
		}
		for (;;) {
			children = children_of(node->parent);
			if (node->index_within_parent + 1 < children->length) {
				node = children->data[node->index_within_parent + 1];
				break;
			}
			node = node->parent;
			if (node == root) {
				node = NULL;
				break;
			}
			parent = tree_parent(parent);
		}
	}
	if (name.failed)
		tree_fail(parent);
	buf_release(&name);
}

static int parse(xmlNode *parent, const struct buf *html, bool whole, struct gumbo_memory *memory,
		 struct chapbook_error *err)
{
	GumboOptions options = kGumboDefaultOptions;
	options.allocator = allocate;
	options.deallocator = deallocate;
	options.userdata = memory;
	options.max_errors = 0;
	options.fragment_context = whole ? GUMBO_TAG_LAST : GUMBO_TAG_BODY;
	switch (setjmp(memory->stop)) {
	case 0:
		put_nodes(parent, gumbo_parse_with_options(&options, html->data, html->len)->root);
		return 0;
	case 1:
		return error_set(err, CHAPBOOK_E_LIMIT, "the HTML in it is too tangled");
	default:
		return error_memory(err);
	}
}

static int parse_html(xmlNode *parent, const char *html, size_t len, bool whole,
		      struct chapbook_error *err)
{
	int result = -1;
	struct buf tamed = BUF_INIT;
	struct gumbo_memory *memory = calloc(1, sizeof *memory);
	struct tamer *tamer = calloc(1, sizeof *tamer);
	if (memory && tamer)
		tame(&tamed, html, len, tamer);
	if (!memory || !tamer || tamed.failed) {
		error_memory(err);
		goto out;
	}
	memory->left = 64 * 1000 * 1000 + 100 * len;
	result = parse(parent, &tamed, whole, memory, err);
out:
	if (memory)
		arena_release(&memory->arena);
	free(memory);
	free(tamer);
	buf_release(&tamed);
	return result;
}

int html_fragment_parse(xmlNode *parent, const char *html, size_t len, struct chapbook_error *err)
{
	return parse_html(parent, html, len, false, err);
}

xmlDoc *html_document_parse(const char *html, size_t len, struct string_list *json_ld,
			    struct arena *arena, struct chapbook_error *err)
{
	(void)json_ld;
	(void)arena;
	xmlDoc *doc = tree_doc_new("html");
	if (!doc || parse_html(tree_root(doc), html, len, true, err) != 0) {
		tree_doc_free(doc);
		return NULL;
	}
	return doc;
}
