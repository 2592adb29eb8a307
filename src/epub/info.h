/* What a package says about itself. */
#ifndef EPUB_INFO_H
#define EPUB_INFO_H

#include "base/buf.h"
#include "epub/package.h"

/* Append a description for people, or JSON with every fact: metadata (title, subtitle, authors
 * with bio, role, file-as, URL; dates, language, publisher, subjects, rights, series, identifiers,
 * source), contents as a tree, pictures with caption, credit, alt, size, accessibility. */
int info_put(const struct package *p, enum chapbook_info_format format, struct buf *out,
	     struct chapbook_error *err);

#endif
