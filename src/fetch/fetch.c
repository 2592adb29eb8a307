#include "fetch/fetch.h"

#include "base/error.h"
#include "fetch/fetch_parts.h"
#include "fetch/site.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- The fetcher --- */

static bool is_header_line(const char *line)
{
	size_t name = strcspn(line, ":;");
	if (name == 0 || line[name] == '\0')
		return false;
	for (size_t i = 0; line[i]; i++)
		if (line[i] == '\r' || line[i] == '\n' || (i < name && line[i] <= ' '))
			return false;
	return true;
}

static void copy_headers(struct fetcher *f, const struct fetch_options *options)
{
	const char **headers =
		arena_alloc(&f->arena, (options->header_count + 1) * sizeof *headers);
	for (size_t i = 0; headers && i < options->header_count; i++) {
		headers[i] = arena_dup(&f->arena, options->headers[i]);
		if (!is_header_line(options->headers[i]))
			error_set(&f->wrong, CHAPBOOK_E_USAGE,
				  "'%.100s' is not a header field; write 'Name: value'",
				  options->headers[i]);
	}
	f->options.headers = headers;
}

static void set_defaults(struct fetch_options *o)
{
	if (!o->user_agent)
		o->user_agent = "Mozilla/5.0 (compatible; chapbook/" CHAPBOOK_VERSION ")";
	if (!o->cache_max)
		o->cache_max = (size_t)500 << 20;
	if (!o->timeout)
		o->timeout = 30;
	if (!o->redirects)
		o->redirects = 10;
	if (!o->page_max)
		o->page_max = (size_t)20 << 20;
	if (!o->picture_max)
		o->picture_max = (size_t)50 << 20;
}

size_t fetcher_page_max(const struct fetcher *f)
{
	return f->options.page_max;
}

struct fetcher *fetcher_new(const struct fetch_options *options)
{
	struct fetcher *f = calloc(1, sizeof *f);
	if (!f)
		return NULL;
	pthread_mutex_init(&f->lock, NULL);
	f->options = *options;
	set_defaults(&f->options);
	copy_headers(f, options);
	f->options.user_agent = arena_dup(&f->arena, f->options.user_agent);
	f->options.cookies = arena_dup(&f->arena, options->cookies);
	f->options.proxy = arena_dup(&f->arena, options->proxy);
	f->options.cache_dir = NULL;
	bool has_cache = options->cache_dir && *options->cache_dir;
	if (has_cache)
		f->cache = cache_new(options->cache_dir, f->options.cache_max);
	if (strpbrk(f->options.user_agent ? f->options.user_agent : "", "\r\n"))
		error_set(&f->wrong, CHAPBOOK_E_USAGE, "the user agent has more than one line");
	if (f->arena.failed || (has_cache && !f->cache)) {
		fetcher_free(f);
		return NULL;
	}
	return f;
}

void fetcher_free(struct fetcher *f)
{
	if (!f)
		return;
	loop_free(f->loop);
	cache_free(f->cache);
	map_release(&f->asked);
	map_release(&f->dead);
	map_release(&f->sites);
	arena_release(&f->asked_names);
	arena_release(&f->arena);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

void fetcher_tally(struct fetcher *f, struct fetch_tally *tally)
{
	pthread_mutex_lock(&f->lock);
	*tally = f->tally;
	pthread_mutex_unlock(&f->lock);
}

/* The thread that fetches, from the first request on. */
static int start(struct fetcher *f, struct chapbook_error *err)
{
	pthread_mutex_lock(&f->lock);
	if (!f->loop && f->failed.code == CHAPBOOK_OK)
		f->loop = loop_new(f->options.cookies, f->options.rate, &f->failed);
	bool failed = !f->loop;
	if (failed && err && err->code == CHAPBOOK_OK)
		*err = f->failed;
	pthread_mutex_unlock(&f->lock);
	return failed ? -1 : 0;
}

/* Whether the user's cookies go with the request (SameSite=Lax): the user asks, or a page that the
 * user asked for asks its own site, and not less securely. Under the lock. */
static bool may_have_cookies(struct get *g)
{
	struct fetcher *f = g->f;
	struct web_url page;
	const char *site = site_of_host(g->url.host);
	if (!g->request->referrer) {
		char *name = arena_dup(&f->asked_names, site);
		if (name)
			map_set(&f->sites, name, name);
		return true;
	}
	return web_url_read(&g->arena, g->request->referrer, &page) &&
	       strcmp(site_of_host(page.host), site) == 0 && map_find(&f->sites, site) &&
	       (g->url.secure || !page.secure);
}

/* Whether the user's own header fields go to the host of g->url; if the user asks for something
 * there by itself, they do from now on. */
static int note_asked(struct get *g)
{
	struct fetcher *f = g->f;
	pthread_mutex_lock(&f->lock);
	g->has_headers = map_find(&f->asked, g->url.origin) != NULL;
	if (!g->has_headers && !g->request->referrer && g->url.text == g->first.text) {
		char *name = arena_dup(&f->asked_names, g->url.origin);
		if (name)
			map_set(&f->asked, name, name);
		g->has_headers = true;
	}
	g->has_cookies = may_have_cookies(g);
	bool failed = f->asked_names.failed || f->asked.failed || f->sites.failed;
	pthread_mutex_unlock(&f->lock);
	return failed ? get_fail(g, CHAPBOOK_E_MEMORY, "out of memory") : 0;
}

/* Give `url` the user name and password of the address that was asked for, or of the one that the
 * request has them from, where it is of the same origin. */
static void log_in(struct get *g, struct web_url *url)
{
	struct web_url login;
	web_url_login(&g->arena, url, &g->first);
	if (g->request->login && web_url_read(&g->arena, g->request->login, &login))
		web_url_login(&g->arena, url, &login);
}

/* What is wrong with an address that web_url_read() refused. */
static const char *why_refused(const struct web_url *url)
{
	return url->is_too_long ? "longer than 32768 bytes" : "not an http or https address";
}

/* Go to where a redirect leads. */
static int follow(struct get *g, const char *location, bool from_public)
{
	struct web_url to;
	if (!web_url_read(&g->arena, location, &to))
		return get_fail(g, g->arena.failed ? CHAPBOOK_E_MEMORY : CHAPBOOK_E_INPUT,
				"the server redirects to '%s', which is %s",
				web_url_for_message(&g->arena, location), why_refused(&to));
	/* Reject redirects from public to private addresses (SSRF). */
	g->public_only = g->public_only || from_public;
	g->url = to;
	log_in(g, &g->url);
	return 0;
}

/* What `location` means at g->url, in the arena. NULL when it cannot be an address. */
static char *fetch_resolve(struct get *g, const char *location)
{
	const struct curl *c = loop_curl(g->f->loop);
	CURLU *u = c->curl_url();
	char *text = NULL, *result = NULL;
	/* Locations have letters beyond ASCII and spaces in them, though they must not. */
	const unsigned flags = CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME;
	if (u && c->curl_url_set(u, CURLUPART_URL, g->url.shown, 0) == CURLUE_OK &&
	    c->curl_url_set(u, CURLUPART_URL, location, flags) == CURLUE_OK &&
	    c->curl_url_get(u, CURLUPART_URL, &text, 0) == CURLUE_OK)
		result = arena_dup(&g->arena, text);
	c->curl_free(text);
	c->curl_url_cleanup(u);
	return result;
}

/* The result is what the entry says; takes `bytes`. */
static int deliver_known(struct get *g, const struct cache_entry *entry, char *bytes, size_t *tally)
{
	struct fetch_result *r = g->result;
	size_t limit =
		g->request->kind == FETCH_PAGE ? g->f->options.page_max : g->f->options.picture_max;
	r->bytes = bytes;
	r->size = entry->size;
	r->url = strdup(g->url.shown);
	r->media_type = entry->media_type ? strdup(entry->media_type) : NULL;
	r->charset = entry->charset ? strdup(entry->charset) : NULL;
	r->retrieved = entry->retrieved;
	r->from_cache = true;
	r->is_public = entry->is_public;
	if (!r->url || (entry->media_type && !r->media_type) || (entry->charset && !r->charset))
		return error_memory(g->err);
	if (r->size > limit)
		return get_fail(g, CHAPBOOK_E_LIMIT, "larger than %zu MB", limit >> 20);
	pthread_mutex_lock(&g->f->lock);
	++*tally;
	pthread_mutex_unlock(&g->f->lock);
	return 0;
}

static int deliver_new(struct get *g, struct exchange *ex, long long received)
{
	struct fetch_result *r = g->result;
	char *type, *charset;
	http_content_type(&g->arena, ex->head.content_type, &type, &charset);
	r->bytes = buf_detach(&ex->body, &r->size);
	if (r->bytes) {
		char *smaller = realloc(r->bytes, r->size + 1);
		r->bytes = smaller ? smaller : r->bytes;
	}
	r->url = strdup(g->url.shown);
	r->media_type = type ? strdup(type) : NULL;
	r->charset = charset ? strdup(charset) : NULL;
	r->retrieved = received;
	r->is_public = ex->is_public;
	if (g->arena.failed || !r->bytes || !r->url || (type && !r->media_type) ||
	    (charset && !r->charset))
		return error_memory(g->err);
	pthread_mutex_lock(&g->f->lock);
	g->f->tally.fetched++;
	pthread_mutex_unlock(&g->f->lock);
	return 0;
}

/* What one address has to say. Returns 1 when it leads to another, which is then g->url. */
static int fetch_ask(struct get *g, struct cache_entry *entry, char **bytes)
{
	struct exchange ex;
	int rc = -1;
	bool known = entry->url != NULL;
	exchange_init(&ex);
	long long asked = time(NULL);
	if (get_ask(g, &ex) != 0)
		goto out;
	long long received = time(NULL);
	if (ex.seconds < (double)(received - asked)) /* not the time that was spent waiting */
		asked = received - (long long)ex.seconds;
	int status = ex.head.status;
	if (status == 304 && known) {
		get_confirm(g, &ex, entry, asked, received);
		if (entry->location) {
			rc = follow(g, entry->location, ex.is_public) == 0 ? 1 : -1;
			goto out;
		}
		rc = deliver_known(g, entry, *bytes, &g->f->tally.unchanged);
		*bytes = NULL;
	} else if (status == 200 || status == 203) {
		if (ex.body.len == 0) {
			get_fail(g, CHAPBOOK_E_INPUT, "the answer is empty");
			goto out;
		}
		get_keep(g, &ex, NULL, asked, received);
		rc = deliver_new(g, &ex, received);
	} else if (status == 304 || !ex.head.location) {
		get_fail(g, CHAPBOOK_E_INPUT, "the server answers %d without %s", status,
			 status == 304 ? "a cached copy" : "a Location header");
	} else {
		char *location = fetch_resolve(g, ex.head.location);
		if (!location) {
			get_fail(g, CHAPBOOK_E_INPUT, "the server redirects to an empty address");
			goto out;
		}
		get_keep(g, &ex, location, asked, received);
		rc = follow(g, location, ex.is_public) == 0 ? 1 : -1;
	}
out:
	exchange_release(&ex);
	return rc;
}

/* The same, but try the cache first. */
static int fetch_or_reuse(struct get *g)
{
	struct cache_entry entry = {0};
	char *bytes = NULL;
	int rc = -1;
	if (note_asked(g) != 0 || get_make_lines(g) != 0)
		return -1;
	enum known known = get_known(g, &entry, &bytes);
	if (g->arena.failed) {
		error_memory(g->err);
	} else if (known == KNOWN_FRESH && g->public_only && !entry.is_public) {
		get_fail(g, CHAPBOOK_E_INPUT,
			 "a private address, and the page that refers to it is public");
	} else if (known == KNOWN_FRESH && entry.location) {
		rc = follow(g, entry.location, entry.is_public) == 0 ? 1 : -1;
	} else if (known == KNOWN_FRESH) {
		rc = deliver_known(g, &entry, bytes, &g->f->tally.cached);
		bytes = NULL;
	} else if (g->f->options.offline) {
		get_fail(g, CHAPBOOK_E_INPUT, "not in the cache, and --offline allows no download");
	} else if (start(g->f, g->err) == 0) {
		if (known == KNOWN_NOTHING)
			entry.url = NULL;
		rc = fetch_ask(g, &entry, &bytes);
	}
	free(bytes);
	return rc;
}

int fetch_get(struct fetcher *f, const struct fetch_request *request, struct fetch_result *result,
	      struct chapbook_error *err)
{
	struct get g = {.f = f,
			.request = request,
			.result = result,
			.err = err,
			.public_only = request->public_only};
	int rc = -1;
	*result = (struct fetch_result){0};
	if (f->wrong.code != CHAPBOOK_OK) {
		error_set(err, f->wrong.code, "%s", f->wrong.message);
		goto out;
	}
	if (!web_url_read(&g.arena, request->url, &g.first)) {
		get_fail(&g, g.arena.failed ? CHAPBOOK_E_MEMORY : CHAPBOOK_E_USAGE, "%s",
			 why_refused(&g.first));
		goto out;
	}
	log_in(&g, &g.first);
	g.url = g.first;
	for (; (rc = fetch_or_reuse(&g)) > 0; g.redirects++)
		if (g.redirects == f->options.redirects) {
			rc = get_fail(&g, CHAPBOOK_E_LIMIT, "more than %u redirects",
				      f->options.redirects);
			break;
		}
out:
	arena_release(&g.arena);
	if (rc != 0) {
		fetch_result_release(result);
		result->is_gone = g.is_gone;
	}
	return rc;
}

void fetch_result_release(struct fetch_result *result)
{
	free(result->bytes);
	free(result->url);
	free(result->media_type);
	free(result->charset);
	free(result->archived);
	*result = (struct fetch_result){0};
}
