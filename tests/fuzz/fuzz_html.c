/* Web pages: any bytes, as a page or a web archive; from somewhere, or nobody knows where. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chapbook_job *job = fuzz_job();
	fuzz_set(job, "from", "html");
	fuzz_set(job, "base-url", size % 2 ? "https://example.org/news/story.html" : "");
	chapbook_job_add_bytes(job, "fuzz.html", data, size, NULL);
	fuzz_finish(job);
	return 0;
}
