#include "lang/byline.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "lang/date.h"
#include "lang/name.h"
#include "read/text/text.h"

#include <string.h>

/* A line of a head is cut into pieces at bars, dots in the middle and spaced dashes: "By Ann Brown
 * | Published July 2, 2021 | 5 min read". Each piece is a byline, a date, or neither; the line may
 * leave the body when there is none of the last kind. */

enum { LINE_MAX_COLUMNS = 200, DATELINE_MAX_COLUMNS = 80, MAX_NAMES = 12, MAX_LABELS = 4 };

/* A part of the line. */
struct span {
	const char *s;
	size_t len;
};

/* What a line said, before it is believed. */
struct found {
	struct span names[MAX_NAMES];
	size_t name_count;
	struct span labels[MAX_LABELS]; /* "By" */
	size_t label_count;
	char *published, *modified;
	struct span published_at, modified_at; /* with their labels */
	bool labelled;                         /* "By" */
	bool bare;
	bool rest; /* words that go into no field */
};

static void add_name(struct found *f, const char *s, size_t len)
{
	if (f->name_count == MAX_NAMES) {
		f->rest = true;
		return;
	}
	f->names[f->name_count++] = (struct span){s, len};
}

static void add_label(struct found *f, const char *s, size_t len)
{
	if (f->label_count < MAX_LABELS)
		f->labels[f->label_count++] = (struct span){s, len};
}

/* Two names in ideographs with a space or 和 between them. Japanese sets family and given name
 * apart that way, so there it is one. */
static bool split_ideographs(struct text_reader *r, struct found *f, const char *s, size_t len)
{
	static const char *const joints[] = {" ", "　", "和", "与", "與", "及"};
	const char *language = r->a->language;
	if ((language && strncmp(language, "ja", 2) == 0) || len > 40 ||
	    !cp_is_cjk(text_last_char(s, len)))
		return false;
	for (size_t i = 0; i < r->line_count && i < 20; i++)
		for (size_t k = 0; k + 2 < r->lines[i].len && k < 400; k++)
			if (!memcmp(r->lines[i].text + k, "の", 3) ||
			    !memcmp(r->lines[i].text + k, "は", 3))
				return false;
	for (size_t k = 0; k < sizeof joints / sizeof *joints; k++) {
		const char *at = memmem(s, len, joints[k], strlen(joints[k]));
		if (!at)
			continue;
		const char *second = at + strlen(joints[k]);
		size_t first_len = (size_t)(at - s), second_len = len - (size_t)(second - s);
		utf8_trim(&second, &second_len);
		if (utf8_length(s, first_len) >= 2 && name_is_personal(s, first_len) &&
		    name_is_personal(second, second_len)) {
			add_name(f, s, first_len);
			add_name(f, second, second_len);
			return true;
		}
	}
	return false;
}

/* One piece between commas. */
static void byline_read_name(struct text_reader *r, struct found *f, const char *s, size_t len,
			     bool first)
{
	utf8_trim(&s, &len);
	if (len == 0)
		return;
	if ((!first && byline_has_position(s, len)) || (first && len > 120)) {
		f->rest = true;
		return;
	}
	if (split_ideographs(r, f, s, len))
		return;
	if (name_is_personal(s, len)) {
		add_name(f, s, len);
		return;
	}
	f->rest = true;
	/* "Ann Brown in Lima", "Ann Brown (@ann)": the name is what comes before the small word */
	for (size_t i = 1; i < len; i++)
		if (s[i - 1] == ' ' &&
		    ((s[i] >= 'a' && s[i] <= 'z') || s[i] == '(' || s[i] == '@') &&
		    name_is_personal(s, i - 1)) {
			add_name(f, s, i - 1);
			return;
		}
}

static void text_byline_read_names(struct text_reader *r, struct found *f, const char *s,
				   size_t len)
{
	bool first = true;
	while (len) {
		size_t gap = 0, at = 0;
		while (at < len && !(gap = byline_joint(s, len, at)))
			at++;
		byline_read_name(r, f, s, at, first);
		first = false;
		s += at + gap;
		len -= at + gap;
	}
}

/* Nothing but marks, or a word that belongs to a date ("г."). */
static bool is_nothing(const char *s, size_t len)
{
	uint32_t cp;
	for (size_t i = 0; i < len;) {
		i += utf8_decode(s + i, len - i, &cp);
		if (cp_is_letter(cp) && cp != 0x433 && cp != 0x645) /* г, م */
			return false;
		if (ascii_is_digit(cp) || (cp >= 0x660 && cp <= 0x669))
			return false;
	}
	return true;
}

/* "Published" or "Updated" at the start, with the mark after it; *updated says which. */
static size_t date_label(const char *s, size_t len, bool *updated)
{
	bool mark;
	size_t n = phrase_at(PHRASE_UPDATED, s, len);
	*updated = n != 0;
	if (!n)
		n = phrase_at(PHRASE_PUBLISHED, s, len);
	return n ? n + byline_skip_marks(s + n, len - n, &mark) : 0;
}

/* A date with its label, if it has one. Returns whether there is a date; what else stands beside
 * it makes f->rest true. */
static bool byline_read_date(struct text_reader *r, struct found *f, const char *s, size_t len)
{
	bool updated;
	size_t label = date_label(s, len, &updated), start, end;
	char *date = date_find(&r->a->arena, s + label, len - label, &start, &end);
	if (!date)
		return false;
	start += label;
	end += label;
	bool alone = is_nothing(s + label, start - label) && is_nothing(s + end, len - end);
	/* "Kathmandu, July 2, 2021" is a date line, "He was born on July 2, 2021." is not */
	if (!alone && !label &&
	    (text_columns(s, len) > DATELINE_MAX_COLUMNS || text_ends_sentence(s, len)))
		return false;
	f->rest |= !alone;
	char **field = updated ? &f->modified : &f->published;
	if (*field) {
		f->rest = true;
		return true;
	}
	*field = date;
	*(updated ? &f->modified_at : &f->published_at) =
		label ? (struct span){s, end} : (struct span){s + start, end - start};
	return true;
}

/* "By Ann Brown, July 2, 2021": names, and perhaps a date after them. */
static bool read_by(struct text_reader *r, struct found *f, const char *s, size_t len)
{
	size_t label = byline_label(s, len), start, end;
	bool updated;
	if (!label || label == len)
		return false;
	const char *by = s;
	s += label;
	len -= label;
	size_t names = len, had = f->name_count;
	if (date_find(&r->a->arena, s, len, &start, &end)) {
		names = start;
		/* the date's label, or "on", before it */
		for (size_t i = 0; i < start; i++)
			if (i > 0 && s[i - 1] == ' ' && date_label(s + i, start - i, &updated)) {
				names = i;
				break;
			}
		if (!byline_read_date(r, f, s + names, len - names))
			f->rest = true;
		if (names >= 4 && memcmp(s + names - 4, " on ", 4) == 0)
			names -= 4;
	}
	text_byline_read_names(r, f, s, names);
	if (f->name_count == had)
		return false;
	add_label(f, by, label);
	f->labelled = true;
	return true;
}

/* "김철수 기자": the name before the word. */
static bool read_by_after(struct found *f, const char *s, size_t len)
{
	size_t at = len, word;
	while (at > 0 && s[at - 1] != ' ')
		at--;
	word = at;
	if (at < 2 || !phrase_is(PHRASE_BY_AFTER, s + at, len - at))
		return false;
	while (at > 0 && s[at - 1] == ' ')
		at--;
	if (!name_is_personal(s, at))
		return false;
	add_name(f, s, at);
	add_label(f, s + word, len - word);
	f->labelled = true;
	return true;
}

static void read_piece(struct text_reader *r, struct found *f, const char *s, size_t len)
{
	utf8_trim(&s, &len);
	uint32_t last = text_last_char(s, len);
	if (len > 2 && s[0] == '(' && last == ')') {
		s++;
		len -= 2;
	} else if (len > 6 && memcmp(s, "（", 3) == 0 && last == 0xFF09) {
		s += 3;
		len -= 6;
	}
	if (len == 0 || read_by(r, f, s, len) || byline_read_date(r, f, s, len) ||
	    read_by_after(f, s, len))
		return;
	if (name_is_personal(s, len) && f->name_count == 0 &&
	    (!cp_is_cjk(last) || name_has_family(s, len))) {
		add_name(f, s, len);
		f->bare = true;
		return;
	}
	f->rest = true;
}

/* Where the line is cut next: at " | ", "｜", " · ", " • ", " — ", " – ", or a wide gap. */
static size_t next_cut(const char *s, size_t len, size_t *gap)
{
	static const char *const cuts[] = {" | ", "｜",  " · ", " • ", " — ",
					   " – ", "   ", "\t",  "　"};
	size_t best = len;
	*gap = 0;
	for (size_t k = 0; k < sizeof cuts / sizeof *cuts; k++) {
		const char *at = memmem(s, best, cuts[k], strlen(cuts[k]));
		if (at) {
			best = (size_t)(at - s);
			*gap = strlen(cuts[k]);
		}
	}
	return best;
}

static bool is_author(const struct article *a, const char *name, size_t len)
{
	for (size_t i = 0; i < a->authors.count; i++) {
		const char *author = a->authors.items[i].name;
		if (author && text_same(name, len, author, strlen(author)))
			return true;
	}
	return false;
}

/* Put the names into the article, unless others were given. Returns false when the line names
 * somebody else than those. */
static bool take_names(struct text_reader *r, const struct found *f, int line)
{
	struct article *a = r->a;
	bool agree = true;
	for (size_t i = 0; i < f->name_count; i++) {
		char *name = arena_dupn(&a->arena, f->names[i].s, f->names[i].len);
		if (!name || is_author(a, name, f->names[i].len))
			continue;
		if (r->given.authors) {
			agree = false;
			diag_add(r->diag, DIAG_GUESS_AUTHOR, line,
				 "\"%s\" in a byline is not used: the authors were given", name);
		} else if (article_author(a, name)) {
			diag_add(r->diag, DIAG_GUESS_AUTHOR, line, "author \"%s\": %s", name,
				 f->labelled ? "a line near the top or the end names them"
					     : "a name beside the date, near the top");
		}
	}
	return agree;
}

enum date_use { DATE_TAKEN, DATE_OTHER, DATE_OVERRULED };

static enum date_use take_date(struct text_reader *r, char **field, bool given, const char *date,
			       const char *what, int line)
{
	if (!date)
		return DATE_TAKEN;
	if (article_fill(r->a, field, date, SIZE_MAX)) {
		diag_add(r->diag, DIAG_GUESS_DATE, line, "%s %s: from a line near the top", what,
			 date);
		return DATE_TAKEN;
	}
	if (*field && strncmp(*field, date, strlen(date)) == 0)
		return DATE_TAKEN;
	if (given)
		diag_add(r->diag, DIAG_GUESS_DATE, line, "%s %s is not used: the date was given",
			 what, date);
	return given ? DATE_OVERRULED : DATE_OTHER;
}

/* --- Lines that are overruled, but have more words --- */

/* Bytes of a mark or a joining word at the start (or, with `end`, at the end) of what is left. */
static size_t edge_mark(const char *s, size_t len, bool end)
{
	static const char *const marks[] = {" ", ",", ";", "|",  "&",  "/",  "·",  "•", "—",
					    "–", "-", ":", "、", "，", "；", "｜", "　"};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t n = strlen(marks[i]);
		if (n <= len && memcmp(end ? s + len - n : s, marks[i], n) == 0)
			return n;
	}
	if (len && ((end && s[len - 1] == '(') || (!end && s[0] == ')')))
		return 1;
	size_t word = 0;
	if (!end) {
		word = phrase_at(PHRASE_AND, s, len);
		return word && (word == len || s[word] == ' ') ? word : 0;
	}
	while (word < len && s[len - word - 1] != ' ')
		word++;
	const char *last = s + len - word;
	bool joins = phrase_is(PHRASE_AND, last, word) || (word == 2 && memcmp(last, "on", 2) == 0);
	return joins ? word : 0;
}

static void put_left(struct buf *out, const char *s, size_t len)
{
	for (size_t n; len && (n = edge_mark(s, len, false)) != 0; len -= n)
		s += n;
	for (size_t n; len && (n = edge_mark(s, len, true)) != 0;)
		len -= n;
	if (!len)
		return;
	if (out->len)
		buf_puts(out, ", ");
	buf_append(out, s, len);
}

/* The line without these parts of it. */
static const char *without(struct text_reader *r, const char *s, size_t len,
			   const struct span *spans, size_t count)
{
	struct buf left = BUF_INIT;
	for (size_t at = 0; at < len;) {
		size_t next = len, end = len;
		for (size_t i = 0; i < count; i++) {
			size_t start = spans[i].len ? (size_t)(spans[i].s - s) : len;
			if (start >= at && start < next) {
				next = start;
				end = start + spans[i].len;
			}
		}
		put_left(&left, s + at, next - at);
		at = end;
	}
	r->failed |= left.failed;
	const char *text = arena_dupn(&r->a->arena, left.data, left.len);
	buf_release(&left);
	return text;
}

bool text_read_byline(struct text_reader *r, const char *s, size_t len, int line, bool take,
		      struct head_line *said)
{
	struct found f = {0};
	*said = (struct head_line){0};
	/* a byline begins with a known word, holds a name in capitals, or has a digit: nearly all
	 * else is too long */
	if (len == 0 || len > LINE_MAX_COLUMNS * 3 || text_columns(s, len) > LINE_MAX_COLUMNS)
		return false;
	for (size_t at = 0; at < len;) {
		size_t gap, cut = next_cut(s + at, len - at, &gap);
		read_piece(r, &f, s + at, cut);
		at += cut + gap;
	}
	said->is_date = f.published || f.modified;
	said->bare = f.bare && !f.labelled;
	said->is_byline = f.name_count > 0 && (f.labelled || (f.bare && !f.rest));
	if (said->bare && f.rest)
		said->bare = false;
	if (!said->is_date && !said->is_byline)
		return false;
	if (!said->is_byline && f.name_count)
		f.rest = true;
	said->whole = !f.rest;
	if (!take)
		return true;
	struct span out[MAX_NAMES + MAX_LABELS + 2]; /* overruled */
	size_t count = 0;
	if (said->is_byline && !take_names(r, &f, line)) {
		memcpy(out, f.labels, f.label_count * sizeof *out);
		memcpy(out + f.label_count, f.names, f.name_count * sizeof *out);
		count = f.label_count + f.name_count;
	}
	enum date_use published =
		take_date(r, &r->a->published, r->given.published, f.published, "published", line);
	enum date_use modified =
		take_date(r, &r->a->modified, r->given.modified, f.modified, "modified", line);
	if (published == DATE_OVERRULED)
		out[count++] = f.published_at;
	if (modified == DATE_OVERRULED)
		out[count++] = f.modified_at;
	said->whole &= published != DATE_OTHER && modified != DATE_OTHER;
	if (!said->whole && count)
		said->left = without(r, s, len, out, count);
	return true;
}

void text_place_byline(struct text_reader *r, struct block *b, const struct head_line *said)
{
	if (said->whole || (said->left && !*said->left)) {
		b->kind = BLOCK_GONE;
	} else if (said->left) {
		struct line *line = &r->lines[b->first];
		line->text = said->left;
		line->len = strlen(said->left);
		line->width = b->width = text_columns(line->text, line->len);
	} else {
		b->cls = said->is_byline ? "byline" : "dateline";
	}
}
