/* What libxml2 2.9 must not be given. It compares each attribute of an element with all others, and
 * searches for a namespace in all that are in scope: 100,000 of them take minutes. */
#ifndef BASE_XML_LIMITS_H
#define BASE_XML_LIMITS_H

#include <libxml/xmlerror.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	XML_MAX_ATTRIBUTES = 1000,  /* of one element, declarations of namespaces included */
	XML_MAX_NAMESPACES = 1000,  /* declared on one element and those around it */
	XML_MAX_DOCTYPE = 64 << 10, /* characters of the document type declaration */
	XML_MAX_HIDDEN = 1 << 10,   /* characters of its attribute lists and entities with markup */
	/* What entities may grow to: times the document's size, and so many bytes more. */
	XML_MAX_GROWTH = 10,
	XML_MIN_ROOM = 1 << 20,
};

enum {
	XML_IS_UTF8 = 1,    /* the parser ignores the encoding that the document declares */
	XML_ROOT_ALONE = 2, /* it reads no further than the start tag of the root */
};

/* NULL: the document is within the limits above. Else what exceeds them, in words, with its line in
 * *line, from 1 on. An encoding in which markup cannot be found is not accepted, either. One pass;
 * no memory. */
const char *xml_excess(const char *bytes, size_t size, unsigned flags, size_t *line);

/* Whether the error is a limit of libxml2: depth, size, growth of entities (and entities that refer
 * to themselves, which it does not tell apart). */
bool xml_is_limit(const xmlError *e);

#endif
