#include "lang/lexicon.h"

#include "base/tsv.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CELLS = 4 };

/* By the first two characters, of a phrase of one by that. */
static unsigned bucket(const char *s, size_t len, bool one)
{
	uint32_t first, second = 0;
	size_t n = utf8_decode(s, len, &first);
	if (!one && n < len)
		utf8_decode(s + n, len - n, &second);
	uint32_t hash = cp_lower(first) * 31 + cp_lower(second);
	return (hash ^ hash >> 8) % LEXICON_BUCKETS;
}

void lexicon_load(struct lexicon *lx, const char *file, const char *const *kinds, size_t count,
		  size_t column)
{
	struct tsv table = tsv_open(file);
	size_t kind = 0;
	struct cell cells[MAX_CELLS], item;
	unsigned short tails[LEXICON_BUCKETS] = {0};
	while (tsv_next(&table, cells, MAX_CELLS)) {
		/* rows of a kind stand together: most have the one before's */
		if (kind == count || !cell_is(&cells[0], kinds[kind]))
			for (kind = 0; kind < count && !cell_is(&cells[0], kinds[kind]);)
				kind++;
		if (kind == count)
			continue;
		for (unsigned rank = 0;
		     lx->count < lx->room && cell_item(&cells[column], '|', &item); rank++) {
			struct lexicon_entry *e = &lx->entries[lx->count++];
			*e = (struct lexicon_entry){.s = item.s,
						    .len = (unsigned short)item.len,
						    .rank = (unsigned short)rank,
						    .kind = (unsigned char)kind};
			unsigned b = bucket(item.s, item.len, false);
			if (tails[b])
				lx->entries[tails[b] - 1].next = (unsigned short)lx->count;
			else
				lx->heads[b] = (unsigned short)lx->count;
			tails[b] = (unsigned short)lx->count;
		}
	}
}

/* How many bytes of the text say `phrase`, without case; 0 when it says something else. */
static size_t same_words_len(const char *text, size_t len, const char *phrase, size_t phrase_len)
{
	size_t i = 0, j = 0;
	while (j < phrase_len) {
		if (i >= len)
			return 0;
		unsigned char a = (unsigned char)text[i], b = (unsigned char)phrase[j];
		if (a < 0x80 && b < 0x80) {
			if (a != b && cp_lower(a) != cp_lower(b))
				return 0;
			i++;
			j++;
			continue;
		}
		uint32_t ca, cb;
		i += utf8_decode(text + i, len - i, &ca);
		j += utf8_decode(phrase + j, phrase_len - j, &cb);
		if (cp_lower(ca) != cp_lower(cb))
			return 0;
	}
	return i;
}

/* Whether a word may end at text[at]: not inside a run of letters, except where scripts have no
 * spaces between words. */
static bool is_word_end(const char *text, size_t len, size_t at)
{
	if (at >= len)
		return true;
	uint32_t before, after;
	size_t start = at - 1;
	while (start && ((unsigned char)text[start] & 0xC0) == 0x80)
		start--;
	utf8_decode(text + start, at - start, &before);
	utf8_decode(text + at, len - at, &after);
	return !cp_is_letter(before) || !cp_is_letter(after) || cp_is_cjk(before) ||
	       cp_is_cjk(after);
}

/* The longest phrase of the bucket, if it is longer than *match. */
static void find_in(const struct lexicon *lx, unsigned bucket, unsigned kinds, const char *text,
		    size_t len, struct lexicon_match *match)
{
	for (unsigned i = lx->heads[bucket]; i; i = lx->entries[i - 1].next) {
		const struct lexicon_entry *e = &lx->entries[i - 1];
		if (!(kinds & KIND(e->kind)) || e->len > len + 2)
			continue;
		size_t n = same_words_len(text, len, e->s, e->len);
		if (n > match->len && is_word_end(text, len, n))
			*match = (struct lexicon_match){e->kind, e->rank, n};
	}
}

bool lexicon_prefix(const struct lexicon *lx, unsigned kinds, const char *text, size_t len,
		    struct lexicon_match *match)
{
	*match = (struct lexicon_match){0};
	if (len == 0)
		return false;
	find_in(lx, bucket(text, len, false), kinds, text, len, match);
	if (match->len == 0)
		find_in(lx, bucket(text, len, true), kinds, text, len, match);
	return match->len != 0;
}

bool lexicon_has(const struct lexicon *lx, unsigned kinds, const char *text, size_t len,
		 struct lexicon_match *match)
{
	struct lexicon_match local;
	if (!match)
		match = &local;
	return lexicon_prefix(lx, kinds, text, len, match) && match->len == len;
}
