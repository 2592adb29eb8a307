#include "fetch/address.h"

#include "base/ascii.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* RFC 6890 and the registry of special-purpose addresses that it began. */
static bool v4_is_public(uint32_t address)
{
	static const struct {
		uint32_t net;
		unsigned bits;
	} closed[] = {
		{0x00000000, 8},  /* 0/8: this network */
		{0x0A000000, 8},  /* 10/8: private */
		{0x64400000, 10}, /* 100.64/10: shared by a provider's customers */
		{0x7F000000, 8},  /* 127/8: loopback */
		{0xA9FE0000, 16}, /* 169.254/16: link-local */
		{0xAC100000, 12}, /* 172.16/12: private */
		{0xC0000000, 24}, /* 192.0.0/24: protocols */
		{0xC0A80000, 16}, /* 192.168/16: private */
		{0xC6120000, 15}, /* 198.18/15: measuring networks */
		{0xE0000000, 3},  /* 224/4, 240/4: multicast, reserved, broadcast */
	};
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
		if ((address ^ closed[i].net) >> (32 - closed[i].bits) == 0)
			return false;
	return true;
}

static uint32_t v4_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static bool v6_is_public(const uint8_t a[16])
{
	static const uint8_t zero[16];
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
	static const uint8_t nat64[12] = {0, 0x64, 0xFF, 0x9B};
	static const uint8_t teredo[4] = {0x20, 0x01, 0, 0};
	if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0 || memcmp(a, zero, 12) == 0)
		return v4_is_public(v4_at(a + 12));
	if (a[0] == 0x20 && a[1] == 0x02) /* 2002::/16: 6to4 */
		return v4_is_public(v4_at(a + 2));
	if (memcmp(a, teredo, 4) == 0) /* RFC 4380: the client's address, inverted */
		return v4_is_public(v4_at(a + 4)) && v4_is_public(~v4_at(a + 12));
	return (a[0] & 0xE0) == 0x20; /* 2000::/3: global unicast, all that there is so far */
}

bool address_is_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in v4;
		memcpy(&v4, address, sizeof v4);
		return v4_is_public(ntohl(v4.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 v6;
		memcpy(&v6, address, sizeof v6);
		return v6_is_public(v6.sin6_addr.s6_addr);
	}
	return false;
}

/* Without brackets, zone ("%eth0") and final dot, in `out`; false when it is too long. */
static bool bare_host(const char *text, char *out, size_t room)
{
	size_t len = strlen(text);
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (len > 0 && text[len - 1] == '.')
		len--;
	const char *zone = memchr(text, '%', len);
	if (zone)
		len = (size_t)(zone - text);
	if (len == 0 || len >= room)
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

/* Whether `host` is an address that is written out; then also whether it is public. */
static bool is_address(const char *host, bool *is_public)
{
	struct in_addr v4;
	struct in6_addr v6;
	if (inet_pton(AF_INET, host, &v4) == 1)
		*is_public = v4_is_public(ntohl(v4.s_addr));
	else if (inet_pton(AF_INET6, host, &v6) == 1)
		*is_public = v6_is_public(v6.s6_addr);
	else
		return false;
	return true;
}

bool address_text_is_public(const char *text)
{
	char host[64];
	bool is_public = false;
	return bare_host(text, host, sizeof host) && is_address(host, &is_public) && is_public;
}

/* "localhost", or a name below it. */
static bool is_below(const char *host, const char *top)
{
	size_t len = strlen(host), top_len = strlen(top);
	return len >= top_len && strcasecmp(host + len - top_len, top) == 0 &&
	       (len == top_len || host[len - top_len - 1] == '.');
}

bool address_host_seems_public(const char *text)
{
	static const char *const local[] = {"localhost", "local", "internal", "home.arpa",
					    "lan",       "home",  "intranet", "localdomain"};
	char host[256];
	bool is_public;
	if (!bare_host(text, host, sizeof host))
		return false;
	if (is_address(host, &is_public))
		return is_public;
	for (const char *p = host; *p; p++)
		if ((unsigned char)*p >= 0x80) /* letters that might come to mean an address */
			return false;
	const char *last = strrchr(host, '.');
	/* 127.1, 0x7f.0.0.1 and the like are addresses, too; names without a dot are local. */
	if (!last || !last[1] || ascii_is_digit(last[1]))
		return false;
	for (size_t i = 0; i < sizeof local / sizeof *local; i++)
		if (is_below(host, local[i]))
			return false;
	return true;
}

bool address_name_is_private(const char *text, bool *no_answer)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	char host[256];
	bool is_private = false;
	if (!bare_host(text, host, sizeof host))
		return false;
	*no_answer = getaddrinfo(host, NULL, &hints, &found) == EAI_AGAIN;
	for (const struct addrinfo *a = found; a && !is_private; a = a->ai_next)
		is_private = !address_is_public(a->ai_addr);
	if (found)
		freeaddrinfo(found);
	return is_private;
}
