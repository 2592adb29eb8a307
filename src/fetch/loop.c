#include "fetch/loop.h"

#include "base/error.h"
#include "base/map.h"
#include "fetch/cookies.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct loop_host {
	unsigned active, most;
	long long not_before; /* it asked to wait */
	long long next;       /* by the rate */
};

struct loop {
	const struct curl *curl;
	CURLM *multi;
	/* Cookies, TLS sessions, of exchanges with the user's cookies and of those without: for the
	 * thread alone, so that they have no locks. */
	CURLSH *with_cookies, *without;
	double rate;
	pthread_t thread;
	bool has_thread;

	pthread_mutex_t lock; /* for all that follows */
	struct exchange *waiting, **waiting_end;
	unsigned active;
	struct map hosts;   /* by origin */
	struct arena arena; /* their names and records */
	bool stop;
};

long long loop_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* NULL when memory runs out. Under the lock. */
static struct loop_host *host_of(struct loop *loop, const char *origin)
{
	struct loop_host *host = map_find(&loop->hosts, origin);
	if (host)
		return host;
	char *name = arena_dup(&loop->arena, origin);
	host = arena_alloc(&loop->arena, sizeof *host);
	if (!name || !host)
		return NULL;
	host->most = MAX_LOOP_HOST;
	map_set(&loop->hosts, name, host);
	return loop->hosts.failed ? NULL : host;
}

/* --- In the thread --- */

static void loop_finish(struct loop *loop, struct exchange *ex)
{
	pthread_mutex_lock(&loop->lock);
	loop->active--;
	ex->host->active--;
	ex->done = true;
	pthread_cond_signal(&ex->when_done);
	pthread_mutex_unlock(&loop->lock);
}

/* Take what is asked of hosts that want to be left alone for long off the queue: it has failed.
 * Under the lock. */
static void refuse_paused(struct loop *loop, long long now)
{
	struct exchange **at = &loop->waiting, *ex;
	while ((ex = *at)) {
		long long paused = ex->host->not_before - now;
		if (paused <= LOOP_PATIENCE * 1000LL) {
			at = &ex->next;
			continue;
		}
		*at = ex->next;
		ex->code = CHAPBOOK_E_INPUT;
		snprintf(ex->words, sizeof ex->words,
			 "the server has asked to wait for %lld s more", paused / 1000);
		ex->done = true;
		pthread_cond_signal(&ex->when_done);
	}
	loop->waiting_end = at;
}

/* Take the first that may start now off the queue. NULL: none; *wait is then how many milliseconds
 * from now one may. Under the lock. */
static struct exchange *take_ready(struct loop *loop, long long now, int *wait)
{
	if (loop->active >= MAX_LOOP)
		return NULL;
	for (struct exchange **at = &loop->waiting, *ex; (ex = *at); at = &ex->next) {
		struct loop_host *host = ex->host;
		long long ready = ex->not_before;
		if (host->active >= host->most)
			continue;
		if (ready < host->not_before)
			ready = host->not_before;
		if (ready < host->next)
			ready = host->next;
		if (ready > now) {
			if (ready - now < *wait)
				*wait = (int)(ready - now);
			continue;
		}
		*at = ex->next;
		if (loop->waiting_end == &ex->next)
			loop->waiting_end = at;
		if (loop->rate > 0)
			host->next = now + (long long)(1000 / loop->rate);
		host->active++;
		loop->active++;
		return ex;
	}
	return NULL;
}

/* Start what may start. Returns for how many milliseconds nothing will be to do but what libcurl
 * waits for; -1 at the end. */
static int start_ready(struct loop *loop)
{
	enum { LONG = 60000 };
	int wait = LONG;
	for (;;) {
		pthread_mutex_lock(&loop->lock);
		refuse_paused(loop, loop_now());
		struct exchange *ex = take_ready(loop, loop_now(), &wait);
		bool stop = loop->stop;
		pthread_mutex_unlock(&loop->lock);
		if (!ex)
			return stop ? -1 : wait;
		if (!exchange_begin(ex, loop->curl,
				    ex->has_cookies ? loop->with_cookies : loop->without)) {
			loop_finish(loop, ex);
		} else if (loop->curl->curl_multi_add_handle(loop->multi, ex->easy) != CURLM_OK) {
			exchange_end(ex, CURLE_OUT_OF_MEMORY);
			loop_finish(loop, ex);
		}
	}
}

/* Whether anything was done. */
static bool finish_done(struct loop *loop)
{
	bool any = false;
	int left;
	for (CURLMsg *m; (m = loop->curl->curl_multi_info_read(loop->multi, &left));) {
		if (m->msg != CURLMSG_DONE)
			continue;
		char *ex = NULL;
		CURLcode result = m->data.result;
		loop->curl->curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &ex);
		loop->curl->curl_multi_remove_handle(loop->multi, m->easy_handle);
		exchange_end((struct exchange *)(void *)ex, result);
		loop_finish(loop, (struct exchange *)(void *)ex);
		any = true;
	}
	return any;
}

static void *run(void *ctx)
{
	struct loop *loop = ctx;
	int wait;
	while ((wait = start_ready(loop)) >= 0) {
		int running;
		loop->curl->curl_multi_perform(loop->multi, &running);
		if (finish_done(loop))
			continue;
		if (loop->curl->curl_multi_poll(loop->multi, NULL, 0, wait, NULL) != CURLM_OK)
			nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
	return NULL;
}

/* --- From outside --- */

static int start_thread(struct loop *loop, struct chapbook_error *err)
{
	/* Signals are for the program's own threads; and SIGPIPE is ignored. */
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&loop->thread, NULL, run, loop);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed)
		return error_set(err, CHAPBOOK_E_IO, "no thread for downloads could be started");
	loop->has_thread = true;
	return 0;
}

static CURLSH *new_share(const struct curl *c)
{
	CURLSH *share = c->curl_share_init();
	if (share) {
		c->curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
		c->curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
		c->curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_PSL);
	}
	return share;
}

struct loop *loop_new(const char *cookies, double rate, struct chapbook_error *err)
{
	struct loop *loop = calloc(1, sizeof *loop);
	if (!loop) {
		error_memory(err);
		return NULL;
	}
	pthread_mutex_init(&loop->lock, NULL);
	loop->waiting_end = &loop->waiting;
	loop->rate = rate;
	loop->curl = curl_load();
	if (!loop->curl) {
		error_set(err, CHAPBOOK_E_IO,
			  "nothing can be downloaded: libcurl (libcurl.so.4) is not "
			  "installed, or is older than 7.85");
		goto failed;
	}
	loop->multi = loop->curl->curl_multi_init();
	loop->with_cookies = new_share(loop->curl);
	loop->without = new_share(loop->curl);
	if (!loop->multi || !loop->with_cookies || !loop->without) {
		error_memory(err);
		goto failed;
	}
	loop->curl->curl_multi_setopt(loop->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
	loop->curl->curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, (long)MAX_LOOP * 2);
	if ((cookies && cookies_read(cookies, loop->curl, loop->with_cookies, err) != 0) ||
	    start_thread(loop, err) != 0)
		goto failed;
	return loop;
failed:
	loop_free(loop);
	return NULL;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	if (loop->has_thread) {
		pthread_mutex_lock(&loop->lock);
		loop->stop = true;
		pthread_mutex_unlock(&loop->lock);
		loop->curl->curl_multi_wakeup(loop->multi);
		pthread_join(loop->thread, NULL);
	}
	if (loop->multi)
		loop->curl->curl_multi_cleanup(loop->multi);
	if (loop->with_cookies)
		loop->curl->curl_share_cleanup(loop->with_cookies);
	if (loop->without)
		loop->curl->curl_share_cleanup(loop->without);
	map_release(&loop->hosts);
	arena_release(&loop->arena);
	pthread_mutex_destroy(&loop->lock);
	free(loop);
}

const struct curl *loop_curl(struct loop *loop)
{
	return loop->curl;
}

void loop_do(struct loop *loop, struct exchange *ex)
{
	pthread_mutex_lock(&loop->lock);
	ex->host = host_of(loop, ex->url->origin);
	if (!ex->host) {
		ex->code = CHAPBOOK_E_MEMORY;
		strcpy(ex->words, "out of memory");
		pthread_mutex_unlock(&loop->lock);
		return;
	}
	ex->next = NULL;
	*loop->waiting_end = ex;
	loop->waiting_end = &ex->next;
	/* Not under the lock it could be done, and gone, before the thread is woken. */
	loop->curl->curl_multi_wakeup(loop->multi);
	while (!ex->done)
		pthread_cond_wait(&ex->when_done, &loop->lock);
	pthread_mutex_unlock(&loop->lock);
}

void loop_pause(struct loop *loop, const char *origin, long long milliseconds)
{
	pthread_mutex_lock(&loop->lock);
	struct loop_host *host = host_of(loop, origin);
	long long until = loop_now() + milliseconds;
	if (host && host->not_before < until)
		host->not_before = until;
	if (host && host->most > 1)
		host->most = (host->most + 1) / 2;
	pthread_mutex_unlock(&loop->lock);
	loop->curl->curl_multi_wakeup(loop->multi);
}
