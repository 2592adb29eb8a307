#include "package/url.h"

#include "base/ascii.h"

#include <string.h>
#include <strings.h>

/* RFC 3986 section 3.1: the length of the scheme before its colon, or 0. */
static size_t url_scheme_length(const char *s, size_t len)
{
	size_t i = 0;
	if (len == 0 || !ascii_is_alpha(s[0]))
		return 0;
	while (i < len && (ascii_is_alnum(s[i]) || strchr("+-.", s[i])))
		i++;
	return i < len && s[i] == ':' ? i : 0;
}

static enum url_kind scheme_kind(const char *s, size_t len, bool *insecure)
{
	static const struct {
		const char *name;
		enum url_kind kind;
	} known[] = {
		{"http", URL_REMOTE},     {"https", URL_REMOTE}, {"ftp", URL_REMOTE},
		{"ftps", URL_REMOTE},     {"sftp", URL_REMOTE},  {"rtsp", URL_REMOTE},
		{"data", URL_DATA},       {"file", URL_FILE},    {"javascript", URL_SCRIPT},
		{"vbscript", URL_SCRIPT},
	};
	*insecure = len == 4 && strncasecmp(s, "http", 4) == 0;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strlen(known[i].name) == len && strncasecmp(s, known[i].name, len) == 0)
			return known[i].kind;
	return URL_OTHER;
}

/* Decode percent escapes into `out`; returns the length. A '%' that escapes nothing is kept. */
static size_t percent_decode(char *out, const char *s, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '%' && i + 2 < len && ascii_hex_value(s[i + 1]) >= 0 &&
		    ascii_hex_value(s[i + 2]) >= 0) {
			out[n++] =
				(char)(ascii_hex_value(s[i + 1]) << 4 | ascii_hex_value(s[i + 2]));
			i += 2;
		} else {
			out[n++] = s[i];
		}
	}
	return n;
}

static const char *decoded(struct arena *a, const char *s, size_t len, size_t *out_len)
{
	char *copy = arena_alloc(a, len + 1);
	*out_len = copy ? percent_decode(copy, s, len) : 0;
	return copy;
}

/* RFC 3986 section 5.2.4 over folders of the container: `path` relative to the folder of `base`.
 * Returns NULL when it leaves the container (or memory runs out). */
static const char *package_url_resolve(struct arena *a, const char *base, const char *path,
				       size_t len, size_t *out_len)
{
	const char *slash = strrchr(base, '/');
	size_t n = slash ? (size_t)(slash - base) + 1 : 0; /* ends in a slash, or is empty */
	char *out = arena_alloc(a, n + len + 2);
	if (!out)
		return NULL;
	memcpy(out, base, n);
	for (size_t i = 0; i < len;) {
		const char *end = memchr(path + i, '/', len - i);
		size_t part = end ? (size_t)(end - path) - i : len - i;
		if (part == 2 && memcmp(path + i, "..", 2) == 0) {
			if (n == 0)
				return NULL;
			for (n--; n > 0 && out[n - 1] != '/'; n--)
				;
		} else if (part == 1 && path[i] == '.') {
			/* this folder */
		} else {
			n += percent_decode(out + n, path + i, part);
			if (end)
				out[n++] = '/';
		}
		i += part + (end != NULL);
	}
	out[n] = '\0';
	*out_len = n;
	return out;
}

void url_parse(struct url *url, struct arena *a, const char *base, const char *s, size_t len)
{
	*url = (struct url){.kind = URL_LOCAL};
	while (len > 0 && (unsigned char)s[0] <= ' ')
		s++, len--;
	while (len > 0 && (unsigned char)s[len - 1] <= ' ')
		len--;
	size_t scheme = url_scheme_length(s, len);
	if (scheme > 0) {
		url->kind = scheme_kind(s, scheme, &url->insecure);
		/* "http:" and the like want an authority */
		if (url->kind == URL_REMOTE &&
		    (len < scheme + 4 || memcmp(s + scheme, "://", 3) != 0))
			url->kind = URL_BAD;
		if (url->kind == URL_REMOTE && memchr(s, ' ', len))
			url->kind = URL_BAD;
		return;
	}
	if (len >= 2 && s[0] == '/' && s[1] == '/') {
		url->kind = URL_REMOTE;
		return;
	}
	const char *hash = memchr(s, '#', len);
	if (hash) {
		size_t rest = len - (size_t)(hash - s) - 1;
		url->fragment = decoded(a, hash + 1, rest, &url->fragment_len);
		len = (size_t)(hash - s);
	}
	const char *query = memchr(s, '?', len);
	if (query) {
		url->has_query = true;
		len = (size_t)(query - s);
	}
	if (len == 0) {
		url->same = true;
		return;
	}
	if (s[0] == '/') {
		url->kind = URL_OUTSIDE;
		return;
	}
	url->path = package_url_resolve(a, base, s, len, &url->path_len);
	if (!url->path && !a->failed)
		url->kind = URL_OUTSIDE;
}
