/* SVG drawings: any bytes, as a picture of an article (a data: URL, each byte escaped) and, as they
 * are, inside its text. */
#include "fuzz.h"

#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chapbook_job *job = fuzz_job();
	struct buf text = BUF_INIT;
	buf_puts(&text, "# Drawing\n\nWords.\n\n![A drawing](data:image/svg+xml,");
	for (size_t i = 0; i < size; i++)
		buf_printf(&text, "%%%02X", data[i]);
	buf_puts(&text, ")\n\n");
	buf_append(&text, data, size);
	fuzz_set(job, "from", "markdown");
	chapbook_job_add_bytes(job, "drawing.md", text.data, text.len, NULL);
	buf_release(&text);
	fuzz_finish(job);
	return 0;
}
