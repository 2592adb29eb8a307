/* The NCX: ANSI/NISO Z39.86-2005 section 8, as OPF 2.0.1 section 2.4.1 takes it over. */
#include "check/run.h"

#include <stdlib.h>
#include <string.h>

struct target {
	long order;
	const char *src;
	int line;
};

struct ncx {
	struct document *d;
	struct report *r;
	struct arena *a;
	struct index ids;
	struct index srcs; /* src -> index into targets */
	struct {
		struct target *items;
		size_t count, cap;
	} targets;
	int depth, depth_declared; /* of navPoints; as dtb:depth says, or -1 */
	long last_order;           /* of the navPoint before */
	bool has_map, has_title;
};

static bool ncx_is(const xmlNode *n, const char *name)
{
	return xml_is(n, NS_NCX, name);
}

static const xmlNode *child(const xmlNode *parent, const char *name)
{
	const xmlNode *n = xml_first(parent);
	while (n && !ncx_is(n, name))
		n = xml_next(n);
	return n;
}

static void lacks(struct ncx *x, const xmlNode *n, const char *what)
{
	report_add(x->r, RULE_NCX_STRUCTURE, xml_line(n), "%s has no %s", n->name, what);
}

static long play_order(struct ncx *x, const xmlNode *n)
{
	const char *text = xml_attr(x->a, n, "playOrder");
	char *end;
	if (!text)
		return -1;
	long order = strtol(text, &end, 10);
	if (end == text || *end || order < 1) {
		report_add(x->r, RULE_NCX_ORDER, xml_line(n), "\"%s\"", text);
		return -1;
	}
	return order;
}

/* A navPoint, pageTarget or navTarget: a label, and where it leads. */
static void check_point(struct ncx *x, const xmlNode *n, enum nav_kind kind, int depth)
{
	struct document *d = x->d;
	const xmlNode *label = child(n, "navLabel"), *content = child(n, "content");
	const xmlNode *text = label ? child(label, "text") : NULL;
	const char *src = content ? xml_attr(x->a, content, "src") : NULL;
	int line = xml_line(n);
	long order = play_order(x, n);
	if (!text)
		lacks(x, n, "navLabel with text");
	else if (!*xml_text(x->a, text))
		report_add(x->r, RULE_NCX_LABEL, line, "%s", "");
	if (kind == NAV_TOC && !xml_attr(x->a, n, "id"))
		lacks(x, n, "id");
	if (!src) {
		lacks(x, n, "content with src");
		return;
	}
	document_link(d, LINK_HYPER, src, strlen(src), line);
	struct nav_point *p = ARENA_PUSH(x->a, d->nav[kind]);
	if (p && d->links.count > 0)
		*p = (struct nav_point){.link = d->links.count - 1,
					.line = line,
					.depth = depth,
					.play_order = order};
	if (order < 0)
		return;
	if (kind == NAV_TOC) {
		if (order < x->last_order)
			report_add(x->r, RULE_NCX_SEQUENCE, line, "%ld after %ld", order,
				   x->last_order);
		x->last_order = order;
	}
	struct target *t = ARENA_PUSH(x->a, x->targets);
	if (!t)
		return;
	*t = (struct target){.order = order, .src = src, .line = line};
	size_t same = index_add(&x->srcs, src, strlen(src), x->targets.count - 1);
	if (same != NONE && x->targets.items[same].order != order)
		report_add(x->r, RULE_NCX_ORDER, line, "%ld and %ld for %s",
			   x->targets.items[same].order, order, src);
}

static void check_head(struct ncx *x, const xmlNode *meta)
{
	const char *name = xml_attr(x->a, meta, "name");
	const char *content = xml_attr(x->a, meta, "content");
	if (!name || !content)
		return;
	if (strcmp(name, "dtb:uid") == 0) {
		x->d->ncx_uid = content;
		if (x->d->ck->identifier && strcmp(content, x->d->ck->identifier) != 0)
			report_add(x->r, RULE_NCX_UID, xml_line(meta), "\"%s\", not \"%s\"",
				   content, x->d->ck->identifier);
	} else if (strcmp(name, "dtb:depth") == 0) {
		x->depth_declared = atoi(content);
	}
}

static void check_element(struct ncx *x, const xmlNode *n, int depth)
{
	const char *id = n->properties ? xml_attr(x->a, n, "id") : NULL;
	if (id && index_add(&x->ids, id, strlen(id), 0) != NONE)
		report_add(x->r, RULE_NCX_ID, xml_line(n), "%s", id);
	if (ncx_is(n, "navPoint")) {
		x->depth = depth > x->depth ? depth : x->depth;
		check_point(x, n, NAV_TOC, depth);
	} else if (ncx_is(n, "pageTarget")) {
		check_point(x, n, NAV_PAGES, 1);
	} else if (ncx_is(n, "navTarget")) {
		check_point(x, n, NAV_OTHER, 1);
	} else if (ncx_is(n, "meta")) {
		check_head(x, n);
	} else if (ncx_is(n, "navMap")) {
		x->has_map = true;
		if (!child(n, "navPoint"))
			lacks(x, n, "navPoint");
	} else if (ncx_is(n, "docTitle")) {
		x->has_title = true;
	}
}

static void ncx_walk(struct ncx *x, const xmlNode *root)
{
	int depth = 0;
	for (const xmlNode *n = root; n;) {
		if (n->type == XML_ELEMENT_NODE) {
			depth += ncx_is(n, "navPoint");
			check_element(x, n, depth);
			if (n->children) {
				n = n->children;
				continue;
			}
			depth -= ncx_is(n, "navPoint");
		}
		while (n != root && !n->next) {
			n = n->parent;
			depth -= ncx_is(n, "navPoint");
		}
		n = n == root ? NULL : n->next;
	}
}

static int by_order(const void *a, const void *b)
{
	const struct target *x = a, *y = b;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->line - y->line;
}

static void check_orders(struct ncx *x)
{
	struct target *t = x->targets.items;
	size_t n = x->targets.count;
	if (n == 0)
		return;
	qsort(t, n, sizeof *t, by_order);
	if (t[0].order != 1)
		report_add(x->r, RULE_NCX_ORDER, t[0].line, "the first is %ld", t[0].order);
	for (size_t i = 1; i < n; i++) {
		if (t[i].order > t[i - 1].order + 1)
			report_add(x->r, RULE_NCX_ORDER, t[i].line, "%ld after %ld", t[i].order,
				   t[i - 1].order);
		else if (t[i].order == t[i - 1].order && strcmp(t[i].src, t[i - 1].src) != 0)
			report_add(x->r, RULE_NCX_ORDER, t[i].line, "%ld twice", t[i].order);
	}
}

void check_ncx(struct document *d)
{
	bool memory_failed = false;
	struct ncx x = {.d = d,
			.r = &d->report,
			.a = &d->arena,
			.ids = {.arena = &d->arena},
			.srcs = {.arena = &d->arena},
			.depth_declared = -1};
	xmlDoc *doc = xml_parse_tree(report_xml_fault, &d->report, d->entry, DOC_NCX,
				     d->ck->version, &memory_failed);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	d->failed = !root;
	if (root && !ncx_is(root, "ncx")) {
		report_add(x.r, RULE_ITEM_TYPE, xml_line(root), "%s", root->name);
		d->failed = true;
	} else if (root) {
		ncx_walk(&x, root);
		check_orders(&x);
		if (!x.has_map)
			lacks(&x, root, "navMap");
		if (!x.has_title)
			lacks(&x, root, "docTitle");
		if (x.depth_declared >= 0 && x.depth_declared != x.depth)
			report_add(x.r, RULE_NCX_DEPTH, 0, "%d, not %d", x.depth_declared, x.depth);
	}
	if (memory_failed)
		d->arena.failed = true;
	xmlFreeDoc(doc);
}
