/* What a file is: the first byte chooses a name, the rest is a file of any format and charset. */
#include "fuzz.h"

#include "base/utf8.h"
#include "read/sniff/sniff.h"

#include <string.h>

static void check_sniffers(const char *name, const char *bytes, size_t size)
{
	struct buf what = BUF_INIT, text = BUF_INIT;
	bool known = sniff_bytes(bytes, size, &what);
	if (!known) {
		utf8_clean(&text, bytes, size);
		known = sniff_text(name, text.data, text.len, &what);
		sniff_is_page(text.data, text.len, true);
		sniff_has_no_tags(text.data, text.len);
	}
	if (known != (what.len > 0) || strchr(what.data, '\n'))
		fuzz_fail("sniffed", what.data);
	buf_release(&what);
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"fuzz",     "fuzz.txt",   "fuzz.md",   "fuzz.html",
					    "fuzz.htm", "fuzz.xml",   "fuzz.json", "fuzz.eml",
					    "fuzz.csv", "fuzz.mhtml", "fuzz.c",    "fuzz.unknown"};
	if (size == 0)
		return 0;
	const char *name = names[data[0] % (sizeof names / sizeof *names)];
	check_sniffers(name, (const char *)data + 1, size - 1);
	struct chapbook_job *job = fuzz_job();
	chapbook_job_add_bytes(job, name, data + 1, size - 1, NULL);
	fuzz_finish(job);
	return 0;
}
