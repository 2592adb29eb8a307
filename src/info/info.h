/* What a package says about itself. */
#ifndef INFO_INFO_H
#define INFO_INFO_H

#include "base/buf.h"
#include "package/package.h"

/* Append a description for people, or JSON with every fact: metadata (title, subtitle, authors
 * with bio, role, file-as, URL; dates, language, publisher, subjects, rights, series, identifiers,
 * source), contents as a tree, pictures with caption, credit, alt, size, accessibility. Takes any
 * EPUB 2 or 3; what is not well-formed is left out, a package without package document is
 * CHAPBOOK_E_INPUT.
 *
 * The JSON is one object. Its keys are always all there, in this order; what is not known is null
 * or an empty list. Dates and languages are as the book writes them.
 *
 *   version      "3.0"
 *   title, subtitle
 *   authors      list of {name, role, file_as, bio, url}; roles are MARC relator codes
 *   contributors the same
 *   languages    list, main language first
 *   published, modified, publisher, description, rights
 *   subjects, sources   lists
 *   series       null or {name, type, position}
 *   identifiers  list of {value, scheme, unique}
 *   contents     list of {title, href, children}; hrefs are file names in the package
 *   pictures     list of {file, media_type, size, width, height, cover, place, caption, credit,
 *                copyright, alt, description}; size in bytes; file is null where a caption has
 *                lost its picture, and place is where it stands
 *   accessibility {modes, sufficient, features, hazards, summary, conforms_to, certified_by}
 *   pages, files how many */
int info_put(const struct package *p, enum chapbook_info_format format, struct buf *out,
	     struct chapbook_error *err);

#endif
