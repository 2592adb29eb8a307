/* XMP: ISO 16684-1 (the packet and RDF's forms), MWG Guidelines 2.0, IPTC Photo Metadata 2023.1. */
#include "media/metadata/parts.h"

#include "base/utf8.h"
#include "base/xml_limits.h"

#include <libxml/xmlreader.h>
#include <string.h>
#include <strings.h>

#define NS_RDF      "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define NS_DC       "http://purl.org/dc/elements/1.1/"
#define NS_PS       "http://ns.adobe.com/photoshop/1.0/"
#define NS_IPTC     "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
#define NS_IPTC_EXT "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
#define NS_RIGHTS   "http://ns.adobe.com/xap/1.0/rights/"

/* Limits that no packet of a picture comes near: it would cost the parser more time than it has
 * bytes, since libxml2 compares every attribute of an element, and every namespace in sight, with
 * every other. */
enum { MAX_BYTES = 8 << 20, MAX_ATTRIBUTES = 600, MAX_NAMESPACES = 250 };

enum shape { ALTERNATIVES, SEQUENCE, TEXT };

/* Where each word is; the first row for a word is how it is written. */
static const struct property {
	enum image_field field;
	enum shape shape;
	const char *uri, *prefix, *name;
} properties[] = {
	{WORD_CAPTION, ALTERNATIVES, NS_DC, "dc", "description"},
	{WORD_CREDIT, TEXT, NS_PS, "photoshop", "Credit"},
	{WORD_CREATOR, SEQUENCE, NS_DC, "dc", "creator"},
	{WORD_RIGHTS, ALTERNATIVES, NS_DC, "dc", "rights"},
	{WORD_ALT, ALTERNATIVES, NS_IPTC, "Iptc4xmpCore", "AltTextAccessibility"},
	{WORD_DESCRIPTION, ALTERNATIVES, NS_IPTC, "Iptc4xmpCore", "ExtDescrAccessibility"},
	{WORD_LICENCE, TEXT, NS_RIGHTS, "xmpRights", "WebStatement"},
	{WORD_LICENCE, TEXT, "http://creativecommons.org/ns#", NULL, "license"},
};
enum { PROPERTIES = sizeof properties / sizeof *properties };

/* --- What says nothing of who and what made the picture, where --- */

/* Names in these namespaces; NULL: all of them. Whatever is not known, of which there are
 * thousands, may say a place, a person or a device. */
static const struct {
	const char *uri, *name;
} harmless_names[] = {
	{NS_RDF, NULL},
	{"adobe:ns:meta/", NULL},
	{"http://www.w3.org/XML/1998/namespace", NULL},
	{"http://www.w3.org/2000/xmlns/", NULL},
	{NS_DC, "title"},
	{NS_DC, "subject"},
	{NS_DC, "format"},
	{NS_DC, "language"},
	{NS_DC, "date"},
	{NS_DC, "type"},
	{NS_PS, "Headline"},
	{NS_PS, "DateCreated"},
	{NS_RIGHTS, "Marked"},
	{NS_RIGHTS, "UsageTerms"},
	{"http://ns.adobe.com/xap/1.0/", "CreateDate"},
	{"http://ns.adobe.com/xap/1.0/", "ModifyDate"},
	{"http://ns.adobe.com/xap/1.0/", "MetadataDate"},
	{"http://ns.adobe.com/xap/1.0/", "Rating"},
	{"http://ns.adobe.com/tiff/1.0/", "Orientation"},
	{"http://ns.adobe.com/tiff/1.0/", "ImageWidth"},
	{"http://ns.adobe.com/tiff/1.0/", "ImageLength"},
	{"http://ns.adobe.com/tiff/1.0/", "XResolution"},
	{"http://ns.adobe.com/tiff/1.0/", "YResolution"},
	{"http://ns.adobe.com/tiff/1.0/", "ResolutionUnit"},
	{"http://ns.adobe.com/exif/1.0/", "PixelXDimension"},
	{"http://ns.adobe.com/exif/1.0/", "PixelYDimension"},
	{"http://ns.adobe.com/exif/1.0/", "ColorSpace"},
	{"http://ns.adobe.com/exif/1.0/", "DateTimeOriginal"},
};

static bool is_private_name(const char *uri, const char *name)
{
	for (size_t i = 0; i < sizeof harmless_names / sizeof *harmless_names; i++) {
		const char *known = harmless_names[i].name;
		if (strcmp(uri, harmless_names[i].uri) == 0 && (!known || strcmp(name, known) == 0))
			return false;
	}
	for (size_t i = 0; i < PROPERTIES; i++)
		if (strcmp(uri, properties[i].uri) == 0 && strcmp(name, properties[i].name) == 0)
			return false;
	return true;
}

/* --- Reading --- */

struct xmp_read {
	xmlTextReader *reader;
	struct arena *arena;
	struct image_metadata words;
	int rdf;                         /* depth of rdf:RDF; -1 outside */
	const struct property *property; /* that we are in */
	bool is_alternative;
	int rank;      /* of what is in `value`: 0 nothing yet */
	int item_rank; /* of the item that we are in */
	struct buf value, item;
	bool failed_memory;
};

static const char *as_text(const xmlChar *s)
{
	return s ? (const char *)s : "";
}

static const struct property *find_property(const char *uri, const char *name)
{
	for (size_t i = 0; i < PROPERTIES; i++)
		if (strcmp(name, properties[i].name) == 0 && strcmp(uri, properties[i].uri) == 0)
			return &properties[i];
	return NULL;
}

static const char *here_uri(const struct xmp_read *x)
{
	return as_text(xmlTextReaderConstNamespaceUri(x->reader));
}

static const char *here_name(const struct xmp_read *x)
{
	return as_text(xmlTextReaderConstLocalName(x->reader));
}

static void xmp_add(struct xmp_read *x, const struct property *property, const char *text)
{
	image_field_set(&x->words, property->field, text, strlen(text), x->arena);
}

/* A node's attributes are properties in short (ISO 16684-1, section 7.9.2.2); a property's own may
 * be the address that it has for its value. */
static void read_attributes(struct xmp_read *x, bool is_node)
{
	while (xmlTextReaderMoveToNextAttribute(x->reader) == 1) {
		const char *uri = here_uri(x), *name = here_name(x);
		const struct property *property = is_node ? find_property(uri, name) : NULL;
		if (x->property && strcmp(uri, NS_RDF) == 0 && strcmp(name, "resource") == 0)
			property = x->property;
		if (property)
			xmp_add(x, property, as_text(xmlTextReaderConstValue(x->reader)));
		x->words.is_private |= is_private_name(uri, name);
	}
	xmlTextReaderMoveToElement(x->reader);
}

/* The default wins over English, English over any other language. */
static int rank_of_language(const char *lang)
{
	if (strcasecmp(lang, "x-default") == 0)
		return 3;
	return strncasecmp(lang, "en", 2) == 0 && (!lang[2] || lang[2] == '-') ? 2 : 1;
}

static void end_item(struct xmp_read *x)
{
	const char *s = x->item.data;
	size_t len = x->item.len;
	utf8_trim(&s, &len);
	if (len && x->property->shape == SEQUENCE && !x->is_alternative) {
		if (x->value.len)
			buf_puts(&x->value, ", ");
		if (x->value.len < WORD_MAX_RAW)
			buf_append(&x->value, s, len);
	} else if (len && x->item_rank > x->rank) {
		buf_truncate(&x->value, 0);
		buf_append(&x->value, s, len);
		x->rank = x->item_rank;
	}
}

static void start_element(struct xmp_read *x, int depth)
{
	const char *uri = here_uri(x), *name = here_name(x);
	bool is_rdf = strcmp(uri, NS_RDF) == 0;
	int below =
		x->rdf < 0 ? -1 : depth - x->rdf; /* 1 a node, 2 a property, 3 a list, 4 an item */
	if (x->rdf < 0 && is_rdf && strcmp(name, "RDF") == 0)
		x->rdf = depth;
	x->words.is_private |= is_private_name(uri, name);
	if (below == 2) {
		x->property = find_property(uri, name);
		x->is_alternative = false;
		x->rank = 0;
		buf_truncate(&x->value, 0);
	} else if (below == 3 && x->property) {
		x->is_alternative = is_rdf && strcmp(name, "Alt") == 0;
		buf_truncate(&x->value, 0); /* the white space before it */
	} else if (below == 4 && x->property) {
		buf_truncate(&x->item, 0);
		x->item_rank = rank_of_language(as_text(xmlTextReaderConstXmlLang(x->reader)));
	}
	read_attributes(x, below == 1);
}

static void end_element(struct xmp_read *x, int depth)
{
	int below = x->rdf < 0 ? -1 : depth - x->rdf;
	if (below == 4 && x->property) {
		end_item(x);
	} else if (below == 2 && x->property) {
		xmp_add(x, x->property, x->value.data);
		x->property = NULL;
	} else if (below == 0) {
		x->rdf = -1;
	}
}

static void xmp_read_text(struct xmp_read *x, int depth)
{
	struct buf *into = depth - x->rdf == 3 ? &x->value : depth - x->rdf == 5 ? &x->item : NULL;
	const char *text = as_text(xmlTextReaderConstValue(x->reader));
	if (x->rdf < 0 || !x->property || !into || into->len > WORD_MAX_RAW ||
	    (into == &x->value && x->rank))
		return;
	size_t len = strlen(text);
	buf_append(into, text, len < WORD_MAX_RAW ? len : WORD_MAX_RAW);
}

static void xmp_on_error(void *ctx, xmlErrorPtr e)
{
	struct xmp_read *x = ctx;
	if (e->code == XML_ERR_NO_MEMORY)
		x->failed_memory = true;
}

/* Whether the parser may have it: no document type (XMP declares no entities), and none of the
 * numbers that make it slow. */
static bool is_sane(const char *s, size_t size)
{
	size_t attributes = 0, namespaces = 0;
	if (size == 0 || size > MAX_BYTES || memchr(s, '\0', size))
		return false;
	for (size_t i = 0; i < size; i++) {
		if (s[i] == '<') {
			attributes = 0;
			if (size - i > 9 && memcmp(s + i, "<!DOCTYPE", 9) == 0)
				return false;
		} else if (s[i] == '=' && ++attributes > MAX_ATTRIBUTES) {
			return false;
		} else if (s[i] == 'x' && size - i > 5 && memcmp(s + i, "xmlns", 5) == 0 &&
			   ++namespaces > MAX_NAMESPACES) {
			return false;
		}
	}
	return true;
}

/* Returns false when it is broken. */
static bool read_packet(struct xmp_read *x, const char *bytes, size_t size)
{
	int status;
	size_t line;
	if (xml_excess(bytes, size, XML_IS_UTF8, &line))
		return false;
	x->reader = xmlReaderForMemory(bytes, (int)size, NULL, "UTF-8",
				       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
					       XML_PARSE_IGNORE_ENC);
	if (!x->reader) {
		x->failed_memory = true;
		return false;
	}
	xmlTextReaderSetStructuredErrorHandler(x->reader, xmp_on_error, x);
	while ((status = xmlTextReaderRead(x->reader)) == 1) {
		int depth = xmlTextReaderDepth(x->reader);
		switch (xmlTextReaderNodeType(x->reader)) {
		case XML_READER_TYPE_ELEMENT: {
			bool is_empty = xmlTextReaderIsEmptyElement(x->reader) == 1;
			start_element(x, depth);
			if (is_empty)
				end_element(x, depth);
			break;
		}
		case XML_READER_TYPE_END_ELEMENT:
			end_element(x, depth);
			break;
		case XML_READER_TYPE_TEXT:
		case XML_READER_TYPE_CDATA:
		case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
			xmp_read_text(x, depth);
			break;
		default:
			break;
		}
	}
	xmlFreeTextReader(x->reader);
	return status == 0;
}

void image_metadata_add_xmp(const char *bytes, size_t size, struct arena *arena,
			    struct image_metadata *words)
{
	static const char name[] = "http://ns.adobe.com/xap/1.0/";
	if (size >= sizeof name && memcmp(bytes, name, sizeof name) == 0) {
		bytes += sizeof name;
		size -= sizeof name;
	}
	while (size && (bytes[size - 1] == '\0' || bytes[size - 1] == '\n'))
		size--;
	struct xmp_read x = {.arena = arena, .rdf = -1, .value = BUF_INIT, .item = BUF_INIT};
	if (is_sane(bytes, size) && read_packet(&x, bytes, size))
		metadata_merge(words, &x.words);
	else
		words->is_private |= size > 0; /* its content is not known */
	if (x.failed_memory || x.value.failed || x.item.failed)
		arena->failed = true;
	buf_release(&x.value);
	buf_release(&x.item);
}

/* --- Writing --- */

static void put_property(const struct property *p, const char *text, struct buf *out)
{
	static const char *const before[] = {[ALTERNATIVES] =
						     "<rdf:Alt><rdf:li xml:lang=\"x-default\">",
					     [SEQUENCE] = "<rdf:Seq><rdf:li>",
					     [TEXT] = ""};
	static const char *const after[] = {[ALTERNATIVES] = "</rdf:li></rdf:Alt>",
					    [SEQUENCE] = "</rdf:li></rdf:Seq>",
					    [TEXT] = ""};
	buf_printf(out, "<%s:%s>%s", p->prefix, p->name, before[p->shape]);
	buf_put_xml(out, text, strlen(text));
	buf_printf(out, "%s</%s:%s>\n", after[p->shape], p->prefix, p->name);
}

void xmp_put(const struct image_metadata *words, struct buf *out)
{
	if (image_metadata_is_empty(words))
		return;
	buf_puts(out, "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
		      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n<rdf:RDF xmlns:rdf=\"" NS_RDF "\">\n"
		      "<rdf:Description rdf:about=\"\" xmlns:dc=\"" NS_DC "\" "
		      "xmlns:photoshop=\"" NS_PS "\" xmlns:Iptc4xmpCore=\"" NS_IPTC "\" "
		      "xmlns:xmpRights=\"" NS_RIGHTS "\">\n");
	for (size_t i = 0; i < PROPERTIES; i++)
		if (properties[i].prefix && word_of(words, properties[i].field))
			put_property(&properties[i], word_of(words, properties[i].field), out);
	buf_puts(out, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
}
