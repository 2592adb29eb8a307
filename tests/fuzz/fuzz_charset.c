/* Any bytes to UTF-8: the first byte chooses who names which charset, or that it is guessed. */
#include "fuzz.h"

#include "base/utf8.h"
#include "read/charset/charset.h"
#include "read/charset/guess.h"

#include <string.h>

static void check_guess(const char *bytes, size_t size, bool page)
{
	struct charset_sample sample = {0};
	struct charset_fit fit;
	char name[64];
	charset_sample_take(&sample, bytes, size, page);
	charset_guess(&sample, name, sizeof name, &fit);
	if (!(fit.score <= 1) || !(fit.words >= 0 && fit.words <= 1))
		fuzz_fail("fit", name);
	charset_sample_release(&sample);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const charsets[] = {
		NULL,         NULL,          "utf-8",     "utf-16",       "utf-16be", "iso-8859-1",
		"iso-8859-2", "koi8-r",      "shift_jis", "gb18030",      "big5",     "euc-kr",
		"utf-7",      "iso-2022-jp", "utf-32",    "windows-1252", "x-none"};
	static const char *const tags[] = {NULL, "en", "ru", "zh"};
	if (size == 0)
		return 0;
	const char *charset = charsets[data[0] % (sizeof charsets / sizeof *charsets)];
	const char *bytes = (const char *)data + 1;
	struct charset_hints hints = {.language = tags[data[0] >> 4 & 3], .page = data[0] >> 6 & 1};
	const char **named[] = {&hints.given, &hints.server, &hints.page_label};
	*named[data[0] % 3] = charset;
	size--;

	struct buf out = BUF_INIT;
	struct chapbook_error err = {0};
	if (charset_decode(&out, bytes, size, &hints, NULL, &err) != 0) {
		if (err.code != CHAPBOOK_E_INPUT && err.code != CHAPBOOK_E_USAGE)
			fuzz_fail("not an error of input", err.message);
	} else if (!utf8_is_clean(out.data, out.len) || memchr(out.data, '\r', out.len)) {
		fuzz_fail("not clean", out.data);
	}
	buf_release(&out);
	check_guess(bytes, size, hints.page);
	char label[64];
	charset_of_page(bytes, size, label, sizeof label);
	language_of_page(bytes, size, label, sizeof label);
	return 0;
}
