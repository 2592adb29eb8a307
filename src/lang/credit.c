#include "lang/caption_parts.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "base/word_list.h"
#include "lang/caption.h"
#include "lang/name.h"

#include <stdint.h>
#include <string.h>

enum {
	MAX_CREDIT = 160, /* bytes of a credit that stands without brackets */
	YEAR = 4,         /* digits */
};

/* Whether the label's own last word leads on to a name: "Photo by", "Foto von", "Fot.". */
static bool leads_on(const char *label, size_t len)
{
	static const char *const ends[] = {" by",   " of",   " via", " von", " de",
					   " di",   "tesy",  " av",  " af",  " van",
					   " door", " oleh", " از",  " του", "."};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(ends[i]);
		if (len > n && strncmp(label + len - n, ends[i], n) == 0)
			return true;
	}
	return len > 0 && label[len - 1] == '.';
}

/* Whether `word` may be written small in a name: "de", "von", "for". */
static bool is_joint(const char *word, size_t len)
{
	return word_list_has_n("for of the via by and de von van del la y et und e at da do dos di "
			       "der on og och für pour",
			       word, len);
}

/* Whether the words could name the maker or owner of a picture: no sentence, at most 12 words, and
 * none written small but agencies and those that join names. */
static bool is_nameish(const char *s, size_t len)
{
	enum { MAX_WORDS = 12, MAX_UNCASED = 24, MAX_UNCASED_WORDS = 6 };
	unsigned number = 0;
	uint32_t first;
	struct lexicon_match agency;
	if (!s || len == 0 || len > MAX_CREDIT)
		return false;
	for (size_t i = 0; i < len; number++) {
		if (lexicon_prefix(credit_words(), KIND(AGENCY) | KIND(ARCHIVE), s + i, len - i,
				   &agency)) {
			i += agency.len;
		} else {
			size_t end = i;
			uint32_t cp = 0;
			while (end < len && s[end] != ' ' && s[end] != '/')
				end++;
			if (end > i)
				utf8_decode(s + i, end - i, &cp);
			if (cp_is_lower(cp) && !is_joint(s + i, end - i))
				return false;
			/* a stop within ends a sentence, unless it ends an abbreviation */
			if (end < len && end - i > 4 && s[end - 1] == '.')
				return false;
			i = end;
		}
		while (i < len && strchr(" /|,", s[i]))
			i++;
	}
	utf8_decode(s, len, &first);
	if (memmem(s, len, "。", 3) || memmem(s, len, "，", 3) || number > MAX_WORDS)
		return false;
	if (!cp_is_letter(first))
		return first == 0xA9 || first == '@';
	/* no capitals to go by: only shortness tells */
	if (!cp_is_upper(first) && !cp_is_lower(first))
		return utf8_length(s, len) <= MAX_UNCASED && number <= MAX_UNCASED_WORDS;
	return cp_is_upper(first) ||
	       lexicon_prefix(credit_words(), KIND(AGENCY) | KIND(ARCHIVE), s, len, &agency);
}

static bool set_credit(struct credit *credit, struct stretch name, bool sure)
{
	credit_trim(&name);
	credit->name_start = name.start;
	credit->name_len = name.end - name.start;
	credit->sure = sure;
	return name.end > name.start;
}

/* A word that ends as labels do in languages that join words: "Symbolfoto", "Arkivbild". */
static size_t compound_label(const char *text, size_t len)
{
	enum { MIN_FIRST = 2 }; /* bytes before the ending */
	size_t end = 0;
	uint32_t cp;
	for (size_t n; end < len; end += n) {
		n = utf8_decode(text + end, len - end, &cp);
		if (!cp_is_letter(cp) && !(cp == '-' && end))
			break;
	}
	for (size_t at = MIN_FIRST; at < end; at++)
		if (((unsigned char)text[at] & 0xC0) != 0x80 &&
		    lexicon_has(credit_words(), KIND(LABEL_END), text + at, end - at, NULL))
			return end;
	return 0;
}

/* The bytes of a label, of what sets it apart and of white space at the start of the text; 0: there
 * is no label. *colon: it was set apart by more than a slash. *source: it is a word for sources,
 * which texts have as well as pictures. */
static size_t skip_label(const char *text, size_t len, bool *colon, bool *source)
{
	struct lexicon_match match;
	if (!lexicon_prefix(credit_words(), KIND(LABEL) | KIND(SOURCE), text, len, &match))
		match = (struct lexicon_match){.kind = LABEL, .len = compound_label(text, len)};
	if (match.len == 0)
		return 0;
	size_t at = match.len + credit_skip_spaces(text + match.len, len - match.len);
	size_t sep = credit_separator(text + at, len - at);
	if (!sep && !(leads_on(text, match.len) && at > match.len))
		return 0;
	*colon = sep && text[at] != '/';
	*source = match.kind == SOURCE;
	at += sep;
	at += credit_skip_spaces(text + at, len - at);
	/* "Photo: Courtesy of NASA", "Image: photo by …" */
	if (lexicon_prefix(credit_words(), KIND(LABEL), text + at, len - at, &match) &&
	    leads_on(text + at, match.len)) {
		at += match.len;
		at += credit_skip_spaces(text + at, len - at);
		*colon = false;
	}
	return at;
}

/* "Photo/Xinhua", "Photo by Ann Brown", "图：李四": a label, then a name. */
static bool label_first(struct stretch s, bool bracketed, struct credit *credit)
{
	bool colon, source;
	const char *text = s.text + s.start;
	size_t len = s.end - s.start, at = skip_label(text, len, &colon, &source);
	if (at == 0)
		return false;
	/* "Photo by the band" in brackets is one even when it looks like no name */
	bool plain = !bracketed || colon;
	if (!is_nameish(text + at, len - at) && (plain || len - at >= MAX_CREDIT / 2))
		return false;
	return set_credit(credit, (struct stretch){s.text, s.start + at, s.end}, !source);
}

/* "Reuters/Ann Brown", "Ann Brown / Getty Images", "AP Photo/Ann Brown": the name is all of it. */
static bool agency_and_slash(struct stretch s, struct credit *credit)
{
	const char *text = s.text + s.start;
	size_t len = s.end - s.start;
	unsigned agencies = KIND(AGENCY) | KIND(ARCHIVE);
	for (size_t start = 0; start < len;) {
		const char *slash = memchr(text + start, '/', len - start);
		size_t end = slash ? (size_t)(slash - text) : len;
		if (start == 0 && end == len)
			return false;
		struct stretch part = {text, start, end};
		credit_trim(&part);
		if (lexicon_has(credit_words(), agencies, text + part.start, part.end - part.start,
				NULL))
			return is_nameish(text, len) && set_credit(credit, s, true);
		start = end + 1;
	}
	return false;
}

/* "Ann Brown/The Gazette": a person, then the paper. */
static bool person_and_slash(struct stretch s, struct credit *credit)
{
	const char *text = s.text + s.start;
	size_t len = s.end - s.start;
	const char *slash = memchr(text, '/', len);
	struct stretch person = {text, 0, slash ? (size_t)(slash - text) : 0};
	credit_trim(&person);
	return memchr(text, ' ', person.end) && name_is_personal(text, person.end) &&
	       is_nameish(text, len) && set_credit(credit, s, false);
}

/* "Ann Brown (Reuters)" */
static bool person_and_agency(struct stretch s, struct credit *credit)
{
	uint32_t cp;
	size_t n = credit_last_cp(s.text, s.end, &cp);
	size_t open = cp == ')' || cp == ']' ? credit_opening_bracket(s.text, s.end, cp) : SIZE_MAX;
	if (open == SIZE_MAX || open <= s.start)
		return false;
	struct stretch person = {s.text, s.start, open};
	credit_trim(&person);
	return lexicon_has(credit_words(), KIND(AGENCY) | KIND(ARCHIVE), s.text + open + 1,
			   s.end - n - open - 1, NULL) &&
	       name_is_personal(s.text + person.start, person.end - person.start) &&
	       set_credit(credit, s, false);
}

/* "© Ann Brown", "© 2024 dpa | Ann Brown": the name is without the sign and the year. */
static bool copyright(struct stretch s, bool bracketed, struct credit *credit)
{
	static const char *const signs[] = {"©", "(c)", "(C)", "Copyright"};
	struct stretch name = s;
	size_t i = 0, sign = 0;
	for (; i < sizeof signs / sizeof *signs && sign == 0; i++)
		if (s.end - s.start > strlen(signs[i]) &&
		    strncmp(s.text + s.start, signs[i], strlen(signs[i])) == 0)
			sign = strlen(signs[i]);
	if (sign == 0)
		return false;
	name.start += sign;
	while (name.start < name.end && strchr(" :©,0123456789", s.text[name.start]))
		name.start++;
	if (strncmp(s.text + name.start, "©", 2) == 0)
		name.start += 2;
	credit_trim(&name);
	return (bracketed || is_nameish(s.text + name.start, name.end - name.start)) &&
	       set_credit(credit, name, false);
}

/* "新华社记者 王五 摄", "王五/摄": who took it, then the word for it. Without brackets something
 * must set the two apart, or the name say that it is a reporter's: 他喜欢摄影 is a sentence. */
static bool taken_last(struct stretch s, bool bracketed, struct credit *credit)
{
	struct stretch name = s;
	const char *text = s.text;
	bool found = false, apart = false;
	uint32_t cp;
	size_t at = s.end;
	for (int i = 0; i < 2 && at > s.start; i++) { /* such words have one or two characters */
		at -= credit_last_cp(text, at, &cp);
		if (lexicon_has(credit_words(), KIND(TAKEN), text + at, s.end - at, NULL)) {
			name.end = at;
			found = true;
		}
	}
	while (name.end > name.start) {
		size_t n = credit_last_cp(text, name.end, &cp);
		if (!cp_is_space(cp) && !credit_separator(text + name.end - n, n))
			break;
		apart = true;
		name.end -= n;
	}
	size_t len = name.end - name.start, length = utf8_length(text + name.start, len);
	apart = apart || bracketed || memmem(text + name.start, len, "记者", 6) ||
		memmem(text + name.start, len, "記者", 6);
	return found && apart && length >= 2 && length <= 20 &&
	       !memmem(text + name.start, len, "，", 3) &&
	       !memmem(text + name.start, len, "。", 3) && set_credit(credit, name, true);
}

/* "Xinhua photo", "File photo": a name, then a label. */
static bool label_last(struct stretch s, bool bracketed, struct credit *credit)
{
	const char *text = s.text;
	struct stretch name = s;
	uint32_t cp;
	credit_last_cp(text, s.end, &cp);
	if (cp_is_cjk(cp))
		return taken_last(s, bracketed, credit);
	while (name.end > s.start && text[name.end - 1] != ' ')
		name.end--;
	unsigned labels = KIND(LABEL_AFTER) | (bracketed ? KIND(LABEL) : 0);
	if (name.end == s.start ||
	    !lexicon_has(credit_words(), labels, text + name.end, s.end - name.end, NULL))
		return false;
	credit_trim(&name);
	if (lexicon_has(credit_words(), KIND(UNNAMED), text + name.start, name.end - name.start,
			NULL))
		return set_credit(credit, s, true);
	return is_nameish(text + name.start, name.end - name.start) &&
	       set_credit(credit, name, true);
}

/* What stands inside brackets, or at the end of the text. */
static bool read_credit(struct stretch s, bool bracketed, struct credit *credit)
{
	struct lexicon_match match;
	credit_trim(&s);
	if (s.start == s.end)
		return false;
	const char *text = s.text + s.start;
	size_t len = s.end - s.start;
	if (lexicon_has(credit_words(), KIND(AGENCY) | KIND(ARCHIVE), text, len, &match))
		return (bracketed || match.kind == ARCHIVE) &&
		       set_credit(credit, s, match.kind == ARCHIVE);
	return label_first(s, bracketed, credit) || agency_and_slash(s, credit) ||
	       label_last(s, bracketed, credit) || copyright(s, bracketed, credit) ||
	       person_and_slash(s, credit) || person_and_agency(s, credit);
}

size_t credit_opening_bracket(const char *text, size_t end, uint32_t close)
{
	uint32_t open = close == ')' ? '(' : close == ']' ? '[' : close == 0xFF09 ? 0xFF08 : 0x3010;
	uint32_t cp;
	int depth = 0;
	size_t at = end;
	while (at && end - at < MAX_BRACKET) {
		at -= credit_last_cp(text, at, &cp);
		if (cp == close)
			depth++;
		else if (cp == open && --depth == 0)
			return at;
	}
	return SIZE_MAX;
}

/* A quick look: whether the end of a text can be a credit without brackets at all. */
static bool may_end_in_credit(const char *text, size_t len)
{
	size_t from = len > MAX_CREDIT ? len - MAX_CREDIT : 0;
	for (size_t i = from; i < len; i++) {
		switch ((unsigned char)text[i]) {
		case ':':
		case '/':
		case '|':
		case 0xEF:
		case 0xC2:
		case '=':
		case '(':
			return true;
		case '.':
			if (i + 3 < len && memcmp(text + i, "...", 3) == 0)
				return true;
			break;
		case ' ':
			if (i + 3 < len && text[i + 3] == ' ' &&
			    (memcmp(text + i, " by", 3) == 0 || memcmp(text + i, " of", 3) == 0 ||
			     memcmp(text + i, " de", 3) == 0 || memcmp(text + i, " di", 3) == 0))
				return true;
			break;
		default:
			break;
		}
	}
	/* by its end: a CJK label, the last letter of a known archive, a label after the name */
	size_t word = len;
	while (word > from && text[word - 1] != ' ')
		word--;
	return len &&
	       ((unsigned char)text[len - 1] >= 0x80 || strchr("skymPh", text[len - 1]) != NULL ||
		lexicon_has(credit_words(), KIND(LABEL_AFTER), text + word, len - word, NULL));
}

/* What sets off the piece of a caption that follows. */
enum apart { NOT_APART, AFTER_WORD, AFTER_COMMA, AFTER_SENTENCE };

static enum apart apart_by(uint32_t before, uint32_t cp, uint32_t next)
{
	if (cp == '\n' || cp == '|' || cp == 0x3002 || cp == 0x3000 || cp == 0xFF1B || next == 0xA9)
		return AFTER_SENTENCE;
	if (cp == '/')
		return AFTER_COMMA;
	if (!cp_is_space(cp))
		return NOT_APART;
	if ((before && before < 0x80 && strchr(".!?)]|;", (int)before)) || before == 0x2014 ||
	    before == 0x2013 || before == 0x201D || before == 0x3002 || cp_is_cjk(before))
		return AFTER_SENTENCE;
	return before == ',' || before == '-' || before == '/' ? AFTER_COMMA : AFTER_WORD;
}

/* A label in the middle of a line: "the harbour, Photo: Ann Brown", "Im Hafen Foto: dpa". Behind a
 * bare word, it must begin with a capital and have a colon, and no short word before it:
 * "im Bild: Ann Brown" names who is to be seen. */
static bool label_within(struct stretch s, enum apart apart, size_t word, struct credit *credit)
{
	enum { MIN_WORD = 4 }; /* bytes */
	bool colon, source;
	uint32_t first;
	const char *text = s.text + s.start;
	size_t at;
	utf8_decode(text, s.end - s.start, &first);
	if (apart == AFTER_WORD && (word < MIN_WORD || cp_is_lower(first)))
		return false;
	at = skip_label(text, s.end - s.start, &colon, &source);
	if (at == 0 || (apart == AFTER_WORD && !colon) || !label_first(s, false, credit))
		return false;
	credit->sure = credit->sure && apart != AFTER_WORD;
	return true;
}

/* Whether text[i] is an ASCII letter before another ASCII character. */
static bool is_letter_within(const char *text, size_t i, size_t end)
{
	return (text[i] | 32) >= 'a' && (text[i] | 32) <= 'z' && i + 1 < end &&
	       (unsigned char)text[i + 1] < 0x80;
}

/* Try the pieces at the end of the text, the longest first: what a sentence, a bar or a line before
 * it sets off may be a credit of any form, other words must begin with a label. */
static bool find_at_end(const char *text, size_t end, struct credit *credit)
{
	if (!may_end_in_credit(text, end))
		return false;
	size_t low = end > MAX_CREDIT ? end - MAX_CREDIT : 0, word = 0;
	while (low < end && ((unsigned char)text[low] & 0xC0) == 0x80)
		low++;
	enum apart apart = low == 0 ? AFTER_SENTENCE : NOT_APART;
	uint32_t cp, next, before = 0;
	for (size_t i = low, n; i < end; i += n) {
		bool small = text[i] >= 'a' && text[i] <= 'z';
		if (apart != NOT_APART && !(apart == AFTER_WORD && small)) {
			struct stretch s = {text, i, end};
			credit_trim(&s);
			if (s.start < s.end &&
			    (apart == AFTER_SENTENCE ? read_credit(s, false, credit)
						     : label_within(s, apart, word, credit))) {
				credit->whole_start = s.start;
				credit->whole_len = end - s.start;
				return true;
			}
		}
		if (is_letter_within(text, i, end)) { /* nearly all are */
			apart = NOT_APART;
			word = before == ' ' ? 1 : word + 1;
			before = (unsigned char)text[i];
			n = 1;
			continue;
		}
		n = utf8_decode(text + i, end - i, &cp);
		next = 0;
		if (i + n < end)
			utf8_decode(text + i + n, end - i - n, &next);
		apart = apart_by(before, cp, next);
		word = cp_is_space(cp) ? word : cp_is_space(before) ? n : word + n;
		before = cp;
	}
	return false;
}

/* Whether a sentence ends before text[at]. */
static bool is_after_sentence(const char *text, size_t at)
{
	struct stretch s = {text, 0, at};
	credit_trim(&s);
	return s.start < s.end && strchr(".!?", text[s.end - 1]) != NULL;
}

/* A credit in the bracket that ends the text: "(Photo: Ann Brown)"; with what belongs to it before
 * the bracket: "Foto: Ann Brown (Keystone)". */
static bool find_in_bracket(const char *text, size_t end, uint32_t close, struct credit *credit)
{
	size_t n = close < 0x80 ? 1 : 3, open = credit_opening_bracket(text, end, close);
	if (open == SIZE_MAX)
		return false;
	struct stretch inside = {text, open + n, end - n};
	credit_trim(&inside);
	const char *name = text + inside.start;
	size_t len = inside.end - inside.start;
	if (!read_credit(inside, true, credit) &&
	    !(memchr(name, ' ', len) && name_is_personal(name, len) &&
	      is_after_sentence(text, open) && set_credit(credit, inside, false)))
		return false;
	struct credit longer;
	if (find_at_end(text, end, &longer) && longer.whole_start < open) {
		*credit = longer;
		return true;
	}
	credit->whole_start = open;
	credit->whole_len = end - open;
	return true;
}

static bool is_closing_bracket(uint32_t cp)
{
	return cp == ')' || cp == ']' || cp == 0xFF09 || cp == 0x3011;
}

bool credit_find(const char *text, size_t len, struct credit *credit)
{
	struct stretch s = {text, 0, len};
	uint32_t cp;
	*credit = (struct credit){0};
	credit_trim(&s);
	if (s.start == s.end)
		return false;
	size_t end = s.end;
	size_t n = credit_last_cp(text, end, &cp);
	if ((cp == '.' || cp == 0x3002) && end - n > s.start) {
		uint32_t last;
		credit_last_cp(text, end - n, &last);
		if (is_closing_bracket(last)) {
			end -= n;
			cp = last;
		}
	}
	if (is_closing_bracket(cp) && find_in_bracket(text, end, cp, credit))
		return true;
	end = s.end;
	if (text[end - 1] == '.' && end - 1 > s.start)
		end--;
	return find_at_end(text, end, credit);
}

/* Whether it has a letter, and no digit before its first: not "00:00:49", "1/6", "12 photos". */
static bool can_be_name(const char *text, size_t len)
{
	uint32_t cp;
	for (size_t i = 0; i < len;) {
		i += utf8_decode(text + i, len - i, &cp);
		if (cp_is_letter(cp))
			return true;
		if (ascii_is_digit(cp))
			return false;
	}
	return false;
}

bool credit_name(const char *text, size_t len, struct credit *credit)
{
	struct stretch s = {text, 0, len};
	bool colon, source;
	credit_trim(&s);
	if (credit_find(text, len, credit) && credit->whole_start == s.start)
		return true;
	*credit = (struct credit){.whole_start = s.start, .whole_len = s.end - s.start};
	s.start += skip_label(text + s.start, s.end - s.start, &colon, &source);
	while (s.start < s.end && strchr("/|-:", text[s.start])) {
		s.start++;
		credit_trim(&s);
	}
	return copyright(s, true, credit) ||
	       (can_be_name(text + s.start, s.end - s.start) && set_credit(credit, s, false));
}
