#include "fuzz.h"

#include "check/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void fuzz_fail(const char *what, const char *detail)
{
	fprintf(stderr, "ORACLE: %s: %s\n", what, detail);
	abort();
}

/* A book of which a part had to be replaced is a fault, too. */
static void on_message(void *ctx, const struct chapbook_message *m)
{
	(void)ctx;
	if (strcmp(m->id, "repaired") == 0)
		fuzz_fail("repaired", m->text);
}

struct chapbook_job *fuzz_job(void)
{
	struct chapbook_job *job = chapbook_job_new();
	if (!job)
		abort();
	chapbook_job_on_message(job, on_message, NULL);
	fuzz_set(job, "threads", "1");
	fuzz_set(job, "cover", "none");
	return job;
}

void fuzz_set(struct chapbook_job *job, const char *key, const char *value)
{
	struct chapbook_error err = {0};
	if (chapbook_job_set(job, key, value, &err) != 0 && err.code != CHAPBOOK_E_USAGE)
		fuzz_fail(key, err.message);
}

static void on_finding(void *ctx, const struct chapbook_message *m)
{
	(void)ctx;
	if (m->severity != CHAPBOOK_NOTE)
		fuzz_fail(m->where ? m->where : m->id, m->text);
}

void fuzz_finish(struct chapbook_job *job)
{
	struct chapbook_error err = {0};
	struct package package = PACKAGE_INIT;
	struct container_facts facts;
	char *bytes = NULL;
	size_t size = 0;
	if (chapbook_job_write_bytes(job, &bytes, &size, &err) != 0) {
		/* what may be wrong with an input, or with what was asked for */
		if (err.code != CHAPBOOK_E_INPUT && err.code != CHAPBOOK_E_LIMIT &&
		    err.code != CHAPBOOK_E_USAGE)
			fuzz_fail("not an error of input", err.message);
		if (err.message[0] == '\0')
			fuzz_fail("failed", "without a message");
	} else {
		if (package_open_bytes(&package, bytes, size, &facts, &err) != 0)
			fuzz_fail("cannot be opened", err.message);
		check_package(&package, &facts,
			      &(struct check_options){.threads = 1, .fn = on_finding}, &err);
	}
	package_release(&package);
	free(bytes);
	chapbook_job_free(job);
}
