#include "fetch/proxy.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* An address as bytes; its length, or 0. */
static size_t address_bytes(const char *text, uint8_t bytes[16])
{
	return inet_pton(AF_INET, text, bytes) == 1    ? 4
	       : inet_pton(AF_INET6, text, bytes) == 1 ? 16
						       : 0;
}

/* `item` is "10.0.0.0/8" or "10.0.0.1"; it is changed. */
static bool covers(char *item, const uint8_t *address, size_t len)
{
	uint8_t net[16];
	char *slash = strchr(item, '/');
	unsigned long bits = len * 8;
	if (slash) {
		*slash = '\0';
		char *end;
		bits = strtoul(slash + 1, &end, 10);
		if (end == slash + 1 || *end || bits > len * 8)
			return false;
	}
	if (address_bytes(item, net) != len)
		return false;
	size_t whole = bits / 8, rest = bits % 8;
	return memcmp(net, address, whole) == 0 &&
	       (rest == 0 || (net[whole] ^ address[whole]) >> (8 - rest) == 0);
}

static bool is_host_or_domain(const char *item, const char *host)
{
	while (*item == '.')
		item++;
	size_t host_len = strlen(host), len = strlen(item);
	if (len > 0 && item[len - 1] == '.')
		len--;
	if (host_len > 0 && host[host_len - 1] == '.')
		host_len--;
	return len > 0 && host_len >= len && strncasecmp(host + host_len - len, item, len) == 0 &&
	       (host_len == len || host[host_len - len - 1] == '.');
}

bool proxy_list_names(const char *list, const char *host)
{
	char bare[256], item[256];
	size_t len = strlen(host);
	if (len >= sizeof bare)
		return false;
	if (len >= 2 && host[0] == '[') {
		memcpy(bare, host + 1, len - 2);
		bare[len - 2] = '\0';
	} else {
		memcpy(bare, host, len + 1);
	}
	uint8_t address[16];
	size_t address_len = address_bytes(bare, address);
	for (;;) {
		list += strspn(list, ", \t");
		size_t n = strcspn(list, ", \t");
		if (n == 0)
			return false;
		if (n < sizeof item) {
			memcpy(item, list, n);
			item[n] = '\0';
			if (strcmp(item, "*") == 0 ||
			    (address_len ? covers(item, address, address_len)
					 : is_host_or_domain(item, bare)))
				return true;
		}
		list += n;
	}
}

static const char *from_environment(const char *name, const char *capitals)
{
	const char *value = getenv(name);
	if ((!value || !*value) && capitals)
		value = getenv(capitals);
	return value && *value ? value : NULL;
}

const char *proxy_for(const struct web_url *url, const char *given)
{
	const char *proxy = given;
	/* HTTP_PROXY is what a CGI program gets from a header field "Proxy". */
	if (!proxy)
		proxy = url->secure ? from_environment("https_proxy", "HTTPS_PROXY")
				    : from_environment("http_proxy", NULL);
	if (!proxy)
		proxy = from_environment("all_proxy", "ALL_PROXY");
	const char *but = from_environment("no_proxy", "NO_PROXY");
	return !proxy || (but && proxy_list_names(but, url->host)) ? "" : proxy;
}

bool proxy_allows_lookup(const char *proxy)
{
	return strncasecmp(proxy, "socks5h:", 8) != 0 && strncasecmp(proxy, "socks4a:", 8) != 0;
}
