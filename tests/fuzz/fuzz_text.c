/* The text reader: any bytes, as a plain text. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chapbook_job *job = fuzz_job();
	fuzz_set(job, "from", "text");
	chapbook_job_add_bytes(job, "fuzz.txt", data, size, NULL);
	fuzz_finish(job);
	return 0;
}
