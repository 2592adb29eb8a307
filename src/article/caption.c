#include "article/caption.h"

#include "article/name.h"
#include "article/tree.h"
#include "base/lexicon.h"
#include "base/utf8.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

/* Rows of assets/credits.tsv. */
enum { LABEL, AGENCY, ARCHIVE, TAKEN, NOBODY, FIGURE, CAPTION, KIND_COUNT };

static struct lexicon_entry words_entries[512];
static struct lexicon words = {.entries = words_entries, .room = 512};
static pthread_once_t words_once = PTHREAD_ONCE_INIT;

static void load_words(void)
{
	static const char *const kinds[KIND_COUNT] = {"label",  "agency", "archive", "taken",
						      "nobody", "figure", "caption"};
	lexicon_load(&words, "assets/credits.tsv", kinds, KIND_COUNT, 2);
}

static const struct lexicon *lexicon(void)
{
	pthread_once(&words_once, load_words);
	return &words;
}

enum {
	CREDIT_MAX = 160, /* bytes of a credit that stands without brackets */
	BRACKET_MAX = 240,
};

/* A stretch of the caption: text[start..end). */
struct stretch {
	const char *text;
	size_t start, end;
};

/* The last code point before text[end], and the bytes it takes. */
static size_t last_cp(const char *text, size_t end, uint32_t *cp)
{
	size_t n = 1;
	while (n < end && n < 4 && ((unsigned char)text[end - n] & 0xC0) == 0x80)
		n++;
	utf8_decode(text + end - n, n, cp);
	return n;
}

static void trim(struct stretch *s)
{
	uint32_t cp;
	while (s->start < s->end) {
		size_t n = utf8_decode(s->text + s->start, s->end - s->start, &cp);
		if (!cp_is_space(cp))
			break;
		s->start += n;
	}
	while (s->start < s->end) {
		size_t n = last_cp(s->text, s->end, &cp);
		if (!cp_is_space(cp) || n > s->end - s->start)
			break;
		s->end -= n;
	}
}

/* What may stand between a label and a name: ":", "/", "|", a dash or a dot in the middle. */
static size_t separator(const char *s, size_t len)
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

static size_t skip_spaces(const char *s, size_t len)
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

/* Whether the label's own last word leads on to a name: "Photo by", "Courtesy of", "Foto von". */
static bool leads_on(const char *label, size_t len)
{
	static const char *const ends[] = {" by", " of", " via", " von", " de", " di", "tesy"};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(ends[i]);
		if (len > n && strncmp(label + len - n, ends[i], n) == 0)
			return true;
	}
	return false;
}

/* Whether the words could name who made or owns a picture: no sentence, few words, and none
 * written small but those that join names. */
static bool is_nameish(const char *s, size_t len)
{
	static const char *const joints[] = {"for", "of",  "the", "via", "by",  "and", "de", "von",
					     "van", "del", "la",  "y",   "et",  "und", "e",  "at",
					     "da",  "do",  "dos", "di",  "der", "on"};
	unsigned number = 0, small = 0;
	if (!s || len == 0 || len > CREDIT_MAX)
		return false;
	for (size_t i = 0; i < len;) {
		size_t end = i;
		while (end < len && s[end] != ' ' && s[end] != '/')
			end++;
		uint32_t cp = 0;
		if (end > i)
			utf8_decode(s + i, end - i, &cp);
		bool joint = false;
		for (size_t k = 0; k < sizeof joints / sizeof *joints && cp_is_lower(cp); k++)
			joint |= strlen(joints[k]) == end - i &&
				 memcmp(joints[k], s + i, end - i) == 0;
		number += end > i;
		struct lexicon_match agency;
		small += cp_is_lower(cp) && !joint &&
			 !lexicon_prefix(lexicon(), KIND(AGENCY), s + i, len - i, &agency);
		/* a stop within: a sentence, unless it ends an initial or an abbreviation */
		if (end < len && end - i > 4 && s[end - 1] == '.')
			return false;
		i = end + 1;
	}
	uint32_t first;
	utf8_decode(s, len, &first);
	if (memmem(s, len, "。", 3) || memmem(s, len, "，", 3) || number > 12)
		return false;
	if (!cp_is_letter(first))
		return first == 0xA9 || first == '@';
	/* no capitals to go by: only shortness tells */
	if (!cp_is_upper(first) && !cp_is_lower(first))
		return utf8_length(s, len) <= 24 && number <= 6;
	return cp_is_upper(first) && small == 0;
}

static bool set_credit(struct credit *credit, struct stretch name, bool sure)
{
	trim(&name);
	credit->name_start = name.start;
	credit->name_len = name.end - name.start;
	credit->sure = sure;
	return name.end > name.start;
}

/* "Photo/Xinhua", "Photo by Ann Brown", "图：李四": a label, then a name. */
static bool label_first(struct stretch s, bool bracketed, struct credit *credit)
{
	struct lexicon_match match;
	const char *text = s.text + s.start;
	size_t len = s.end - s.start;
	if (!lexicon_prefix(lexicon(), KIND(LABEL), text, len, &match))
		return false;
	size_t at = match.len + skip_spaces(text + match.len, len - match.len);
	size_t sep = separator(text + at, len - at);
	if (!sep && !(leads_on(text, match.len) && at > match.len))
		return false;
	bool ends_in_colon = sep && text[at] != '/';
	at += sep;
	at += skip_spaces(text + at, len - at);
	/* "Photo: Courtesy of NASA", "Image: photo by …" */
	if (lexicon_prefix(lexicon(), KIND(LABEL), text + at, len - at, &match) &&
	    leads_on(text + at, match.len)) {
		at += match.len;
		at += skip_spaces(text + at, len - at);
		ends_in_colon = false;
	}
	/* "Photo by the band" in brackets is one even when it looks like no name */
	bool plain = !bracketed || ends_in_colon;
	if (!is_nameish(text + at, len - at) && (plain || len - at >= CREDIT_MAX / 2))
		return false;
	return set_credit(credit, (struct stretch){s.text, s.start + at, s.end}, true);
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
		trim(&part);
		if (lexicon_has(lexicon(), agencies, text + part.start, part.end - part.start,
				NULL))
			return is_nameish(text, len) && set_credit(credit, s, true);
		start = end + 1;
	}
	return false;
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
		at -= last_cp(text, at, &cp);
		if (lexicon_has(lexicon(), KIND(TAKEN), text + at, s.end - at, NULL)) {
			name.end = at;
			found = true;
		}
	}
	while (name.end > name.start) {
		size_t n = last_cp(text, name.end, &cp);
		if (!cp_is_space(cp) && !separator(text + name.end - n, n))
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
	last_cp(text, s.end, &cp);
	if (cp_is_cjk(cp))
		return taken_last(s, bracketed, credit);
	if (!bracketed)
		return false;
	while (name.end > s.start && text[name.end - 1] != ' ')
		name.end--;
	if (name.end == s.start ||
	    !lexicon_has(lexicon(), KIND(LABEL), text + name.end, s.end - name.end, NULL))
		return false;
	trim(&name);
	if (lexicon_has(lexicon(), KIND(NOBODY), text + name.start, name.end - name.start, NULL))
		return set_credit(credit, s, true);
	return is_nameish(text + name.start, name.end - name.start) &&
	       set_credit(credit, name, true);
}

/* What stands inside brackets, or at the end of the text. */
static bool read_credit(struct stretch s, bool bracketed, struct credit *credit)
{
	struct lexicon_match match;
	trim(&s);
	if (s.start == s.end)
		return false;
	const char *text = s.text + s.start;
	size_t len = s.end - s.start;
	if (lexicon_has(lexicon(), KIND(AGENCY) | KIND(ARCHIVE), text, len, &match))
		return (bracketed || match.kind == ARCHIVE) &&
		       set_credit(credit, s, match.kind == ARCHIVE);
	if (label_first(s, bracketed, credit) || agency_and_slash(s, credit) ||
	    label_last(s, bracketed, credit))
		return true;
	return bracketed && len > 2 && strncmp(text, "©", 2) == 0 && set_credit(credit, s, false);
}

/* Where the bracket that closes at text[end) opens, or SIZE_MAX. */
static size_t opening_bracket(const char *text, size_t end, uint32_t close)
{
	uint32_t open = close == ')' ? '(' : close == ']' ? '[' : close == 0xFF09 ? 0xFF08 : 0x3010;
	uint32_t cp;
	int depth = 0;
	size_t at = end;
	while (at && end - at < BRACKET_MAX) {
		at -= last_cp(text, at, &cp);
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
	size_t from = len > CREDIT_MAX ? len - CREDIT_MAX : 0;
	for (size_t i = from; i < len; i++) {
		switch ((unsigned char)text[i]) {
		case ':':
		case '/':
		case '|':
		case 0xEF:
		case 0xC2:
		case '=':
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
	/* by its last character: a CJK label; or a known archive's last letter */
	return len &&
	       ((unsigned char)text[len - 1] >= 0x80 || strchr("skymPh", text[len - 1]) != NULL);
}

/* Try the pieces that a sentence, a bar or a line before them sets off at the end of the text,
 * the longest one first. */
static bool find_at_end(const char *text, size_t end, struct credit *credit)
{
	if (!may_end_in_credit(text, end))
		return false;
	size_t low = end > CREDIT_MAX ? end - CREDIT_MAX : 0;
	while (low < end && ((unsigned char)text[low] & 0xC0) == 0x80)
		low++;
	bool at_break = low == 0;
	uint32_t cp, before = 0;
	for (size_t i = low; i < end;) {
		if (at_break) {
			struct stretch s = {text, i, end};
			if (read_credit(s, false, credit)) {
				credit->whole_start = i + skip_spaces(text + i, end - i);
				credit->whole_len = end - credit->whole_start;
				return true;
			}
		}
		i += utf8_decode(text + i, end - i, &cp);
		at_break =
			cp == '\n' || cp == '|' || cp == 0x3002 || cp == 0x3000 || cp == 0xFF1B ||
			(cp == ' ' && strchr(".!?)]|;", (int)before) && before && before < 0x80) ||
			(cp == ' ' && (before == 0x2014 || before == 0x2013 || before == 0x201D ||
				       before == 0x3002 || cp_is_cjk(before)));
		before = cp;
	}
	return false;
}

bool credit_find(const char *text, size_t len, struct credit *credit)
{
	struct stretch s = {text, 0, len};
	uint32_t cp;
	*credit = (struct credit){0};
	trim(&s);
	if (s.start == s.end)
		return false;
	size_t end = s.end;
	size_t n = last_cp(text, end, &cp);
	if ((cp == '.' || cp == 0x3002) && end - n > s.start) {
		uint32_t last;
		size_t m = last_cp(text, end - n, &last);
		if (last == ')' || last == ']' || last == 0xFF09 || last == 0x3011) {
			end -= n;
			n = m;
			cp = last;
		}
	}
	if (cp == ')' || cp == ']' || cp == 0xFF09 || cp == 0x3011) {
		size_t open = opening_bracket(text, end, cp);
		if (open != SIZE_MAX) {
			size_t inside = open + (cp < 0x80 ? 1 : 3);
			if (read_credit((struct stretch){text, inside, end - n}, true, credit)) {
				credit->whole_start = open;
				credit->whole_len = end - open;
				return true;
			}
		}
	}
	end = s.end;
	if (text[end - 1] == '.' && end - 1 > s.start)
		end--;
	return find_at_end(text, end, credit);
}

bool caption_is_marked(const char *text, size_t len)
{
	struct lexicon_match match;
	struct stretch s = {text, 0, len};
	uint32_t cp;
	trim(&s);
	if (s.start == s.end)
		return false;
	size_t n = utf8_decode(text + s.start, s.end - s.start, &cp);
	bool bracket = cp == '[' || cp == 0x3010 || cp == '(' || cp == 0xFF08;
	if (bracket) {
		size_t end = s.end;
		uint32_t close;
		size_t m = last_cp(text, end, &close);
		if (opening_bracket(text, end, close) != s.start || end - s.start > 4 * BRACKET_MAX)
			return false;
		s.start += n;
		s.end -= m;
	}
	text += s.start;
	len = s.end - s.start;
	if (lexicon_prefix(lexicon(), KIND(CAPTION), text, len, &match))
		return true;
	if (!lexicon_prefix(lexicon(), KIND(FIGURE), text, len, &match))
		return false;
	size_t at = match.len + skip_spaces(text + match.len, len - match.len);
	size_t digits = at;
	while (digits < len &&
	       ((text[digits] >= '0' && text[digits] <= '9') ||
		(digits > at && (text[digits] == '.' || text[digits] == '-') && digits + 1 < len &&
		 text[digits + 1] >= '0' && text[digits + 1] <= '9')))
		digits++;
	size_t sep = separator(text + digits, len - digits);
	bool stop = digits < len && text[digits] == '.';
	if (digits > at) /* "Figure 2: …", "图1 …" */
		return (sep || stop || (cp_is_cjk(cp) && digits < len)) && digits + 1 < len;
	return bracket && sep && text[digits] != '/' && digits + sep < len;
}

void caption_mark_credit(xmlNode *figcaption)
{
	xmlNode *last = NULL;
	for (xmlNode *n = tree_walk(figcaption, NULL); n; n = tree_walk(figcaption, n)) {
		if (tree_has_class(n, "credit"))
			return;
		if (tree_is_text(n) && !tree_is_blank(n))
			last = n;
	}
	struct credit credit;
	const char *text = tree_text_value(last);
	size_t len = strlen(text);
	if (!last || !credit_find(text, len, &credit))
		return;
	/* what follows the credit (a stop, a space) goes with it */
	xmlNode *span = tree_detached(figcaption, "span");
	tree_set(span, "class", "credit");
	tree_text(span, text + credit.whole_start, len - credit.whole_start);
	tree_insert_after(last, span);
	tree_set_text(last, text, credit.whole_start);
}
