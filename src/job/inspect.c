/* Looking into books that are there: chapbook_check(), chapbook_info() and their lists. */
#include "job/job.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/userinfo.h"
#include "check/check.h"
#include "info/info.h"
#include "package/package.h"

#include <stdlib.h>

int chapbook_check(const char *path, chapbook_message_fn *fn, void *ctx, struct chapbook_error *err)
{
	return chapbook_check_profile(path, NULL, fn, ctx, err);
}

int chapbook_check_profile(const char *path, const char *profile, chapbook_message_fn *fn,
			   void *ctx, struct chapbook_error *err)
{
	struct package package = PACKAGE_INIT;
	struct container_facts facts;
	enum check_profile wanted = profile ? check_profile_find(profile) : PROFILE_NONE;
	if (profile && wanted == PROFILE_NONE)
		return error_set(
			err, CHAPBOOK_E_USAGE,
			"--profile: '%.100s' is not a profile; the profiles are " CHECK_PROFILES,
			profile);
	job_init_library();
	int rc = package_open(&package, path, &facts, err);
	facts.file_name = path;
	if (rc == 0)
		rc = check_package(&package, &facts,
				   &(struct check_options){.profile = wanted, .fn = fn, .ctx = ctx},
				   err);
	package_release(&package);
	return rc;
}

void chapbook_list_rules(chapbook_message_fn *fn, void *ctx)
{
	for (size_t i = 0; i < check_rule_count; i++)
		fn(ctx, &(struct chapbook_message){check_rules[i].severity, check_rules[i].id,
						   check_rules[i].source, check_rules[i].text});
}

void chapbook_list_warnings(chapbook_message_fn *fn, void *ctx)
{
	diag_list(fn, ctx);
}

char *chapbook_info(const char *path, enum chapbook_info_format format, struct chapbook_error *err)
{
	struct package package = PACKAGE_INIT;
	struct buf out = BUF_INIT;
	char *text = NULL;
	job_init_library();
	if (package_open(&package, path, NULL, err) == 0 &&
	    info_put(&package, format, &out, err) == 0) {
		text = buf_detach(&out, NULL);
		if (text)
			userinfo_cut(text);
		else
			error_memory(err);
	}
	buf_release(&out);
	package_release(&package);
	return text;
}
