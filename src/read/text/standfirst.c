#include "base/ascii.h"
#include "base/utf8.h"
#include "read/text/text.h"

#include <string.h>

/* The paragraph under the title sums up the article when it says so ("Summary: …"), when it stands
 * between title and byline, or when it stands again in the body, almost word for word. That last
 * is found by shingles: runs of four words (Broder 1997, "On the resemblance and containment of
 * documents"): nearly all of the standfirst's are in one later paragraph. */

enum {
	MIN_COLUMNS = 30,
	MIN_BETWEEN = 10, /* where its place says enough */
	MAX_COLUMNS = 600,
	SHINGLE = 4, /* words, or ideographs */
	SLOTS = 512, /* of the table of shingles */
	MAX_SHINGLES = SLOTS / 2,
	MAX_COMPARED = 256 * 1024, /* bytes of the text that are compared */
};

struct shingles {
	uint32_t hashes[SLOTS]; /* 0: empty */
	size_t seen_in[SLOTS];  /* 1 + the block in which it was last seen */
	size_t count;
};

/* Reads words one by one, keeping the hashes of the last four. */
struct window {
	uint32_t last[SHINGLE];
	size_t count;
};

static size_t standfirst_slot_of(const struct shingles *s, uint32_t hash)
{
	size_t i = hash & (SLOTS - 1);
	while (s->hashes[i] && s->hashes[i] != hash)
		i = (i + 1) & (SLOTS - 1);
	return i;
}

/* The hash of the next word, 0 at the end. */
static uint32_t standfirst_next_word(const char *s, size_t len, size_t *at)
{
	uint32_t hash = 2166136261u, cp;
	bool in_word = false;
	while (*at < len) {
		unsigned char c = (unsigned char)s[*at];
		if (c < 0x80) { /* the same as below, for most texts */
			bool word = (c | 32) >= 'a' ? (c | 32) <= 'z' : ascii_is_digit(c);
			if (!word && in_word)
				break;
			++*at;
			if (word) {
				hash = (hash ^ (c >= 'A' ? c | 32 : c)) * 16777619u;
				in_word = true;
			}
			continue;
		}
		size_t n = utf8_decode(s + *at, len - *at, &cp);
		bool counts = cp_is_letter(cp) || ascii_is_digit(cp);
		if (!counts && in_word)
			break;
		if (counts && in_word && cp_is_cjk(cp))
			break;
		*at += n;
		if (!counts)
			continue;
		hash = (hash ^ cp_lower(cp)) * 16777619u;
		in_word = true;
		if (cp_is_cjk(cp))
			break;
	}
	return in_word ? hash | 1 : 0;
}

/* Add a word; returns the hash of the shingle that it ends, or 0. */
static uint32_t window_add(struct window *w, uint32_t word)
{
	w->last[w->count++ % SHINGLE] = word;
	if (w->count < SHINGLE)
		return 0;
	uint32_t hash = 0;
	for (size_t i = 0; i < SHINGLE; i++)
		hash = hash * 31 + w->last[(w->count + i) % SHINGLE];
	hash ^= hash >> 15;
	return hash ? hash : 1;
}

static void add_shingles(struct shingles *set, const char *s, size_t len)
{
	struct window w = {0};
	uint32_t word;
	for (size_t at = 0;
	     set->count < MAX_SHINGLES && (word = standfirst_next_word(s, len, &at));) {
		uint32_t hash = window_add(&w, word);
		size_t slot = standfirst_slot_of(set, hash ? hash : 1);
		if (hash && !set->hashes[slot]) {
			set->hashes[slot] = hash;
			set->count++;
		}
	}
}

/* The later block that has nearly all of the shingles, or SIZE_MAX. */
static size_t find_repeat(struct text_reader *r, struct shingles *set, size_t from)
{
	size_t compared = 0;
	for (size_t b = from; b < r->block_count && compared < MAX_COMPARED; b++) {
		const struct block *block = &r->blocks[b];
		struct window w = {0};
		size_t hits = 0;
		if (block->kind != BLOCK_PARAGRAPH)
			continue;
		for (size_t i = block->first; i < block->end && compared < MAX_COMPARED; i++) {
			const struct line *line = &r->lines[i];
			size_t len = line->len < MAX_COMPARED ? line->len : MAX_COMPARED;
			uint32_t word;
			compared += len;
			for (size_t at = 0; (word = standfirst_next_word(line->text, len, &at));) {
				uint32_t hash = window_add(&w, word);
				size_t slot = hash ? standfirst_slot_of(set, hash) : 0;
				if (!hash || set->hashes[slot] != hash ||
				    set->seen_in[slot] == b + 1)
					continue;
				set->seen_in[slot] = b + 1;
				hits++;
			}
		}
		if (hits * 4 >= set->count * 3)
			return b;
	}
	return SIZE_MAX;
}

/* Whether prose follows: without it the paragraph is the article. */
static bool has_body(struct text_reader *r, size_t from)
{
	for (size_t i = from; i < r->block_count && i < from + 20; i++)
		if (block_is_prose(r, &r->blocks[i]))
			return true;
	return false;
}

static void text_standfirst_take(struct text_reader *r, struct block *b, const char *why)
{
	size_t len;
	const char *s = text_of(r, b, &len);
	if (article_fill(r->a, &r->a->standfirst, s, len)) {
		text_guess(r, DIAG_GUESS_STANDFIRST, b, "standfirst: %s", why);
		b->kind = BLOCK_GONE;
	} else if (r->given.standfirst) {
		text_guess(r, DIAG_GUESS_STANDFIRST, b,
			   "not used as the standfirst: another was given");
		b->kind = BLOCK_GONE;
	}
}

/* Whether two paragraphs are the same: a refrain, and not a sentence that sums up another. */
static bool is_copy(struct text_reader *r, const struct block *a, const struct block *b)
{
	size_t alen, blen;
	const char *s = text_of(r, a, &alen);
	char *copy = arena_dupn(&r->a->arena, s, alen);
	const char *other = text_of(r, b, &blen);
	return copy && text_same(copy, alen, other, blen);
}

void text_find_standfirst(struct text_reader *r, size_t first, size_t before_byline)
{
	size_t i = before_byline != SIZE_MAX ? before_byline : first;
	if (i >= r->block_count)
		return;
	struct block *b = &r->blocks[i];
	bool between = before_byline != SIZE_MAX;
	if (b->kind != BLOCK_PARAGRAPH || (b->cls && !between) || b->quote ||
	    b->width < (between ? MIN_BETWEEN : MIN_COLUMNS) || b->width > MAX_COLUMNS ||
	    !has_body(r, i + 1))
		return;
	size_t len;
	const char *s = text_of(r, b, &len);
	if (r->a->standfirst && text_same(s, len, r->a->standfirst, strlen(r->a->standfirst))) {
		b->kind = BLOCK_GONE;
		return;
	}
	size_t label = phrase_at(PHRASE_STANDFIRST, s, len);
	if (label && label < len && (s[label] == ':' || !strncmp(s + label, "：", 3))) {
		text_standfirst_take(r, b, "it is labelled as one");
		return;
	}
	if (between) {
		text_standfirst_take(r, b, "it is between title and byline");
		return;
	}
	struct shingles set = {0};
	add_shingles(&set, s, len);
	size_t again = set.count >= 4 ? find_repeat(r, &set, i + 1) : SIZE_MAX;
	/* what stands again more than once is a refrain, and part of the text */
	if (again != SIZE_MAX && !is_copy(r, b, &r->blocks[again]) &&
	    find_repeat(r, &set, again + 1) == SIZE_MAX)
		text_standfirst_take(r, b, "it stands again, almost word for word, further down");
}
