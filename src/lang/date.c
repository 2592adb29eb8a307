#include "lang/date.h"

#include "base/utf8.h"
#include "lang/lexicon.h"

#include <pthread.h>
#include <string.h>

/* How a date is read: the text becomes a row of tokens (numbers, words, marks), and the first
 * pattern that fits from some token on wins. Months are found in assets/months.tsv. */

enum token_kind { END, NUMBER, WORD, MARK };

struct token {
	enum token_kind kind;
	const char *s;
	size_t len;
	int value; /* of a number */
	int digits;
	bool space; /* white space before it */
};

enum { MAX_TOKENS = 40, MAX_DIGITS = 9 };

/* What a date came to. */
struct moment {
	int year, month, day;     /* month, day 0: not said */
	int hour, minute, second; /* hour -1: not said */
	int zone;                 /* minutes east; NO_ZONE */
	bool has_second;
	enum date_order order; /* what is known before */
};
enum { NO_ZONE = 10000 };

/* The value of a decimal digit in the scripts of our languages, or -1. */
static int digit_value(uint32_t cp)
{
	static const uint32_t zeros[] = {'0', 0x660, 0x6F0, 0x966, 0x9E6, 0xFF10};
	for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
		if (cp >= zeros[i] && cp <= zeros[i] + 9)
			return (int)(cp - zeros[i]);
	return -1;
}

/* The value of a Chinese numeral below 10, 10 for 十, or -1. */
static int han_digit(uint32_t cp)
{
	static const uint32_t digits[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
					  0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341};
	if (cp == 0x3007 || cp == 0x96F6)
		return 0;
	for (int i = 0; i < 10; i++)
		if (cp == digits[i])
			return i + 1;
	return -1;
}

/* Read a run of digits, or of Chinese numerals: by place ("二〇二一") or with tens ("二十一"). */
static void date_read_number(const char *s, size_t len, struct token *t)
{
	int han = 0, tens = -1;
	size_t i = 0;
	uint32_t cp;
	t->kind = NUMBER;
	while (i < len) {
		size_t n = utf8_decode(s + i, len - i, &cp);
		int d = digit_value(cp), h = han_digit(cp);
		if ((d < 0 && h < 0) || t->digits >= MAX_DIGITS)
			break;
		if (h == 10) {
			tens = t->digits ? t->value : 1;
			t->value = 0;
		} else {
			t->value = t->value * 10 + (d >= 0 ? d : h);
		}
		han += h >= 0;
		t->digits++;
		i += n;
	}
	if (tens >= 0)
		t->value += tens * 10;
	if (tens < 0 && han && t->digits != 4 && t->digits > 1)
		t->kind = WORD; /* not how numbers are written */
	t->len = i;
}

/* Split the start of the text into tokens; the last is END. */
static size_t tokenise(const char *text, size_t len, struct token *tokens)
{
	size_t count = 0, i = 0;
	bool space = false;
	uint32_t cp;
	while (i < len && count < MAX_TOKENS - 1) {
		size_t n = utf8_decode(text + i, len - i, &cp);
		if (cp_is_space(cp)) {
			space = true;
			i += n;
			continue;
		}
		struct token *t = &tokens[count++];
		*t = (struct token){.kind = MARK, .s = text + i, .len = n, .space = space};
		space = false;
		if (digit_value(cp) >= 0 || han_digit(cp) >= 0) {
			date_read_number(text + i, len - i, t);
		} else if (cp_is_letter(cp)) {
			t->kind = WORD;
			bool cjk = cp_is_cjk(cp);
			while (!cjk && i + t->len < len) {
				n = utf8_decode(text + i + t->len, len - i - t->len, &cp);
				bool mark = (cp >= 0x900 && cp <= 0x963) ||
					    (cp >= 0x64B && cp <= 0x65F);
				if ((!cp_is_letter(cp) && !mark) || cp_is_cjk(cp))
					break;
				t->len += n;
			}
		}
		i += t->len;
	}
	tokens[count] = (struct token){.kind = END, .s = text + i, .space = true};
	return count;
}

static bool token_is(const struct token *t, const char *text)
{
	return t->kind != END && t->len == strlen(text) && memcmp(t->s, text, t->len) == 0;
}

/* What a word is in a date: 1 to 12, that month. */
enum word_kind { UNKNOWN = 0, DAY = 13, SKIP = 14 };

static struct lexicon_entry months_entries[512];
static struct lexicon months = {.entries = months_entries, .room = 512};
static pthread_once_t months_once = PTHREAD_ONCE_INIT;

static void load_months(void)
{
	static const char *const kinds[] = {"-", "1", "2",  "3",  "4",  "5",   "6",   "7",
					    "8", "9", "10", "11", "12", "day", "skip"};
	lexicon_load(&months, "assets/months.tsv", kinds, sizeof kinds / sizeof *kinds, 1);
}

/* Find what a word is; a month of two words ("كانون الثاني") takes two tokens. */
static int find_word(const struct token *t, size_t *taken)
{
	struct lexicon_match match;
	size_t len = t[0].len, both = len;
	*taken = 1;
	if (t[1].kind == WORD)
		both = (size_t)(t[1].s - t[0].s) + t[1].len;
	pthread_once(&months_once, load_months);
	if (!lexicon_prefix(&months, ~0u, t->s, both, &match) ||
	    (match.len != len && match.len != both))
		return UNKNOWN;
	*taken = match.len == len ? 1 : 2;
	return (int)match.kind;
}

static bool is_year(const struct token *t)
{
	return t->kind == NUMBER && t->digits == 4 && t->value >= 1000 && t->value < 2200;
}

static bool is_day(const struct token *t)
{
	return t->kind == NUMBER && t->digits <= 3 && t->value >= 1 && t->value <= 31;
}

static bool is_mark(const struct token *t, char c)
{
	return t->kind == MARK && t->len == 1 && t->s[0] == c;
}

static bool is_real(const struct moment *m)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (m->month < 0 || m->month > 12 || (m->day && (!m->month || m->day > days[m->month - 1])))
		return false;
	bool leap = (m->year % 4 == 0 && m->year % 100 != 0) || m->year % 400 == 0;
	return m->year >= 1000 && !(m->month == 2 && m->day == 29 && !leap);
}

/* 2021年7月2日 and 2021년 7월 2일; with era names, 令和3年7月2日. Returns tokens taken, or 0. */
static size_t match_cjk(const struct token *t, struct moment *m)
{
	static const struct {
		const char *first, *second; /* one token an ideograph */
		int before;                 /* the year before the era's first */
	} eras[] = {{"令", "和", 2018}, {"平", "成", 1988}, {"昭", "和", 1925}};
	size_t i = 0;
	int before = 0;
	for (size_t e = 0; e < 3; e++)
		if (token_is(&t[0], eras[e].first) && token_is(&t[1], eras[e].second)) {
			before = eras[e].before;
			i = 2;
		}
	if (t[i].kind != NUMBER || (!before && !is_year(&t[i])) || t[i].value > 9999)
		return 0;
	m->year = t[i++].value + before;
	if (!token_is(&t[i], "年") && !token_is(&t[i], "년"))
		return 0;
	i++;
	if (t[i].kind != NUMBER || (!token_is(&t[i + 1], "月") && !token_is(&t[i + 1], "월")))
		return i;
	m->month = t[i].value;
	i += 2;
	if (t[i].kind == NUMBER && (token_is(&t[i + 1], "日") || token_is(&t[i + 1], "일") ||
				    token_is(&t[i + 1], "号") || token_is(&t[i + 1], "號"))) {
		m->day = t[i].value;
		i += 2;
	}
	return i;
}

/* 2021-07-02, 2021/7/2, 2021.7.2, 2021-07, 20210702; 2.7.2021; 7/22/2021 and 22/7/2021 where only
 * one reading is a date. */
static size_t match_numbers(const struct token *t, struct moment *m)
{
	if (t[0].kind != NUMBER)
		return 0;
	if (t[0].digits == 8) {
		m->year = t[0].value / 10000;
		m->month = t[0].value / 100 % 100;
		m->day = t[0].value % 100;
		return m->year > 1800 && m->year < 2200 && m->month && m->day ? 1 : 0;
	}
	char mark = t[1].kind == MARK && t[1].len == 1 ? t[1].s[0] : '\0';
	if ((mark != '-' && mark != '/' && mark != '.') || t[2].kind != NUMBER || t[2].digits > 2)
		return 0;
	bool third = is_mark(&t[3], mark) && t[4].kind == NUMBER && !(mark != '.' && t[3].space);
	if (is_year(&t[0]) && !t[1].space) {
		m->year = t[0].value;
		m->month = t[2].value;
		if (third && t[4].digits <= 2) {
			m->day = t[4].value;
			return m->month && m->day ? 5 : 0;
		}
		return mark == '-' && t[2].digits == 2 && m->month ? 3 : 0;
	}
	bool short_year = m->order && mark == '.' && t[4].digits == 2 && t[4].value <= 50;
	if (!third || !(is_year(&t[4]) || short_year) || t[0].digits > 2)
		return 0;
	int first = t[0].value, second = t[2].value;
	m->year = t[4].value + (short_year ? 2000 : 0);
	bool day_first = mark == '.' || first > 12 || first == second;
	if (!day_first && second <= 12) { /* 2/7/2021 */
		if (m->order == DATE_UNSURE)
			return 0;
		day_first = m->order == DATE_DAY_FIRST;
	}
	m->day = day_first ? first : second;
	m->month = day_first ? second : first;
	return m->month && m->day ? 5 : 0;
}

/* July 2, 2021; 2 July 2021; 2. Juli 2021; 2 de julio de 2021; July 2021. */
static size_t match_words(const struct token *t, struct moment *m)
{
	size_t i = 0, taken = 1;
	for (; t[i].kind != END && i < 14; i += taken) {
		taken = 1;
		if (t[i].kind == MARK) {
			if (!is_mark(&t[i], ',') && !is_mark(&t[i], '.') && !token_is(&t[i], "،"))
				break;
		} else if (is_year(&t[i]) && m->month) {
			m->year = t[i].value;
			return i + 1;
		} else if (t[i].kind == NUMBER) {
			if (m->day || !is_day(&t[i]))
				return 0;
			m->day = t[i].value;
		} else {
			int kind = find_word(&t[i], &taken);
			if (kind == UNKNOWN || (kind <= 12 && (m->month || i + taken > 10)))
				return 0;
			if (kind == DAY && (m->month || m->day))
				return 0;
			if (kind == SKIP && i == 0 && !t[i + 1].space)
				return 0;
			if (kind <= 12)
				m->month = kind;
		}
	}
	return 0;
}

/* "T10:00:00Z", "10:00 +0800", after the date. Returns tokens taken. */
static size_t match_time(const struct token *t, struct moment *m)
{
	size_t i = 0;
	if (t[i].kind == WORD && t[i].len == 1 && (t[i].s[0] == 'T' || t[i].s[0] == 't'))
		i++;
	if (t[i].kind != NUMBER || t[i].digits > 2 || !is_mark(&t[i + 1], ':') ||
	    t[i + 2].kind != NUMBER || t[i].value > 23 || t[i + 2].value > 59)
		return 0;
	m->hour = t[i].value;
	m->minute = t[i + 2].value;
	i += 3;
	if (is_mark(&t[i], ':') && t[i + 1].kind == NUMBER && t[i + 1].value <= 60) {
		m->second = t[i + 1].value;
		m->has_second = true;
		i += 2;
		if (is_mark(&t[i], '.') && t[i + 1].kind == NUMBER)
			i += 2; /* fractions of a second are dropped */
	}
	if (token_is(&t[i], "Z") || token_is(&t[i], "z") || token_is(&t[i], "GMT") ||
	    token_is(&t[i], "UTC")) {
		m->zone = 0;
		return i + 1;
	}
	if ((is_mark(&t[i], '+') || is_mark(&t[i], '-')) && t[i + 1].kind == NUMBER) {
		int sign = is_mark(&t[i], '+') ? 1 : -1;
		const struct token *hours = &t[i + 1];
		if (hours->digits == 4) {
			m->zone = sign * (hours->value / 100 * 60 + hours->value % 100);
			return i + 2;
		}
		if (hours->digits == 2 && is_mark(&t[i + 2], ':') && t[i + 3].kind == NUMBER) {
			m->zone = sign * (hours->value * 60 + t[i + 3].value);
			return i + 4;
		}
	}
	return i;
}

/* Match a date that starts at t[0]; returns the tokens taken. */
static size_t match(const struct token *t, enum date_order order, struct moment *m)
{
	size_t (*const patterns[])(const struct token *, struct moment *) = {
		match_cjk,
		match_numbers,
		match_words,
	};
	for (size_t i = 0; i < 3; i++) {
		*m = (struct moment){.hour = -1, .zone = NO_ZONE, .order = order};
		size_t taken = patterns[i](t, m);
		if (taken && is_real(m))
			return taken;
	}
	return 0;
}

/* The moment in W3C date and time form. A time without its zone is dropped: the form has none. */
static char *put_moment(struct arena *arena, const struct moment *m)
{
	if (!m->month)
		return arena_printf(arena, "%04d", m->year);
	if (!m->day)
		return arena_printf(arena, "%04d-%02d", m->year, m->month);
	if (m->hour < 0 || m->zone == NO_ZONE || m->zone < -14 * 60 || m->zone > 14 * 60)
		return arena_printf(arena, "%04d-%02d-%02d", m->year, m->month, m->day);
	char zone[8] = "Z";
	int east = m->zone < 0 ? -m->zone : m->zone;
	if (m->zone) {
		zone[0] = m->zone < 0 ? '-' : '+';
		zone[1] = (char)('0' + east / 600);
		zone[2] = (char)('0' + east / 60 % 10);
		zone[3] = ':';
		zone[4] = (char)('0' + east % 60 / 10);
		zone[5] = (char)('0' + east % 10);
		zone[6] = '\0';
	}
	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%s", m->year, m->month, m->day,
			    m->hour, m->minute, m->second, zone);
}

/* Whether the rest of the tokens says nothing that matters: marks, skip words, a zone's name. */
static bool is_rest(const struct token *t)
{
	for (size_t taken; t->kind != END; t += taken) {
		taken = 1;
		if (t->kind == NUMBER)
			return false;
		if (t->kind == WORD && find_word(t, &taken) < DAY && t->len > 4)
			return false;
	}
	return true;
}

static bool has_digit(const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		i += utf8_decode(text + i, len - i, &cp);
		if (digit_value(cp) >= 0 || han_digit(cp) >= 0)
			return true;
	}
	return false;
}

char *date_parse(struct arena *arena, const char *text, size_t len)
{
	struct token t[MAX_TOKENS + 8] = {0};
	struct moment m;
	if (!has_digit(text, len) || tokenise(text, len, t) >= MAX_TOKENS - 1)
		return NULL;
	size_t n = match(t, DATE_UNSURE, &m);
	if (!n && t[0].kind == NUMBER && is_year(&t[0]) && t[1].kind == END) {
		m = (struct moment){.year = t[0].value, .hour = -1, .zone = NO_ZONE};
		n = 1;
	}
	if (!n)
		return NULL;
	size_t at = n + (is_mark(&t[n], ',') ? 1 : 0);
	size_t taken;
	while (t[at].kind == WORD && find_word(&t[at], &taken) == SKIP)
		at += taken;
	at += match_time(&t[at], &m);
	return is_rest(&t[at]) ? put_moment(arena, &m) : NULL;
}

char *date_find_as(struct arena *arena, const char *text, size_t len, enum date_order order,
		   size_t *start, size_t *end)
{
	struct token t[MAX_TOKENS + 8] = {0};
	struct moment m;
	if (!has_digit(text, len))
		return NULL;
	size_t count = tokenise(text, len, t);
	for (size_t i = 0; i < count; i++) {
		if (t[i].kind == MARK || (i && t[i - 1].kind == NUMBER && !t[i].space))
			continue;
		size_t n = match(&t[i], order, &m);
		if (!n)
			continue;
		*start = (size_t)(t[i].s - text);
		*end = (size_t)(t[i + n - 1].s - text) + t[i + n - 1].len;
		return put_moment(arena, &m);
	}
	return NULL;
}

char *date_find(struct arena *arena, const char *text, size_t len, size_t *start, size_t *end)
{
	return date_find_as(arena, text, len, DATE_UNSURE, start, end);
}
