/* What fetching knows without a network: addresses, header fields, the cache. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "fetch/address.h"
#include "fetch/cache.h"
#include "fetch/cache_parts.h"
#include "fetch/fetch.h"
#include "fetch/http.h"
#include "fetch/proxy.h"
#include "fetch/web_url.h"

#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_addresses(void **state)
{
	static const char *const public[] = {
		"1.1.1.1",           "9.255.255.255",   "11.0.0.0",        "100.63.255.255",
		"100.128.0.0",       "128.0.0.1",       "169.253.1.1",     "172.15.255.255",
		"172.32.0.0",        "192.0.1.0",       "192.167.1.1",     "198.17.1.1",
		"198.20.0.0",        "203.0.113.5",     "223.255.255.255", "2001:db8::1",
		"[2001:db8::1]",     "2606:4700::1111", "::ffff:1.1.1.1",  "64:ff9b::1.1.1.1",
		"2002:0101:0101::1",
	};
	static const char *const private[] = {
		"0.0.0.0",
		"0.1.2.3",
		"10.0.0.1",
		"10.255.255.255",
		"100.64.0.0",
		"100.127.255.255",
		"127.0.0.1",
		"127.255.255.255",
		"169.254.169.254",
		"172.16.0.0",
		"172.31.255.255",
		"192.0.0.8",
		"192.168.0.0",
		"192.168.255.255",
		"198.18.0.1",
		"198.19.255.255",
		"224.0.0.1",
		"239.255.255.255",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"[::1]",
		"::ffff:127.0.0.1",
		"::ffff:10.0.0.1",
		"::127.0.0.1",
		"64:ff9b::10.0.0.1",
		"64:ff9b:1::1.1.1.1",
		"fc00::1",
		"fdff::1",
		"fe80::1",
		"fe80::1%eth0",
		"fec0::1",
		"ff02::1",
		"2002:7f00:0001::1",
		"2002:c0a8:0001::1",
		"2001::",
		"100::1",
		"",
		"localhost",
		"1.2.3",
		"[]",
		"[",
		"1.2.3.4.5",
	};
	(void)state;
	for (size_t i = 0; i < sizeof public / sizeof *public; i++)
		if (!address_text_is_public(public[i]))
			fail_msg("%s is public", public[i]);
	for (size_t i = 0; i < sizeof private / sizeof *private; i++)
		if (address_text_is_public(private[i]))
			fail_msg("%s is private", private[i]);
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7F000001)};
	assert_false(address_is_public((struct sockaddr *)&v4));
	v4.sin_addr.s_addr = htonl(0xCB007105);
	assert_true(address_is_public((struct sockaddr *)&v4));
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	assert_false(address_is_public((struct sockaddr *)&v6));
	assert_false(address_is_public(&(struct sockaddr){.sa_family = AF_UNIX}));
}

static void test_hosts(void **state)
{
	static const char *const fine[] = {
		"example.com",     "example.com.",  "xn--bcher-kva.example",
		"203.0.113.5",     "[2001:db8::1]", "localhost.example",
		"mylocalhost.com", "1.example",     "local.example"};
	static const char *const near[] = {
		"localhost",  "LOCALHOST.", "a.localhost", "printer.local", "router",
		"nas.lan",    "x.internal", "x.home.arpa", "127.0.0.1",     "127.1",
		"0x7f.0.0.1", "2130706433", "1.2.3.4.5",   "[::1]",         "[::ffff:10.0.0.1]",
		"",           ".",          "a..",         "１２７.0.0.1"};
	(void)state;
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
		if (!address_host_seems_public(fine[i]))
			fail_msg("%s seems public", fine[i]);
	for (size_t i = 0; i < sizeof near / sizeof *near; i++)
		if (address_host_seems_public(near[i]))
			fail_msg("%s seems near", near[i]);
}

static void test_proxies(void **state)
{
	(void)state;
	assert_true(proxy_list_names("*", "a.example"));
	assert_true(proxy_list_names("x, a.example", "a.example"));
	assert_true(proxy_list_names(".example", "a.example"));
	assert_true(proxy_list_names("EXAMPLE", "a.example."));
	assert_false(proxy_list_names("ample", "a.example"));
	assert_false(proxy_list_names("b.a.example", "a.example"));
	assert_false(proxy_list_names("", "a.example"));
	assert_true(proxy_list_names("10.0.0.0/8", "10.9.8.7"));
	assert_false(proxy_list_names("10.0.0.0/8", "11.9.8.7"));
	assert_true(proxy_list_names("10.9.8.0/21", "10.9.15.255"));
	assert_false(proxy_list_names("10.9.8.0/21", "10.9.16.0"));
	assert_false(proxy_list_names("10.0.0.0/33,10.0.0.0/,10.0.0.0/x", "10.0.0.0"));
	assert_true(proxy_list_names("fd00::/8", "[fd12::1]"));
	assert_true(proxy_list_names("::1", "[::1]"));
	assert_false(proxy_list_names("0.0.0.1", "a0.0.0.1"));
}

/* --- Addresses as text --- */

static void check_url(const char *text, const char *shown, const char *whole, const char *origin)
{
	struct arena arena = ARENA_INIT;
	struct web_url url;
	if (!web_url_read(&arena, text, &url))
		fail_msg("%s is refused", text);
	assert_string_equal(url.shown, shown);
	assert_string_equal(url.text, whole ? whole : shown);
	assert_string_equal(url.origin, origin);
	arena_release(&arena);
}

static void test_urls(void **state)
{
	(void)state;
	check_url("http://a", "http://a/", NULL, "http://a:80");
	check_url(" HTTPS://A.Example:443/X#y \n", "https://a.example/X", NULL,
		  "https://a.example:443");
	check_url("http://a:8080?q", "http://a:8080/?q", NULL, "http://a:8080");
	check_url("http://u:p@a/b\\c", "http://a/b%5Cc", "http://u:p@a/b%5Cc", "http://a:80");
	check_url("https://[2001:DB8::1]:1/", "https://[2001:db8::1]:1/", NULL,
		  "https://[2001:db8::1]:1");
	check_url("http://b\xC3\xBC/\xC3\xBC \"<>\tx\n\x7F",
		  "http://b\xC3\xBC/%C3%BC%20%22%3C%3Ex%7F", NULL, "http://b\xC3\xBC:80");
	check_url("http://a:/%41%", "http://a/%41%", NULL, "http://a:80");
	check_url("http://a/b@c:d", "http://a/b@c:d", NULL, "http://a:80");
	static const char *const wrong[] = {"",
					    "http",
					    "http://",
					    "https:///x",
					    "ftp://a/",
					    "//a/",
					    "http://a b/",
					    "http://a\\b/",
					    "http://a@b@c",
					    "http://@",
					    "http://:80",
					    "http://a:65536",
					    "http://a:0",
					    "http://a:1x",
					    "http://[::1",
					    "http://[::1]x",
					    "http://[g]/",
					    "http://a%41/",
					    "http://a]/",
					    "http://#",
					    "http://?x",
					    "http://\n/",
					    "http://a\x7F/",
					    "http://[fe80::1%25x]/"};
	struct arena arena = ARENA_INIT;
	struct web_url url;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (web_url_read(&arena, wrong[i], &url))
			fail_msg("%s is taken", wrong[i]);
	char *long_one = malloc(MAX_WEB_URL + 20);
	memset(long_one, 'a', MAX_WEB_URL + 19);
	memcpy(long_one, "http://", 7);
	long_one[MAX_WEB_URL + 19] = '\0';
	assert_false(web_url_read(&arena, long_one, &url));
	memset(long_one + 20, '/', MAX_WEB_URL - 20);
	long_one[MAX_WEB_URL] = '\0';
	assert_true(web_url_read(&arena, long_one, &url));
	assert_true(strlen(web_url_for_message(&arena, long_one)) < 150);
	free(long_one);
	assert_true(fetch_is_url("HTTP://x") && fetch_is_url("https://x"));
	assert_false(fetch_is_url("http:/x") || fetch_is_url("https://") || fetch_is_url("x.html"));
	arena_release(&arena);
}

static void test_messages(void **state)
{
	(void)state;
	struct arena arena = ARENA_INIT;
	assert_string_equal(web_url_for_message(&arena, "http://u:p@a/b@c\n"), "http://a/b@c ");
	assert_string_equal(web_url_for_message(&arena, "http://u:p@v@a?@"), "http://a?@");
	assert_string_equal(web_url_for_message(&arena, "nothing"), "nothing");
	assert_string_equal(web_url_for_message(&arena, "http://"), "http://");
	char many[1000] = "http://a/";
	for (int i = 0; i < 300; i++)
		strcat(many, "ü");
	const char *shown = web_url_for_message(&arena, many);
	assert_true(strlen(shown) <= 143);
	assert_string_equal(shown + strlen(shown) - 5, "ü…");

	struct web_url to;
	assert_true(web_url_read(&arena, "https://a/x.png", &to));
	assert_string_equal(web_url_referrer(&arena, "https://u:p@a/b?c#d", &to), "https://a/b?c");
	assert_string_equal(web_url_referrer(&arena, "https://b/b?c#d", &to), "https://b/");
	assert_string_equal(web_url_referrer(&arena, "http://b:81/b", &to), "http://b:81/");
	assert_null(web_url_referrer(&arena, "file.html", &to));
	assert_true(web_url_read(&arena, "http://a/x.png", &to));
	assert_null(web_url_referrer(&arena, "https://a/b", &to));
	arena_release(&arena);
}

/* --- Header fields --- */

static void test_dates(void **state)
{
	long long at;
	(void)state;
	assert_true(http_date("Sun, 06 Nov 1994 08:49:37 GMT", &at) && at == 784111777);
	assert_true(http_date("Sunday, 06-Nov-94 08:49:37 GMT", &at) && at == 784111777);
	assert_true(http_date("Sun Nov  6 08:49:37 1994", &at) && at == 784111777);
	assert_true(http_date("Thu, 01 Jan 1970 00:00:00 GMT", &at) && at == 0);
	assert_true(http_date("Thu, 01-Jan-2099 00:00:00 GMT", &at) && at == 4070908800);
	static const char *const wrong[] = {"",
					    "0",
					    "-1",
					    "gestern",
					    "Sun, 32 Nov 1994 08:49:37 GMT",
					    "Sun, 06 Foo 1994 08:49:37 GMT",
					    "Sun, 06 Nov 1994",
					    "Sun, 06 Nov 1994 25:00:00 GMT",
					    ",",
					    ", 1 Jan"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (http_date(wrong[i], &at))
			fail_msg("%s is a date", wrong[i]);
}

static void test_retry_after(void **state)
{
	(void)state;
	assert_int_equal(http_retry_after("120", 0), 120);
	assert_int_equal(http_retry_after(" 0 ", 0), 0);
	assert_int_equal(http_retry_after("99999999999999999999", 0), 1LL << 31);
	assert_int_equal(http_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784111770), 7);
	assert_int_equal(http_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784111780), 0);
	assert_int_equal(http_retry_after("-5", 0), -1);
	assert_int_equal(http_retry_after("soon", 0), -1);
	assert_int_equal(http_retry_after("", 0), -1);
}

static void check_type(const char *value, const char *type, const char *charset)
{
	struct arena arena = ARENA_INIT;
	char *t, *c;
	http_content_type(&arena, value, &t, &c);
	if (type ? !t || strcmp(t, type) != 0 : t != NULL)
		fail_msg("type of %s is %s", value, t ? t : "none");
	if (charset ? !c || strcmp(c, charset) != 0 : c != NULL)
		fail_msg("charset of %s is %s", value, c ? c : "none");
	arena_release(&arena);
}

static void test_content_types(void **state)
{
	(void)state;
	check_type("text/html", "text/html", NULL);
	check_type("Text/HTML;Charset=UTF-8", "text/html", "UTF-8");
	check_type(" text/html ; x=\"a;charset=no\\\"\" ; charset = \"iso-8859-1\" ", "text/html",
		   "iso-8859-1");
	check_type("text/html; charset='utf-8'", "text/html", "utf-8");
	check_type("image/svg+xml;;;", "image/svg+xml", NULL);
	check_type("text", NULL, NULL);
	check_type("text/", NULL, NULL);
	check_type("/html; charset=x", NULL, "x");
	check_type("text/html; charset=", "text/html", NULL);
	check_type("text/html; charset=\"", "text/html", NULL);
	check_type("text/html; charset=\xFF", "text/html", NULL);
	check_type("text/html; charset", "text/html", NULL);
	check_type("text/html; =x; charset=y", "text/html", "y");
	check_type("", NULL, NULL);
	check_type(NULL, NULL, NULL);
}

static void test_lists(void **state)
{
	(void)state;
	const char *list = " ,Accept , X-Very-Long-Name,,b";
	char name[8];
	assert_true(http_next_name(&list, name, sizeof name));
	assert_string_equal(name, "accept");
	assert_true(http_next_name(&list, name, sizeof name));
	assert_string_equal(name, "x-very-");
	assert_true(http_next_name(&list, name, sizeof name));
	assert_string_equal(name, "b");
	assert_false(http_next_name(&list, name, sizeof name));
}

/* How long an answer that came at 1000000 is fresh. */
static long long fresh_for(struct http_head head)
{
	if (!head.status)
		head.status = 200;
	return http_fresh_until(&head, 1000000, 1000000) - 1000000;
}

static void test_freshness(void **state)
{
	(void)state;
#define FRESH(...) fresh_for((struct http_head){__VA_ARGS__})
	assert_int_equal(FRESH(.age = NULL), 0);
	assert_int_equal(FRESH(.cache_control = "max-age=60"), 60);
	assert_int_equal(FRESH(.cache_control = "a=\"b, max-age=5\", MAX-AGE = \"60\" , x"), 60);
	assert_int_equal(FRESH(.cache_control = "max-age=60", .age = "50"), 10);
	assert_int_equal(FRESH(.cache_control = "max-age=60", .age = "x"), 60);
	assert_int_equal(FRESH(.cache_control = "max-age=-60"), 0);
	assert_int_equal(FRESH(.cache_control = "max-age"), 0);
	assert_int_equal(FRESH(.cache_control = "s-maxage=60"), 0);
	assert_int_equal(FRESH(.cache_control = "xmax-age=60"), 0);
	assert_int_equal(FRESH(.cache_control = "max-age=99999999999999999999"), 1LL << 31);
	assert_true(FRESH(.cache_control = "max-age=60,no-cache") < 0);
	assert_true(FRESH(.cache_control = "no-cache=\"Set-Cookie\", max-age=60") < 0);
	assert_true(FRESH(.pragma = "No-Cache") < 0);
	assert_int_equal(FRESH(.pragma = "no-cache", .cache_control = "max-age=60"), 60);
	/* 1000000 is Mon, 12 Jan 1970 13:46:40. */
	assert_int_equal(FRESH(.expires = "Mon, 12 Jan 1970 13:47:40 GMT"), 60);
	assert_int_equal(FRESH(.expires = "Mon, 12 Jan 1970 13:47:40 GMT",
			       .date = "Mon, 12 Jan 1970 13:46:30 GMT"),
			 60);
	assert_int_equal(FRESH(.expires = "0", .last_modified = "Thu, 01 Jan 1970 00:00:00 GMT"),
			 0);
	assert_int_equal(FRESH(.last_modified = "Mon, 12 Jan 1970 13:45:00 GMT"), 10);
	assert_int_equal(FRESH(.last_modified = "Thu, 01 Jan 1970 00:00:00 GMT"), 24 * 3600);
	assert_int_equal(FRESH(.last_modified = "Fri, 01 Jan 1999 00:00:00 GMT"), 0);
	assert_int_equal(FRESH(.status = 301), 24 * 3600);
	assert_int_equal(FRESH(.status = 302), 0);
	assert_int_equal(FRESH(.status = 302, .cache_control = "max-age=9"), 9);
#undef FRESH
	struct http_head head = {.status = 200, .cache_control = "max-age=60"};
	assert_int_equal(http_fresh_until(&head, 999990, 1000000), 1000050);
	assert_true(http_may_keep(&head));
	head.cache_control = "private, No-Store";
	assert_false(http_may_keep(&head));
	head.cache_control = "x=\"no-store\", \"no-store\"";
	assert_true(http_may_keep(&head));
	head.cache_control = NULL;
	assert_true(http_may_keep(&head));
}

/* --- The cache --- */

static const struct cache_entry full = {
	.url = "https://a/",
	.media_type = "text/html",
	.charset = "utf-8",
	.etag = "W/\"\xE9 1\"",
	.last_modified = "Sun, 06 Nov 1994 08:49:37 GMT",
	.cache_control = "max-age=1",
	.vary = "Accept",
	.vary_key = "abc",
	.retrieved = 1234567890,
	.fresh_until = -1,
	.is_public = true,
	.digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	.size = 42,
};

static void test_entries(void **state)
{
	(void)state;
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT, again = BUF_INIT;
	struct cache_entry entry;
	assert_true(cache_entry_print(&full, &text));
	assert_true(cache_entry_parse(text.data, text.len, &arena, &entry));
	assert_string_equal(entry.etag, full.etag);
	assert_string_equal(entry.vary_key, full.vary_key);
	assert_string_equal(entry.digest, full.digest);
	assert_int_equal(entry.retrieved, full.retrieved);
	assert_int_equal(entry.fresh_until, -1);
	assert_int_equal(entry.size, 42);
	assert_true(entry.is_public);
	assert_true(cache_entry_print(&entry, &again));
	assert_string_equal(text.data, again.data);
	/* Any byte that is not what it was. */
	for (size_t i = 0; i < text.len; i++) {
		text.data[i] ^= 1;
		assert_false(cache_entry_parse(text.data, text.len, &arena, &entry));
		text.data[i] ^= 1;
		assert_false(cache_entry_parse(text.data, i, &arena, &entry));
	}
	struct cache_entry redirect = {.url = "http://a/", .location = "http://b/"};
	buf_truncate(&text, 0);
	assert_true(cache_entry_print(&redirect, &text));
	assert_true(cache_entry_parse(text.data, text.len, &arena, &entry));
	assert_string_equal(entry.location, "http://b/");
	assert_false(entry.is_public);
	/* What would not come back. */
	buf_truncate(&text, 0);
	assert_false(cache_entry_print(&(struct cache_entry){.location = "x"}, &text));
	assert_false(cache_entry_print(&(struct cache_entry){.url = "a\nb"}, &text));
	assert_false(cache_entry_print(&(struct cache_entry){.url = "a", .etag = ""}, &text));
	assert_int_equal(text.len, 0);
	buf_release(&text);
	buf_release(&again);
	arena_release(&arena);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int make_folder(void **state)
{
	static char dir[] = "/tmp/chapbook-test-fetch-XXXXXX";
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	*state = mkdtemp(dir);
	return *state ? 0 : -1;
}

static int remove_folder(void **state)
{
	return nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void test_cache(void **state)
{
	char dir[100];
	snprintf(dir, sizeof dir, "%s/a/b", (const char *)*state);
	struct arena arena = ARENA_INIT;
	struct cache *cache = cache_new(dir, 1 << 20);
	struct cache_entry entry, kept = {.url = "http://a/", .media_type = "x/y", .retrieved = 5};
	char *bytes;
	assert_false(cache_find(cache, "http://a/", &arena, &entry));
	cache_keep(cache, "http://a/", &kept, "hello\0world", 11);
	kept.url = "http://b/";
	cache_keep(cache, "http://b/", &kept, "hello\0world", 11);
	assert_true(cache_find(cache, "http://a/", &arena, &entry));
	assert_string_equal(entry.url, "http://a/");
	assert_string_equal(entry.media_type, "x/y");
	assert_int_equal(entry.size, 11);
	assert_true(cache_load(cache, "http://a/", &entry, &bytes));
	assert_memory_equal(bytes, "hello\0world", 12);
	free(bytes);
	cache_touch(cache, "http://a/", &entry);
	/* The object that both have goes: neither has it. */
	char path[300];
	snprintf(path, sizeof path, "%s/objects/%.2s/%s", dir, entry.digest, entry.digest + 2);
	assert_int_equal(truncate(path, 10), 0);
	assert_false(cache_load(cache, "http://a/", &entry, &bytes));
	assert_null(bytes);
	assert_false(cache_find(cache, "http://a/", &arena, &entry));
	assert_true(cache_find(cache, "http://b/", &arena, &entry));
	assert_false(cache_load(cache, "http://b/", &entry, &bytes));
	/* Too large for such a cache. */
	char *large = calloc(1, 1 << 20);
	kept.url = "http://c/";
	cache_keep(cache, "http://c/", &kept, large, 1 << 20);
	assert_false(cache_find(cache, "http://c/", &arena, &entry));
	free(large);
	cache_free(cache);
	arena_release(&arena);
}

static void test_trim(void **state)
{
	enum { COUNT = 40, SIZE = 20000 };
	const char *dir = *state;
	struct arena arena = ARENA_INIT;
	struct cache *cache = cache_new(dir, COUNT * SIZE / 2);
	char *bytes = malloc(SIZE);
	for (int i = 0; i < COUNT; i++) {
		char *url = arena_printf(&arena, "http://a/%d", i);
		struct cache_entry entry = {.url = url};
		memset(bytes, i, SIZE);
		cache_keep(cache, url, &entry, bytes, SIZE);
		/* Used one after the other, number 7 last. */
		struct timespec used[2] = {{.tv_sec = i == 7 ? 5000 : 1000 + i}};
		used[1] = used[0];
		char path[300], digest[SHA256_HEX];
		snprintf(path, sizeof path, "%s/objects/%.2s/%s", dir, entry.digest,
			 entry.digest + 2);
		assert_int_equal(utimensat(AT_FDCWD, path, used, 0), 0);
		sha256_hex(url, strlen(url), digest);
		snprintf(path, sizeof path, "%s/entries/%.2s/%s", dir, digest, digest + 2);
		assert_int_equal(utimensat(AT_FDCWD, path, used, 0), 0);
	}
	/* What a writer that was killed has left, and what one is at. */
	struct cache_entry entry;
	assert_true(cache_find(cache, "http://a/7", &arena, &entry));
	char old[300], fresh[300];
	snprintf(old, sizeof old, "%s/objects/%.2s/" CACHE_TEMP "1", dir, entry.digest);
	snprintf(fresh, sizeof fresh, "%s/objects/%.2s/" CACHE_TEMP "2", dir, entry.digest);
	assert_int_equal(file_write(old, "x", 1, NULL), 0);
	assert_int_equal(file_write(fresh, "x", 1, NULL), 0);
	assert_int_equal(utimensat(AT_FDCWD, old, (struct timespec[2]){{0}}, 0), 0);
	cache_free(cache);
	assert_int_not_equal(access(old, F_OK), 0);
	assert_int_equal(access(fresh, F_OK), 0);

	cache = cache_new(dir, COUNT * SIZE / 2);
	int left = 0;
	for (int i = 0; i < COUNT; i++) {
		char *url = arena_printf(&arena, "http://a/%d", i), *got = NULL;
		bool there = cache_find(cache, url, &arena, &entry) &&
			     cache_load(cache, url, &entry, &got);
		free(got);
		left += there;
		assert_true(there == (i == 7 || left > 1));
	}
	assert_in_range(left, 10, COUNT / 2);
	cache_free(cache);
	free(bytes);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_proxies),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_retry_after),
		cmocka_unit_test(test_content_types),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_freshness),
		cmocka_unit_test(test_entries),
		cmocka_unit_test_setup_teardown(test_cache, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_trim, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
