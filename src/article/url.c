#include "article/url.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The length of "scheme:" (RFC 3986 section 3.1), or 0. */
static size_t scheme_length(const char *url, size_t len)
{
	size_t i = 0;
	while (i < len &&
	       (is_alpha(url[i]) || (i > 0 && (is_digit(url[i]) || strchr("+-.", url[i]) != NULL))))
		i++;
	return i > 0 && i < len && url[i] == ':' ? i + 1 : 0;
}

static bool has_prefix(const char *s, size_t len, const char *prefix)
{
	size_t n = strlen(prefix);
	return len >= n && strncasecmp(s, prefix, n) == 0;
}

bool url_is_absolute(const char *url)
{
	size_t len = strlen(url);
	return scheme_length(url, len) > 0 || has_prefix(url, len, "//");
}

/* "host:port" of an http URL, userinfo taken off: letters, digits, "-", "_", "." and letters
 * beyond ASCII in labels that are not empty; or an IPv6 address; a port below 65536. */
static bool host_is_good(const char *host, size_t len)
{
	size_t port = len;
	while (port > 0 && is_digit(host[port - 1]))
		port--;
	if (port > 0 && host[port - 1] == ':') {
		unsigned long number = 0;
		for (size_t i = port; i < len; i++)
			if ((number = number * 10 + (unsigned long)(host[i] - '0')) > 65535)
				return false;
		len = port - 1;
	}
	if (len > 1 && host[0] == '[' && host[len - 1] == ']') {
		size_t colons = 0;
		for (size_t i = 1; i < len - 1; i++) {
			if (hex_value(host[i]) < 0 && host[i] != ':')
				return false;
			colons += host[i] == ':';
		}
		return colons >= 2 && colons <= 7 && len <= 41;
	}
	if (len == 0 || len > 253)
		return false;
	size_t label = 0;
	bool numeric = true; /* the last label is a number: must be an IPv4 address */
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)host[i];
		if (c == '.') {
			if (label == 0)
				return false;
			label = 0;
			numeric = true;
			continue;
		}
		if (c < 0x80 && !is_alpha((char)c) && !is_digit((char)c) && c != '-' && c != '_')
			return false;
		numeric &= is_digit((char)c);
		if (++label > 63)
			return false;
	}
	if (!numeric)
		return true;
	unsigned parts = 1, value = 0;
	for (size_t i = 0; i < len; i++) {
		if (host[i] == '.') {
			parts++;
			value = 0;
		} else if (!is_digit(host[i]) ||
			   (value = value * 10 + (unsigned)(host[i] - '0')) > 255) {
			return false;
		}
	}
	return label > 0 && parts == 4;
}

/* RFC 3986: unreserved, sub-delims, and the delimiters that may stand as they are. */
static bool may_stand(unsigned char c)
{
	return c >= 0x80 || is_alpha((char)c) || is_digit((char)c) ||
	       (c && strchr("-._~!$&'()*+,;=:@/?", c) != NULL);
}

static void put_escaped(struct buf *out, const char *s, size_t len)
{
	bool fragment = false;
	for (size_t i = 0; i < len;) {
		unsigned char c = (unsigned char)s[i];
		uint32_t cp = c;
		size_t n = c < 0x80 ? 1 : utf8_decode(s + i, len - i, &cp);
		if (c == '\n' || c == '\r' || c == '\t') {
			/* dropped, as the URL Standard's parser does */
		} else if (c == '%' && i + 2 < len && hex_value(s[i + 1]) >= 0 &&
			   hex_value(s[i + 2]) >= 0) {
			buf_putc(out, '%');
		} else if (c == '#' && !fragment) {
			fragment = true;
			buf_putc(out, '#');
		} else if (may_stand(c) && !(cp >= 0x80 && (cp_is_space(cp) || cp == 0xFFFD ||
							    (cp >= 0xE000 && cp <= 0xF8FF)))) {
			buf_append(out, s + i, n);
		} else {
			for (size_t k = 0; k < n; k++)
				buf_printf(out, "%%%02X", (unsigned)(unsigned char)s[i + k]);
		}
		i += n;
	}
}

bool url_put_clean(struct buf *out, const char *url, size_t len, enum url_use use)
{
	while (len && (unsigned char)url[0] <= ' ')
		url++, len--;
	while (len && (unsigned char)url[len - 1] <= ' ')
		len--;
	if (len == 0)
		return false;

	size_t start = out->len;
	size_t scheme = scheme_length(url, len);
	if (scheme) {
		bool web = has_prefix(url, len, "http:") || has_prefix(url, len, "https:");
		if (use == URL_LINK && !web && !has_prefix(url, len, "mailto:") &&
		    !has_prefix(url, len, "tel:"))
			return false;
		if (use == URL_IMAGE && !web && !has_prefix(url, len, "data:image/"))
			return false;
		if (len == scheme)
			return false;
		for (size_t i = 0; i < scheme; i++)
			buf_putc(out, (char)(url[i] | (is_alpha(url[i]) ? 0x20 : 0)));
		if (web && !has_prefix(url + scheme, len - scheme, "//"))
			goto bad;
	}
	if (has_prefix(url + scheme, len - scheme, "//")) {
		const char *host = url + scheme + 2;
		size_t left = len - scheme - 2, end = 0, at = 0;
		while (end < left && strchr("/?#\\", host[end]) == NULL)
			end++;
		for (size_t i = 0; i < end; i++)
			if (host[i] == '@')
				at = i + 1;
		if (!host_is_good(host + at, end - at))
			goto bad;
		buf_puts(out, "//");
		put_escaped(out, host, at);
		buf_append(out, host + at, end - at);
		put_escaped(out, host + end, left - end);
		return true;
	}
	if (!scheme) {
		/* A colon in the first segment would read as a scheme (RFC 3986 section 4.2). */
		size_t colon = 0;
		while (colon < len && strchr(":/?#", url[colon]) == NULL)
			colon++;
		if (colon < len && url[colon] == ':')
			buf_puts(out, "./");
	}
	put_escaped(out, url + scheme, len - scheme);
	if (out->len > start)
		return true;
bad:
	buf_truncate(out, start);
	return false;
}

void url_put_decoded(struct buf *out, const char *url, size_t len)
{
	for (size_t i = 0; i < len;) {
		if (url[i] != '%') {
			buf_putc(out, url[i++]);
			continue;
		}
		/* A run of %XX, as bytes: they stand for characters only when they are clean. */
		struct buf bytes = BUF_INIT;
		size_t end = i;
		while (end + 2 < len && url[end] == '%' && hex_value(url[end + 1]) >= 0 &&
		       hex_value(url[end + 2]) >= 0) {
			buf_putc(&bytes,
				 (char)(hex_value(url[end + 1]) * 16 + hex_value(url[end + 2])));
			end += 3;
		}
		if (bytes.len && utf8_is_clean(bytes.data, bytes.len)) {
			buf_append(out, bytes.data, bytes.len);
		} else {
			end = end > i ? end : i + 1;
			buf_append(out, url + i, end - i);
		}
		out->failed |= bytes.failed;
		buf_release(&bytes);
		i = end;
	}
}
