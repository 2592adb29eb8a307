#include "package/xml.h"

#include "base/utf8.h"
#include "base/xml_limits.h"

#include <libxml/SAX2.h>
#include <libxml/parserInternals.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static void report(const struct xml_job *job, enum xml_fault fault, int line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void report(const struct xml_job *job, enum xml_fault fault, int line, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	job->on_fault(job->fault_ctx, fault, line, text);
}

/* --- The declaration: XML 1.0 sections 2.8 and 4.3.3 --- */

/* The value of pseudo-attribute `name` in an XML declaration, or NULL. */
static const char *declared(const char *decl, size_t len, const char *name, size_t *value_len)
{
	size_t n = strlen(name);
	for (size_t i = 0; i + n < len; i++) {
		if (memcmp(decl + i, name, n) != 0 || (unsigned char)decl[i - (i > 0)] > ' ')
			continue;
		size_t j = i + n;
		while (j < len && (decl[j] == '=' || (unsigned char)decl[j] <= ' '))
			j++;
		if (j >= len || (decl[j] != '"' && decl[j] != '\''))
			return NULL;
		const char *end = memchr(decl + j + 1, decl[j], len - j - 1);
		if (!end)
			return NULL;
		*value_len = (size_t)(end - decl) - j - 1;
		return decl + j + 1;
	}
	return NULL;
}

static void check_declaration(const struct xml_job *job)
{
	const char *b = job->entry->bytes;
	size_t size = job->entry->size, len = 0;
	if (size >= 2 && (memcmp(b, "\xFE\xFF", 2) == 0 || memcmp(b, "\xFF\xFE", 2) == 0 ||
			  memcmp(b, "\0<", 2) == 0 || memcmp(b, "<\0", 2) == 0)) {
		if (job->kind == DOC_XHTML && job->version == 3) /* HTML is UTF-8 and no other */
			report(job, XML_FAULT_ENCODING, 1, "%s", "UTF-16");
		else
			report(job, XML_FAULT_UTF16, 1, "%s", "");
		return;
	}
	if (size >= 3 && memcmp(b, "\xEF\xBB\xBF", 3) == 0) {
		b += 3;
		size -= 3;
	}
	const char *encoding = NULL;
	if (size > 6 && memcmp(b, "<?xml", 5) == 0 && (unsigned char)b[5] <= ' ') {
		const char *end = memmem(b, size < 512 ? size : 512, "?>", 2);
		size_t decl = end ? (size_t)(end - b) : 0;
		const char *version = declared(b, decl, "version", &len);
		if (version && !(len == 3 && memcmp(version, "1.0", 3) == 0))
			report(job, XML_FAULT_VERSION, 1, "%.*s", (int)len, version);
		encoding = declared(b, decl, "encoding", &len);
	}
	if (encoding && !(len == 5 && strncasecmp(encoding, "utf-8", 5) == 0))
		report(job, XML_FAULT_ENCODING, 1, "%.*s", (int)len, encoding);
	/* Not for pictures and META-INF; old readers fail on pages without it. */
	if (!encoding && (job->kind == DOC_XHTML || job->kind == DOC_NCX))
		report(job, XML_FAULT_DECLARATION, 1, "%s", "");
}

/* Code points that XML takes and that are no text: DEL, the C1 controls, non-characters, a BOM that
 * is not first. The parser has refused what is malformed, so a lead byte is followed by what it
 * promises; those of nearly all text are passed by at once. */
static void check_characters(const struct xml_job *job)
{
	const char *b = job->entry->bytes;
	size_t size = job->entry->size;
	if (size >= 2 && ((unsigned char)b[0] >= 0xFE || b[0] == '\0' || b[1] == '\0'))
		return; /* UTF-16 */
	size_t i = size >= 3 && memcmp(b, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	for (; i < size; i++) {
		unsigned char lead = (unsigned char)b[i];
		if (lead != 0x7F && lead != 0xC2 && lead < 0xEF)
			continue;
		uint32_t cp;
		size_t n = utf8_decode(b + i, size - i, &cp);
		if (utf8_is_clean(b + i, n))
			continue;
		int line = 1;
		for (const char *s = b; (s = memchr(s, '\n', (size_t)(b + i - s))); s++)
			line++;
		report(job, XML_FAULT_CHARACTERS, line, "U+%04X", (unsigned)cp);
		return;
	}
}

/* --- Events of the parser --- */

static struct xml_job *job_of(void *ctx)
{
	return ((xmlParserCtxt *)ctx)->_private;
}

static void xml_on_error(void *ctx, xmlErrorPtr e)
{
	struct xml_job *job = job_of(ctx);
	if (e->code == XML_ERR_NO_MEMORY) {
		job->failed_memory = true;
		if (job->ctxt)
			xmlStopParser(job->ctxt);
		return;
	}
	/* A document type with an external part, as EPUB 2 has it, may declare entities there. */
	if (e->code == XML_WAR_UNDECLARED_ENTITY)
		return;
	if (e->level < XML_ERR_ERROR || job->had_error)
		return; /* a warning, or not the first: what follows a first error is noise */
	job->had_error = true;
	const char *text = e->message ? e->message : "";
	int len = (int)strcspn(text, "\n");
	if (strstr(text, "Excessive depth"))
		report(job, XML_FAULT_TOO_DEEP, e->line, "%s", "");
	else
		report(job, xml_is_limit(e) ? XML_FAULT_LIMIT : XML_FAULT_MALFORMED, e->line,
		       "%.*s", len, text);
}

/* EPUB 3.3, "XML conformance", and appendix "Allowed external identifiers". */
static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *public_id,
		       const xmlChar *system_id)
{
	static const char *const allowed[] = {
		"-//NISO//DTD ncx 2005-1//EN",
		"-//W3C//DTD SVG 1.1//EN",
		"-//W3C//DTD MathML 3.0//EN",
	};
	struct xml_job *job = job_of(ctx);
	const char *pub = (const char *)public_id, *sys = (const char *)system_id;
	xmlSAX2InternalSubset(ctx, name, public_id, system_id);
	if (job->version != 3 || (!pub && !sys))
		return;
	if (job->kind == DOC_XHTML) {
		if (!pub && strcmp(sys, "about:legacy-compat") == 0)
			return;
	} else {
		for (size_t i = 0; pub && i < sizeof allowed / sizeof *allowed; i++)
			if (strcmp(pub, allowed[i]) == 0)
				return;
	}
	report(job, XML_FAULT_DOCTYPE, job->ctxt->input->line, "%s", pub ? pub : sys);
}

/* External entities are reported and then dropped, so that nothing can refer to them. */
static void on_entity(void *ctx, const xmlChar *name, int type, const xmlChar *public_id,
		      const xmlChar *system_id, xmlChar *content)
{
	struct xml_job *job = job_of(ctx);
	if (type == XML_INTERNAL_GENERAL_ENTITY || type == XML_INTERNAL_PARAMETER_ENTITY)
		xmlSAX2EntityDecl(ctx, name, type, public_id, system_id, content);
	else
		report(job, XML_FAULT_ENTITY, job->ctxt->input->line, "%s", name);
}

/* An entity is looked up, and read again, for each reference to it. */
static xmlEntityPtr find_entity(void *ctx, const xmlChar *name)
{
	struct xml_job *job = job_of(ctx);
	xmlEntityPtr entity = xmlSAX2GetEntity(ctx, name);
	if (entity)
		job->grown += (size_t)entity->length;
	if (job->grown / XML_MAX_GROWTH <= job->entry->size + XML_MIN_ROOM / XML_MAX_GROWTH)
		return entity;
	if (!job->had_error)
		report(job, XML_FAULT_LIMIT, job->ctxt->input->line, "the entities grow too large");
	job->had_error = true;
	xmlStopParser(ctx);
	return NULL;
}

static void on_unparsed(void *ctx, const xmlChar *name, const xmlChar *public_id,
			const xmlChar *system_id, const xmlChar *notation)
{
	struct xml_job *job = job_of(ctx);
	(void)public_id, (void)system_id, (void)notation;
	report(job, XML_FAULT_ENTITY, job->ctxt->input->line, "%s", name);
}

static xmlParserInputPtr load_nothing(void *ctx, const xmlChar *public_id, const xmlChar *system_id)
{
	(void)ctx, (void)public_id, (void)system_id;
	return NULL;
}

/* XML_PARSE_NOENT puts internal entities' text in their place; the parser itself bounds how much
 * they may grow and how deep elements nest, as long as it is not told XML_PARSE_HUGE. */
bool xml_parse(struct xml_job *job)
{
	/* A tree takes many times the file's size, and nothing honest that needs one is so large.
	 */
	const size_t limit = job->sax ? INT32_MAX : 64u << 20;
	if (job->entry->size == 0 || job->entry->size > limit) {
		if (job->entry->size == 0)
			report(job, XML_FAULT_MALFORMED, 1, "the file is empty");
		else
			report(job, XML_FAULT_LIMIT, 1, "it is larger than %zu MB", limit >> 20);
		return false;
	}
	check_declaration(job);
	size_t line;
	const char *excess = xml_excess(job->entry->bytes, job->entry->size, 0, &line);
	if (excess) {
		report(job, XML_FAULT_LIMIT, (int)line, "%s", excess);
		return false;
	}
	xmlParserCtxt *ctxt = xmlCreateMemoryParserCtxt(job->entry->bytes, (int)job->entry->size);
	if (!ctxt) {
		job->failed_memory = true;
		return false;
	}
	xmlCtxtUseOptions(ctxt, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOCDATA |
					XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
					XML_PARSE_COMPACT);
	if (job->sax) {
		ctxt->sax->startElementNs = job->sax->startElementNs;
		ctxt->sax->endElementNs = job->sax->endElementNs;
		ctxt->sax->characters = job->sax->characters;
		/* the same function for both keeps the parser from looking at every blank */
		ctxt->sax->ignorableWhitespace = job->sax->characters;
		ctxt->sax->cdataBlock = job->sax->characters;
		ctxt->sax->processingInstruction = job->sax->processingInstruction;
		ctxt->sax->comment = NULL;
		ctxt->sax->reference = NULL;
	}
	ctxt->sax->internalSubset = on_doctype;
	ctxt->sax->externalSubset = NULL;
	ctxt->sax->resolveEntity = load_nothing;
	ctxt->sax->entityDecl = on_entity;
	ctxt->sax->getEntity = find_entity;
	ctxt->sax->unparsedEntityDecl = on_unparsed;
	ctxt->sax->serror = xml_on_error;
	ctxt->_private = job;
	job->ctxt = ctxt;
	xmlParseDocument(ctxt);
	bool ok = ctxt->wellFormed && !job->had_error;
	if (ok)
		check_characters(job);
	if (ok && !job->sax)
		job->doc = ctxt->myDoc;
	else
		xmlFreeDoc(ctxt->myDoc);
	ctxt->myDoc = NULL;
	xmlFreeParserCtxt(ctxt);
	job->ctxt = NULL;
	return ok;
}

xmlDoc *xml_parse_tree(xml_fault_fn *on_fault, void *fault_ctx, const struct entry *entry,
		       enum document_kind kind, int version, bool *memory_failed)
{
	struct xml_job job = {.on_fault = on_fault,
			      .fault_ctx = fault_ctx,
			      .entry = entry,
			      .kind = kind,
			      .version = version};
	xml_parse(&job);
	if (job.failed_memory)
		*memory_failed = true;
	return job.doc;
}

/* --- Trees --- */

bool xml_is(const xmlNode *node, const char *ns, const char *name)
{
	return node && node->type == XML_ELEMENT_NODE && node->ns && node->ns->href &&
	       strcmp((const char *)node->ns->href, ns) == 0 &&
	       (!name || strcmp((const char *)node->name, name) == 0);
}

xmlNode *xml_next(const xmlNode *node)
{
	xmlNode *n = node->next;
	while (n && n->type != XML_ELEMENT_NODE)
		n = n->next;
	return n;
}

xmlNode *xml_first(const xmlNode *parent)
{
	xmlNode *n = parent ? parent->children : NULL;
	return !n || n->type == XML_ELEMENT_NODE ? n : xml_next(n);
}

static const char *trimmed(struct arena *a, const char *s)
{
	size_t len = strlen(s);
	while (len > 0 && (unsigned char)s[0] <= ' ')
		s++, len--;
	while (len > 0 && (unsigned char)s[len - 1] <= ' ')
		len--;
	return arena_dupn(a, s, len);
}

static const char *xml_attr_value(struct arena *a, const xmlNode *node, const char *ns,
				  const char *name)
{
	for (const xmlAttr *at = node->properties; at; at = at->next) {
		if (strcmp((const char *)at->name, name) != 0 || (at->ns != NULL) != (ns != NULL) ||
		    (ns && strcmp((const char *)at->ns->href, ns) != 0))
			continue;
		const xmlNode *text = at->children;
		if (!text)
			return "";
		if (!text->next && text->type == XML_TEXT_NODE)
			return trimmed(a, (const char *)text->content);
		xmlChar *whole = xmlNodeListGetString(node->doc, at->children, 1);
		const char *copy = whole ? trimmed(a, (const char *)whole) : "";
		xmlFree(whole);
		return copy;
	}
	return NULL;
}

const char *xml_attr(struct arena *a, const xmlNode *node, const char *name)
{
	return xml_attr_value(a, node, NULL, name);
}

const char *xml_attr_ns(struct arena *a, const xmlNode *node, const char *ns, const char *name)
{
	return xml_attr_value(a, node, ns, name);
}

const char *xml_text(struct arena *a, const xmlNode *node)
{
	xmlChar *whole = xmlNodeGetContent(node);
	if (!whole) {
		a->failed = true; /* an element without text has an empty one */
		return "";
	}
	size_t n = 0;
	char *out = arena_alloc(a, strlen((const char *)whole) + 1);
	for (const xmlChar *s = whole; out && *s; s++) {
		if (*s > ' ')
			out[n++] = (char)*s;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	if (n > 0 && out[n - 1] == ' ')
		n--;
	if (out)
		out[n] = '\0';
	xmlFree(whole);
	return out ? out : "";
}

int xml_line(const xmlNode *node)
{
	return (int)xmlGetLineNo(node);
}
