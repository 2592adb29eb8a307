/* From one of a job's inputs to an article with its pictures. */
#ifndef JOB_INPUT_H
#define JOB_INPUT_H

#include "article/article.h"
#include "job/load.h"

/* Read the input: from a file, from memory, or from its address, with all pages of a paginated
 * article. `pictures`: load them, for a book; else they keep their addresses. NULL on failure. */
struct article *input_read(struct chapbook_job *job, const struct input *input,
			   const struct metadata_files *metadata, bool pictures, struct diag *diag,
			   struct chapbook_error *err);

/* What the caller says of a book of several articles as a whole: title, publisher, date and the
 * like. NULL when memory runs out. */
struct article *input_book_facts(const struct chapbook_job *job);

/* Add the notes that --explain ends with: title, authors, date, language, count of captions. */
void input_report_summary(const struct article *article, struct diag *diag);

#endif
