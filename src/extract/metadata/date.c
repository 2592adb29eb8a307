#include "lang/date.h"
#include "article/tree.h"
#include "base/ascii.h"
#include "base/timestamp.h"
#include "extract/authors/authors.h"
#include "extract/metadata/fields.h"
#include "lang/phrases.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DAY = 10 }; /* "2021-07-02" */

struct dates {
	struct claims *c;
	struct arena *arena;
	enum date_order order;
};

/* How the page's language writes a day in numbers: the month comes first in American English. */
static enum date_order order_of(const struct claims *c)
{
	static const char *const day_first_ends[] = {".uk", ".au", ".nz", ".ie",
						     ".in", ".za", ".sg"};
	const struct claim *k = claim_next(c, CLAIM_LANGUAGE, NULL);
	const char *tag = c->page->a->language ? c->page->a->language : k ? k->value : "en";
	const char *host = c->page->url ? strstr(c->page->url, "://") : NULL;
	size_t len = host ? strcspn(host + 3, "/:?#") + 3 : 0;
	if (strncasecmp(tag, "en", 2) != 0)
		return DATE_DAY_FIRST;
	for (size_t i = 0; i < sizeof day_first_ends / sizeof *day_first_ends; i++)
		if (len > 3 && strncasecmp(host + len - 3, day_first_ends[i], 3) == 0)
			return DATE_DAY_FIRST;
	bool american = !tag[2] || strcasecmp(tag + 3, "US") == 0;
	return american ? DATE_MONTH_FIRST : DATE_DAY_FIRST;
}

/* Seconds or milliseconds since 1970. */
static char *read_epoch(struct arena *arena, const char *s)
{
	size_t digits = strspn(s, "0123456789");
	if (s[digits] || (digits != 10 && digits != 13))
		return NULL;
	char *text = arena_alloc(arena, WHEN_TEXT);
	if (text)
		when_format(strtoll(s, NULL, 10) / (digits == 13 ? 1000 : 1), text);
	return text;
}

/* No article on the web is from before, or from years to come. */
static bool is_plausible(const char *date)
{
	int year = atoi(date);
	return year >= 1900 && year < 2100 && strncmp(date, "1970-01-01", DAY) != 0;
}

/* The date that a claim makes, or NULL. */
static char *read_date(const struct dates *d, const struct claim *k)
{
	size_t len = strlen(k->value), start, end;
	char *date = date_parse(d->arena, k->value, len);
	if (!date)
		date = read_epoch(d->arena, k->value);
	if (!date || strlen(date) < DAY) {
		char *found = date_find_as(d->arena, k->value, len, d->order, &start, &end);
		date = found ? found : date;
	}
	return date && is_plausible(date) ? date : NULL;
}

static bool date_is_seen(const struct claim *k)
{
	return k->source == FROM_TEXT || k->source == FROM_NAMED || k->source == FROM_ELEMENT;
}

/* How far from where dates are expected: right below the headline, and alone in their line. */
static unsigned distance(const struct claims *c, const struct claim *k)
{
	enum { BEFORE = 20, IN_TEXT = 15, LONG = 60 };
	unsigned by = k->order >= c->headline_order ? k->order - c->headline_order
						    : c->headline_order - k->order + BEFORE;
	return by + (strlen(k->value) > LONG ? IN_TEXT : 0);
}

static bool date_is_prose(const xmlNode *node)
{
	enum { MIN_PARAGRAPH = 100 }; /* bytes */
	return tree_is(node, "p") && !lines_are_few(node, MIN_PARAGRAPH);
}

/* Whether a date without a label is part of the text: in a sentence, or over an entry of a diary.
 */
static bool is_in_story(const struct claims *c, const struct claim *k)
{
	size_t len = strlen(k->value);
	const char *end = len ? k->value + len - 1 : k->value;
	bool sentence =
		strchr(".!?", *end) && len > 20 && !(meta_line(c->page, k->value, len) & META_WHEN);
	const xmlNode *node = k->node, *before, *after;
	while (node && !page_name_is_in(node, "p div li h2 h3 h4 body"))
		node = tree_parent(node);
	if (tree_is(node, "li"))
		node = tree_parent(node);
	for (before = tree_prev(node); before && !tree_is_element(before);)
		before = tree_prev(before);
	after = tree_next_element(node);
	return sentence || (date_is_prose(before) && (!after || date_is_prose(after)));
}

/* Where dates in sight are taken from, one after the other. */
enum place { NEAR, FAR, ASIDE, PLACES };

static bool is_at(const struct claims *c, const struct claim *k, enum place place)
{
	enum { MAX_FAR = 80 }; /* bytes: in longer lines, dates are part of the text */
	if (!date_is_seen(k))
		return !k->aside;
	if (k->source == FROM_TEXT && strcmp(k->name, "date") == 0 && is_in_story(c, k))
		return false;
	if (place == NEAR)
		return claim_is_near(c, k);
	if (k->field == CLAIM_PUBLISHED && strcmp(k->name, "date-updated") == 0)
		return false;
	return k->aside == (place == ASIDE) && strlen(k->value) <= MAX_FAR &&
	       (k->source != FROM_TEXT ||
		meta_line(c->page, k->value, strcspn(k->value, "\n")) & META_WHEN);
}

/* The best claim: by rank; of texts, by place. */
static const char *choose(const struct dates *d, enum claim_field field, enum place place,
			  const struct claim **from)
{
	const char *best = NULL;
	unsigned best_distance = 0;
	for (const struct claim *k = NULL; (k = claim_next(d->c, field, k));) {
		if (best && k->rank != (*from)->rank)
			break;
		const char *date = is_at(d->c, k, place) ? read_date(d, k) : NULL;
		if (!date || (date_is_seen(k) && strlen(date) < DAY))
			continue;
		unsigned by = k->source == FROM_TEXT && place != FAR ? distance(d->c, k) : 0;
		if (!best || by < best_distance) {
			best = date;
			best_distance = by;
			*from = k;
		}
	}
	return best;
}

/* The day before or after, if the address has it. */
static const char *address_beside(const struct dates *d, const char *date)
{
	long long when, shown;
	if (!when_parse(arena_dupn(d->arena, date, DAY), &when))
		return NULL;
	for (const struct claim *k = NULL; (k = claim_next(d->c, CLAIM_PUBLISHED, k));) {
		if (k->source != FROM_ADDRESS)
			continue;
		const char *other = read_date(d, k);
		if (other && strlen(other) == DAY && when_parse(other, &shown) &&
		    llabs(shown - when) == 24 * 60 * 60)
			return other;
	}
	return NULL;
}

static void date_take(const struct dates *d, enum claim_field field, char **to)
{
	const struct claim *from = NULL;
	if (*to)
		return;
	const char *date = NULL;
	for (enum place place = NEAR; place < PLACES && !date; place++)
		date = choose(d, field, place, &from);
	/* a time in UTC may be of another day than the writer's */
	const char *local = date && date[strlen(date) - 1] == 'Z' ? address_beside(d, date) : NULL;
	date = local ? local : date;
	if (date && article_fill(d->c->page->a, to, date, SIZE_MAX))
		claim_note(d->c, from, date);
}

/* /2019/03/15/, /2019-03-15-, /20190315/ in the page's address. */
static void claim_address(const struct dates *d)
{
	const char *url = d->c->page->url ? d->c->page->url : "";
	const char *p = strstr(url, "://");
	for (p = p ? p + 3 + strcspn(p + 3, "/?#") : url; *p && *p != '?' && *p != '#'; p++) {
		int year, month, day, used = 0;
		if ((*p != '/' && *p != '-' && *p != '_') ||
		    (sscanf(p + 1, "%4d%*1[-/_]%2d%*1[-/_]%2d%n", &year, &month, &day, &used) !=
			     3 &&
		     sscanf(p + 1, "%4d%2d%2d%n", &year, &month, &day, &used) != 3))
			continue;
		if (!used || ascii_is_digit(p[1 + used]) || year < 1990 || year > 2100 ||
		    month < 1 || month > 12 || day < 1 || day > 31)
			continue;
		claim_add(d->c, FROM_ADDRESS, "date",
			  arena_printf(d->arena, "%04d-%02d-%02d", year, month, day), NULL);
		claims_sort(d->c);
		return;
	}
}

void meta_take_dates(struct claims *c)
{
	struct dates d = {c, &c->page->arena, order_of(c)};
	claim_address(&d);
	date_take(&d, CLAIM_PUBLISHED, &c->page->a->published);
	date_take(&d, CLAIM_MODIFIED, &c->page->a->modified);
}
