/* What libxml2 2.9 must not be given: it compares each attribute of an element with all others, so
 * that 100,000 of them take minutes. */
#ifndef BASE_XML_LIMITS_H
#define BASE_XML_LIMITS_H

#include <stddef.h>

enum { XML_MAX_ATTRIBUTES = 1000 /* of one element, declarations of namespaces included */ };

/* The line, from 1 on, of the first start tag with more attributes; 0: there is none. The bytes may
 * be in any encoding in which ASCII characters have bytes of their own, UTF-16 included. */
size_t xml_crowded_line(const char *bytes, size_t size);

#endif
