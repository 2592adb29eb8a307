#include "fetch/exchange.h"

#include "fetch/address.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	CONNECT_SECONDS = 10,
	SLOW_BYTES = 64,       /* a second; less than that for … */
	MAX_HEAD = 256 * 1024, /* bytes of header fields, those of 1xx answers too */
	MAX_DROP = 64 * 1024,  /* of an error's page, so that the connection is of further use */
	MAX_RESERVE = 4 << 20, /* bytes taken on the word of Content-Length alone */
};

/* … two thirds of the time that there is in all. */
static unsigned slow_seconds(const struct exchange *ex)
{
	unsigned seconds = ex->timeout * 2 / 3;
	return seconds > 0 ? seconds : 1;
}

void exchange_init(struct exchange *ex)
{
	*ex = (struct exchange){.proxy = "", .body = BUF_INIT};
	pthread_cond_init(&ex->when_done, NULL);
}

void exchange_clear(struct exchange *ex)
{
	arena_release(&ex->arena);
	ex->arena = (struct arena)ARENA_INIT;
	buf_release(&ex->body);
	ex->head = (struct http_head){0};
	ex->stopped = EXCHANGE_RUNS;
	ex->head_size = ex->dropped = 0;
	ex->done = ex->may_pass = ex->http2_failed = ex->bad_encoding = ex->is_public = false;
	ex->no_connection = false;
	ex->code = CHAPBOOK_OK;
	ex->words[0] = '\0';
	ex->received = 0;
	ex->seconds = 0;
}

void exchange_release(struct exchange *ex)
{
	exchange_clear(ex);
	pthread_cond_destroy(&ex->when_done);
}

/* --- What libcurl asks of us --- */

static bool keeps_body(long status)
{
	return status == 200 || status == 203;
}

/* Before the first bytes: is it known to be too much, how much room will it need? */
static bool begin_body(struct exchange *ex)
{
	long status = 0;
	curl_off_t length = -1;
	struct curl_header *encoding;
	ex->curl->curl_easy_getinfo(ex->easy, CURLINFO_RESPONSE_CODE, &status);
	ex->head.status = (int)status;
	if (!keeps_body(status))
		return true;
	ex->curl->curl_easy_getinfo(ex->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	if (length <= 0)
		return true;
	if ((uint64_t)length > ex->limit) {
		ex->stopped = EXCHANGE_TOO_LARGE;
		return false;
	}
	if (ex->curl->curl_easy_header(ex->easy, "Content-Encoding", 0, CURLH_HEADER, -1,
				       &encoding) != CURLHE_OK)
		buf_reserve(&ex->body, length < MAX_RESERVE ? (size_t)length : MAX_RESERVE);
	return true;
}

static size_t on_body(char *bytes, size_t one, size_t size, void *ctx)
{
	struct exchange *ex = ctx;
	size *= one;
	if (ex->head.status == 0 && !begin_body(ex))
		return 0;
	if (!keeps_body(ex->head.status)) {
		ex->dropped += size;
		if (ex->dropped <= MAX_DROP)
			return size;
		ex->stopped = EXCHANGE_DROPPED;
		return 0;
	}
	if (size > ex->limit - ex->body.len) {
		ex->stopped = EXCHANGE_TOO_LARGE;
		return 0;
	}
	buf_append(&ex->body, bytes, size);
	if (!ex->body.failed)
		return size;
	ex->stopped = EXCHANGE_NO_MEMORY;
	return 0;
}

static size_t on_head(char *bytes, size_t one, size_t size, void *ctx)
{
	struct exchange *ex = ctx;
	(void)bytes;
	size *= one;
	ex->head_size += size;
	if (ex->head_size <= MAX_HEAD)
		return size;
	ex->stopped = EXCHANGE_TOO_MUCH_HEAD;
	return 0;
}

/* The address is inspected where it is used: names may come to mean another one between two
 * questions. */
static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct exchange *ex = ctx;
	(void)purpose;
	if (ex->public_only && !ex->proxy[0] && !address_is_public(&to->addr)) {
		ex->stopped = EXCHANGE_NOT_PUBLIC;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* Called before the request is sent, also over a connection that another download has opened. */
static int on_request(void *ctx, char *to, char *from, int to_port, int from_port)
{
	struct exchange *ex = ctx;
	(void)from;
	(void)to_port;
	(void)from_port;
	if (!ex->proxy[0])
		ex->is_public = address_text_is_public(to);
	if (ex->public_only && !ex->is_public) {
		ex->stopped = EXCHANGE_NOT_PUBLIC;
		return CURL_PREREQFUNC_ABORT;
	}
	ex->stopped = EXCHANGE_RUNS; /* another address of the same name was refused */
	return CURL_PREREQFUNC_OK;
}

/* --- Beginning --- */

static bool exchange_fail(struct exchange *ex, enum chapbook_code code, const char *words)
{
	ex->code = code;
	snprintf(ex->words, sizeof ex->words, "%s", words);
	return false;
}

/* The address with its host's name in ASCII (RFC 5891), in the arena; NULL when it has no such
 * form. */
static char *ascii_url(struct exchange *ex)
{
	enum { NFC_INPUT = 1, NON_TRANSITIONAL = 8 };
	const struct web_url *url = ex->url;
	const char *p = url->host;
	while ((unsigned char)*p - 1u < 0x7F)
		p++;
	if (!*p || !ex->curl->idn2_lookup_u8)
		return url->text;
	uint8_t *ascii = NULL;
	if (ex->curl->idn2_lookup_u8((const uint8_t *)url->host, &ascii,
				     NFC_INPUT | NON_TRANSITIONAL) != 0)
		return NULL;
	/* user@ is before the host, and the host is the first thing behind that. */
	size_t before = (url->secure ? 8 : 7) + (url->user ? strlen(url->user) + 1 : 0);
	char *text = arena_printf(&ex->arena, "%.*s%s%s", (int)before, url->text, (char *)ascii,
				  url->text + before + strlen(url->host));
	ex->curl->idn2_free(ascii);
	return text;
}

static bool make_list(struct exchange *ex)
{
	for (size_t i = 0; i < ex->line_count; i++) {
		struct curl_slist *longer = ex->curl->curl_slist_append(ex->list, ex->lines[i]);
		if (!longer)
			return false;
		ex->list = longer;
	}
	return true;
}

static void set_options(struct exchange *ex, CURLSH *share, const char *url)
{
	const struct curl *c = ex->curl;
	CURL *easy = ex->easy;
	const char *ca_file = getenv("SSL_CERT_FILE"), *ca_dir = getenv("SSL_CERT_DIR");
	long version = ex->url->secure && !ex->old ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1;
	c->curl_easy_setopt(easy, CURLOPT_URL, url);
	c->curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	c->curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, version);
	/* Without TLS it is not known before the first answer whether a connection may be shared.
	 */
	c->curl_easy_setopt(easy, CURLOPT_PIPEWAIT, ex->url->secure ? 1L : 0L);
	c->curl_easy_setopt(easy, CURLOPT_HTTPHEADER, ex->list);
	c->curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	c->curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (ex->plain)
		c->curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	else
		c->curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	c->curl_easy_setopt(easy, CURLOPT_PROXY, ex->proxy);
	c->curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	if (ca_file && *ca_file)
		c->curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
	if (ca_dir && *ca_dir)
		c->curl_easy_setopt(easy, CURLOPT_CAPATH, ca_dir);

	c->curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)ex->timeout);
	c->curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT,
			    (long)(ex->timeout < CONNECT_SECONDS ? ex->timeout : CONNECT_SECONDS));
	c->curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
	c->curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)slow_seconds(ex));
	c->curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	c->curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* does not wait for names looked up */

	c->curl_easy_setopt(easy, CURLOPT_SHARE, share);
	c->curl_easy_setopt(easy, CURLOPT_COOKIEFILE, ""); /* to use the cookies shared */
	c->curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, ex->error);
	c->curl_easy_setopt(easy, CURLOPT_PRIVATE, ex);
	c->curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	c->curl_easy_setopt(easy, CURLOPT_WRITEDATA, ex);
	c->curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head);
	c->curl_easy_setopt(easy, CURLOPT_HEADERDATA, ex);
	c->curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	c->curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, ex);
	c->curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request);
	c->curl_easy_setopt(easy, CURLOPT_PREREQDATA, ex);
}

bool exchange_begin(struct exchange *ex, const struct curl *curl, CURLSH *share)
{
	ex->curl = curl;
	if (ex->proxy[0]) {
		ex->is_public = address_host_seems_public(ex->url->host);
		if (ex->public_only && !ex->is_public) {
			ex->stopped = EXCHANGE_NOT_PUBLIC;
			exchange_end(ex, CURLE_COULDNT_CONNECT);
			return false;
		}
	}
	ex->error = arena_alloc(&ex->arena, CURL_ERROR_SIZE);
	const char *url = ascii_url(ex);
	if (!url && !ex->arena.failed)
		return exchange_fail(ex, CHAPBOOK_E_INPUT, "the host name is not valid");
	ex->easy = curl->curl_easy_init();
	if (!url || !ex->error || !ex->easy || !make_list(ex)) {
		exchange_end(ex, CURLE_OUT_OF_MEMORY);
		return false;
	}
	set_options(ex, share, url);
	return true;
}

/* --- Ending --- */

/* A header field; the values of one that was sent more than once, joined. */
static const char *field(struct exchange *ex, const char *name, bool joined)
{
	struct curl_header *h;
	const char *value = NULL;
	for (size_t i = 0; i < 16; i++) {
		if (ex->curl->curl_easy_header(ex->easy, name, i, CURLH_HEADER, -1, &h) !=
		    CURLHE_OK)
			break;
		value = value ? arena_printf(&ex->arena, "%s, %s", value, h->value)
			      : arena_dup(&ex->arena, h->value);
		if (!joined || !value || i + 1 >= h->amount)
			break;
	}
	return value;
}

static void take_head(struct exchange *ex)
{
	struct http_head *head = &ex->head;
	long status = 0;
	ex->curl->curl_easy_getinfo(ex->easy, CURLINFO_RESPONSE_CODE, &status);
	head->status = (int)status;
	head->age = field(ex, "Age", false);
	head->cache_control = field(ex, "Cache-Control", true);
	head->content_encoding = field(ex, "Content-Encoding", true);
	head->content_type = field(ex, "Content-Type", false);
	head->date = field(ex, "Date", false);
	head->etag = field(ex, "ETag", false);
	head->expires = field(ex, "Expires", false);
	head->last_modified = field(ex, "Last-Modified", false);
	head->location = field(ex, "Location", false);
	head->pragma = field(ex, "Pragma", true);
	head->retry_after = field(ex, "Retry-After", false);
	head->set_cookie = field(ex, "Set-Cookie", false);
	head->vary = field(ex, "Vary", true);
	if (ex->arena.failed)
		ex->stopped = EXCHANGE_NO_MEMORY;
}

static void take_numbers(struct exchange *ex)
{
	const struct curl *c = ex->curl;
	curl_off_t body = 0, micros = 0;
	long head = 0;
	c->curl_easy_getinfo(ex->easy, CURLINFO_SIZE_DOWNLOAD_T, &body);
	c->curl_easy_getinfo(ex->easy, CURLINFO_HEADER_SIZE, &head);
	c->curl_easy_getinfo(ex->easy, CURLINFO_TOTAL_TIME_T, &micros);
	ex->received = (unsigned long long)body + (unsigned long long)head;
	ex->seconds = (double)micros / 1e6;
}

/* What libcurl says, in one line of letters that can be shown. */
static void put_detail(struct exchange *ex, const char *before, CURLcode result)
{
	const char *detail =
		ex->error && ex->error[0] ? ex->error : ex->curl->curl_easy_strerror(result);
	int len = snprintf(ex->words, sizeof ex->words, "%s%s", before, detail);
	if (len >= (int)sizeof ex->words)
		len = sizeof ex->words - 1;
	for (char *p = ex->words; *p; p++)
		if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7F)
			*p = '?';
	while (len > 0 && (ex->words[len - 1] == '?' || ex->words[len - 1] == '.'))
		ex->words[--len] = '\0';
}

static void fail_connecting(struct exchange *ex)
{
	long number = 0;
	ex->curl->curl_easy_getinfo(ex->easy, CURLINFO_OS_ERRNO, &number);
	ex->may_pass = ex->no_connection = true;
	char text[128];
	snprintf(ex->words, sizeof ex->words, "no connection%s%s", number ? ": " : "",
		 number ? strerror_r((int)number, text, sizeof text) : "");
}

static void fail_late(struct exchange *ex)
{
	curl_off_t connected = 0;
	ex->curl->curl_easy_getinfo(ex->easy, CURLINFO_CONNECT_TIME_T, &connected);
	ex->no_connection = connected == 0;
	long seconds = (long)(ex->seconds + 0.5);
	ex->may_pass = ex->head_size == 0;
	snprintf(ex->words, sizeof ex->words,
		 ex->head_size == 0 ? "no answer within %ld s"
		 : ex->seconds + 0.5 >= ex->timeout
			 ? "the answer is not complete after %ld s; use a longer --timeout"
			 : "the answer stopped after %ld s",
		 seconds);
}

/* What we stopped ourselves. False: nothing. */
static bool fail_stopped(struct exchange *ex)
{
	switch (ex->stopped) {
	case EXCHANGE_TOO_LARGE:
		if (ex->limit % (1 << 20) == 0)
			snprintf(ex->words, sizeof ex->words, "larger than %zu MB",
				 ex->limit >> 20);
		else
			snprintf(ex->words, sizeof ex->words, "larger than %zu bytes", ex->limit);
		ex->code = CHAPBOOK_E_LIMIT;
		return true;
	case EXCHANGE_TOO_MUCH_HEAD:
		exchange_fail(ex, CHAPBOOK_E_LIMIT, "too many header fields");
		return true;
	case EXCHANGE_NOT_PUBLIC:
		exchange_fail(ex, CHAPBOOK_E_INPUT,
			      "a private address, and the page that refers to it is public");
		return true;
	case EXCHANGE_NO_MEMORY:
		exchange_fail(ex, CHAPBOOK_E_MEMORY, "out of memory");
		return true;
	default:
		return false;
	}
}

/* Whether the connection had been used before. */
static bool was_used_before(struct exchange *ex)
{
	long fresh = 0;
	ex->curl->curl_easy_getinfo(ex->easy, CURLINFO_NUM_CONNECTS, &fresh);
	return fresh == 0;
}

static void fail_with(struct exchange *ex, CURLcode result)
{
	ex->code = CHAPBOOK_E_INPUT;
	if (fail_stopped(ex))
		return;
	switch (result) {
	case CURLE_OUT_OF_MEMORY:
		exchange_fail(ex, CHAPBOOK_E_MEMORY, "out of memory");
		break;
	case CURLE_COULDNT_RESOLVE_HOST:
		ex->no_connection = true;
		exchange_fail(ex, CHAPBOOK_E_INPUT, "the host was not found");
		break;
	case CURLE_COULDNT_RESOLVE_PROXY:
		exchange_fail(ex, CHAPBOOK_E_INPUT, "the proxy was not found");
		break;
	case CURLE_COULDNT_CONNECT:
		fail_connecting(ex);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		fail_late(ex);
		break;
	case CURLE_GOT_NOTHING:
		ex->may_pass = true;
		exchange_fail(ex, ex->code, "the server closed the connection without an answer");
		break;
	case CURLE_PARTIAL_FILE:
		ex->may_pass = true;
		exchange_fail(ex, ex->code, "the answer is incomplete");
		break;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
		ex->may_pass = true;
		exchange_fail(ex, ex->code,
			      ex->head_size ? "the answer is incomplete: the connection was lost"
					    : "the connection was lost");
		break;
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		ex->may_pass = ex->http2_failed = true;
		put_detail(ex, "", result);
		break;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9 */
		/* Or the answer before was longer than it said. */
		ex->may_pass = was_used_before(ex);
		exchange_fail(ex, ex->code, "the server does not speak HTTP");
		break;
	case CURLE_BAD_CONTENT_ENCODING:
		ex->bad_encoding = true;
		exchange_fail(ex, ex->code, "the compressed answer is broken");
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		put_detail(ex, "its certificate is not valid: ", result);
		break;
	case CURLE_SSL_CONNECT_ERROR:
		ex->may_pass = true;
		put_detail(ex, "TLS failed: ", result);
		break;
	default:
		put_detail(ex, "", result);
	}
}

void exchange_end(struct exchange *ex, CURLcode result)
{
	if (ex->easy) {
		take_numbers(ex);
		take_head(ex);
	}
	/* An error's page that was not read to its end says what it has to say all the same. */
	if (result != CURLE_OK && ex->stopped != EXCHANGE_DROPPED) {
		fail_with(ex, result);
		ex->head.status = 0;
	} else if (ex->stopped == EXCHANGE_NO_MEMORY) {
		fail_stopped(ex);
		ex->head.status = 0;
	}
	if (ex->easy)
		ex->curl->curl_easy_cleanup(ex->easy);
	ex->curl->curl_slist_free_all(ex->list);
	ex->easy = NULL;
	ex->list = NULL;
}
