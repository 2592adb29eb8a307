/* From a book to a package: OPF, NCX, nav, pages, style sheets, pictures. */
#ifndef EPUB_EPUB_H
#define EPUB_EPUB_H

#include "book/book.h"
#include "package/package.h"
#include "template/template.h"

/* The themes, for messages and help: each is assets/theme-NAME.css. */
#define EPUB_THEMES "default, modern"
bool epub_has_theme(const char *name);

/* Layout of the package: mimetype, META-INF/container.xml, EPUB/package.opf, EPUB/toc.ncx,
 * EPUB/nav.xhtml, EPUB/chapter-1.xhtml and so on, EPUB/style.css, EPUB/images…: flat, names in
 * [a-z0-9._-]. Everything but the bodies is rendered from `templates`; pages are rendered on up to
 * `threads` threads (see pool_run()). `out` borrows the book's pictures: it must go first. */
int epub_write(const struct book *book, struct template_set *templates, unsigned threads,
	       struct package *out, struct chapbook_error *err);

#endif
