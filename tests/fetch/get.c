/* Asks for addresses and tells what came of each, a line or more an address:
 *
 *     get [OPTION VALUE | --offline]... [-p] [-o] [-r REFERRER] URL... [-n] ...
 *
 * `-p` makes the URLs that follow pictures, `-r` gives them a referrer, `-o` says that it is at a
 * public address; `-n` undoes all three. `-j N`: so many threads. `-w FILE`: the bytes of the last
 * one into a file. The other options are those of the fetcher. */
#include "base/id.h"
#include "base/pool.h"
#include "fetch/fetch.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_JOBS = 4096 };

struct job {
	struct fetch_request request;
	struct fetch_result result;
	struct chapbook_error err;
	int rc;
};

static struct job jobs[MAX_JOBS];
static struct fetcher *fetcher;

static void do_job(void *ctx, size_t i)
{
	(void)ctx;
	jobs[i].rc = fetch_get(fetcher, &jobs[i].request, &jobs[i].result, &jobs[i].err);
}

static void tell(const struct job *job)
{
	const struct fetch_result *r = &job->result;
	char digest[SHA256_HEX];
	if (job->rc != 0) {
		printf("error %d %s\n", job->err.code, job->err.message);
		return;
	}
	sha256_hex(r->bytes, r->size, digest);
	printf("ok %zu %.16s %s %s %s %s %s\n", r->size, digest,
	       r->media_type ? r->media_type : "-", r->charset ? r->charset : "-",
	       r->from_cache ? "cached" : "fetched", r->is_public ? "public" : "private", r->url);
}

/* How the next URLs are asked for. */
static struct fetch_request request;
static struct fetch_options options;
static const char *headers[MAX_JOBS];
static unsigned threads = 1;
static const char *write_to;

/* Options without a value. */
static bool set_flag(const char *name)
{
	if (strcmp(name, "--offline") == 0)
		options.offline = true;
	else if (strcmp(name, "-p") == 0)
		request.kind = FETCH_PICTURE;
	else if (strcmp(name, "-o") == 0)
		request.public_only = true;
	else if (strcmp(name, "-n") == 0)
		request = (struct fetch_request){0};
	else
		return false;
	return true;
}

static bool set_option(const char *name, const char *value)
{
	const struct {
		const char *name;
		const char **text;
		size_t *size;
		unsigned *number;
	} known[] = {
		{"-r", &request.referrer, NULL, NULL},
		{"-j", NULL, NULL, &threads},
		{"-w", &write_to, NULL, NULL},
		{"--user-agent", &options.user_agent, NULL, NULL},
		{"--header", &headers[options.header_count], NULL, NULL},
		{"--cookies", &options.cookies, NULL, NULL},
		{"--proxy", &options.proxy, NULL, NULL},
		{"--cache", &options.cache_dir, NULL, NULL},
		{"--cache-max", NULL, &options.cache_max, NULL},
		{"--timeout", NULL, NULL, &options.timeout},
		{"--redirects", NULL, NULL, &options.redirects},
		{"--page-max", NULL, &options.page_max, NULL},
		{"--picture-max", NULL, &options.picture_max, NULL},
	};
	if (strcmp(name, "--rate") == 0)
		return options.rate = atof(value), true;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(name, known[i].name) != 0)
			continue;
		options.header_count += strcmp(name, "--header") == 0;
		if (known[i].text)
			*known[i].text = value;
		else if (known[i].size)
			*known[i].size = (size_t)atol(value);
		else
			*known[i].number = (unsigned)atoi(value);
		return true;
	}
	return false;
}

static bool write_bytes(const struct fetch_result *r)
{
	FILE *f = fopen(write_to, "wb");
	return f && fwrite(r->bytes, 1, r->size, f) == r->size && fclose(f) == 0;
}

int main(int argc, char **argv)
{
	size_t count = 0;
	options.headers = headers;
	for (int i = 1; i < argc && count < MAX_JOBS; i++) {
		if (argv[i][0] != '-') {
			jobs[count].request = request;
			jobs[count++].request.url = argv[i];
		} else if (!set_flag(argv[i]) &&
			   (i + 1 == argc || !set_option(argv[i], argv[i + 1]))) {
			fprintf(stderr, "%s?\n", argv[i]);
			return 2;
		} else if (!set_flag(argv[i])) {
			i++;
		}
	}
	fetcher = fetcher_new(&options);
	if (!fetcher)
		return 2;
	pool_run(count, threads, do_job, NULL);
	for (size_t i = 0; i < count; i++)
		tell(&jobs[i]);
	struct fetch_tally tally;
	fetcher_tally(fetcher, &tally);
	printf("tally %zu %zu %zu %llu\n", tally.fetched, tally.unchanged, tally.cached,
	       tally.bytes);
	if (write_to && count > 0 && jobs[count - 1].rc == 0 &&
	    !write_bytes(&jobs[count - 1].result))
		return 2;
	for (size_t i = 0; i < count; i++)
		fetch_result_release(&jobs[i].result);
	fetcher_free(fetcher);
	return 0;
}
