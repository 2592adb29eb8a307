/* Asks for addresses and tells what came of each, a line or more an address:
 *
 *     get [OPTION...] [-p|-P] [-r REFERRER] [-o] URL...
 *
 * The options before the first URL are those of the fetcher. `-p` makes the URLs that follow
 * pictures, `-r` gives them a referrer, `-o` says that it is at a public address; `-n` undoes all
 * three. `-j N`: so many threads. `-w FILE`: the bytes of the last one into a file. */
#include "base/id.h"
#include "base/pool.h"
#include "fetch/fetch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4096 };

struct job {
	struct fetch_request request;
	struct fetch_result result;
	struct chapbook_error err;
	int rc;
};

static struct job jobs[MOST];
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

int main(int argc, char **argv)
{
	struct fetch_options options = {0};
	static const char *headers[MOST];
	struct fetch_request request = {0};
	const char *write_to = NULL;
	size_t count = 0;
	unsigned threads = 1;
	options.headers = headers;
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i], *next = i + 1 < argc ? argv[i + 1] : "";
		if (a[0] != '-') {
			jobs[count].request = request;
			jobs[count++].request.url = a;
			continue;
		}
		if (strcmp(a, "--offline") == 0)
			options.offline = true;
		else if (strcmp(a, "-p") == 0)
			request.kind = FETCH_PICTURE;
		else if (strcmp(a, "-o") == 0)
			request.public_only = true;
		else if (strcmp(a, "-n") == 0)
			request = (struct fetch_request){0};
		else {
			i++;
			if (strcmp(a, "-r") == 0)
				request.referrer = next;
			else if (strcmp(a, "-j") == 0)
				threads = (unsigned)atoi(next);
			else if (strcmp(a, "-w") == 0)
				write_to = next;
			else if (strcmp(a, "--user-agent") == 0)
				options.user_agent = next;
			else if (strcmp(a, "--header") == 0)
				headers[options.header_count++] = next;
			else if (strcmp(a, "--cookies") == 0)
				options.cookies = next;
			else if (strcmp(a, "--proxy") == 0)
				options.proxy = next;
			else if (strcmp(a, "--cache") == 0)
				options.cache_dir = next;
			else if (strcmp(a, "--cache-max") == 0)
				options.cache_max = (size_t)atol(next);
			else if (strcmp(a, "--rate") == 0)
				options.rate = atof(next);
			else if (strcmp(a, "--timeout") == 0)
				options.timeout = (unsigned)atoi(next);
			else if (strcmp(a, "--redirects") == 0)
				options.redirects = (unsigned)atoi(next);
			else if (strcmp(a, "--page-max") == 0)
				options.page_max = (size_t)atol(next);
			else if (strcmp(a, "--picture-max") == 0)
				options.picture_max = (size_t)atol(next);
			else
				return fprintf(stderr, "%s?\n", a), 2;
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
	if (write_to && count > 0 && jobs[count - 1].rc == 0) {
		FILE *f = fopen(write_to, "wb");
		if (!f ||
		    fwrite(jobs[count - 1].result.bytes, 1, jobs[count - 1].result.size, f) !=
			    jobs[count - 1].result.size ||
		    fclose(f) != 0)
			return 2;
	}
	for (size_t i = 0; i < count; i++)
		fetch_result_release(&jobs[i].result);
	fetcher_free(fetcher);
	return 0;
}
