/* Which addresses are of the same picture. */
#include "extract/figures/candidates.h"

#include "article/url.h"
#include "base/ascii.h"
#include "base/buf.h"

#include <string.h>
#include <strings.h>

enum { MAX_FOLDERS = 24 };

struct span {
	const char *s;
	size_t len;
};

static size_t digits(const char *s, size_t len)
{
	size_t n = 0;
	while (n < len && ascii_is_digit(s[n]))
		n++;
	return n;
}

/* "640x480", "640x", "x480" */
static bool is_size(const char *s, size_t len)
{
	size_t n = digits(s, len);
	if (n == len || (s[n] != 'x' && s[n] != 'X'))
		return false;
	return n + 1 + digits(s + n + 1, len - n - 1) == len && len > 1;
}

/* "640x480", "640w", "scaled", "e1471905386436" (cut by hand in WordPress), "5984f850ea" (TYPO3's
 * mark of a size) */
static bool is_size_ending(const char *s, size_t len)
{
	size_t n = digits(s, len);
	return is_size(s, len) || (n && n + 1 == len && s[n] == 'w') ||
	       (len == 6 && memcmp(s, "scaled", 6) == 0) ||
	       (len == 10 && strcspn(s, "0123456789") < len &&
		strspn(s, "0123456789abcdef") >= len) ||
	       (len > 10 && s[0] == 'e' && digits(s + 1, len - 1) == len - 1);
}

/* Without what names the size at its end or start: "-640x480", "_640w", "-scaled", "@2x", "320px-".
 */
static struct span without_size(struct span name)
{
	for (size_t i = name.len; i-- > 1;) {
		if (!strchr("-_@", name.s[i]))
			continue;
		size_t len = name.len - i - 1, n = digits(name.s + i + 1, len);
		bool webflow = len && n == len && i > 2 && memcmp(name.s + i - 2, "-p", 2) == 0;
		if (!webflow && !is_size_ending(name.s + i + 1, len))
			break;
		name.len = webflow ? i - 2 : i;
		i = name.len;
	}
	size_t n = digits(name.s, name.len);
	if (n && n + 3 < name.len && memcmp(name.s + n, "px-", 3) == 0) {
		name.s += n + 3;
		name.len -= n + 3;
	}
	return name;
}

/* Whether a folder says how the picture is cut, not which it is: "640x480", "w_640,c_fill",
 * "fit=crop", "s320". */
static bool is_transform(struct span folder)
{
	if (memchr(folder.s, ',', folder.len) || memchr(folder.s, '=', folder.len) ||
	    memchr(folder.s, ':', folder.len) || is_size(folder.s, folder.len))
		return true;
	size_t n = folder.len && strchr("swhq", folder.s[0]) ? 1 : 0;
	n += n && folder.len > 1 && folder.s[1] == '_';
	return (n && folder.len > n && n + digits(folder.s + n, folder.len - n) == folder.len) ||
	       (folder.len == 5 && memcmp(folder.s, "thumb", 5) == 0) ||
	       (folder.len == 6 && memcmp(folder.s, "fit-in", 6) == 0);
}

/* Numbers alone and words for any picture name none. */
static bool key_is_plain(struct span name)
{
	size_t number = 0;
	while (number < name.len &&
	       (ascii_is_digit(name.s[number]) || strchr("x.-_", name.s[number])))
		number++;
	return name.len < 4 || (number == name.len && name.len <= 9) ||
	       picture_word_is(PICTURE_PLAIN, name.s, name.len);
}

static void put_lower(struct buf *out, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.s[i];
		buf_putc(out, c >= 'A' && c <= 'Z' ? (char)(c | 32) : c);
	}
}

/* The parameters that say which picture it is. */
static void put_query(struct buf *out, const char *query, const char *end)
{
	while (query < end) {
		const char *stop = memchr(query, '&', (size_t)(end - query));
		stop = stop ? stop : end;
		const char *equals = memchr(query, '=', (size_t)(stop - query));
		size_t name = (size_t)((equals ? equals : stop) - query);
		if (name && !picture_word_is(PICTURE_FORM, query, name)) {
			buf_putc(out, '?');
			put_lower(out, (struct span){query, (size_t)(stop - query)});
		}
		query = stop + (stop < end);
	}
}

/* The address inside an image server's: "…?url=https%3A%2F%2F…", "…/https://…"; or none. */
static bool find_inner(const char *url, const char *end, struct span *inner)
{
	static const char *const names[] = {"url=", "src=", "image=", "img="};
	const char *query = memchr(url, '?', (size_t)(end - url));
	for (size_t i = 0; query && i < sizeof names / sizeof *names; i++) {
		const char *at = memmem(query, (size_t)(end - query), names[i], strlen(names[i]));
		if (!at || (at[-1] != '?' && at[-1] != '&'))
			continue;
		at += strlen(names[i]);
		size_t len = 0;
		while (at + len < end && at[len] != '&')
			len++;
		*inner = (struct span){at, len};
		if (picture_is_file(at, len) || memmem(at, len, "%2F", 3))
			return true;
	}
	return false;
}

static void put_path_key(struct buf *out, const char *url, size_t len, bool loose)
{
	struct span folders[MAX_FOLDERS], name = {url, 0};
	size_t count = 0;
	const char *end = url + len, *path_end = memchr(url, '?', len);
	path_end = path_end ? path_end : end;
	const char *s = url, *host = memmem(url, (size_t)(path_end - url), "//", 2);
	if (host && host - url < 8) {
		s = memchr(host + 2, '/', (size_t)(path_end - host - 2));
		s = s ? s : path_end;
	}
	while (s < path_end) {
		const char *slash = memchr(s, '/', (size_t)(path_end - s));
		slash = slash ? slash : path_end;
		struct span part = {s, (size_t)(slash - s)};
		s = slash + (slash < path_end);
		if (part.len == 0)
			continue;
		if (name.len && !is_transform(name) && count < MAX_FOLDERS)
			folders[count++] = name;
		name = part;
	}
	bool is_file = picture_is_file(name.s, name.len);
	picture_file(name.s, name.len, &name.s, &name.len);
	name = without_size(name);
	if (loose && count && key_is_plain(name)) {
		put_lower(out, folders[count - 1]);
		buf_putc(out, '/');
	}
	for (size_t i = 0; !loose && i < count; i++) {
		struct span folder = folders[i];
		picture_file(folder.s, folder.len, &folder.s, &folder.len);
		if (folder.len == name.len && strncasecmp(folder.s, name.s, name.len) == 0)
			continue; /* "lake.jpg/640px-lake.jpg" */
		put_lower(out, folder);
		buf_putc(out, '/');
	}
	put_lower(out, name);
	if (!is_file && path_end < end)
		put_query(out, path_end + 1, end);
}

void picture_put_key(struct buf *out, const char *url, bool loose)
{
	struct buf decoded = BUF_INIT;
	struct span inner;
	url += strspn(url, " \t\n\r\f");
	size_t len = strcspn(url, "#");
	if (strncasecmp(url, "data:", 5) == 0)
		return;
	if (find_inner(url, url + len, &inner))
		url_put_decoded(&decoded, inner.s, inner.len);
	else
		url_put_decoded(&decoded, url, len);
	out->failed |= decoded.failed;
	put_path_key(out, decoded.data, strcspn(decoded.data, "#"), loose);
	buf_release(&decoded);
}
