/* Reading the XML files of a package, which may be hostile. */
#ifndef PACKAGE_XML_H
#define PACKAGE_XML_H

#include "base/arena.h"
#include "package/package.h"

#include <libxml/parser.h>
#include <stdbool.h>
#include <stddef.h>

#define NS_OPF   "http://www.idpf.org/2007/opf"
#define NS_DC    "http://purl.org/dc/elements/1.1/"
#define NS_OCF   "urn:oasis:names:tc:opendocument:xmlns:container"
#define NS_NCX   "http://www.daisy.org/z3986/2005/ncx/"
#define NS_XHTML "http://www.w3.org/1999/xhtml"
#define NS_SVG   "http://www.w3.org/2000/svg"
#define NS_MATH  "http://www.w3.org/1998/Math/MathML"
#define NS_EPUB  "http://www.idpf.org/2007/ops"
#define NS_XLINK "http://www.w3.org/1999/xlink"
#define NS_XML   "http://www.w3.org/XML/1998/namespace"

enum document_kind {
	DOC_NONE, /* not examined: pictures, fonts, encrypted files, … */
	DOC_XHTML,
	DOC_SVG,
	DOC_CSS,
	DOC_NCX,
	DOC_XML, /* well-formedness alone: SMIL, PLS, … */
};

/* What can be wrong with a file as XML. */
enum xml_fault {
	XML_FAULT_MALFORMED,
	XML_FAULT_LIMIT,    /* it exceeds a limit: the text says which */
	XML_FAULT_TOO_DEEP, /* elements nest too deep */
	XML_FAULT_ENCODING, /* another encoding than UTF-8 and UTF-16 */
	XML_FAULT_UTF16,
	XML_FAULT_VERSION,     /* another version than 1.0 */
	XML_FAULT_DECLARATION, /* a page or NCX without XML declaration */
	XML_FAULT_CHARACTERS,  /* code points that XML allows and that are no text */
	XML_FAULT_DOCTYPE,     /* a document type that EPUB does not allow */
	XML_FAULT_ENTITY,      /* an external entity */
};

/* `line` is counted from 1; `text` lasts until the function returns. */
typedef void xml_fault_fn(void *ctx, enum xml_fault fault, int line, const char *text);

struct xml_job {
	xml_fault_fn *on_fault;
	void *fault_ctx;
	const struct entry *entry;
	enum document_kind kind;
	int version;
	const xmlSAXHandler *sax; /* NULL: build a tree, into doc */
	void *user;
	xmlParserCtxt *ctxt; /* while it runs */
	size_t grown;        /* bytes of entities read so far */
	xmlDoc *doc;         /* the caller frees it */
	bool had_error, failed_memory;
};

/* Parse the whole entry with `sax` (events get `user`); nothing is loaded from elsewhere. Each
 * fault is reported to `on_fault`. Returns false when it was not parsed to the end. */
bool xml_parse(struct xml_job *job);
/* As above, into a tree; NULL when it is not well-formed. */
xmlDoc *xml_parse_tree(xml_fault_fn *on_fault, void *fault_ctx, const struct entry *entry,
		       enum document_kind kind, int version, bool *memory_failed);

/* Small helpers over libxml2 trees; namespaces by URI. All borrow, except xml_text(). */
bool xml_is(const xmlNode *node, const char *ns, const char *name);
xmlNode *xml_first(const xmlNode *parent); /* first child element */
xmlNode *xml_next(const xmlNode *node);    /* next element beside it */
/* Attribute without namespace, white space trimmed, copied into the arena; NULL when absent. */
const char *xml_attr(struct arena *a, const xmlNode *node, const char *name);
const char *xml_attr_ns(struct arena *a, const xmlNode *node, const char *ns, const char *name);
/* The text below the node, white space folded and trimmed; "" when there is none. */
const char *xml_text(struct arena *a, const xmlNode *node);
int xml_line(const xmlNode *node);

#endif
