/* What a user of the installed library writes: make a book, look at it, check it; take
 * the article out of a page. */
#include <chapbook.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void tell(void *ctx, const struct chapbook_message *message)
{
	++*(int *)ctx;
	fprintf(stderr, "%s: %s: %s\n", message->where ? message->where : "-", message->id,
		message->text);
}

int main(int argc, char **argv)
{
	struct chapbook_error err = {0};
	int rc = 1, messages = 0;
	char *bytes = NULL, *info = NULL, *html = NULL, *json = NULL;
	size_t size = 0;
	static const char text[] =
		"A Short Walk\n\nIt went down to the river and came back again.\n";
	static const char page[] =
		"<!DOCTYPE html><html lang=\"en\"><title>A Long "
		"Walk</title><nav>Menu</nav><article>"
		"<h1>A Long Walk</h1><p>It went down to the river, along it for two days, and over "
		"the pass, and it did not come back again before the autumn.</p></article>";
	if (argc != 2 || strcmp(chapbook_version(), CHAPBOOK_VERSION) != 0)
		return 2;
	struct chapbook_job *job = chapbook_job_new();
	if (!job)
		return 1;
	chapbook_job_on_message(job, tell, &messages);
	if (chapbook_job_set(job, "no-such-key", "x", &err) != -1 || err.code != CHAPBOOK_E_USAGE) {
		fprintf(stderr, "an unknown key was taken\n");
		goto out;
	}
	memset(&err, 0, sizeof err);
	if (chapbook_job_set(job, "author", "Ann Brown", &err) != 0 ||
	    chapbook_job_set(job, "lang", "en", &err) != 0 ||
	    chapbook_job_add_bytes(job, "walk.txt", text, strlen(text), &err) != 0 ||
	    chapbook_job_write_file(job, argv[1], &err) != 0)
		goto out;
	if (!chapbook_job_path(job) || strcmp(chapbook_job_path(job), argv[1]) != 0) {
		fprintf(stderr, "wrote to another path\n");
		goto out;
	}
	int findings = chapbook_check(argv[1], tell, &messages, &err);
	if (findings != 0)
		goto out;
	info = chapbook_info(argv[1], CHAPBOOK_INFO_JSON, &err);
	if (!info || !strstr(info, "A Short Walk") || !strstr(info, "Ann Brown"))
		goto out;
	chapbook_job_free(job);

	job = chapbook_job_new();
	if (!job || chapbook_job_add_bytes(job, "walk.txt", text, strlen(text), &err) != 0 ||
	    chapbook_job_write_bytes(job, &bytes, &size, &err) != 0)
		goto out;
	if (size < 100 || memcmp(bytes, "PK\3\4", 4) != 0 ||
	    memcmp(bytes + 30, "mimetypeapplication/epub+zip", 28) != 0) {
		fprintf(stderr, "no EPUB container\n");
		goto out;
	}
	chapbook_job_clear(job);
	if (chapbook_job_set(job, "base-url", "https://example.org/walk", &err) != 0 ||
	    chapbook_job_add_bytes(job, "walk.html", page, strlen(page), &err) != 0 ||
	    chapbook_job_extract(job, &html, &json, &err) != 0)
		goto out;
	if (!strstr(html, "over the pass") || strstr(html, "Menu") ||
	    !strstr(json, "\"url\": \"https://example.org/walk\"")) {
		fprintf(stderr, "extracted:\n%s%s", html, json);
		goto out;
	}
	rc = 0;
out:
	if (rc != 0)
		fprintf(stderr, "error %d: %s\n", (int)err.code, err.message);
	chapbook_job_free(job);
	free(bytes);
	free(info);
	free(html);
	free(json);
	return rc;
}
