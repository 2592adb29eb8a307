/* The article of a job alone, without a book. */
#include "job/input.h"

#include "article/xhtml.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory_limit.h"
#include "extract/metadata/record.h"

#include <stdlib.h>
#include <string.h>

static int extract(struct chapbook_job *job, struct buf *html, struct buf *json,
		   struct chapbook_error *err)
{
	struct diag diag = {.fn = job->on_message, .ctx = job->on_message_ctx};
	struct metadata_files metadata;
	struct memory_limit limit;
	struct article *article = NULL;
	int rc = -1;
	memory_limit_begin(&limit, job->memory);
	if (metadata_files_read(job, &metadata, err) != 0)
		goto out;
	if (job->inputs.count != 1) {
		error_set(err, CHAPBOOK_E_USAGE, "extract: one article at a time");
		goto out;
	}
	article = input_read(job, &job->inputs.items[0], &metadata, false, &diag, err);
	if (!article)
		goto out;
	xhtml_put_document(html, article);
	record_put_json(json, article);
	input_report_summary(article, &diag);
	rc = html->failed || json->failed ? error_memory(err) : 0;
out:
	if (rc != 0)
		memory_limit_explain(job_name(job), err);
	memory_limit_end();
	article_free(article);
	metadata_files_release(&metadata);
	return rc;
}

int chapbook_job_extract(struct chapbook_job *job, char **html, char **json,
			 struct chapbook_error *err)
{
	struct buf document = BUF_INIT, record = BUF_INIT;
	int rc = extract(job, &document, &record, err);
	*html = rc == 0 ? buf_detach(&document, NULL) : NULL;
	*json = rc == 0 ? buf_detach(&record, NULL) : NULL;
	buf_release(&document);
	buf_release(&record);
	return rc;
}

int chapbook_job_extract_files(struct chapbook_job *job, const char *stem,
			       struct chapbook_error *err)
{
	struct buf document = BUF_INIT, record = BUF_INIT, path = BUF_INIT;
	char *folder = NULL;
	int rc = extract(job, &document, &record, err);
	if (rc != 0)
		goto out;
	rc = -1;
	folder = file_dirname(stem);
	buf_printf(&path, "%s.html", stem);
	if (!folder || path.failed) {
		error_memory(err);
		goto out;
	}
	if (file_mkdirs(folder, err) != 0 ||
	    file_write(path.data, document.data, document.len, err) != 0)
		goto out;
	memcpy(path.data + strlen(stem), ".json", strlen(".json"));
	rc = file_write(path.data, record.data, record.len, err);
out:
	free(folder);
	buf_release(&path);
	buf_release(&document);
	buf_release(&record);
	return rc;
}
