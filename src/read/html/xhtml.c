#include "read/html/xhtml.h"

#include "base/xml_limits.h"

#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define XHTML_NS "http://www.w3.org/1999/xhtml"

enum {
	TOP = 4096, /* bytes in which the namespace stands */
};

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(end), len = name ? strcspn(name, "?#") : 0;
	return len > n && strncasecmp(name + len - n, end, n) == 0;
}

bool xhtml_is(const char *name, const char *type, const char *text, size_t len)
{
	if (ends_with(name, ".xhtml") || ends_with(name, ".xht") ||
	    (type && strcmp(type, "application/xhtml+xml") == 0))
		return true;
	while (len && strchr(" \t\n\r", *text))
		text++, len--;
	return len > 5 && memcmp(text, "<?xml", 5) == 0 &&
	       memmem(text, len < TOP ? len : TOP, XHTML_NS, strlen(XHTML_NS));
}

/* --- Parsing --- */

/* Entities of the page itself; those that are files are not declared, and so not read. */
static void xhtml_on_entity(void *ctx, const xmlChar *name, int type, const xmlChar *public_id,
			    const xmlChar *system_id, xmlChar *content)
{
	if (type == XML_INTERNAL_GENERAL_ENTITY)
		xmlSAX2EntityDecl(ctx, name, type, public_id, system_id, content);
}

static xmlParserInputPtr xhtml_load_nothing(void *ctx, const xmlChar *public_id,
					    const xmlChar *system_id)
{
	(void)ctx, (void)public_id, (void)system_id;
	return NULL;
}

/* The page's own entities, then HTML's, as if its DTD were there. */
static xmlEntityPtr xhtml_find_entity(void *ctx, const xmlChar *name)
{
	xmlParserCtxt *ctxt = ctx;
	xmlEntityPtr entity = xmlSAX2GetEntity(ctx, name);
	const htmlEntityDesc *html = entity ? NULL : htmlEntityLookup(name);
	if (!html || !ctxt->myDoc)
		return entity;
	if (!ctxt->myDoc->intSubset)
		xmlCreateIntSubset(ctxt->myDoc, (const xmlChar *)"html", NULL, NULL);
	char content[16];
	snprintf(content, sizeof content, "&#%u;", html->value);
	return xmlAddDocEntity(ctxt->myDoc, name, XML_INTERNAL_GENERAL_ENTITY, NULL, NULL,
			       (const xmlChar *)content);
}

/* Keep the first error: those that follow come of it. */
static void on_error(void *ctx, xmlError *e)
{
	const xmlParserCtxt *ctxt = e->ctxt;
	struct xhtml_problem *problem = ctxt ? ctxt->_private : NULL;
	(void)ctx;
	if (!problem || problem->reason[0] || e->level < XML_ERR_ERROR || !e->message)
		return;
	problem->line = e->line;
	problem->is_limit = xml_is_limit(e);
	snprintf(problem->reason, sizeof problem->reason, "%s", e->message);
	problem->reason[strcspn(problem->reason, "\n")] = '\0';
}

static xmlDoc *xhtml_parse(const char *text, size_t len, struct xhtml_problem *problem)
{
	size_t line;
	const char *excess = xml_excess(text, len, XML_IS_UTF8, &line);
	if (excess) {
		problem->line = (int)line;
		problem->is_limit = true;
		snprintf(problem->reason, sizeof problem->reason, "%s", excess);
		return NULL;
	}
	xmlParserCtxt *ctxt = len < INT_MAX ? xmlCreateMemoryParserCtxt(text, (int)len) : NULL;
	if (!ctxt) {
		snprintf(problem->reason, sizeof problem->reason, "it is empty or too large");
		return NULL;
	}
	xmlCtxtUseOptions(ctxt, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOCDATA |
					XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
					XML_PARSE_IGNORE_ENC);
	ctxt->sax->entityDecl = xhtml_on_entity;
	ctxt->sax->getEntity = xhtml_find_entity;
	ctxt->sax->externalSubset = NULL;
	ctxt->sax->resolveEntity = xhtml_load_nothing;
	ctxt->sax->serror = on_error;
	ctxt->_private = problem;
	xmlParseDocument(ctxt);
	xmlDoc *doc = ctxt->myDoc;
	ctxt->myDoc = NULL;
	if (!ctxt->wellFormed) {
		if (!problem->reason[0])
			snprintf(problem->reason, sizeof problem->reason, "it cannot be parsed");
		xmlFreeDoc(doc);
		doc = NULL;
	}
	xmlFreeParserCtxt(ctxt);
	return doc;
}

/* --- Writing --- */

static bool is_in(const char *name, const char *list)
{
	size_t n = strlen(name);
	for (const char *p = list; (p = strstr(p, name)) != NULL; p += n)
		if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static bool xhtml_is_foreign(const xmlNode *node)
{
	const char *ns = node->ns ? (const char *)node->ns->href : XHTML_NS;
	return strcmp(ns, "http://www.w3.org/2000/svg") == 0 ||
	       strcmp(ns, "http://www.w3.org/1998/Math/MathML") == 0;
}

/* How HTML names it: elements of HTML, SVG and MathML have no prefix. */
static void html_xhtml_put_name(struct buf *out, const xmlNs *ns, const char *name, bool foreign)
{
	if (ns && ns->prefix && !foreign && strcmp((const char *)ns->href, XHTML_NS) != 0)
		buf_printf(out, "%s:", (const char *)ns->prefix);
	/* what would take in the rest of the page */
	buf_puts(out, !foreign && is_in(name, "plaintext xmp listing") ? "pre" : name);
}

static void html_xhtml_put_attributes(struct buf *out, xmlNode *node)
{
	for (xmlAttr *a = node->properties; a; a = a->next) {
		xmlChar *value = xmlNodeListGetString(node->doc, a->children, 1);
		buf_putc(out, ' ');
		html_xhtml_put_name(out, a->ns, (const char *)a->name, false);
		buf_puts(out, "=\"");
		if (value)
			buf_put_xml(out, (const char *)value, strlen((const char *)value));
		buf_putc(out, '"');
		xmlFree(value);
	}
}

/* The text of an element with content that HTML does not take for markup, unless it would end it.
 */
static void xhtml_put_raw(struct buf *out, xmlNode *node, const char *name)
{
	char *content = (char *)xmlNodeGetContent(node);
	if (content && is_in(name, "title textarea"))
		buf_put_xml(out, content, strlen(content));
	else if (content && is_in(name, "script") && !strcasestr(content, "</script"))
		buf_puts(out, content);
	xmlFree(content);
}

/* A start tag; returns whether what is in the element follows. */
static bool xhtml_put_start(struct buf *out, xmlNode *node)
{
	const char *name = (const char *)node->name;
	bool foreign = xhtml_is_foreign(node);
	buf_putc(out, '<');
	html_xhtml_put_name(out, node->ns, name, foreign);
	html_xhtml_put_attributes(out, node);
	buf_putc(out, '>');
	if (foreign)
		return true;
	if (is_in(name, "pre textarea") && node->children)
		buf_putc(out, '\n'); /* the parser takes one away */
	if (!is_in(name, "script style title textarea iframe noembed noframes"))
		return true;
	xhtml_put_raw(out, node, name);
	return false;
}

static void xhtml_put_end(struct buf *out, const xmlNode *node)
{
	const char *name = (const char *)node->name;
	bool foreign = xhtml_is_foreign(node);
	if (!foreign && is_in(name, "area base br col embed hr img input link meta param source "
				    "track wbr"))
		return;
	buf_puts(out, "</");
	html_xhtml_put_name(out, node->ns, name, foreign);
	buf_putc(out, '>');
}

/* What has no elements in it. */
static void put_leaf(struct buf *out, const xmlNode *node)
{
	const char *s = (const char *)node->content;
	if (!s)
		return;
	if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
		buf_put_xml(out, s, strlen(s));
	else if (node->type == XML_COMMENT_NODE && *s != '>' && *s != '-')
		buf_printf(out, "<!--%s-->", s);
}

bool xhtml_put_html(struct buf *out, const char *text, size_t len, struct xhtml_problem *problem)
{
	*problem = (struct xhtml_problem){0};
	size_t start = out->len, room = XML_MAX_GROWTH * len + XML_MIN_ROOM;
	xmlDoc *doc = xhtml_parse(text, len, problem);
	if (!doc)
		return false;
	buf_puts(out, "<!DOCTYPE html>\n");
	xmlNode *node = doc->children;
	while (node && out->len - start <= room) {
		if (node->type == XML_ELEMENT_NODE) {
			if (xhtml_put_start(out, node) && node->children) {
				node = node->children;
				continue;
			}
			xhtml_put_end(out, node);
		} else {
			put_leaf(out, node);
		}
		while (!node->next && node->parent && node->parent->type == XML_ELEMENT_NODE) {
			node = node->parent;
			xhtml_put_end(out, node);
		}
		node = node->next;
	}
	xmlFreeDoc(doc);
	if (!node)
		return true;
	buf_truncate(out, start);
	problem->is_limit = true;
	snprintf(problem->reason, sizeof problem->reason, "its entities make it too large");
	return false;
}
