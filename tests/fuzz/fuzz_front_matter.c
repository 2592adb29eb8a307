/* TOML and JSON, as front matter and as metadata files. The first byte says which of both it is;
 * the block has its marks, so that nearly all inputs reach the parser. */
#include "fuzz.h"

#include "base/buf.h"
#include "read/metadata/metadata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	bool is_toml = *data++ != '{';
	size--;

	struct chapbook_error err = {0};
	struct article *a = article_new();
	if (metadata_read_file(a, (const char *)data, size, is_toml ? "fuzz.toml" : "fuzz.json",
			       NULL, &err) != 0 &&
	    err.message[0] == '\0')
		fuzz_fail("failed", "without an error");
	article_free(a);

	struct buf text = BUF_INIT;
	buf_puts(&text, is_toml ? "+++\n" : "{");
	buf_append(&text, data, size);
	buf_puts(&text, is_toml ? "\n+++\n" : "}\n");
	buf_puts(&text, "\n# A heading\n\nSome words.\n");
	struct chapbook_job *job = fuzz_job();
	chapbook_job_add_bytes(job, "fuzz.md", text.data, text.len, NULL);
	fuzz_finish(job);
	buf_release(&text);
	return 0;
}
