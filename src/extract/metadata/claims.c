#include "extract/metadata/claims.h"

#include "base/tsv.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROWS = 512, MAX_BUCKETS = 512, MAX_NAME = 64, MAX_CLAIMS = 4000, MAX_OF_ROW = 100 };

/* One name of one row. */
struct entry {
	const char *name; /* in the table */
	unsigned short len, next, rank;
	unsigned char field, source;
};

/* Read once, by pthread_once(), and constant from then on. */
static struct entry entries[MAX_ROWS];
static unsigned short heads[MAX_BUCKETS];
static size_t entry_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const char *const field_names[CLAIM_FIELDS] = {
#define CLAIM_FIELD(id, name) name,
#define CLAIM_SOURCE(id, name)
#include "extract/metadata/claim_table.h"
#undef CLAIM_FIELD
#undef CLAIM_SOURCE
};

static const char *const source_names[CLAIM_SOURCES] = {
#define CLAIM_FIELD(id, name)
#define CLAIM_SOURCE(id, name) name,
#include "extract/metadata/claim_table.h"
#undef CLAIM_FIELD
#undef CLAIM_SOURCE
};

/* Names match without case, and ".", ":", "_" and "-" are the same. */
static char plain(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c | 32);
	return c == ':' || c == '_' || c == '-' ? '.' : c;
}

static unsigned claims_bucket(unsigned source, const char *name, size_t len)
{
	unsigned hash = source + 1;
	for (size_t i = 0; i < len; i++)
		hash = hash * 31 + (unsigned char)plain(name[i]);
	return (hash ^ hash >> 11) % MAX_BUCKETS;
}

static void claims_load(void)
{
	struct tsv table = tsv_open("assets/page_sources.tsv");
	struct cell cells[3], item;
	for (unsigned rank = 0; rank < CLAIM_RANKS && tsv_next(&table, cells, 3); rank++) {
		unsigned field = 0, source = 0;
		while (field < CLAIM_FIELDS && !cell_is(&cells[0], field_names[field]))
			field++;
		while (source < CLAIM_SOURCES && !cell_is(&cells[1], source_names[source]))
			source++;
		while (field < CLAIM_FIELDS && source < CLAIM_SOURCES && entry_count < MAX_ROWS &&
		       cell_item(&cells[2], '|', &item)) {
			struct entry *e = &entries[entry_count++];
			unsigned b = claims_bucket(source, item.s, item.len);
			*e = (struct entry){item.s,
					    (unsigned short)item.len,
					    heads[b],
					    (unsigned short)rank,
					    (unsigned char)field,
					    (unsigned char)source};
			heads[b] = (unsigned short)entry_count;
		}
	}
}

static bool claims_same_name(const struct entry *e, const char *name, size_t len)
{
	if (e->len != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (plain(e->name[i]) != plain(name[i]))
			return false;
	return true;
}

/* The entries for a name: start with NULL. */
static const struct entry *next_entry(const struct entry *last, enum claim_source source,
				      const char *name, size_t len)
{
	pthread_once(&once, claims_load);
	unsigned at = last ? last->next : heads[claims_bucket(source, name, len)];
	for (; at; at = entries[at - 1].next)
		if (entries[at - 1].source == source &&
		    claims_same_name(&entries[at - 1], name, len))
			return &entries[at - 1];
	return NULL;
}

bool claim_wanted(enum claim_source source, const char *name)
{
	size_t len = strlen(name);
	return len <= MAX_NAME && next_entry(NULL, source, name, len);
}

bool claim_rank(enum claim_field field, enum claim_source source, const char *name, unsigned *rank)
{
	size_t len = strlen(name);
	const struct entry *e = NULL;
	while ((e = next_entry(e, source, name, len)))
		if (e->field == field) {
			*rank = e->rank;
			return true;
		}
	return false;
}

void claim_add(struct claims *c, enum claim_source source, const char *name, const char *value,
	       const struct claim *from)
{
	size_t len = strlen(name);
	if (!value || !*value || len > MAX_NAME)
		return;
	for (const struct entry *e = NULL; (e = next_entry(e, source, name, len));) {
		if (c->count >= MAX_CLAIMS || c->of_rank[e->rank] >= MAX_OF_ROW)
			continue;
		struct claim *claim = ARENA_PUSH(&c->page->arena, *c);
		if (!claim)
			return;
		if (from)
			*claim = *from;
		claim->field = e->field;
		claim->source = source;
		claim->rank = e->rank;
		claim->name = arena_dupn(&c->page->arena, e->name, e->len);
		claim->value = value;
		c->of_rank[e->rank]++;
		if (!claim->name)
			c->count--;
	}
}

bool claim_is_near(const struct claims *c, const struct claim *claim)
{
	enum { BEFORE = 40, AFTER = 60 }; /* elements */
	if (!claim->order || claim->source == FROM_META || claim->source == FROM_LINK)
		return true;
	if (claim->aside)
		return false;
	return !c->headline_order || (claim->order + BEFORE >= c->headline_order &&
				      claim->order <= c->headline_order + AFTER);
}

static int claims_compare(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

void claims_sort(struct claims *c)
{
	for (size_t i = 0; i < c->count; i++)
		c->items[i].number = (unsigned)i;
	if (c->count)
		qsort(c->items, c->count, sizeof *c->items, claims_compare);
}

const struct claim *claim_next(const struct claims *c, enum claim_field field,
			       const struct claim *last)
{
	size_t i = last ? (size_t)(last - c->items) + 1 : 0;
	while (i < c->count && c->items[i].field != field)
		i++;
	return i < c->count ? &c->items[i] : NULL;
}

void claim_note(const struct claims *c, const struct claim *claim, const char *value)
{
	page_note(c->page, field_names[claim->field], claim->node, "%s %s: %s",
		  source_names[claim->source], claim->name, value);
}
