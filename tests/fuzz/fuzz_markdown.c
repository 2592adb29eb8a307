/* The Markdown reader, with front matter, raw HTML and all. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chapbook_job *job = fuzz_job();
	fuzz_set(job, "from", "markdown");
	chapbook_job_add_bytes(job, "fuzz.md", data, size, NULL);
	fuzz_finish(job);
	return 0;
}
