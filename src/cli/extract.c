/* chapbook extract: what was found in pages, without making books. */
#include "cli/cli.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct page {
	char *name, *path, *url;
};

struct batch {
	const struct cli_args *args;
	struct page *pages;
	size_t count;
	atomic_size_t next;
	atomic_int status;
};

static void on_message(void *ctx, const struct chapbook_message *m)
{
	const struct cli_args *args = ctx;
	if (m->severity == CHAPBOOK_NOTE ? !args->explain : args->quiet)
		return;
	fprintf(stderr, "chapbook: %s%s%s%s [%s]\n", m->where ? m->where : "", m->where ? ": " : "",
		m->severity == CHAPBOOK_NOTE ? "" : "warning: ", m->text, m->id);
}

static int write_text(const char *dir, const char *name, const char *extension, const char *text)
{
	char *path = NULL;
	if (asprintf(&path, "%s/%s.%s", dir, name, extension) < 0)
		return -1;
	FILE *f = fopen(path, "w");
	int rc = f && fputs(text, f) >= 0 ? 0 : -1;
	if (f && fclose(f) != 0)
		rc = -1;
	if (rc != 0)
		perror(path);
	free(path);
	return rc;
}

static void extract(struct batch *batch, const struct page *page)
{
	const struct cli_args *args = batch->args;
	struct chapbook_error err = {0};
	char *html = NULL, *json = NULL;
	struct chapbook_job *job = chapbook_job_new();
	if (args->explain || !args->quiet)
		chapbook_job_on_message(job, on_message, (void *)args);
	int rc = chapbook_job_set(job, "from", "html", &err);
	for (size_t i = 0; rc == 0 && i < args->setting_count; i++)
		rc = chapbook_job_set(job, args->settings[i].key, args->settings[i].value, &err);
	if (rc == 0 && page->url)
		rc = chapbook_job_set(job, "base-url", page->url, &err);
	if (rc == 0)
		rc = chapbook_job_add_file(job, page->path, &err);
	if (rc == 0)
		rc = chapbook_job_extract(job, &html, &json, &err);
	if (rc != 0) {
		cli_complain("%s", err.message);
		atomic_store(&batch->status, CLI_NOT_CONVERTED);
	} else if (args->dir) {
		write_text(args->dir, page->name, "html", html);
		write_text(args->dir, page->name, "json", json);
	} else {
		fputs(html, stdout);
		fputs(json, stdout);
	}
	free(html);
	free(json);
	chapbook_job_free(job);
}

static void *work(void *arg)
{
	struct batch *batch = arg;
	size_t i;
	while ((i = atomic_fetch_add(&batch->next, 1)) < batch->count)
		extract(batch, &batch->pages[i]);
	return NULL;
}

static void read_list(struct batch *batch, const char *path)
{
	char *line = NULL;
	size_t cap = 0;
	const char *slash = strrchr(path, '/');
	FILE *f = fopen(path, "r");
	if (!f)
		return;
	while (getline(&line, &cap, f) > 0) {
		line[strcspn(line, "\n")] = '\0';
		char *name = strtok(line, "\t"), *file = strtok(NULL, "\t"),
		     *url = strtok(NULL, "\t");
		if (!name || !file)
			continue;
		batch->pages = realloc(batch->pages, (batch->count + 1) * sizeof *batch->pages);
		struct page *page = &batch->pages[batch->count++];
		page->name = strdup(name);
		page->url = url ? strdup(url) : NULL;
		asprintf(&page->path, "%.*s%s", slash ? (int)(slash - path + 1) : 0, path, file);
	}
	free(line);
	fclose(f);
}

int cli_extract(const struct cli_args *args)
{
	struct batch batch = {.args = args};
	pthread_t others[64];
	unsigned threads = args->threads ? args->threads : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	if (args->list)
		read_list(&batch, args->list);
	for (size_t i = 0; i < args->file_count; i++) {
		batch.pages = realloc(batch.pages, (batch.count + 1) * sizeof *batch.pages);
		struct page *page = &batch.pages[batch.count++];
		const char *slash = strrchr(args->files[i], '/');
		page->name = strdup(slash ? slash + 1 : args->files[i]);
		page->name[strcspn(page->name, ".")] = '\0';
		page->path = strdup(args->files[i]);
		page->url = NULL;
	}
	for (unsigned i = 1; i < threads; i++)
		pthread_create(&others[i], NULL, work, &batch);
	work(&batch);
	for (unsigned i = 1; i < threads; i++)
		pthread_join(others[i], NULL);
	return atomic_load(&batch.status);
}
