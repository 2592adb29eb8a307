/* Messages and progress. */
#include "cli/cli.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct cli_reporter {
	const struct cli_args *args;
	pthread_mutex_t lock;
	size_t total;
	struct cli_counts own, *counts;
	struct cli_run *run; /* or NULL */
	bool one_book;       /* is made of all inputs */
	bool terminal;       /* stderr is a terminal: a line that changes is shown */
	bool line;           /* it is there */
	bool yields;         /* another process writes it */
	unsigned width;
	char *input; /* the one of the last messages, with --explain */
};

static unsigned terminal_width(void)
{
	struct winsize size;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
		return size.ws_col;
	return 80;
}

struct cli_reporter *cli_reporter_new(const struct cli_args *args)
{
	struct cli_reporter *r = calloc(1, sizeof *r);
	if (!r) {
		cli_complain("out of memory");
		return NULL;
	}
	r->args = args;
	r->counts = &r->own;
	r->terminal = !args->quiet && !args->verbose && isatty(STDERR_FILENO);
	r->width = r->terminal ? terminal_width() : 0;
	pthread_mutex_init(&r->lock, NULL);
	return r;
}

size_t cli_reporter_total(const struct cli_reporter *r)
{
	return r->total;
}

void cli_reporter_expect(struct cli_reporter *r, size_t total)
{
	r->total = total;
}

void cli_reporter_one_book(struct cli_reporter *r)
{
	r->one_book = true;
}

static void clear_line(struct cli_reporter *r)
{
	if (r->line)
		fputs("\r\033[K", stderr);
	r->line = r->yields;
}

/* Never longer than the terminal is wide: a line that wraps cannot be cleared. Bytes count as
 * columns, so that it may be shorter. */
static void report_put_line(struct cli_reporter *r, const char *name, const char *what)
{
	size_t used = strlen(what) + 3, len = strlen(name);
	size_t room = r->width > used + 10 ? r->width - used : 10;
	const char *cut = len > room ? name + len - room : name;
	while (cut > name && ((unsigned char)*cut & 0xC0) == 0x80)
		cut++;
	clear_line(r);
	fprintf(stderr, "%s: %s", cut, what);
	fflush(stderr);
	r->line = true;
}

void cli_reporter_line(struct cli_reporter *r, const char *text)
{
	if (!r->terminal)
		return;
	clear_line(r);
	fprintf(stderr, "%.*s", (int)r->width - 1, text);
	fflush(stderr);
	r->line = true;
}

void cli_reporter_yield_line(struct cli_reporter *r)
{
	r->yields = r->line = r->terminal;
}

/* Pictures that are missing, by the messages in this thread. */
static _Thread_local unsigned missing;

unsigned cli_reporter_take_missing(void)
{
	unsigned taken = missing;
	missing = 0;
	return taken;
}

/* The length of the input's name in "name" or "name:line". */
static size_t input_len(const char *where)
{
	const char *colon = strrchr(where, ':');
	bool line = colon && colon[1] && colon[strspn(colon + 1, "0123456789") + 1] == '\0';
	return line ? (size_t)(colon - where) : strlen(where);
}

/* With --explain: the input's name once, then its messages, indented. */
static void print_indented(struct cli_reporter *r, const struct chapbook_message *m,
			   const char *severity)
{
	const char *where = m->where ? m->where : "";
	size_t len = input_len(where);
	if (len && (!r->input || strlen(r->input) != len || strncmp(r->input, where, len) != 0)) {
		free(r->input);
		r->input = strndup(where, len);
		fprintf(stderr, "%.*s:\n", (int)len, where);
	}
	fprintf(stderr, "  %s%s%s%s%s [%s]\n", where[len] ? "line " : "",
		where[len] ? where + len + 1 : "", where[len] ? ": " : "", severity, m->text,
		m->id);
}

static void on_message(void *ctx, const struct chapbook_message *m)
{
	struct cli_reporter *r = ctx;
	const char *severity = m->severity == CHAPBOOK_NOTE ? "" : "warning: ";
	pthread_mutex_lock(&r->lock);
	bool failed = strcmp(m->id, "article-missing") == 0; /* an error, for the program */
	if (failed) {
		severity = "";
		atomic_store(&r->counts->status, CLI_NOT_CONVERTED);
	} else if (m->severity == CHAPBOOK_LOSS) {
		missing += strncmp(m->id, "image-", strlen("image-")) == 0;
		atomic_fetch_add(&r->counts->losses, 1);
	}
	if (m->severity == CHAPBOOK_NOTE ? r->args->explain : failed || !r->args->quiet) {
		clear_line(r);
		if (r->args->explain)
			print_indented(r, m, severity);
		else
			fprintf(stderr, "chapbook: %s%s%s%s [%s]\n", m->where ? m->where : "",
				m->where ? ": " : "", severity, m->text, m->id);
	}
	pthread_mutex_unlock(&r->lock);
}

/* With -v: a line for each step, with how many inputs are done. */
static void print_step(const struct cli_reporter *r, const char *name, const char *what)
{
	if (r->total > 1)
		fprintf(stderr, "chapbook: [%zu of %zu done] %s: %s\n",
			atomic_load(&r->counts->done), r->total, name, what);
	else
		fprintf(stderr, "chapbook: %s: %s\n", name, what);
}

static void on_progress(void *ctx, const struct chapbook_progress *p)
{
	struct cli_reporter *r = ctx;
	char what[64];
	switch (p->stage) {
	case CHAPBOOK_FETCHING:
		snprintf(what, sizeof what, "fetching");
		break;
	case CHAPBOOK_PICTURES:
		snprintf(what, sizeof what, "pictures");
		if (r->args->verbose)
			snprintf(what, sizeof what, "pictures %zu of %zu", p->done, p->total);
		break;
	case CHAPBOOK_COVER:
		snprintf(what, sizeof what, "cover");
		break;
	case CHAPBOOK_WRITING:
		snprintf(what, sizeof what, "writing");
		break;
	default:
		return;
	}
	/* Other stages may be reported by other threads than the job's own. */
	if (r->run && (p->stage == CHAPBOOK_COVER || p->stage == CHAPBOOK_WRITING))
		cli_run_drawing(r->run, p->stage == CHAPBOOK_COVER);
	if ((!r->terminal || r->yields) && !r->args->verbose)
		return;
	pthread_mutex_lock(&r->lock);
	if (r->args->verbose)
		print_step(r, p->input, what);
	else
		report_put_line(r, p->input, what);
	pthread_mutex_unlock(&r->lock);
}

void cli_reporter_attach(struct cli_reporter *r, struct chapbook_job *job)
{
	/* Messages cost time to word: they are made only where they count. */
	if (r->args->explain || r->args->strict || r->one_book || !r->args->quiet)
		chapbook_job_on_message(job, on_message, r);
	chapbook_job_on_progress(job, on_progress, r);
}

void cli_reporter_done(struct cli_reporter *r, const char *path)
{
	pthread_mutex_lock(&r->lock);
	atomic_fetch_add(&r->counts->done, 1);
	clear_line(r);
	if (path && !r->args->quiet) {
		printf("%s\n", path);
		fflush(stdout); /* the process may be ended by another book */
	}
	pthread_mutex_unlock(&r->lock);
}

void cli_reporter_saved(struct cli_reporter *r, const struct chapbook_job *job, const char *input)
{
	const char *path = chapbook_job_path(job);
	cli_reporter_done(r, NULL);
	if (r->args->quiet)
		return;
	pthread_mutex_lock(&r->lock);
	switch (chapbook_job_saving(job)) {
	case CHAPBOOK_REPLACED:
		cli_complain("%s: replaced an older copy of the same book", path);
		break;
	case CHAPBOOK_NUMBERED:
		cli_complain("%s: has a number because another book has the name without it; to "
			     "replace that one, use -o",
			     path);
		break;
	case CHAPBOOK_SAME:
		cli_complain("%s: is the same article as one before; both are in %s", input, path);
		break;
	case CHAPBOOK_WRITTEN:
		break;
	}
	pthread_mutex_unlock(&r->lock);
}

int cli_reporter_complain(struct cli_reporter *r, const char *name,
			  const struct chapbook_error *err)
{
	unsigned long long limit = r->args->memory;
	int status = CLI_NOT_CONVERTED;
	pthread_mutex_lock(&r->lock);
	clear_line(r);
	atomic_fetch_add(&r->counts->done, 1);
	if (err->code == CHAPBOOK_E_MEMORY && limit)
		cli_complain("%s%sout of memory: the limit is %llu MB; use a larger --limit-memory",
			     name ? name : "", name ? ": " : "", limit / 1000000);
	else
		status = cli_complain_of(err);
	atomic_store(&r->counts->status, status);
	pthread_mutex_unlock(&r->lock);
	return status;
}

void cli_reporter_count_in(struct cli_reporter *r, struct cli_counts *counts)
{
	r->counts = counts;
}

void cli_reporter_follow(struct cli_reporter *r, struct cli_run *run)
{
	r->run = run;
}

void cli_reporter_clear(struct cli_reporter *r)
{
	clear_line(r);
}

void cli_reporter_print(struct cli_reporter *r, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	r->line = r->terminal;
	clear_line(r);
	cli_complain("%s", text);
}

void cli_reporter_fetched(struct cli_reporter *r, struct chapbook_job *job)
{
	struct chapbook_fetched f;
	if (!r->args->verbose)
		return;
	chapbook_job_fetched(job, &f);
	clear_line(r);
	if (f.fetched + f.unchanged + f.cached)
		cli_complain("%zu fetched (%.1f MB), %zu unchanged, %zu from the cache", f.fetched,
			     (double)f.bytes / 1e6, f.unchanged, f.cached);
}

int cli_reporter_end(struct cli_reporter *r, int status)
{
	clear_line(r);
	if (status == CLI_DONE && r->args->strict && atomic_load(&r->counts->losses)) {
		if (!r->args->quiet)
			cli_complain("--strict: %zu %s missing in the book; see the warnings",
				     atomic_load(&r->counts->losses),
				     cli_plural(atomic_load(&r->counts->losses), "part is",
						"parts are"));
		status = CLI_LOSSES;
	}
	pthread_mutex_destroy(&r->lock);
	free(r->input);
	free(r);
	return status;
}
