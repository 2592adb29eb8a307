/* The cover that is drawn of a book: its lead picture or a pattern, with its title. */
#ifndef COVER_COVER_H
#define COVER_COVER_H

#include "base/diag.h"
#include "book/book.h"
#include "template/template.h"

struct cover_options {
	struct template_set *templates; /* has cover.svg */
	unsigned width, height;         /* pixels */
	bool grey;                      /* no colours */
};

/* Draw a cover and give it to a book that has none (book_set_cover()). A cover that cannot be
 * drawn, for want of a library or of memory, is a warning. Returns 0, or -1 with an error set: the
 * design (templates/cover.svg) is not valid, or memory ran out. */
int cover_add(struct book *book, const struct cover_options *options, struct diag *diag,
	      struct chapbook_error *err);

/* What the cover says of the book, for the design; in `arena`, strings are the book's. The caller
 * adds how it looks. */
struct value *cover_facts(struct arena *arena, const struct book *book);
/* Whether its lines begin on the right: the title does, whatever the book's language. */
bool cover_is_rtl(const struct book *book);

#endif
