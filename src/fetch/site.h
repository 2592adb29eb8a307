/* Sites, as cookies know them (RFC 6265bis, "same-site"): a host belongs to the domain that
 * somebody registered, "example.co.uk" for www.example.co.uk, by the Public Suffix List. */
#ifndef FETCH_SITE_H
#define FETCH_SITE_H

/* The site of a host (web_url.host): a part of `host`. An address, a name that is a public suffix
 * itself and, where libpsl is not installed, every host is a site of its own. */
const char *site_of_host(const char *host);

#endif
