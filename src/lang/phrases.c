#include "lang/phrases.h"

#include "base/utf8.h"
#include "lang/lexicon.h"

#include <pthread.h>
#include <string.h>

static struct lexicon_entry phrases_entries[2048];
static struct lexicon phrases = {.entries = phrases_entries, .room = 2048};
static pthread_once_t phrases_once = PTHREAD_ONCE_INIT;

static void load_phrases(void)
{
	static const char *const kinds[PHRASE_COUNT] = {
		[PHRASE_BY] = "by",
		[PHRASE_BY_MARK] = "by-mark",
		[PHRASE_BY_AFTER] = "by-after",
		[PHRASE_AND] = "and",
		[PHRASE_POSITION] = "position",
		[PHRASE_PUBLISHED] = "published",
		[PHRASE_UPDATED] = "updated",
		[PHRASE_TITLE] = "title",
		[PHRASE_SECTION] = "section",
		[PHRASE_STANDFIRST] = "standfirst",
		[PHRASE_ABOUT] = "about",
		[PHRASE_AUTHOR_IS] = "author-is",
		[PHRASE_IS] = "is",
		[PHRASE_OCCUPATION] = "occupation",
		[PHRASE_MORE] = "more",
		[PHRASE_ABOUT_WHOM] = "about-whom",
		[PHRASE_NOT_BIO] = "not-bio",
		[PHRASE_READING_TIME] = "reading-time",
		[PHRASE_CHECKED_BY] = "checked-by",
		[PHRASE_DATE_WORD] = "date-word",
		[PHRASE_PART] = "part",
		[PHRASE_CHAPTER] = "chapter",
		[PHRASE_PART_MARK] = "part-mark",
		[PHRASE_CHAPTER_MARK] = "chapter-mark",
		[PHRASE_LONE_HEADING] = "lone-heading",
		[PHRASE_NUMERAL] = "numeral",
	};
	lexicon_load(&phrases, "assets/phrases.tsv", kinds, PHRASE_COUNT, 2);
}

size_t phrase_at(enum phrase_kind kind, const char *s, size_t len)
{
	struct lexicon_match match;
	pthread_once(&phrases_once, load_phrases);
	return lexicon_prefix(&phrases, KIND(kind), s, len, &match) ? match.len : 0;
}

bool phrase_is(enum phrase_kind kind, const char *s, size_t len)
{
	utf8_trim(&s, &len);
	if (len > 3 && memcmp(s + len - 3, "：", 3) == 0)
		len -= 3;
	else if (len > 1 && s[len - 1] == ':')
		len--;
	utf8_trim(&s, &len);
	return len && phrase_at(kind, s, len) == len;
}

bool phrase_is_occupation(const char *s, size_t len)
{
	enum { OCCUPATION_WITHIN = 240 };
	if (len > OCCUPATION_WITHIN)
		len = OCCUPATION_WITHIN;
	uint32_t cp, before = ' ';
	for (size_t i = 0; i < len;) {
		size_t n = utf8_decode(s + i, len - i, &cp);
		if (cp_is_letter(cp) && (!cp_is_letter(before) || cp_is_cjk(cp)) &&
		    phrase_at(PHRASE_OCCUPATION, s + i, len - i))
			return true;
		before = cp;
		i += n;
	}
	return false;
}
