/* From one of a job's inputs to an article with its pictures. */
#ifndef JOB_INPUT_H
#define JOB_INPUT_H

#include "article/article.h"
#include "job/job.h"
#include "media/load.h"

struct metadata_files {
	struct read_metadata *items;
	size_t count;
};

/* The metadata files that the job names; to be released either way. */
int metadata_files_read(const struct chapbook_job *job, struct metadata_files *files,
			struct chapbook_error *err);
void metadata_files_release(struct metadata_files *files);

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

/* What is made of pictures: what the caller said over what the profile says. */
void input_media_options(struct chapbook_job *job, struct media_options *options);

#endif
