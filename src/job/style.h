/* Style sheets of the caller and of articles, and the files that they name. */
#ifndef JOB_STYLE_H
#define JOB_STYLE_H

#include "base/buf.h"
#include "base/map.h"
#include "job/job.h"

/* A sheet on its way into the book. */
struct style_sheet {
	const char *folder; /* its url()s may name files below it; NULL: none */
	const char *place;  /* its own folder below `folder`: "" or "fonts/" */
	const char *origin; /* what messages call it */
	bool given;         /* by the caller: a file that cannot be used is an error */
	int depth;          /* of @import: 0 is a sheet that pages link to */
};

/* The files that sheets name: each is in the book once. */
struct style_files {
	struct chapbook_job *job;
	struct book *book;
	struct diag *diag;
	struct map taken; /* path -> struct resource's `file`; paths are the book's arena's */
	size_t total;     /* bytes of all */
};

/* Why the bytes are not a style sheet in UTF-8; NULL: they are one, of which browsers can make
 * something. */
const char *style_fault(const char *bytes, size_t size);

/* Append a copy of the sheet in which each url() and @import names a file of the book: fonts,
 * pictures and sheets below sheet->folder are added to book->style_files. A declaration (a part of
 * one that is a list), or an @import, whose file is not on this machine or cannot be used is left
 * out with a warning; lines keep their numbers. Errors: CHAPBOOK_E_INPUT, a file that a given sheet
 * names cannot be used; CHAPBOOK_E_LIMIT, too many files or bytes; CHAPBOOK_E_MEMORY. */
int style_rewrite(struct style_files *files, const struct style_sheet *sheet, const char *bytes,
		  size_t size, struct buf *out, struct chapbook_error *err);

/* What a sheet refers to. */
struct style_reference {
	const char *url;  /* relative; as the sheet has it */
	bool import;      /* it must be a sheet; else a font or a picture */
	const char *file; /* set: its name in the book; NULL: it cannot be used */
	const char *why;  /* set then: why not; NULL else */
};

/* Add the file to the book, if it is not there yet. Errors: CHAPBOOK_E_LIMIT and CHAPBOOK_E_MEMORY,
 * and those of an imported sheet. */
int style_file_add(struct style_files *files, const struct style_sheet *sheet,
		   struct style_reference *reference, struct chapbook_error *err);

#endif
