/* Which addresses everybody can reach, and which are private (RFC 1918 and others): a page from
 * outside must not make us ask the user's own machines. */
#ifndef FETCH_ADDRESS_H
#define FETCH_ADDRESS_H

#include <stdbool.h>

struct sockaddr;

/* Not loopback, private, shared, link-local, multicast, reserved; IPv6 addresses that stand for an
 * IPv4 one are what that is. (Those set aside for documentation, like 203.0.113.0/24, are as public
 * as any: they are not assigned.) What is no internet address is not public. */
bool address_is_public(const struct sockaddr *address);
/* The same of one that is written down: "192.0.2.1", "2001:db8::1", also in brackets. */
bool address_text_is_public(const char *text);

/* Whether `host` is a name that this machine knows, by its files or the DNS, and one of its
 * addresses is not public. Blocks, for seconds where the DNS does not answer: *no_answer is set
 * then. */
bool address_name_is_private(const char *host, bool *no_answer);

/* Whether a host may be asked for on behalf of a page from outside where somebody else, a proxy,
 * will look its name up: not a private address, in whichever way it is written, nor a name that
 * only local networks know (RFC 6761, 6762, 8375). */
bool address_host_seems_public(const char *host);

#endif
