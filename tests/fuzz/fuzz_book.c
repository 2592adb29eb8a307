/* The whole pipeline with options: the first lines "key: value" are options, up to an empty line;
 * what follows is one or more articles, separated by a record separator (U+001E); text and
 * Markdown in turn. */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

/* Options that read files have no place here. */
static const char *const safe_keys[] = {
	"title",        "subtitle",   "author",      "bio",          "author-url",  "author-sort",
	"author-role",  "lang",       "direction",   "publisher",    "date",        "source",
	"section",      "subject",    "description", "standfirst",   "rights",      "series",
	"series-index", "identifier", "conforms-to", "certified-by", "split-level", "toc-depth",
	"theme",        "epoch",      "from",        "charset",
};

static void set_option(struct chapbook_job *job, const char *line, size_t len)
{
	for (size_t i = 0; i < sizeof safe_keys / sizeof *safe_keys; i++) {
		size_t key = strlen(safe_keys[i]);
		char value[1024];
		if (len <= key || len - key - 1 >= sizeof value || line[key] != ':' ||
		    memcmp(line, safe_keys[i], key) != 0)
			continue;
		memcpy(value, line + key + 1, len - key - 1);
		value[len - key - 1] = '\0';
		fuzz_set(job, safe_keys[i], value + strspn(value, " "));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data, *end = p + size;
	struct chapbook_job *job = fuzz_job();
	while (p < end) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		size_t len = eol ? (size_t)(eol - p) : (size_t)(end - p);
		set_option(job, p, len);
		p = eol ? eol + 1 : end;
		if (len == 0)
			break;
	}
	for (int n = 0; n < 8; n++) {
		const char *stop = p < end ? memchr(p, 0x1e, (size_t)(end - p)) : NULL;
		char name[32];
		snprintf(name, sizeof name, "fuzz-%d.%s", n, n % 2 ? "txt" : "md");
		chapbook_job_add_bytes(job, name, p, (size_t)((stop ? stop : end) - p), NULL);
		if (!stop)
			break;
		p = stop + 1;
	}
	fuzz_finish(job);
	return 0;
}
