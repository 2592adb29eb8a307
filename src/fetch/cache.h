/* Answers kept on disk from one run to the next (RFC 9111, a private cache). What was sent lies
 * under its digest, what is known of an address under the digest of that:
 *
 *     DIR/objects/ab/cdef…   the bytes
 *     DIR/entries/01/2345…   a few lines of text (struct cache_entry)
 *     DIR/size               what they take
 *
 * Each file is written under another name and renamed, so that readers, also of other processes,
 * see it whole. Nothing is flushed: what a power failure has damaged does not match its digest, and
 * is then as if it were not there. Nothing here fails loudly: a cache that cannot be read or
 * written is an empty one. */
#ifndef FETCH_CACHE_H
#define FETCH_CACHE_H

#include "base/arena.h"
#include "base/id.h"

struct buf;
struct cache;

/* What is known of an address. Strings are in an arena and may be NULL where none is required. */
struct cache_entry {
	char *url;      /* as web_url.shown; required */
	char *location; /* of a redirect, absolute; a redirect has no bytes */
	char *media_type;
	char *charset;
	char *etag, *last_modified; /* as sent */
	char *cache_control;        /* as sent: for the day when it is confirmed without */
	char *vary;                 /* names of request fields that the answer depends on … */
	char *vary_key;             /* … and a digest of their values; NULL: not known */
	long long retrieved;        /* got, or last found unchanged: seconds since 1970 */
	long long fresh_until;      /* need not be asked for before; 0: always to be */
	bool is_public;             /* where it came from */
	char digest[SHA256_HEX];    /* of the bytes; empty for a redirect */
	size_t size;
};

/* NULL when memory runs out. Touches nothing yet. */
struct cache *cache_new(const char *dir, size_t max);
/* Where this run has kept something: removes what was used longest ago until what is left takes no
 * more than `max` bytes. */
void cache_free(struct cache *cache);

/* What is known of the address `url` (web_url.text, a secret in it and all). False: nothing. */
bool cache_find(struct cache *cache, const char *url, struct arena *arena,
		struct cache_entry *entry);
/* The bytes of an entry, which are what they were: malloc()ed, with a NUL behind them. False when
 * they are gone or damaged; the entry is then forgotten. */
bool cache_load(struct cache *cache, const char *url, const struct cache_entry *entry,
		char **bytes);
/* Keep the entry; with bytes (their digest and size are then filled in), or NULL: those that are
 * there already, or a redirect. */
void cache_keep(struct cache *cache, const char *url, struct cache_entry *entry, const char *bytes,
		size_t size);
/* It was used: it is removed later than others. */
void cache_touch(struct cache *cache, const char *url, const struct cache_entry *entry);
void cache_forget(struct cache *cache, const char *url);

/* The text of an entry, and the way back; false for what is not whole and unchanged. For
 * cache_entry_print(): for what cannot be written. */
bool cache_entry_print(const struct cache_entry *entry, struct buf *out);
bool cache_entry_parse(const char *text, size_t size, struct arena *arena,
		       struct cache_entry *entry);

#endif
