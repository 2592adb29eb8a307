#include "extract/page/phrases.h"

#include "base/utf8.h"
#include "lang/lexicon.h"

#include <pthread.h>
#include <string.h>

enum { MAX_PHRASES = 6000, LONGEST = 160 };

static struct lexicon_entry page_entries[MAX_PHRASES];
static struct lexicon page_phrases = {.entries = page_entries, .room = MAX_PHRASES};

static void phrases_load(void)
{
	static const char *const kinds[PAGE_PHRASE_COUNT] = {
#define PAGE_PHRASE(id, name) name,
#include "extract/page/phrase_table.h"
#undef PAGE_PHRASE
	};
	lexicon_load(&page_phrases, "assets/page_phrases.tsv", kinds, PAGE_PHRASE_COUNT, 2);
}

/* Where the letters begin. */
static size_t skip_marks(const char *text, size_t len)
{
	uint32_t cp;
	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_decode(text + i, len - i, &cp);
		if (cp_is_letter(cp))
			return i;
	}
	return len;
}

/* The beginning of the text as the table would write it: runs of white space are one space, a
 * raised comma is an apostrophe. Returns how many bytes of the text went in. */
static size_t fold(const char *text, size_t len, char out[LONGEST], size_t *out_len)
{
	uint32_t cp;
	size_t i = 0, n;
	*out_len = 0;
	for (; i < len && *out_len + 4 <= LONGEST; i += n) {
		n = utf8_decode(text + i, len - i, &cp);
		if (cp_is_space(cp)) {
			if (*out_len && out[*out_len - 1] != ' ')
				out[(*out_len)++] = ' ';
		} else if (cp == 0x2019 || cp == 0x2BC) {
			out[(*out_len)++] = '\'';
		} else {
			memcpy(out + *out_len, text + i, n);
			*out_len += n;
		}
	}
	return i;
}

static unsigned phrases_find(unsigned kinds, const char *text, size_t len, bool whole)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct lexicon_match match;
	char folded[LONGEST];
	size_t start = skip_marks(text, len), folded_len;
	bool all = fold(text + start, len - start, folded, &folded_len) == len - start;
	pthread_once(&once, phrases_load);
	if ((whole && !all) || !lexicon_prefix(&page_phrases, kinds, folded, folded_len, &match))
		return 0;
	if (whole &&
	    match.len + skip_marks(folded + match.len, folded_len - match.len) < folded_len)
		return 0;
	return KIND(match.kind);
}

unsigned phrase_whole(unsigned kinds, const char *text, size_t len)
{
	return phrases_find(kinds, text, len, true);
}

unsigned phrase_start(unsigned kinds, const char *text, size_t len)
{
	return phrases_find(kinds, text, len, false);
}
