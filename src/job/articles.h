/* The articles of a book: read one after the other. */
#ifndef JOB_ARTICLES_H
#define JOB_ARTICLES_H

#include "job/input.h"

struct article_set {
	struct article **items; /* in the order of the inputs */
	size_t count;
	struct string_list missing; /* names of inputs that could not be read; in the job's arena */
};

/* Read the job's inputs. One of several that cannot be read is a diagnostic and is left out, unless
 * the job is strict; so is one that is there twice. Fails when no article is left. The set must be
 * released either way. */
int articles_read(struct chapbook_job *job, const struct metadata_files *metadata,
		  struct article_set *set, struct diag *diag, struct chapbook_error *err);
/* Frees the articles that are left in it. */
void articles_release(struct article_set *set);

#endif
