#include "lang/name.h"

#include "base/buf.h"
#include "base/id.h"
#include "base/utf8.h"
#include "lang/lexicon.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

/* Rows of assets/surnames.tsv. */
enum { ZH, KO, VI, SYLLABIC, PARTICLE, SUFFIX, TITLE, NEVER, ORGANISATION, FAMILY, KIND_COUNT };

static struct lexicon_entry words_entries[1536];
static struct lexicon words = {.entries = words_entries, .room = 1536};
static pthread_once_t words_once = PTHREAD_ONCE_INIT;

static void name_load_words(void)
{
	static const char *const kinds[KIND_COUNT] = {"zh",           "ko",     "vi",    "syllabic",
						      "particle",     "suffix", "title", "never",
						      "organisation", "family"};
	lexicon_load(&words, "assets/surnames.tsv", kinds, KIND_COUNT, 1);
}

struct word {
	const char *s;
	size_t len;
	uint32_t first; /* code point */
};

enum { MAX_WORDS = 8 };

static bool word_is(const struct word *w, unsigned kinds, unsigned *rank)
{
	struct lexicon_match match;
	pthread_once(&words_once, name_load_words);
	bool is = lexicon_has(&words, kinds, w->s, w->len, &match);
	if (rank)
		*rank = match.rank;
	return is;
}

/* Split at white space; MAX_WORDS + 1 when there are more. */
static size_t split(const char *s, size_t len, struct word *out)
{
	size_t count = 0;
	uint32_t cp;
	for (size_t i = 0; i < len;) {
		size_t n = utf8_decode(s + i, len - i, &cp);
		if (cp_is_space(cp)) {
			i += n;
			continue;
		}
		if (count == MAX_WORDS)
			return MAX_WORDS + 1;
		struct word *w = &out[count++];
		*w = (struct word){.s = s + i, .first = cp};
		do {
			w->len += n;
			i += n;
			if (i < len)
				n = utf8_decode(s + i, len - i, &cp);
		} while (i < len && !cp_is_space(cp));
	}
	return count;
}

/* The letters at `s` that `pattern` lists as alternatives, separated by spaces, longest first. */
static size_t take_one(const char *s, size_t len, const char *alternatives)
{
	size_t best = 0;
	for (const char *p = alternatives; *p;) {
		size_t n = strcspn(p, " ");
		if (n > best && n <= len && memcmp(p, s, n) == 0)
			best = n;
		p += n + (p[n] == ' ');
	}
	return best;
}

/* How many syllables of romanised Chinese, Korean or Vietnamese the word is made of, or 0 when it
 * is not. `codas` are the consonants that may end one. Letters with marks count as vowels. */
static int count_syllables(const struct word *w, const char *codas)
{
	char ascii[24];
	size_t len = 0;
	int count = 0;
	for (size_t i = 0; i < w->len;) {
		uint32_t cp;
		i += utf8_decode(w->s + i, w->len - i, &cp);
		cp = cp_lower(cp);
		if (len == sizeof ascii || !cp_is_letter(cp) || cp > 0x1EFF)
			return 0;
		ascii[len++] = (char)(cp == 0x111 ? 'd' : cp < 0x80 ? cp : 'a');
	}
	for (size_t i = 0; i < len; count++) {
		i += take_one(ascii + i, len - i,
			      "zh ch sh hs ts th tr ph kh gh ng nh gi qu kk tt pp ss b p m f d t n "
			      "l g k h j "
			      "q x r z c s y w v");
		size_t vowels = i;
		while (i < len && strchr("aeiouyw", ascii[i]))
			i++;
		if (i == vowels || i - vowels > 4)
			return 0;
		/* a coda, unless the next syllable needs it */
		size_t coda = take_one(ascii + i, len - i, codas);
		if (coda && i + coda < len && strchr("aeiouyw", ascii[i + coda]))
			coda -= 1;
		i += coda;
	}
	return count;
}

/* A given name of one piece in two hyphenated syllables: "Jong-un", "Geun-hye". */
static bool is_hyphenated_pair(const struct word *w)
{
	const char *hyphen = memchr(w->s, '-', w->len);
	if (!hyphen || hyphen == w->s || hyphen == w->s + w->len - 1)
		return false;
	struct word a = {.s = w->s, .len = (size_t)(hyphen - w->s)};
	struct word b = {.s = hyphen + 1, .len = w->len - a.len - 1};
	const char *codas = "ng n k m l p t h r";
	return count_syllables(&a, codas) == 1 && count_syllables(&b, codas) == 1;
}

/* Whether the words are a Chinese, Korean or Vietnamese name that begins with the family. */
static bool is_family_first(const struct word *w, size_t count)
{
	static const char pinyin[] = "ng n r", all[] = "ng nh ch n k m l p t h r c";
	unsigned rank, last_rank;
	if (count == 2 && word_is(&w[0], KIND(ZH) | KIND(KO) | KIND(SYLLABIC), NULL) &&
	    is_hyphenated_pair(&w[1]))
		return true;
	if (count == 2 && word_is(&w[0], KIND(ZH), &rank)) {
		int syllables = count_syllables(&w[1], pinyin);
		if (syllables != 1 && syllables != 2)
			return false;
		/* both could be the family: the commoner one is */
		return !word_is(&w[1], KIND(ZH), &last_rank) || rank <= last_rank;
	}
	if (count == 2 && word_is(&w[0], KIND(VI), NULL)) /* with Vietnamese marks only */
		for (const char *p = w[0].s; p < w[1].s + w[1].len; p++)
			if ((unsigned char)*p >= 0xC3)
				return count_syllables(&w[1], all) == 1;
	if ((count == 3 || count == 4) &&
	    word_is(&w[0], KIND(KO) | KIND(VI) | KIND(SYLLABIC), NULL)) {
		for (size_t i = 1; i < count; i++)
			if (count_syllables(&w[i], all) != 1 && w[i].len != 1)
				return false;
		return true;
	}
	return false;
}

/* Whether letters of this script have no capitals and are not spaced as ours: names stay. */
static bool is_uncased(uint32_t cp)
{
	return cp_is_letter(cp) && !cp_is_upper(cp) && !cp_is_lower(cp);
}

static bool sorts_by_family_first(const char *language)
{
	static const char *const tags[] = {"zh", "ja", "ko", "vi", "hu"};
	for (size_t i = 0; language && i < sizeof tags / sizeof *tags; i++)
		if (strncmp(language, tags[i], 2) == 0 && (!language[2] || language[2] == '-'))
			return true;
	return false;
}

char *name_sort(struct arena *arena, const char *name, const char *language)
{
	struct word w[MAX_WORDS];
	size_t count = split(name, strlen(name), w);
	if (count < 2 || count > MAX_WORDS || strchr(name, ',') || sorts_by_family_first(language))
		return arena_dup(arena, name);
	for (size_t i = 0; i < count; i++)
		if (is_uncased(w[i].first) || word_is(&w[i], KIND(ORGANISATION), NULL) ||
		    memchr(w[i].s, '&', w[i].len) || (w[i].first >= '0' && w[i].first <= '9'))
			return arena_dup(arena, name);
	if (word_is(&w[0], KIND(NEVER), NULL))
		return arena_dup(arena, name);
	size_t first = 0, last = count - 1, end = count;
	while (last > 0 && word_is(&w[last], KIND(SUFFIX), NULL))
		end = last--;
	while (first < last && word_is(&w[first], KIND(TITLE), NULL))
		first++;
	if (first == last || is_family_first(w + first, last - first + 1))
		return arena_dup(arena, name);
	/* a particle with a capital belongs to the family name: "De Niro" */
	size_t family = last;
	while (family > first + 1 && cp_is_upper(w[family - 1].first) &&
	       word_is(&w[family - 1], KIND(PARTICLE), NULL) && w[family - 1].len > 1)
		family--;
	struct buf out = BUF_INIT;
	buf_append(&out, w[family].s, (size_t)(w[last].s + w[last].len - w[family].s));
	buf_puts(&out, ", ");
	for (size_t i = 0; i < family; i++) {
		if (i)
			buf_putc(&out, ' ');
		buf_append(&out, w[i].s, w[i].len);
	}
	for (size_t i = end; i < count; i++) {
		buf_puts(&out, ", ");
		buf_append(&out, w[i].s, w[i].len);
	}
	arena->failed |= out.failed;
	char *sorted = arena_dupn(arena, out.data, out.len);
	buf_release(&out);
	return sorted;
}

/* Letters with the marks that names have: hyphen, apostrophes, a stop after an initial. */
static bool is_name_word(const struct word *w)
{
	size_t letters = 0;
	uint32_t cp;
	for (size_t i = 0; i < w->len;) {
		size_t n = utf8_decode(w->s + i, w->len - i, &cp);
		i += n;
		if (cp_is_letter(cp))
			letters++;
		else if (cp == '.' ? i < w->len && w->s[i] == '.'
				   : cp != '-' && cp != '\'' && cp != 0x2019 && cp != 0xB7 &&
					     cp != 0x2010 && cp != 0x30FB && cp != 0x200C &&
					     !(cp >= 0x64B && cp <= 0x65F) &&
					     !(cp >= 0x300 && cp <= 0x36F))
			return false;
	}
	return letters > 0;
}

bool name_is_personal(const char *text, size_t len)
{
	struct word w[MAX_WORDS];
	if (len > 120)
		return false;
	size_t count = split(text, len, w);
	if (count == 0 || count > 5)
		return false;
	bool cjk = cp_is_cjk(w[0].first);
	size_t length = utf8_length(text, len), capitals = 0;
	if (cjk) {
		/* 李四, 约翰·史密斯, 山田 太郎, ジョン・スミス */
		bool dotted = memmem(text, len, "·", 2) || memmem(text, len, "・", 3);
		for (size_t i = 0; i < count; i++)
			if (!is_name_word(&w[i]) || !cp_is_cjk(w[i].first))
				return false;
		return length >= 2 && (dotted ? length <= 14 : length <= 4 + (count == 2)) &&
		       count <= 2;
	}
	if (count < 2)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!is_name_word(&w[i]) || word_is(&w[i], KIND(NEVER) | KIND(ORGANISATION), NULL))
			return false;
		bool inner = i > 0 && i + 1 < count && word_is(&w[i], KIND(PARTICLE), NULL);
		bool arabic_article = w[i].len > 3 && memcmp(w[i].s, "al-", 3) == 0;
		if (cp_is_upper(w[i].first) || is_uncased(w[i].first))
			capitals++;
		else if (!inner && !arabic_article)
			return false;
		/* a stop ends an initial or an abbreviation ("J.", "Dr."), no word */
		if (w[i].s[w[i].len - 1] == '.' && w[i].len > 5)
			return false;
	}
	return capitals >= 2;
}

bool name_has_family(const char *text, size_t len)
{
	struct lexicon_match match;
	struct word w[MAX_WORDS];
	size_t count = split(text, len, w), length = utf8_length(text, len);
	pthread_once(&words_once, name_load_words);
	if (count == 0 || count > 2 || length < 2 || length > 6 || !name_is_personal(text, len) ||
	    !lexicon_prefix(&words, KIND(FAMILY), text, len, &match))
		return false;
	if (count == 2 && match.len != w[0].len)
		return false; /* two names */
	if (w[0].first >= 0xAC00 && w[0].first <= 0xD7A3 && length < 3)
		return false; /* in Hangul, many words of two syllables begin like a family name */
	/* a family name of two characters has given names of one to three, of one has one or two */
	size_t family = utf8_length(text, match.len), given = length - family - (count == 2);
	return given >= 1 && given <= (family > 1 || count == 2 ? 3u : 2u);
}

/* --- One name in two spellings --- */

/* The letters of a name's words in lower case and without accents, each word ended by a NUL. */
struct plain_name {
	char text[256];
	const char *words[2 * MAX_WORDS];
	size_t count, used;
};

/* Letters with two marks, or with a horn: Vietnamese, U+01A0 to U+01B0 and U+1EA0 to U+1EF9; and
 * the Romanian letters with a comma below. */
static uint32_t plain_vietnamese(uint32_t cp)
{
	static const struct {
		uint32_t from, to;
		char letter;
	} ranges[] = {
		{0x1A0, 0x1A1, 'o'},   {0x1AF, 0x1B0, 'u'},   {0x218, 0x219, 's'},
		{0x21A, 0x21B, 't'},   {0x1EA0, 0x1EB7, 'a'}, {0x1EB8, 0x1EC7, 'e'},
		{0x1EC8, 0x1ECB, 'i'}, {0x1ECC, 0x1EE3, 'o'}, {0x1EE4, 0x1EF1, 'u'},
		{0x1EF2, 0x1EF9, 'y'},
	};
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (cp >= ranges[i].from && cp <= ranges[i].to)
			return (uint32_t)ranges[i].letter;
	return cp == 0x451 ? 0x435 : cp; /* Russian ё is printed е */
}

/* Append the plain letters of a character. */
static void name_put_plain(struct plain_name *name, uint32_t cp)
{
	char letters[4];
	size_t n = latin_plain_letters(cp, letters);
	if (n == 0)
		n = utf8_write(plain_vietnamese(cp_lower(cp)), letters);
	if (name->used + n + 1 < sizeof name->text) {
		memcpy(name->text + name->used, letters, n);
		name->used += n;
	}
}

static void add_plain_words(struct plain_name *name, const char *s, size_t len)
{
	bool open = false;
	for (size_t i = 0; i <= len;) {
		uint32_t cp = ' ';
		i += i < len ? utf8_decode(s + i, len - i, &cp) : 1;
		if (cp == '\'' || cp == 0x2019 || (cp >= 0x300 && cp <= 0x36F))
			continue;
		bool mark = cp_is_space(cp) || cp == '-' || cp == 0x2010 || cp == '.' || cp == ',';
		if (!mark && !open) {
			if (name->count == sizeof name->words / sizeof *name->words)
				return;
			name->words[name->count++] = name->text + name->used;
		}
		if (!mark)
			name_put_plain(name, cp);
		else if (open && name->used < sizeof name->text)
			name->text[name->used++] = '\0';
		open = !mark;
	}
}

/* "Brown, Ann" gives ann, brown; "King, Jr." and "King, Martin Luther, Jr." keep their suffix last.
 */
static void make_plain(struct plain_name *name, const char *s)
{
	const char *comma = strchr(s, ','),
		   *end = comma ? comma + 1 + strcspn(comma + 1, ",") : NULL;
	memset(name, 0, sizeof *name);
	while (comma && *++comma == ' ')
		;
	struct word after = {.s = comma, .len = comma ? (size_t)(end - comma) : 0};
	bool reordered = after.len && !word_is(&after, KIND(SUFFIX), NULL);
	if (reordered) {
		add_plain_words(name, after.s, after.len);
		add_plain_words(name, s, strcspn(s, ","));
		add_plain_words(name, end, strlen(end));
	} else {
		add_plain_words(name, s, strlen(s));
	}
}

/* Words of a title before the name: "dr", "prof". */
static size_t skip_titles(const struct plain_name *name)
{
	size_t i = 0;
	while (i + 2 < name->count) {
		struct word w = {.s = name->words[i], .len = strlen(name->words[i])};
		if (!word_is(&w, KIND(TITLE), NULL))
			break;
		i++;
	}
	return i;
}

/* The initial of a name between the first word and the last. */
static bool is_middle_initial(const struct plain_name *name, size_t first, size_t i)
{
	return i > first && i + 1 < name->count &&
	       utf8_length(name->words[i], strlen(name->words[i])) == 1;
}

bool name_is_same(const char *a, const char *b)
{
	struct plain_name x, y;
	make_plain(&x, a);
	make_plain(&y, b);
	size_t x_first = skip_titles(&x), y_first = skip_titles(&y), i = x_first, k = y_first;
	while (i < x.count && k < y.count) {
		bool initial_x = is_middle_initial(&x, x_first, i);
		bool initial_y = is_middle_initial(&y, y_first, k);
		if (strcmp(x.words[i], y.words[k]) == 0) {
			i++;
			k++;
		} else if (initial_x != initial_y) {
			bool middle =
				i > x_first && k > y_first && i + 1 < x.count && k + 1 < y.count;
			size_t n = strlen(initial_x ? x.words[i] : y.words[k]);
			/* "A. B. Brown", "A. Barbara Brown"; else one name lacks the initial */
			bool shortened = middle && strncmp(x.words[i], y.words[k], n) == 0;
			i += shortened || initial_x;
			k += shortened || !initial_x;
		} else {
			return false;
		}
	}
	return x.count > 0 && i == x.count && k == y.count;
}
