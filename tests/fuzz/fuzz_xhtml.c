/* Pages by the rules of XML. */
#include "fuzz.h"

#include "base/utf8.h"
#include "read/html/xhtml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT, html = BUF_INIT;
	struct xhtml_problem problem;
	utf8_clean(&text, (const char *)data, size);
	if (xhtml_put_html(&html, text.data, text.len, &problem)) {
		if (!utf8_is_clean(html.data, html.len))
			fuzz_fail("not clean", html.data);
	} else if (html.len > 0 || !problem.reason[0]) {
		fuzz_fail("refused", problem.reason);
	}
	buf_release(&html);
	buf_release(&text);

	struct chapbook_job *job = fuzz_job();
	chapbook_job_add_bytes(job, "fuzz.xhtml", data, size, NULL);
	fuzz_finish(job);
	return 0;
}
