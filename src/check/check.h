/* The preflight: what must be true of a package. The rules are a table, rule_table.h. */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "package/package.h"

/* What a device, a shop or a purpose wants besides the standard. */
enum check_profile {
	PROFILE_NONE,
	PROFILE_GENERIC, /* every device */
	PROFILE_KINDLE,
	PROFILE_KOBO,
	PROFILE_GOOGLE,
	PROFILE_ARCHIVE, /* to be read in many years */
};
#define CHECK_PROFILES "generic, kindle, kobo, google, archive"
/* PROFILE_NONE when there is none of that name. */
enum check_profile check_profile_find(const char *name);

struct check_options {
	enum check_profile profile;
	unsigned threads;        /* as for pool_run() */
	chapbook_message_fn *fn; /* gets the findings, in a fixed order */
	void *ctx;               /* of `fn` */
};
/* Examine a package in memory; with `raw` its container too (NULL for one that was just made and
 * not zipped yet). Returns how many findings have severity CHAPBOOK_ERROR, or -1 when memory runs
 * out. */
int check_package(const struct package *p, const struct container_facts *raw,
		  const struct check_options *options, struct chapbook_error *err);

/* The rules, in the order of the table, for manuals and lists. */
struct check_rule {
	const char *id;
	enum chapbook_severity severity;
	const char *source; /* standard and section */
	const char *text;   /* what is wrong when the rule is broken */
};
extern const struct check_rule check_rules[];
extern const size_t check_rule_count;

#endif
