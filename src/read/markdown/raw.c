/* Raw HTML: a run of blocks, from the one where HTML begins to the one where all that it opened
 * is closed again (or the last one), is written as HTML and read as such. */
#include "read/markdown/markdown.h"

#include "article/elements.h"
#include "article/tree.h"
#include "read/html/parse.h"
#include "read/html/tag.h"

#include <string.h>
#include <strings.h>

enum { MAX_OPEN = 100 };

/* The elements that raw HTML has open. */
struct open_tags {
	char names[MAX_OPEN][16];
	int count;
};

static bool raw_is_foreign(const struct open_tags *open)
{
	for (int i = 0; i < open->count; i++)
		if (strcasecmp(open->names[i], "svg") == 0 ||
		    strcasecmp(open->names[i], "math") == 0)
			return true;
	return false;
}

static void count_tags(struct open_tags *open, const char *html)
{
	size_t len = strlen(html);
	size_t looked = 0; /* bytes, for tags that never end */
	for (const char *s = html; (s = memchr(s, '<', (size_t)(html + len - s))) != NULL;) {
		struct html_tag tag;
		size_t left = (size_t)(html + len - s);
		if (left >= 4 && memcmp(s, "<!--", 4) == 0) {
			const char *end = strstr(s + 4, "-->");
			if (!end)
				return;
			s = end;
			continue;
		}
		if (looked > 10 * len || !html_tag_read(s, left, &tag)) {
			looked += left;
			s++;
			continue;
		}
		s += tag.len;
		if ((tag.is & HTML_LEAF) || tag.self_closing ||
		    tag.name_len >= sizeof open->names[0] ||
		    (!tag.end && html_tag_is_unknown(s - tag.len, &tag, raw_is_foreign(open))))
			continue;
		int i = open->count - 1;
		if (!tag.end) {
			if (open->count < MAX_OPEN) {
				memcpy(open->names[open->count], tag.name, tag.name_len);
				open->names[open->count++][tag.name_len] = '\0';
			}
			continue;
		}
		while (i >= 0 && (strncasecmp(open->names[i], tag.name, tag.name_len) != 0 ||
				  open->names[i][tag.name_len] != '\0'))
			i--;
		if (i >= 0)
			open->count = i;
	}
}

/* Count the tags in all pieces at or below `block`; false when there are none. */
static bool count_raw(struct open_tags *open, const xmlNode *block)
{
	bool any = false;
	for (const xmlNode *n = block; n; n = tree_walk(block, n == block ? NULL : n)) {
		if (!tree_is(n, MARKDOWN_RAW))
			continue;
		any = true;
		for (const xmlNode *text = tree_first(n); text; text = tree_next(text))
			count_tags(open, tree_text_value(text));
	}
	return any;
}

static void raw_put_start_tag(struct buf *out, const xmlNode *node)
{
	const char *name = NULL, *value = NULL;
	buf_printf(out, "<%s", tree_name(node));
	for (const xmlAttr *a = NULL; (a = tree_attr_next(node, a, &name, &value)) != NULL;) {
		buf_printf(out, " %s=\"", name);
		buf_put_xml(out, value, strlen(value));
		buf_putc(out, '"');
	}
	buf_putc(out, '>');
}

static void raw_put_end_tag(struct buf *out, const xmlNode *node)
{
	const struct element *el = element_find(tree_name(node));
	if (!(el && (el->flags & EL_VOID)))
		buf_printf(out, "</%s>", tree_name(node));
}

/* Write a node as HTML, with raw pieces as they stand. */
static void put_html(struct buf *out, const xmlNode *root)
{
	for (const xmlNode *n = root; n;) {
		if (tree_is_text(n)) {
			const char *text = tree_text_value(n);
			buf_put_xml(out, text, strlen(text));
		} else if (tree_is(n, MARKDOWN_RAW)) {
			tree_put_raw_text(out, n);
		} else {
			raw_put_start_tag(out, n);
			if (tree_first(n)) {
				n = tree_first(n);
				continue;
			}
			raw_put_end_tag(out, n);
		}
		while (n != root && !tree_next(n)) {
			n = tree_parent(n);
			raw_put_end_tag(out, n);
		}
		n = n == root ? NULL : tree_next(n);
	}
}

static bool raw_is_note(const xmlNode *node)
{
	return tree_is(node, "aside") && tree_get(node, "epub:type");
}

int markdown_parse_raw(xmlNode *body, struct chapbook_error *err)
{
	int result = 0;
	struct buf html = BUF_INIT;
	struct open_tags open = {.count = 0};
	for (xmlNode *first = tree_first(body), *end; first && result == 0; first = end) {
		end = tree_next(first);
		open.count = 0;
		if (!count_raw(&open, first))
			continue;
		/* Notes are the last blocks: what the text leaves open must not swallow them. */
		while (end && open.count > 0 && !raw_is_note(first) && !raw_is_note(end)) {
			count_raw(&open, end);
			end = tree_next(end);
		}
		buf_truncate(&html, 0);
		xmlNode *parsed = tree_detached(body, "body");
		for (xmlNode *n = first, *next; n != end && parsed; n = next) {
			next = tree_next(n);
			put_html(&html, n);
			buf_putc(&html, '\n');
			tree_remove(n);
		}
		if (!parsed)
			break; /* out of memory: the tree knows */
		result = html_fragment_parse(parsed, html.data, html.len, err);
		for (xmlNode *n; (n = tree_first(parsed)) != NULL;) {
			if (end)
				tree_insert_before(end, n);
			else
				tree_append(body, n);
		}
		tree_remove(parsed);
	}
	if (html.failed)
		tree_fail(body);
	buf_release(&html);
	return result;
}
