#include "article/url.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <arpa/inet.h>
#include <libxml/parserInternals.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* The length of "scheme:" (RFC 3986 section 3.1), or 0. */
static size_t scheme_length(const char *url, size_t len)
{
	size_t i = 0;
	while (i < len && (ascii_is_alpha(url[i]) ||
			   (i > 0 && (ascii_is_digit(url[i]) || strchr("+-.", url[i]) != NULL))))
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

/* --- Hosts --- */

/* Letters that a host name may have in any checker's Unicode: those that XML 1.0 has in names
 * (appendix B), which are old; combining marks not first. In lower case when `folded` is set. */
static bool is_host_letter(uint32_t cp, bool first, bool folded)
{
	bool mark = xmlIsCombining((int)cp) || cp == 0x3005 || (cp >= 0x30FC && cp <= 0x30FE);
	return cp >= 0xA0 && (xmlIsLetter((int)cp) || (mark && !first)) &&
	       (!folded || cp_lower(cp) == cp);
}

/* A label behind "xn--": Punycode (RFC 3492 section 6.2) for letters that a host may have. */
static bool is_punycode(const char *s, size_t len)
{
	uint32_t label[64], n = 128, i = 0, bias = 72;
	size_t count = 0, hyphen = len;
	while (hyphen > 0 && s[hyphen - 1] != '-')
		hyphen--;
	for (; count + 1 < hyphen; count++)
		label[count] = (unsigned char)s[count];
	for (size_t at = hyphen; at < len; i++) {
		uint32_t old = i, weight = 1;
		for (uint32_t k = 36;; k += 36) {
			if (at == len)
				return false;
			char c = (char)(s[at++] | 0x20);
			uint32_t digit = c >= 'a' && c <= 'z' ? (uint32_t)(c - 'a')
					 : ascii_is_digit(c)  ? (uint32_t)(c - '0') + 26
							      : 36;
			uint32_t t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
			if (digit > 35 || digit > (UINT32_MAX - i) / weight)
				return false;
			i += digit * weight;
			if (digit < t)
				break;
			if (weight > UINT32_MAX / (36 - t))
				return false;
			weight *= 36 - t;
		}
		uint32_t delta = (i - old) / (old == 0 ? 700 : 2), k = 0;
		count++;
		delta += delta / (uint32_t)count;
		for (; delta > 455; k += 36)
			delta /= 35;
		bias = k + 36 * delta / (delta + 38);
		if (i / count > 0x10FFFF - n || count > 63)
			return false;
		n += i / (uint32_t)count;
		i %= (uint32_t)count;
		if (!is_host_letter(n, false, true))
			return false;
		memmove(label + i + 1, label + i, (count - 1 - i) * sizeof *label);
		label[i] = n;
	}
	return count > 0 && hyphen < len &&
	       (label[0] < 0x80 || is_host_letter(label[0], true, true));
}

/* Letters, digits, "-" and "_", letters beyond ASCII. */
static bool label_is_good(const char *s, size_t len)
{
	if (len == 0 || len > 63)
		return false;
	if (len >= 4 && strncasecmp(s, "xn--", 4) == 0)
		return is_punycode(s + 4, len - 4);
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		bool first = i == 0;
		i += utf8_decode(s + i, len - i, &cp);
		bool ascii = cp < 0x80 && (ascii_is_alpha((char)cp) || ascii_is_digit((char)cp) ||
					   cp == '-' || cp == '_');
		if (!ascii && !is_host_letter(cp, first, false))
			return false;
	}
	return true;
}

/* "host:port" of an http URL, userinfo taken off: a name, an IPv4 or IPv6 address; a port below
 * 65536. */
static bool host_is_good(const char *host, size_t len)
{
	char address[64];
	size_t port = len;
	while (port > 0 && ascii_is_digit(host[port - 1]))
		port--;
	if (port > 0 && host[port - 1] == ':') {
		unsigned long number = 0;
		for (size_t i = port; i < len; i++)
			if ((number = number * 10 + (unsigned long)(host[i] - '0')) > 65535)
				return false;
		len = port - 1;
	}
	if (len == 0 || len > 253)
		return false;
	if (host[0] == '[') {
		struct in6_addr ipv6;
		if (host[len - 1] != ']' || len >= sizeof address)
			return false;
		memcpy(address, host + 1, len - 2);
		address[len - 2] = '\0';
		return inet_pton(AF_INET6, address, &ipv6) == 1;
	}
	size_t last = 0; /* where the last label starts */
	for (size_t start = 0; start <= len;) {
		const char *dot = memchr(host + start, '.', len - start);
		size_t n = dot ? (size_t)(dot - host) - start : len - start;
		if (n == 0 && !dot && start > 0)
			break; /* the final dot of the root */
		if (!label_is_good(host + start, n))
			return false;
		last = start;
		start += n + 1;
	}
	if (!ascii_is_digit(host[last]) ||
	    strspn(host + last, "0123456789xXabcdefABCDEF.") < len - last)
		return true;
	/* The last label is a number: it must be an IPv4 address in full. */
	struct in_addr ipv4;
	if (len >= sizeof address)
		return false;
	memcpy(address, host, len);
	address[len] = '\0';
	return inet_pton(AF_INET, address, &ipv4) == 1;
}

/* --- The rest --- */

/* RFC 3986: unreserved, sub-delims, and the delimiters that may stand as they are. */
static bool may_stand(unsigned char c)
{
	return ascii_is_alpha((char)c) || ascii_is_digit((char)c) ||
	       (c && strchr("-._~!$&'()*+,;=:@/?", c) != NULL);
}

/* RFC 3987 section 2.2, without white space. */
static bool is_ucschar(uint32_t cp)
{
	return cp >= 0xA0 && cp < 0xE0000 && !(cp >= 0xE000 && cp <= 0xF8FF) &&
	       !(cp >= 0xFFF0 && cp <= 0xFFFF) && (cp & 0xFFFE) != 0xFFFE && !cp_is_space(cp);
}

static void put_escaped(struct buf *out, const char *s, size_t len)
{
	bool fragment = false;
	for (size_t i = 0; i < len;) {
		unsigned char c = (unsigned char)s[i];
		uint32_t cp = c;
		size_t n = c < 0x80 ? 1 : utf8_decode(s + i, len - i, &cp);
		if (c == '%' && i + 2 < len && ascii_hex_value(s[i + 1]) >= 0 &&
		    ascii_hex_value(s[i + 2]) >= 0) {
			buf_putc(out, '%');
		} else if (c == '#' && !fragment) {
			fragment = true;
			buf_putc(out, '#');
		} else if (c < 0x80 ? may_stand(c) : is_ucschar(cp)) {
			buf_append(out, s + i, n);
		} else {
			for (size_t k = 0; k < n; k++)
				buf_printf(out, "%%%02X", (unsigned)(unsigned char)s[i + k]);
		}
		i += n;
	}
}

static bool put_clean(struct buf *out, const char *url, size_t len, enum url_use use)
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
		if (use == URL_IMAGE && !web && !has_prefix(url, len, "data:") &&
		    !has_prefix(url, len, "cid:"))
			return false;
		if (len == scheme)
			return false;
		for (size_t i = 0; i < scheme; i++)
			buf_putc(out, (char)(url[i] | (ascii_is_alpha(url[i]) ? 0x20 : 0)));
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
		buf_append(out, host + at, end - at); /* a book has no passwords */
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

bool url_put_clean(struct buf *out, const char *url, size_t len, enum url_use use)
{
	struct buf line = BUF_INIT;
	for (size_t i = 0; i < len; i++) /* as the URL Standard's parser does */
		if (url[i] != '\t' && url[i] != '\n' && url[i] != '\r')
			buf_putc(&line, url[i]);
	bool good = put_clean(out, line.data, line.len, use);
	buf_end(&line, &out->failed);
	return good;
}

/* Append the path, without "." and ".." (RFC 3986 section 5.2.4); it remains behind `root`. */
static void put_path(struct buf *out, size_t root, const char *path, size_t len)
{
	for (size_t i = 0; i < len;) {
		const char *slash = memchr(path + i, '/', len - i);
		size_t n = slash ? (size_t)(slash - path) - i : len - i;
		bool up = n == 2 && memcmp(path + i, "..", 2) == 0;
		if (up && out->len > root + 1) {
			size_t end = out->len - 1;
			while (end > root + 1 && out->data[end - 1] != '/')
				end--;
			buf_truncate(out, end);
		} else if (!up && !(n == 1 && path[i] == '.')) {
			buf_append(out, path + i, n + (slash != NULL));
		}
		i += n + (slash != NULL);
	}
}

bool url_resolve(struct buf *out, const char *ref, const char *base, enum url_use use)
{
	struct buf whole = BUF_INIT;
	ref += strspn(ref, " \t\n\r\f");
	size_t scheme = scheme_length(base, strlen(base));
	size_t host = scheme;
	if (has_prefix(base + scheme, strlen(base + scheme), "//"))
		host += 2 + strcspn(base + scheme + 2, "/?#");
	size_t path = strcspn(base + host, "?#"), dir = path;
	while (dir > 0 && base[host + dir - 1] != '/')
		dir--;
	size_t len = strcspn(ref, "?#");
	if (scheme_length(ref, strlen(ref))) {
		buf_puts(&whole, ref);
	} else if (has_prefix(ref, strlen(ref), "//")) {
		buf_append(&whole, base, scheme);
		buf_puts(&whole, ref);
	} else if (len == 0) {
		buf_append(&whole, base, ref[0] == '?' ? host + path : strcspn(base, "#"));
		buf_puts(&whole, ref);
	} else {
		buf_append(&whole, base, host);
		buf_putc(&whole, '/');
		if (ref[0] != '/' && dir > 1)
			put_path(&whole, host, base + host + 1, dir - 1);
		put_path(&whole, host, ref + (ref[0] == '/'), len - (ref[0] == '/'));
		buf_puts(&whole, ref + len);
	}
	bool good = url_put_clean(out, whole.data, whole.len, use);
	buf_end(&whole, &out->failed);
	return good;
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
		while (end + 2 < len && url[end] == '%' && ascii_hex_value(url[end + 1]) >= 0 &&
		       ascii_hex_value(url[end + 2]) >= 0) {
			buf_putc(&bytes, (char)(ascii_hex_value(url[end + 1]) * 16 +
						ascii_hex_value(url[end + 2])));
			end += 3;
		}
		if (bytes.len && utf8_is_clean(bytes.data, bytes.len)) {
			buf_append(out, bytes.data, bytes.len);
		} else {
			end = end > i ? end : i + 1;
			buf_append(out, url + i, end - i);
		}
		buf_end(&bytes, &out->failed);
		i = end;
	}
}
