#include "lang/caption_parts.h"

#include "base/utf8.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

static struct lexicon_entry words_entries[1024];
static struct lexicon words = {.entries = words_entries, .room = 1024};
static pthread_once_t words_once = PTHREAD_ONCE_INIT;

static void credit_load_words(void)
{
	static const char *const kinds[KIND_COUNT] = {
		"label",   "label-end", "label-after", "source", "agency",
		"archive", "taken",     "unnamed",     "figure", "caption"};
	lexicon_load(&words, "assets/credits.tsv", kinds, KIND_COUNT, 2);
}

const struct lexicon *credit_words(void)
{
	pthread_once(&words_once, credit_load_words);
	return &words;
}

size_t credit_last_cp(const char *text, size_t end, uint32_t *cp)
{
	size_t n = 1;
	while (n < end && n < 4 && ((unsigned char)text[end - n] & 0xC0) == 0x80)
		n++;
	utf8_decode(text + end - n, n, cp);
	return n;
}

void credit_trim(struct stretch *s)
{
	uint32_t cp;
	while (s->start < s->end) {
		size_t n = utf8_decode(s->text + s->start, s->end - s->start, &cp);
		if (!cp_is_space(cp))
			break;
		s->start += n;
	}
	while (s->start < s->end) {
		size_t n = credit_last_cp(s->text, s->end, &cp);
		if (!cp_is_space(cp) || n > s->end - s->start)
			break;
		s->end -= n;
	}
}

size_t credit_separator(const char *s, size_t len)
{
	uint32_t cp;
	if (len == 0)
		return 0;
	size_t n = utf8_decode(s, len, &cp);
	switch (cp) {
	case ':':
	case '/':
	case '|':
	case 0xFF1A:
	case 0xFF0F:
	case 0xFF5C:
	case 0xB7:
	case '=':
	case 0xFF1D:
	case 0x2013:
	case 0x2014:
	case 0x2044:
		return n;
	case '.': /* "Credit...Ann Brown" */
		return len > 3 && memcmp(s, "...", 3) == 0 ? 3 : 0;
	default:
		return 0;
	}
}

size_t credit_skip_spaces(const char *s, size_t len)
{
	size_t i = 0;
	uint32_t cp;
	while (i < len) {
		size_t n = utf8_decode(s + i, len - i, &cp);
		if (!cp_is_space(cp))
			break;
		i += n;
	}
	return i;
}
