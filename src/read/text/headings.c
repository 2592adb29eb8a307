#include "base/ascii.h"
#include "base/utf8.h"
#include "read/text/text.h"

#include <stdlib.h>
#include <string.h>

/* Headings by their words and form. A missed one costs a line of the contents, a false one tears
 * the text: so a line must be short, stand before prose, look like no sentence and stand once. */

enum {
	STRONG_COLUMNS = 80,
	SHORT_COLUMNS = 60,
	SHORT_WORDS = 7,       /* of a line written as a sentence begins */
	TITLE_CASE_WORDS = 11, /* of one With Capitals In All Words */
	CJK_COLUMNS = 36,
	PROSE_COLUMNS = 80,
	MAX_RUN = 2, /* chapter headings with nothing between them; more are a table of contents */
};

bool block_is_prose(struct text_reader *r, const struct block *block)
{
	if (block->kind != BLOCK_PARAGRAPH || block->cls)
		return false;
	if (block->width >= PROSE_COLUMNS)
		return true;
	const struct line *last = &r->lines[block->end - 1];
	return block->width * 2 >= PROSE_COLUMNS && text_ends_sentence(last->text, last->len);
}

static bool is_roman(const char *s, size_t len)
{
	size_t i = 0;
	while (i < len && strchr("IVXLCDM", s[i]))
		i++;
	if (i == 0)
		while (i < len && strchr("ivxlc", s[i]))
			i++;
	return i == len && len > 0 && len <= 8;
}

/* The number at s, in digits, Roman, or words: bytes, or 0. */
static size_t numeral(const char *s, size_t len)
{
	size_t i = 0;
	uint32_t cp = 0;
	while (i < len) {
		size_t n = utf8_decode(s + i, len - i, &cp);
		if (!ascii_is_digit(cp) && !(cp >= 0x660 && cp <= 0x669) &&
		    !(cp >= 0x966 && cp <= 0x96F))
			break;
		i += n;
	}
	if (i)
		return cp_is_letter(cp) && i < len ? 0 : i;
	while (i < len && (ascii_is_alpha(s[i])))
		i++;
	if (is_roman(s, i))
		return i;
	size_t word = phrase_at(PHRASE_NUMERAL, s, len);
	if (word + 1 < len && word &&
	    (s[word] == '-' || s[word] == ' ')) { /* "twenty-one", "the first" */
		size_t second = phrase_at(PHRASE_NUMERAL, s + word + 1, len - word - 1);
		if (second)
			word += 1 + second;
	}
	return word;
}

/* 第一章, 第1节, 제2장: the rank, with *end after the mark. */
static enum heading_rank cjk_chapter(const char *s, size_t len, size_t *end)
{
	size_t i = 3;
	uint32_t cp;
	if (len < 9 || (memcmp(s, "第", 3) != 0 && memcmp(s, "제", 3) != 0))
		return RANK_NONE;
	while (i < len && i < 30) {
		size_t n = utf8_decode(s + i, len - i, &cp);
		static const char numerals[] = "〇零一二三四五六七八九十百千两 ";
		bool number = ascii_is_digit(cp) || (cp >= 0xFF10 && cp <= 0xFF19) ||
			      memmem(numerals, sizeof numerals - 1, s + i, n);
		if (!number)
			break;
		i += n;
	}
	size_t mark = phrase_at(PHRASE_PART_MARK, s + i, len - i);
	enum heading_rank rank = RANK_PART;
	if (!mark) {
		mark = phrase_at(PHRASE_CHAPTER_MARK, s + i, len - i);
		rank = RANK_CHAPTER;
	}
	*end = i + mark;
	return i > 3 && mark ? rank : RANK_NONE;
}

/* "Chapter 4", "Chapter IV: The war"; with small letters or a full stop only before digits:
 * "chapter 4", "chapter.844 The war". */
static enum heading_rank named_chapter(const char *s, size_t len, bool *bare)
{
	uint32_t first;
	enum heading_rank rank = RANK_PART;
	size_t word = phrase_at(PHRASE_PART, s, len);
	if (!word) {
		word = phrase_at(PHRASE_CHAPTER, s, len);
		rank = RANK_CHAPTER;
	}
	if (!word || word + 1 >= len || (s[word] != ' ' && s[word] != '.'))
		return RANK_NONE;
	utf8_decode(s, len, &first);
	if ((cp_is_lower(first) || s[word] == '.') && (s[word + 1] < '0' || s[word + 1] > '9'))
		return RANK_NONE;
	size_t number = numeral(s + word + 1, len - word - 1), at = word + 1 + number;
	if (!number)
		return RANK_NONE;
	const char *rest = s + at;
	size_t rest_len = len - at;
	bool mark = rest_len &&
		    (strchr(".:-", rest[0]) || !strncmp(rest, "–", 3) || !strncmp(rest, "—", 3) ||
		     !strncmp(rest, " –", 4) || !strncmp(rest, " —", 4) ||
		     !strncmp(rest, " - ", 3) || !strncmp(rest, "：", 3));
	while (rest_len && (strchr(" .:-", rest[0]) || (unsigned char)rest[0] == 0xE2)) {
		size_t n = (unsigned char)rest[0] == 0xE2 && rest_len >= 3 ? 3 : 1;
		rest += n;
		rest_len -= n;
	}
	*bare = rest_len == 0;
	if (*bare)
		return rank;
	/* its title begins with a capital, and does not go on like "Chapter 4 Smith wrote." */
	utf8_decode(rest, rest_len, &first);
	if (cp_is_lower(first) || text_ends_open(rest, rest_len) ||
	    (!mark && text_ends_sentence(rest, rest_len)))
		return RANK_NONE;
	return rank;
}

enum heading_rank text_chapter_rank(const char *s, size_t len, bool *bare)
{
	size_t end;
	*bare = false;
	if (len == 0 || len > STRONG_COLUMNS * 3 || text_columns(s, len) > STRONG_COLUMNS)
		return RANK_NONE;
	size_t bracket = len > 3 && memcmp(s, "【", 3) == 0 ? 3 : 0; /* 【第一节】 */
	enum heading_rank rank = cjk_chapter(s + bracket, len - bracket, &end);
	if (rank != RANK_NONE) {
		const char *rest = s + bracket + end;
		size_t rest_len = len - bracket - end;
		uint32_t next = 0;
		if (bracket && rest_len >= 3 && memcmp(rest, "】", 3) == 0) {
			*bare = rest_len == 3;
			return rank;
		}
		if (rest_len)
			utf8_decode(rest, rest_len, &next);
		*bare = rest_len == 0;
		/* a title follows white space or a colon: 第一章的 is a sentence */
		if (rest_len && !cp_is_space(next) && next != ':' && next != 0xFF1A && next != 0xB7)
			return RANK_NONE;
		return text_ends_sentence(s, len) || text_ends_open(s, len) ? RANK_NONE : rank;
	}
	return named_chapter(s, len, bare);
}

/* "1. Introduction", "2.3 Methods", "IV. The war", "一、标题", "（二）标题". */
static enum heading_rank numbered_rank(const char *s, size_t len)
{
	static const char han[] = "一二三四五六七八九十";
	size_t i = 0, dots = 0;
	bool wide = len > 6 && memcmp(s, "（", 3) == 0;
	if (wide)
		i = 3;
	size_t start = i;
	while (len - i >= 3 && (unsigned char)s[i] >= 0xE3 && memmem(han, sizeof han - 1, s + i, 3))
		i += 3;
	if (i > start) {
		const char *mark = wide ? "）" : "、";
		return len - i > (wide ? 2 : 3) && memcmp(s + i, mark, 3) == 0
			       ? (wide ? RANK_NUMBERED_2 : RANK_NUMBERED)
			       : RANK_NONE;
	}
	if (wide)
		return RANK_NONE;
	while (i < len && (ascii_is_digit(s[i]) || (s[i] == '.' && i))) {
		dots += s[i] == '.' && i + 1 < len && ascii_is_digit(s[i + 1]);
		i++;
	}
	if (i == 0) {
		while (i < len && s[i] >= 'A' && s[i] <= 'Z')
			i++;
		if (!is_roman(s, i) || i >= len || s[i] != '.')
			return RANK_NONE;
		i++;
	} else if (i > 8 || (dots == 0 && s[i - 1] != '.')) {
		return RANK_NONE; /* "1984 was a year" */
	}
	if (i >= len || s[i] != ' ')
		return RANK_NONE;
	while (i < len && s[i] == ' ')
		i++;
	uint32_t first = 0;
	if (i < len)
		utf8_decode(s + i, len - i, &first);
	if (!cp_is_letter(first) || cp_is_lower(first))
		return RANK_NONE;
	return dots == 0 ? RANK_NUMBERED : dots == 1 ? RANK_NUMBERED_2 : RANK_NUMBERED_3;
}

/* What the words of a line look like. */
struct shape {
	unsigned words, capitals, letters, small_letters, big_letters;
	bool quoted, sentences, digits_only;
};

static struct shape headings_shape_of(const char *s, size_t len)
{
	struct shape shape = {.digits_only = true};
	uint32_t cp, before = ' ', before2 = ' ';
	bool first_letter = true;
	for (size_t i = 0; i < len;) {
		i += utf8_decode(s + i, len - i, &cp);
		bool space = cp_is_space(cp);
		if (!space && cp_is_space(before)) {
			shape.words++;
			first_letter = true;
		}
		if (space && (before == '.' || before == '!' || before == '?') &&
		    cp_is_lower(before2))
			shape.sentences = true;
		if (cp == 0x3002 || cp == 0xFF0C)
			shape.sentences = true;
		if (cp_is_letter(cp)) {
			shape.letters++;
			shape.small_letters += cp_is_lower(cp);
			shape.big_letters += cp_is_upper(cp);
			shape.capitals += first_letter && cp_is_upper(cp);
			first_letter = false;
			shape.digits_only = false;
		}
		before2 = before;
		before = cp;
	}
	shape.quoted = len > 6 && ((s[0] == '"' && s[len - 1] == '"') ||
				   (!strncmp(s, "“", 3) && !strncmp(s + len - 3, "”", 3)) ||
				   (!strncmp(s, "「", 3) && !strncmp(s + len - 3, "」", 3)));
	return shape;
}

/* The first block after i that is left in the body. */
static const struct block *next_block(const struct text_reader *r, size_t i)
{
	for (size_t k = i + 1; k < r->block_count && k < i + 50; k++)
		if (r->blocks[k].kind != BLOCK_GONE)
			return &r->blocks[k];
	return NULL;
}

/* Whether what follows is what a heading stands over. */
static bool heads_text(struct text_reader *r, size_t i)
{
	const struct block *next = next_block(r, i);
	if (!next)
		return false;
	switch (next->kind) {
	case BLOCK_PARAGRAPH:
		return block_is_prose(r, next) && next->width > r->blocks[i].width;
	case BLOCK_CAPTION: {
		const struct block *after = next_block(r, (size_t)(next - r->blocks));
		return after && block_is_prose(r, after);
	}
	case BLOCK_ITEM:
	case BLOCK_TABLE:
	case BLOCK_VERSE:
		return true;
	default:
		return false;
	}
}

/* A line that is a heading by its words alone. */
static enum heading_rank strong_rank(struct text_reader *r, size_t i, const char *s, size_t len,
				     const char **why)
{
	bool bare;
	const struct block *b = &r->blocks[i], *next = next_block(r, i);
	enum heading_rank rank = text_chapter_rank(s, len, &bare);
	if (rank != RANK_NONE) {
		*why = "it begins with a word for a part and its number";
		return next ? rank : RANK_NONE;
	}
	if (b->width > STRONG_COLUMNS || text_ends_open(s, len) || !next)
		return RANK_NONE;
	uint32_t first;
	utf8_decode(s, len, &first);
	if (!cp_is_lower(first) && phrase_is(PHRASE_LONE_HEADING, s, len)) {
		*why = "a word that is a common heading";
		return RANK_CHAPTER;
	}
	struct shape shape = headings_shape_of(s, len);
	bool stop = text_ends_sentence(s, len), question = s[len - 1] == '?' || s[len - 1] == '!';
	if (!stop && heads_text(r, i) && !shape.sentences) {
		rank = numbered_rank(s, len);
		if (rank != RANK_NONE && (shape.words <= 12 && b->width <= SHORT_COLUMNS)) {
			*why = "it is numbered, short, and before prose";
			return rank;
		}
	}
	if (shape.small_letters == 0 && shape.big_letters >= 4 &&
	    shape.big_letters == shape.letters && b->width <= SHORT_COLUMNS &&
	    (!stop || question) && !shape.sentences && heads_text(r, i)) {
		*why = "it is in capitals, short, and before prose";
		return RANK_CAPITALS;
	}
	return RANK_NONE;
}

/* "Tickets: 4 pounds", "10:30 today", "Diaz/Getty": a label, a time, a source. */
static bool starts_with_label(const char *s, size_t len)
{
	size_t word = 0;
	while (word < len && s[word] != ' ' && s[word] != '/')
		word++;
	if (word && s[word - 1] == ':')
		return true;
	for (size_t i = 1; i + 1 < len; i++)
		if ((s[i] == '/' && s[i - 1] != ' ' && s[i + 1] != ' ') ||
		    (s[i] == ':' && ascii_is_digit(s[i - 1]) && s[i + 1] >= '0' && s[i + 1] <= '9'))
			return true;
	return false;
}

/* A short line with no stop before prose. */
static bool is_short_heading(struct text_reader *r, size_t i, const char *s, size_t len)
{
	const struct block *b = &r->blocks[i];
	uint32_t first = text_first_letter(s, len), begin;
	if (!first || cp_is_lower(first) || b->width < 2 || b->width > SHORT_COLUMNS)
		return false;
	bool asks = s[len - 1] == '?' || s[len - 1] == '!';
	if ((text_ends_sentence(s, len) && !asks) || text_ends_open(s, len) ||
	    memmem(s, len, "://", 3) || memchr(s, '@', len) || memchr(s, '|', len) ||
	    memchr(s, '\t', len))
		return false;
	utf8_decode(s, len, &begin);
	if (!cp_is_letter(begin) && !ascii_is_digit(begin) && begin != '"' && begin != 0x201C &&
	    begin != 0x2018 && begin != 0x300C && begin != 0x300A && begin != 0xBF && begin != 0xAB)
		return false;
	bool noted = len > 2 && s[len - 1] == ']' && ascii_is_digit(s[len - 2]);
	if (noted || starts_with_label(s, len))
		return false;
	struct shape shape = headings_shape_of(s, len);
	if (shape.quoted || shape.sentences || shape.letters < 2)
		return false;
	if (cp_is_cjk(first))
		return b->width <= CJK_COLUMNS && heads_text(r, i);
	bool title_case = cp_is_upper(first) && shape.capitals * 3 >= shape.words * 2;
	if (asks && (!title_case || shape.words < 2)) /* "Why Now?", but not "And now?" */
		return false;
	if (shape.words > (title_case ? TITLE_CASE_WORDS : SHORT_WORDS))
		return false;
	const struct block *next = next_block(r, i);
	return next && next->kind != BLOCK_VERSE && heads_text(r, i);
}

/* A candidate's place and the hash of its words, to find those that stand more than once. */
struct candidate {
	uint64_t hash;
	size_t block;
	const char *why;
	enum heading_rank rank;
};

static int compare_hash(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->block < y->block ? -1 : 1;
}

static uint64_t hash_text(const char *s, size_t len)
{
	uint64_t hash = 14695981039346656037u;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)s[i]) * 1099511628211u;
	return hash;
}

/* Take the candidates that stand once (a speaker's name over each speech stands often). */
static void take_candidates(struct text_reader *r, struct candidate *c, size_t count, size_t shorts,
			    size_t prose)
{
	if (shorts > prose) /* more headings than text: they are something else */
		for (size_t i = 0; i < count; i++)
			if (c[i].rank == RANK_SHORT)
				c[i].rank = RANK_NONE;
	qsort(c, count, sizeof *c, compare_hash);
	for (size_t i = 0; i < count; i++) {
		bool twice = (i > 0 && c[i - 1].hash == c[i].hash) ||
			     (i + 1 < count && c[i + 1].hash == c[i].hash);
		if (c[i].rank == RANK_NONE || (twice && c[i].rank >= RANK_CAPITALS))
			continue;
		struct block *b = &r->blocks[c[i].block];
		b->kind = BLOCK_HEADING;
		b->rank = (unsigned char)c[i].rank;
		text_guess(r, DIAG_GUESS_HEADING, b, "%s", c[i].why);
	}
}

/* Chapter headings with nothing between them, many in a row, are a table of contents. */
static void drop_contents_tables(struct text_reader *r)
{
	for (size_t i = 0; i < r->block_count;) {
		size_t end = i, run = 0;
		while (end < r->block_count && (r->blocks[end].kind == BLOCK_HEADING ||
						r->blocks[end].kind == BLOCK_GONE)) {
			run += r->blocks[end].kind == BLOCK_HEADING &&
			       (r->blocks[end].rank == RANK_CHAPTER ||
				r->blocks[end].rank == RANK_PART);
			end++;
		}
		if (run > MAX_RUN)
			for (size_t k = i; k + 1 < end; k++) /* the last one has its text */
				if (r->blocks[k].kind == BLOCK_HEADING &&
				    r->blocks[k].end - r->blocks[k].first == 1 &&
				    r->blocks[k].rank == RANK_CHAPTER)
					r->blocks[k].kind = BLOCK_PARAGRAPH;
		i = end + 1;
	}
}

void text_find_headings(struct text_reader *r)
{
	struct candidate *list = NULL;
	size_t count = 0, cap = 0, shorts = 0, prose = 0;
	for (size_t i = 0; i < r->block_count; i++) {
		struct block *b = &r->blocks[i];
		if (b->kind != BLOCK_PARAGRAPH || b->cls)
			continue;
		if (b->end - b->first != 1 || b->width > STRONG_COLUMNS || b->quote) {
			prose += b->width >= PROSE_COLUMNS;
			continue;
		}
		size_t len;
		const char *s = text_of(r, b, &len), *why = NULL;
		enum heading_rank rank = strong_rank(r, i, s, len, &why);
		if (rank == RANK_NONE && is_short_heading(r, i, s, len)) {
			rank = RANK_SHORT;
			why = "it is short, has no final stop, and is before prose";
			shorts++;
		}
		prose += rank == RANK_NONE && block_is_prose(r, b);
		if (rank == RANK_NONE)
			continue;
		if (count == cap) {
			size_t more = cap ? cap * 2 : 32;
			struct candidate *moved = realloc(list, more * sizeof *list);
			if (!moved) {
				r->failed = true;
				break;
			}
			list = moved;
			cap = more;
		}
		list[count++] = (struct candidate){hash_text(s, len), i, why, rank};
	}
	if (list)
		take_candidates(r, list, count, shorts, prose);
	free(list);
	drop_contents_tables(r);
}
