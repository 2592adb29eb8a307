/* Each charset of the table is tried on a sample of the text, and judged by what comes out:
 * whether letters, capitals and punctuation are where texts have them; how many of the words are
 * function words of a language that is written in it. Of charsets of two bytes a character, by
 * how many of the characters are common: their tables are in order of use. */
#include "read/charset/guess.h"

#include "base/ascii.h"
#include "base/tsv.h"
#include "base/utf8.h"
#include "lang/detect.h"
#include "lang/script.h"
#include "read/charset/convert.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum {
	MAX_SAMPLE = 16 * 1024,
	MIN_BEGINNING = 2 * 1024, /* bytes taken from the beginning where the rest has few */
	AROUND = 200,             /* bytes taken before and after one that is not ASCII */
};

/* A language that is known outweighs all but characters where text cannot have them. */
#define WORDS_COUNT    1.5
#define LANGUAGE_COUNT 1.0
#define RARE_COSTS     0.03
#define MIN_SCORE      0.3

/* --- The sample --- */

/* Where text may be cut: in no charset is such a byte a part of a longer character. */
static bool is_cut(char c)
{
	return (unsigned char)c < 0x30;
}

/* Append what is text in a page. */
static void put_text_of_page(struct buf *out, const char *s, size_t len)
{
	static const char *const unseen[] = {"script", "style"};
	const char *end = s + len;
	while (s < end) {
		const char *lt = memchr(s, '<', (size_t)(end - s));
		buf_append(out, s, (size_t)((lt ? lt : end) - s));
		buf_putc(out, ' ');
		if (!lt)
			return;
		const char *gt = memchr(lt, '>', (size_t)(end - lt));
		for (size_t i = 0; gt && i < sizeof unseen / sizeof *unseen; i++) {
			size_t n = strlen(unseen[i]);
			if ((size_t)(end - lt) <= n || strncasecmp(lt + 1, unseen[i], n) != 0)
				continue;
			while ((gt = memmem(gt, (size_t)(end - gt), "</", 2)) != NULL &&
			       ((size_t)(end - gt) < n + 2 ||
				strncasecmp(gt + 2, unseen[i], n) != 0))
				gt += 2;
			gt = gt ? memchr(gt, '>', (size_t)(end - gt)) : NULL;
		}
		s = gt ? gt + 1 : end;
	}
}

/* Append the stretches of text around bytes that are not ASCII. */
static void put_stretches(struct buf *out, const char *s, size_t len)
{
	size_t done = 0;
	for (size_t i = 0; i < len && out->len < MAX_SAMPLE; i++) {
		if ((unsigned char)s[i] < 0x80)
			continue;
		size_t start = i > done + AROUND ? i - AROUND : done;
		while (start > done && start < i && !is_cut(s[start]))
			start++;
		size_t end = i + 1 < len ? i + 1 : len;
		while (end < len && (end - i < AROUND || !is_cut(s[end])) &&
		       end - start < MAX_SAMPLE / 4)
			end++;
		buf_append(out, s + start, end - start);
		buf_putc(out, ' ');
		i = done = end;
	}
}

void charset_sample_take(struct charset_sample *sample, const char *bytes, size_t size, bool page)
{
	struct buf text = BUF_INIT;
	sample->bytes = (struct buf)BUF_INIT;
	if (page) {
		put_text_of_page(&text, bytes, size);
		bytes = text.data;
		size = text.len;
	}
	if (size <= MAX_SAMPLE) {
		buf_append(&sample->bytes, bytes, size);
	} else {
		size_t n = MIN_BEGINNING;
		put_stretches(&sample->bytes, bytes, size);
		while (n < size && !is_cut(bytes[n]))
			n++;
		if (sample->bytes.len < MIN_BEGINNING && n < 2 * MIN_BEGINNING)
			buf_append(&sample->bytes, bytes, n);
	}
	buf_end(&text, &sample->bytes.failed);
}

void charset_sample_release(struct charset_sample *sample)
{
	buf_release(&sample->bytes);
}

/* --- Two bytes a character --- */

enum kind { COMMON, KANA, PUNCTUATION, RARE };

/* Where a charset has which characters: the first row that holds the two bytes is right; what is
 * in no row is not in use. */
static const struct {
	const char *charset;
	unsigned char lead[2], trail[2]; /* first and last */
	enum kind kind;
} wide_ranges[] = {
	{"CP949", {0xB0, 0xC8}, {0xA1, 0xFE}, COMMON},
	{"CP949", {0xA1, 0xA1}, {0xA1, 0xFE}, PUNCTUATION},
	{"CP949", {0xA3, 0xA3}, {0xA1, 0xFE}, PUNCTUATION},
	{"CP949", {0x81, 0xC6}, {0x41, 0xFE}, RARE},
	{"CP949", {0xCA, 0xFD}, {0xA1, 0xFE}, RARE},
	{"EUC-JP-MS", {0xA4, 0xA5}, {0xA1, 0xF6}, KANA},
	{"EUC-JP-MS", {0xB0, 0xCF}, {0xA1, 0xFE}, COMMON},
	{"EUC-JP-MS", {0xA1, 0xA1}, {0xA1, 0xFE}, PUNCTUATION},
	{"EUC-JP-MS", {0xA3, 0xA3}, {0xB0, 0xFA}, PUNCTUATION},
	{"EUC-JP-MS", {0xA1, 0xFE}, {0xA1, 0xFE}, RARE},
	{"EUC-JP-MS", {0x8E, 0x8E}, {0xA1, 0xDF}, RARE},
	{"CP932", {0x82, 0x82}, {0x9F, 0xF1}, KANA},
	{"CP932", {0x83, 0x83}, {0x40, 0x96}, KANA},
	{"CP932", {0x88, 0x97}, {0x40, 0xFC}, COMMON},
	{"CP932", {0x81, 0x81}, {0x40, 0xFC}, PUNCTUATION},
	{"CP932", {0x82, 0x82}, {0x4F, 0x9A}, PUNCTUATION},
	{"CP932", {0x83, 0x9F}, {0x40, 0xFC}, RARE},
	{"CP932", {0xE0, 0xFC}, {0x40, 0xFC}, RARE},
	{"GB18030", {0xB0, 0xD7}, {0xA1, 0xFE}, COMMON},
	{"GB18030", {0xA1, 0xA1}, {0xA1, 0xFE}, PUNCTUATION},
	{"GB18030", {0xA3, 0xA3}, {0xA1, 0xFE}, PUNCTUATION},
	{"GB18030", {0x81, 0xFE}, {0x40, 0xFE}, RARE},
	{"GB18030", {0x81, 0xFE}, {0x30, 0x39}, RARE},
	{"BIG5-HKSCS", {0xA4, 0xC5}, {0x40, 0xFE}, COMMON},
	{"BIG5-HKSCS", {0xC6, 0xC6}, {0x40, 0x7E}, COMMON},
	{"BIG5-HKSCS", {0xA1, 0xA3}, {0x40, 0xFE}, PUNCTUATION},
	{"BIG5-HKSCS", {0x87, 0xFE}, {0x40, 0xFE}, RARE},
};

enum { WIDE_RANGES = sizeof wide_ranges / sizeof *wide_ranges };

/* The kind of a character; -1: not in use. */
static int guess_kind_of(size_t row, unsigned char lead, unsigned char trail)
{
	const char *charset = wide_ranges[row].charset;
	for (; row < WIDE_RANGES && strcmp(wide_ranges[row].charset, charset) == 0; row++)
		if (lead >= wide_ranges[row].lead[0] && lead <= wide_ranges[row].lead[1] &&
		    trail >= wide_ranges[row].trail[0] && trail <= wide_ranges[row].trail[1])
			return (int)wide_ranges[row].kind;
	return -1;
}

/* How the bytes look in the charset of the table above that begins at `row`. */
static double wide_score(size_t row, const char *s, size_t len)
{
	unsigned counts[4] = {0}, unused = 0, all = 0;
	bool japanese = wide_ranges[row].charset[0] != 'G' &&
			strstr("EUC-JP-MS CP932", wide_ranges[row].charset);
	for (size_t i = 0; i < len; i++) {
		unsigned char lead = (unsigned char)s[i];
		if (lead < 0x80)
			continue;
		all++;
		if (lead >= 0xA1 && lead <= 0xDF &&
		    strcmp(wide_ranges[row].charset, "CP932") == 0) {
			counts[RARE]++; /* a narrow kana, of one byte */
			continue;
		}
		int kind = i + 1 < len ? guess_kind_of(row, lead, (unsigned char)s[i + 1]) : -1;
		if (kind < 0) {
			unused++;
			continue;
		}
		counts[kind]++;
		i++;
	}
	if (all == 0)
		return 0;
	if (japanese && counts[KANA] * 12 < counts[COMMON]) {
		counts[RARE] += counts[COMMON]; /* Japanese cannot do without kana */
		counts[COMMON] = 0;
	}
	double good = counts[COMMON] + counts[KANA] + counts[PUNCTUATION];
	return (good - counts[RARE] - 3.0 * unused) / all;
}

/* --- One byte a character --- */

static bool in_list(uint32_t cp, const uint16_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == cp)
			return true;
	return false;
}

/* Letters that end a word: Greek's sigma, five of Hebrew. */
static bool is_final(uint32_t cp)
{
	static const uint16_t finals[] = {0x3C2, 0x5DA, 0x5DD, 0x5DF, 0x5E3, 0x5E5};
	return in_list(cp, finals, sizeof finals / sizeof *finals);
}

/* Thai vowels and tones that stand on the letter before them. */
static bool is_thai_mark(uint32_t cp)
{
	return cp == 0xE31 || (cp >= 0xE34 && cp <= 0xE3A) || (cp >= 0xE47 && cp <= 0xE4E);
}

/* What texts have beside letters; the first of them within words, too. */
enum { WITHIN_WORDS = 7 };
static const uint16_t punctuation[] = {
	0x2019, 0x2018, 0xB7,  0x2013, 0x2014, 0x2026, 0x200C, /* within words */
	0x201C, 0x201D, 0xAB,  0xBB,   0x2039, 0x203A, 0x2022, 0xA7,   0xB0,  0xA9,
	0xAE,   0x2122, 0xBC,  0xBD,   0xBE,   0x2116, 0xD7,   0x2030, 0x60C, 0x61B,
	0x61F,  0x66A,  0x640, 0x37E,  0x387,  0x200E, 0x200F, 0x2015, 0x5BE};

enum { PUNCTUATION_COUNT = sizeof punctuation / sizeof *punctuation };

static bool is_word(uint32_t cp)
{
	return (cp_is_letter(cp) && cp != 0xAA && cp != 0xBA) || (cp >= 0x300 && cp <= 0x36F);
}

/* What a text is judged by. */
struct model {
	int script;
	struct cell letters; /* those beyond ASCII of its language; empty: any */
};

/* Accented letters stand alone in most words, or two together, hardly ever three. */
static double latin_score(uint32_t before, uint32_t after)
{
	bool beside = before >= 0x80 && cp_is_letter(before);
	bool beside_next = after >= 0x80 && cp_is_letter(after);
	return beside && beside_next ? -0.3 : beside || beside_next ? 0.5 : 1;
}

static bool has_letter(struct cell letters, uint32_t cp)
{
	char utf8[4];
	size_t len = utf8_write(cp_lower(cp), utf8);
	return letters.len == 0 || memmem(letters.s, letters.len, utf8, len) != NULL;
}

/* What a letter between two characters counts: 1 where a text may have it, -1 where not. */
static double letter_score(uint32_t before, uint32_t cp, uint32_t after, const struct model *model)
{
	int script = model->script;
	if (cp >= 0x300 && cp <= 0x36F)
		return script == SCRIPT_LATIN && cp_is_letter(before) ? 1 : -1;
	if (script_of(cp) != script)
		return -1;
	if (script != SCRIPT_LATIN &&
	    ((before < 0x80 && cp_is_letter(before)) || (after < 0x80 && cp_is_letter(after))))
		return -1;
	if (cp_is_upper(cp) && cp_is_lower(before))
		return -1;
	if (is_final(cp) && script_of(after) == script)
		return -1;
	if (is_thai_mark(cp) && script_of(before) != script)
		return -1;
	double score = script == SCRIPT_LATIN                   ? latin_score(before, after)
		       : cp_is_upper(cp) && cp_is_upper(before) ? 0.7
								: 1;
	if (score > 0 && !has_letter(model->letters, cp))
		return script == SCRIPT_LATIN ? score / 2 : -0.5;
	return score;
}

static double character_score(uint32_t before, uint32_t cp, uint32_t after,
			      const struct model *model)
{
	if (cp == 0xFFFD)
		return -3;
	if (is_word(cp))
		return letter_score(before, cp, after, model);
	bool within = is_word(before) && is_word(after);
	if (cp == 0xAD) /* a soft hyphen */
		return within ? 1 : -1;
	if (cp == 0xA1 || cp == 0xBF || cp == 0x201A || cp == 0x201E) /* opening marks */
		return !is_word(before) && after > ' ' ? 1 : -1;
	if (cp == 0xA3 || cp == 0x20AC) /* with numbers */
		return !is_word(before) && !is_word(after) ? 1 : -1;
	if (cp == 0xAA || cp == 0xBA) /* ordinals */
		return ascii_is_digit(before) ? 1 : -1;
	if (cp == 0xA0)
		return before == ' ' || after == ' ' ? -0.5 : 0.3;
	if (before > 0xA0 && !is_word(before))
		return -0.5; /* the second sign of two */
	if (in_list(cp, punctuation, within ? WITHIN_WORDS : PUNCTUATION_COUNT))
		return 1;
	return is_word(before) || is_word(after) || cp < 0xA0 ? -1 : 0;
}

/* How the text looks to a reader of the script. */
static double narrow_score(const char *text, size_t len, const struct model *model)
{
	uint32_t before = ' ', cp = ' ', after;
	double sum = 0;
	unsigned all = 0;
	for (size_t i = 0; i <= len;) {
		after = ' ';
		if (i < len)
			i += utf8_decode(text + i, len - i, &after);
		else
			i++;
		if (cp >= 0x80) {
			all++;
			sum += character_score(before, cp, after, model);
		}
		before = cp;
		cp = after;
	}
	return all ? sum / all : 0;
}

/* --- One charset --- */

/* The one of a row's languages that is known: "de-AT" is de, "zh-TW" is zh-Hant. Empty: none of
 * them is. */
static struct cell known_language(struct cell languages, const char *tag)
{
	struct cell item;
	if (tag && strncasecmp(tag, "zh", 2) == 0)
		tag = strcasestr(tag, "hant") || strcasestr(tag, "tw") || strcasestr(tag, "hk")
			      ? "zh-Hant"
			      : "zh-Hans";
	while (tag && cell_item(&languages, '|', &item))
		if (strncasecmp(item.s, tag, item.len) == 0 &&
		    (tag[item.len] == '\0' || tag[item.len] == '-'))
			return item;
	return (struct cell){0};
}

/* How many words there are between white space: as many in all charsets; at least 1. */
static unsigned count_tokens(const struct buf *bytes)
{
	unsigned count = 1;
	for (size_t i = 1; i < bytes->len; i++)
		count += (unsigned char)bytes->data[i] > ' ' &&
			 (unsigned char)bytes->data[i - 1] <= ' ';
	return count;
}

static struct charset_fit fit_row(const struct charset_sample *sample, const struct cell *row)
{
	struct charset_fit fit = {0};
	char name[32] = "";
	if (row[0].len >= sizeof name)
		return fit;
	memcpy(name, row[0].s, row[0].len);
	for (size_t i = 0; i < WIDE_RANGES; i++) {
		if (strcmp(wide_ranges[i].charset, name) != 0)
			continue;
		fit.score = wide_score(i, sample->bytes.data, sample->bytes.len);
		return fit;
	}
	struct buf text = BUF_INIT;
	const struct buf *bytes = &sample->bytes;
	if (row[3].len && charset_convert(&text, bytes->data, bytes->len, name) >= 0) {
		uint32_t letter;
		utf8_decode(row[3].s, row[3].len, &letter);
		int script = script_of(letter);
		struct cell known = known_language(row[1], sample->language);
		struct language_share share =
			language_share(text.data, text.len, script, known.len ? known : row[1]);
		fit.tag = share.tag;
		unsigned tokens = count_tokens(bytes);
		double hits = share.hits > 0 ? share.hits - 0.5 : 0; /* one may be by chance */
		fit.words = hits / (tokens > share.words ? tokens : share.words);
		fit.score =
			narrow_score(text.data, text.len, &(struct model){script, share.letters});
	}
	buf_release(&text);
	return fit;
}

struct charset_fit charset_fit(const struct charset_sample *sample, const char *charset)
{
	struct tsv table = tsv_open("assets/legacy_charsets.tsv");
	struct cell row[4];
	while (tsv_next(&table, row, 4))
		if (strlen(charset) == row[0].len &&
		    strncasecmp(charset, row[0].s, row[0].len) == 0)
			return fit_row(sample, row);
	return (struct charset_fit){0};
}

void charset_guess(const struct charset_sample *sample, char *name, size_t name_size,
		   struct charset_fit *best)
{
	struct tsv table = tsv_open("assets/legacy_charsets.tsv");
	struct cell row[4];
	double most = 0;
	bool known = false; /* the first row of the language counts, not its others */
	name[0] = '\0';
	*best = (struct charset_fit){0};
	while (tsv_next(&table, row, 4)) {
		struct charset_fit fit = fit_row(sample, row);
		double sum = fit.score + WORDS_COUNT * fit.words -
			     (cell_is(&row[2], "rare") ? RARE_COSTS : 0);
		bool expected = known_language(row[1], sample->language).len > 0;
		if (expected) {
			sum += LANGUAGE_COUNT + (known ? 0 : 0.01);
			known = true;
		}
		if (fit.score < (expected ? 0 : MIN_SCORE) || sum < most + 1e-6 ||
		    row[0].len >= name_size)
			continue;
		most = sum;
		*best = fit;
		memcpy(name, row[0].s, row[0].len);
		name[row[0].len] = '\0';
	}
}
