/* The pictures of a job's articles. */
#ifndef JOB_PICTURES_H
#define JOB_PICTURES_H

#include "job/job.h"
#include "media/load.h"

/* What is made of pictures: the options of the caller, else those of the profile. */
void input_media_options(struct chapbook_job *job, struct media_options *options);

/* Load the pictures of an article. Those of a file are downloaded only with --online, and never
 * from a private address: the author of the file is not known. `fetched`: of an input from the web.
 */
int input_load_pictures(struct chapbook_job *job, const struct input *input,
			const struct fetch_result *fetched, struct article *article,
			struct diag *diag, struct chapbook_error *err);

/* Draw the book's cover, unless it has one or the caller wants none (cover_add()). */
int job_add_cover(const struct chapbook_job *job, struct book *book, struct diag *diag,
		  struct chapbook_error *err);

#endif
