#include "job/load.h"

#include "base/below.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/gzip.h"
#include "base/timestamp.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>

/* The Wayback Machine of the Internet Archive. */
#define ARCHIVE_URL  "https://web.archive.org/web/"
#define MAX_METADATA ((size_t)1 << 20)

/* --- Folders --- */

char *input_folder(const char *name)
{
	struct stat st;
	bool lies = strcmp(name, "-") != 0 && stat(name, &st) == 0 && S_ISREG(st.st_mode);
	return lies ? file_dirname(name) : NULL;
}

static char *real_folder_of(const char *name)
{
	char *folder = input_folder(name), *real = folder ? realpath(folder, NULL) : NULL;
	free(folder);
	return real;
}

/* --- Metadata files --- */

void metadata_files_release(struct metadata_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free((void *)files->items[i].bytes);
		free((void *)files->items[i].folder);
	}
	free(files->items);
}

int metadata_files_read(const struct chapbook_job *job, struct metadata_files *files,
			struct chapbook_error *err)
{
	*files = (struct metadata_files){0};
	if (job->metadata_files.count == 0)
		return 0;
	files->items = calloc(job->metadata_files.count, sizeof *files->items);
	if (!files->items)
		return error_memory(err);
	for (size_t i = 0; i < job->metadata_files.count; i++) {
		struct read_metadata *file = &files->items[i];
		char *bytes = NULL;
		file->name = job->metadata_files.items[i];
		if (file_read(file->name, MAX_METADATA, &bytes, &file->size, err) != 0)
			return -1;
		file->bytes = bytes;
		files->count++;
		file->folder = real_folder_of(file->name);
	}
	return 0;
}

/* --- One input's bytes, and what is known of them --- */

void input_bytes_release(struct input_bytes *s)
{
	free(s->owned);
	fetch_result_release(&s->fetched);
}

/* Append the digits of a date; without one, those of the run's time. */
static void put_digits(struct buf *out, const struct chapbook_job *job, const char *date)
{
	char now[WHEN_TEXT];
	when_format(job->book.epoch >= 0 ? job->book.epoch : (long long)time(NULL), now);
	enum { MAX_DIGITS = 14 /* to the second */ };
	int count = 0;
	for (const char *c = date ? date : now; *c && count < MAX_DIGITS; c++)
		if (*c >= '0' && *c <= '9') {
			buf_putc(out, *c);
			count++;
		}
}

/* Get the copy in a web archive ("id_": as it was, without the archive's own links). It is not the
 * user who asks there: the archive gets none of the user's cookies and header fields. */
static int fetch_archived(struct chapbook_job *job, const struct input *input,
			  const struct fetch_request *request, struct fetch_result *result)
{
	const char *archive = job->fetch.wayback_url ? job->fetch.wayback_url : ARCHIVE_URL;
	struct chapbook_error why = {0};
	struct buf url = BUF_INIT;
	buf_printf(&url, "%s%s", archive, archive[strlen(archive) - 1] == '/' ? "" : "/");
	put_digits(&url, job, input->item ? input->item->saved : NULL);
	buf_printf(&url, "id_/%s", request->url);
	const struct fetch_request copy = {.url = url.data, .kind = request->kind, .referrer = ""};
	int rc = url.failed ? -1 : fetch_get(job_fetcher(job), &copy, result, &why);
	char *asked = rc == 0 ? strdup(request->url) : NULL;
	buf_release(&url);
	if (asked) {
		result->archived = result->url;
		result->url = asked;
	}
	return asked ? 0 : -1;
}

int input_fetch(struct chapbook_job *job, const struct input *input,
		const struct fetch_request *request, struct fetch_result *result,
		struct chapbook_error *err)
{
	struct fetcher *fetcher = job_fetcher(job);
	struct chapbook_error why = {0};
	if (!fetcher)
		return error_memory(err);
	if (fetch_get(fetcher, request, result, &why) == 0 ||
	    (job->fetch.wayback && input && result->is_gone &&
	     fetch_archived(job, input, request, result) == 0))
		return 0;
	fetch_result_release(result);
	if (err && err->code == CHAPBOOK_OK)
		*err = why;
	return -1;
}

int input_unpack(struct chapbook_job *job, const struct input *input, struct input_bytes *s,
		 struct chapbook_error *err)
{
	struct chapbook_error why = {0};
	char *unpacked;
	if (!gzip_is(s->bytes, s->size))
		return 0;
	size_t limit = input->is_remote ? fetcher_page_max(job_fetcher(job)) : MAX_INPUT_BYTES;
	if (gzip_read(s->bytes, s->size, limit, &unpacked, &s->size, &why) != 0)
		return error_set(err, why.code, "%s: %s%s", input->name, why.message,
				 why.code == CHAPBOOK_E_LIMIT && input->is_remote
					 ? "; use a larger --max-page-size"
					 : "");
	free(s->owned);
	s->bytes = s->owned = unpacked;
	return 0;
}

/* Whether a path that does not exist is the address of a web page without its scheme:
 * "example.org/story", "www.example.org". */
static bool is_bare_address(const char *path)
{
	size_t host = strcspn(path, "/"), dots = 0;
	for (size_t i = 0; i < host; i++) {
		dots += path[i] == '.';
		if (path[i] == '.' ? i == 0 || i + 1 == host || path[i + 1] == '.'
				   : !isalnum((unsigned char)path[i]) && path[i] != '-')
			return false;
	}
	return dots && (path[host] == '/' || strncasecmp(path, "www.", 4) == 0);
}

static int read_file(const struct input *input, struct input_bytes *s, struct chapbook_error *err)
{
	struct chapbook_error why = {0};
	if (file_read(input->name, MAX_INPUT_BYTES, &s->owned, &s->size, &why) == 0) {
		s->bytes = s->owned;
		return 0;
	}
	if (why.sys_errno == ENOENT && strncasecmp(input->name, "file://", 7) == 0)
		return error_set(err, why.code, "%s: file addresses are not read; use the path %s",
				 input->name, input->name + 7);
	if (why.sys_errno == ENOENT && strstr(input->name, "://"))
		return error_set(err, why.code,
				 "%s: no such file; of addresses only http:// and https:// are "
				 "downloaded",
				 input->name);
	if (why.sys_errno == ENOENT && is_bare_address(input->name))
		return error_set(err, why.code, "%s: no such file; for a web page use https://%s",
				 input->name, input->name);
	if (err)
		*err = why;
	return -1;
}

int input_load(struct chapbook_job *job, const struct input *input, struct input_bytes *s,
	       struct chapbook_error *err)
{
	if (input->is_remote) {
		job_progress(job, CHAPBOOK_FETCHING, input->name, 0, 0);
		const struct fetch_request request = {
			.url = input->name, .kind = FETCH_PAGE, .login = input->login};
		if (input_fetch(job, input, &request, &s->fetched, err) != 0)
			return -1;
		s->bytes = s->fetched.bytes;
		s->size = s->fetched.size;
	} else if (input->bytes) {
		s->bytes = input->bytes;
		s->size = input->size;
	} else if (input->kept) {
		s->bytes = input->kept;
		s->size = input->kept_size;
	} else if (input->listed) {
		if (below_read(input->folder, input->listed, MAX_INPUT_BYTES, &s->owned, &s->size,
			       err) != 0)
			return -1;
		s->bytes = s->owned;
	} else if (read_file(input, s, err) != 0) {
		return -1;
	}
	return input_unpack(job, input, s, err);
}
