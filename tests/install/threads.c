/* Eight threads make the same sixteen books at once; each book must have the same bytes in all. */
#include "chapbook.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 8
#define BOOKS   16

struct made {
	char *bytes;
	size_t size;
	struct chapbook_error err;
};

static struct made books[THREADS][BOOKS];

static void *make_books(void *arg)
{
	struct made *mine = arg;
	for (int i = 0; i < BOOKS; i++) {
		char text[2048], name[32];
		bool markdown = i % 2;
		snprintf(name, sizeof name, "article-%d.%s", i, markdown ? "md" : "txt");
		snprintf(text, sizeof text,
			 "%sTitle Number %d\n\nBy Ann Brown\n\n%sThe first part\n\nIt has a "
			 "paragraph%s in it, and the paragraph says %d.\n\n%sThe second part\n\n"
			 "<b>Bold</b> & plain words, the year 2021, and nothing else.\n%s",
			 markdown ? "# " : "", i, markdown ? "## " : "", markdown ? "[^1]" : "",
			 i * i, markdown ? "## " : "", markdown ? "\n[^1]: A note.\n" : "");
		struct chapbook_job *job = chapbook_job_new();
		if (!job || chapbook_job_set(job, "cover", "none", &mine[i].err) != 0 ||
		    chapbook_job_add_bytes(job, name, text, strlen(text), &mine[i].err) != 0 ||
		    chapbook_job_write_bytes(job, &mine[i].bytes, &mine[i].size, &mine[i].err) != 0)
			mine[i].size = 0;
		chapbook_job_free(job);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];
	for (int t = 0; t < THREADS; t++) {
		if (pthread_create(&threads[t], NULL, make_books, books[t]) != 0)
			return 2;
	}
	int rc = 0;
	for (int t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	for (int t = 0; t < THREADS; t++) {
		for (int i = 0; i < BOOKS; i++) {
			const struct made *a = &books[0][i], *b = &books[t][i];
			if (b->size == 0) {
				printf("thread %d, book %d: %s\n", t, i, b->err.message);
				rc = 1;
			} else if (a->size != b->size || memcmp(a->bytes, b->bytes, a->size) != 0) {
				printf("thread %d, book %d: other bytes\n", t, i);
				rc = 1;
			}
		}
	}
	for (int t = 0; t < THREADS; t++) {
		for (int i = 0; i < BOOKS; i++)
			free(books[t][i].bytes);
	}
	return rc;
}
