/* Which proxy a request uses. libcurl could find out by itself, but would not tell; and it
 * must be known, for behind a proxy addresses cannot be inspected. */
#ifndef FETCH_PROXY_H
#define FETCH_PROXY_H

#include "fetch/web_url.h"

/* The proxy for `url`: `given` (NULL: what the environment says: http_proxy, https_proxy,
 * all_proxy, where the last two may be in capitals) unless no_proxy names the host. "" is none.
 * Borrowed. */
const char *proxy_for(const struct web_url *url, const char *given);

/* Whether a list like that of no_proxy names the host: "*", names of hosts and of domains, IPv4 and
 * IPv6 addresses, also with a prefix length ("10.0.0.0/8"). */
bool proxy_list_names(const char *list, const char *host);

/* Whether this machine should look names up although the proxy does so, too: not where the proxy's
 * scheme (socks5h, socks4a) says that only the proxy may. */
bool proxy_allows_lookup(const char *proxy);

#endif
