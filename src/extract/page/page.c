#include "extract/page/page.h"

#include "article/tree.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

struct page *page_new(xmlDoc *doc, const char *url)
{
	struct page *page = doc ? calloc(1, sizeof *page) : NULL;
	if (!page) {
		tree_doc_free(doc);
		return NULL;
	}
	page->doc = doc;
	page->html = tree_root(doc);
	for (xmlNode *n = tree_first_element(page->html); n; n = tree_next_element(n)) {
		if (!page->head && tree_is(n, "head"))
			page->head = n;
		else if (!page->body && tree_is(n, "body"))
			page->body = n;
	}
	page->url = arena_dup(&page->arena, url);
	return page;
}

void page_free(struct page *page)
{
	if (!page)
		return;
	tree_remove(page->lead);
	tree_doc_free(page->doc);
	map_release(&page->name_kinds);
	arena_release(&page->arena);
	free(page);
}

/* "div.share-bar", "p#intro" */
static void put_place(struct buf *out, const xmlNode *node)
{
	const char *id = tree_get(node, "id"), *cls = tree_get(node, "class");
	buf_puts(out, tree_name(node));
	if (id && *id)
		buf_printf(out, "#%.60s", id);
	if (cls && *cls) {
		size_t start = out->len;
		buf_printf(out, ".%.80s", cls);
		buf_fold_space(out, start);
	}
}

void page_note(const struct page *page, const char *rule, const xmlNode *node, const char *fmt, ...)
{
	if (!diag_listening(page->diag))
		return;
	struct buf text = BUF_INIT;
	va_list ap;
	buf_printf(&text, "%s: ", rule);
	if (node) {
		put_place(&text, node);
		buf_puts(&text, ": ");
	}
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	diag_add(page->diag, DIAG_RULE, 0, "%s", text.data);
	buf_release(&text);
}

/* Asked of every element many times: no library calls. */
bool page_name_is_in(const xmlNode *node, const char *names)
{
	const char *name = tree_name(node), *s = names;
	while (*name && *s) {
		size_t n = 0;
		while (name[n] && s[n] == name[n])
			n++;
		if (!name[n] && (s[n] == ' ' || !s[n]))
			return true;
		for (s += n; *s && *s != ' '; s++)
			;
		s += *s == ' ';
	}
	return false;
}

bool page_is_inside(const xmlNode *node, const char *names, const xmlNode *stop)
{
	for (; node && node != stop; node = tree_parent(node))
		if (page_name_is_in(node, names))
			return true;
	return false;
}

bool page_holds(const xmlNode *root, const xmlNode *node)
{
	while (node && node != root)
		node = tree_parent(node);
	return node != NULL;
}
