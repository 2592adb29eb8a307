#include "lang/filler.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "lang/lexicon.h"

#include <pthread.h>
#include <string.h>

enum { WHOLE, CAPTION, NAMELESS, START, NUMBERED, BESIDE, ENDING, KINDS };

static struct lexicon_entry filler_entries[512];
static struct lexicon fillers = {.entries = filler_entries, .room = 512};

static void filler_load(void)
{
	static const char *const kinds[KINDS] = {"whole",    "caption", "nameless", "start",
						 "numbered", "beside",  "ending"};
	lexicon_load(&fillers, "assets/picture_junk.tsv", kinds, KINDS, 1);
}

static const struct lexicon *lexicon(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, filler_load);
	return &fillers;
}

/* The next run of letters from *at on, of `*n` bytes; NULL when there is none. */
static const char *next_word(const char *s, size_t len, size_t *at, size_t *n)
{
	const char *start = NULL;
	while (*at < len) {
		uint32_t cp;
		size_t size = utf8_decode(s + *at, len - *at, &cp);
		if (cp_is_letter(cp) && !start)
			start = s + *at;
		else if (!cp_is_letter(cp) && start)
			break;
		*at += size;
	}
	*n = start ? (size_t)(s + *at - start) : 0;
	return start;
}

static bool has_letters(const char *s, size_t len)
{
	size_t at = 0, n;
	return next_word(s, len, &at, &n) != NULL;
}

/* "IMG_2041", "Screenshot 2024-05-02 at 10.00", "DSC0001-edited": a name with a number, or with
 * words that programs put beside one. */
static bool is_numbered(const char *s, size_t len)
{
	struct lexicon_match match;
	if (!lexicon_prefix(lexicon(), KIND(NUMBERED), s, len, &match))
		return false;
	const char *rest = s + match.len, *word;
	size_t left = len - match.len, at = 0, n;
	if (!left || ((strchr("_-", *rest) || ascii_is_digit(*rest)) && !memchr(s, ' ', len)))
		return true;
	if (!strchr(" _-(#", *rest) && !ascii_is_digit(*rest))
		return !has_letters(rest, left);
	while ((word = next_word(rest, left, &at, &n)) != NULL)
		if (!lexicon_has(lexicon(), KIND(BESIDE), word, n, NULL))
			return false;
	return true;
}

/* The name of a picture's file: nothing but the name, or a few words of it. */
static bool is_file_name(const char *s, size_t len)
{
	enum { MAX_SPACES = 3 };
	const char *dot = memrchr(s, '.', len);
	size_t spaces = 0;
	for (size_t i = 0; i < len; i++)
		spaces += s[i] == ' ';
	return dot && spaces <= MAX_SPACES &&
	       lexicon_has(lexicon(), KIND(ENDING), dot, (size_t)(s + len - dot), NULL);
}

static bool filler_is_address(const char *s, size_t len)
{
	return !memchr(s, ' ', len) &&
	       ((len > 3 && memmem(s, len < 12 ? len : 12, "://", 3)) ||
		(len > 4 && memcmp(s, "www.", 4) == 0) || (len > 5 && memcmp(s, "data:", 5) == 0));
}

bool filler_is_caption(const char *s, size_t len)
{
	struct lexicon_match match;
	utf8_trim(&s, &len);
	return !has_letters(s, len) ||
	       lexicon_has(lexicon(), KIND(WHOLE) | KIND(CAPTION), s, len, NULL) ||
	       lexicon_prefix(lexicon(), KIND(START), s, len, &match) || is_numbered(s, len) ||
	       is_file_name(s, len) || filler_is_address(s, len);
}

bool filler_is_file(const char *s, size_t len)
{
	utf8_trim(&s, &len);
	return len && !memchr(s, ' ', len) && (is_file_name(s, len) || filler_is_address(s, len));
}

bool filler_is_name(const char *s, size_t len)
{
	return lexicon_has(lexicon(), KIND(WHOLE) | KIND(NAMELESS), s, len, NULL);
}
