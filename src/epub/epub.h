/* From a book to a package: OPF, NCX, nav, pages, style sheets, pictures. */
#ifndef EPUB_EPUB_H
#define EPUB_EPUB_H

#include "book/book.h"
#include "epub/package.h"
#include "template/template.h"

/* Layout of the package: mimetype, META-INF/container.xml, EPUB/package.opf, EPUB/toc.ncx,
 * EPUB/nav.xhtml, EPUB/chapter-1.xhtml and so on, EPUB/style.css, EPUB/images…: flat, names in
 * [a-z0-9._-]. */
int epub_write(const struct book *book, struct template_set *templates, unsigned threads,
	       struct package *out, struct chapbook_error *err);

#endif
