/* Make a book of an article: cc example.c $(pkg-config --cflags --libs chapbook) */
#include <chapbook.h>
#include <stdio.h>

static void print_message(void *ctx, const struct chapbook_message *message)
{
	(void)ctx;
	if (message->severity >= CHAPBOOK_LOSS)
		fprintf(stderr, "%s [%s]\n", message->text, message->id);
}

int main(int argc, char **argv)
{
	struct chapbook_error err = {0};
	struct chapbook_job *job = chapbook_job_new();
	int rc = -1;
	if (argc == 3 && job) {
		chapbook_job_on_message(job, print_message, NULL);
		if (chapbook_job_set(job, "cover", "none", &err) == 0 &&
		    chapbook_job_add_file(job, argv[1], &err) == 0)
			rc = chapbook_job_write_file(job, argv[2], &err);
	}
	if (rc != 0)
		fprintf(stderr, "%s\n", argc == 3 ? err.message : "usage: example ARTICLE BOOK");
	chapbook_job_free(job);
	return rc != 0;
}
