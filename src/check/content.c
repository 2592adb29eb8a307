#include "check/content.h"

#include "article/svg.h"
#include "base/word_list.h"
#include "lang/tag.h"

#include <string.h>
#include <strings.h>

/* --- Names --- */

static enum attr attr_of(const char *name)
{
	static const struct {
		const char *name;
		enum attr attr;
	} known[] = {
		{"id", ATTR_ID},
		{"href", ATTR_HREF},
		{"src", ATTR_SRC},
		{"alt", ATTR_ALT},
		{"lang", ATTR_LANG},
		{"style", ATTR_STYLE},
		{"role", ATTR_ROLE},
		{"rel", ATTR_REL},
		{"type", ATTR_TYPE},
		{"data", ATTR_DATA},
		{"srcset", ATTR_SRCSET},
		{"poster", ATTR_POSTER},
		{"title", ATTR_TITLE},
		{"aria-label", ATTR_ARIA_LABEL},
		{"aria-labelledby", ATTR_ARIA_LABELLEDBY},
		{"content", ATTR_CONTENT},
		{"charset", ATTR_CHARSET},
		{"http-equiv", ATTR_HTTP_EQUIV},
		{"controls", ATTR_CONTROLS},
		{"usemap", ATTR_USEMAP},
		{"altimg", ATTR_ALTIMG},
		{"cite", ATTR_CITE},
		{"dir", ATTR_DIR},
		{"fill", ATTR_FILL},
		{"stroke", ATTR_STROKE},
		{"tabindex", ATTR_INTEGER},
		{"start", ATTR_INTEGER},
		{"width", ATTR_NATURAL},
		{"height", ATTR_NATURAL},
		{"colspan", ATTR_NATURAL},
		{"rowspan", ATTR_NATURAL},
		{"span", ATTR_NATURAL},
		{"aria-describedby", ATTR_IDREFS},
		{"aria-controls", ATTR_IDREFS},
		{"aria-flowto", ATTR_IDREFS},
		{"aria-owns", ATTR_IDREFS},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(name, known[i].name) == 0)
			return known[i].attr;
	return name[0] == 'o' && name[1] == 'n' && name[2] ? ATTR_EVENT : ATTR_ANY;
}

static const struct html_element *content_find_element(struct content *c, const xmlChar *name)
{
	size_t slot = ((uintptr_t)name >> 3) & 63;
	if (c->elements[slot].name != name) {
		c->elements[slot].name = name;
		c->elements[slot].el = html_find((const char *)name);
	}
	return c->elements[slot].el;
}

static enum attr find_attribute(struct content *c, const xmlChar *name, bool *global)
{
	size_t slot = ((uintptr_t)name >> 3) & 63;
	if (c->attributes[slot].name != name) {
		c->attributes[slot].name = name;
		c->attributes[slot].attr = attr_of((const char *)name);
		c->attributes[slot].global = html_is_global_attribute((const char *)name);
	}
	*global = c->attributes[slot].global;
	return c->attributes[slot].attr;
}

static enum content_ns ns_of(struct content *c, const xmlChar *uri)
{
	if (!uri)
		return IN_OTHER;
	if (uri == c->html_uri)
		return IN_HTML;
	if (uri == c->svg_uri)
		return IN_SVG;
	if (strcmp((const char *)uri, NS_XHTML) == 0) {
		c->html_uri = uri;
		return IN_HTML;
	}
	if (strcmp((const char *)uri, NS_SVG) == 0) {
		c->svg_uri = uri;
		return IN_SVG;
	}
	if (strcmp((const char *)uri, NS_MATH) == 0)
		return IN_MATH;
	return strcmp((const char *)uri, NS_EPUB) == 0 ? IN_EPUB : IN_OTHER;
}

/* --- Attributes --- */

static void attribute_not_allowed(struct content *c, const struct html_element *el,
				  const xmlChar *name)
{
	report_add(&c->d->report, RULE_HTML_ATTRIBUTE, content_line(c), "%s on %s", name, el->name);
}

/* Sort the attributes of an element by what they mean: libxml2 gives five pointers for each
 * (local name, prefix, namespace, value, end of value). */
static void content_gather(struct content *c, const struct html_element *el, int count,
			   const xmlChar **attributes, struct attrs *at)
{
	*at = (struct attrs){0};
	for (int i = 0; i < count; i++, attributes += 5) {
		const xmlChar *name = attributes[0], *uri = attributes[2];
		enum attr a = ATTR_ANY;
		bool global = true;
		if (!uri) {
			a = find_attribute(c, name, &global);
			if (el && !global && c->d->ck->version == 3 &&
			    !word_list_has(el->attributes, (const char *)name) &&
			    !word_list_has(el->attributes, "*"))
				attribute_not_allowed(c, el, name);
			else if ((el || strncmp((const char *)name, "data-", 5) == 0) &&
				 c->d->ck->version == 3)
				value_check(c, el, a, (const char *)name,
					    (const char *)attributes[3],
					    (size_t)(attributes[4] - attributes[3]));
		} else if (strcmp((const char *)uri, NS_XML) == 0) {
			if (strcmp((const char *)name, "lang") == 0)
				a = ATTR_XML_LANG;
		} else if (strcmp((const char *)uri, NS_EPUB) == 0) {
			if (strcmp((const char *)name, "type") == 0)
				a = ATTR_EPUB_TYPE;
			else if (strcmp((const char *)name, "prefix") == 0)
				a = ATTR_EPUB_PREFIX;
			if (a == ATTR_EPUB_TYPE && el && (el->flags & HE_NO_TYPE))
				report_add(&c->d->report, RULE_HTML_ATTRIBUTE, content_line(c),
					   "epub:type on %s", el->name);
		} else if (strcmp((const char *)uri, NS_XLINK) == 0) {
			if (strcmp((const char *)name, "href") == 0)
				a = ATTR_XLINK_HREF;
		}
		at->value[a] = (const char *)attributes[3];
		at->len[a] = (size_t)(attributes[4] - attributes[3]);
	}
}

static bool content_is_blank(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] > ' ')
			return false;
	return true;
}

static void keep_idrefs(struct content *c, const struct attrs *at, enum attr a)
{
	if (!at->value[a])
		return;
	struct arena *arena = &c->d->arena;
	void *slot = ARENA_PUSH(arena, c->idrefs);
	if (!slot)
		return;
	c->idrefs.items[c->idrefs.count - 1].ids = arena_dupn(arena, at->value[a], at->len[a]);
	c->idrefs.items[c->idrefs.count - 1].len = at->len[a];
	c->idrefs.items[c->idrefs.count - 1].line = content_line(c);
}

static bool content_is_note(const struct attrs *at)
{
	static const char *const types[] = {"footnote", "endnote", "rearnote", "note"};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (attr_word(at, ATTR_EPUB_TYPE, types[i]))
			return true;
	return attr_word(at, ATTR_ROLE, "doc-footnote") || attr_word(at, ATTR_ROLE, "doc-endnote");
}

static bool is_note_like(const struct attrs *at)
{
	static const char *const types[] = {"footnotes",  "endnotes",    "rearnotes",
					    "annotation", "biblioentry", "bibliography",
					    "glossdef",   "glossary"};
	static const char *const roles[] = {"doc-endnotes", "doc-biblioentry", "doc-bibliography"};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (attr_word(at, ATTR_EPUB_TYPE, types[i]))
			return true;
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (attr_word(at, ATTR_ROLE, roles[i]))
			return true;
	return false;
}

static void check_id(struct content *c, struct frame *f, const char *name, const struct attrs *at)
{
	struct document *d = c->d;
	const char *id = at->value[ATTR_ID];
	size_t len = at->len[ATTR_ID];
	bool spaced = len == 0;
	for (size_t i = 0; i < len; i++)
		spaced |= (unsigned char)id[i] <= ' ';
	if (spaced) {
		report_add(&d->report, RULE_ID_REPEATED, f->line, "\"%.*s\"", (int)len, id);
		return;
	}
	const char *copy = arena_dupn(&d->arena, id, len);
	size_t flags = f->in_notes ? ID_NOTE : 0;
	if (f->ns == IN_SVG && svg_has_choice(svg_attribute_find("fill"), name))
		flags |= ID_PAINT;
	if (index_add(&d->ids, copy, len, c->id_count++ << ID_FLAGS | flags) != NONE)
		report_add(&d->report, RULE_ID_REPEATED, f->line, "%.*s", (int)len, id);
}

static void check_languages(struct content *c, const struct frame *f, const struct attrs *at)
{
	static const enum attr both[] = {ATTR_LANG, ATTR_XML_LANG};
	for (int i = 0; i < 2; i++) {
		enum attr a = both[i];
		if (at->value[a] && at->len[a] > 0 &&
		    !lang_tag_is_well_formed(at->value[a], at->len[a]))
			report_add(&c->d->report, RULE_LANGUAGE_TAG, f->line, "%.*s",
				   (int)at->len[a], at->value[a]);
	}
	if (at->value[ATTR_LANG] && at->value[ATTR_XML_LANG] && f->ns == IN_HTML &&
	    (at->len[ATTR_LANG] != at->len[ATTR_XML_LANG] ||
	     strncasecmp(at->value[ATTR_LANG], at->value[ATTR_XML_LANG], at->len[ATTR_LANG]) != 0))
		report_add(&c->d->report, RULE_HTML_LANG_DIFFERS, f->line, "\"%.*s\" and \"%.*s\"",
			   (int)at->len[ATTR_LANG], at->value[ATTR_LANG],
			   (int)at->len[ATTR_XML_LANG], at->value[ATTR_XML_LANG]);
}

/* What holds for every element of any namespace. */
static void check_common(struct content *c, struct frame *f, const char *name,
			 const struct attrs *at)
{
	struct document *d = c->d;
	if (attr_has(at, ATTR_EPUB_PREFIX) && !c->prefixes)
		c->prefixes = arena_dupn(&d->arena, at->value[ATTR_EPUB_PREFIX],
					 at->len[ATTR_EPUB_PREFIX]);
	if (attr_has(at, ATTR_EPUB_TYPE))
		value_check(c, f->el, ATTR_EPUB_TYPE, "epub:type", at->value[ATTR_EPUB_TYPE],
			    at->len[ATTR_EPUB_TYPE]);
	if (attr_has(at, ATTR_EPUB_TYPE) || attr_has(at, ATTR_ROLE)) {
		f->is_note = content_is_note(at);
		f->in_notes |= f->is_note || is_note_like(at);
	}
	if (attr_has(at, ATTR_ID))
		check_id(c, f, name, at);
	if (attr_has(at, ATTR_LANG) || attr_has(at, ATTR_XML_LANG))
		check_languages(c, f, at);
	if (attr_has(at, ATTR_EVENT)) {
		report_add(&d->report, RULE_SCRIPT_HANDLER, f->line, "%s", "");
		d->seen |= PROP_SCRIPTED;
	}
	if (attr_has(at, ATTR_STYLE) && at->len[ATTR_STYLE] > 0)
		css_scan(d, at->value[ATTR_STYLE], at->len[ATTR_STYLE], f->line, true);
	if (attr_has(at, ATTR_ARIA_LABEL) &&
	    !content_is_blank(at->value[ATTR_ARIA_LABEL], at->len[ATTR_ARIA_LABEL]))
		c->text_seen++;
	keep_idrefs(c, at, ATTR_IDREFS);
	keep_idrefs(c, at, ATTR_ARIA_LABELLEDBY);
}

/* --- Events --- */

static struct content *content_of(void *ctx)
{
	return ((struct xml_job *)((xmlParserCtxt *)ctx)->_private)->user;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		     int ns_count, const xmlChar **namespaces, int attr_count, int defaulted,
		     const xmlChar **attributes)
{
	struct content *c = content_of(ctx);
	(void)ns_count, (void)namespaces, (void)defaulted;
	if (c->depth == CONTENT_DEPTH) {
		c->beyond++;
		return;
	}
	struct frame *parent = content_top(c);
	struct frame *f = &c->stack[c->depth];
	struct attrs at;
	*f = (struct frame){.ns = ns_of(c, uri), .name = HTML_COUNT, .line = content_line(c)};
	if (f->ns == IN_HTML) {
		f->el = content_find_element(c, name);
		if (f->el)
			f->name = html_name(f->el);
		else if (c->d->ck->version == 3)
			report_add(&c->d->report, RULE_HTML_ELEMENT, f->line, "%s", name);
	}
	/* a prefix that is not bound has been told of by the parser */
	if (f->ns == IN_OTHER && (uri || !prefix) && parent && parent->el && c->d->ck->version == 3)
		report_add(&c->d->report, RULE_HTML_ELEMENT, f->line, "%s", name);
	if (parent && parent->html_only && f->ns != IN_HTML)
		report_add(&c->d->report, RULE_HTML_NESTING, f->line, "%s in title of SVG", name);
	if (parent) {
		f->inside = parent->inside;
		f->in_notes = parent->in_notes;
	} else if (c->d->kind == DOC_XHTML ? f->name != HTML_html
					   : f->ns != IN_SVG || strcmp((const char *)name, "svg")) {
		report_add(&c->d->report, RULE_HTML_ROOT, f->line, "%s", name);
	}
	content_gather(c, f->el, attr_count, attributes, &at);
	structure_open(c, parent, f, &at);
	check_common(c, f, (const char *)name, &at);
	f->text_mark = c->text_seen;
	c->depth++;
	if (f->el)
		element_html(c, parent, f, &at);
	else
		element_foreign(c, f, (const char *)name, &at);
	if (c->d->is_nav && f->ns == IN_HTML)
		navdoc_open(c, parent, f, &at);
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct content *c = content_of(ctx);
	(void)name, (void)prefix, (void)uri;
	if (c->beyond > 0) {
		c->beyond--;
		return;
	}
	if (c->depth == 0)
		return;
	struct frame *f = content_top(c);
	if (c->style_line > 0) { /* this was the style element, of HTML or SVG */
		css_scan(c->d, c->style.data, c->style.len, c->style_line, false);
		buf_truncate(&c->style, 0);
		c->style_line = 0;
	}
	structure_close(c, f);
	if (f->nav_role)
		navdoc_close(c, f);
	c->depth--;
	if (c->depth > 0)
		c->stack[c->depth - 1].has_link |= f->has_link;
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
	struct content *c = content_of(ctx);
	struct frame *f = content_top(c);
	if (!f)
		return;
	if (c->style_line > 0) {
		buf_append(&c->style, text, (size_t)len);
		return;
	}
	if (content_is_blank((const char *)text, (size_t)len))
		return;
	c->text_seen++;
	c->d->has_text |= f->name != HTML_title && f->name != HTML_script;
	structure_text(c, f);
	if (f->nav_role)
		navdoc_text(c, f);
}

/* <?xml-stylesheet href="…"?> */
static void on_instruction(void *ctx, const xmlChar *target, const xmlChar *data)
{
	struct content *c = content_of(ctx);
	const char *href = data ? strstr((const char *)data, "href=") : NULL;
	if (strcmp((const char *)target, "xml-stylesheet") != 0 || !href)
		return;
	const char *end = href[5] ? strchr(href + 6, href[5]) : NULL;
	if (end)
		document_link(c->d, LINK_STYLE, href + 6, (size_t)(end - href) - 6,
			      content_line(c));
}

static void check_idrefs(struct content *c)
{
	for (size_t n = 0; n < c->idrefs.count; n++) {
		const char *s = c->idrefs.items[n].ids;
		size_t len = s ? c->idrefs.items[n].len : 0;
		for (size_t i = 0; i < len; i++) {
			size_t start = i;
			while (i < len && (unsigned char)s[i] > ' ')
				i++;
			if (i > start && index_get(&c->d->ids, s + start, i - start) == NONE)
				report_add(&c->d->report, RULE_LINK_FRAGMENT,
					   c->idrefs.items[n].line, "%.*s (ARIA)", (int)(i - start),
					   s + start);
		}
	}
}

static void examine(struct document *d, const xmlSAXHandler *sax)
{
	struct content c;
	memset(&c, 0, offsetof(struct content, stack));
	c.d = d;
	c.style = (struct buf)BUF_INIT;
	c.landmarks.arena = &d->arena;
	struct xml_job job = {
		.on_fault = report_xml_fault,
		.fault_ctx = &d->report,
		.entry = d->entry,
		.kind = d->kind,
		.version = d->ck->version,
		.sax = sax,
		.user = &c,
	};
	c.job = &job;
	d->failed = !xml_parse(&job);
	if (!d->failed && d->kind != DOC_XML) {
		check_idrefs(&c);
		structure_end(&c);
	}
	if (job.failed_memory || c.style.failed)
		d->arena.failed = true;
	buf_release(&c.style);
}

void check_content(struct document *d)
{
	static const xmlSAXHandler content_sax = {
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.processingInstruction = on_instruction,
	};
	static const xmlSAXHandler nothing;
	examine(d, d->kind == DOC_XML ? &nothing : &content_sax);
}
