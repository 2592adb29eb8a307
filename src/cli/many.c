/* Books in a folder: which are made and which were made before, by the record in the folder; their
 * names; what is said meanwhile and at the end. Processes that make books tell their parent, which
 * keeps the record: what they say is not trusted. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	FLIGHTS = 256,    /* at least as many as items that are begun and not done */
	NAME_SIZE = 4096, /* bytes of a path of a book */
	MESSAGE_MAX = 12000,
	PATIENCE = 3000,     /* ms for what is being made after a signal */
	LINE_EVERY = 200,    /* ms, on a terminal */
	REPORT_EVERY = 60000 /* ms, elsewhere */
};

/* An item that was begun: what its line in the record needs. */
struct flight {
	char *key, *digest, *input; /* owned; NULL: there is none */
	long long start;            /* ms */
};

/* A number of items. */
struct tally {
	size_t made, waiting; /* for their names */
	size_t failed, before, failed_before;
};

struct cli_many {
	const struct cli_args *args;
	struct chapbook_record *record; /* NULL: none is kept */
	const char *folder;
	char *path; /* of the record */
	struct cli_run *run;
	struct chapbook_watch watch;
	struct flight flights[FLIGHTS];
	char *names; /* of books that have no names yet, a line each; owned */
	size_t names_len, names_room;
	struct tally tally;
	int signals; /* a descriptor that gives them */
	sigset_t mask;
	int stopped_by;    /* a signal; 0: none */
	bool failed;       /* no more can be written */
	bool ended;        /* before all was done */
	long long stopped; /* when, ms; 0: not */
	long long start, shown;
};

static long long many_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* --- Messages of the child --- */

struct message {
	size_t item;
	enum { BEGIN, MADE, FAILED, UNAVAILABLE } kind;
	unsigned missing;
};

/* Append strings with their NULs. Returns the size of the whole; what has no room is left out. */
static size_t many_pack(char *bytes, const struct message *message, const char *const *texts,
			size_t count)
{
	size_t size = sizeof *message;
	memcpy(bytes, message, size);
	for (size_t i = 0; i < count; i++) {
		size_t len = texts[i] ? strlen(texts[i]) : 0, room = MESSAGE_MAX / count - 1;
		len = len < room ? len : room;
		memcpy(bytes + size, texts[i] ? texts[i] : "", len);
		bytes[size + len] = '\0';
		size += len + 1;
	}
	return size;
}

/* The next string; NULL when there is no more, or it has no end. */
static const char *many_unpack(const char **at, const char *end)
{
	const char *text = *at,
		   *stop = text < end ? memchr(text, '\0', (size_t)(end - text)) : NULL;
	*at = stop ? stop + 1 : end;
	return stop ? text : NULL;
}

/* --- In the parent --- */

static void drop_flight(struct flight *flight)
{
	free(flight->key);
	free(flight->digest);
	free(flight->input);
	*flight = (struct flight){0};
}

static void many_stop(struct cli_many *many)
{
	if (many->stopped)
		return;
	many->stopped = many_now();
	cli_run_stop(many->run);
}

/* The record or a book cannot be written: nothing more can be done. */
static void many_fail(struct cli_many *many, const struct chapbook_error *err)
{
	if (!many->failed)
		cli_reporter_print(many->args->reporter, "%s", err->message);
	many->failed = true;
	many_stop(many);
}

static bool has_book(const struct cli_many *many, const char *file)
{
	char path[NAME_SIZE];
	struct stat st;
	const char *slash = *many->folder ? "/" : "";
	if (strchr(file, '/') ||
	    snprintf(path, sizeof path, "%s%s%s", many->folder, slash, file) >= (int)sizeof path)
		return false;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
}

/* Whether the record says that there is nothing to do. */
static bool is_done(struct cli_many *many, const char *key, const char *digest)
{
	struct chapbook_entry entry;
	if (!many->record || many->args->again ||
	    !chapbook_record_find(many->record, key, &entry) || strcmp(entry.digest, digest) != 0)
		return false;
	if (entry.status == CHAPBOOK_MADE && has_book(many, entry.file)) {
		many->tally.before++;
		return true;
	}
	if (entry.status == CHAPBOOK_FAILED && !many->args->retry_failed) {
		many->tally.failed_before++;
		return true;
	}
	return false;
}

/* Returns 1 for an item that is to be made. */
static int many_begin_item(struct cli_many *many, size_t item, const char *at, const char *end)
{
	struct flight *flight = &many->flights[item % FLIGHTS];
	const char *key = many_unpack(&at, end), *digest = many_unpack(&at, end),
		   *input = many_unpack(&at, end);
	drop_flight(flight);
	if (!key || !digest || !input || is_done(many, key, digest))
		return 0;
	*flight = (struct flight){strdup(key), strdup(digest), strdup(input), many_now()};
	return 1;
}

static void many_add_name(struct cli_many *many, const char *path)
{
	size_t len = strlen(path) + 1;
	if (many->names_len + len > many->names_room) {
		size_t room = 2 * (many->names_len + len);
		char *more = realloc(many->names, room);
		if (!more)
			return;
		many->names = more;
		many->names_room = room;
	}
	memcpy(many->names + many->names_len, path, len - 1);
	many->names[many->names_len + len - 1] = '\n';
	many->names_len += len;
}

static void many_record(struct cli_many *many, struct flight *flight, struct chapbook_entry *entry)
{
	struct chapbook_error err = {0};
	if (many->record && flight->key && flight->digest && flight->input) {
		entry->key = flight->key;
		entry->digest = flight->digest;
		entry->input = flight->input;
		entry->ms = (unsigned long long)(many_now() - flight->start);
		if (chapbook_record_add(many->record, entry, &err) != 0)
			many_fail(many, &err);
	}
	drop_flight(flight);
}

static void many_end_item(struct cli_many *many, const struct message *message, const char *at,
			  const char *stop_at)
{
	struct chapbook_entry entry = {.missing = message->missing};
	const char *first = many_unpack(&at, stop_at), *second = many_unpack(&at, stop_at);
	if (!first || !second)
		return;
	if (message->kind == MADE) {
		const char *slash = strrchr(first, '/');
		entry.status = CHAPBOOK_MADE;
		entry.file = slash ? slash + 1 : first;
		entry.identity = second;
		many->tally.waiting++;
		many_add_name(many, first);
	} else {
		entry.status = message->kind == FAILED ? CHAPBOOK_FAILED : CHAPBOOK_UNAVAILABLE;
		entry.reason = first;
		many->tally.failed++;
	}
	many_record(many, &many->flights[message->item % FLIGHTS], &entry);
}

static int on_bytes_reported(void *ctx, const void *bytes, size_t size)
{
	struct message message;
	const char *at = (const char *)bytes + sizeof message,
		   *stop_at = (const char *)bytes + size;
	if (size < sizeof message)
		return 0;
	memcpy(&message, bytes, sizeof message);
	if (message.kind == BEGIN)
		return many_begin_item(ctx, message.item, at, stop_at);
	if (message.kind == MADE || message.kind == FAILED || message.kind == UNAVAILABLE)
		many_end_item(ctx, &message, at, stop_at);
	return 0;
}

/* On a terminal the line that shows the progress is enough. */
static bool prints_names(const struct cli_many *many)
{
	return !many->args->quiet &&
	       (!many->record || many->args->verbose ||
		cli_reporter_total(many->args->reporter) <= 1 || !isatty(STDOUT_FILENO));
}

/* Books have their names: their lines in the record are written, then they are named. */
static void on_saved(void *ctx, const struct chapbook_error *err)
{
	struct cli_many *many = ctx;
	struct chapbook_error why = {0};
	if (err && many->record)
		chapbook_record_drop(many->record);
	else if (many->record && chapbook_record_flush(many->record, &why) != 0)
		err = &why;
	if (err) {
		many_fail(many, err);
	} else {
		many->tally.made += many->tally.waiting;
		if (many->names_len && prints_names(many)) {
			cli_reporter_clear(many->args->reporter);
			fwrite(many->names, 1, many->names_len, stdout);
			fflush(stdout);
		}
	}
	many->tally.waiting = 0;
	many->names_len = 0;
}

/* --- Progress --- */

/* A number with commas: "1,204". */
static const char *print_count(char text[32], size_t n)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof digits, "%zu", n), out = 0;
	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			text[out++] = ',';
		text[out++] = digits[i];
	}
	text[out] = '\0';
	return text;
}

/* "1,204 of 2,412 made, 17 failed". */
static void print_tally(const struct cli_many *many, char *text, size_t size)
{
	char made[32], total[32], failed[32];
	size_t all = cli_reporter_total(many->args->reporter);
	print_count(made, many->tally.made + many->tally.before);
	print_count(failed, many->tally.failed + many->tally.failed_before);
	snprintf(text, size, "%s of %s made, %s failed", made, print_count(total, all), failed);
}

static void show_progress(struct cli_many *many, long long time)
{
	char text[160], rest[64] = "";
	const struct tally *t = &many->tally;
	size_t done = t->made + t->failed;
	size_t all = cli_reporter_total(many->args->reporter);
	size_t left = all - t->before - t->failed_before;
	double rate = (double)done * 1000 / (double)(time - many->start + 1);
	print_tally(many, text, sizeof text);
	if (done && left >= done)
		snprintf(rest, sizeof rest, ", %.*f a second, %.0f s left", rate < 10 ? 1 : 0, rate,
			 (double)(left - done) / rate);
	strncat(text, rest, sizeof text - strlen(text) - 1);
	cli_reporter_line(many->args->reporter, text);
}

static void report_progress(const struct cli_many *many)
{
	char text[128];
	print_tally(many, text, sizeof text);
	cli_complain("%s", text);
}

static bool on_tick(void *ctx)
{
	struct cli_many *many = ctx;
	struct signalfd_siginfo info;
	bool terminal = isatty(STDERR_FILENO),
	     several = cli_reporter_total(many->args->reporter) > 1;
	long long time = many_now();
	while (many->signals >= 0 && read(many->signals, &info, sizeof info) == sizeof info) {
		if (many->stopped_by)
			return true;
		many->stopped_by = (int)info.ssi_signo;
		many_stop(many);
	}
	if (many->stopped)
		return time - many->stopped > PATIENCE;
	if (several && !many->args->quiet &&
	    time - many->shown >= (terminal ? LINE_EVERY : REPORT_EVERY)) {
		many->shown = time;
		if (terminal)
			show_progress(many, time);
		else
			report_progress(many);
	}
	return false;
}

/* --- From outside --- */

static void many_on_message(void *ctx, const struct chapbook_message *m)
{
	const struct cli_many *many = ctx;
	if (!many->args->quiet)
		cli_complain("%s: warning: %s [%s]", m->where, m->text, m->id);
}

/* Returns an exit status. */
static int open_record(struct cli_many *many, const char *folder)
{
	struct chapbook_error err = {0};
	const struct cli_args *args = many->args;
	size_t len = strlen(folder);
	const char *slash = len && folder[len - 1] != '/' ? "/" : "";
	if (!args->state && !*folder)
		return CLI_DONE;
	if (asprintf(&many->path, "%s%s%s", args->state ? args->state : folder,
		     args->state ? "" : slash, args->state ? "" : ".chapbook.jsonl") < 0) {
		many->path = NULL;
		cli_complain("out of memory");
		return CLI_NOT_CONVERTED;
	}
	many->record = chapbook_record_open(many->path, many_on_message, many, &err);
	return many->record ? CLI_DONE : cli_complain_of(&err);
}

static void many_release(struct cli_many *many)
{
	struct signalfd_siginfo late; /* all was done when it came */
	while (many->signals >= 0 && read(many->signals, &late, sizeof late) == sizeof late)
		;
	for (size_t i = 0; i < FLIGHTS; i++)
		drop_flight(&many->flights[i]);
	chapbook_record_close(many->record);
	if (many->signals >= 0)
		close(many->signals);
	sigprocmask(SIG_SETMASK, &many->mask, NULL);
	free(many->names);
	free(many->path);
	free(many);
}

struct cli_many *cli_many_new(const struct cli_args *args, const char *folder, int *status)
{
	struct cli_many *many = calloc(1, sizeof *many);
	sigset_t signals;
	if (!many) {
		cli_complain("out of memory");
		*status = CLI_NOT_CONVERTED;
		return NULL;
	}
	many->args = args;
	many->folder = folder;
	many->watch = (struct chapbook_watch){on_bytes_reported, on_saved, on_tick, many};
	many->start = many_now();
	many->shown = isatty(STDERR_FILENO) ? 0 : many->start;
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, &many->mask);
	many->signals = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
	if (many->signals < 0)
		sigprocmask(SIG_SETMASK, &many->mask, NULL);
	*status = open_record(many, folder);
	if (*status == CLI_DONE)
		return many;
	many_release(many);
	return NULL;
}

const struct chapbook_watch *cli_many_watch(struct cli_many *many, struct cli_run *run)
{
	many->run = run;
	return &many->watch;
}

bool cli_many_is_stopped(struct cli_many *many)
{
	many->ended = many->failed || many->stopped_by || cli_run_is_stopped(many->run);
	return many->ended;
}

/* What was made and failed before is not told by anything else. */
static void report_before(const struct cli_many *many)
{
	const struct tally *t = &many->tally;
	char made[32], before[32], failed[32];
	if (many->args->quiet || (t->before == 0 && t->failed_before == 0))
		return;
	print_count(made, t->made);
	print_count(before, t->before);
	print_count(failed, t->failed_before);
	if (t->failed_before)
		cli_complain("%s made now, %s before; %s failed before: --retry-failed tries again",
			     made, before, failed);
	else
		cli_complain("%s made now, %s before; --again makes all", made, before);
}

int cli_many_end(struct cli_many *many, int status)
{
	char text[128];
	on_saved(many, NULL);
	print_tally(many, text, sizeof text);
	if (many->ended) {
		cli_reporter_clear(many->args->reporter);
		cli_complain("stopped: %s%s", text,
			     many->record ? "; the same command continues" : "");
		status = many->stopped_by ? 128 + many->stopped_by : CLI_NOT_CONVERTED;
	} else {
		cli_reporter_clear(many->args->reporter);
		report_before(many);
		if (many->tally.failed_before && status == CLI_DONE)
			status = CLI_NOT_CONVERTED;
	}
	many_release(many);
	return status;
}

/* --- In the child --- */

void cli_many_enter(struct cli_many *many)
{
	chapbook_record_close(many->record);
	many->record = NULL;
	if (many->signals >= 0)
		close(many->signals);
	many->signals = -1;
	if (cli_reporter_total(many->args->reporter) > 1)
		cli_reporter_yield_line(many->args->reporter);
}

static int many_tell(struct cli_many *many, const struct message *message, const char *const *texts,
		     size_t count)
{
	char bytes[sizeof *message + MESSAGE_MAX];
	size_t size = many_pack(bytes, message, texts, count);
	int answer = chapbook_tell(bytes, size);
	if (answer >= 0)
		return answer;
	answer = on_bytes_reported(many, bytes, size); /* this process does all */
	if (message->kind != BEGIN)
		on_saved(many, NULL);
	return answer;
}

bool cli_many_begin(struct cli_many *many, size_t item, struct chapbook_job *job,
		    const struct cli_input *input)
{
	struct chapbook_error err = {0};
	char digest[65] = "", *key, *named = NULL;
	if (!many->path)
		return true;
	key = chapbook_job_key(job);
	/* The same file may have two names in a list, and is two books then. */
	if (key && input->is_name_given && asprintf(&named, "%s\t%s", input->name, key) < 0)
		named = NULL;
	/* Without a digest the book is made. */
	(void)!chapbook_job_digest(job, digest, &err);
	const char *const texts[] = {named ? named : key, digest, input->path};
	int answer = many_tell(many, &(struct message){.kind = BEGIN, .item = item}, texts, 3);
	free(named);
	free(key);
	return answer != 0;
}

void cli_many_made(struct cli_many *many, size_t item, const char *path, const char *identity,
		   unsigned missing)
{
	const char *const texts[] = {path, identity};
	many_tell(many, &(struct message){.kind = MADE, .item = item, .missing = missing}, texts,
		  2);
}

void cli_many_failed(struct cli_many *many, size_t item, const struct chapbook_error *err)
{
	const char *const texts[] = {err->message, ""};
	many_tell(many,
		  &(struct message){.kind = err->may_pass ? UNAVAILABLE : FAILED, .item = item},
		  texts, 2);
}

void cli_many_lost(struct cli_many *many, size_t item, const char *reason)
{
	struct chapbook_entry entry = {.status = CHAPBOOK_FAILED, .reason = reason};
	many->tally.failed++;
	many_record(many, &many->flights[item % FLIGHTS], &entry);
	on_saved(many, NULL);
}
