#include "article/smart.h"

#include "article/elements.h"
#include "article/tree.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/tsv.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

enum column { TAGS, OPEN, CLOSE, INNER_OPEN, INNER_CLOSE, SPACE, COLUMNS };

enum { MAX_QUOTE = 600 }; /* bytes in which the end of a single quotation is searched for */

/* The state of a block: what stood before, and which marks are open. */
struct smart {
	struct cell marks[COLUMNS];
	uint32_t before; /* the character before; 0 at the start of the block */
	bool is_open, inner_open;
	struct buf out;
	bool changed;
};

static bool find_marks(const char *tag, size_t len, struct cell row[COLUMNS])
{
	struct tsv table = tsv_open("assets/quotes.tsv");
	while (tsv_next(&table, row, COLUMNS)) {
		struct cell tags = row[TAGS], item;
		while (cell_item(&tags, ' ', &item))
			if (item.len == len && strncasecmp(item.s, tag, len) == 0)
				return true;
	}
	return false;
}

/* The marks of the longest part of the tag that is in the table, else those of English. */
static void choose_marks(const char *language, struct cell row[COLUMNS])
{
	for (size_t len = language ? strlen(language) : 0; len; len--)
		if ((language[len] == '-' || !language[len]) && find_marks(language, len, row))
			return;
	find_marks("en", 2, row);
}

/* Whether a quotation can begin after it. */
static bool may_open_after(uint32_t cp)
{
	return cp == 0 || cp_is_space(cp) || (cp < 0x80 && strchr("([{/-<=\"'", (int)cp)) ||
	       cp == 0x2013 || cp == 0x2014 || cp == 0xAB || cp == 0xBF || cp == 0xA1 ||
	       cp == 0x2018 || cp == 0x201C || cp == 0x201E || cp == 0x201A ||
	       (cp >= 0x3001 && cp <= 0x301C) || cp == 0xFF08 || cp == 0xFF1A || cp == 0xFF0C;
}

static bool is_digit(uint32_t cp)
{
	return ascii_is_digit(cp);
}

static void put_cell(struct smart *s, enum column column)
{
	buf_append(&s->out, s->marks[column].s, s->marks[column].len);
	s->changed = true;
}

static void put_double(struct smart *s, uint32_t after)
{
	bool space_after = after == 0 || cp_is_space(after);
	bool opens = !s->is_open && may_open_after(s->before) && !space_after;
	bool remains = !opens && !s->is_open &&
		       (is_digit(s->before) || (space_after && may_open_after(s->before)));
	if (remains) {
		buf_putc(&s->out, '"');
		return;
	}
	if (!opens)
		put_cell(s, SPACE);
	put_cell(s, opens ? OPEN : CLOSE);
	if (opens)
		put_cell(s, SPACE);
	s->is_open = opens;
}

/* Whether a single quotation that begins before `text` ends in it: at a mark behind a character
 * that is no space, and before one that is no letter. */
static bool is_closed(const char *text)
{
	for (size_t i = 1; i < MAX_QUOTE && text[i - 1] && text[i]; i++) {
		uint32_t after = 0;
		if (text[i] != '\'' || text[i - 1] == ' ')
			continue;
		if (text[i + 1])
			utf8_decode(text + i + 1,
				    strlen(text + i + 1) < 4 ? strlen(text + i + 1) : 4, &after);
		if (!cp_is_letter(after) && !is_digit(after))
			return true;
	}
	return false;
}

static void put_single(struct smart *s, uint32_t after, const char *rest)
{
	bool space_after = after == 0 || cp_is_space(after);
	bool start = may_open_after(s->before);
	if ((start && space_after && !s->inner_open) ||
	    (is_digit(s->before) && !s->inner_open && !cp_is_letter(after))) {
		buf_putc(&s->out, '\''); /* between spaces; feet, minutes */
		return;
	}
	if (start && !s->inner_open && !is_digit(after) && is_closed(rest)) {
		s->inner_open = true;
		put_cell(s, INNER_OPEN);
		return;
	}
	if (s->inner_open && !cp_is_letter(after) && !is_digit(after)) {
		s->inner_open = false;
		put_cell(s, INNER_CLOSE);
		return;
	}
	buf_puts(&s->out, "’");
	s->changed = true;
}

/* Dashes and dots: returns the bytes of them that one character replaces, or 0. */
static size_t smart_put_run(struct smart *s, const char *text)
{
	static const struct {
		const char *run, *character;
	} runs[] = {{"---", "—"}, {"--", "–"}, {"...", "…"}};
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		size_t len = strlen(runs[i].run);
		if (strncmp(text, runs[i].run, len) != 0)
			continue;
		if (text[len] == *text) /* a longer row is a drawing, or a rule */
			return 0;
		buf_puts(&s->out, runs[i].character);
		s->changed = true;
		return len;
	}
	return 0;
}

/* The text with other marks into s->out; `after`: the character that follows it in the block. */
static void convert(struct smart *s, const char *text, uint32_t after)
{
	size_t left = strlen(text);
	buf_truncate(&s->out, 0);
	s->changed = false;
	while (left) {
		uint32_t cp, next = after;
		size_t n = utf8_decode(text, left, &cp), run = 0;
		if (left > n)
			utf8_decode(text + n, left - n, &next);
		if ((cp == '-' || cp == '.') && s->before != cp)
			run = smart_put_run(s, text);
		if (run) {
			n = run;
			cp = cp == '-' ? 0x2014 : 0x2026;
		} else if (cp == '"') {
			put_double(s, next);
		} else if (cp == '\'') {
			put_single(s, next, text + n);
		} else {
			buf_append(&s->out, text, n);
		}
		s->before = cp;
		text += n;
		left -= n;
	}
}

static void start_block(struct smart *s)
{
	s->before = 0;
	s->is_open = s->inner_open = false;
}

static bool is_verbatim(const xmlNode *node)
{
	return tree_is_any(node, "pre code kbd samp var math svg") || tree_has_class(node, "math");
}

static bool smart_is_block(const xmlNode *node)
{
	const struct element *el = element_find(tree_name(node));
	return !el || !(el->flags & EL_PHRASING);
}

/* A letter when something follows the text in its block, else 0. */
static uint32_t follows(const xmlNode *text)
{
	for (const xmlNode *n = text; n == text || !smart_is_block(n); n = tree_parent(n)) {
		const xmlNode *next = tree_next(n);
		if (next)
			return tree_is_element(next) && smart_is_block(next) ? 0
			       : tree_is(next, "br")                         ? ' '
									     : 'x';
	}
	return 0;
}

static void convert_body(struct smart *s, xmlNode *body)
{
	for (xmlNode *n = tree_walk(body, NULL), *next; n; n = next) {
		next = tree_walk(body, n);
		if (is_verbatim(n)) {
			next = tree_walk_skip(body, n);
			s->before = 'x';
		} else if (tree_is(n, "br")) {
			s->before = ' ';
		} else if (tree_is_element(n)) {
			if (smart_is_block(n))
				start_block(s);
		} else if (tree_is_text(n)) {
			convert(s, tree_text_value(n), follows(n));
			if (s->changed)
				tree_set_text(n, s->out.data, s->out.len);
		}
	}
}

static void convert_string(struct smart *s, struct arena *arena, char **string)
{
	if (!*string)
		return;
	start_block(s);
	convert(s, *string, 0);
	char *copy = s->changed ? arena_dup(arena, s->out.data) : NULL;
	*string = copy ? copy : *string;
}

void article_make_smart(struct article *a)
{
	struct smart s = {.out = BUF_INIT};
	choose_marks(a->language, s.marks);
	convert_body(&s, a->body);
	char **strings[] = {&a->title, &a->subtitle, &a->standfirst, &a->description};
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		convert_string(&s, &a->arena, strings[i]);
	for (size_t i = 0; i < a->authors.count; i++)
		convert_string(&s, &a->arena, &a->authors.items[i].bio);
	a->arena.failed |= s.out.failed;
	buf_release(&s.out);
}
