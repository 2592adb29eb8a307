#include "job/choose.h"

#include "article/url.h"
#include "base/ascii.h"
#include "base/error.h"
#include "base/timestamp.h"
#include "job/job.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* --- Dates --- */

/* Seconds of a length of time: "7d". 0: it is none. */
static long long length_of_time(const char *text)
{
	static const struct {
		char letter;
		long long seconds;
	} units[] = {{'h', 3600}, {'d', 86400}, {'w', 604800}};
	char *end;
	long long n = ascii_is_digit((unsigned char)*text) ? strtoll(text, &end, 10) : 0;
	for (size_t i = 0; n > 0 && n < 100000 && i < sizeof units / sizeof *units; i++)
		if (*end == units[i].letter && !end[1])
			return n * units[i].seconds;
	return 0;
}

/* The last second of the year, month, day or moment that the text is, which begins at `from`. */
static long long last_second(const char *text, long long from)
{
	char when[WHEN_TEXT];
	int year, month;
	long long next;
	if (strlen(text) > 7)
		return strlen(text) == 10 ? from + 86399 : from;
	when_format(from, when);
	year = atoi(when);
	month = atoi(when + 5);
	bool is_year = strlen(text) == 4;
	char start[24];
	snprintf(start, sizeof start, "%04d-%02d", is_year || month == 12 ? year + 1 : year,
		 is_year || month == 12 ? 1 : month + 1);
	return when_parse(start, &next) ? next - 1 : from;
}

bool choice_parse_date(struct choice_date *date, const char *text)
{
	long long ago = length_of_time(text);
	*date = (struct choice_date){.from = ago, .to = ago, .is_ago = ago != 0};
	date->said = ago || when_parse(text, &date->from);
	if (date->said && !ago)
		date->to = last_second(text, date->from);
	return date->said;
}

/* When it was put into the list; of a feed, when it was published. */
static bool is_in_time(const struct chapbook_job *job, const struct chapbook_item *item)
{
	const struct choice_date *since = &job->choice.since, *until = &job->choice.until;
	const char *date = item->saved       ? item->saved
			   : item->published ? item->published
					     : item->updated;
	long long when, now = job->book.epoch >= 0 ? job->book.epoch : (long long)time(NULL);
	if (!since->said && !until->said)
		return true;
	if (!date || !when_parse(date, &when))
		return false;
	/* A date without a time is all of its day. */
	return (!since->said ||
		last_second(date, when) >= (since->is_ago ? now - since->from : since->from)) &&
	       (!until->said || when <= (until->is_ago ? now - until->to : until->to));
}

/* --- Conditions --- */

static bool equals(const char *text, const char *value)
{
	return text && strcasecmp(text, value) == 0;
}

static bool has_tag(const struct chapbook_item *item, const char *value)
{
	for (size_t i = 0; i < item->tag_count; i++)
		if (equals(item->tags[i], value))
			return true;
	return false;
}

static bool has_author(const struct chapbook_item *item, const char *value)
{
	for (size_t i = 0; i < item->author_count; i++)
		if (equals(item->authors[i].name, value))
			return true;
	return false;
}

/* The folder, or one below it. */
static bool is_in_folder(const struct chapbook_item *item, const char *value)
{
	size_t len = strlen(value);
	return item->folder && strncasecmp(item->folder, value, len) == 0 &&
	       (item->folder[len] == '\0' || item->folder[len] == '/');
}

static bool is_state(const struct chapbook_item *item, const char *value)
{
	return equals(item->state, value);
}

static bool is_source_title(const struct chapbook_item *item, const char *value)
{
	return equals(item->source, value);
}

/* The host, or one below it: "example.org" is also www.example.org. */
static bool is_at_site(const struct chapbook_item *item, const char *value)
{
	const char *host = item->url ? strstr(item->url, "://") : NULL;
	if (!host)
		return false;
	host += 3;
	size_t len = strcspn(host, "/?#"), n = strlen(value);
	const char *at = memrchr(host, '@', len);
	len -= at ? (size_t)(at + 1 - host) : 0;
	host = at ? at + 1 : host;
	const char *port = memchr(host, ':', len);
	len = port && !strchr(value, ':') ? (size_t)(port - host) : len;
	return len >= n && strncasecmp(host + len - n, value, n) == 0 &&
	       (len == n || host[len - n - 1] == '.');
}

static const struct condition {
	const char *field;
	bool (*holds)(const struct chapbook_item *item, const char *value);
} conditions[] = {
	{"tag", has_tag},     {"folder", is_in_folder}, {"state", is_state},
	{"site", is_at_site}, {"author", has_author},   {"source", is_source_title},
};

static const struct condition *find_condition(const char *text)
{
	size_t len = strcspn(text, "=");
	for (size_t i = 0; text[len] && i < sizeof conditions / sizeof *conditions; i++)
		if (strlen(conditions[i].field) == len &&
		    strncasecmp(conditions[i].field, text, len) == 0)
			return &conditions[i];
	return NULL;
}

bool choice_is_condition(const char *text)
{
	return find_condition(text) && text[strcspn(text, "=") + 1];
}

/* Of conditions on one field one must hold, of each field. */
static bool meets_conditions(const struct choice *choice, const struct chapbook_item *item)
{
	for (size_t k = 0; k < sizeof conditions / sizeof *conditions; k++) {
		bool asked = false, holds = false;
		for (size_t i = 0; i < choice->where.count; i++) {
			const char *text = choice->where.items[i];
			if (find_condition(text) != &conditions[k])
				continue;
			asked = true;
			holds = holds || conditions[k].holds(item, strchr(text, '=') + 1);
		}
		if (asked && !holds)
			return false;
	}
	return true;
}

/* --- Each article once --- */

/* What the item is known by: its address, its source's key, or its text. */
static void put_item_key(struct buf *key, const struct chapbook_item *item)
{
	char digest[SHA256_HEX];
	if (item->url) {
		url_put_key(key, item->url);
	} else if (item->id) {
		buf_printf(key, "id:%s#%s", item->source ? item->source : "", item->id);
	} else {
		sha256_hex(item->content ? item->content : "", item->content_size, digest);
		buf_printf(key, "sha256:%s", digest);
	}
}

int chapbook_job_choose(const struct chapbook_job *job, const struct chapbook_item *item)
{
	return is_in_time(job, item) && meets_conditions(&job->choice, item);
}

int chapbook_job_choose_once(struct chapbook_job *job, const struct chapbook_item *item,
			     struct chapbook_error *err)
{
	struct choice *choice = &job->choice;
	struct buf key = BUF_INIT;
	if (!chapbook_job_choose(job, item))
		return 0;
	put_item_key(&key, item);
	bool known = map_find(&choice->seen, key.data) != NULL;
	char *copy = known || key.failed ? NULL : arena_dup(&job->arena, key.data);
	if (copy)
		map_set(&choice->seen, copy, copy);
	bool failed = key.failed || job->arena.failed || choice->seen.failed;
	buf_release(&key);
	return failed ? error_memory(err) : !known;
}
