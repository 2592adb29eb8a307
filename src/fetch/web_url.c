#include "fetch/web_url.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/userinfo.h"
#include "base/utf8.h"
#include "fetch/fetch.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The length of "http://" or "https://" at the start, or 0. */
static size_t scheme_of(const char *text, bool *secure)
{
	*secure = strncasecmp(text, "https://", 8) == 0;
	return *secure ? 8 : strncasecmp(text, "http://", 7) == 0 ? 7 : 0;
}

bool fetch_is_url(const char *text)
{
	bool secure;
	size_t scheme = scheme_of(text, &secure);
	return scheme > 0 && text[scheme] != '\0';
}

/* Append the path and query with what may not stand there percent-encoded; line ends and tabs
 * inside are dropped (URL Standard, section 4.4). */
static void web_url_put_path(struct buf *out, const char *s, size_t len)
{
	if (len == 0 || s[0] != '/')
		buf_putc(out, '/');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c == '\t' || c == '\n' || c == '\r')
			continue;
		if (c <= ' ' || c >= 0x7F || strchr("\"<>\\^`{|}", c))
			buf_printf(out, "%%%02X", c);
		else
			buf_putc(out, (char)c);
	}
}

/* Split "user@host:port"; what could be read in two ways is refused, so that no other program reads
 * it otherwise. */
static bool split_authority(const char *s, size_t len, size_t *user_len, size_t *host_at,
			    size_t *host_len, unsigned *port)
{
	const char *at = memchr(s, '@', len);
	*user_len = at ? (size_t)(at - s) : 0;
	*host_at = at ? *user_len + 1 : 0;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == 0x7F || strchr("\"<>\\^`{|}", s[i]) ||
		    (s[i] == '@' && i != *user_len))
			return false;
	const char *host = s + *host_at, *end = s + len, *colon;
	if (host < end && host[0] == '[') {
		const char *close = memchr(host, ']', (size_t)(end - host));
		if (!close ||
		    strspn(host + 1, "0123456789abcdefABCDEF:.") != (size_t)(close - host - 1))
			return false;
		colon = close + 1;
		if (colon < end && *colon != ':')
			return false;
	} else {
		colon = memchr(host, ':', (size_t)(end - host));
		if (!colon)
			colon = end;
		for (const char *p = host; p < colon; p++)
			if (strchr("%[]", *p))
				return false;
	}
	*host_len = (size_t)(colon - host);
	unsigned long n = 0;
	for (const char *p = colon + 1; p < end; p++) {
		if (*p < '0' || *p > '9' || n > 65535)
			return false;
		n = n * 10 + (unsigned long)(*p - '0');
	}
	*port = (unsigned)n;
	return *host_len > 0 && *host_len < 256 && n <= 65535 && !(n == 0 && colon + 1 < end);
}

bool web_url_read(struct arena *arena, const char *text, struct web_url *url)
{
	*url = (struct web_url){0};
	while (ascii_is_space(*text))
		text++;
	size_t scheme = scheme_of(text, &url->secure), len = strcspn(text, "#");
	while (len > 0 && ascii_is_space(text[len - 1]))
		len--;
	url->is_too_long = scheme > 0 && len > MAX_WEB_URL;
	if (scheme == 0 || len <= scheme || url->is_too_long)
		return false;
	const char *authority = text + scheme;
	size_t authority_len = strcspn(authority, "/?#");
	if (authority_len > len - scheme)
		authority_len = len - scheme;
	size_t user_len, host_at, host_len;
	unsigned port, usual = url->secure ? 443 : 80;
	if (!split_authority(authority, authority_len, &user_len, &host_at, &host_len, &port))
		return false;
	url->host = arena_dupn(arena, authority + host_at, host_len);
	for (char *p = url->host; p && *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + ('a' - 'A'));
	if (user_len > 0)
		url->user = arena_dupn(arena, authority, user_len);
	if (port == 0)
		port = usual;

	struct buf path = BUF_INIT;
	web_url_put_path(&path, authority + authority_len, len - scheme - authority_len);
	const char *scheme_text = url->secure ? "https" : "http";
	char port_text[8] = "";
	if (port != usual)
		snprintf(port_text, sizeof port_text, ":%u", port);
	if (!path.failed && !arena->failed) {
		url->origin = arena_printf(arena, "%s://%s:%u", scheme_text, url->host, port);
		url->shown = arena_printf(arena, "%s://%s%s%s", scheme_text, url->host, port_text,
					  path.data);
		url->text = url->user ? arena_printf(arena, "%s://%s@%s%s%s", scheme_text,
						     url->user, url->host, port_text, path.data)
				      : url->shown;
	}
	buf_end(&path, &arena->failed);
	/* Percent-encoding makes it up to three times as long. */
	url->is_too_long = !arena->failed && strlen(url->text) > MAX_WEB_URL;
	return !arena->failed && !url->is_too_long;
}

void web_url_login(struct arena *arena, struct web_url *url, const struct web_url *from)
{
	if (url->user || !from->user || strcmp(url->origin, from->origin) != 0)
		return;
	size_t scheme = url->secure ? 8 : 7;
	char *text = arena_printf(arena, "%.*s%s@%s", (int)scheme, url->shown, from->user,
				  url->shown + scheme);
	if (text) {
		url->user = from->user;
		url->text = text;
	}
}

char *web_url_for_message(struct arena *arena, const char *text)
{
	enum { MAX_MESSAGE = 140 };
	struct buf raw = BUF_INIT, out = BUF_INIT;
	buf_append(&raw, text, strnlen(text, MAX_WEB_URL));
	userinfo_cut(raw.data);
	raw.len = strlen(raw.data);
	for (size_t i = 0; i < raw.len; i++)
		if ((unsigned char)raw.data[i] < ' ' || raw.data[i] == 0x7F)
			raw.data[i] = ' ';
	utf8_clean(&out, raw.data, raw.len);
	if (out.len > MAX_MESSAGE) {
		size_t len = MAX_MESSAGE; /* not in the middle of a letter */
		while (len > 0 && ((unsigned char)out.data[len] & 0xC0) == 0x80)
			len--;
		buf_truncate(&out, len);
		buf_puts(&out, "…");
	}
	char *result = out.failed || raw.failed ? NULL : arena_dupn(arena, out.data, out.len);
	buf_release(&raw);
	buf_release(&out);
	return result;
}

char *web_url_referrer(struct arena *arena, const char *from, const struct web_url *to)
{
	struct web_url page;
	if (!web_url_read(arena, from, &page) || (page.secure && !to->secure))
		return NULL;
	if (strcmp(page.origin, to->origin) == 0)
		return page.shown;
	size_t scheme = page.secure ? 8 : 7;
	return arena_dupn(arena, page.shown, scheme + strcspn(page.shown + scheme, "/") + 1);
}
