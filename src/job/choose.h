/* Which items of sources are wanted. */
#ifndef JOB_CHOOSE_H
#define JOB_CHOOSE_H

#include "article/article.h"
#include "base/map.h"

struct chapbook_job;

struct choice_date {
	bool said;
	/* The first and the last second of the day or the moment: since 1970; or how long ago. */
	long long from, to;
	bool is_ago;
};

/* What the caller said. Zero-initialised, all items are wanted, each once. */
struct choice {
	struct choice_date since, until;
	struct string_list where; /* "FIELD=VALUE" */
	long long limit;          /* for the program */
	char *order;              /* the same */
	char *group_by;           /* "site", "folder", "tag", "author", "date", or NULL */
	struct map seen;          /* keys of the items that were wanted before */
};

/* "2025-03-09", "2025-03", "2025-03-09T08:00:00Z"; "7d", "2w", "12h": so long ago. False: none of
 * these. */
bool choice_parse_date(struct choice_date *date, const char *text);
#define CHOICE_DATES "a date such as 2025-03-09, or a length of time such as 7d"
/* Whether it is FIELD=VALUE, with a field that is known. */
bool choice_is_condition(const char *text);
#define CHOICE_CONDITIONS "FIELD=VALUE; the fields are tag, folder, state, site, author, source"

#endif
