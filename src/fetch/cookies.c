#include "fetch/cookies.h"

#include "base/error.h"
#include "base/file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE = 16 << 20 };

/* Domain, whether hosts below it, path, whether only https, expiry, name, value: with tabs between.
 * The value may be missing. */
static bool is_cookie(const char *line, size_t len)
{
	size_t tabs = 0;
	for (size_t i = 0; i < len; i++)
		tabs += line[i] == '\t';
	return tabs == 5 || tabs == 6;
}

/* libcurl passes over what it does not know; but who gives a file of another kind (JSON is common)
 * would only see that they are not known. Returns the number of the first such line, or 0. */
static size_t wrong_line(const char *text)
{
	static const char http_only[] = "#HttpOnly_";
	size_t number = 0;
	while (*text) {
		size_t len = strcspn(text, "\n");
		number++;
		bool comment = *text == '#' && strncmp(text, http_only, sizeof http_only - 1) != 0;
		if (!comment && strspn(text, " \t\r") < len && !is_cookie(text, len))
			return number;
		text += len + (text[len] == '\n');
	}
	return 0;
}

int cookies_read(const char *path, const struct curl *curl, CURLSH *share,
		 struct chapbook_error *err)
{
	char *text;
	size_t size;
	if (file_read(path, MAX_FILE, &text, &size, err) != 0)
		return -1;
	size_t line = wrong_line(text);
	free(text);
	if (line > 0)
		return error_set(err, CHAPBOOK_E_USAGE,
				 "%s:%zu: not a cookie in Netscape format (seven values "
				 "separated by tabs)",
				 path, line);
	CURL *easy = curl->curl_easy_init();
	if (!easy)
		return error_memory(err);
	curl->curl_easy_setopt(easy, CURLOPT_SHARE, share);
	curl->curl_easy_setopt(easy, CURLOPT_COOKIEFILE, path);
	curl->curl_easy_setopt(easy, CURLOPT_COOKIELIST, "RELOAD");
	curl->curl_easy_cleanup(easy);
	return 0;
}
