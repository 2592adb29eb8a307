#include "base/word_list.h"
#include "fetch/fetch_parts.h"

#include "fetch/address.h"
#include "fetch/proxy.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
	TRIES = 3,
	FIRST_WAIT = 500, /* milliseconds before the second try, thrice that before the third */
	BUSY_WAIT = 1000, /* the same where the host says that it has too much to do */
};

/* --- Header fields of requests --- */

/* Whether "Name: value" is the field `name`; its value then. */
static const char *value_in(const char *line, const char *name)
{
	size_t len = strlen(name);
	if (strncasecmp(line, name, len) != 0 || (line[len] != ':' && line[len] != ';'))
		return NULL;
	line += len + 1;
	return line + strspn(line, " \t");
}

const char *get_line(const struct get *g, const char *name)
{
	for (size_t i = 0; i < g->lines.count; i++) {
		const char *value = value_in(g->lines.items[i], name);
		if (value)
			return value;
	}
	return NULL;
}

static void push_line(struct get *g, const char *line)
{
	const char **item = ARENA_PUSH(&g->arena, g->lines);
	if (item)
		*item = line;
}

void get_add_line(struct get *g, const char *name, const char *value)
{
	if (!get_line(g, name))
		push_line(g, arena_printf(&g->arena, "%s: %s", name, value));
}

int get_make_lines(struct get *g)
{
	/* Pictures that need no change are better than smaller ones. */
	static const char *const accept[] = {
		[FETCH_PAGE] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
		[FETCH_PICTURE] = "image/jpeg,image/png,image/gif,image/svg+xml,image/*;q=0.8,"
				  "*/*;q=0.5",
	};
	const struct fetch_options *options = &g->f->options;
	g->lines.count = 0;
	for (size_t i = 0; g->has_headers && i < options->header_count; i++)
		push_line(g, options->headers[i]);
	get_add_line(g, "User-Agent", options->user_agent);
	get_add_line(g, "Accept", accept[g->request->kind]);
	if (g->request->referrer) {
		const char *referrer = web_url_referrer(&g->arena, g->request->referrer, &g->url);
		if (referrer)
			get_add_line(g, "Referer", referrer);
	}
	return g->arena.failed ? get_fail(g, CHAPBOOK_E_MEMORY, "out of memory") : 0;
}

/* --- Asking, and asking again --- */

static bool is_busy(int status)
{
	return status == 429 || status == 503;
}

static bool may_pass(int status)
{
	return is_busy(status) || status == 408 || status == 500 || status == 502 || status == 504;
}

static bool is_good(int status)
{
	switch (status) {
	case 200:
	case 203:
	case 301:
	case 302:
	case 303:
	case 304:
	case 307:
	case 308:
		return true;
	default:
		return false;
	}
}

/* Whether the body has a compression that libcurl knows: asked for none, it came so all the same.
 */
static bool is_compressed(const struct http_head *head)
{
	const char *list = head->content_encoding ? head->content_encoding : "";
	for (char name[16]; http_next_name(&list, name, sizeof name);)
		if (word_list_has("gzip x-gzip deflate br zstd compress", name))
			return true;
	return false;
}

/* The error was set: note that a later try may succeed. */
static int passes(const struct get *g)
{
	if (g->err)
		g->err->may_pass = true;
	return -1;
}

static int fail_status(struct get *g, int status, int tries)
{
	const char *words = http_status_words(status);
	char times[32] = "";
	if (tries > 1)
		snprintf(times, sizeof times, " (tried %d times)", tries);
	get_fail(g, CHAPBOOK_E_INPUT, "the server answers %d%s%s%s", status, words ? " " : "",
		 words ? words : "", times);
	g->is_gone = status == 404 || status == 410;
	return may_pass(status) ? passes(g) : -1;
}

static int fail_wait(struct get *g, int status, long long seconds)
{
	const char *words = http_status_words(status);
	get_fail(g, CHAPBOOK_E_INPUT, "the server answers %d%s%s and asks to wait for %lld s",
		 status, words ? " " : "", words ? words : "", seconds);
	return passes(g);
}

/* Wait before the next try, because of what came of this one. Returns -1 when it asks for too
 * long. */
static int fetch_ask_put_off(struct get *g, struct exchange *ex, int tries)
{
	int status = ex->head.status;
	long long seconds = -1, wait = is_busy(status) ? BUSY_WAIT : FIRST_WAIT;
	for (int i = 1; i < tries; i++)
		wait *= 3;
	if (may_pass(status) && ex->head.retry_after) {
		long long now; /* by the cache's own clock */
		if (!ex->head.date || !http_date(ex->head.date, &now))
			now = time(NULL);
		seconds = http_retry_after(ex->head.retry_after, now);
	}
	if (seconds > 0)
		wait = seconds * 1000;
	if (is_busy(status) || seconds > 0)
		loop_pause(g->f->loop, g->url.origin, wait);
	if (seconds > LOOP_PATIENCE)
		return fail_wait(g, status, seconds);
	ex->not_before = loop_now() + wait;
	return 0;
}

static int fail_last(struct get *g, const struct exchange *ex, int tries)
{
	if (ex->head.status)
		return fail_status(g, ex->head.status, tries);
	if (tries > 1)
		get_fail(g, ex->code, "%s (tried %d times)", ex->words, tries);
	else
		get_fail(g, ex->code, "%s", ex->words);
	g->is_gone = ex->no_connection;
	return ex->may_pass || ex->no_connection ? passes(g) : -1;
}

/* A proxy looks names up itself. What this machine knows to be a private address is not asked for
 * on behalf of a public page; what only the proxy knows cannot be told. */
static int check_name(struct get *g, const char *proxy)
{
	struct fetcher *f = g->f;
	bool no_answer = false, is_private = false;
	pthread_mutex_lock(&f->lock);
	bool resolve = !f->no_names && g->public_only && *proxy && proxy_allows_lookup(proxy);
	pthread_mutex_unlock(&f->lock);
	if (resolve)
		is_private = address_name_is_private(g->url.host, &no_answer);
	if (no_answer) {
		pthread_mutex_lock(&f->lock);
		f->no_names = true;
		pthread_mutex_unlock(&f->lock);
	}
	return is_private ? get_fail(g, CHAPBOOK_E_INPUT,
				     "a private address, and the page that refers to it is public")
			  : 0;
}

/* --- Hosts that are not reached --- */

enum { MAX_FAILED_CONNECTIONS = 2 };

/* How many connections to the host of g->url failed. Under the lock. */
static unsigned *failed_connections(struct get *g)
{
	struct fetcher *f = g->f;
	unsigned *count = map_find(&f->dead, g->url.origin);
	if (count)
		return count;
	char *name = arena_dup(&f->asked_names, g->url.origin);
	count = arena_alloc(&f->asked_names, sizeof *count);
	if (name && count)
		map_set(&f->dead, name, count);
	return count;
}

/* What a proxy does not reach says nothing of the host. */
static bool is_dead(struct get *g, const struct exchange *ex)
{
	pthread_mutex_lock(&g->f->lock);
	const unsigned *count = map_find(&g->f->dead, g->url.origin);
	bool dead = !*ex->proxy && count && *count >= MAX_FAILED_CONNECTIONS;
	pthread_mutex_unlock(&g->f->lock);
	return dead;
}

static void note_connection(struct get *g, const struct exchange *ex)
{
	pthread_mutex_lock(&g->f->lock);
	unsigned *count =
		ex->no_connection ? failed_connections(g) : map_find(&g->f->dead, g->url.origin);
	if (count)
		*count = ex->no_connection ? *count + 1 : 0;
	pthread_mutex_unlock(&g->f->lock);
}

int get_ask(struct get *g, struct exchange *ex)
{
	const struct fetch_options *options = &g->f->options;
	double spent = 0;
	ex->url = &g->url;
	ex->lines = g->lines.items;
	ex->line_count = g->lines.count;
	ex->proxy = proxy_for(&g->url, options->proxy);
	if (check_name(g, ex->proxy) != 0)
		return -1;
	ex->public_only = g->public_only;
	ex->has_cookies = g->has_cookies;
	ex->limit = g->request->kind == FETCH_PAGE ? options->page_max : options->picture_max;
	ex->timeout = options->timeout;
	if (is_dead(g, ex)) {
		g->is_gone = true;
		get_fail(g, CHAPBOOK_E_INPUT,
			 "the host was not reached before, and is not asked again in this run");
		return passes(g);
	}
	for (int tries = 1;; tries++) {
		exchange_clear(ex);
		loop_do(g->f->loop, ex);
		note_connection(g, ex);
		spent += ex->seconds;
		pthread_mutex_lock(&g->f->lock);
		g->f->tally.bytes += ex->received;
		pthread_mutex_unlock(&g->f->lock);

		int status = ex->head.status;
		if (is_good(status)) {
			if (ex->plain && is_compressed(&ex->head))
				return get_fail(g, CHAPBOOK_E_INPUT,
						"the answer's compression is broken");
			return 0;
		}
		bool again = status ? may_pass(status)
				    : ex->may_pass || (ex->bad_encoding && !ex->plain);
		if (again && fetch_ask_put_off(g, ex, tries) != 0)
			return -1;
		if (!again || tries == TRIES || spent >= options->timeout || is_dead(g, ex))
			return fail_last(g, ex, tries);
		ex->plain = ex->plain || ex->bad_encoding;
		ex->old = ex->old || ex->http2_failed;
	}
}
