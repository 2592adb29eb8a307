/* Addresses of one page, compared. */
#include "article/url.h"

#include "base/buf.h"
#include "base/word_list.h"

#include <string.h>
#include <strings.h>

/* Parameters for tracking: of Urchin, Matomo, Piwik, HubSpot, Mailchimp, … by prefix, and those
 * that networks add to links. */
static bool is_tracking(const char *parameter, size_t len)
{
	static const char *const prefixes[] = {"utm_", "mtm_", "pk_", "hsa_", "mc_", "_hs"};
	size_t name = 0;
	while (name < len && parameter[name] != '=')
		name++;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (name > strlen(prefixes[i]) &&
		    strncasecmp(parameter, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return word_list_has_case(
		"_ga _gl at_campaign at_medium cmpid dclid fbclid gbraid gclid gclsrc igsh igshid "
		"mkt_tok msclkid ncid smid sr_share ttclid twclid vero_id wbraid yclid",
		parameter, name);
}

/* Parameters that ask for the AMP form of a page. */
static bool is_amp_parameter(const char *parameter, size_t len)
{
	static const char *const words[] = {"amp", "amp=1", "amp=true", "outputType=amp"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (len == strlen(words[i]) && strncasecmp(parameter, words[i], len) == 0)
			return true;
	return false;
}

static void put_query(struct buf *out, const char *query, size_t len)
{
	char joint = '?';
	for (size_t i = 0; i < len;) {
		size_t n = 0;
		while (i + n < len && query[i + n] != '&')
			n++;
		if (n && !is_tracking(query + i, n) && !is_amp_parameter(query + i, n)) {
			buf_putc(out, joint);
			url_put_decoded(out, query + i, n);
			joint = '&';
		}
		i += n + 1;
	}
}

/* Host and port, in small letters, without what they are by default. */
static void put_host(struct buf *out, const char *host, size_t len)
{
	static const char *const ports[] = {":80", ":443"};
	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
		size_t n = strlen(ports[i]);
		if (len > n && strncmp(host + len - n, ports[i], n) == 0)
			len -= n;
	}
	if (len > 4 && strncasecmp(host, "www.", 4) == 0) {
		host += 4;
		len -= 4;
	}
	if (len > 4 && strncasecmp(host, "amp.", 4) == 0 && memchr(host + 4, '.', len - 4)) {
		host += 4;
		len -= 4;
	}
	for (size_t i = 0; i < len; i++)
		buf_putc(out,
			 host[i] >= 'A' && host[i] <= 'Z' ? (char)(host[i] + 'a' - 'A') : host[i]);
}

/* The length of a path without what marks the AMP form of a page: "/amp" or ".amp" at its end. */
static size_t without_amp(const char *path, size_t len)
{
	bool is_amp = len > 4 && (path[len - 4] == '/' || path[len - 4] == '.') &&
		      strncasecmp(path + len - 3, "amp", 3) == 0;
	return is_amp ? len - 4 : len;
}

void url_put_key(struct buf *out, const char *url)
{
	const char *scheme = strstr(url, "://");
	const char *host = scheme ? scheme + 3 : url;
	size_t host_len = strcspn(host, "/?#");
	const char *path = host + host_len;
	size_t path_len = strcspn(path, "?#");
	const char *query = path + path_len;
	size_t query_len = strcspn(query, "#");
	while (path_len && path[path_len - 1] == '/')
		path_len--;
	path_len = without_amp(path, path_len);
	while (path_len && path[path_len - 1] == '/')
		path_len--;
	put_host(out, host, host_len);
	url_put_decoded(out, path, path_len);
	if (query_len)
		put_query(out, query + 1, query_len - 1);
}
