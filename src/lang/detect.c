#include "lang/detect.h"

#include "base/library.h"
#include "base/utf8.h"
#include "lang/script.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	SAMPLE = 2048, /* bytes of text inspected */
	MIN_WORDS = 8, /* fewer words tell nothing */
	MAX_LANGUAGES = 64,
	SLOTS = 4096, /* of the table of function words: a power of two, several times their number
		       */
};

/* Every tag that can be the answer, sorted. */
static const char *const tags[] = {
	"ab",  "ace", "af", "ak",  "alt", "am",  "ar",  "arn", "ast", "ay", "az",      "ban",
	"be",  "bem", "bg", "bho", "bi",  "bik", "bm",  "bn",  "bo",  "br", "bs",      "ca",
	"ckb", "cs",  "cy", "da",  "de",  "dv",  "ee",  "el",  "en",  "eo", "es",      "et",
	"eu",  "fa",  "fi", "fj",  "fo",  "fr",  "fur", "fy",  "ga",  "gd", "gl",      "gu",
	"gv",  "haw", "he", "hi",  "hil", "hr",  "hsb", "ht",  "hu",  "hy", "ia",      "id",
	"is",  "it",  "ja", "ka",  "kk",  "kl",  "km",  "kn",  "ko",  "ky", "la",      "lb",
	"lg",  "ln",  "lo", "lt",  "lv",  "mai", "mi",  "mk",  "ml",  "mn", "mr",      "ms",
	"mt",  "my",  "nb", "nds", "ne",  "nl",  "nn",  "nso", "ny",  "oc", "om",      "pa",
	"pl",  "pt",  "rm", "ro",  "ru",  "rw",  "sa",  "sc",  "sco", "sd", "se",      "sg",
	"si",  "sk",  "sl", "so",  "sq",  "sr",  "ss",  "st",  "sv",  "sw", "ta",      "te",
	"tet", "tg",  "th", "ti",  "tk",  "tl",  "tn",  "tpi", "tr",  "ts", "tt",      "ty",
	"ug",  "uk",  "ur", "uz",  "ve",  "vi",  "wa",  "xh",  "yi",  "yo", "zh-Hans", "zh-Hant",
	"zu",
};

static int compare_tag(const void *key, const void *tag)
{
	const struct cell *cell = key;
	const char *s = *(const char *const *)tag;
	size_t len = strlen(s);
	int order = memcmp(cell->s, s, cell->len < len ? cell->len : len);
	return order ? order : (cell->len > len) - (cell->len < len);
}

/* The static string for a tag, or NULL. */
static const char *find_tag(const char *s, size_t len)
{
	struct cell key = {s, len};
	const char *const *tag =
		bsearch(&key, tags, sizeof tags / sizeof *tags, sizeof *tags, compare_tag);
	return tag ? *tag : NULL;
}

/* A mark that belongs to the letter before it: in Indic scripts vowels are such. */
static bool is_word_part(uint32_t cp)
{
	return cp_is_letter(cp) || (cp >= 0x300 && cp <= 0x36F) || cp == 0x200C;
}

/* --- Function words. A table from a word's hash to the set of languages that have it; words are
 * few enough for 32-bit hashes not to meet. --- */
struct slot {
	uint32_t hash; /* 0: empty */
	uint64_t languages;
};

/* The function words of one script. */
struct lexicon {
	struct slot slots[SLOTS];
	const char *tags[MAX_LANGUAGES];
	struct cell letters[MAX_LANGUAGES]; /* beyond ASCII */
	unsigned count;                     /* languages */
	size_t words;
};

/* Read once in a process and kept. */
static struct lexicon lexicons[SCRIPT_COUNT];
static pthread_once_t lexicons_once = PTHREAD_ONCE_INIT;

/* What was counted in a text. */
struct tally {
	const struct lexicon *lexicon;
	unsigned hits[MAX_LANGUAGES];
	unsigned total; /* words of text looked up */
};

/* Hash of a word (FNV-1a over its code points, which are lower case already). */
static uint32_t hash_add(uint32_t hash, uint32_t cp)
{
	return (hash ^ cp) * 16777619u;
}

#define HASH_START 2166136261u

/* The slot of a hash, or the free one where it would be. */
static struct slot *lexicon_slot(struct slot *slots, uint32_t hash)
{
	uint32_t i = hash >> 8;
	while (slots[i & (SLOTS - 1)].hash != hash && slots[i & (SLOTS - 1)].hash != 0)
		i++;
	return &slots[i & (SLOTS - 1)];
}

static void lexicon_add(struct lexicon *l, struct cell word)
{
	uint32_t hash = HASH_START, cp;
	for (size_t i = 0; i < word.len;) {
		cp = (unsigned char)word.s[i];
		i += cp < 0x80 ? 1 : utf8_decode(word.s + i, word.len - i, &cp);
		hash = hash_add(hash, cp);
	}
	struct slot *slot = lexicon_slot(l->slots, hash | 1);
	slot->hash = hash | 1;
	slot->languages |= (uint64_t)1 << l->count;
}

static void lexicons_load(void)
{
	struct tsv table = tsv_open("assets/stopwords.tsv");
	struct cell cells[3], word;
	while (tsv_next(&table, cells, 3)) {
		const char *tag = find_tag(cells[0].s, cells[0].len);
		uint32_t first = 0;
		if (cells[1].len)
			utf8_decode(cells[1].s, cells[1].len, &first);
		int script = script_of(first);
		if (!tag || script == SCRIPT_OTHER)
			continue;
		struct lexicon *l = &lexicons[script];
		if (l->count == MAX_LANGUAGES)
			continue;
		l->tags[l->count] = tag;
		l->letters[l->count] = cells[2];
		for (; l->words < SLOTS / 2 && cell_item(&cells[1], ' ', &word); l->words++)
			lexicon_add(l, word);
		l->count++;
	}
}

/* Whether a tag is in a list that "|" separates; a list of no length holds all. */
static bool detect_is_listed(struct cell list, const char *tag)
{
	struct cell item;
	if (list.len == 0)
		return true;
	while (cell_item(&list, '|', &item))
		if (cell_is(&item, tag))
			return true;
	return false;
}

static void tally_count(struct tally *t, uint32_t hash)
{
	t->total++;
	const struct slot *slot = lexicon_slot((struct slot *)t->lexicon->slots, hash | 1);
	for (uint64_t set = slot->languages; set; set &= set - 1)
		t->hits[__builtin_ctzll(set)]++;
}

/* Look up the words of `script` in the text; with SCRIPT_HAN every character is one. */
static void tally_read(struct tally *t, const char *text, size_t len, int script)
{
	uint32_t hash = HASH_START, cp;
	bool in_word = false;
	pthread_once(&lexicons_once, lexicons_load);
	*t = (struct tally){.lexicon = &lexicons[script]};
	for (size_t i = 0; i < len;) {
		i += utf8_decode(text + i, len - i, &cp);
		bool part = is_word_part(cp);
		if (in_word && (!part || script == SCRIPT_HAN)) {
			tally_count(t, hash);
			in_word = false;
		}
		if (part && (in_word || script_of(cp) == script)) {
			hash = hash_add(in_word ? hash : HASH_START, cp_lower(cp));
			in_word = true;
		}
	}
	if (in_word)
		tally_count(t, hash);
}

/* The language with the most words, if they are plainly most: at least a sixth of the text,
 * and a sixth more than the runner-up's. */
static const char *tally_best(const struct tally *t)
{
	unsigned best = 0, second = 0;
	const char *tag = NULL;
	for (unsigned i = 0; i < t->lexicon->count; i++) {
		if (t->hits[i] > best) {
			second = best;
			best = t->hits[i];
			tag = t->lexicon->tags[i];
		} else if (t->hits[i] > second) {
			second = t->hits[i];
		}
	}
	if (best < 3 || best * 6 < t->total || best * 6 < second * 7)
		return NULL;
	return tag;
}

/* Simplified, unless more characters say traditional. */
static const char *tally_chinese(const struct tally *t)
{
	unsigned simplified = 0, traditional = 0;
	for (unsigned i = 0; i < t->lexicon->count; i++) {
		if (strcmp(t->lexicon->tags[i], "zh-Hans") == 0)
			simplified = t->hits[i];
		else if (strcmp(t->lexicon->tags[i], "zh-Hant") == 0)
			traditional = t->hits[i];
	}
	return traditional > simplified ? "zh-Hant" : "zh-Hans";
}

/* --- libexttextcat: n-gram profiles of some 150 languages. Its interface, as its header has it;
 * the library is loaded only when the function words were in doubt. Reading the profiles takes
 * longer than all else that is done for a small article, so they are read once in a process and
 * kept; the handle has a buffer of its own, hence the lock. --- */
struct textcat {
	void *(*init)(const char *conffile, const char *prefix);
	char *(*classify)(void *handle, const char *text, size_t size);
	void *handle; /* NULL: not to be had */
};

/* The first category of "[en--utf8][sco--utf8]" as a tag. */
static const char *category_tag(const char *category)
{
	if (!category || category[0] != '[')
		return NULL;
	category++;
	if (strncmp(category, "zh-TW", 5) == 0)
		return "zh-Hant";
	if (strncmp(category, "zh", 2) == 0)
		return "zh-Hans";
	if (strncmp(category, "sh-", 3) == 0)
		return "hr";
	return find_tag(category, strcspn(category, "-]"));
}

static struct textcat textcat;
static pthread_once_t textcat_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t textcat_lock = PTHREAD_MUTEX_INITIALIZER;

static void textcat_load(void)
{
	static const struct library_symbol symbols[] = {
		{"special_textcat_Init", offsetof(struct textcat, init)},
		{"textcat_Classify", offsetof(struct textcat, classify)},
	};
	void *library = library_open("libexttextcat-2.0.so.0");
	if (library && library_find(library, symbols, 2, &textcat))
		textcat.handle = textcat.init("/usr/share/libexttextcat/fpdb.conf",
					      "/usr/share/libexttextcat/");
}

static const char *textcat_detect(const char *text, size_t len)
{
	const char *tag = NULL;
	pthread_once(&textcat_once, textcat_load);
	pthread_mutex_lock(&textcat_lock);
	if (textcat.handle)
		tag = category_tag(textcat.classify(textcat.handle, text, len));
	pthread_mutex_unlock(&textcat_lock);
	return tag;
}

/* Shorten to `max` bytes, at a character. */
static size_t detect_clip(const char *text, size_t len, size_t max)
{
	if (len <= max)
		return len;
	while (max && ((unsigned char)text[max] & 0xC0) == 0x80)
		max--;
	return max;
}

/* The script that most letters are in; *letters is how many those are. */
static int main_script(const char *text, size_t len, unsigned *letters)
{
	unsigned counts[SCRIPT_COUNT] = {0};
	uint32_t cp;
	for (size_t i = 0; i < len;) {
		i += utf8_decode(text + i, len - i, &cp);
		counts[script_of(cp)]++;
	}
	counts[SCRIPT_OTHER] = 0;
	/* Kana among Han, however few, is Japanese; an ideograph says as much as two letters. */
	if (counts[SCRIPT_KANA] * 12 > counts[SCRIPT_HAN])
		counts[SCRIPT_KANA] += counts[SCRIPT_HAN];
	counts[SCRIPT_HAN] *= 2;
	counts[SCRIPT_KANA] *= 2;
	int best = SCRIPT_OTHER;
	for (int i = 0; i < SCRIPT_COUNT; i++)
		if (counts[i] > counts[best])
			best = i;
	*letters = counts[best];
	return best;
}

/* Russian by its letters: it has all those of the text, and ы, э or ё, which those of its
 * neighbours that have them (Belarusian, Kazakh, …) mix with letters of their own. */
static bool has_russian_letters(const char *text, size_t len)
{
	bool own = false;
	uint32_t cp;
	for (size_t i = 0; i < len;) {
		i += utf8_decode(text + i, len - i, &cp);
		cp = cp_lower(cp);
		own |= cp == 0x44B || cp == 0x44D || cp == 0x451;
		if (script_of(cp) == SCRIPT_CYRILLIC && !(cp >= 0x430 && cp <= 0x44F) &&
		    cp != 0x451)
			return false;
	}
	return own;
}

/* The language of the first `len` bytes, in `script`; *words: how many were looked up. */
static const char *detect(const char *text, size_t len, int script, unsigned *words)
{
	struct tally tally;
	tally_read(&tally, text, len, script);
	*words = tally.total;
	if (script == SCRIPT_HAN)
		return tally_chinese(&tally);
	if (tally.total < MIN_WORDS)
		return NULL;
	const char *tag = tally_best(&tally);
	if (!tag && script == SCRIPT_CYRILLIC && has_russian_letters(text, len))
		return "ru";
	return tag ? tag : textcat_detect(text, len);
}

/* Where the last sentence before `len` ends; 0 when there is no more than one. */
static size_t sentence_end(const char *text, size_t len)
{
	for (size_t i = len; i-- > 1;)
		if ((text[i] == ' ' || text[i] == '\n') && strchr(".!?\n", text[i - 1]))
			return i;
	return 0;
}

const char *language_detect(const char *text, size_t len)
{
	enum { MAX_TRIES = 40 };
	unsigned letters;
	len = detect_clip(text, len, SAMPLE);
	int script = main_script(text, len, &letters);
	if (script == SCRIPT_OTHER || letters < 4)
		return NULL;
	if (script == SCRIPT_KANA)
		return "ja";
	if (script >= SCRIPT_FIRST_SOLE)
		return script_language(script);
	unsigned words;
	const char *tag = detect(text, len, script, &words);
	/* More text may blur what was clear: then the longest beginning that is clear counts. */
	for (int i = 0; !tag && i < MAX_TRIES && (len = sentence_end(text, len)) > 0; i++) {
		tag = detect(text, len, script, &words);
		if (words < MIN_WORDS)
			break;
	}
	return tag;
}

struct language_share language_share(const char *text, size_t len, int script,
				     struct cell languages)
{
	struct tally tally;
	struct language_share share = {0};
	tally_read(&tally, text, len, script);
	const struct lexicon *l = tally.lexicon;
	unsigned listed = 0, last = 0, best = MAX_LANGUAGES;
	for (unsigned i = 0; i < l->count; i++) {
		if (!detect_is_listed(languages, l->tags[i]))
			continue;
		listed++;
		last = i;
		if (tally.hits[i] > share.hits) {
			share.hits = tally.hits[i];
			best = i;
		}
	}
	if (listed == 1)
		best = last;
	if (best < MAX_LANGUAGES) {
		share.tag = l->tags[best];
		share.letters = l->letters[best];
	}
	share.words = tally.total;
	return share;
}

bool language_is_contradicted(const char *text, size_t len, const char *tag)
{
	enum { MIN_TEXT = 80, MAX_HITS = 1 /* of 100 words */ };
	unsigned letters;
	len = detect_clip(text, len, SAMPLE);
	int script = main_script(text, len, &letters);
	struct cell primary = {tag, strcspn(tag, "-")};
	struct language_share share = language_share(text, len, script, primary);
	if (share.tag)
		return share.words >= MIN_TEXT && share.hits * 100 < share.words * MAX_HITS;
	for (int other = 0; other < SCRIPT_FIRST_SOLE && letters >= MIN_TEXT; other++)
		if (other != script && language_share("", 0, other, primary).tag)
			return true;
	return false;
}
