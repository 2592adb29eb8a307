#include "epub/identity.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/xml_limits.h"

#include <errno.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#define MIMETYPE "mimetypeapplication/epub+zip"

enum { MAX_ENTRY = 4 << 20, MIMETYPE_AT = 30 /* behind the local file header */ };

bool epub_is_book(const char *path)
{
	char head[MIMETYPE_AT + sizeof MIMETYPE - 1];
	size_t len = 0;
	int fd = file_open(path);
	if (fd < 0) {
		if (errno == EMEDIUMTYPE) /* as the parent of a sandboxed process says */
			errno = 0;
		return false;
	}
	errno = 0;
	for (ssize_t n = 1; n != 0 && len < sizeof head;) {
		n = read(fd, head + len, sizeof head - len);
		if (n > 0)
			len += (size_t)n;
		else if (n < 0 && errno != EINTR)
			break;
		else
			errno = 0;
	}
	int why = errno;
	close(fd);
	errno = why;
	return len == sizeof head && memcmp(head, "PK\3\4", 4) == 0 &&
	       memcmp(head + MIMETYPE_AT, MIMETYPE, sizeof MIMETYPE - 1) == 0;
}

/* An entry as an XML tree; NULL where it is not there, too large, or not well-formed. */
static xmlDoc *read_xml(zip_t *za, const char *name)
{
	const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
	zip_stat_t st;
	size_t line;
	xmlDoc *doc = NULL;
	if (zip_stat(za, name, 0, &st) != 0 || !(st.valid & ZIP_STAT_SIZE) || st.size > MAX_ENTRY)
		return NULL;
	char *bytes = malloc(st.size + 1);
	zip_file_t *file = bytes ? zip_fopen(za, name, 0) : NULL;
	if (file && zip_fread(file, bytes, st.size) == (zip_int64_t)st.size &&
	    !xml_excess(bytes, st.size, 0, &line))
		doc = xmlReadMemory(bytes, (int)st.size, NULL, NULL, options);
	if (file)
		zip_fclose(file);
	free(bytes);
	return doc;
}

static const xmlNode *next_in_order(const xmlNode *n)
{
	if (n->children && n->type == XML_ELEMENT_NODE)
		return n->children;
	while (n && !n->next)
		n = n->parent;
	return n ? n->next : NULL;
}

/* The first element of that local name whose attribute `attribute` has the value; NULL values are
 * any. */
static xmlNode *find_element(xmlDoc *doc, const char *name, const char *attribute,
			     const xmlChar *value)
{
	for (const xmlNode *n = xmlDocGetRootElement(doc); n; n = next_in_order(n)) {
		if (n->type != XML_ELEMENT_NODE || strcmp((const char *)n->name, name) != 0)
			continue;
		xmlChar *found = attribute ? xmlGetNoNsProp(n, (const xmlChar *)attribute) : NULL;
		bool same = !attribute || (found && (!value || xmlStrEqual(found, value)));
		xmlFree(found);
		if (same)
			return (xmlNode *)n;
	}
	return NULL;
}

/* The package document that META-INF/container.xml names. */
static xmlDoc *read_package_document(zip_t *za)
{
	xmlDoc *container = read_xml(za, "META-INF/container.xml"), *opf = NULL;
	xmlNode *rootfile =
		container ? find_element(container, "rootfile", "full-path", NULL) : NULL;
	xmlChar *path = rootfile ? xmlGetNoNsProp(rootfile, (const xmlChar *)"full-path") : NULL;
	if (path)
		opf = read_xml(za, (const char *)path);
	xmlFree(path);
	xmlFreeDoc(container);
	return opf;
}

static bool put_identifier(struct buf *out, xmlDoc *opf)
{
	xmlNode *root = xmlDocGetRootElement(opf);
	xmlChar *id = root ? xmlGetNoNsProp(root, (const xmlChar *)"unique-identifier") : NULL;
	xmlNode *element = id ? find_element(opf, "identifier", "id", id) : NULL;
	xmlChar *text = element ? xmlNodeGetContent(element) : NULL;
	size_t start = out->len;
	if (text) {
		buf_puts(out, (const char *)text);
		buf_fold_space(out, start);
	}
	xmlFree(text);
	xmlFree(id);
	return out->len > start;
}

bool epub_put_identifier(struct buf *out, const char *path)
{
	if (!epub_is_book(path))
		return false;
	int fd = file_open(path);
	zip_t *za = fd >= 0 ? zip_fdopen(fd, 0, NULL) : NULL; /* takes the descriptor over */
	if (fd >= 0 && !za)
		close(fd);
	xmlDoc *opf = za ? read_package_document(za) : NULL;
	bool found = opf && put_identifier(out, opf);
	xmlFreeDoc(opf);
	if (za)
		zip_discard(za);
	return found;
}
